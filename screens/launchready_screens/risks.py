"""All risks in one list, the worst for the business first; `?` shows the sum behind a rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.keymap import bindings
from launchready_screens.ledger import LedgerPage
from launchready_screens.rows import Row
from launchready_screens.words import Word, day, of_severity
from launchready_tui.ranking import Risk
from launchready_tui.text import plural


class RisksPage(LedgerPage):
    place = actions.RISKS
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.RISKS)

    def __init__(self) -> None:
        super().__init__()
        self.sums = False

    @property
    def chosen_risk(self) -> Risk | None:
        chosen = self.list_of_rows.chosen
        return next((r for r in self.live.session.verdict.risks if r.fingerprint == chosen), None)

    @property
    def chosen_item(self) -> str:
        risk = self.chosen_risk
        return risk.item if risk else ""

    def title_line(self) -> Content:
        risks = self.live.session.verdict.risks
        if not risks:
            return paint.text("No risk is known yet. What is unknown is not listed here.")
        open_ones = sum(risk.waived is None for risk in risks)
        accepted = f", {len(risks) - open_ones} accepted" if open_ones < len(risks) else ""
        told = f"   {plural(open_ones, 'open risk')}{accepted}, the worst for the business first"
        return paint.line(paint.text("Risks", STRONG), paint.text(told, QUIET))

    def rows(self) -> Sequence[Row]:
        return tuple(
            Row(
                id=risk.fingerprint,
                word=_word(risk),
                title=f"{risk.score:5.1f}  {risk.title}",
                note=risk.subject,
                quiet=risk.waived is not None,
            )
            for risk in self.live.session.verdict.risks
        )

    def painted(self, id: str, width: int) -> Content:
        risk = self.chosen_risk
        if risk is None:
            return paint.EMPTY
        hide = self.live.veil
        parts = [
            paint.wrapped(paint.text(risk.title, STRONG), width),
            paint.field("Where", paint.text(hide(risk.subject)), width),
            paint.field("What we saw", paint.prose(hide(risk.observed)), width),
            paint.field("Breaks", paint.text(f"{risk.impact}: {risk.why}"), width),
            paint.field("Fix", paint.steps(paint.text(hide(step)) for step in risk.fix), width),
            paint.field("Who", paint.text(f"{risk.who} ({risk.effort})"), width),
        ]
        if risk.waived:
            said = f"by {risk.waived.by} until {day(risk.waived.until)}: {risk.waived.why}"
            parts.append(paint.field("Accepted", paint.text(hide(said)), width))
        parts.insert(1, self._sum(risk, width))
        return paint.lines(parts)

    def _sum(self, risk: Risk, width: int) -> Content:
        rank = paint.line(
            paint.text(f"{risk.rank}. with {risk.score:.1f}  "), paint.keycap("?", "the sum")
        )
        if not self.sums:
            return paint.field("Rank", rank, width)
        order = "Confirmed blockers come first, then the higher sum, then the quicker fix."
        return paint.lines(
            [
                paint.field("Rank", paint.text(risk.arithmetic), width),
                paint.field("", paint.text(order, QUIET), width),
            ]
        )

    def entered(self, id: str) -> None:
        risk = self.chosen_risk
        if risk is not None:
            self.wizard.show_stage(risk.stage, risk.item)

    def action_arithmetic(self) -> None:
        self.sums = not self.sums
        self.show_row()


def _word(risk: Risk) -> Word:
    return Word("~", "accepted", QUIET) if risk.waived else of_severity(risk.severity)
