"""The sprints this person opened lately: a list of folders in the user's state directory."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from launchready_tui.sprint import atomic
from launchready_tui.sprint.launchfile import NAME

MOST = 20


def recent() -> tuple[Path, ...]:
    """Newest first; folders whose launchready.toml is gone are left out."""
    try:
        listed = msgspec.json.decode(_file().read_bytes(), type=list[str])
    except (OSError, msgspec.DecodeError):
        return ()
    return tuple(path for path in map(Path, listed) if _is_sprint(path))


def add(root: Path) -> None:
    """Put a sprint first. A list that cannot be kept is no reason to fail."""
    root = root.absolute()
    listed = [str(path) for path in (root, *(old for old in recent() if old != root))]
    with contextlib.suppress(OSError):
        atomic.write(_file(), msgspec.json.encode(listed[:MOST]))


def _is_sprint(path: Path) -> bool:
    try:
        return (path / NAME).is_file()
    except OSError:
        return False


def _file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("launchready") / "recent.json"
