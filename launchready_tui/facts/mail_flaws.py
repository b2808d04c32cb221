"""What the mail library found wrong, as facts keep it: foreign text made harmless."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.model import Record
from launchready_tui.text import safe

LONGEST = 4_000


class MailFlaw(Record, frozen=True, kw_only=True):
    """`severity` is empty for the usual one of the code; `publish` the whole text of a record."""

    code: str
    at: str
    observed: str
    publish: str = ""
    severity: str = ""
    params: dict[str, str] = {}


def kept(flaws: Iterable[Flaw]) -> tuple[MailFlaw, ...]:
    return tuple(
        MailFlaw(
            code=flaw.code,
            at=shown(flaw.at),
            observed=safe(flaw.observed, one_line=True, limit=600),
            publish=safe(flaw.publish, limit=LONGEST),
            severity=flaw.severity,
            params={name: safe(value, limit=LONGEST) for name, value in flaw.params.items()},
        )
        for flaw in flaws
    )


def shown(text: str, limit: int = 300) -> str:
    return safe(text, one_line=True, limit=limit)


def causes_of(causes: Iterable[str]) -> tuple[str, ...]:
    """Why something could not be asked, each once."""
    return tuple(dict.fromkeys(shown(cause) for cause in causes if cause))
