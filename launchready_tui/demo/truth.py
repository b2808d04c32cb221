"""What is planted in the lab, and what only looks like it."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from launchready_tui.badfile import read_toml
from launchready_tui.model import Record

Need = Literal["", "git", "load", "mails", "tls1.0"]
_COMMIT = re.compile(r"^[0-9a-f]{10}:(?=.+:\d+$)")


class Planted(Record, frozen=True, kw_only=True):
    """A fault that is really there. `needs` names what this machine must have for it; `load` that
    it shows only to somebody who puts load on the app, `mails` who gives the mails of its inbox.
    `told`: it shows only where launchready.toml names its address, a token reads it, or more than a
    look is allowed.
    """

    code: str
    subject: str
    item: str
    what: str
    needs: Need = ""
    told: bool = False


class LookAlike(Record, frozen=True, kw_only=True):
    """Something innocent that must not be called `code`."""

    code: str
    subject: str
    why: str


class Truth(Record, frozen=True, kw_only=True):
    planted: tuple[Planted, ...]
    lookalike: tuple[LookAlike, ...]
    people: tuple[str, ...] = ()
    """Codes about what people record: a sprint that has just begun has none of it, whatever the
    company is like."""

    @property
    def lookalikes(self) -> tuple[LookAlike, ...]:
        return self.lookalike

    def where(self, there: Collection[Need]) -> Truth:
        """Only what could be planted on a machine that has these."""
        kept = tuple(p for p in self.planted if not p.needs or p.needs in there)
        return replace(self, planted=kept)

    def plain(self) -> Truth:
        """Only what shows to whoever looks, and was told nothing."""
        kept = tuple(p for p in self.planted if not p.told and p.needs != "mails")
        return replace(self, planted=kept)

    def unloaded(self) -> Truth:
        """Only what shows without load."""
        kept = tuple(p for p in self.planted if p.needs != "load")
        return replace(self, planted=kept)


def read_truth() -> Truth:
    return read_toml(Path(__file__).with_name("truth.toml"), Truth)


def place(subject: str) -> str:
    """A subject as the truth names it: without a commit's id, which mending the history changes."""
    return _COMMIT.sub("", subject)
