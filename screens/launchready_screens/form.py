"""A dialog of fields: what is asked, where a refusal stands, how to go on and how to leave.

A refusal is shown in the dialog and what was typed stays. Nothing is kept before `keep` returns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from launchready_screens import actions, paint
from launchready_screens.inks import GREEN, QUIET, YELLOW
from launchready_screens.keymap import bindings
from launchready_screens.widgets.choice import Choice
from launchready_screens.widgets.fields import Line, Masked, Paper, Unseen
from launchready_tui.session import SessionError

if TYPE_CHECKING:
    from launchready_screens.app import Wizard
    from launchready_screens.live import Live


class Asked(NamedTuple):
    """A field: its id, what is asked, and how it is answered."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    kind: Literal["line", "paper", "choice", "masked", "unseen"] = "line"
    options: tuple[tuple[str, str], ...] = ()

    def widget(self) -> Widget:
        id = f"field-{self.id}"
        if self.kind == "choice":
            return Choice(self.options, self.value, id=id)
        if self.kind == "paper":
            return Paper(paint.plain(self.value), id=id, placeholder=paint.text(self.hint))
        if self.kind == "masked":
            return Masked(placeholder=self.hint, id=id)
        if self.kind == "unseen":
            return Unseen(id=id)
        return Line(paint.plain(self.value), placeholder=self.hint, id=id)

    def row(self) -> Widget:
        """The field with its label."""
        label = Static(paint.text(self.label, QUIET), classes="label")
        return Horizontal(label, self.widget(), classes="row")


class Refused(Exception):
    """What a dialog will not take, and the field it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Form(ModalScreen[str]):
    """Subclasses name the fields and what to do with them. It brings back what to tell."""

    heading: ClassVar[str] = ""
    go: ClassVar[str] = "keep"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.DIALOG)
    CSS_PATH = "form.tcss"
    AUTO_FOCUS = "Choice, Line, Paper, OptionList, VerticalScroll"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-snug"), (34, "-high")]

    @property
    def wizard(self) -> Wizard:
        return cast("Wizard", self.app)

    @property
    def live(self) -> Live:
        live = self.wizard.live
        if live is None:
            raise RuntimeError(f"{type(self).__name__} needs an opened sprint")
        return live

    def asked(self) -> tuple[Asked, ...]:
        """The fields, in order."""
        return ()

    def intro(self) -> Content:
        """What stands above the fields."""
        return paint.EMPTY

    def keep(self, values: dict[str, str]) -> str:
        """Do it; what to tell afterwards. Raises SessionError or Refused."""
        raise NotImplementedError

    # ------------------------------------------------------------ showing

    def compose(self) -> ComposeResult:
        yield Vertical(
            Static(paint.heading(self.heading), id="heading"),
            VerticalScroll(*self.form(), id="form", can_focus=False),
            Static(id="refusal"),
            Static(self.key_line(), id="keys"),
            id="frame",
        )

    def on_mount(self) -> None:
        """The first field has the cursor, also where the screen beneath still moves it about."""
        self.call_after_refresh(self._first_field)

    def _first_field(self) -> None:
        fields = self.asked()
        if fields and self.focused is None:
            self.query_one(f"#field-{fields[0].id}").focus()

    def form(self) -> Iterable[Widget]:
        if intro := self.intro():
            yield Static(paint.line(intro), classes="intro")
        for one in self.asked():
            yield one.row()

    def key_line(self) -> Content:
        return paint.joined(
            3,
            [
                paint.keycap("f2", self.go),
                paint.keycap("tab", "next field"),
                paint.keycap("esc", "leave"),
            ],
        )

    def values(self) -> dict[str, str]:
        return {one.id: self._typed_in(one) for one in self.asked()}

    def _typed_in(self, one: Asked) -> str:
        widget = self.query_one(f"#field-{one.id}")
        if isinstance(widget, Paper):
            return widget.text
        return widget.value.strip() if isinstance(widget, Line | Choice) else ""

    def refuse(self, message: str, field: str = "") -> None:
        """Say why not, and put the cursor where it can be mended."""
        self.query_one("#refusal", Static).update(paint.prose(message, YELLOW))
        if field and self.query(f"#field-{field}"):
            self.query_one(f"#field-{field}").focus()

    def confirm(self, message: str) -> None:
        """Say what was done, where a refusal would stand."""
        self.query_one("#refusal", Static).update(paint.prose(message, GREEN))

    # ------------------------------------------------------------ actions

    def action_go_on(self) -> None:
        values = self.values()
        if values.get("by") == "":
            self.refuse("Who says so? Give a name: it stands in the record and the guide.", "by")
            return
        try:
            told = self.keep(values)
        except SessionError as error:
            self.refuse(str(error))
        except Refused as refused:
            self.refuse(str(refused), refused.field)
        else:
            self.dismiss(told)

    def action_leave(self) -> None:
        self.dismiss("")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Enter goes to the next field, and on the last one goes on."""
        fields = [f"field-{one.id}" for one in self.asked()]
        if event.input.id == fields[-1]:
            self.action_go_on()
        else:
            self.focus_next()
