"""DNS names that are watched in the background while a person goes on with other work.

Watches report in threads of their own. Their events are gathered here and taken in the screen's
thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from launchready_tui.text import plural

if TYPE_CHECKING:
    from launchready_tui.session import Session
    from launchready_tui.watch import Ended, Looked, Watch, Watched, WatchEvent

SECONDS = 86_400.0
"""A watch ends after a day: what has not come by then does not come by waiting."""
MOST = 8


class Watches:
    """The watches of one opened sprint. Its methods are called in the screen's thread."""

    def __init__(self, session: Session, stirred: Callable[[], None]) -> None:
        """`stirred` is called in a watching thread; it must only post."""
        self.news = ""
        """How the last one ended, until the person looks."""
        self._session = session
        self._stirred = stirred
        self._lock = threading.Lock()
        self._heard: list[tuple[int, WatchEvent]] = []
        self._running: dict[int, Watch] = {}
        self._said: dict[int, dict[str, Looked]] = {}
        self._number = 0

    @property
    def running(self) -> dict[int, Watched]:
        """What is watched now, by number."""
        return {number: watch.question for number, watch in self._running.items()}

    @property
    def full(self) -> bool:
        return len(self._running) >= MOST

    def start(self, question: Watched) -> None:
        """Raises BadHost or BadOption."""
        from launchready_tui.watch import Watch, canonical

        self._number += 1
        number = self._number

        def report(event: WatchEvent) -> None:
            with self._lock:
                self._heard.append((number, event))
            self._stirred()

        self._said[number] = {}
        self._running[number] = Watch(canonical(question), report).start()

    def stop(self, number: int) -> None:
        if number in self._running:
            self._running[number].cancel()

    def value(self, number: int) -> str:
        """What its servers say now, in words."""
        said = self._said.get(number, {})
        if not said:
            return "asking …"
        known = [look.value for look in said.values() if look.known]
        silent = len(said) - len(known)
        if not known:
            return f"no answer from {plural(silent, 'server')}"
        values = list(dict.fromkeys(known))
        told = values[0] if len(values) == 1 else f"{len(values)} different answers"
        return f"{told} ({plural(silent, 'server')} silent)" if silent else told

    def words(self) -> str:
        """For the status line: the news, or what is waited for."""
        if self.news:
            return self.news
        waited = [f"{asked.rdtype} {asked.name}" for asked in self.running.values()]
        return f"watching {', '.join(waited)} (d)" if waited else ""

    def take(self) -> list[tuple[str, bool]]:
        """What there is to tell since the last call, and whether it deserves the bell."""
        from launchready_tui.watch import Changed, Looked

        with self._lock:
            heard, self._heard = self._heard, []
        told: list[tuple[str, bool]] = []
        for number, event in heard:
            watch = self._running.get(number)
            if watch is None:
                continue
            if isinstance(event, Looked):
                self._said[number][event.resolver] = event
            elif isinstance(event, Changed):
                after = ", ".join(event.after) or "gone"
                name = f"{watch.question.rdtype} {watch.question.name}"
                told.append((f"{name} changed to {after} at {event.resolver}", True))
            else:
                del self._running[number]
                told.append(self._ended(event))
        return told

    def close(self) -> None:
        """End all of them. What they saw until now is not kept: the person leaves."""
        for watch in self._running.values():
            watch.cancel()
        for watch in self._running.values():
            watch.wait(0.5)
        self._running.clear()

    def _ended(self, ended: Ended) -> tuple[str, bool]:
        from launchready_tui.session import SessionError

        asked = ended.question
        name = f"{asked.rdtype} {asked.name}"
        if ended.how == "failed":
            return f"{name} could not be watched: {ended.cause}", False
        try:
            kept = f"kept as evidence {self._session.keep_watch(ended)[:8]}"
        except (SessionError, OSError) as error:
            kept = f"not kept: {error}"
        how = {"there": "is there", "time": "did not come within a day", "cancelled": "stopped"}
        said = f"{name}: {how[ended.how]}; {kept}"
        if ended.how == "there":
            self.news = f"✓ {name} is there since {ended.at.astimezone():%H:%M}"
        return said, ended.how == "there"
