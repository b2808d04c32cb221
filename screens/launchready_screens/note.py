"""A note on an item: what was said or agreed, by whom."""

from __future__ import annotations

from textual.content import Content

from launchready_screens import paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import QUIET
from launchready_tui.model import Item


class NoteDialog(Form):
    heading = "Note"

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item

    def intro(self) -> Content:
        return paint.text(self.item.title, QUIET)

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="text", label="Note", kind="paper", hint="what was said or agreed"),
            Asked(id="by", label="Who notes it", value=self.live.session.by),
        )

    def keep(self, values: dict[str, str]) -> str:
        if not values["text"].strip():
            raise Refused("The note is empty.", "text")
        self.live.session.note(self.item.id, values["text"].strip(), by=values["by"])
        return "Note kept."
