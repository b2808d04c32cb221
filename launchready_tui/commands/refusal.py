"""A refusal: what was wrong with what the user gave, and what to do."""

from __future__ import annotations

import click

from launchready_tui.text import safe


class Refused(click.ClickException):
    exit_code = 2

    def format_message(self) -> str:
        return safe(self.message, limit=4_000)
