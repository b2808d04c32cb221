"""Lifting the masks asks first, because the screen may be shared, and ends by itself."""

from __future__ import annotations

from textual.content import Content

from launchready_screens import paint
from launchready_screens.form import Form


class UnmaskDialog(Form):
    heading = "Show what is masked?"
    go = "show for 20 seconds"
    AUTO_FOCUS = ""

    def intro(self) -> Content:
        return paint.prose(
            "Home paths, names in e-mail addresses and long tokens will be readable for everybody"
            " who sees this screen. They are masked again after 20 seconds, or with m."
        )

    def keep(self, values: dict[str, str]) -> str:
        self.wizard.lift()
        return "Unmasked for 20 seconds."
