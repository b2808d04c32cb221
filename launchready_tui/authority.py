"""Who authorised what: the scope of a run, and the active probes that it may send.

An active probe needs two words of a person: a consent that goes as far, which stands in the record,
and a permit, which holds for one run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from msgspec.structs import replace

from launchready_tui.badfile import close
from launchready_tui.catalogue import Catalogue, UnknownItem
from launchready_tui.given import Target
from launchready_tui.model import ActiveProbe, Consent, Level
from launchready_tui.network import Scope

ALL = "all"
"""What stands for every probe that a check has a use for."""


class UnknownProbe(UnknownItem):
    """No active probe goes by this id."""

    noun = "active probe"


def named(target: Target) -> tuple[str, ...]:
    """The hosts a person typed: the domain and those of the extra addresses."""
    hosts = [urlsplit(url).hostname or "" for url in target.urls]
    return tuple(dict.fromkeys(host for host in [target.domain, *hosts] if host))


def scope_of(consents: Collection[Consent], target: Target) -> Scope:
    """What the newest consent covers. Without one nothing may leave but DNS questions."""
    if not consents:
        return Scope(hosts=(), level=Level.PASSIVE, by="", named=())
    newest = tuple(consents)[-1]
    return Scope(hosts=newest.hosts, level=newest.level, by=newest.by, named=named(target))


def probes_of(catalogue: Catalogue, given: Iterable[str]) -> tuple[ActiveProbe, ...]:
    """The probes of these ids (commas may part them), in the order of the checklist.

    Raises:
        UnknownProbe: One that is not there, with what is near.
    """
    ids = {id.strip() for text in given for id in text.split(",") if id.strip()}
    known = [probe.id for probe in catalogue.active]
    for id in sorted(ids - {ALL}):
        if id not in known:
            raise UnknownProbe(id, close(id, [*known, ALL]) or f"There are {', '.join(known)}.")
    # A probe without items is sent by a command of its own: no check has a use for it.
    return tuple(p for p in catalogue.active if p.id in ids or (ALL in ids and p.items))


def probes_for(catalogue: Catalogue, items: Collection[str]) -> tuple[ActiveProbe, ...]:
    """The probes that tell more of these items."""
    return tuple(probe for probe in catalogue.active if set(probe.items) & set(items))


def level_of(probes: Iterable[ActiveProbe]) -> Level:
    """How far a run goes that sends these probes: passive where there are none."""
    levels = [probe.level for probe in probes]
    return max(levels, key=lambda level: level.order, default=Level.PASSIVE)


def lowered(scope: Scope, probes: Iterable[ActiveProbe]) -> Scope:
    """The scope of a run that sends these probes and nothing else that is active.

    However far the consent goes: what nobody allowed for this run is stopped at the door.
    """
    level = min(level_of(probes), scope.level, key=lambda level: level.order)
    return replace(scope, level=level)


def seconds_of(probes: Iterable[ActiveProbe]) -> float:
    """How much longer a run may take with them."""
    return float(sum(probe.seconds for probe in probes))


def too_far(level: Level, probes: Iterable[ActiveProbe]) -> str:
    """Why a consent of this level does not cover these probes; empty where it does."""
    needed = level_of(probes)
    if needed.order <= level.order:
        return ""
    return (
        f"The consent of this sprint goes as far as “{level}”, and these probes are “{needed}”."
        f" Whoever may authorise that says so with: launchready consent --level {needed} --by NAME"
    )


def plan_of(probe: ActiveProbe) -> tuple[tuple[str, str], ...]:
    """What a person is told before allowing a probe: pairs of label and words."""
    requests = "1 request" if probe.most == 1 else f"{probe.most} requests"
    level = "" if probe.level is Level.ACTIVE else str(probe.level)
    told = (
        ("Why", probe.why),
        ("Sends", probe.sends),
        ("Where", probe.where),
        ("At most", f"{requests} to each, {probe.seconds} seconds"),
        ("Consent", f"of the level “{level}”" if level else ""),
        ("Set up", probe.needs),
    )
    return tuple((label, words) for label, words in told if words)
