"""A stage: its items in the order of what to do next, and the chosen one in full beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import OptionList, Static

from launchready_screens import actions, paint, rows
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.item_deeds import ItemDeeds
from launchready_screens.keymap import bindings
from launchready_screens.page import NO_CHANGE, WIDE
from launchready_screens.sight import rail_summary, traffic_line
from launchready_screens.widgets.items import ItemList
from launchready_screens.widgets.rail import Rail
from launchready_screens.widgets.reading import DetailPane
from launchready_screens.words import NOT_APPLICABLE, PASS
from launchready_tui.text import plural

if TYPE_CHECKING:
    from textual.widgets import Input

ROOMY = 30
"""Rows from which on there is room for more than the list needs."""


class StagePage(ItemDeeds):
    """One page for all seven: a number key exchanges what it shows, not the page."""

    place = actions.STAGE
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.STAGE)
    CSS_PATH = "stage.tcss"
    AUTO_FOCUS = "ItemList"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.words = ""
        self.unfolded: set[str] = set()
        self._places: dict[int, str] = {}

    def body(self) -> Iterable[Widget]:
        yield Horizontal(
            Rail(classes="-line" if self.app.size.width < WIDE else ""),
            Vertical(
                Static(id="stage"),
                Static(id="traffic"),
                ItemList(self.wizard.veil, id="items"),
                id="middle",
            ),
            DetailPane(self._detail, id="side"),
            id="columns",
        )

    @property
    def items(self) -> ItemList:
        return self.query_one(ItemList)

    @property
    def chosen_item(self) -> str:
        return self.items.chosen

    # ------------------------------------------------------------ showing

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.query_one(Rail).set_class(event.size.width < WIDE, "-line")

    def renew(self, changed: Iterable[str], *, fresh: bool = False) -> None:
        super().renew(changed)
        if not self.alive:
            return
        self.query_one(Rail).summary = rail_summary(self.live, self.number)
        stage = self.live.session.catalogue.stages[self.number - 1]
        self.query_one("#stage", Static).update(
            paint.line(
                paint.text(f"{stage.number}  ", QUIET),
                paint.text(stage.title, STRONG),
                paint.text(f"   {stage.goal}", QUIET),
            )
        )
        roomy = self.app.size.height >= ROOMY
        path = traffic_line(self.live, self.wizard.clock(), roomy=roomy)
        self.query_one("#traffic", Static).update(paint.line(path))
        self._show_rows(fresh=fresh)
        self.query_one(DetailPane).repaint()

    def _show_rows(self, *, fresh: bool, follow: bool = True) -> None:
        session = self.live.session
        verdict = session.verdict
        views = [verdict.items[item.id] for item in session.catalogue.of_stage(self.number)]
        shown = rows.of_stage(
            views,
            self.live.checking,
            unfolded=self.unfolded,
            fresh=[view.item.id for view in views if session.before(view.item.id)],
            words=self.words,
        )
        self.items.show(shown, fresh=fresh, follow=follow)

    def _detail(self, width: int) -> Content:
        chosen = self.chosen_item
        if not self.alive:
            return paint.EMPTY
        if chosen.startswith(rows.FOLD):
            return paint.text("enter shows or folds them.", QUIET)
        if chosen not in self.live.session.verdict.items:
            return paint.text("Nothing here holds these words. esc shows all again.", QUIET)
        from launchready_screens import detail

        return detail.painted(self.wizard.detail(chosen), width, self.live.veil)

    # ------------------------------------------------------------ going about

    def show_stage(self, number: int, item: str = "") -> None:
        """Exchange the stage; each remembers the row it was left on."""
        self._places[self.number] = self.chosen_item
        fresh = number != self.number
        self.number = number
        self._drop_filter()
        self.renew(NO_CHANGE, fresh=fresh)
        wanted = item or self._places.get(number, "")
        if item and item not in [row.id for row in self.items.rows]:
            self.unfolded = {rows.FOLD + word.word for word in (PASS, NOT_APPLICABLE)}
            self._show_rows(fresh=False)
        self.items.go_to(wanted)
        self.query_one(DetailPane).top()

    @on(OptionList.OptionHighlighted, "#items")
    def _highlighted(self) -> None:
        self.query_one(DetailPane).top()

    @on(OptionList.OptionSelected, "#items")
    def _selected(self) -> None:
        chosen = self.chosen_item
        if chosen.startswith(rows.FOLD):
            self.unfolded ^= {chosen}
            self._show_rows(fresh=False)
            self.items.go_to(chosen)
            return
        from launchready_screens.item import ItemPage

        self.app.push_screen(ItemPage(chosen))

    @on(Rail.Chosen)
    def _rail_chosen(self, event: Rail.Chosen) -> None:
        self.show_stage(event.number)

    # ------------------------------------------------------------ actions

    def answered(self, told: str | None) -> None:
        """An item that is settled moves away, and the highlight stays where the next one comes up;
        one that is not is looked at where it goes.
        """
        if told:
            view = self.live.session.verdict.items.get(self.chosen_item)
            self._show_rows(fresh=False, follow=view is not None and not rows.is_settled(view))
        super().answered(told)

    def action_recheck_stage(self) -> None:
        catalogue = self.live.session.catalogue
        items = [item.id for item in catalogue.of_stage(self.number)]
        if not self.wizard.start_checks(items):
            self.tell("Checks are running. Press c to stop them first.")

    def probed_items(self) -> Collection[str]:
        """All of the stage: the footer does not change with the row."""
        return [item.id for item in self.live.session.catalogue.of_stage(self.number)]

    def action_probe_stage(self) -> None:
        self.offer_probes(self.probed_items(), "For this stage a visitor's look is all there is.")

    async def action_filter(self) -> None:
        """Waits until the field is there: what is typed next belongs to it, not to the list."""
        from launchready_screens.widgets.fields import Line

        if not self.query("#filter"):
            hint = "words to look for; enter keeps them, esc shows all"
            await self.query_one("#middle").mount(
                Line(placeholder=hint, id="filter"), before="#items"
            )
        self.set_focus(self.query_one("#filter"))

    def on_input_changed(self, event: Input.Changed) -> None:
        self.words = event.value.strip()
        self._show_rows(fresh=True)
        self.query_one(DetailPane).top()

    def on_input_submitted(self) -> None:
        found = [row for row in self.items.rows if not row.id.startswith(rows.FOLD)]
        self.tell(f"{plural(len(found), 'item')} found; esc shows all again.")
        self.set_focus(self.items)

    def action_back(self) -> None:
        if self.query("#filter"):
            self._drop_filter()
            self.renew(NO_CHANGE)

    def _drop_filter(self) -> None:
        self.words = ""
        self.query("#filter").remove()
        self.set_focus(self.items)
