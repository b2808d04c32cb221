"""The credentials in a repository's env files, by their shape: kinds and codes, never a value."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from launchready_tui.credentials.judge import Beside, Judgement, judge
from launchready_tui.credentials.parts import Database
from launchready_tui.engine import fact
from launchready_tui.facts.env_databases import Value, databases_in
from launchready_tui.facts.env_drift import values_of
from launchready_tui.facts.env_files import EnvFiles
from launchready_tui.facts.env_values import is_placeholder, is_reference, secret_in
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import root_of
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record

MOST = 1_000


class Credential(Record, frozen=True, kw_only=True):
    """A setting that holds a credential, in one file. `place` is file:line.

    Of a database in parts it is the password, else the user; `parts` names all that were put
    together.
    """

    name: str
    environment: str
    place: str
    judged: Judgement
    parts: tuple[str, ...] = ()


class Credentials(Fact, frozen=True, kw_only=True):
    """Sorted by name, environment and place. `files` counts those whose values were judged."""

    found: tuple[Credential, ...] = ()
    files: int = 0
    missed: tuple[str, ...] = ()


@fact(limit=35.0)
async def credentials(target: Target, files: EnvFiles) -> Credentials:
    root = root_of(target)
    return await aside(functools.partial(look, root, files))


def look(root: Path, files: EnvFiles) -> Credentials:
    """Judge the values of every env file but those of examples and tests."""
    values: list[Value] = []
    missed = list(files.missed)
    read = 0
    for file in files.files:
        if file.environment in ("example", "test"):
            continue
        found, problem = values_of(root / file.path, file.path, file.environment, root)
        values += found
        missed += [f"{file.path}: {problem}"] if problem else []
        read += not problem
    return judged(values, read, tuple(missed))


def judged(values: Iterable[Value], files: int = 1, missed: tuple[str, ...] = ()) -> Credentials:
    """Each value beside the others of its environment and those of the shared file. A database in
    parts is one credential: its password, judged as the address they stand for.
    """
    values = list(values)
    parts = {one.login[-1].place: one for one in databases_in(values) if one.login}
    held = [value for value in values if value.place not in parts and _real(value)]
    held += [_whole(one) for one in parts.values()]
    shared = [value for value in held if value.environment == "any"]
    beside = {
        environment: Beside.of([v for v in held if v.environment == environment] + shared)
        for environment in {value.environment for value in held}
    }
    found = []
    for value in held:
        told = judge(value, beside[value.environment])
        if told.kind or secret_in(value.name, value.value):
            found.append(
                Credential(
                    name=value.name,
                    environment=value.environment,
                    place=value.place,
                    judged=told,
                    parts=parts[value.place].names if value.place in parts else (),
                )
            )
    found.sort(key=lambda one: (one.name, one.environment, one.place))
    if len(found) > MOST:
        missed = (*missed, f"only {MOST} of {len(found):,} credentials were judged")
    return Credentials(found=tuple(found[:MOST]), files=files, missed=missed)


def _whole(one: Database[Value]) -> Value:
    secret = one.login[-1]
    return Value(secret.name, one.address, secret.environment, secret.place)


def _real(value: Value) -> bool:
    """No empty value, no reference to another one, and nothing that only holds a place."""
    text = value.value.strip()
    if not text or is_reference(text):
        return False
    return not is_placeholder(value.name, text)
