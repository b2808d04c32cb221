"""Pasting a host's settings into the env map: names and fingerprints are kept, never values."""

from __future__ import annotations

from textual.content import Content

from launchready_screens import paint
from launchready_screens.aside import AsideForm
from launchready_screens.form import Asked, Refused
from launchready_screens.inks import QUIET
from launchready_screens.widgets.fields import Unseen


class ExportDialog(AsideForm):
    heading = "A host's settings"

    def intro(self) -> Content:
        return paint.prose(
            "Copy all settings of one environment at the host, as NAME=value lines or as JSON, and"
            " paste them here. They are not shown and not kept: only names, and a fingerprint of"
            " each secret where there is a keyring.",
            QUIET,
        )

    def asked(self) -> tuple[Asked, ...]:
        known = self.live.session.target.environments
        chosen = "prod" if "prod" in known else known[-1]
        return (
            Asked(
                id="environment",
                label="Environment",
                kind="choice",
                value=chosen,
                options=tuple((name, name) for name in known),
            ),
            Asked(id="pasted", label="The settings", kind="unseen"),
            Asked(id="source", label="Copied from", hint="the host, such as vercel"),
            Asked(id="by", label="Who says so", value=self.live.session.by),
        )

    def values(self) -> dict[str, str]:
        """Of what was pasted only whether there is something."""
        there = self.query_one("#field-pasted", Unseen).taken is not None
        return {**super().values(), "pasted": "yes" if there else ""}

    def keep(self, values: dict[str, str]) -> str:
        from launchready_tui.facts.env_example import listing

        taken = self.query_one("#field-pasted", Unseen).taken
        if taken is None:
            raise Refused("Nothing is pasted yet: put the cursor here and paste.", "pasted")
        session, data = self.live.session, taken.reveal().encode("utf-8", "replace")
        read = listing(data, session.target.environments)
        if read.problem or not read.names:
            why = read.problem or "no name of a setting was found in it"
            raise Refused(f"This could not be read: {why}.", "pasted")
        recorded = session.record_export(
            data,
            read.names,
            environment=values["environment"],
            source=values["source"] or "pasted",
            by=values["by"],
        )
        return " ".join((recorded.sentence, *recorded.told))
