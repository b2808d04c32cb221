"""A page of an opened sprint: the keys that work on all of them."""

from __future__ import annotations

from launchready_screens.page import Page


class SprintPage(Page):
    """Stages, risks, bar, guide, the clock, undo, masks, export: reachable from every one."""

    @property
    def alive(self) -> bool:
        """A first page stays below when its sprint is closed; then it shows nothing."""
        return self.wizard.live is not None

    def action_stage(self, number: int) -> None:
        self.wizard.show_stage(number)

    def action_back(self) -> None:
        self.wizard.back()

    def action_risks(self) -> None:
        from launchready_screens.risks import RisksPage

        self.wizard.go(RisksPage)

    def action_bar(self) -> None:
        from launchready_screens.bar import BarPage

        self.wizard.go(BarPage)

    def action_guide(self) -> None:
        from launchready_screens.guide import GuidePage

        self.wizard.go(GuidePage)

    def action_home(self) -> None:
        self.wizard.go_home()

    def action_cancel_checks(self) -> None:
        if self.live.cancel():
            self.tell("Stopping. What was seen until now is kept.")

    def action_undo(self) -> None:
        session = self.live.session

        def deed() -> str:
            told = session.undo()
            return f"Taken back: {told}" if told else "Nothing to take back."

        self.attempt(deed)

    def action_mask(self) -> None:
        if self.live.veil.lifted:
            self.wizard.mask()
            return
        from launchready_screens.unmask import UnmaskDialog

        self.app.push_screen(UnmaskDialog(), self.wizard.told)

    def action_edit_fact(self) -> None:
        from launchready_screens.edit_fact import EditFactDialog

        self.app.push_screen(EditFactDialog(), self.wizard.told)

    def action_secrets(self) -> None:
        from launchready_screens.secret_list import SecretsDialog

        self.app.push_screen(SecretsDialog(), self.wizard.told)

    def action_env_map(self) -> None:
        from launchready_screens.env_map import EnvMapDialog

        self.app.push_screen(EnvMapDialog(), self.wizard.told)

    def action_mail(self) -> None:
        from launchready_screens.mail_page import MailPage

        self.app.push_screen(MailPage(), self.wizard.told)

    def action_watch(self) -> None:
        from launchready_screens.watch_form import WatchDialog

        self.app.push_screen(WatchDialog(*self.watchable()), self.wizard.told)

    def watchable(self) -> tuple[str, str]:
        """The name and the type of record that a person here most likely waits for."""
        return self.live.session.target.domain, "A"

    def action_request(self) -> None:
        from launchready_screens.request import RequestDialog

        self.app.push_screen(RequestDialog(), self.wizard.told)

    def action_export(self) -> None:
        from launchready_screens.export import ExportDialog

        self.app.push_screen(ExportDialog(), self.wizard.told)

    def action_clock(self) -> None:
        session = self.live.session
        if self.wizard.clock().paused:

            def deed() -> str:
                session.resume()
                return "The clock counts our time again."

            self.attempt(deed)
            return
        from launchready_screens.pause import PauseDialog

        self.app.push_screen(PauseDialog(), self.wizard.told)
