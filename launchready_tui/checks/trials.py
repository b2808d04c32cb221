"""What trials of credentials show: refused where they are used, or able to do far too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from launchready_tui.credentials.kinds import by_id
from launchready_tui.facts.credentials import Credential
from launchready_tui.given import Moment
from launchready_tui.model import Finding, Seen, Severity
from launchready_tui.records.trial_record import FRESH, LiveCredentials, Trial

ABOVE = {
    "aws-access-key-id": ("aws-root-key", ""),
    "aws-temporary-key-id": ("aws-root-key", ""),
    "redis-url": ("redis-user-too-wide", ""),
}
"""What a power over the whole means, by kind, and who has it; a database's role without a row."""
CALLED = {"prod": "production", "preview": "staging or preview", "dev": "development"}


class Trials:
    """The trials that still speak for their credentials."""

    def __init__(self, live: LiveCredentials, moment: Moment) -> None:
        self.fresh = tuple(t for t in live.trials if moment.at - t.at <= FRESH)

    def of(self, one: Credential) -> Trial | None:
        """The trial of a credential; the shared file's is that of any, production's first."""
        known = [
            t
            for t in self.fresh
            if t.name == one.name and one.environment in (t.environment, "any")
        ]
        return min(known, key=lambda t: t.environment != "prod", default=None)

    def tells_power(self, one: Credential) -> bool:
        """Whether a trial showed how much a credential may do."""
        trial = self.of(one)
        return trial is not None and (
            trial.narrow or trial.role_seen or bool(trial.too_wide or trial.powers)
        )

    @property
    def working(self) -> int:
        return sum(1 for t in self.fresh if t.result in ("works", "restricted"))

    @property
    def gaps(self) -> tuple[str, ...]:
        return tuple(f"{t.name}: {t.detail}" for t in self.fresh if t.result == "unknown")

    def seen(self) -> tuple[Seen, ...]:
        return tuple(
            Seen(
                label=t.name,
                value=f"tried in {_where(t)} on {t.at:%Y-%m-%d}: {t.result}. {t.detail}",
                source=f"evidence {t.evidence[:12]}",
            )
            for t in self.fresh
        )

    def failing(self) -> Iterator[Finding]:
        """Those that are refused, and databases that ask for no password."""
        for trial in self.fresh:
            if trial.result == "refused":
                severity = None if trial.environment == "prod" else Severity.MEDIUM
                yield _finding("cred-refused", trial, (trial.detail,), severity)
            if trial.result == "open":
                severity = None if trial.environment != "dev" else Severity.LOW
                yield _finding("db-open", trial, (trial.detail,), severity)

    def beyond(self) -> Iterator[Finding]:
        """Those that may do more than an app needs, by what they showed themselves."""
        for trial in self.fresh:
            code, who = ABOVE.get(trial.kind, ("db-superuser", "its role"))
            if trial.environment == "dev" and code != "aws-root-key":
                continue  # an account is the same one wherever its key stands
            if trial.powers:
                yield _finding(code, trial, (who, *trial.powers))
            elif trial.changes:
                yield _finding("db-may-change-tables", trial, ("its role", *trial.changes))
            if trial.too_wide:
                yield _finding("cred-over-privileged", trial, ("its scopes hold", *trial.too_wide))


def _finding(
    code: str, trial: Trial, what: Iterable[str], severity: Severity | None = None
) -> Finding:
    kind = by_id(trial.kind)
    first, *more = what
    observed = f"{first} {', '.join(more)}".strip()
    return Finding(
        code=code,
        subject=f"{trial.name} ({trial.environment})",
        observed=f"tried in {_where(trial)} on {trial.at:%Y-%m-%d}: {observed}",
        params={
            "name": trial.name,
            "environment": _where(trial),
            "issued": (kind.issued_at if kind else "") or f"where it was made ({trial.host})",
        },
        severity=severity,
    )


def _where(trial: Trial) -> str:
    return CALLED.get(trial.environment, trial.environment)
