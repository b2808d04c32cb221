"""The ways to a verdict: in a sprint, once for a domain, again from facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from launchready_tui import authority, verdict
from launchready_tui.catalogue import Catalogue, load
from launchready_tui.commands.output import say
from launchready_tui.commands.progress import Progress
from launchready_tui.commands.refusal import Refused
from launchready_tui.commands.stopping import listening
from launchready_tui.commands.vault_password import keychain_of
from launchready_tui.exports import factsfile
from launchready_tui.given import (
    NOT_TRIED,
    Permits,
    ProvenMails,
    RouteExceptions,
    StsEditions,
    Target,
    Told,
)
from launchready_tui.model import ActiveProbe, Attestation, Fact, Item, Level, Record, Waiver
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import (
    RUN_SECONDS,
    Answered,
    Aside,
    Question,
    Recheck,
    RecheckTogether,
)
from launchready_tui.records.dmarc_record import DmarcReports
from launchready_tui.records.env_record import EnvVariables, Rotations
from launchready_tui.records.ignore_record import IgnoredHits
from launchready_tui.records.trial_record import LiveCredentials
from launchready_tui.secret import Secret
from launchready_tui.text import plural
from launchready_tui.verdict import Verdict

if TYPE_CHECKING:
    from launchready_tui.session import Session


TYPED = "the command line"
NOWHERE = Scope(hosts=(), level=Level.PASSIVE, by="", named=())


class Look(Record, frozen=True, kw_only=True):
    """What was learnt, and what it comes to."""

    target: Target
    verdict: Verdict
    at: datetime
    counts: Mapping[str, int]
    facts: Mapping[str, Fact]
    trouble: str = ""
    """Why the results could not be kept."""
    known: tuple[Secret, ...] = ()
    """The secrets that the run used: nothing that is written may hold one."""


class People(Record, frozen=True, kw_only=True):
    """What people recorded, for judging without writing."""

    told: Told = Told()
    exceptions: RouteExceptions = RouteExceptions()
    mails: ProvenMails = ProvenMails()
    reports: DmarcReports = DmarcReports()
    policies: StsEditions = StsEditions()
    variables: EnvVariables = EnvVariables()
    rotations: Rotations = Rotations()
    trials: LiveCredentials = LiveCredentials()
    ignored: IgnoredHits = IgnoredHits()
    attestations: Mapping[str, Attestation] = {}
    waivers: Mapping[str, Waiver] = {}


class Asking(Record, frozen=True, kw_only=True):
    """What a run is asked: which items (None: all), and what a person allows and gives for it."""

    items: frozenset[str] | None = None
    probes: tuple[ActiveProbe, ...] = ()
    secrets: Mapping[str, Secret] = {}
    yes: bool = False
    """The probes are allowed already: nobody is asked."""


def in_sprint(session: Session, asking: Asking) -> Look:
    """Check and keep the run in the record."""
    if session.read_only:
        say(f"{session.store.lock_holder}; the results will be shown but not kept.")
    wanted = asking.items
    session.keychain = keychain_of(session.target.domain, asking.secrets)
    session.keychain.prepare()
    permits = _allowed(session, asking)
    trouble: list[str] = []
    progress = Progress(session.catalogue.items, wanted)
    say(f"checking {session.target.domain}: {plural(len(progress.stage_of), 'item')}")
    recheck = session.recheck(wanted, progress.report, trouble.append, permits=permits)
    _wait(recheck, progress, kept=not session.read_only)
    if session.keychain.notice:
        say(f"{session.keychain.notice} The run went on without secrets.")
    if session.seen_at is None:
        raise Refused(f"the check did not run: {trouble[0] if trouble else 'no result came'}")
    return Look(
        target=session.target,
        verdict=session.verdict,
        at=session.seen_at,
        counts=session.counts,
        facts=session.facts,
        trouble=trouble[0] if trouble else "",
        known=session.keychain.used(),
    )


def _allowed(session: Session, asking: Asking) -> Permits:
    """What of the probes may be sent: the consent has to reach, and a person to say so."""
    from launchready_tui.commands.permits import confirm
    from launchready_tui.session import SessionError

    if not asking.probes:
        return Permits()
    if refused := authority.too_far(session.scope.level, asking.probes):
        raise Refused(refused)
    confirm(asking.probes, session.keychain.names(), yes=asking.yes)
    try:
        return session.allow([probe.id for probe in asking.probes])
    except SessionError as error:
        raise Refused(str(error)) from None


def once(target: Target, options: Options, asking: Asking) -> Look:
    """Check a domain and keep nothing: passively, but for the probes that were allowed."""
    from launchready_tui.commands.permits import confirm

    keychain = keychain_of(target.domain, asking.secrets)
    keychain.prepare()
    if asking.probes:
        confirm(asking.probes, keychain.names(), yes=asking.yes)
    question = Question(
        items=_chosen(load(), asking.items),
        target=target,
        told=Told(),
        scope=_typed([target], authority.level_of(asking.probes)),
        options=options,
        permits=Permits(probes=tuple(probe.id for probe in asking.probes), by=TYPED),
        keys=keychain.keys(),
        seconds=RUN_SECONDS + authority.seconds_of(asking.probes),
    )
    look = _looked(load(), question, asking.items, People())
    return replace(look, known=keychain.used())


def together(targets: Sequence[Target], options: Options, catalogue: Catalogue) -> list[Look]:
    """Look at several targets side by side, passively and without secrets; keep nothing.

    Each has a verdict of its own, over `catalogue`.
    """
    scope = _typed(targets, Level.PASSIVE)
    questions = [
        Question(items=catalogue.items, target=target, told=Told(), scope=scope, options=options)
        for target in targets
    ]
    progress = Progress(catalogue.items, None, times=len(targets))
    what = plural(len(progress.stage_of), "item")
    if len(targets) == 1:
        say(f"checking {targets[0].domain}: {what}")
    else:
        say(f"checking {', '.join(target.domain for target in targets)}: {what} each")
    ended: list[tuple[Answered, ...] | BaseException] = []
    recheck = RecheckTogether(questions, progress.report, ended.append).start()
    _wait(recheck, progress, kept=False)
    answers = ended[0]
    if isinstance(answers, BaseException):
        raise answers
    return [
        _look_of(_tried(catalogue, answered), question, answered, People())
        for question, answered in zip(questions, answers, strict=True)
    ]


def _tried(catalogue: Catalogue, answered: Answered) -> Catalogue:
    """Without the items that nobody may tell by looking: they need an active probe."""
    outcomes = answered.run.outcomes
    causes = {id: outcome.cause for id, outcome in outcomes.items()}
    items = (i for i in catalogue.items if not causes.get(i.id, "").startswith(NOT_TRIED))
    return narrowed(catalogue, items)


def _typed(targets: Sequence[Target], level: Level) -> Scope:
    """A scope that no record holds: who typed the hosts may have them looked at."""
    hosts = tuple(dict.fromkeys(host for target in targets for host in authority.named(target)))
    return Scope(hosts=hosts, level=level, by=TYPED, named=hosts)


def _chosen(catalogue: Catalogue, wanted: Collection[str] | None) -> tuple[Item, ...]:
    return tuple(item for item in catalogue.items if wanted is None or item.id in wanted)


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
            exceptions=session.store.exceptions(),
            mails=session.store.mails(),
            reports=session.store.reports(),
            policies=session.store.policies(),
            variables=session.store.variables(),
            rotations=session.store.rotations(),
            trials=session.store.trials(),
            ignored=session.store.ignored(),
            attestations=session.store.attestations(),
            waivers=session.store.waivers(),
        )
    question = Question(
        items=_chosen(load(), wanted),
        target=held.target,
        told=people.told,
        exceptions=people.exceptions,
        mails=people.mails,
        reports=people.reports,
        policies=people.policies,
        variables=people.variables,
        rotations=people.rotations,
        trials=people.trials,
        ignored=people.ignored,
        scope=NOWHERE,
        options=options,
        saved=facts,
        at=held.at,
    )
    return _looked(load(), question, wanted, people)


def at_facts(
    facts: Mapping[str, Fact],
    target: Target,
    catalogue: Catalogue,
    counts: Mapping[str, int],
    people: People = People(),  # noqa: B008  a frozen value
) -> Look:
    """Judge facts that were gathered just now, by something other than a run."""
    question = Question(
        items=catalogue.items,
        target=target,
        told=people.told,
        variables=people.variables,
        trials=people.trials,
        scope=NOWHERE,
        options=Options(),
        saved=dict(facts),
    )
    return replace(_looked(catalogue, question, None, people), counts=counts)


def narrowed(catalogue: Catalogue, items: Iterable[Item]) -> Catalogue:
    """A catalogue of these items only, so that the verdict is about nothing else."""
    return replace(catalogue, items=tuple(items))


def _looked(
    catalogue: Catalogue, question: Question, wanted: Collection[str] | None, people: People
) -> Look:
    progress = Progress(catalogue.items, wanted)
    ended: list[Answered | BaseException] = []
    say(f"checking {question.target.domain}: {plural(len(progress.stage_of), 'item')}")
    recheck = Recheck(question, progress.report, ended.append).start()
    _wait(recheck, progress, kept=False)
    answered = ended[0]
    if isinstance(answered, BaseException):
        raise answered
    return _look_of(catalogue, question, answered, people)


def _look_of(catalogue: Catalogue, question: Question, answered: Answered, people: People) -> Look:
    facts = question.saved if question.saved is not None else answered.run.facts
    return Look(
        target=question.target,
        verdict=verdict.judge(
            catalogue,
            question.target,
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


def _bytes_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(factsfile.MAX_BYTES + 1)
    if len(content) > factsfile.MAX_BYTES:
        raise ValueError("larger than 64 MiB")
    return content


# ---------------------------------------------------------------- waiting, and being stopped


def _wait(recheck: Aside[Any], progress: Progress, *, kept: bool) -> None:
    """On a signal: end the run, let it keep what it learnt, then end the process as asked."""
    with listening() as signals:
        try:
            signals.until(recheck)
        except (KeyboardInterrupt, SystemExit):
            recheck.cancel()
            recheck.wait(5.0)
            progress.end()
            what = "kept in the record" if kept else "not kept: there is no sprint to keep it in"
            say(f"stopped after {plural(progress.judged, 'item')}; what was learnt is {what}")
            raise
        progress.end()
