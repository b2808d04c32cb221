"""Asking the vault aside: it may take seconds, and the screen goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from textual.message import Message

if TYPE_CHECKING:
    from textual.screen import Screen

    from launchready_tui.vault.keychain import Keychain


_IN_MEMORY = "There is no keyring here: what you give is kept in memory until you leave."
_PRACTICE = "Practice leaves your keyring alone: what you give is kept in memory until you leave."


class Held(Message):
    """What the vault holds: names, and where in words. `trouble` is why it could not be asked.

    `rest` is a sentence about how long it keeps them, `password` what one would do there: open the
    sealed file or begin one.
    """

    def __init__(
        self,
        names: tuple[str, ...],
        where: str,
        rest: str,
        trouble: str,
        password: Literal["", "open", "begin"] = "",
    ) -> None:
        super().__init__()
        self.names = names
        self.where = where
        self.rest = rest
        self.trouble = trouble
        self.password = password


def ask(screen: Screen[str], keychain: Keychain, before: Callable[[], None] | None = None) -> None:
    """Post `Held` to `screen` once the vault has answered; `before` is done first, aside as well.

    What `before` raises as a refusal is the trouble. A secret travels inside it, never as an
    argument that a log could show.
    """

    def work() -> None:
        from launchready_tui.session import SessionError
        from launchready_tui.vault.ladder import VaultError

        trouble = ""
        try:
            if before is not None:
                before()
        except (VaultError, SessionError, OSError) as error:
            trouble = str(error)
        held = keychain.names()
        rest = f"Kept in {keychain.where}." if keychain.rests else _IN_MEMORY
        if not keychain.practice:
            password = keychain.wants_password
            told = Held(held, keychain.where, rest, trouble or keychain.notice, password)
        else:
            told = Held(held, keychain.where, _PRACTICE, trouble)
        screen.post_message(told)

    screen.run_worker(work, thread=True, exit_on_error=False, name="vault", description="vault")
