"""The wizard: which page is first, where the keys lead, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.screen import Screen

from launchready_screens import hangup
from launchready_screens.desk import Desk
from launchready_screens.theme import CHOSEN

if TYPE_CHECKING:
    from textual.command import Provider

    from launchready_screens.sprint_page import SprintPage
    from launchready_screens.stage import StagePage
    from launchready_tui.network import Options
FOLDER = Path(__file__).parent
TICK = 30.0
"""Seconds between two looks at the clock."""


def _commands() -> type[Provider]:
    from launchready_screens.palette import Commands

    return Commands


class Wizard(Desk):
    """The stack of pages: which is first, where a key leads, how it ends."""

    TITLE = "launchready"
    COMMANDS = {_commands}
    theme: Reactive[str] = Reactive(CHOSEN)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="everywhere.quit")
    ]
    DEFAULT_CSS = """
    Toast { max-width: 64; }
    Screen { background: $background; }
    """

    def __init__(
        self,
        start: Path,
        *,
        demo: bool = False,
        options: Options | None = None,
        read_only: bool = False,
    ) -> None:
        """As in `launchready_screens.run`."""
        from launchready_tui.sprint import find_sprint

        self.demo = demo
        self._listen_no_more: Callable[[], None] = lambda: None
        self.root = None if demo else find_sprint(start)
        # Textual loads a page's own style sheet only when it is pushed, not when it is the first.
        sheet = FOLDER / ("stage.tcss" if self.root else "home.tcss")
        super().__init__(start, options=options, read_only=read_only, css_path=sheet)

    # ------------------------------------------------------------ coming up

    def get_default_screen(self) -> Screen[None]:
        """The floor of the stack. It stays, so what cannot be shown now is shown above it."""
        if self.demo:
            from launchready_screens.lab import LabPage

            return LabPage()
        if self.root is None:
            from launchready_screens.home import HomePage

            return HomePage()
        from launchready_screens.opening import OpeningPage

        return OpeningPage(self.root)

    def on_mount(self) -> None:
        self._listen()
        self.set_interval(TICK, self.tick)
        self.call_after_refresh(self.resume)

    def _listen(self) -> None:
        """End on a signal as on `q`: terminal restored, exit code 128 + the signal's number."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError, RuntimeError):
                loop.add_signal_handler(number, self._signalled, int(number))
        self._listen_no_more = hangup.listen(self._signalled, super().close)

    def close(self) -> None:
        self._listen_no_more()
        super().close()

    def _signalled(self, number: int) -> None:
        self.exit(return_code=128 + number)

    def resume(self) -> None:
        """Open the sprint of this folder, if one is there: once the first frame is drawn."""
        if self.root is None:
            self.begin()
        elif trouble := self.open_sprint(self.root):
            from launchready_screens.home import HomePage

            self.push_screen(HomePage(trouble))
        else:
            self.enter_sprint()
            self.call_after_refresh(self._press_early)

    def _press_early(self) -> None:
        """Hand on what was pressed before the page was there that it is meant for."""
        from launchready_screens.opening import OpeningPage

        floor = self.screen_stack[0]
        for key in floor.early if isinstance(floor, OpeningPage) else ():
            self.simulate_key(key)

    def stage_page(self) -> StagePage:
        """The first stage with something open; on a new sprint the first of all."""
        from launchready_screens.stage import StagePage

        live = self.opened()
        stages = live.session.verdict.stages
        first = next((stage.number for stage in stages if stage.done < stage.total), 1)
        return StagePage(first if live.ran else 1)

    def enter_sprint(self) -> None:
        """Show the opened sprint above what was first, and begin."""
        from launchready_screens.stage import StagePage

        self._to_floor()
        page = self.stage_page()
        if isinstance(self.screen, StagePage):
            self.screen.show_stage(page.number)
        else:
            self.push_screen(page)
        self.call_after_refresh(self.begin)

    def _to_floor(self) -> None:
        """Close every page but the first. That one stays: Textual cannot exchange it."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def begin(self) -> None:
        """Consent was given when the sprint was made: look at stage 1 without being asked."""
        if not self.is_headless:
            gc.freeze()  # all this stays: a full collection would hold up a key for 50 ms
        live = self.live
        if live is not None:
            live.session.prepare()
        if live is None or live.ran or live.session.read_only or live.running:
            return
        self.start_checks([item.id for item in live.session.catalogue.of_stage(1)])

    # ------------------------------------------------------------ going about

    def go(self, page: type[SprintPage]) -> None:
        """Show a page above the stage; pages do not pile up."""
        from launchready_screens.stage import StagePage

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
        from launchready_screens.stage import StagePage

        while not isinstance(self.screen, StagePage) and len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(self.screen, StagePage):
            self.screen.show_stage(number, item)

    def go_home(self) -> None:
        from launchready_screens.home import HomePage

        self.close()
        self._to_floor()
        if not isinstance(self.screen, HomePage):
            self.push_screen(HomePage())

    def leave(self) -> None:
        self.exit(return_code=0)

    async def action_quit(self) -> None:
        self.leave()
