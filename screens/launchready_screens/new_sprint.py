"""A new sprint: a domain, a folder, who authorises what. The rest is found out."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.content import Content
from textual.widgets import Input, Static

from launchready_screens import paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.widgets.choice import Choice
from launchready_tui.model import Level
from launchready_tui.session import Session
from launchready_tui.text import safe

_LEVELS = (("passive", "passive: only look"), ("active", "active: also try"))
_MEANS = {
    "passive": "GET, HEAD, DNS and TLS handshakes, as any visitor's browser would send",
    "active": "also probes that try things, announced one by one before they leave",
}


class NewSprintDialog(Form):
    """One page: three fields, a name, a level, and the consent in one sentence."""

    heading = "New sprint"
    go = "I am authorised: begin"

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="domain", label="Domain", hint="acme.test"),
            Asked(
                id="repo",
                label="Repository folder",
                value=self._here(),
                hint="optional, such as ~/clients/acme",
            ),
            Asked(id="urls", label="Extra addresses", hint="optional, with blanks between them"),
            Asked(id="root", label="Keep the record in", value=".", hint="a folder"),
            Asked(id="by", label="Your name", hint="it stands under the consent and in the guide"),
            Asked(id="level", label="How far", kind="choice", value="passive", options=_LEVELS),
        )

    def _here(self) -> str:
        """This folder, where it looks like a repository."""
        return "." if (self.wizard.start / ".git").exists() else ""

    def on_mount(self) -> None:
        self.query_one("#form").mount(Static(id="consent"))
        self.call_after_refresh(self._consent)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._consent()

    @on(Choice.Changed)
    def _chosen(self) -> None:
        self._consent()

    def _consent(self) -> None:
        values = self.values()
        for place in self.query("#consent").results(Static):
            place.update(_sentence(values))

    def keep(self, values: dict[str, str]) -> str:
        from launchready_tui.badfile import BadFile
        from launchready_tui.sprint import BadInput

        if not values["by"]:
            raise Refused("Give your name: a consent without one is none.", "by")
        root = self._folder(values["root"] or ".")
        try:
            session = Session.create(
                root,
                domain=values["domain"],
                repo=str(self._folder(values["repo"])) if values["repo"] else "",
                urls=tuple(values["urls"].replace(",", " ").split()),
                by=values["by"],
                level=Level(values["level"]),
                options=self.wizard.options,
            )
        except BadInput as bad:
            raise Refused(f"{bad.message} {bad.suggestion}".strip(), bad.field) from bad
        except (BadFile, OSError) as bad:
            raise Refused(safe(str(bad)), "root") from bad
        self.wizard.take(session)
        self.wizard.remember(root)
        return "entered"

    def _folder(self, typed: str) -> Path:
        return (self.wizard.start / Path(typed).expanduser()).absolute()


def _sentence(values: dict[str, str]) -> Content:
    """The consent as it will stand in the record, and what the level means."""
    hosts = values["domain"] or "this domain"
    more = " and the addresses above" if values["urls"] else ""
    consent = (
        f"I am authorised to test {hosts}, what is below it{more}. "
        f"{values['by'] or '(your name)'}, {values['level']}"
    )
    return paint.lines(
        [
            paint.wrapped(paint.text(consent, STRONG), 74),
            paint.text(_MEANS[values["level"]], QUIET),
        ]
    )
