"""cloudflare.proxy: who is in front, and two signs of an unencrypted way to the app."""

from __future__ import annotations

from typing import Any

from cases.cloudflare_world import account, flexible
from cases.examples import Example, examples
from cases.world import DOMAIN, HOME, hop, starts, visit, way
from launchready_tui.facts.cloudflare import Cloudflare, CloudflareHost
from launchready_tui.facts.page import Page
from launchready_tui.facts.site import HostPages, Visit
from launchready_tui.model import Confidence, Fact, Outcome, State

RAY = {"cf_ray": "8c1f2d3e4b5a6978-AMS", "server": "cloudflare"}
NO_PAGES = HostPages(pages=())
FLEXIBLE = (f"cf-ssl-flexible {DOMAIN}",)


def edge(state: Any, zone: Any = "yes", cause: str = "") -> Cloudflare:
    return Cloudflare(zone=zone, hosts=(CloudflareHost(host=DOMAIN, state=state, cause=cause),))


def behind(*visits: Visit) -> tuple[Fact, ...]:
    """Cloudflare in front, and what came back through it."""
    return (edge("proxied"), starts(way(HOME, **RAY), *visits), NO_PAGES)


def only_likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


def confirmed(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED


BACK_TO_HTTP = way(HOME, f"http://{DOMAIN}/", ended="loop", **RAY)
LOOSE_COOKIE = visit(hop(HOME, set_cookie="session=…; HttpOnly", **RAY))
PLAIN_LINKS = visit(hop(HOME, **RAY), page=Page(plain=(DOMAIN,)))
BOTH = visit(hop(HOME, set_cookie="session=…", **RAY), page=Page(plain=(DOMAIN,)))

test_examples = examples(
    "cloudflare.proxy",
    [
        Example("in front, and all is encrypted", behind(), not_=("cf-ssl-flexible",)),
        Example(
            "cookies without Secure and links over http",
            behind(BOTH),
            finds=FLEXIBLE,
            also=only_likely,
        ),
        Example(
            "https leads to http and http back to https",
            behind(
                visit(
                    hop(HOME, 301, location=f"http://{DOMAIN}/", set_cookie="a=…", **RAY),
                    hop(f"http://{DOMAIN}/", 301, location=HOME, **RAY),
                    ended="loop",
                )
            ),
            finds=FLEXIBLE,
        ),
        Example(
            "the account says flexible, and no sign shows it",
            (*behind(), account(ssl="flexible")),
            finds=FLEXIBLE,
            also=confirmed,
        ),
        Example("the account says off", (*behind(BOTH), account(ssl="off")), finds=FLEXIBLE),
        Example(
            "both signs, but the account says strict: it is the app's own doing",
            (*behind(BOTH), account()),
            not_=("cf-ssl-flexible",),
        ),
        Example(
            "a rule lowers the mode for one host",
            (*behind(), account(flexible())),
            finds=('cf-ssl-flexible http.host eq "old.acme.test"',),
        ),
        Example(
            "the account's settings are not readable: one sign is still one sign",
            (*behind(LOOSE_COOKIE), account(not_read=("settings",))),
            not_=("cf-ssl-flexible",),
            state=State.UNKNOWN,
        ),
        Example(
            "flexible is set where nothing passes Cloudflare",
            (edge("dns-only"), starts(), NO_PAGES, account(ssl="flexible")),
            not_=("cf-ssl-flexible",),
        ),
        Example(
            "a single sign asks and accuses nobody",
            behind(LOOSE_COOKIE),
            not_=("cf-ssl-flexible",),
            state=State.UNKNOWN,
        ),
        Example(
            "the same single sign on two pages is still one sign",
            (edge("proxied"), starts(PLAIN_LINKS), HostPages(pages=(PLAIN_LINKS,))),
            not_=("cf-ssl-flexible",),
            state=State.UNKNOWN,
        ),
        Example(
            "both signs, but Cloudflare belongs to the hosting platform",
            (edge("foreign", zone="no"), starts(BOTH), NO_PAGES),
            not_=("cf-ssl-flexible",),
            state=State.NOT_APPLICABLE,
        ),
        Example("Cloudflare answers DNS only", (edge("dns-only"), starts(), NO_PAGES)),
        Example(
            "no Cloudflare anywhere",
            (edge("none", zone="no"), starts(), NO_PAGES),
            state=State.NOT_APPLICABLE,
        ),
        Example(
            "a bot challenge hides the site",
            behind(visit(hop(HOME, 403, cf_mitigated="challenge", **RAY))),
            not_=("cf-ssl-flexible",),
            state=State.UNKNOWN,
        ),
        Example(
            "nobody said who answers for the zone",
            (edge("unknown", zone="unknown", cause="SERVFAIL"), starts(), NO_PAGES),
            state=State.UNKNOWN,
        ),
    ],
)
