"""Giving a real mail: its kind, the message or the bounce, where it was found, what is kept of it.

A message is read in the background, since DNS is asked. It is shown back as it will be kept, and
kept only after that. What is neither a message nor a bounce is an answer in words.
"""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path
from typing import ClassVar, Literal, cast

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from launchready_screens import actions, paint
from launchready_screens.answer import AnswerDialog
from launchready_screens.form import Asked, Refused
from launchready_screens.keymap import bindings
from launchready_tui.given import MAIL_KINDS, MailKind
from launchready_tui.mail.received import MAIL_ITEMS, MAILS, Received, what_is
from launchready_tui.model import Item
from launchready_tui.recheck import Aside

__all__ = ["MAILS", "MailDialog"]
LONGEST_PATH = 1_000


class MailRead(Message):
    """A message was read, or could not be; `number` tells which try this is."""

    def __init__(self, number: int, result: Received | BaseException) -> None:
        super().__init__()
        self.number = number
        self.result = result


class MailDialog(AnswerDialog):
    heading = "Give a mail"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.GIVING)

    def __init__(self, item: Item, kind: MailKind | None = None) -> None:
        super().__init__(item)
        self._kind = kind
        self._read: Received | None = None
        self._given: dict[str, str] = {}
        self._reading: Aside[Received] | None = None
        self._tries = 0

    def asked(self) -> tuple[Asked, ...]:
        says, evidence, note, by = super().asked()
        return (
            Asked(
                id="kind",
                label="Which mail",
                value=self._next_kind(),
                kind="choice",
                options=tuple((kind, kind) for kind in MAIL_KINDS),
            ),
            evidence._replace(
                label="The message",
                value=self._arrived(),
                hint="the path of its .eml file, or its whole source, or the bounce",
            ),
            Asked(
                id="folder",
                label="Found in",
                kind="choice",
                options=(("inbox", "inbox"), ("spam", "spam")),
            ),
            says._replace(label="Or, in words", value=""),
            note,
            by,
        )

    def key_line(self) -> Content:
        keys = (("f2", self.go), ("f4", "send from here"), ("f5", "product sent it"))
        return paint.joined(3, [paint.keycap(*key) for key in (*keys, ("esc", "leave"))])

    def action_send_mail(self) -> None:
        from launchready_screens.mail_send import SendDialog

        kind = cast("MailKind", self.values()["kind"])
        self.app.push_screen(SendDialog(kind), self._told)

    def action_triggered(self) -> None:
        """It is on its way: the message that arrives is given next."""
        from launchready_tui.session import SessionError

        values = self.values()
        try:
            sent = self.live.session.triggered(cast("MailKind", values["kind"]), values["by"])
        except SessionError as error:
            self.refuse(str(error), "by")
        else:
            self._told(f"Noted: the product sent the {sent.kind}. Give here what arrives.")

    def _told(self, told: str | None) -> None:
        if told:
            self.refuse(told, "evidence")

    def _next_kind(self) -> str:
        """The first that was not given yet; then the first in which something was found."""
        if self._kind:
            return self._kind
        held = self.live.session.store.mails()
        missing = [kind for kind in MAIL_KINDS if held.of(kind) is None]
        faulty = [k for k in MAIL_KINDS if (proof := held.of(k)) and proof.findings]
        return next(iter((*missing, *faulty)), MAIL_KINDS[0])

    def _arrived(self) -> str:
        """Where the next mail lies already, which only the demo knows."""
        inbox = self.live.session.inbox
        return str(inbox / f"{self._next_kind()}.eml") if inbox else ""

    def action_go_on(self) -> None:
        """First read it and show what will be kept; the second time keep it."""
        values = self.values()
        try:
            data = _data(values["evidence"])
        except Refused as refused:
            self.refuse(str(refused), refused.field)
            return
        what = what_is(data)
        if self._read is not None and values == self._given:
            self._keep_mail(self._read)
        elif what == "text":
            super().action_go_on()
        elif what == "message" and not values["folder"]:
            self.refuse("Was it in the inbox or in spam? Choose one.", "folder")
        elif not values["by"]:
            self.refuse("Who says so? Give a name: it stands in the record and the guide.", "by")
        else:
            self._start(values, data)

    def _start(self, values: dict[str, str], data: bytes) -> None:
        self._stop()
        self._tries += 1
        number, self._given = self._tries, values

        def ended(result: Received | BaseException) -> None:
            with contextlib.suppress(RuntimeError):  # the loop may have closed already
                self.post_message(MailRead(number, result))

        self.refuse("Reading it: DNS is asked for its keys and records.")
        self._reading = self.live.session.reading_mail(
            data,
            cast("MailKind", values["kind"]),
            cast("Literal['', 'inbox', 'spam']", values["folder"]),
            ended,
            by=values["by"],
        )

    def on_mail_read(self, event: MailRead) -> None:
        if event.number != self._tries or self._reading is None:
            return
        self._reading = None
        if isinstance(event.result, BaseException):
            why = str(event.result) or "DNS answers too slowly here; try again"
            self.refuse(f"It could not be read: {why}.", "evidence")
            return
        self._read = event.result
        self.refuse("")
        self._show_back(event.result.text)

    def _keep_mail(self, read: Received) -> None:
        from launchready_tui.session import SessionError

        try:
            self.live.session.prove_mail(read)
        except SessionError as error:
            self.refuse(str(error))
            return
        self.wizard.start_checks(MAIL_ITEMS)
        self.dismiss(f"Kept as the proof of the {read.proof.kind}. u takes it back.")

    def action_leave(self) -> None:
        self._stop()
        self._read = None
        super().action_leave()

    def _stop(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


def _data(given: str) -> bytes:
    """What the field holds, or the file whose path it holds. Raises Refused."""
    from launchready_tui.mailauth.message.read import MOST_BYTES

    path = _path(given)
    if path is None:
        return given.encode("utf-8", "replace")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}.", "evidence") from None
    if len(data) > MOST_BYTES:
        raise Refused(f"{path}: larger than {MOST_BYTES >> 20} MiB.", "evidence")
    return data


def _path(given: str) -> Path | None:
    """The path that a person typed or a terminal wrote when a file was dropped on it."""
    text = given.strip()
    if "\n" in text or not 0 < len(text) <= LONGEST_PATH:
        return None
    with contextlib.suppress(ValueError):
        words = shlex.split(text)
        text = words[0] if len(words) == 1 else text
    path = Path(text.removeprefix("file://")).expanduser()
    with contextlib.suppress(OSError, ValueError):
        if path.is_file() or path.suffix == ".eml":
            return path
    return None
