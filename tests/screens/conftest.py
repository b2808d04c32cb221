"""What a person would see long enough to read stays as long on a machine that is busy."""

from __future__ import annotations

from typing import Any

import pytest

from launchready_screens.app import Wizard

STAYS = 60
"""Seconds. A line in the corner goes after four: a busy machine may draw it and look too late."""


@pytest.fixture(autouse=True)
def lines_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    notify = Wizard.notify

    def stays(self: Wizard, message: str, **how: Any) -> None:
        notify(self, message, **{**how, "timeout": STAYS})

    monkeypatch.setattr(Wizard, "notify", stays)
