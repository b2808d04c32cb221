"""Deeds that may wait for the keyring or the disk: done aside, while the screen goes on.

A value travels inside the work, never as a message that a log could show.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from textual.message import Message
from textual.screen import Screen

from launchready_screens.form import Form, Refused
from launchready_tui.session import SessionError

Work = Callable[[], str]
"""Does it and says what was done. Raises SessionError or Refused."""


class Done(Message):
    """What a deed came to: `told` in words, or why it was refused and at which field."""

    def __init__(self, told: str, refusal: str = "", field: str = "") -> None:
        super().__init__()
        self.told = told
        self.refusal = refusal
        self.field = field


def do_aside(screen: Screen[str], work: Work) -> None:
    """Post `Done` to `screen` when the work has ended."""

    def run() -> None:
        try:
            done = Done(work())
        except SessionError as error:
            done = Done("", str(error))
        except Refused as refused:
            done = Done("", str(refused), refused.field)
        with contextlib.suppress(RuntimeError):  # the loop may have closed already
            screen.post_message(done)

    screen.run_worker(run, thread=True, exit_on_error=False, name="deed", description="a deed")


class AsideForm(Form):
    """A form whose `keep` is done aside; it stays until that has ended."""

    def __init__(self) -> None:
        super().__init__()
        self._keeping = False

    def action_go_on(self) -> None:
        values = self.values()
        if self._keeping:
            return
        if values.get("by") == "":
            self.refuse("Who says so? Give a name: it stands in the record and the guide.", "by")
            return
        self._keeping = True
        self.refuse("Keeping it …")
        do_aside(self, lambda: self.keep(values))

    def on_done(self, done: Done) -> None:
        done.stop()
        self._keeping = False
        if done.refusal:
            self.refuse(done.refusal, done.field)
        else:
            self.dismiss(done.told)
