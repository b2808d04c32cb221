"""Commands by typing: every action of the page, every stage, every item. All from the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from launchready_screens import actions, paint
from launchready_screens.page import Page

if TYPE_CHECKING:
    from launchready_screens.app import Wizard

Command = tuple[str, str, Callable[[], object]]


class Commands(Provider):
    """What can be done here, then where one can go."""

    async def discover(self) -> Hits:
        for name, help, deed in self._actions():
            yield DiscoveryHit(paint.text(name), deed, text=name, help=paint.plain(help))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, help, deed in (*self._actions(), *self._places()):
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), deed, text=name, help=paint.plain(help))

    def _actions(self) -> Iterator[Command]:
        page = self.screen
        if not isinstance(page, Page):
            return
        for action in actions.at(page.place):
            name, _, _ = action.id.partition("(")
            if name != "stage" and page.check_action(name, ()):
                deed = partial(page.run_action, action.id)
                yield (
                    f"{action.label[:1].upper()}{action.label[1:]} ({action.key})",
                    action.help,
                    deed,
                )

    def _places(self) -> Iterator[Command]:
        wizard = cast("Wizard", self.app)
        if wizard.live is None:
            return
        session = wizard.live.session
        for stage in session.catalogue.stages:
            deed = partial(wizard.show_stage, stage.number)
            yield f"Stage {stage.number}: {stage.title}", stage.goal, deed
        for item in session.catalogue.items:
            deed = partial(wizard.show_stage, item.stage, item.id)
            yield item.title, f"Stage {item.stage}, {item.id}", deed
