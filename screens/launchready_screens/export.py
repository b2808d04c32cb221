"""Export: where the handover guide is written to, and what was written."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from launchready_screens import paint
from launchready_screens.form import Asked, Form, Refused


class ExportDialog(Form):
    heading = "Export the handover guide"
    go = "write"

    def intro(self) -> Content:
        gone = " The demo's folder goes when you leave." if self.live.session.fixer else ""
        return paint.prose(
            "HANDOVER.md as it stands: verdict, traffic path, risks, answers, what is unknown and"
            " what was accepted. It holds no secret. Beside it lies launch-dates.ics: what comes"
            " due, for a calendar. A path without a / is in the sprint's folder."
            f"{gone}"
        )

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="out", label="Write to", value="HANDOVER.md", hint="in the sprint's folder"),
        )

    def keep(self, values: dict[str, str]) -> str:
        if not values["out"]:
            raise Refused("Name a file.", "out")
        root = self.live.session.store.root
        try:
            written = self.live.session.export(root / Path(values["out"]).expanduser())
        except OSError as error:
            why = f"It could not be written ({error.strerror}): {values['out']}"
            raise Refused(why, "out") from error
        return f"Written: {written}, and beside it launch-dates.ics"
