"""Allowing active probes: what is sent, where, how often, for how long; then a yes for one run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from launchready_screens import actions, paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import GREEN, QUIET, STRONG, YELLOW
from launchready_screens.keymap import bindings
from launchready_screens.secret_form import SecretDialog
from launchready_screens.vault_aside import Held, ask
from launchready_screens.widgets.choice import Choice
from launchready_tui import authority
from launchready_tui.model import ActiveProbe, KnownKey
from launchready_tui.text import plural

FRAME = 84
_LEVELS = {"active": "also try", "load": "also try, and put load on the app"}


class ProbesDialog(Form):
    """Nothing leaves before a person says yes here; the yes is for one run."""

    heading = "Send more than a visitor would"
    go = "allow for this run"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.PROBES)
    AUTO_FOCUS = "#form"

    def __init__(self, probes: Sequence[ActiveProbe]) -> None:
        super().__init__()
        self.probes = tuple(probes)
        self._held: Held | None = None

    # ------------------------------------------------------------ showing

    def asked(self) -> tuple[Asked, ...]:
        choices = (
            Asked(
                id=f"allow-{probe.id}",
                label="",
                kind="choice",
                value="no",
                options=(("yes", "allow for this run"), ("no", "leave out")),
            )
            for probe in self.probes
        )
        who = Asked(id="by", label="Who allows it", value=self.live.session.by)
        return (*(choices if len(self.probes) > 1 else ()), who)

    def intro(self) -> Content:
        many = f"{plural(len(self.probes), 'probe')}. " if len(self.probes) > 1 else ""
        return paint.prose(
            f"{many}Nothing of this is sent before you allow it, for one run.", QUIET
        )

    def form(self) -> Iterable[Widget]:
        yield Static(paint.line(self.intro()), classes="intro")
        *choices, who = self.asked()
        for number, probe in enumerate(self.probes):
            yield Static(id=f"plan-{probe.id}", classes="plan")
            if choices:
                yield choices[number].row()
        yield Static(id="consent")
        yield who.row()

    def on_mount(self) -> None:
        self.query_one("#form").can_focus = True
        self.query_one("#form").focus()
        ask(self, self.live.session.keychain)

    def on_resize(self, event: Resize) -> None:
        self._show()

    def on_held(self, held: Held) -> None:
        self._held = held
        self._show()

    @on(Choice.Changed)
    def _chosen_changed(self) -> None:
        self._show()
        chosen = self._allowed()
        told = f"{len(chosen)} of {len(self.probes)} chosen: {', '.join(p.id for p in chosen)}"
        self.query_one("#refusal", Static).update(paint.text(told if chosen else "", QUIET))

    def key_line(self) -> Content:
        caps = [paint.keycap("f2", self.go)]
        several = len(self.probes) > 1
        if several:
            caps.append(paint.keycap("f3", "all"))
        if any(probe.keys for probe in self.probes):
            caps.append(paint.keycap("f4", "give a secret"))
        caps.append(paint.keycap("tab", "next") if several else paint.keycap("↑↓", "read"))
        return paint.joined(3, [*caps, paint.keycap("esc", "leave")])

    def _show(self) -> None:
        width = max(min(self.app.size.width, FRAME) - 9, 24)
        for probe in self.probes:
            self.query_one(f"#plan-{probe.id}", Static).update(self._plan(probe, width))
        self.query_one("#consent", Static).update(paint.line(self._consent()))

    def _plan(self, probe: ActiveProbe, width: int) -> Content:
        rows = [paint.wrapped(paint.text(probe.title, STRONG), width)]
        for label, words in authority.plan_of(probe):
            rows.append(paint.field(label, paint.prose(words), width, column=11))
        for number, name in enumerate(probe.keys):
            label = "" if number else "Secrets"
            rows.append(paint.field(label, self._secret(name), width, column=11))
        return paint.lines(rows)

    def _secret(self, name: str) -> Content:
        title = paint.text(f"{self._key(name).title}  ")
        if self._held is None:
            return paint.line(title, paint.text("… asking the keyring", QUIET))
        if name in self._held.names:
            return paint.line(title, paint.text("✓ there", GREEN))
        missing = paint.text("– missing: what needs it stays unknown; f4 gives it", YELLOW)
        return paint.line(title, missing)

    def _consent(self) -> Content:
        """What f2 changes in the record, where the consent does not reach yet."""
        scope = self.live.session.scope
        needed = authority.level_of(self._allowed())
        if needed.order <= scope.level.order:
            return paint.EMPTY
        return paint.prose(
            f"Until now this sprint's consent is “{scope.level}”. With f2 you raise it to"
            f" “{needed}” ({_LEVELS[needed]}) for {self.live.session.target.domain} and what is"
            " below it, under your name. Only where you are authorised to.",
            YELLOW,
        )

    # ------------------------------------------------------------ doing

    def _allowed(self) -> tuple[ActiveProbe, ...]:
        if len(self.probes) == 1:
            return self.probes
        values = self.values()
        return tuple(probe for probe in self.probes if values[f"allow-{probe.id}"] == "yes")

    def keep(self, values: dict[str, str]) -> str:
        allowed = self._allowed()
        session, wizard = self.live.session, self.wizard
        if not allowed:
            raise Refused("Choose “allow for this run” for one of them, or leave with esc.")
        if self.live.running:
            raise Refused("Checks are running. Leave with esc and press c to stop them first.")
        if authority.too_far(session.scope.level, allowed):
            session.consent(authority.level_of(allowed), values["by"])
        permits = session.allow([probe.id for probe in allowed], values["by"])
        wizard.start_checks({item for probe in allowed for item in probe.items}, permits)
        return f"Sending what you allowed: {', '.join(permits.probes)}. c stops it."

    def action_choose_all(self) -> None:
        choices = list(self.query(Choice))
        value = "no" if all(choice.value == "yes" for choice in choices) else "yes"
        for choice in choices:
            choice.value = value

    def action_give_secret(self) -> None:
        """The first one that is missing, else the first of all."""
        names = [name for probe in self.probes for name in probe.keys]
        held = self._held.names if self._held else ()
        name = next((name for name in names if name not in held), next(iter(names), ""))
        if name:
            self.app.push_screen(SecretDialog(self._key(name)), self._given)
        else:
            self.refuse("None of these needs a secret.")

    def _given(self, told: str | None) -> None:
        if told:
            self.refuse(told)
        ask(self, self.live.session.keychain)

    def _key(self, name: str) -> KnownKey:
        known = next((key for key in self.live.session.catalogue.keys if key.id == name), None)
        return known or KnownKey(
            id=name, title=name, what="A probe asks for it.", how="", fields=("Secret",)
        )
