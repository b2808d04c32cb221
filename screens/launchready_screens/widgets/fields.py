"""Fields that take pasted text: what is pasted is foreign and made visible before it is shown."""

from __future__ import annotations

from textual import events
from textual.widgets import Input, Static, TextArea

from launchready_screens import paint
from launchready_screens.inks import QUIET
from launchready_tui.secret import Secret
from launchready_tui.text import plural, safe

PASTE_LIMIT = 200_000


class Line(Input):
    """One line of text."""

    DEFAULT_CSS = """
    Line { height: 1; border: none; padding: 0 1; background: $panel; }
    Line:focus { border: none; background: $boost; }
    """

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        first = event.text.strip().splitlines()[:1]
        self.insert_text_at_cursor(safe("".join(first), one_line=True))


class Masked(Line):
    """One line that shows nothing of what is typed, and gives nothing of it to the clipboard."""

    def __init__(self, *, placeholder: str, id: str) -> None:
        super().__init__(placeholder=placeholder, id=id, password=True)

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        first = event.text.strip().splitlines()[:1]
        self.insert_text_at_cursor(safe("".join(first), one_line=True, limit=PASTE_LIMIT))

    def action_copy(self) -> None:
        """Textual's own would hand the value to the terminal, readable."""

    def action_cut(self) -> None:
        self.delete_selection()


class Paper(TextArea):
    """Many lines: evidence, notes."""

    DEFAULT_CSS = """
    Paper { height: 6; border: none; padding: 0 1; background: $panel; }
    Paper:focus { border: none; background: $boost; }
    """

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        self.insert(safe(text, limit=PASTE_LIMIT))


class Unseen(Static, can_focus=True):
    """Takes what is pasted and shows how much it was, never what: others may see the screen."""

    DEFAULT_CSS = """
    Unseen { height: 1; padding: 0 1; background: $panel; }
    Unseen:focus { background: $boost; }
    """
    MOST = 1_048_576

    def __init__(self, *, id: str) -> None:
        super().__init__(paint.text("paste here; nothing of it is shown", QUIET), id=id)
        self.taken: Secret | None = None

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > self.MOST:
            self.taken = None
            self.update(paint.text("too much: more than 1 MiB", QUIET))
            return
        self.taken = Secret(text) if text.strip() else None
        told = f"{plural(len(text.strip().splitlines()), 'line')} taken, not shown"
        self.update(paint.text(told if self.taken else "that was empty", QUIET))
