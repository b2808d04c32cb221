"""Giving a secret: typed without being seen, kept in the keyring, never in the record."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from launchready_screens import paint
from launchready_screens.form import Asked, Form
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.vault_aside import Held, ask
from launchready_screens.widgets.fields import Line
from launchready_tui.model import KnownKey
from launchready_tui.secret import Secret


class SecretDialog(Form):
    heading = "Give a secret"

    def __init__(self, key: KnownKey) -> None:
        super().__init__()
        self.key = key
        self._keeping = False

    def intro(self) -> Content:
        return paint.lines(
            [
                paint.text(self.key.title, STRONG),
                paint.prose(self.key.what),
                paint.EMPTY,
                paint.prose(self.key.how, QUIET),
            ]
        )

    def asked(self) -> tuple[Asked, ...]:
        *shown, hidden = self.key.fields
        return (
            *(Asked(id=f"part-{n}", label=label) for n, label in enumerate(shown)),
            Asked(id="secret", label=hidden, kind="masked", hint="not shown while you type"),
        )

    def on_mount(self) -> None:
        self.query_one("#form").mount(Static(id="where"))
        ask(self, self.live.session.keychain)

    def on_held(self, held: Held) -> None:
        if not self._keeping:
            where = f"{held.rest} Never in the record, the guide or a log."
            self.query_one("#where", Static).update(paint.prose(where, QUIET))
        elif held.trouble:
            self._keeping = False
            self.refuse(self.live.veil(held.trouble), "secret")
        else:
            self.dismiss(f"{self.key.title}: kept in {held.where}.")

    def action_go_on(self) -> None:
        """Keep it aside: a desktop may ask for its keyring to be unlocked meanwhile."""
        values = self.values()
        empty = next((id for id, value in values.items() if not value), "")
        if self._keeping:
            return
        if empty:
            self.refuse("Nothing is typed here yet.", empty)
            return
        session, name = self.live.session, self.key.id
        secret = Secret("\n".join(values.values()))
        for line in self.query(Line):
            line.value = ""
        self._keeping = True
        self.refuse("Keeping it …")
        ask(self, session.keychain, lambda: session.keep_secret(name, secret))
