"""Sending one test mail from here: what goes where, by whose word, and what the service said.

The first f2 shows what will leave; the second one allows it for this once and sends it.
"""

from __future__ import annotations

import contextlib
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from launchready_screens import actions, paint
from launchready_screens.form import Asked, Form
from launchready_screens.inks import GREEN, QUIET, STRONG, YELLOW
from launchready_screens.keymap import bindings
from launchready_screens.secret_form import SecretDialog
from launchready_screens.vault_aside import Held, ask
from launchready_tui import authority
from launchready_tui.domain import BadInput
from launchready_tui.given import MailKind, MailSent
from launchready_tui.mail.mail_sending import LOGIN, PROBE, Draft, draft_of
from launchready_tui.recheck import Aside
from launchready_tui.session import SessionError


class MailGone(Message):
    """The service has spoken, or nothing could be sent."""

    def __init__(self, result: MailSent | BaseException) -> None:
        super().__init__()
        self.result = result


class SendDialog(Form):
    heading = "Send a test mail from here"
    go = "show what is sent"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.SENDING)

    def __init__(self, kind: MailKind) -> None:
        super().__init__()
        self.kind = kind
        self._held: Held | None = None
        self._shown: dict[str, str] | None = None
        self._sending: Aside[MailSent] | None = None

    def intro(self) -> Content:
        return paint.prose(
            f"One short {self.kind} with a link to the app and no token, over trusted TLS."
            " It counts like any other mail at the service.",
            QUIET,
        )

    def asked(self) -> tuple[Asked, ...]:
        target = self.live.session.target
        return (
            Asked(
                id="smtp",
                label="Mail service",
                value=target.mail.smtp,
                hint="host:port, such as smtp.resend.com:587",
            ),
            Asked(id="sender", label="From", value=next(iter(target.mail.addresses), "")),
            Asked(id="name", label="Name in From", value=target.client),
            Asked(id="recipient", label="To", hint="a mailbox that you can open"),
            Asked(id="by", label="Who allows it", value=self.live.session.by),
        )

    def on_mount(self) -> None:
        self.query_one("#form").mount(Static(id="where"), Static(id="consent"))
        ask(self, self.live.session.keychain)

    def on_held(self, held: Held) -> None:
        self._held = held
        self._show_login()

    def key_line(self) -> Content:
        keys = (("f2", self.go), ("f4", "give the login"), ("esc", "leave"))
        return paint.joined(3, [paint.keycap(*key) for key in keys])

    def _show_login(self) -> None:
        told = paint.text("… asking the keyring", QUIET)
        if self._held is not None:
            there = LOGIN in self._held.names
            told = paint.text("✓ there", GREEN)
            if not there:
                told = paint.text("– missing: f4 gives it", YELLOW)
        self.query_one("#where", Static).update(paint.line(paint.text("SMTP login  "), told))

    # ------------------------------------------------------------ doing

    def action_go_on(self) -> None:
        values = self.values()
        if self._sending is not None:
            return
        try:
            draft = draft_of(
                self.kind,
                self.live.session.target,
                sender=values["sender"],
                recipient=values["recipient"],
                smtp=values["smtp"],
                name=values["name"],
            )
        except BadInput as error:
            self.refuse(f"{error.message} {error.suggestion}", error.field)
            return
        if not values["by"]:
            self.refuse("Who allows it? Give a name: it stands in the record and the guide.", "by")
        elif self._held is not None and LOGIN not in self._held.names:
            self.refuse("There is no login for the mail service yet: f4 gives it.")
        elif values != self._shown:
            self._shown = values
            self._show_plan(draft)
        else:
            self._send(draft, values["by"])

    def _show_plan(self, draft: Draft) -> None:
        """What leaves with the next f2, and what that changes in the record."""
        session = self.live.session
        probes = authority.probes_of(session.catalogue, [PROBE])
        rows = [
            paint.text("This leaves with the next f2, once", STRONG),
            paint.prose(
                f"one {draft.kind} from {draft.sender} to {draft.recipient}, through {draft.host}"
                f" port {draft.port}, with the login that you gave"
            ),
        ]
        if authority.too_far(session.scope.level, probes):
            needed = authority.level_of(probes)
            told = (
                f"This sprint's consent is “{session.scope.level}”: f2 raises it to “{needed}”"
                f" for {session.target.domain}, under your name."
            )
            rows.append(paint.prose(told, YELLOW))
        self.query_one("#consent", Static).update(paint.lines(rows))
        self.call_after_refresh(self.query_one("#form").scroll_end, animate=False)
        keys = [paint.keycap("f2", "allow and send"), paint.keycap("esc", "leave")]
        self.query_one("#keys", Static).update(paint.joined(3, keys))
        self.refuse("")

    def _send(self, draft: Draft, by: str) -> None:
        session = self.live.session
        probes = authority.probes_of(session.catalogue, [PROBE])
        try:
            if authority.too_far(session.scope.level, probes):
                session.consent(authority.level_of(probes), by)
            session.allow([PROBE], by)
        except SessionError as error:
            self.refuse(str(error))
            return

        def ended(result: MailSent | BaseException) -> None:
            with contextlib.suppress(RuntimeError):  # the loop may have closed already
                self.post_message(MailGone(result))

        self.refuse(f"Sending it through {draft.host} …")
        self._sending = session.sending_mail(draft, ended, by=by)

    def on_mail_gone(self, event: MailGone) -> None:
        self._sending, self._shown = None, None
        self.query_one("#keys", Static).update(self.key_line())
        result = event.result
        if isinstance(result, BaseException):
            why = result.message if isinstance(result, BadInput) else str(result)
            self.refuse(f"Nothing was sent: {why or 'it was stopped'}")
            return
        try:
            self.live.session.keep_sent(result)
        except SessionError as error:
            self.refuse(str(error))
            return
        if result.outcome == "sent":
            self.dismiss(
                f"The service took the {result.kind}. It has not arrived by that: open the"
                " mailbox and give what arrives."
            )
        else:
            said = f"It said: {result.reply} " if result.reply else ""
            self.refuse(f"{said}{result.cause} {result.fix}".strip())

    def action_leave(self) -> None:
        """What was handed over stays so: a mail that is on its way cannot be called back."""
        if self._sending is not None:
            self.refuse("It is on its way; this takes a minute at most.")
            return
        super().action_leave()

    def action_give_secret(self) -> None:
        key = next(key for key in self.live.session.catalogue.keys if key.id == LOGIN)
        self.app.push_screen(SecretDialog(key), self._given)

    def _given(self, told: str | None) -> None:
        if told:
            self.refuse(told)
        ask(self, self.live.session.keychain)
