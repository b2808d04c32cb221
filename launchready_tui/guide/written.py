"""The guide on disk, with its checksum beside it: whoever edits it by hand is noticed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from launchready_tui.guide.due import CALENDAR
from launchready_tui.sprint import atomic

NAME = "HANDOVER.md"


def write(out: Path, text: str) -> Path:
    """Write the guide to a `.md` file, or as HANDOVER.md into a folder; where it now is."""
    path = out if out.suffix.lower() == ".md" and not out.is_dir() else out / NAME
    content = text.encode("utf-8", "replace")
    atomic.write(path, content)
    atomic.write(_beside(path), f"{hashlib.sha256(content).hexdigest()}  {path.name}\n".encode())
    return path


def write_calendar(out: Path, text: str) -> Path:
    """Write the dates to an `.ics` file, or under their own name into a folder; where they are."""
    path = out if out.suffix.lower() == ".ics" and not out.is_dir() else out / CALENDAR
    atomic.write(path, text.encode("utf-8", "replace"))
    return path


def trouble(path: Path) -> str:
    """Why a guide is not as it was exported, in words; empty when it is."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return f"{path.name} cannot be read: {error.strerror}"
    try:
        promised = _beside(path).read_text("utf-8", "replace").split()
    except OSError:
        return f"{path.name} has no checksum beside it ({_beside(path).name}): export it again"
    if not promised or promised[0] != hashlib.sha256(content).hexdigest():
        return f"{path.name} was changed after it was exported"
    return ""


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")
