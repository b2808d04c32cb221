"""What is kept of a value: that it is there, its public beginning, its length, its fingerprint."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from launchready_tui.credentials.parts import databases
from launchready_tui.facts.env_fingerprint import WEAK, Fingerprints
from launchready_tui.facts.env_marks import database_of
from launchready_tui.fingerprint_key import key_of
from launchready_tui.records.env_record import HeldIn

_SHAPE = re.compile(
    r"(?:sk|rk|pk)_(?:live|test)(?=_)|whsec(?=_)|github_pat(?=_)|gh[pousr](?=_)|glpat(?=-)"
    r"|xox[abceoprs](?=-)|xapp(?=-)|sk-(?:proj|ant)(?=-)|SG(?=\.)|re(?=_[A-Za-z0-9]{6,20}_)"
    r"|sb_(?:secret|publishable)(?=_)|sbp(?=_)|cf(?:ut|at)(?=_)|vcp(?=_)|napi(?=_)|npm(?=_)"
    r"|dop_v1(?=_)|GOCSPX(?=-)|A(?:KIA|SIA)(?=[A-Z0-9]{16})|AIza(?=[\w-]{35})|phc(?=_)"
    r"|(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|mssql|rediss?|cockroachdb|amqps?|smtps?"
    r"|https?)(?=://)"
)
"""What an issuer prints before all of its keys, and the schemes of addresses."""
_MASKED = re.compile(r"[*•·●]+|\[(?:hidden|sensitive|redacted|encrypted)\]", re.IGNORECASE)
"""What a host shows in place of a value that it does not give away."""


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A value in memory: in which of the sprint's environments, and who says so."""

    name: str
    value: str
    environment: str
    source: str


def shape_of(value: str) -> str:
    """`sk_live`, `postgres`, `pem`: never a part of what is random. Empty for what has none."""
    if value.startswith("-----BEGIN "):
        return "pem"
    if re.match(r"eyJ[\w-]+\.eyJ[\w-]+\.", value):
        return "jwt"
    found = _SHAPE.match(value)
    return found[0] if found else ""


def held_in(one: Found, prints: Fingerprints, *, sensitive: bool) -> HeldIn:
    """One environment's entry. An empty value is not there; a masked one is, and no more."""
    value = one.value.strip()
    if not value or not sensitive or _MASKED.fullmatch(value):
        return HeldIn(present=bool(value), source=one.source)
    print_ = prints.of(one.name, value)
    database = database_of(value) if prints.ident else ""
    return HeldIn(
        present=True,
        source=one.source,
        shape=shape_of(value),
        chars=None if print_ == WEAK else len(value),
        fp=print_ if prints.ident or print_ == WEAK else "",
        target_fp=prints.digits(database) if database else "",
    )


def entries(
    found: Iterable[Found], prints: Fingerprints, sensitive: Callable[[Found], bool]
) -> dict[str, dict[str, HeldIn]]:
    """By name and environment. Where sources disagree nothing is kept of either value; without a
    key of the project equality is told instead, as this run saw it.
    """
    found = list(found)
    values: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        values.setdefault((one.name, one.environment), []).append(one)
    made: dict[str, dict[str, HeldIn]] = {}
    for (name, environment), some in values.items():
        first = some[0]
        if len({one.value.strip() for one in some}) > 1:
            entry = HeldIn(present=True, source=first.source)
        else:
            entry = held_in(first, prints, sensitive=sensitive(first))
        made.setdefault(name, {})[environment] = entry
    if not prints.ident:
        _tell_equal(values, made)
        return made
    for name, environment, target in _targets(found, prints):
        held = made[name][environment]
        made[name][environment] = replace(held, target_fp=held.target_fp or target)
    return made


def _targets(found: Iterable[Found], prints: Fingerprints) -> Iterable[tuple[str, str, str]]:
    """Of databases in parts, where each leads: kept with the setting that holds its host."""
    together: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        together.setdefault((one.environment, one.source), []).append(one)
    for (environment, _), some in together.items():
        for database in databases(some):
            if place := database_of(database.address):
                yield database.host.name, environment, prints.digits(place)


def disagreeing(found: Iterable[Found]) -> dict[str, tuple[str, ...]]:
    """Names for which one environment has several values, with the sources of these."""
    values: dict[tuple[str, str], dict[str, str]] = {}
    for one in found:
        values.setdefault((one.name, one.environment), {}).setdefault(one.value.strip(), one.source)
    return {
        name: tuple(sources.values())
        for (name, _), sources in values.items()
        if sources.keys() - {next(iter(sources))}
    }


def _tell_equal(
    values: dict[tuple[str, str], list[Found]], made: dict[str, dict[str, HeldIn]]
) -> None:
    for name, held in made.items():
        known = {e: values[name, e][0].value.strip() for e, one in held.items() if one.chars}
        for environment, value in known.items():
            same = tuple(sorted(e for e, v in known.items() if v == value and e != environment))
            held[environment] = replace(held[environment], same_as=same)


def bare(held: HeldIn) -> HeldIn:
    """The entry of a setting that is no secret any more: that it is there, and by whom told."""
    return replace(held, shape="", chars=None, fp="", same_as=(), target_fp="")


def merged(before: HeldIn | None, after: HeldIn) -> HeldIn:
    """The new entry over the old one. A run without a key that sees nothing changed leaves the
    fingerprints of others alone.
    """
    if before is None:
        return after
    looks = (before.present, before.source, before.shape, before.chars)
    if (
        key_of(before.fp or before.target_fp)
        and not key_of(after.fp or after.target_fp)
        and after.chars
        and looks == (after.present, after.source, after.shape, after.chars)
    ):
        return before
    same = replace(after, changed=before.changed, by=before.by)
    return before if same == before else after


def other_keys(prints: Iterable[str], ident: str) -> Collection[str]:
    """Ids of keys, other than this one, that fingerprints were made with."""
    return sorted({key for one in prints if (key := key_of(one))} - {ident})
