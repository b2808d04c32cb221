"""cloudflare.ssl-mode: asked only where traffic passes a Cloudflare zone of the owner's."""

from __future__ import annotations

from typing import Any

from cases.cloudflare_world import account, flexible
from cases.examples import Example, examples
from cases.world import DOMAIN
from launchready_tui.facts.cloudflare import Cloudflare, CloudflareHost
from launchready_tui.model import Outcome, State


def edge(state: Any, cause: str = "") -> tuple[Cloudflare]:
    return (Cloudflare(zone="yes", hosts=(CloudflareHost(host=DOMAIN, state=state, cause=cause),)),)


def proven(outcome: Outcome) -> None:
    assert outcome.proven


def proposed(outcome: Outcome) -> None:
    assert not outcome.proven and not outcome.findings


test_examples = examples(
    "cloudflare.ssl-mode",
    [
        Example("traffic passes the owner's zone", edge("proxied")),
        Example("the account says strict", (*edge("proxied"), account()), also=proven),
        Example("it says full", (*edge("proxied"), account(ssl="full")), also=proposed),
        Example(
            "it says strict, and a rule lowers it for a part",
            (*edge("proxied"), account(flexible())),
            also=proposed,
        ),
        Example(
            "it says flexible: the finding is cloudflare.proxy's",
            (*edge("proxied"), account(ssl="flexible")),
            state=State.FAIL,
            also=proposed,
        ),
        Example(
            "it is not readable",
            (*edge("proxied"), account(not_read=("settings",))),
            also=proposed,
        ),
        Example("Cloudflare answers DNS only", edge("dns-only"), state=State.NOT_APPLICABLE),
        Example("the host brings its own", edge("foreign"), state=State.NOT_APPLICABLE),
        Example("it cannot be told", edge("unknown", "time-out"), state=State.UNKNOWN),
    ],
)
