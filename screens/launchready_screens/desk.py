"""What the pages share: the opened sprint, its running checks, the veil, a line to tell things."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message
from textual.timer import Timer

from launchready_screens.crash import CrashSafe
from launchready_screens.page import NO_CHANGE, Page
from launchready_screens.veil import SECONDS, Veil
from launchready_screens.widgets.foot import Going
from launchready_screens.widgets.verdict_line import Headline
from launchready_tui.given import NO_PERMITS, Permits
from launchready_tui.text import safe

if TYPE_CHECKING:
    from launchready_screens.detail import Detail
    from launchready_screens.live import Live
    from launchready_tui.network import Options
    from launchready_tui.session import Session
    from launchready_tui.sprint.clock import ClockView

REST = 0.05
"""Seconds between two refreshes while checks report: keys come first."""
Closing = Callable[[], object]
"""A step of taking the lab down."""


class Stirred(Message):
    """Something happened in the checking thread."""


class Desk(CrashSafe[None]):
    """Holds one opened sprint at a time and tells the pages when something has changed."""

    def __init__(
        self, start: Path, *, options: Options | None, read_only: bool, css_path: Path
    ) -> None:
        super().__init__(css_path=css_path)
        self.start = start
        self.options = options
        self.read_only = read_only
        self.live: Live | None = None
        self.veil = Veil()
        self._lab: tuple[Closing, ...] = ()
        self._due: Timer | None = None
        self._remask: Timer | None = None

    # ------------------------------------------------------------ the sprint

    def open_sprint(self, root: Path) -> str:
        """Open the sprint in `root`; an empty string, or in words why that was not possible."""
        from launchready_tui.badfile import BadFile
        from launchready_tui.session import Session, SessionError
        from launchready_tui.sprint.store import NotASprint

        try:
            session = Session.open(root, self.options, read_only=self.read_only)
        except (NotASprint, BadFile, SessionError, OSError) as error:
            return str(error)
        self.take(session)
        self.remember(root)
        return ""

    def remember(self, root: Path) -> None:
        """Put the sprint at the head of those of late; without a state folder it is forgotten."""
        from launchready_tui.sprint import recent

        with contextlib.suppress(OSError):
            recent.add(root)

    def take(self, session: Session) -> None:
        """Make `session` the opened sprint."""
        from launchready_screens.live import Live

        if self.live is not None:
            self.live.close()
        self.live = Live(session, self.veil, self._stir)

    def keep_lab(self, *closing: Closing) -> None:
        """Remember how to take the lab down. Called in the thread that started it."""
        self._lab = closing

    def start_checks(self, items: Collection[str] | None, permits: Permits = NO_PERMITS) -> bool:
        started = self.live is not None and self.live.start(items, permits)
        if started:
            self.renew_pages()
        return started

    # ------------------------------------------------------------ what checks report

    def _stir(self, number: int) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may have closed already
            self.post_message(Stirred())

    def on_stirred(self) -> None:
        if self._due is None:
            self._due = self.set_timer(REST, self._look)

    def _look(self) -> None:
        self._due = None
        if self.live is None:
            return
        for said, rings in self.live.watches.take():
            self.tell(said)
            if rings:
                self.bell()
        probed = self.live.probing
        changed, ended = self.live.take()
        self.renew_pages(changed)
        if ended and self.live.trouble:
            self.tell(self.live.trouble, trouble=True)
        elif ended and not self.live.total:
            self.tell("Nothing here is for a machine to see: a answers, with evidence.")
        elif ended and probed:
            self.tell(f"Tried: {', '.join(probed)}. What it showed stands in the items.")
        if ended and self.live.session.keychain.news:
            self.tell(self.live.session.keychain.news, trouble=True)
            self.live.session.keychain.news = ""

    def renew_pages(self, changed: Collection[str] = NO_CHANGE) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Page) and screen.is_mounted and screen.alive:
                screen.renew(changed)

    def tick(self) -> None:
        """Now and then: the clock goes on, and secrets that nobody uses are let go."""
        self.renew_pages()
        if self.live is not None and not self.live.running:
            self.live.session.keychain.lock_if_idle()

    # ------------------------------------------------------------ what pages share

    def headline(self) -> Headline:
        if self.live is None:
            return Headline()
        from launchready_screens import sight

        return sight.headline(self.live, self.clock())

    def going(self, *, clock: bool) -> Going:
        if self.live is None:
            return Going()
        from launchready_screens import sight

        return sight.going(self.live, sight.clock_words(self.clock()) if clock else "")

    def clock(self) -> ClockView:
        return self.opened().session.clock(datetime.now(UTC))

    def detail(self, id: str) -> Detail:
        from launchready_screens import sight

        return sight.item_detail(self.opened(), id)

    def opened(self) -> Live:
        """The opened sprint, for those who are only there while one is."""
        if self.live is None:
            raise RuntimeError("no sprint is open")
        return self.live

    def tell(self, said: str, *, trouble: bool = False) -> None:
        """A line in the corner that goes away by itself."""
        shown = self.veil(said)
        self.notify(
            safe(shown, limit=400),
            severity="warning" if trouble else "information",
            timeout=8 if trouble else 4,
            markup=False,
        )

    def told(self, said: str | None) -> None:
        """What a dialog brought back."""
        if said:
            self.tell(said)
        self.renew_pages()

    def lift(self) -> None:
        """Show what is masked, for a while."""
        self._remask = self.set_timer(SECONDS, self.mask)
        self._set_veil(lifted=True)
        if self.live is not None:
            self.live.session.unmasked()

    def mask(self) -> None:
        if self._remask is not None:
            self._remask.stop()
            self._remask = None
        self._set_veil(lifted=False)

    def _set_veil(self, *, lifted: bool) -> None:
        from launchready_screens.widgets.items import ItemList

        self.veil.lifted = lifted
        for screen in self.screen_stack:
            for rows in screen.query(ItemList):
                rows.repaint_rows()
        self.renew_pages()

    def close(self) -> None:
        """Let go of the sprint and of the lab. Everything was written when it changed."""
        if self.veil.lifted:
            self.mask()
        if self.live is not None:
            self.live.close()
            self.live = None
        lab, self._lab = self._lab, ()
        for part in lab:
            part()
