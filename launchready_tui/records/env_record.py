"""What is kept of a setting: who owns it, what it is for, how it is replaced. Never its value."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from launchready_tui.model import Fact, Record

Why = Literal["exposed", "scheduled", "leaver", "handover", "over-privileged", "shared-across-envs"]
Proof = Literal["", "rejected", "absent-in-console", "attested"]
Step = Literal["found", "replaced", "deployed", "revoked", "proven", "closed"]
STEPS: tuple[Step, ...] = ("found", "replaced", "deployed", "revoked", "proven", "closed")
BEFORE: dict[Step, str] = {
    "found": "Say why it is replaced. None of the steps that follow is skipped or waived.",
    "replaced": "Make the new key first; do not delete the old one before the new one is deployed.",
    "deployed": "Set the new value in every environment and deploy; what is built in, build again.",
    "revoked": "See the app work, then revoke the old key where it was issued.",
    "proven": "Try the old key once: a 401 is proof, a 403 is none.",
    "closed": "Look for copies in caches, pipelines and teammates' files, then close it.",
}
"""What is done before a step is recorded."""


class HeldIn(Record, frozen=True, kw_only=True):
    """A setting in one environment: whether it is there, where it was seen, equal to which.

    Of a value that is no secret nothing is kept but that it is there.
    """

    present: bool
    source: str = ""
    """A file's name, a host, or `attested`."""
    shape: str = ""
    """What its issuer prints before every such key, such as `sk_live`; nothing of its own."""
    chars: int | None = None
    """How long it is; not said of a weak one."""
    fp: str = ""
    """Its keyed fingerprint, `k1-9f3a:7c1d90ab34ef`; `weak` for one that could be guessed."""
    same_as: tuple[str, ...] = ()
    """Environments with the same value, as one run saw it, where no key is kept."""
    target_fp: str = ""
    """Of a database's address: the keyed fingerprint of host, port and database."""
    changed: datetime | None = None
    """When one of the above changed last."""
    by: str = ""


class EnvVariable(Record, frozen=True, kw_only=True):
    """One setting's record. Dates are days; `rotate_every_days` of 0 means never, with a reason."""

    name: str
    purpose: str = ""
    breaks_without: str = ""
    kind: str = ""
    sensitive: bool
    public: bool = False
    build_time: bool = False
    required_in: tuple[str, ...] = ()
    optional_in: tuple[str, ...] = ()
    owner: str = ""
    backup_owner: str = ""
    holder: str = ""
    """Who can open the store that holds the value, where that is not the owner."""
    issued_at: str = ""
    stored_in: str = ""
    least_privilege: str = ""
    privilege_basis: Literal["judged", "attested", "unknown"] = "unknown"
    rotate_every_days: int | None = None
    rotate_how: str = ""
    last_rotated: date | None = None
    deprecated: str = ""
    docs: tuple[str, ...] = ()
    notes: str = ""
    refs: tuple[str, ...] = ()
    env: dict[str, HeldIn] = {}

    @property
    def next_due(self) -> date | None:
        """The day its value is to be replaced; None where nobody said how often, or never."""
        if not self.rotate_every_days or self.last_rotated is None:
            return None
        return self.last_rotated + timedelta(days=self.rotate_every_days)

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """Groups of environments that hold one value: by fingerprints of one key, or as a run
        without a key saw it.
        """
        groups: dict[str, set[str]] = {}
        for environment, held in self.env.items():
            if held.present and held.fp not in ("", "weak"):
                groups.setdefault(held.fp, set()).add(environment)
            elif held.present and held.same_as:
                told = {environment, *held.same_as}
                groups.setdefault(" ".join(sorted(told)), set()).update(told)
        return tuple(sorted(tuple(sorted(g)) for g in groups.values() if len(g) > 1))


class EnvVariables(Fact, frozen=True, kw_only=True):
    """All of them on record, sorted by name. `kept` is False where there is no sprint."""

    variables: tuple[EnvVariable, ...] = ()
    kept: bool = False

    def get(self, name: str) -> EnvVariable | None:
        return next((one for one in self.variables if one.name == name), None)


class Rotation(Record, frozen=True, kw_only=True):
    """One replacement of one setting's value, from the day it was found necessary to its end."""

    id: str
    var: str
    env: tuple[str, ...] = ()
    why: Why
    evidence: str = ""
    """A place, such as `git 3f2c1ab src/pay.ts:4`."""
    severity: str = ""
    owner: str = ""
    who: str
    found: datetime | None = None
    replaced: datetime | None = None
    deployed: datetime | None = None
    revoked: datetime | None = None
    proven: datetime | None = None
    closed: datetime | None = None
    proof: Proof = ""
    proof_detail: str = ""
    attested_by: str = ""
    old_fp: str = ""
    """The keyed fingerprint of the value that goes; `weak` for one that could be guessed."""
    new_fp: str = ""
    status: Step
    next_due: date | None = None

    def at(self, step: Step) -> datetime | None:
        held: datetime | None = getattr(self, step)
        return held

    @property
    def next_step(self) -> Step | None:
        """What has to be done now; None when it is closed."""
        place = STEPS.index(self.status) + 1
        return STEPS[place] if place < len(STEPS) else None


class Rotations(Fact, frozen=True, kw_only=True):
    """All of them on record, by day and name."""

    rotations: tuple[Rotation, ...] = ()
    kept: bool = False

    def of(self, name: str) -> tuple[Rotation, ...]:
        return tuple(one for one in self.rotations if one.var == name)
