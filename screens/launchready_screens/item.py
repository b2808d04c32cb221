"""An item on a page of its own: for narrow terminals, and to read in peace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from launchready_screens import actions, detail
from launchready_screens.item_deeds import ItemDeeds
from launchready_screens.keymap import bindings
from launchready_screens.widgets.reading import DetailPane


class ItemPage(ItemDeeds):
    place = actions.ITEM
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.ITEM)
    AUTO_FOCUS = "DetailPane"
    DEFAULT_CSS = """
    ItemPage DetailPane { height: 1fr; padding: 1 2; }
    ItemPage.-low DetailPane { padding: 0 1; }
    """

    def __init__(self, item: str) -> None:
        super().__init__()
        self.item = item

    def body(self) -> Iterable[Widget]:
        yield DetailPane(self._drawn, id="whole")

    @property
    def chosen_item(self) -> str:
        return self.item

    def renew(self, changed: Iterable[str]) -> None:
        super().renew(changed)
        self.query_one(DetailPane).repaint()

    def _drawn(self, width: int) -> Content:
        return detail.painted(self.wizard.detail(self.item), width, self.live.veil)
