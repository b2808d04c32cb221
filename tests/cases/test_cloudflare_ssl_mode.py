"""cloudflare.ssl-mode: asked only where traffic passes a Cloudflare zone of the owner's."""

from __future__ import annotations

from typing import Any

from cases.examples import Example, examples
from cases.world import DOMAIN
from launchready_tui.facts.cloudflare import Cloudflare, CloudflareHost
from launchready_tui.model import State


def edge(state: Any, cause: str = "") -> tuple[Cloudflare]:
    return (Cloudflare(zone="yes", hosts=(CloudflareHost(host=DOMAIN, state=state, cause=cause),)),)


test_examples = examples(
    "cloudflare.ssl-mode",
    [
        Example("traffic passes the owner's zone", edge("proxied")),
        Example("Cloudflare answers DNS only", edge("dns-only"), state=State.NOT_APPLICABLE),
        Example("the host brings its own", edge("foreign"), state=State.NOT_APPLICABLE),
        Example("it cannot be told", edge("unknown", "time-out"), state=State.UNKNOWN),
    ],
)
