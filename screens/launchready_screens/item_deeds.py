"""What a person does with one item: check it again, answer, accept, note, let the lab fix it."""

from __future__ import annotations

from collections.abc import Collection

from launchready_screens.sprint_page import SprintPage
from launchready_tui.model import Kind, State
from launchready_tui.ranking import Risk
from launchready_tui.verdict import ItemView

_RECORDS = ("A", "AAAA", "CNAME", "MX", "NS", "TXT", "CAA", "SOA", "DS")


class ItemDeeds(SprintPage):
    """For pages on which an item is in front of the person."""

    @property
    def chosen_item(self) -> str:
        """The id of the item in front, or nothing."""
        return ""

    @property
    def chosen_risk(self) -> Risk | None:
        """The finding in front: the worst open one of the item."""
        view = self.chosen_view
        return next((r for r in view.risks if not r.waived), None) if view else None

    @property
    def chosen_view(self) -> ItemView | None:
        return self.live.session.verdict.items.get(self.chosen_item)

    def watchable(self) -> tuple[str, str]:
        """What the finding in front is about, where that is a name in DNS."""
        risk = self.chosen_risk
        if risk is None or not risk.item.startswith("dns."):
            return super().watchable()
        from launchready_tui.network.hosts import BadHost, as_host

        words = risk.subject.split()
        rdtype = next((w for w in words if w.upper() in _RECORDS), "")
        try:
            name = as_host(next(word for word in words if word != rdtype))
        except (BadHost, StopIteration):
            return super().watchable()
        return name, rdtype.upper() or _type(risk.code)

    def action_recheck_item(self) -> None:
        view = self._insist()
        if view is None:
            return
        if view.item.kind is Kind.ATTEST:
            self.tell("A machine cannot see this one. Press a to answer it.")
        elif not self.wizard.start_checks([view.item.id]):
            self.tell("Checks are running. Press c to stop them first.")

    def action_probe(self) -> None:
        view = self._insist()
        if view is not None:
            self.offer_probes([view.item.id], "For this item a visitor's look is all there is.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "probe" and self.alive:
            from launchready_tui.authority import probes_for

            return bool(probes_for(self.live.session.catalogue, self.probed_items()))
        return super().check_action(action, parameters)

    def probed_items(self) -> Collection[str]:
        """The items in front: those that an active probe would have to tell of."""
        return [self.chosen_item]

    def offer_probes(self, items: Collection[str], nothing: str) -> None:
        """Show which active probes tell more of `items`, and let the person allow them."""
        from launchready_screens.probes import ProbesDialog
        from launchready_tui.authority import probes_for

        probes = probes_for(self.live.session.catalogue, items)
        if not probes:
            self.tell(nothing)
        elif self.live.running:
            self.tell("Checks are running. Press c to stop them first.")
        else:
            self.app.push_screen(ProbesDialog(probes), self.wizard.told)

    def action_answer(self) -> None:
        view = self._insist()
        if view is None:
            return
        if not view.item.question:
            self.tell("A machine decides this one: r checks it again, w accepts what is open.")
            return
        from launchready_screens.answer import AnswerDialog
        from launchready_screens.mail_answer import MAILS, MailDialog

        dialog = MailDialog if view.item.id == MAILS else AnswerDialog
        self.app.push_screen(dialog(view.item), self.answered)

    def answered(self, told: str | None) -> None:
        """What the answer dialog brought back."""
        self.wizard.told(told)

    def action_waive(self) -> None:
        view = self._insist()
        if view is None:
            return
        if view.state is not State.FAIL:
            self.tell("Only an open fault can be accepted. This one has none.")
            return
        if refused := self.live.session.unacceptable(view.item.id):
            self.tell(f"“{refused.title}” cannot be accepted. The fix beside it helps.")
            return
        from launchready_screens.waive import WaiveDialog

        self.app.push_screen(WaiveDialog(view), self.wizard.told)

    def action_note(self) -> None:
        view = self._insist()
        if view is not None:
            from launchready_screens.note import NoteDialog

            self.app.push_screen(NoteDialog(view.item), self.wizard.told)

    def action_fix(self) -> None:
        risk = self.chosen_risk
        if risk is None:
            self.tell("Nothing is broken here. Choose a row with ✗.")
            return
        from launchready_tui.authority import probes_for

        session = self.live.session
        also = ", or t to try again" if probes_for(session.catalogue, [risk.item]) else ""
        again = f"Press r to look again{also}."
        self.attempt(lambda: f"{session.lab_fix(risk.code, risk.subject)} {again}")

    def _insist(self) -> ItemView | None:
        view = self.chosen_view
        if view is None:
            self.tell("Choose an item first.")
        return view


def _type(code: str) -> str:
    """The type of record that a fault's code speaks of."""
    parts = code.upper().split("-")
    named = next((part for part in parts if len(part) > 1 and part in _RECORDS), "")
    return named or ("NS" if "NAMESERVER" in code.upper() else "A")
