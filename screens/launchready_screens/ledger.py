"""A list and, for the chosen row, what is behind it: the shape of risks, bar and guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from launchready_screens import paint
from launchready_screens.item_deeds import ItemDeeds
from launchready_screens.rows import Row
from launchready_screens.widgets.items import ItemList
from launchready_screens.widgets.reading import DetailPane


class LedgerPage(ItemDeeds):
    """Side by side where there is room, else one above the other."""

    CSS_PATH = "ledger.tcss"
    AUTO_FOCUS = "ItemList"

    def title_line(self) -> Content:
        """What the page is, in a line or two."""
        return paint.EMPTY

    def rows(self) -> Sequence[Row]:
        return ()

    def painted(self, id: str, width: int) -> Content:
        """What is behind a row."""
        return paint.EMPTY

    def entered(self, id: str) -> None:
        """Enter on a row."""

    def body(self) -> Iterable[Widget]:
        yield Static(id="about")
        yield Container(ItemList(self.wizard.veil, id="ledger"), self.pane(), id="both")

    def pane(self) -> Widget:
        """What shows the chosen row."""
        return DetailPane(self._drawn, id="behind")

    @property
    def list_of_rows(self) -> ItemList:
        return self.query_one("#ledger", ItemList)

    def renew(self, changed: Iterable[str]) -> None:
        super().renew(changed)
        self.query_one("#about", Static).update(paint.line(self.title_line()))
        self.list_of_rows.show(self.rows())
        self.show_row()

    def show_row(self) -> None:
        self.query_one("#behind", DetailPane).repaint()

    def turn(self) -> None:
        """Show another row from its first line."""
        self.query_one("#behind", DetailPane).top()

    def _drawn(self, width: int) -> Content:
        return self.painted(self.list_of_rows.chosen, width)

    @on(OptionList.OptionHighlighted, "#ledger")
    def _highlighted(self) -> None:
        self.turn()

    @on(OptionList.OptionSelected, "#ledger")
    def _selected(self) -> None:
        self.entered(self.list_of_rows.chosen)
