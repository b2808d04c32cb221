"""The handover guide as it stands, one section at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Markdown

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.keymap import bindings
from launchready_screens.ledger import LedgerPage
from launchready_screens.rows import Row
from launchready_screens.widgets.reading import Reading
from launchready_screens.words import Word

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_NO_SIGN = Word(" ", "", QUIET)


class GuidePage(LedgerPage):
    """Made in a thread, shown section by section; links are shown and never opened."""

    place = actions.GUIDE
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.GUIDE)

    class Made(Message):
        def __init__(self, text: str, trouble: str) -> None:
            super().__init__()
            self.text = text
            self.trouble = trouble

    def __init__(self) -> None:
        super().__init__()
        self.sections: tuple[tuple[str, str], ...] = ()
        self.trouble = "The guide is being put together …"
        self._shown = ""

    def title_line(self) -> Content:
        told = paint.text(
            f"   {self.trouble or 'a draft from what is known now; x writes it'}", QUIET
        )
        return paint.line(paint.text("Handover guide", STRONG), told)

    def pane(self) -> Widget:
        section = Markdown(parser_factory=_parser, open_links=False, id="section")
        return Reading(section, id="behind")

    def on_mount(self) -> None:
        super().on_mount()
        self.make()

    def make(self) -> None:
        session = self.live.session

        def work() -> None:
            try:
                made = self.Made(session.guide(), "")
            except Exception as error:
                made = self.Made("", f"It could not be put together: {type(error).__name__}")
            self.post_message(made)

        self.run_worker(work, thread=True, exit_on_error=False, description="the guide")

    def on_guide_page_made(self, event: GuidePage.Made) -> None:
        self.sections = sections(self.live.veil(event.text))
        self.trouble = event.trouble
        self._shown = ""
        self.renew(())

    def rows(self) -> Sequence[Row]:
        return tuple(
            Row(id=str(n), word=_NO_SIGN, title=title) for n, (title, _) in enumerate(self.sections)
        )

    def turn(self) -> None:
        self.query_one("#behind").scroll_home(animate=False)
        self.show_row()

    def show_row(self) -> None:
        chosen = self.list_of_rows.chosen
        text = self.sections[int(chosen)][1] if chosen.isdigit() and self.sections else ""
        if text != self._shown:
            self._shown = text
            self.query_one("#section", Markdown).update(paint.plain(text))


def sections(text: str) -> tuple[tuple[str, str], ...]:
    """Title and text of every second-level section; what stands before the first is the first."""
    found: list[tuple[str, list[str]]] = [("Summary", [])]
    fenced = False
    for row in text.splitlines():
        fenced ^= row.startswith("```")
        if row.startswith("## ") and not fenced:
            found.append((row[3:].strip(), []))
        found[-1][1].append(row)
    return tuple((title, "\n".join(rows)) for title, rows in found if any(r.strip() for r in rows))


def _parser() -> MarkdownIt:
    """What the guide is written for: tables, no raw HTML, nothing made a link by itself."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
