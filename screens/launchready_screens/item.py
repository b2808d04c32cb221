"""An item on a page of its own: for narrow terminals, and to read in peace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from launchready_screens import actions, detail
from launchready_screens.item_deeds import ItemDeeds
from launchready_screens.keymap import bindings
from launchready_screens.page import NO_CHANGE
from launchready_screens.widgets.reading import Reading

WIDEST = 92
"""Longer lines are hard to read."""


class ItemPage(ItemDeeds):
    place = actions.ITEM
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.ITEM)
    AUTO_FOCUS = "Reading"
    DEFAULT_CSS = """
    ItemPage Reading { height: 1fr; padding: 1 2; }
    ItemPage #whole { height: auto; width: 1fr; }
    .-low Reading { padding: 0 1; }
    """

    def __init__(self, item: str) -> None:
        super().__init__()
        self.item = item

    def body(self) -> Iterable[Widget]:
        yield Reading(Static(id="whole"))

    @property
    def chosen_item(self) -> str:
        return self.item

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.renew, NO_CHANGE)

    def renew(self, changed: Iterable[str]) -> None:
        super().renew(changed)
        pane = self.query_one("#whole", Static)
        width = min(pane.size.width or self.size.width - 5, WIDEST)
        pane.update(detail.painted(self.wizard.detail(self.item), width, self.live.veil))
