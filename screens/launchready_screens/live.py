"""What goes on behind the screens: the opened sprint and its running checks.

Checks report in their own thread. Their events are gathered here and the app is told once until
it has looked, so that a thousand events cost the screen one refresh and not a thousand.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from launchready_screens.veil import Veil
from launchready_screens.watching import Watches
from launchready_tui.engine import Event, ItemJudged, ItemStarted
from launchready_tui.given import NO_PERMITS, Permits
from launchready_tui.recheck import Recheck
from launchready_tui.session import Session


class Live:
    """One opened sprint as the screens see it. Its methods are called in the screen's thread."""

    def __init__(self, session: Session, veil: Veil, stirred: Callable[[int], None]) -> None:
        """`stirred` is called with the run's number, in the checking thread; it must only post."""
        self.session = session
        self.veil = veil
        self.checking: set[str] = set()
        self.done = 0
        self.total = 0
        self.number = 0
        self.trouble = ""
        self.ran = session.seen_at is not None
        self.probing: tuple[str, ...] = ()
        """The active probes of the run that is on."""
        self.watches = Watches(session, lambda: stirred(self.number))
        self._recheck: Recheck | None = None
        self._stirred = stirred
        self._lock = threading.Lock()
        self._heard: list[tuple[int, Event | str]] = []

    @property
    def running(self) -> bool:
        return self._recheck is not None

    def start(self, items: Collection[str] | None, permits: Permits = NO_PERMITS) -> bool:
        """Check `items`. False while a run is on: one at a time, so that no two disagree."""
        if self.running:
            return False
        self.number += 1
        number = self.number
        self.checking, self.done, self.total, self.trouble = set(), 0, 0, ""
        self.probing = permits.probes

        def report(event: Event) -> None:
            self._hear(number, event)

        def done(trouble: str) -> None:
            self._hear(number, trouble)

        self._recheck = self.session.recheck(items, report, done, permits=permits)
        return True

    def cancel(self) -> bool:
        """End the running checks early. False when none run."""
        if self._recheck is None:
            return False
        self._recheck.cancel()
        return True

    def take(self) -> tuple[set[str], bool]:
        """What has happened since the last call: items that changed, and whether the run ended.

        Late events of an earlier run are dropped.
        """
        with self._lock:
            heard, self._heard = self._heard, []
        changed: set[str] = set()
        ended = False
        for number, event in heard:
            if number != self.number:
                continue
            if isinstance(event, str):
                self.trouble, ended = event, True
            elif isinstance(event, ItemStarted):
                self.total += 1
                self.checking.add(event.item)
                changed.add(event.item)
            elif isinstance(event, ItemJudged):
                self.done += 1
                self.checking.discard(event.item)
                changed.add(event.item)
        if ended:
            changed |= self.checking
            self.checking = set()
            self._recheck = None
            self.probing = ()
            self.ran = True
        return changed, ended

    def close(self) -> None:
        """Cancel what runs, wait a moment for it to be kept, and let go of the sprint."""
        if self._recheck is not None:
            self._recheck.cancel()
            self._recheck.wait(2.0)
        self.watches.close()
        self.session.close()

    def _hear(self, number: int, event: Event | str) -> None:
        with self._lock:
            first = not self._heard
            self._heard.append((number, event))
        if first:
            self._stirred(number)
