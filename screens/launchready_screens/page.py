"""A full screen: the verdict line above, the foot below, and what every page can do.

A page shows values and calls the session; it decides nothing. When something changes the app
calls `renew` on the pages that are open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Resize, ScreenResume
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from launchready_screens import actions, inks, paint
from launchready_screens.widgets.foot import Foot
from launchready_screens.widgets.verdict_line import VerdictLine

if TYPE_CHECKING:
    from launchready_screens.app import Wizard
    from launchready_screens.live import Live

WIDE = 130
"""From so many columns on the rail stands beside the list."""
SMALLEST = (30, 8)
"""Below this a page shows its verdict word and asks for room."""
NO_CHANGE: frozenset[str] = frozenset()


class Page(Screen[None]):
    """What home, the stages and the other full screens have in common."""

    place: ClassVar[str] = actions.HOME
    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"),
        (SMALLEST[0], "-narrow"),
        (100, "-middle"),
        (WIDE, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (SMALLEST[1], "-low"), (16, "-high")]
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Page { layout: vertical; overflow: hidden; }
    Page #small { display: none; height: 100%; }
    Page.-tiny > *, Page.-flat > * { display: none; }
    Page.-tiny > #small, Page.-flat > #small { display: block; }
    """

    @property
    def wizard(self) -> Wizard:
        return cast("Wizard", self.app)

    @property
    def live(self) -> Live:
        """The opened sprint. Only pages of a sprint ask for it."""
        live = self.wizard.live
        if live is None:
            raise RuntimeError(f"{type(self).__name__} needs an opened sprint")
        return live

    def compose(self) -> ComposeResult:
        yield Static(id="small")
        yield VerdictLine()
        yield from self.body()
        yield Foot()

    def body(self) -> Iterable[Widget]:
        """What is between the verdict line and the foot."""
        return ()

    @property
    def alive(self) -> bool:
        """Whether what the page shows is there."""
        return True

    def on_mount(self) -> None:
        self.renew(NO_CHANGE)

    def on_resize(self, event: Resize) -> None:
        self.query_one("#small", Static).update(
            small(event.size.width, event.size.height, self.wizard.headline().word)
        )

    def on_screen_resume(self, event: ScreenResume) -> None:
        if self.alive:
            self.renew(NO_CHANGE)

    # ------------------------------------------------------------ showing

    def renew(self, changed: Iterable[str]) -> None:
        """Show what is known now. `changed` names the items that have changed since."""
        self.query_one(VerdictLine).headline = self.wizard.headline()
        self.show_foot()

    def show_foot(self) -> None:
        foot = self.query_one(Foot)
        foot.going = self.wizard.going(clock=self.app.size.width < WIDE)
        foot.keys = tuple(
            action
            for action in actions.for_footer(self.place)
            if self.check_action(action.id.partition("(")[0], ())
        )

    def tell(self, said: str, *, trouble: bool = False) -> None:
        self.wizard.tell(said, trouble=trouble)

    def attempt(self, deed: Callable[[], str | None]) -> None:
        """Do it and tell what it says; a refusal is told and nothing else happens."""
        from launchready_tui.session import SessionError

        try:
            said = deed()
        except SessionError as error:
            self.tell(str(error), trouble=True)
            return
        if said:
            self.tell(said)
        self.wizard.renew_pages()

    # ------------------------------------------------------------ actions of every page

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action makes sense now: it leaves the footer and the palette when not."""
        live = self.wizard.live
        if action == "cancel_checks":
            return live is not None and live.running
        if action == "fix":
            return live is not None and live.session.fixer is not None
        return True

    def action_help(self) -> None:
        from launchready_screens.help import HelpPage

        self.app.push_screen(HelpPage(self.place))

    action_help_here = action_help

    def action_theme(self) -> None:
        self.app.search_themes()

    def action_quit(self) -> None:
        self.wizard.leave()


def small(width: int, height: int, word: str) -> Content:
    """What a terminal without room shows: the verdict, and what is missing."""
    need = f"terminal too small: {width}×{height}, 40×12 is enough"
    rows = [paint.text(word, inks.of_verdict(word))] if word else []
    return paint.lines([*rows, paint.wrapped(paint.text(need), max(width, 1))])
