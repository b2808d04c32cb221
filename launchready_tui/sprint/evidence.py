"""What backs a statement: content-addressed files, redacted before they are written."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec

from launchready_tui.redact import redact
from launchready_tui.sprint import atomic
from launchready_tui.text import safe

MAX_CHARACTERS = 1024 * 1024
_ID = re.compile(r"[0-9a-f]{64}")


class EvidenceChanged(ValueError):
    """An evidence file no longer is what its name says."""


def add(folder: Path, content: bytes | str, ext: str) -> str:
    """Keep content, redacted, and return its id: the SHA-256 of what was kept."""
    kept = redacted(content, ext)
    ident = hashlib.sha256(kept).hexdigest()
    path = folder / f"{ident}.{ext}"
    if not path.exists():
        atomic.write(path, kept)
    return ident


def redacted(content: bytes | str, ext: str) -> bytes:
    """What `add` would keep. JSON is redacted string by string, so that it stays JSON."""
    if ext == "json":
        return msgspec.json.encode(_strings_redacted(msgspec.json.decode(content)))
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    return safe(redact(text), limit=MAX_CHARACTERS).encode("utf-8", "replace")


def read(folder: Path, ident: str) -> bytes:
    """The content of an id. Raises FileNotFoundError, or EvidenceChanged if it was edited."""
    path = next(folder.glob(f"{ident}.*"), None) if _ID.fullmatch(ident) else None
    if path is None:
        raise FileNotFoundError(2, "there is no such evidence", ident[:64])
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != ident:
        raise EvidenceChanged(f"evidence/{path.name} was changed after it was kept")
    return content


def changed(folder: Path) -> tuple[str, ...]:
    """The files whose content is not what their name says, in order."""
    names = []
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if _ID.fullmatch(path.stem) and hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
            names.append(path.name)
    return tuple(names)


def _strings_redacted(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_strings_redacted(one) for one in value]
    if isinstance(value, dict):
        return {key: _strings_redacted(one) for key, one in value.items()}
    return value
