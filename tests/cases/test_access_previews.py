"""access.previews: previews are closed, and show no production data."""

from __future__ import annotations

from typing import Any

from cases.examples import Example, examples
from cases.headers_world import APP, POLICY, SIGN_IN, answer, facts, held, led, shown
from cases.world import DOMAIN
from launchready_tui.facts.host import Place, Platforms
from launchready_tui.facts.page import Page, read_page
from launchready_tui.facts.site import Visit
from launchready_tui.given import Target, Web
from launchready_tui.model import Confidence, Outcome, State

PREVIEW = "desk-git-main-acme.vercel.app"
STAGING = f"staging.{DOMAIN}"
OPEN, LISTED = "preview-open", "staging-indexed"
API = f"api.{DOMAIN}"
TALKS = f"{POLICY}; connect-src 'self' https://{API}"
POSTS = read_page(f'<form method=post action="https://{API}/login"></form>')


def site(*visits: Visit, **changes: Any) -> tuple[Any, ...]:
    place = Place(host=PREVIEW, previews=((PREVIEW, "Vercel"),), given=True)
    return (*facts(*visits, **changes), Platforms(places=(place,)))


def confirmed_by_a_person(outcome: Outcome) -> None:
    assert not outcome.proven


def settled(outcome: Outcome) -> None:
    assert outcome.proven


def is_likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


test_examples = examples(
    "access.previews",
    [
        Example("no preview is known, so a person looks", site(), also=confirmed_by_a_person),
        Example(
            "an open preview may talk to the production API",
            site(shown(PREVIEW, content_security_policy=TALKS, x_robots_tag="noindex")),
            finds=(f"{OPEN} {PREVIEW}",),
            also=is_likely,
        ),
        Example(
            "an open preview's form sends to the production API",
            site(shown(PREVIEW, POSTS, x_robots_tag="noindex")),
            finds=(f"{OPEN} {PREVIEW}",),
        ),
        Example(
            "staging talks to the API that a person named",
            site(
                shown(
                    STAGING,
                    x_robots_tag="noindex",
                    content_security_policy=f"{POLICY}; connect-src https://acme.supabase.co",
                ),
                target=Target(domain=DOMAIN, web=Web(api=("https://acme.supabase.co/rest",))),
            ),
            finds=(f"{OPEN} {STAGING}",),
        ),
        Example(
            "a protected preview answers 401",
            site(shown(PREVIEW, status=401, content_security_policy=TALKS)),
            not_=(OPEN, LISTED),
            also=settled,
        ),
        Example(
            "a protected preview leads to the platform's sign-in",
            site(
                led(
                    answer(f"https://{PREVIEW}/", 302, to="https://vercel.com/sso-api?url=x"),
                    answer("https://vercel.com/sso-api", 200),
                )
            ),
            not_=(OPEN, LISTED),
            also=settled,
        ),
        Example(
            "an open preview with a back end of its own: a person says whose data it shows",
            site(
                shown(
                    PREVIEW,
                    x_robots_tag="noindex",
                    content_security_policy=f"{POLICY}; connect-src https://api-dev.acme.test",
                )
            ),
            not_=(OPEN, LISTED),
            also=confirmed_by_a_person,
        ),
        Example("staging may be indexed", site(shown(STAGING)), finds=(f"{LISTED} {STAGING}",)),
        Example(
            "a preview may be indexed",
            site(shown(PREVIEW)),
            finds=(f"{LISTED} {PREVIEW}",),
        ),
        Example(
            "staging says noindex in its page",
            site(shown(STAGING, Page(robots="noindex"))),
            not_=(LISTED,),
        ),
        Example("staging asks to sign in", site(shown(STAGING, SIGN_IN)), not_=(LISTED, OPEN)),
        Example(
            "production hosts are none, whatever they are called",
            site(shown(APP), shown(f"latest.{DOMAIN}"), shown(f"devices.{DOMAIN}")),
            not_=(LISTED, OPEN),
        ),
        Example(
            "a preview that could not be looked at",
            site(
                Visit(
                    url=f"https://{PREVIEW}/",
                    hops=(answer(f"https://{PREVIEW}/"),),
                    ended="unknown",
                    cause="no answer within 8 s",
                ),
                hosts=(held(PREVIEW, "no answer within 8 s"),),
            ),
            state=State.UNKNOWN,
        ),
        Example(
            "a preview behind a challenge",
            site(shown(PREVIEW, status=403, cf_mitigated="challenge")),
            not_=(LISTED, OPEN),
            state=State.UNKNOWN,
        ),
    ],
)
