"""The ways to a verdict: in a sprint, once for a domain, again from facts."""

from __future__ import annotations

import signal
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from launchready_tui import verdict
from launchready_tui.catalogue import Catalogue, load
from launchready_tui.commands.output import say
from launchready_tui.commands.progress import Progress
from launchready_tui.commands.refusal import Refused
from launchready_tui.exports import factsfile
from launchready_tui.given import Target, Told
from launchready_tui.model import Attestation, Fact, Item, Level, Record, Waiver
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import Answered, Question, Recheck
from launchready_tui.text import plural
from launchready_tui.verdict import Verdict

if TYPE_CHECKING:
    from launchready_tui.session import Session


class Look(Record, frozen=True, kw_only=True):
    """What was learnt, and what it comes to."""

    target: Target
    verdict: Verdict
    at: datetime
    counts: Mapping[str, int]
    facts: Mapping[str, Fact]
    trouble: str = ""
    """Why the results could not be kept."""


class People(Record, frozen=True, kw_only=True):
    """What people recorded, for judging without writing."""

    told: Told = Told()
    attestations: Mapping[str, Attestation] = {}
    waivers: Mapping[str, Waiver] = {}


def in_sprint(session: Session, wanted: Collection[str] | None) -> Look:
    """Check and keep the run in the record."""
    if session.read_only:
        say(f"{session.store.lock_holder}; the results will be shown but not kept.")
    trouble: list[str] = []
    progress = Progress(session.catalogue.items, wanted)
    say(f"checking {session.target.domain}: {plural(len(progress.stage_of), 'item')}")
    recheck = session.recheck(wanted, progress.report, trouble.append)
    with _stoppable(recheck, progress, kept=not session.read_only):
        _wait(recheck)
    if session.seen_at is None:
        raise Refused(f"the check did not run: {trouble[0] if trouble else 'no result came'}")
    return Look(
        target=session.target,
        verdict=session.verdict,
        at=session.seen_at,
        counts=session.counts,
        facts=session.facts,
        trouble=trouble[0] if trouble else "",
    )


def once(
    target: Target,
    options: Options,
    wanted: Collection[str] | None,
    catalogue: Catalogue | None = None,
) -> Look:
    """Check a domain passively and keep nothing. The verdict is over `catalogue` (None: all)."""
    hosts = (target.domain, *(host for host in _hosts(target) if host != target.domain))
    scope = Scope(hosts=hosts, level=Level.PASSIVE, by="the command line", named=hosts)
    return _looked(catalogue or load(), target, scope, options, wanted, People())


def again(
    file: Path, options: Options, wanted: Collection[str] | None, session: Session | None
) -> Look:
    """Judge saved facts offline, with the answers of a sprint of the same domain."""
    from launchready_tui.facts import saved

    try:
        content = _bytes_of(file)
        held = factsfile.decode(content)
        facts = dict(saved.decode(bytes(held.facts)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"--facts {file}: {reason}. Expected a file of --facts-out.") from None
    looked = getattr(facts.get("DnsSetup"), "domain", held.target.domain)
    if looked != held.target.domain:
        raise Refused(
            f"--facts {file}: it names {held.target.domain}, and its facts are about {looked}:"
            " gather them again with --facts-out."
        )
    people = People()
    if session is not None and session.target.domain == held.target.domain:
        people = People(
            told=session.store.sayings(),
            attestations=session.store.attestations(),
            waivers=session.store.waivers(),
        )
    nowhere = Scope(hosts=(), level=Level.PASSIVE, by="", named=())
    return _looked(load(), held.target, nowhere, options, wanted, people, facts, held.at)


def at_facts(
    facts: Mapping[str, Fact], target: Target, catalogue: Catalogue, counts: Mapping[str, int]
) -> Look:
    """Judge facts that were gathered just now, by something other than a run."""
    nowhere = Scope(hosts=(), level=Level.PASSIVE, by="", named=())
    look = _looked(catalogue, target, nowhere, Options(), None, People(), dict(facts))
    return replace(look, counts=counts)


def narrowed(catalogue: Catalogue, items: Iterable[Item]) -> Catalogue:
    """A catalogue of these items only, so that the verdict is about nothing else."""
    return replace(catalogue, items=tuple(items))


def _looked(
    catalogue: Catalogue,
    target: Target,
    scope: Scope,
    options: Options,
    wanted: Collection[str] | None,
    people: People,
    saved: dict[str, Fact] | None = None,
    at: datetime | None = None,
) -> Look:
    progress = Progress(catalogue.items, wanted)
    ended: list[Answered | BaseException] = []
    question = Question(
        items=tuple(item for item in catalogue.items if wanted is None or item.id in wanted),
        target=target,
        told=people.told,
        scope=scope,
        options=options,
        saved=saved,
        at=at,
    )
    say(f"checking {target.domain}: {plural(len(progress.stage_of), 'item')}")
    recheck = Recheck(question, progress.report, ended.append).start()
    with _stoppable(recheck, progress, kept=False):
        _wait(recheck)
    answered = ended[0]
    if isinstance(answered, BaseException):
        raise answered
    facts = saved if saved is not None else answered.run.facts
    return Look(
        target=target,
        verdict=verdict.judge(
            catalogue,
            target,
            answered.run.outcomes,
            people.attestations,
            people.waivers,
            answered.at,
            seen_at=answered.at,
            platform=_platform(facts),
        ),
        at=answered.at,
        counts=answered.counts,
        facts=facts,
    )


def _platform(facts: Mapping[str, Fact]) -> str:
    from launchready_tui.facts.traffic import TrafficPath

    path = facts.get("TrafficPath")
    return path.platform if isinstance(path, TrafficPath) else ""


def _hosts(target: Target) -> list[str]:
    from urllib.parse import urlsplit

    return [host for url in target.urls if (host := urlsplit(url).hostname)]


def _bytes_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(factsfile.MAX_BYTES + 1)
    if len(content) > factsfile.MAX_BYTES:
        raise ValueError("larger than 64 MiB")
    return content


# ---------------------------------------------------------------- waiting, and being stopped


def _wait(recheck: Recheck) -> None:
    while not recheck.wait(0.2):
        pass  # short waits, so that a signal is heard at once


@contextmanager
def _stoppable(recheck: Recheck, progress: Progress, *, kept: bool) -> Iterator[None]:
    """On a signal: end the run, let it keep what it learnt, then end the process as asked."""
    with signals_raise():
        try:
            yield
        except (KeyboardInterrupt, SystemExit):
            recheck.cancel()
            recheck.wait(5.0)
            progress.end()
            what = "kept in the record" if kept else "not kept: there is no sprint to keep it in"
            say(f"stopped after {plural(progress.judged, 'item')}; what was learnt is {what}")
            raise
        progress.end()


@contextmanager
def signals_raise() -> Iterator[None]:
    """SIGTERM and SIGHUP end the process through the same door as ctrl+c."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    names = ("SIGTERM", "SIGHUP")
    before = {
        number: signal.signal(number, stop)
        for name in names
        if (number := getattr(signal, name, None)) is not None
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
