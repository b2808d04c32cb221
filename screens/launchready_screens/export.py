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
        return paint.prose(
            "HANDOVER.md as it stands: verdict, traffic path, risks, answers, what is unknown and"
            " what was accepted. It holds no secret."
        )

    def asked(self) -> tuple[Asked, ...]:
        out = self.live.veil.hide(str(self.live.session.store.root / "HANDOVER.md"))
        return (Asked(id="out", label="Write to", value=out),)

    def keep(self, values: dict[str, str]) -> str:
        if not values["out"]:
            raise Refused("Name a file.", "out")
        out = Path(values["out"]).expanduser()
        try:
            written = self.live.session.export(
                out if out.is_absolute() else self.wizard.start / out
            )
        except OSError as error:
            raise Refused(
                f"It could not be written: {error.strerror}: {values['out']}", "out"
            ) from error
        return f"Written: {written}"
