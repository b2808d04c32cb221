"""A scope request: a “can you also”, with what was decided and what it costs the plan."""

from __future__ import annotations

from typing import Literal, cast

from launchready_screens.form import Asked, Form, Refused

Decision = Literal["open", "later", "swap", "quote", "refused"]


class RequestDialog(Form):
    heading = "Something outside this sprint was asked for"

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="text", label="What is asked", hint="can you also …"),
            Asked(
                id="decision",
                label="Decided",
                value="open",
                kind="choice",
                options=(
                    ("open", "open"),
                    ("later", "later"),
                    ("swap", "swap"),
                    ("quote", "quote"),
                    ("refused", "refused"),
                ),
            ),
            Asked(id="effect", label="Effect", hint="such as: moves sign-off by a day"),
            Asked(id="by", label="Who asked", value=self.live.session.by),
        )

    def keep(self, values: dict[str, str]) -> str:
        if not values["text"]:
            raise Refused("Write what is asked for.", "text")
        self.live.session.request(
            values["text"],
            decision=cast("Decision", values["decision"]),
            effect=values["effect"],
            by=values["by"],
        )
        return "Logged; it stands in the handover guide."
