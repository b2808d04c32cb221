"""Pausing our time: the wall clock runs on, our hours do not, and the reason is kept."""

from __future__ import annotations

from launchready_screens.form import Asked, Form, Refused


class PauseDialog(Form):
    heading = "Pause our time"
    go = "pause"

    def asked(self) -> tuple[Asked, ...]:
        hint = "waiting for access, DNS, a vendor, sleep"
        return (Asked(id="why", label="Waiting for", hint=hint),)

    def keep(self, values: dict[str, str]) -> str:
        if not values["why"]:
            raise Refused("Give the reason: it tells our time from waiting time.", "why")
        self.live.session.pause(values["why"])
        return "Our time is paused. p goes on."
