"""What backs a statement: content-addressed files, redacted before they are written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from launchready_tui.redact import holds, redact, redact_header
from launchready_tui.secret import Secret
from launchready_tui.sprint import atomic
from launchready_tui.text import safe

MAX_CHARACTERS = 1024 * 1024
_ID = re.compile(r"[0-9a-f]{64}")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")


class EvidenceChanged(ValueError):
    """An evidence file no longer is what its name says."""


def redacted(content: bytes | str, ext: str, known: Sequence[Secret] = ()) -> bytes:
    """What would be kept. JSON is redacted string by string, so that it stays JSON.

    `known` are secrets that the run used: a site may say back what it was sent.
    """
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    if ext == "json":
        said_back = tuple(known) if holds(text, known) else ()
        told = msgspec.json.encode(_strings_redacted(msgspec.json.decode(content), said_back))
        return msgspec.json.format(told, indent=1) + b"\n"
    return safe(redact(text.replace("\r\n", "\n"), known), limit=MAX_CHARACTERS).encode()


def name_of(kept: bytes, ext: str) -> str:
    """Where redacted content lies below the record: named by its SHA-256."""
    if not _EXTENSION.fullmatch(ext):
        raise ValueError(f"{ext!r} is no extension of an evidence file")
    return f"evidence/{hashlib.sha256(kept).hexdigest()}.{ext}"


def add(path: Path, kept: bytes) -> str:
    """Write redacted content to its place and return its id. An altered file makes way first."""
    if path.exists() and _digest(path) != path.stem:
        atomic.set_aside(path, "damaged")
    if not path.exists():
        atomic.write(path, kept)
    return path.stem


def place(folder: Path, ident: str) -> Path | None:
    """The file of an id, or None where there is none."""
    found = sorted(folder.glob(f"{ident}.*")) if _ID.fullmatch(ident) else []
    return next((path for path in found if _EXTENSION.fullmatch(path.suffix[1:])), None)


def read(folder: Path, ident: str) -> bytes:
    """The content of an id. Raises FileNotFoundError, or EvidenceChanged if it was edited."""
    path = place(folder, ident)
    if path is None:
        raise FileNotFoundError(2, "there is no such evidence", ident[:64])
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != ident:
        raise EvidenceChanged(f"evidence/{path.name} was changed after it was kept")
    return content


def troubles(folder: Path) -> Iterator[str]:
    """Every file that is not what its name says, in order and in words."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        name = safe(path.name, one_line=True, limit=100)
        if path.name.startswith(".") or ".damaged-" in path.name:
            continue
        if not (_ID.fullmatch(path.stem) and _EXTENSION.fullmatch(path.suffix[1:])):
            yield f"evidence/{name} is not named by its content: it was put there by hand"
        elif _digest(path) != path.stem:
            yield f"evidence/{name} was changed after it was kept"


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return ""


def _strings_redacted(value: Any, known: Sequence[Secret]) -> Any:
    """Redacted in place; a pair of a header's name and its value is read as that header."""
    if isinstance(value, str):
        return redact(value, known)
    if isinstance(value, list):
        if len(value) == 2 and all(isinstance(one, str) for one in value):
            name, said = redact(value[0], known), redact_header(value[0], value[1])
            return [name, redact(said, known) if known else said]
        return [_strings_redacted(one, known) for one in value]
    if isinstance(value, dict):
        return {key: _strings_redacted(one, known) for key, one in value.items()}
    return value
