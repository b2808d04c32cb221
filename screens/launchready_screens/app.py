"""The wizard: which page is first, where the keys lead, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from launchready_screens.desk import Desk
from launchready_screens.page import Page
from launchready_screens.stage import StagePage
from launchready_screens.theme import NIGHT

if TYPE_CHECKING:
    from textual.command import Provider

    from launchready_screens.sprint_page import SprintPage


TICK = 30.0
"""Seconds between two looks at the clock."""


def _commands() -> type[Provider]:
    from launchready_screens.palette import Commands

    return Commands


class Wizard(Desk):
    """The stack of pages: which is first, where a key leads, how it ends."""

    TITLE = "launchready"
    CSS_PATH = ["stage.tcss", "home.tcss"]
    """Of the pages that may be first: Textual loads a page's own only when it is pushed."""
    COMMANDS = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="everywhere.quit")
    ]
    DEFAULT_CSS = """
    Toast { max-width: 64; }
    Screen { background: $background; }
    """

    # ------------------------------------------------------------ coming up

    def get_default_screen(self) -> Screen[None]:
        self.register_theme(NIGHT)
        if self.theme == "textual-dark":
            self.theme = NIGHT.name
        if self.demo:
            from launchready_screens.lab import LabPage

            return LabPage()
        return self._first_page()

    def _first_page(self) -> Page:
        from launchready_tui.sprint import find_sprint

        root = find_sprint(self.start)
        if root is None:
            return self._home()
        trouble = self.open_sprint(root)
        return self._home(trouble) if trouble else self.stage_page()

    def _home(self, trouble: str = "") -> Page:
        from launchready_screens.home import HomePage

        return HomePage(trouble)

    def on_mount(self) -> None:
        self._listen()
        self.set_interval(TICK, self.renew_pages)
        self.call_after_refresh(self.begin)

    def _listen(self) -> None:
        """End on a signal as on `q`: terminal restored, exit code 128 + the signal's number."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError):
                    loop.add_signal_handler(number, self._signalled, int(number))

    def _signalled(self, number: int) -> None:
        self.exit(return_code=128 + number)

    def stage_page(self) -> StagePage:
        if self.live is None:
            raise RuntimeError("no sprint is open")
        stages = self.live.session.verdict.stages
        first = next((stage.number for stage in stages if stage.done < stage.total), 1)
        return StagePage(first if self.live.ran else 1)

    def enter_sprint(self) -> None:
        """Show the opened sprint in place of what is shown, and begin."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_screen(self.stage_page())
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Consent was given when the sprint was made: look at stage 1 without being asked."""
        live = self.live
        if live is None or live.ran or live.session.read_only or live.running:
            return
        self.start_checks([item.id for item in live.session.catalogue.of_stage(1)])

    # ------------------------------------------------------------ going about

    def go(self, page: type[SprintPage]) -> None:
        """Show a page above the stage; pages do not pile up."""
        if isinstance(self.screen, page):
            return
        if isinstance(self.screen, StagePage):
            self.push_screen(page())
        else:
            self.switch_screen(page())

    def back(self) -> None:
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def show_stage(self, number: int, item: str = "") -> None:
        while not isinstance(self.screen, StagePage) and len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(self.screen, StagePage):
            self.screen.show_stage(number, item)

    def go_home(self) -> None:
        self.close()
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_screen(self._home())

    def leave(self) -> None:
        self.exit(return_code=0)

    async def action_quit(self) -> None:
        self.leave()
