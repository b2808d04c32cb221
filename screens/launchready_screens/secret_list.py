"""The secrets that checks may use: which are there, what each is for, giving and taking away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from launchready_screens import actions, paint
from launchready_screens.form import Form
from launchready_screens.inks import GREEN, QUIET, YELLOW
from launchready_screens.keymap import bindings
from launchready_screens.secret_form import SecretDialog
from launchready_screens.secret_password import PasswordDialog
from launchready_screens.secret_purge import PurgeDialog
from launchready_screens.vault_aside import Held, ask
from launchready_tui.model import KnownKey

_PASSWORD = {"open": "unlock", "begin": "seal in a file"}
_OFFERS = {
    "": "",
    "open": "Your sealed file is locked: f4 opens it with its password.",
    "begin": "f4 begins a sealed file, with a password of your choice.",
}


class SecretsDialog(Form):
    heading = "Secrets that checks may use"
    go = "give"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.SECRETS)

    def __init__(self) -> None:
        super().__init__()
        self._held: Held | None = None

    def intro(self) -> Content:
        return paint.prose(
            "Some things show only to somebody who is signed in, or who may read the zone's"
            " settings. Without a secret that part stays unknown; the rest is checked.",
            QUIET,
        )

    def form(self) -> Iterable[Widget]:
        yield from super().form()
        rows = [Option(self._row(key), id=key.id) for key in self._known()]
        yield OptionList(*rows, id="parts", markup=False, compact=True)
        yield Static(paint.text("Asking the keyring …", QUIET), id="where")
        yield Static(id="about-secret")

    def on_mount(self) -> None:
        ask(self, self.live.session.keychain)

    def _known(self) -> list[KnownKey]:
        """Those a check asks for, and whatever else somebody has put there."""
        known = self.live.session.catalogue.keys
        ids = {key.id for key in known}
        more = [name for name in (self._held.names if self._held else ()) if name not in ids]
        return [*known, *(_unknown(name) for name in more)]

    def _row(self, key: KnownKey) -> Content:
        state = paint.text("… asking", QUIET)
        if self._held is not None:
            there = key.id in self._held.names
            state = paint.text("✓ there", GREEN) if there else paint.text("– missing", YELLOW)
        return paint.line(
            paint.fitted(state, 11),
            paint.fitted(paint.text(key.title), 26),
            paint.text(f" {key.id}", QUIET),
        )

    def on_held(self, held: Held) -> None:
        self._held = held
        rows = self.query_one("#parts", OptionList)
        place = rows.highlighted or 0
        rows.set_options([Option(self._row(key), id=key.id) for key in self._known()])
        rows.highlighted = min(place, rows.option_count - 1)
        told = " ".join(filter(None, (held.trouble or held.rest, _OFFERS[held.password])))
        ink = YELLOW if held.trouble or held.password == "open" else QUIET
        self.query_one("#where", Static).update(paint.prose(self.live.veil(told), ink))
        self.query_one("#keys", Static).update(self.key_line())

    def key_line(self) -> Content:
        password = self._held.password if self._held else ""
        return paint.joined(
            3,
            [
                paint.keycap("enter", "give"),
                paint.keycap("del", "take away"),
                *([paint.keycap("f4", _PASSWORD[password])] if password else []),
                paint.keycap("f8", "purge"),
                paint.keycap("esc", "leave"),
            ],
        )

    @property
    def _chosen(self) -> KnownKey | None:
        option = self.query_one("#parts", OptionList).highlighted_option
        return next((key for key in self._known() if option and key.id == option.id), None)

    @on(OptionList.OptionHighlighted, "#parts")
    def _highlighted(self) -> None:
        key = self._chosen
        about = f"{key.what}\n{key.how}" if key else ""
        self.query_one("#about-secret", Static).update(paint.prose(about))

    @on(OptionList.OptionSelected, "#parts")
    def _selected(self) -> None:
        self.action_go_on()

    def action_go_on(self) -> None:
        key = self._chosen
        if key is not None:
            self.app.push_screen(SecretDialog(key), self._given)

    def _given(self, told: str | None) -> None:
        if told:
            self.refuse(told)
        ask(self, self.live.session.keychain)

    def action_forget_secret(self) -> None:
        key, session = self._chosen, self.live.session
        if key is None or self._held is None or key.id not in self._held.names:
            self.refuse("There is nothing to take away here.")
            return
        name = key.id
        self.refuse(f"{key.title}: taken away.")
        ask(self, session.keychain, lambda: session.forget_secret(name))

    def action_vault_password(self) -> None:
        password = self._held.password if self._held else ""
        if not password:
            self.refuse("No password is needed here.")
            return
        self.app.push_screen(PasswordDialog(new=password == "begin"), self._given)

    def action_purge_secrets(self) -> None:
        self.app.push_screen(PurgeDialog(), self._given)


def _unknown(name: str) -> KnownKey:
    return KnownKey(
        id=name, title=name, what="No check asks for it.", how="del takes it away.", fields=(name,)
    )
