"""Open a sprint by its folder."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from launchready_screens import paint
from launchready_screens.form import Asked, Form, Refused


class OpenDialog(Form):
    heading = "Open a sprint"
    go = "open"

    def __init__(self, start: Path) -> None:
        super().__init__()
        self.start = start

    def intro(self) -> Content:
        return paint.text("The folder that holds launchready.toml, or any folder below it.")

    def asked(self) -> tuple[Asked, ...]:
        return (Asked(id="folder", label="Folder", hint="~/clients/acme"),)

    def keep(self, values: dict[str, str]) -> str:
        from launchready_tui.sprint import find_sprint

        if not values["folder"]:
            raise Refused("Name a folder.", "folder")
        root = find_sprint((self.start / Path(values["folder"]).expanduser()).absolute())
        if root is None:
            raise Refused(
                f"There is no launchready.toml in {values['folder']} nor above it. esc, then n"
                " starts a new sprint.",
                "folder",
            )
        return str(root)
