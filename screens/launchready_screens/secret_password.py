"""The password of the sealed file: to open it, or to begin one where no keyring is."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from launchready_screens import paint
from launchready_screens.form import Asked, Form
from launchready_screens.inks import QUIET
from launchready_screens.vault_aside import Held, ask
from launchready_screens.widgets.fields import Line
from launchready_tui.secret import Secret
from launchready_tui.vault.sealed_file import SHORTEST


class PasswordDialog(Form):
    heading = "The sealed file"
    go = "go on"

    def __init__(self, *, new: bool) -> None:
        super().__init__()
        self.new = new
        self._asking = False

    def intro(self) -> Content:
        if not self.new:
            return paint.prose("Its password opens it until you leave, or for 15 idle minutes.")
        return paint.prose(
            "Secrets go into a file among your own data, never into the client's folder. Only the"
            f" password opens it: at least {SHORTEST} characters. If you lose it, what is in the"
            " file is lost; nobody can ask for it again."
        )

    def asked(self) -> tuple[Asked, ...]:
        hint = "not shown while you type"
        first = Asked(id="password", label="Password", kind="masked", hint=hint)
        again = Asked(id="again", label="Once more", kind="masked", hint=hint)
        return (first, again) if self.new else (first,)

    def on_mount(self) -> None:
        self.query_one("#form").mount(Static(id="where"))

    def action_go_on(self) -> None:
        """Aside: making the key takes a moment, on purpose."""
        if self._asking:
            return
        password, again = self._typed("password"), self._typed("again" if self.new else "password")
        for line in self.query(Line):
            line.value = ""
        if not password:
            self.refuse("Nothing is typed here yet.", "password")
            return
        if again != password:
            self.refuse("The two are not the same. Type both again.", "password")
            return
        keychain = self.live.session.keychain
        self._asking = True
        self.query_one("#where", Static).update(paint.text("Working on the key …", QUIET))
        ask(self, keychain, lambda: keychain.unlock(password))

    def _typed(self, field: str) -> Secret:
        """As it was typed: a blank at its end is part of a password."""
        return Secret(self.query_one(f"#field-{field}", Line).value)

    def on_held(self, held: Held) -> None:
        self._asking = False
        self.query_one("#where", Static).update(paint.text(""))
        if held.trouble:
            self.refuse(self.live.veil(held.trouble), "password")
        else:
            self.dismiss(f"Open. {held.rest}")
