"""Accepting a risk: who, why, until when. The rules are shown before, not after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from textual.content import Content

from launchready_screens import paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import QUIET
from launchready_screens.words import of_severity
from launchready_tui.verdict import ItemView

DAYS = 30


class WaiveDialog(Form):
    heading = "Accept this risk"
    go = "accept"

    def __init__(self, view: ItemView) -> None:
        super().__init__()
        self.view = view

    def intro(self) -> Content:
        rows = [paint.text(self.view.item.fail)]
        for risk in self.view.risks[:6]:
            word = of_severity(risk.severity)
            where = paint.text(f"  {self.live.veil(risk.subject)}", QUIET)
            rows.append(paint.line(paint.text(word.both, word.ink), where))
        rows.append(paint.EMPTY)
        rows.append(
            paint.prose(
                "It covers exactly what is listed here, for at most 180 days, and stays in the"
                " verdict and in the guide. A committed secret cannot be accepted.",
                QUIET,
            )
        )
        return paint.lines(rows)

    def asked(self) -> tuple[Asked, ...]:
        until = datetime.now(UTC).date() + timedelta(days=DAYS)
        return (
            Asked(
                id="why",
                label="Why acceptable?",
                hint="what limits the damage until then, in a sentence",
            ),
            Asked(id="until", label="Until", value=until.isoformat()),
            Asked(id="by", label="Who accepts it", value=self.live.session.by),
        )

    def keep(self, values: dict[str, str]) -> str:
        try:
            until = date.fromisoformat(values["until"])
        except ValueError as error:
            raise Refused("Write the day as 2031-01-12.", "until") from error
        self.live.session.waive(self.view.item.id, why=values["why"], until=until, by=values["by"])
        return f"Accepted until {until.isoformat()}. u takes it back."
