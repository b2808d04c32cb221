"""The demo: a flawed company on this machine, started while a line says what is going on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET, STRONG, YELLOW
from launchready_screens.keymap import bindings
from launchready_screens.page import Page
from launchready_tui.model import Level
from launchready_tui.session import Session

WHO = "Demo consultant"
_WHAT = "Its name server, sites, application and repository. Nothing leaves this machine."


class LabPage(Page):
    """Starting takes a second or two, in a thread; then the sprint takes this page's place."""

    place = actions.HELP
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.HELP)
    DEFAULT_CSS = """
    LabPage Vertical { padding: 2 4; }
    """

    class Started(Message):
        def __init__(self, session: Session | None, trouble: str) -> None:
            super().__init__()
            self.session = session
            self.trouble = trouble

    def body(self) -> Iterable[Widget]:
        yield Vertical(
            Static(paint.text("Starting a flawed company on 127.0.0.1 …", STRONG), id="saying"),
            Static(paint.text(_WHAT, QUIET)),
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._start, thread=True, exit_on_error=False, description="the lab")

    def _start(self) -> None:
        """In the worker's thread."""
        try:
            from launchready_tui.demo import Lab
            from launchready_tui.demo.sprint import begin
        except ImportError as error:
            extra = f"The demo needs its extra: pip install 'launchready-tui[demo]' ({error.name})."
            self.post_message(self.Started(None, extra))
            return
        folder = tempfile.TemporaryDirectory(prefix="launchready-demo-", ignore_cleanup_errors=True)
        try:
            lab = Lab.start(Path(folder.name))
            self.wizard.keep_lab(lab.stop, folder.cleanup)
            session = begin(lab, Path(folder.name) / "sprint", by=WHO, level=Level.PASSIVE)
        except Exception as error:
            why = f"The lab did not start: {type(error).__name__}: {error}"
            self.post_message(self.Started(None, why))
            return
        self.post_message(self.Started(session, ""))

    def on_lab_page_started(self, event: LabPage.Started) -> None:
        if event.session is None:
            self.query_one("#saying", Static).update(paint.prose(event.trouble, YELLOW))
            return
        self.wizard.take(event.session)
        self.wizard.enter_sprint()

    def action_leave(self) -> None:
        self.wizard.go_home()
