"""The env map as text, JSON, `.env.example` and `.env.schema`: names and words, never a value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import msgspec

from launchready_tui.facts.env_map import MapRow
from launchready_tui.records.env_record import EnvVariable, Rotation
from launchready_tui.text import safe, spelt_json

SCHEMA = 1


def map_json(rows: Collection[MapRow], missed: Collection[str]) -> str:
    told = [
        {
            "name": row.name,
            "referenced_in": row.referenced_in,
            "documented": row.documented,
            "present_in": row.present_in,
            "missing_in": row.missing_in,
            "owner": row.owner,
            "sensitive": row.sensitive,
            "purpose": row.purpose,
            "set_in": row.set_in,
            "recorded": row.recorded,
            "same_in": row.same_in,
            "kind": row.kind,
            "issued_at": row.issued_at,
            "may": row.may,
            "basis": row.basis,
        }
        for row in rows
    ]
    return encoded({"schema": SCHEMA, "variables": told, "missed": list(missed)})


def map_text(rows: Collection[MapRow], missed: Collection[str]) -> str:
    if not rows:
        return "No setting was found.\n"
    wide = min(40, max(len(row.name) for row in rows))
    kinds = min(28, max(4, *(len(row.kind) for row in rows)))
    lines = [
        f"{'name':<{wide}}  secret  {'kind':<{kinds}}  present in         missing in         owner"
    ]
    for row in rows:
        there, lacking = ", ".join(row.present_in) or "-", ", ".join(row.missing_in) or "-"
        secret = "yes" if row.sensitive else "-"
        lines.append(
            f"{row.name:<{wide}}  {secret:<6}  {row.kind or '-':<{kinds}}"
            f"  {there:<17}  {lacking:<17}  {row.owner or 'nobody: a risk'}"
            + (f"; one value in {', '.join(row.same_in)}" if row.same_in else "")
        )
    unowned = sum(1 for row in rows if not row.owner)
    lines.append("")
    lines.append(f"{len(rows)} settings, {unowned} without an owner. Values are never shown.")
    lines += [
        f"{row.name} is {row.title}, made and revoked at {row.issued_at}"
        for row in rows
        if row.title and row.issued_at
    ]
    lines += [f"not looked at: {what}" for what in missed]
    return "\n".join(safe(line, one_line=True) for line in lines) + "\n"


def example(variables: Iterable[EnvVariable]) -> str:
    """`.env.example`: a comment and an empty value for each name."""
    return "\n".join(_example_lines(variables)) + "\n"


def _example_lines(variables: Iterable[EnvVariable]) -> Iterator[str]:
    yield "# Names only. Values come from the host's settings or the team's password manager."
    group = ""
    for one in sorted(variables, key=lambda v: (_group(v.name), v.name)):
        if _group(one.name) != group:
            group = _group(one.name)
            yield ""
        words = [f"required in {', '.join(one.required_in)}"] if one.required_in else []
        words += [f"owner {one.owner}"] if one.owner else []
        words += [f"deprecated: {one.deprecated}"] if one.deprecated else []
        told = f" ({_comment('; '.join(words))})" if words else ""
        if one.purpose or told:
            yield f"# {_comment(one.purpose or one.name)}{told}"
        yield f"{one.name}="


def schema(variables: Iterable[EnvVariable]) -> str:
    """`.env.schema` in env-spec: decorators, no values; owner and rotation as plain comments."""
    return "\n".join(_schema_lines(variables)) + "\n"


def _schema_lines(variables: Iterable[EnvVariable]) -> Iterator[str]:
    yield "# @defaultSensitive=true @defaultRequired=false"
    if any(one.required_in for one in variables):
        yield "# @currentEnv=$APP_ENV"
    yield "# ---"
    for one in sorted(variables, key=lambda v: (_group(v.name), v.name)):
        yield ""
        if one.purpose:
            yield f"# {_comment(one.purpose)}"
        if one.owner:
            yield f"# owner: {_comment(one.owner)}"
        if one.rotate_every_days:
            yield f"# replaced every {one.rotate_every_days} days"
        marks = ["@sensitive" if one.sensitive else "@public"]
        if one.required_in:
            marks.insert(0, f"@required=forEnv({', '.join(map(_comment, one.required_in))})")
        marks += [f"@docs({_comment(url)})" for url in one.docs]
        if one.deprecated:
            marks.append(f'@deprecated="{_comment(one.deprecated).replace(chr(34), "")}"')
        yield f"# {' '.join(marks)}"
        yield f"{one.name}="


def _group(name: str) -> str:
    return name.partition("_")[0]


def _comment(text: str) -> str:
    """On one line, and no decorator of its own."""
    return " ".join(safe(text, one_line=True, limit=400).split()).lstrip("@# ")


def rotations_text(rotations: Collection[Rotation]) -> str:
    if not rotations:
        return "No rotation is on record.\n"
    lines = []
    for one in sorted(rotations, key=lambda r: (r.status == "closed", r.id)):
        then = f"next: {one.next_step}" if one.next_step else f"proof: {one.proof}"
        due = f"; due again {one.next_due}" if one.next_due else ""
        lines.append(
            f"{one.id}  {one.status}  {one.why}  owner {one.owner or 'nobody'}; {then}{due}"
        )
    return "\n".join(safe(line, one_line=True) for line in lines) + "\n"


def rotation_json(rotations: Collection[Rotation]) -> str:
    return encoded({"schema": SCHEMA, "rotations": [msgspec.to_builtins(one) for one in rotations]})


def encoded(value: object) -> str:
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return spelt_json(text) + "\n"
