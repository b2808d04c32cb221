"""Correcting what we think we know: a part of the traffic path, and who says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from launchready_screens import paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import QUIET, YELLOW
from launchready_screens.widgets.fields import Line

if TYPE_CHECKING:
    from launchready_tui.facts.traffic import Part


class EditFactDialog(Form):
    heading = "Parts of the traffic path"

    def intro(self) -> Content:
        if self.live.session.traffic is None:
            return paint.text("Nothing is known yet: R checks the stage, then come back.")
        return paint.prose("Choose a part and say what it is. It overrides what we saw.", QUIET)

    def form(self) -> Iterable[Widget]:
        intro, *fields = super().form()
        yield intro
        yield OptionList(*self._parts(), id="parts", markup=False, compact=True)
        yield from fields

    def _parts(self) -> list[Option]:
        path = self.live.session.traffic
        return [Option(self._row(part), id=part.key) for part in (path.parts if path else ())]

    def _row(self, part: Part) -> Content:
        hide = self.live.veil
        value = paint.text(hide(part.value)) if part.value else paint.text("unknown", YELLOW)
        source = f"said by {part.by}" if part.by else part.source
        return paint.line(
            paint.fitted(paint.text(part.label, QUIET), 16),
            paint.fitted(value, 26),
            paint.text(f" {hide(source)}", QUIET),
        )

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="value", label="What it is"),
            Asked(id="by", label="Who says so", value=self.live.session.by),
        )

    @on(OptionList.OptionHighlighted, "#parts")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        path = self.live.session.traffic
        known = next((p.value for p in path.parts if p.key == event.option_id), "") if path else ""
        self.query_one("#field-value", Line).value = paint.plain(known)

    @on(OptionList.OptionSelected, "#parts")
    def _selected(self) -> None:
        self.query_one("#field-value").focus()

    def keep(self, values: dict[str, str]) -> str:
        option = self.query_one("#parts", OptionList).highlighted_option
        if option is None or not option.id:
            raise Refused("There is no part to correct yet.")
        if not values["value"]:
            raise Refused("Say what it is.", "value")
        self.live.session.say(option.id, values["value"], by=values["by"])
        return "Kept; the traffic path follows what you say."
