"""The minimum bar, clause by clause; what to automate first; and what not to build now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET, RED, STRONG
from launchready_screens.keymap import bindings
from launchready_screens.ledger import LedgerPage
from launchready_screens.rows import Row
from launchready_screens.words import Word, of, of_view
from launchready_tui.model import Automation, Bar, NotNow, Severity, State

_FAILS = Word("✗", "not met", RED)
_HOLDS = Word("✓", "holds", "$text-success")


class BarPage(LedgerPage):
    """B1–B11 with their state, then A1–A8, then N1–N6."""

    place = actions.BAR
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.BAR)

    @property
    def chosen_item(self) -> str:
        return ""

    def title_line(self) -> Content:
        bars = self.live.session.verdict.bars
        held = sum(state in (State.PASS, State.WAIVED) for state in bars.values())
        told = (
            f"   {held} of {len(bars)} hold. Below it: what to automate, and what not to build now."
        )
        return paint.line(paint.text("Minimum bar", STRONG), paint.text(told, QUIET))

    def rows(self) -> Sequence[Row]:
        catalogue = self.live.session.catalogue
        bars = self.live.session.verdict.bars
        return (
            *(
                Row(id=b.id, word=_bar_word(bars[b.id]), title=f"{b.id:<4}{b.title}")
                for b in catalogue.bars
            ),
            *(
                Row(
                    id=a.id,
                    word=Word(
                        "»",
                        "first" if a.first else "automate",
                        "$text-accent" if a.first else QUIET,
                    ),
                    title=f"{a.id:<4}{a.title}",
                )
                for a in catalogue.automations
            ),
            *(
                Row(
                    id=n.id,
                    word=Word("–", "not now", QUIET),
                    title=f"{_id(n.id):<4}{n.title}",
                    quiet=True,
                )
                for n in catalogue.not_now
            ),
        )

    def painted(self, id: str, width: int) -> Content:
        catalogue = self.live.session.catalogue
        everything: list[Bar | Automation | NotNow] = [
            *catalogue.bars,
            *catalogue.automations,
            *catalogue.not_now,
        ]
        known = next((one for one in everything if one.id == id), None)
        return self._behind(known, width) if known else paint.EMPTY

    def _behind(self, known: Bar | Automation | NotNow, width: int) -> Content:
        parts = [
            paint.wrapped(paint.text(known.title, STRONG), width),
            paint.field("Why", paint.prose(known.why), width),
        ]
        if isinstance(known, NotNow):
            parts.append(paint.field("Instead", paint.prose(known.instead), width))
            parts.append(paint.field("Look again", paint.prose(known.revisit_when), width))
            return paint.lines(parts)
        if isinstance(known, Automation):
            parts.append(paint.field("How", paint.steps(paint.prose(s) for s in known.how), width))
            items = [self.live.session.catalogue.item(id) for id in known.items]
        else:
            items = list(self.live.session.catalogue.of_bar(known.id))
        if items:
            parts.append(paint.EMPTY)
            parts.append(paint.text("Held by   enter goes to the first that is open", QUIET))
        for item in items:
            view = self.live.session.verdict.items[item.id]
            word = of_view(view, checking=item.id in self.live.checking)
            head = paint.fitted(paint.text(word.both, word.ink), 13)
            title = view.item.fail if view.state is State.FAIL else view.item.title
            parts.append(paint.line(head, paint.text(title)).truncate(width, ellipsis=True))
        return paint.lines(parts)

    def entered(self, id: str) -> None:
        """To the first open item behind the row."""
        catalogue = self.live.session.catalogue
        automation = next((a for a in catalogue.automations if a.id == id), None)
        items = (
            [catalogue.item(i) for i in automation.items] if automation else catalogue.of_bar(id)
        )
        views = [self.live.session.verdict.items[item.id] for item in items]
        order = {State.FAIL: 0, State.TODO: 1, State.UNKNOWN: 2, State.ERROR: 2}
        for view in sorted(views, key=lambda view: order.get(view.state, 9)):
            self.wizard.show_stage(view.item.stage, view.item.id)
            return
        self.tell("Nothing stands behind this one.")


def _id(id: str) -> str:
    """The roadmap's id; one of our own is a word and would not fit its column."""
    return id if len(id) < 4 else ""


def _bar_word(state: State) -> Word:
    match state:
        case State.FAIL:
            return _FAILS
        case State.PASS:
            return _HOLDS
        case _:
            return of(state, Severity.MEDIUM)
