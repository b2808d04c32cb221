"""What happens when the wizard itself breaks: a short message, and a report without any value.

Textual would print the local variables of every frame, and with them what was just typed. This is
the one file that touches Textual's private interface; a test crashes a page on a terminal and
looks for what must not be there.
"""

from __future__ import annotations

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from rich.text import Text
from textual.app import App

from launchready_tui import __version__
from launchready_tui.text import safe

CRASHED = 70
"""The exit code: an internal error, told apart from every verdict."""
T = TypeVar("T")


class CrashSafe(App[T]):
    """An app whose crash shows and stores no local variable and no message of an exception."""

    def _handle_exception(self, error: Exception) -> None:
        if self._exception is None:  # the first one is what a test wants to see
            self._exception = error
            self._exception_event.set()
            self._exit_renderables.append(Text(_message(_written(error))))
        self._return_code = CRASHED
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self._handle_exception(sys.exc_info()[1] or RuntimeError("unknown"))  # type: ignore[arg-type]


def _message(report: str) -> str:
    where = f"A report without your data is in {report}" if report else "No report could be written"
    return (
        "launchready stopped: this is our bug, not yours. What you recorded is on disk.\n"
        f"{where}; `launchready` takes up where you left."
    )


def report_of(error: BaseException) -> str:
    """The trace as files and lines. Messages are left out: they may hold what was typed."""
    rows = [f"launchready {__version__}", f"python {sys.version.split()[0]} on {sys.platform}", ""]
    for frame in traceback.extract_tb(error.__traceback__):
        rows.append(f"{_module(frame.filename)}:{frame.lineno} in {frame.name}")
    rows.append(safe(type(error).__name__, one_line=True))
    return "\n".join(rows) + "\n"


def _module(filename: str) -> str:
    """The last parts of a path: enough to find the line, nothing of the machine."""
    return "/".join(Path(filename).parts[-3:])


def _written(error: BaseException) -> str:
    """Write the report to the state folder; its path, or nothing where that fails."""
    try:
        from platformdirs import user_state_path

        folder = user_state_path("launchready", appauthor=False) / "crashes"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.txt"
        path.write_text(report_of(error), encoding="utf-8")
        path.chmod(0o600)
    except OSError:
        return ""
    return str(path)
