"""Watching a DNS name: which record, which value; and what is watched already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from launchready_screens import actions, paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import QUIET
from launchready_screens.keymap import bindings
from launchready_screens.watching import MOST, SECONDS

REFRESH = 2.0
_WHOLE_VALUES = ("TXT", "CAA")
"""Types whose values may hold a comma."""


class WatchDialog(Form):
    heading = "Watch a DNS name"
    go = "watch"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.WATCHES)
    AUTO_FOCUS = "Line"

    def __init__(self, name: str, rdtype: str = "A") -> None:
        super().__init__()
        self.about = name
        self.rdtype = rdtype

    def intro(self) -> Content:
        return paint.prose(
            "This computer's resolver and the zone's own nameservers are asked again and again, in"
            " the background, until all of them say it: then a bell, and what it was before and"
            " after is kept as evidence. A resolver keeps an old answer as long as its TTL says.",
            QUIET,
        )

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="name", label="Name", value=self.about),
            Asked(id="rdtype", label="Record", value=self.rdtype, hint="A, AAAA, CNAME, MX, NS …"),
            Asked(
                id="until",
                label="Wait for",
                hint="its new value; gone; or empty for any change",
            ),
        )

    def form(self) -> Iterable[Widget]:
        yield from super().form()
        if self.live.watches.running:
            yield OptionList(*self._rows(), id="parts", markup=False, compact=True)

    def on_mount(self) -> None:
        self.live.watches.news = ""
        self.set_interval(REFRESH, self._refresh)

    def _rows(self) -> list[Option]:
        watches = self.live.watches
        return [
            Option(
                paint.line(
                    paint.text("watching  ", QUIET),
                    paint.text(f"{asked.rdtype} {asked.name}  "),
                    paint.text(f"now {watches.value(number)}", QUIET),
                    paint.text(f"  until {', '.join(asked.until)}" if asked.until else "", QUIET),
                ),
                id=str(number),
            )
            for number, asked in watches.running.items()
        ]

    def _refresh(self) -> None:
        for rows in self.query("#parts").results(OptionList):
            place = rows.highlighted
            rows.set_options(self._rows())
            if place is not None and rows.option_count:
                rows.highlighted = min(place, rows.option_count - 1)

    def key_line(self) -> Content:
        caps = [paint.keycap("f2", self.go), paint.keycap("tab", "next")]
        if self.live.watches.running:
            caps.append(paint.keycap("del", "stop the chosen one"))
        return paint.joined(3, [*caps, paint.keycap("esc", "leave")])

    def keep(self, values: dict[str, str]) -> str:
        from launchready_tui.network.hosts import BadHost
        from launchready_tui.network.options import BadOption
        from launchready_tui.watch import TYPES, Watched

        rdtype = values["rdtype"].upper()
        if not values["name"]:
            raise Refused("Name what to watch, such as app.acme.com.", "name")
        if rdtype not in TYPES:
            raise Refused(f"The record is one of {', '.join(TYPES)}.", "rdtype")
        if self.live.watches.full:
            raise Refused(f"{MOST} names are watched already: stop one with del.")
        question = Watched(
            name=values["name"],
            rdtype=rdtype,
            until=_values(values["until"], rdtype),
            seconds=SECONDS,
            options=self.live.session.options,
        )
        try:
            self.live.watches.start(question)
        except BadHost as error:
            raise Refused(f"{error}.", "name") from error
        except BadOption as error:
            raise Refused(str(error)) from error
        return f"Watching {rdtype} {values['name']}. Go on; a bell tells."

    def action_stop_watch(self) -> None:
        rows = self.query("#parts").results(OptionList)
        option = next((list.highlighted_option for list in rows), None)
        if option is None or not option.id:
            self.refuse("Choose the one to stop in the list.")
            return
        self.live.watches.stop(int(option.id))
        self.refuse("Stopping; what was seen is kept.")


def _values(typed: str, rdtype: str) -> tuple[str, ...]:
    parts = [typed] if rdtype in _WHOLE_VALUES else typed.split(",")
    return tuple(part.strip() for part in parts if part.strip())
