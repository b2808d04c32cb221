"""A real Secret Service on a desktop bus of its own: open, locked, absent, or silent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
needs_keyring = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="gnome-keyring and dbus are not installed",
)


def in_session(program: str, folder: Path, start: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program on a desktop bus of its own, after the shell line `start`."""
    script = folder / "program.py"
    script.write_text(textwrap.dedent(program))
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DBUS", "XDG", "LAUNCHREADY"))}
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    env |= {"HOME": str(folder), "XDG_RUNTIME_DIR": str(runtime), "PYTHONPATH": str(ROOT)}
    env.pop("DISPLAY", None)
    line = f"{start}\nexec {sys.executable} {script}"
    return subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", line],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )


UNLOCKED = "printf test-pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null"
SILENT = (
    f"{sys.executable} {ROOT / 'tests' / 'silent_keyring.py'} >/dev/null 2>&1 &"
    " export SILENT=$!; sleep 0.7"
)
