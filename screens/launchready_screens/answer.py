"""Answering an item: the question, what the answer rests on, and what of it we will keep.

Evidence is shown back redacted before it is kept. Nothing is a bare tick box.
"""

from __future__ import annotations

from typing import Literal, cast

from textual.content import Content
from textual.widgets import Static

from launchready_screens import paint
from launchready_screens.form import Asked, Form
from launchready_screens.inks import QUIET, STRONG
from launchready_tui.model import Item

Says = Literal["pass", "fail", "n/a"]


class AnswerDialog(Form):
    heading = "Answer"
    go = "go on"

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item
        self._shown: dict[str, str] | None = None

    def intro(self) -> Content:
        rows = [paint.text(self.item.title, STRONG), paint.prose(self.item.question)]
        if self.item.evidence:
            rows += [
                paint.EMPTY,
                paint.text("What it rests on", QUIET),
                paint.prose(self.item.evidence),
            ]
        if self.item.artefact:
            rows += [
                paint.EMPTY,
                paint.text("It is there when", QUIET),
                paint.prose(self.item.artefact),
            ]
        return paint.lines(rows)

    def asked(self) -> tuple[Asked, ...]:
        earlier = self.live.session.store.attestations().get(self.item.id)
        return (
            Asked(
                id="says",
                label="Does it hold?",
                value=earlier.says if earlier else "",
                kind="choice",
                options=(
                    ("pass", "yes, it holds"),
                    ("fail", "no, it fails"),
                    ("n/a", "does not apply"),
                ),
            ),
            Asked(
                id="evidence",
                label="Evidence",
                kind="paper",
                hint="paste what you saw: a log line, a setting, a header",
            ),
            Asked(id="note", label="Note", value=earlier.note if earlier else ""),
            Asked(id="by", label="Who says so", value=self.live.session.by),
        )

    def keep(self, values: dict[str, str]) -> str:
        self.live.session.attest(
            self.item.id,
            cast("Says", values["says"]),
            evidence=values["evidence"],
            note=values["note"],
            by=values["by"],
        )
        return "Answer kept. u takes it back."

    def action_go_on(self) -> None:
        """First show what will be kept; the second time keep it."""
        values = self.values()
        if not values["says"]:
            self.refuse("Choose one: yes, no, or does not apply.", "says")
        elif values["by"] and values["evidence"].strip() and values != self._shown:
            self._shown = values
            self._show_back(values["evidence"])
        else:
            super().action_go_on()

    def refuse(self, message: str, field: str = "") -> None:
        """A refusal is about the fields: show them again."""
        if self.has_class("-back"):
            self.action_leave()
        super().refuse(message, field)

    def action_leave(self) -> None:
        """From what is shown back to the fields; from the fields out."""
        if self.has_class("-back"):
            self.remove_class("-back")
            self._shown = None
            self._rename("go on")
            self.query_one("#field-evidence").focus()
        else:
            super().action_leave()

    def _show_back(self, evidence: str) -> None:
        self.query("#shown").remove()
        self.query_one("#form").mount(Static(_kept(evidence), id="shown"))
        self.add_class("-back")
        self.query_one("#form").can_focus = True
        self.query_one("#form").focus()
        self.call_after_refresh(self.query_one("#form").scroll_home, animate=False)
        self._rename("keep")

    def _rename(self, go: str) -> None:
        keys = [paint.keycap("f2", go), paint.keycap("esc", "back")]
        self.query_one("#keys", Static).update(paint.joined(3, keys))


def _kept(evidence: str) -> Content:
    """What of the evidence goes into the record."""
    from launchready_tui.redact import redact

    kept = redact(evidence)
    hidden = "" if kept == evidence else "What looked like a secret is left out. "
    return paint.lines(
        [
            paint.text("We will keep this", STRONG),
            paint.text(f"{hidden}f2 keeps it, esc goes back to change it.", QUIET),
            paint.EMPTY,
            paint.prose(kept),
        ]
    )
