"""What the shapes of credentials give away: in the wrong place, too wide, or easy to guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from launchready_tui.checks.trials import CALLED, Trials
from launchready_tui.credentials.flaw import Flaw
from launchready_tui.credentials.kinds import PAYMENTS, by_id
from launchready_tui.engine import check
from launchready_tui.facts.credentials import Credential, Credentials
from launchready_tui.facts.env import of_platform
from launchready_tui.facts.env_lint import EnvLint
from launchready_tui.given import Moment, Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.outcomes import judged, unknown
from launchready_tui.records.env_record import EnvVariable, EnvVariables
from launchready_tui.records.trial_record import LiveCredentials
from launchready_tui.text import plural

MOST_FINDINGS = 40
MOST_SEEN = 40
USED = frozenset(
    [
        "cred-expired",
        "cred-legacy",
        "cred-project-mismatch",
        "cred-wrong-mode",
        "db-no-tls",
        "db-pooler-for-migrations",
        "db-weak-password",
    ]
)
"""Codes that say how a credential fits where it is used."""
POWER = frozenset(
    [
        "cred-global-key",
        "cred-long-lived",
        "cred-over-privileged",
        "cred-unencrypted-key",
        "db-superuser",
    ]
)
"""Codes that say how much a credential opens."""
SHARED = "the file all environments share"
NO_FILE = "no env file with values is here, so no credential could be read"


@check("env.verified")
def verified(
    credentials: Credentials,
    lint: EnvLint | Unknown,
    target: Target,
    moment: Moment,
    live: LiveCredentials | Unknown,
) -> Outcome:
    """Each credential fits where it stands. Whether it works, no shape can tell: only a trial."""
    told, trials = _told(lint), _trials(live, moment)
    findings = [
        *trials.failing(),
        *(
            _finding(one, flaw)
            for one in credentials.found
            for flaw in (*one.judged.flaws, *_expired(one, moment))
            if flaw.code in USED
            and not _elsewhere(one, flaw, told)
            and not _no_payments(one, target)
        ),
    ]
    count = plural(len(credentials.found), "credential")
    tried = f"{trials.working} were tried and work" if trials.working else "none was tried"
    clean = f"{count} fit by their shape; {tried}"
    return _outcome(credentials, findings, clean, trials=trials)


@check("access.least-privilege")
def least_privilege(
    credentials: Credentials,
    records: EnvVariables | Unknown,
    moment: Moment,
    live: LiveCredentials | Unknown,
) -> Outcome:
    """No credential opens far more than an app needs; what no shape tells is asked."""
    known = {} if isinstance(records, Unknown) else {one.name: one for one in records.variables}
    trials = _trials(live, moment)
    wide = [
        *trials.beyond(),
        *(
            _finding(one, flaw)
            for one in credentials.found
            for flaw in one.judged.flaws
            if flaw.code in POWER and not _refuted(one, flaw, trials)
        ),
    ]
    own = {one.name for one in credentials.found if one.environment == "prod"}
    asked = [
        _question(one)
        for one in credentials.found
        if _is_open(one, known.get(one.name))
        and not trials.tells_power(one)
        and (one.environment == "prod" or (one.environment == "any" and one.name not in own))
    ]
    clean = f"{plural(len(credentials.found), 'credential')} seen, none too wide by its shape"
    return _outcome(credentials, [*wide, *asked], clean, dirty="" if wide else _what_is_open(asked))


def _trials(live: LiveCredentials | Unknown, moment: Moment) -> Trials:
    return Trials(LiveCredentials() if isinstance(live, Unknown) else live, moment)


def _refuted(one: Credential, flaw: Flaw, trials: Trials) -> bool:
    """Of an owner's name whose role, as the database tells it, is not that powerful."""
    trial = trials.of(one)
    return flaw.code == "db-superuser" and trial is not None and trial.role_seen


def _outcome(
    credentials: Credentials,
    findings: list[Finding],
    clean: str,
    dirty: str = "",
    trials: Trials | None = None,
) -> Outcome:
    tried = trials.seen() if trials else ()
    if not (credentials.files or credentials.missed or tried):
        return unknown(NO_FILE)
    once = _once(findings)
    gaps = [*credentials.missed, *(trials.gaps if trials else ())]
    if len(once) > MOST_FINDINGS:
        gaps.append(f"only {MOST_FINDINGS} of {len(once)} faults are listed")
    return judged(
        tuple(once[:MOST_FINDINGS]),
        clean=clean,
        dirty=dirty,
        seen=(*tried, *(_seen(one) for one in credentials.found[:MOST_SEEN])),
        gaps=tuple(gaps),
    )


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first; a setting that two files of one environment hold is told once."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.code, finding.subject), finding)
    return list(first.values())


def _seen(one: Credential) -> Seen:
    kind = by_id(one.judged.kind)
    told = kind.title if kind else "a secret whose kind its shape does not tell"
    others = [part for part in one.parts if part != one.name]
    told = f"with {', '.join(others)}, {told}" if others else told
    return Seen(label=one.name, value=f"{told} ({_where(one)})", source=one.place)


def _where(one: Credential) -> str:
    return CALLED.get(one.environment, SHARED)


# ---------------------------------------------------------------- where it is used


def _told(lint: EnvLint | Unknown) -> frozenset[tuple[str, str]]:
    """Test keys in production that the item about separation tells already."""
    if isinstance(lint, Unknown):
        return frozenset()
    return frozenset(
        (f"{file.path}:{flaw.line}", flaw.name)
        for file in lint.files
        for flaw in file.flaws
        if flaw.code == "env-mode-mismatch"
    )


def _elsewhere(one: Credential, flaw: Flaw, told: frozenset[tuple[str, str]]) -> bool:
    return flaw.code == "cred-wrong-mode" and (one.place, one.name) in told


def _no_payments(one: Credential, target: Target) -> bool:
    return one.judged.kind.startswith(PAYMENTS) and target.takes_no_payments


def _expired(one: Credential, moment: Moment) -> Iterator[Flaw]:
    until = one.judged.expires
    if one.environment == "dev" or of_platform(one.name):
        return  # a token that a tool fetches again by itself
    if until is not None and until < moment.at.timestamp():
        yield Flaw(code="cred-expired", what="the day it was valid until has passed")


def _finding(one: Credential, flaw: Flaw) -> Finding:
    """Of the shared file nobody knows whether production reads it."""
    shared = one.environment not in CALLED
    sure = Confidence.LIKELY if shared or not flaw.sure else Confidence.CONFIRMED
    mild = flaw.lesser or (one.environment == "dev" and flaw.code.startswith("db-"))
    kind = by_id(one.judged.kind)
    told = f"by {', '.join(one.parts)}: {flaw.what}" if one.parts else flaw.what
    return Finding(
        code=flaw.code,
        subject=f"{one.name} ({one.environment})",
        observed=f"{one.place}, {_where(one)}: {told}",
        params={
            "name": _to_set(one, flaw),
            "environment": _where(one),
            "issued": (kind.issued_at if kind else "") or "the provider's console",
        },
        confidence=Confidence.REVIEW if shared and not flaw.sure else sure,
        severity=Severity.LOW if mild else None,
    )


def _to_set(one: Credential, flaw: Flaw) -> str:
    """The settings to change: of a database in parts its login, or its host."""
    if not one.parts or not flaw.code.startswith("db-"):
        return one.name
    login = flaw.code in ("db-superuser", "db-weak-password")
    return " and ".join(one.parts[1:]) if login else one.parts[0]


# ---------------------------------------------------------------- how much it opens


def _is_open(one: Credential, record: EnvVariable | None) -> bool:
    """Whether nobody and nothing has said yet how much a credential opens."""
    told = one.judged
    if told.public or told.mode == "test":
        return False
    if told.privilege in ("none", "narrow") or any(f.code in POWER for f in told.flaws):
        return False
    said = record is not None and record.privilege_basis != "unknown"
    return not (said and record and record.least_privilege.strip())


def _question(one: Credential) -> Finding:
    wide = one.judged.privilege == "broad"
    what = "its kind opens everything" if wide else "its shape does not tell what it may do"
    return _finding(one, Flaw(code="cred-privilege-unknown", what=what))


def _what_is_open(asked: list[Finding]) -> str:
    names = list(dict.fromkeys(finding.params["name"] for finding in asked))
    if not names:
        return ""
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return f"nobody has said what these may do: {', '.join(names[:6])}{more}"
