"""A DMARC record as its tags say it (RFC 9989 section 4.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from launchready_tui.mailauth.tags import TagList, read_tags

Policy = Literal["none", "quarantine", "reject"]
Mode = Literal["r", "s"]
POLICIES = ("none", "quarantine", "reject")
REMOVED = ("pct", "rf", "ri")
"""Tags of RFC 7489 that mean nothing any more."""
KNOWN = ("v", "p", "sp", "np", "psd", "t", "adkim", "aspf", "rua", "ruf", "fo", *REMOVED)

_VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_MAILTO = re.compile(
    r"mailto:[^\s@,!]+@([A-Za-z0-9.-]+)(?:\?[^\s,!]*)?(?:![0-9]+[kmgt]?)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Report:
    """One address of `rua` or `ruf`. `host` is empty where it is no mail address."""

    uri: str
    host: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record. A value that the grammar does not know stands in `bad`, by its tag."""

    text: str
    tags: TagList
    policy: Policy | None
    sub_policy: Policy | None
    missing_policy: Policy | None
    """`np`: of names that do not exist."""
    psd: Literal["y", "n", "u"]
    testing: bool
    dkim_mode: Mode
    spf_mode: Mode
    rua: tuple[Report, ...]
    ruf: tuple[Report, ...]
    bad: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether it says a policy at all: `p`, or a report address, which means none (4.7)."""
        return (self.policy is not None and not self._bad_policy) or bool(self._reports)

    @property
    def own(self) -> Policy:
        """The policy for the record's own domain, before `t`."""
        return "none" if self._bad_policy or self.policy is None else self.policy

    @property
    def below(self) -> Policy:
        """For names below it that exist."""
        return "none" if self._bad_policy else self.sub_policy or self.own

    @property
    def missing(self) -> Policy:
        """For names below it that do not exist."""
        return "none" if self._bad_policy else self.missing_policy or self.below

    @property
    def _bad_policy(self) -> bool:
        return any(name in self.bad for name in ("p", "sp", "np"))

    @property
    def _reports(self) -> list[Report]:
        return [report for report in self.rua if report.host]


def is_dmarc(text: str) -> bool:
    """Whether a TXT record is a DMARC record: its version first, in capitals (4.7)."""
    return bool(_VERSION.match(text))


def parse(text: str) -> Record:
    """Read a record of which `is_dmarc` holds. Never raises; unknown tags are ignored."""
    tags = read_tags(text)
    bad: list[str] = []

    def one_of(name: str, allowed: tuple[str, ...], default: str | None) -> str | None:
        value = tags.get(name)
        if value is None:
            return default
        if value.lower() in allowed:
            return value.lower()
        bad.append(name)
        return default

    return Record(
        text=text,
        tags=tags,
        policy=cast(Policy | None, one_of("p", POLICIES, None)),
        sub_policy=cast(Policy | None, one_of("sp", POLICIES, None)),
        missing_policy=cast(Policy | None, one_of("np", POLICIES, None)),
        psd=cast(Literal["y", "n", "u"], one_of("psd", ("y", "n", "u"), "u")),
        testing=one_of("t", ("y", "n"), "n") == "y",
        dkim_mode=cast(Mode, one_of("adkim", ("r", "s"), "r")),
        spf_mode=cast(Mode, one_of("aspf", ("r", "s"), "r")),
        rua=_reports(tags.get("rua")),
        ruf=_reports(tags.get("ruf")),
        bad=tuple(bad),
    )


def weakened(policy: Policy) -> Policy:
    """What `t=y` makes of a policy: one step less (4.7)."""
    return POLICIES[max(0, POLICIES.index(policy) - 1)]  # type: ignore[return-value]


def _reports(value: str | None) -> tuple[Report, ...]:
    if not value:
        return ()
    uris = [piece.strip() for piece in value.split(",")][:50]
    return tuple(Report(uri, _host(uri)) for uri in uris if uri)


def _host(uri: str) -> str:
    match = _MAILTO.fullmatch(uri)
    return match[1].lower().rstrip(".") if match else ""
