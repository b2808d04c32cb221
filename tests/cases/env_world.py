"""Env files as bytes, linted and compared as the gatherers do it; no file is needed for that."""

from __future__ import annotations

from datetime import UTC, datetime

from launchready_tui.facts import dotenv_raw
from launchready_tui.facts.credentials import Credentials
from launchready_tui.facts.credentials import judged as credentials_judged
from launchready_tui.facts.env import EnvNames, RunTime, Used
from launchready_tui.facts.env_databases import Value
from launchready_tui.facts.env_drift import EnvDrift, compared
from launchready_tui.facts.env_files import EnvEntry, EnvFile, EnvFiles, environment_of
from launchready_tui.facts.env_fingerprint import Fingerprints
from launchready_tui.facts.env_flaws import flaws_of
from launchready_tui.facts.env_kept import Found, held_in
from launchready_tui.facts.env_lint import EnvLint, LintedFile
from launchready_tui.facts.env_marks import Tree
from launchready_tui.facts.env_readers import Reader
from launchready_tui.facts.rotation_places import RotationPlaces
from launchready_tui.facts.rotation_places import compared as where_held
from launchready_tui.fingerprint_key import FingerprintKey
from launchready_tui.given import Moment
from launchready_tui.records.env_record import EnvVariable, EnvVariables, Rotation, Rotations
from launchready_tui.secret import Secret

PROD, STAGING, SHARED = ".env.production", ".env.staging", ".env"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NOW = Moment(at=AT)
BOTH: tuple[Reader, ...] = ("python", "npm")
RANDOM = "Xk39dkwQpz81" + "mB7vLr20TuYs"
OTHER = "Pq82hdyWnc46" + "tG5xKe91RbVf"


def lint(
    content: str | bytes,
    name: str = PROD,
    *,
    readers: tuple[Reader, ...] = BOTH,
    services: tuple[str, ...] = (),
    own: tuple[str, ...] = (),
    alone: bool = True,
) -> EnvLint:
    data = content.encode() if isinstance(content, str) else content
    raw = dotenv_raw.read(data)
    environment = environment_of(name)
    problem = "it is no text" if raw.encoding == "binary" else ""
    file = LintedFile(
        path=name,
        environment=environment,
        names=len(raw.lines),
        flaws=flaws_of(raw, environment, readers, services, own),
        problem=problem,
    )
    return EnvLint(files=(file,), readers=readers, alone=alone)


def drift(**files: str) -> EnvDrift:
    return compared(_tree(files))


def credentials(missed: tuple[str, ...] = (), **files: str) -> Credentials:
    return credentials_judged(_tree(files).values, len(files), missed)


def _tree(files: dict[str, str]) -> Tree:
    """`prod="A=1"` is .env.prod's content, and so on; `any` is the shared file's."""
    values = []
    for environment, text in files.items():
        for line in dotenv_raw.read(text.encode()).lines:
            place = f".env.{environment}:{line.line}"
            values.append(Value(line.name, line.value, environment, place))  # type: ignore[arg-type]
    return Tree(tuple(values))


KEY = FingerprintKey(1, Secret("0f" * 32))
OTHER_KEY = FingerprintKey(1, Secret("a5" * 32))


def on_record(
    name: str, environment: str, value: str, key: FingerprintKey = KEY, **fields: object
) -> EnvVariable:
    """A setting of which the env map knows one environment's value, by a host's export."""
    prints = Fingerprints(key)
    held = held_in(Found(name, value, environment, "vercel"), prints, sensitive=True)
    return record(name, env={environment: held}, **fields)


def drift_with(
    records: EnvVariables, key: FingerprintKey | None = KEY, why: str = "", **files: str
) -> EnvDrift:
    """The same, beside what is on record; `key` is what this machine's keyring holds."""
    return compared(_tree(files), records, Fingerprints(key), why)


def places(
    *asked: Rotation, known: EnvVariables, key: FingerprintKey | None = KEY, **files: str
) -> RotationPlaces:
    """Where the old values of these rotations are seen."""
    return where_held(_tree(files), known, list(asked), Fingerprints(key))


def record(name: str, **fields: object) -> EnvVariable:
    return EnvVariable(name=name, **{"sensitive": True, **fields})  # type: ignore[arg-type]


def records(*variables: EnvVariable, kept: bool = True) -> EnvVariables:
    return EnvVariables(variables=variables, kept=kept)


def rotations(*held: Rotation, kept: bool = True) -> Rotations:
    return Rotations(rotations=held, kept=kept)


def rotation(status: str, **fields: object) -> Rotation:
    order = ("found", "replaced", "deployed", "revoked", "proven", "closed")
    times = dict.fromkeys(order[: order.index(status) + 1], AT)
    given: dict[str, object] = {
        "id": "2026-03-02-API_KEY",
        "var": "API_KEY",
        "why": "exposed",
        "evidence": "git 3f2c1ab a.ts:4",
        "owner": "Ben",
        "who": "Anna",
        "status": status,
        **times,
        **fields,
    }
    return Rotation(**given)  # type: ignore[arg-type]


def held(*names: str, path: str = PROD, secret: str = "", tracked: bool = False) -> EnvFiles:
    entries = tuple(
        EnvEntry(name=name, line=i, secret="real" if name == secret else "")
        for i, name in enumerate(names, start=1)
    )
    file = EnvFile(path=path, environment=environment_of(path), entries=entries, tracked=tracked)
    return EnvFiles(files=(file,), git="repository")


def code(
    *names: str,
    run_time: bool = False,
    missed: tuple[str, ...] = (),
    tests: tuple[str, ...] = (),
) -> EnvNames:
    used = tuple(
        Used(name=n, strength="required", places=(f"app.ts:1 {n}",), only_tests=n in tests)
        for n in names
    )
    return EnvNames(
        used=used,
        run_time=(RunTime(place="a.ts:9"),) if run_time else (),
        mentioned=(),
        declared=(),
        missed=missed,
    )
