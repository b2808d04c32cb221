"""Environment variables: read but not set, set but not read, empty, placeholder, or committed."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.engine import check
from launchready_tui.facts.env import EnvNames, Used, of_platform
from launchready_tui.facts.env_files import EnvEntry, EnvFile, EnvFiles
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.outcomes import judged, not_applicable, unknown
from launchready_tui.records.env_record import EnvVariables
from launchready_tui.text import plural

LIVE = ("prod", "preview", "any")
"""Environments whose values somebody runs on; a developer's own file may be half empty."""
MOST_FINDINGS = 40


@check("env.names")
def names(env: EnvNames, files: EnvFiles, records: EnvVariables | Unknown) -> Outcome:
    """Every variable the code reads is set and listed, with a real value."""
    values = [file for file in files.files if file.environment not in ("example", "test")]
    examples = [file for file in files.files if file.environment == "example"]
    if not env.used and not files.files and not env.missed and not files.missed:
        return not_applicable("the code reads no environment variable and no env file is there")
    findings = [
        *_missing(env, values, _known(records)),
        *_undocumented(env, examples, values),
        *_bad_values(env, values),
        *_unread(env, files),
        *_misplaced(env),
    ]
    seen = [
        Seen(label=file.path, value=plural(len(file.entries), "name"), source=file.environment)
        for file in files.files
    ]
    plain = [place.place for place in env.run_time if not place.prefix]
    if plain:
        seen.append(
            Seen(
                label="read at run time",
                value="names may be read that cannot be seen, so nothing is called unread",
                source=", ".join(plain[:3]),
            )
        )
    gaps = list(dict.fromkeys([*env.missed, *files.missed]))
    gaps += [f"{file.path}: {file.problem}" for file in files.files if file.problem]
    needed = [used for used in env.used if used.strength != "default" and not used.only_tests]
    if needed and not any(f.environment in ("prod", "any") for f in values):
        gaps.append(
            "no file holds the production values: compare the host's settings with"
            f" {plural(len(needed), 'name')} the code needs"
        )
    return judged(
        tuple(findings[:MOST_FINDINGS]),
        clean=f"{plural(len(env.used), 'name')} read by the code, all set and listed",
        seen=tuple(seen),
        gaps=tuple(gaps),
    )


@check("env.tracked")
def tracked(files: EnvFiles) -> Outcome:
    """No env file with a secret in it is under version control."""
    if files.git in ("missing", "failed"):
        return unknown(files.git_cause)
    if files.git == "none":
        return unknown(f"{files.git_cause}, so what is in source control cannot be seen")
    findings = [finding for file in files.files if file.tracked for finding in _committed(file)]
    gaps = [*files.missed, *(f"{f.path}: {f.problem}" for f in files.files if f.problem)]
    held = [file.path for file in files.files if file.tracked]
    return judged(
        tuple(findings),
        clean=f"git holds {', '.join(held[:3])}, without secrets" if held else "git holds none",
        seen=tuple(
            Seen(label=file.path, value="tracked" if file.tracked else "not tracked", source="git")
            for file in files.files
        ),
        gaps=tuple(dict.fromkeys(gaps)),
    )


# ---------------------------------------------------------------- both directions


def _known(records: EnvVariables | Unknown) -> EnvVariables:
    return EnvVariables() if isinstance(records, Unknown) else records


def _missing(env: EnvNames, values: list[EnvFile], records: EnvVariables) -> Iterable[Finding]:
    """What the code needs, and what the env map says is needed."""
    found = list(_unset(env, values, records))
    yield from found
    told = {finding.subject for finding in found}
    declared = {entry.name for entry in env.declared}
    shared = {name for f in values if f.environment == "any" for name in f.names}
    for record in records.variables:
        for environment in record.required_in:
            there = [f for f in values if f.environment == environment]
            held = {entry.name for f in there for entry in f.entries if not entry.empty}
            if not there or record.name in held | shared | declared | told:
                continue
            told.add(record.name)
            yield Finding(
                code="env-missing",
                subject=record.name,
                observed=f"the env map says that {environment} needs {record.name};"
                f" {there[0].path} does not set it",
                params={"name": record.name, "place": "the env map"},
                confidence=Confidence.LIKELY,
                severity=Severity.BLOCKER if environment == "prod" else Severity.HIGH,
            )


def _unset(env: EnvNames, values: list[EnvFile], records: EnvVariables) -> Iterable[Finding]:
    """Names without a fallback that an environment we can see does not set."""
    told = {entry.name for entry in env.declared}
    shared = {name for f in values if f.environment == "any" for name in f.names}
    for environment, severity in (("prod", Severity.BLOCKER), ("any", Severity.HIGH)):
        mine = {name for f in values if f.environment == environment for name in f.names}
        if not any(f.environment == environment for f in values):
            continue
        for used in env.used:
            record = records.get(used.name)
            if used.strength == "default" or used.only_tests:
                continue
            if record and environment in record.optional_in:
                continue
            if used.name in mine | shared | told:
                continue
            where = _of(values, environment)
            yield Finding(
                code="env-missing",
                subject=used.name,
                observed=f"{used.places[0]} reads {used.name}; {where} does not set it",
                params={"name": used.name, "place": used.places[0]},
                confidence=_sureness(used, environment),
                severity=severity,
            )
        return  # without it the files of other environments do not speak for production


def _sureness(used: Used, environment: str) -> Confidence:
    """The host may set it too, so nothing here is confirmed."""
    sure = environment == "prod" and used.strength == "required"
    return Confidence.LIKELY if sure else Confidence.REVIEW


def _of(values: list[EnvFile], environment: str) -> str:
    return next(f.path for f in values if f.environment == environment)


def _undocumented(
    env: EnvNames, examples: list[EnvFile], values: list[EnvFile]
) -> Iterable[Finding]:
    listed = {name for file in examples for name in file.names}
    needed = [u for u in env.used if not u.only_tests and u.name not in listed]
    if not examples:
        if needed:
            yield Finding(
                code="env-undocumented",
                subject=".env.example",
                observed=f"no example file lists the {plural(len(needed), 'name')} the code reads,"
                f" such as {needed[0].name}",
                params={"names": ", ".join(u.name for u in needed[:10])},
            )
        return
    for used in needed:
        if used.strength == "default" and not any(used.name in f.names for f in values):
            continue  # an option nobody sets: the code says what happens without it
        yield Finding(
            code="env-undocumented",
            subject=used.name,
            observed=f"{used.places[0]} reads {used.name}; {examples[0].path} does not list it",
            params={"name": used.name, "names": used.name},
        )


def _bad_values(env: EnvNames, values: list[EnvFile]) -> Iterable[Finding]:
    for file in values:
        if file.environment not in LIVE:
            continue
        severity = Severity.HIGH if file.environment == "prod" else Severity.MEDIUM
        for entry in file.entries:
            used = env.reads(entry.name)
            if entry.placeholder:
                yield _value(
                    "env-placeholder", file, entry, "still holds an example's text", severity
                )
            elif entry.empty and used and used.strength != "default" and not used.only_tests:
                yield _value("env-empty", file, entry, "is set to nothing", severity)


def _value(code: str, file: EnvFile, entry: EnvEntry, what: str, severity: Severity) -> Finding:
    return Finding(
        code=code,
        subject=entry.name,
        observed=f"{file.path}:{entry.line}: {entry.name} {what}",
        params={"name": entry.name, "file": file.path},
        severity=severity,
    )


def _unread(env: EnvNames, files: EnvFiles) -> Iterable[Finding]:
    """Said with care: "no static reference found", and nothing at all where names are made up."""
    if any(not place.prefix for place in env.run_time):
        return
    prefixes = tuple(place.prefix for place in env.run_time)
    known = {used.name for used in env.used} | set(env.mentioned)
    seen: set[str] = set()
    for file in files.files:
        for name in () if file.aside else file.names:
            if name in known | seen or of_platform(name) or name.startswith(prefixes):
                continue
            seen.add(name)
            yield Finding(
                code="env-no-reference",
                subject=name,
                observed=f"{file.path} sets {name}; no static reference found",
                params={"name": name},
                confidence=Confidence.REVIEW,
            )


def _misplaced(env: EnvNames) -> Iterable[Finding]:
    """Names on the wrong side of what a build hands to browsers, where the side is sure."""
    plain = any(not place.prefix for place in env.run_time)
    for used in env.used:
        if used.in_browser:
            place = used.in_browser[0]
            yield Finding(
                code="env-client-server-split",
                subject=used.name,
                observed=f"{place} runs in the browser and reads {used.name}, which builds keep on"
                " the server: there it is empty",
                params={"name": used.name, "place": place},
                confidence=Confidence.LIKELY,
            )
        elif used.server_alone and not plain:
            yield Finding(
                code="env-client-server-split",
                subject=used.name,
                observed=f"only the server reads {used.name} ({used.places[0]}), and its name gives"
                " it to browsers",
                params={"name": used.name, "place": used.places[0]},
                confidence=Confidence.REVIEW,
                severity=Severity.LOW,
            )


# ---------------------------------------------------------------- committed


def _committed(file: EnvFile) -> Iterable[Finding]:
    """One finding a file, naming the variables and never a value. Examples hold placeholders."""
    real = [entry.name for entry in file.entries if entry.secret == "real"]
    test = [entry.name for entry in file.entries if entry.secret == "test"]
    if real or test:
        held = real or test
        kind = "" if real else " of a test mode"
        yield Finding(
            code="secret-committed",
            subject=file.path,
            observed=f"git tracks {file.path}, which holds {plural(len(held), 'secret')}{kind}:"
            f" {', '.join(held[:6])}",
            params={"file": file.path, "names": ", ".join(held[:10])},
            severity=None if real else Severity.HIGH,
        )
