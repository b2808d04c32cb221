"""Taking all secrets of a sprint away, at its end: what goes is named first."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from launchready_screens import paint
from launchready_screens.form import Form
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.vault_aside import Held, ask


class PurgeDialog(Form):
    heading = "Take all secrets away?"
    go = "take all away"
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] | None = None
        self._fallback = ""
        self._purging = False

    def intro(self) -> Content:
        return paint.prose(
            "At the end of a sprint nobody but the company should hold its keys. This takes them"
            " out of your vault for good, and the guide then says that you hold none. Revoking or"
            " replacing a key where it was made is a step of its own."
        )

    def on_mount(self) -> None:
        self.query_one("#form").mount(Static(paint.text("Looking …", QUIET), id="goes"))
        self._look()

    def _look(self) -> None:
        keychain = self.live.session.keychain

        def look() -> None:
            self._names, self._fallback = keychain.everything(), keychain.fallback

        ask(self, keychain, look)

    def on_held(self, held: Held) -> None:
        if self._purging and not held.trouble:
            gone = ", ".join(self._names or ()) or "nothing was there"
            self.dismiss(f"Taken away from your vault: {gone}.")
            return
        self._purging = False
        if held.trouble:
            self.refuse(self.live.veil(held.trouble))
        names = ", ".join(self._names or ()) or "Nothing is there."
        told = self.live.veil(f"{names} {self._fallback}".strip())
        self.query_one("#goes", Static).update(paint.prose(told, STRONG))

    def action_go_on(self) -> None:
        """Aside: the keyring is asked for each of them."""
        session = self.live.session
        if self._names is None or self._purging:
            return

        def purge() -> None:
            self._names = session.purge_secrets()

        self._purging = True
        self.refuse("Taking them away …")
        ask(self, session.keychain, purge)
