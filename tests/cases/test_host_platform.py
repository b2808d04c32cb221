"""host.platform: the app runs where production belongs."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from cases.examples import Example, examples
from cases.world import DOMAIN, TARGET
from launchready_tui.facts.host import Place, Platforms, Sign
from launchready_tui.given import Saying, Told
from launchready_tui.model import Fact, State

RENDER = Place(
    host=DOMAIN,
    platform="render",
    label="Render",
    by="header rndr-id",
    signs=(Sign(platform="render", label="Render", seen="header rndr-id"),),
    answers=True,
)
SAID = Told(
    sayings=(
        Saying(
            key="host", value="a server at Hetzner", by="Ana", at=datetime(2026, 1, 1, tzinfo=UTC)
        ),
    )
)


def at(*places: Place, told: Told | None = None) -> tuple[Fact, ...]:
    return (Platforms(places=places), told or Told(), TARGET)


def place(host: str = DOMAIN, **how: object) -> Place:
    return Place(host=host, **how)  # type: ignore[arg-type]


PREVIEW = (("acme-git-main-team.vercel.app", "Vercel"),)
TUNNEL = (("a1b2.ngrok-free.app", "ngrok"),)

test_examples = examples(
    "host.platform",
    [
        Example("a known host", at(RENDER), not_=("dev-server-public", "production-on-preview")),
        Example(
            "the domain leads to a tunnel",
            at(place(dev=TUNNEL)),
            finds=(f"dev-server-public {DOMAIN}",),
        ),
        Example(
            "a tunnel that somebody gave on purpose beside production",
            at(RENDER, place("a1b2.ngrok-free.app", dev=TUNNEL, given=True)),
            not_=("dev-server-public",),
        ),
        Example(
            "a tunnel's pages may read the app's answers",
            at(replace(RENDER, admits=TUNNEL)),
            finds=(f"dev-server-public {DOMAIN}",),
        ),
        Example(
            "the domain leads to the preview of a branch",
            at(place(previews=PREVIEW, platform="vercel", label="Vercel")),
            finds=(f"production-on-preview {DOMAIN}",),
        ),
        Example(
            "a preview that somebody gave on purpose beside production",
            at(RENDER, place("acme-pr-12.onrender.com", previews=PREVIEW, given=True)),
            not_=("production-on-preview",),
        ),
        Example("nothing tells the host", at(place(answers=True)), state=State.UNKNOWN),
        Example(
            "nobody answered",
            at(place(cause="no answer within 8 s")),
            not_=("dev-server-public",),
            state=State.UNKNOWN,
        ),
        Example("a person says where it runs", at(place(answers=True), told=SAID)),
        Example(
            "a visit had to wake it up",
            at(replace(RENDER, asleep="dynamic-free-hibernate-wake")),
            finds=(f"free-plan-pauses {DOMAIN}",),
        ),
        Example("a plan that does not sleep", at(RENDER), not_=("free-plan-pauses",)),
    ],
)
