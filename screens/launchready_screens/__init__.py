"""The wizard's screens. Importing this package imports no Textual; `run` does."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launchready_tui.network import Options

USAGE = 2
TURN = 0.001
"""Seconds a checking thread may compute before the screen gets its turn; Python's own is 0.005."""


def run(
    start: Path, *, demo: bool = False, options: Options | None = None, read_only: bool = False
) -> int:
    """Run the wizard on this terminal; its exit code.

    Args:
        start: Where to look for a sprint (this folder and those above it), and to make a new one.
        demo: Open the embedded lab instead.
        options: How to reach the network; the lab brings its own.
        read_only: Record nothing, check nothing.
    """
    if not _is_terminal():
        sys.stderr.write(
            "launchready: the wizard needs a terminal, and this is none (or TERM=dumb).\n"
            "Without one, `launchready check`, `status` and `export` do the same work.\n"
            + ("The demo: launchready demo --headless --out DIR\n" if demo else "")
        )
        return USAGE
    _forget_debugging()
    sys.setswitchinterval(TURN)
    from launchready_screens.app import Wizard

    wizard = Wizard(start, demo=demo, options=options, read_only=read_only)
    try:
        wizard.run()
    finally:
        wizard.close()
    return wizard.return_code or 0


def _is_terminal() -> bool:
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if os.environ.get("TERM", "") in ("dumb", ""):
        return sys.platform == "win32" and all(s is not None and s.isatty() for s in streams)
    return all(stream is not None and stream.isatty() for stream in streams)


def _forget_debugging() -> None:
    """Textual's log holds every key, also those typed into a password field."""
    if os.environ.pop("TEXTUAL_LOG", None):
        sys.stderr.write("launchready: TEXTUAL_LOG is ignored, it would record what you type.\n")
    os.environ.pop("TEXTUAL_DEVTOOLS_HOST", None)
    features = os.environ.pop("TEXTUAL", "")
    kept = [f for f in features.split(",") if f.strip() not in ("devtools", "debug", "")]
    if kept:
        os.environ["TEXTUAL"] = ",".join(kept)
