"""site.headers: every host tells browsers what to forbid, on pages, redirects and errors."""

from __future__ import annotations

from typing import Any

from cases.examples import Example, examples, judge
from cases.headers_world import (
    APP,
    HTML,
    POLICY,
    SIGN_IN,
    YEAR,
    absent,
    answer,
    answered,
    facts,
    held,
    led,
    shown,
)
from cases.world import DOMAIN
from launchready_tui.facts.page import Page
from launchready_tui.facts.site import Visit
from launchready_tui.given import Target, Web
from launchready_tui.model import Outcome, Severity, State
from launchready_tui.network.seen import Hop

WWW = f"www.{DOMAIN}"
BACK = f"https://api.{DOMAIN}/orders"
HOME = f"https://{DOMAIN}/"
NO_FRAMES = POLICY.partition(" frame-ancestors")[0]
META = Page(title="Acme", csp=(POLICY,))
EVERY = (
    "hsts-weak",
    "hsts-partial",
    "csp-missing",
    "csp-weak",
    "frame-unprotected",
    "nosniff-missing",
    "referrer-policy-missing",
    "permissions-policy-missing",
    "noindex-missing",
    "version-leak",
)


def home(page: Page | None = HTML, **headers: Any) -> tuple[Any, ...]:
    return facts(shown(page=page, **headers))


def policy(*values: str, page: Page | None = HTML) -> tuple[Any, ...]:
    return home(page, content_security_policy=values, x_frame_options="DENY")


def redirect(**headers: str | None) -> Visit:
    return led(answer(f"https://{WWW}/", 301, to=HOME, **headers), answer(HOME))


def is_low(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.LOW


def says(word: str) -> Any:
    def also(outcome: Outcome) -> None:
        assert word in outcome.findings[0].observed, outcome

    return also


SCRIPTS = "; object-src 'none'; base-uri 'none'; form-action 'self'"
OPEN = f"script-src 'self' 'unsafe-inline'{SCRIPTS}"

test_examples = examples(
    "site.headers",
    [
        Example("all headers are there", home(), not_=EVERY),
        # ------------------------------------------------------------------ HSTS
        Example("no HSTS", home(strict_transport_security=None), finds=(f"hsts-weak {DOMAIN}",)),
        Example(
            "HSTS for a week",
            home(strict_transport_security="max-age=604800"),
            finds=(f"hsts-weak {DOMAIN}",),
            also=says("7 days"),
        ),
        Example(
            "HSTS that switches itself off",
            home(strict_transport_security="max-age=0"),
            finds=(f"hsts-weak {DOMAIN}",),
        ),
        Example(
            "only the first of two HSTS headers counts",
            home(strict_transport_security=("max-age=60", YEAR)),
            finds=(f"hsts-weak {DOMAIN}",),
        ),
        Example(
            "half a year without preload is enough",
            home(strict_transport_security='Max-Age="15768000" ; includeSubDomains'),
            not_=("hsts-weak",),
        ),
        Example(
            "an https redirect without HSTS",
            facts(starts=(redirect(strict_transport_security=None),)),
            finds=(f"hsts-partial {WWW}",),
            not_=("hsts-weak",),
        ),
        Example(
            "an error page without HSTS",
            facts(gone=(absent(strict_transport_security=None),)),
            finds=(f"hsts-partial {DOMAIN}",),
            also=says("404"),
        ),
        Example(
            "the domain's HSTS holds for the redirecting name below it",
            facts(
                shown(strict_transport_security=f"{YEAR}; includeSubDomains"),
                starts=(redirect(strict_transport_security=None),),
            ),
            not_=("hsts-partial",),
        ),
        Example(
            "what comes over http is ignored by browsers, so it need not be there",
            facts(
                starts=(
                    led(
                        answer(f"http://{DOMAIN}/", 301, to=HOME, strict_transport_security=None),
                        answer(HOME),
                    ),
                )
            ),
            not_=("hsts-partial", "hsts-weak"),
        ),
        Example(
            "a bad certificate is another check's matter",
            facts(
                starts=(
                    Visit(
                        url=f"https://{WWW}/",
                        hops=(Hop(url=f"https://{WWW}/", method="GET", outcome="tls"),),
                        ended="tls",
                    ),
                )
            ),
            not_=("hsts-partial", "hsts-weak"),
        ),
        Example(
            "where the page itself lacks HSTS, its redirects are not told beside it",
            facts(
                shown(strict_transport_security=None),
                gone=(absent(strict_transport_security=None),),
            ),
            finds=(f"hsts-weak {DOMAIN}",),
            not_=("hsts-partial",),
        ),
        # ------------------------------------------------------------------ CSP
        Example("no policy", policy(), finds=(f"csp-missing {DOMAIN}",)),
        Example(
            "a policy that only reports weighs less",
            home(
                content_security_policy=None,
                content_security_policy_report_only=POLICY,
                x_frame_options="DENY",
            ),
            finds=(f"csp-missing {DOMAIN}",),
            also=is_low,
        ),
        Example("a policy in the page counts", policy(page=META), not_=("csp-missing",)),
        Example(
            "an API answer is no page",
            home(None, content_security_policy=None, referrer_policy=None, permissions_policy=None),
            not_=(
                "csp-missing",
                "frame-unprotected",
                "referrer-policy-missing",
                "permissions-policy-missing",
            ),
        ),
        Example("inline scripts allowed", policy(OPEN), finds=(f"csp-weak {DOMAIN}",)),
        Example(
            "scripts of any site allowed",
            policy(f"script-src *{SCRIPTS}"),
            finds=(f"csp-weak {DOMAIN}",),
        ),
        Example(
            "base-uri and form-action lacking",
            policy("default-src 'self'"),
            finds=(f"csp-weak {DOMAIN}",),
            also=says("lacks base-uri, lacks form-action"),
        ),
        Example(
            "unsafe-inline beside a nonce is ignored by browsers",
            policy(f"script-src 'unsafe-inline' 'nonce-…' 'strict-dynamic' https:{SCRIPTS}"),
            not_=("csp-weak", "csp-missing"),
        ),
        Example(
            "a second policy in the same header closes the hole",
            policy(f"{OPEN}, script-src 'self'"),
            not_=("csp-weak",),
        ),
        Example(
            "a policy too long to be kept may say the rest where it is cut",
            policy("default-src 'self' https://a.test… (+900 characters)"),
            not_=("csp-weak",),
        ),
        Example(
            "a policy of the page closes the hole of the header's",
            policy(OPEN, page=Page(title="Acme", csp=("script-src 'self'",))),
            not_=("csp-weak",),
        ),
        # ------------------------------------------------------------------ frames
        Example(
            "nothing limits framing",
            home(content_security_policy=NO_FRAMES),
            finds=(f"frame-unprotected {DOMAIN}",),
        ),
        Example(
            "frame-ancestors in the page has no effect",
            home(META, content_security_policy=NO_FRAMES),
            finds=(f"frame-unprotected {DOMAIN}",),
        ),
        Example(
            "ALLOW-FROM is worthless",
            home(content_security_policy=NO_FRAMES, x_frame_options="ALLOW-FROM https://x.test"),
            finds=(f"frame-unprotected {DOMAIN}",),
            also=says("ALLOW-FROM"),
        ),
        Example(
            "frame-ancestors * wins over X-Frame-Options",
            home(content_security_policy=f"{NO_FRAMES} frame-ancestors *", x_frame_options="DENY"),
            finds=(f"frame-unprotected {DOMAIN}",),
        ),
        Example(
            "X-Frame-Options is absent but the header has frame-ancestors",
            home(x_frame_options=None),
            not_=("frame-unprotected",),
        ),
        Example(
            "the old header alone is enough",
            home(content_security_policy=NO_FRAMES, x_frame_options="SameOrigin"),
            not_=("frame-unprotected",),
        ),
        # ------------------------------------------------------------------ small ones
        Example(
            "no nosniff",
            home(x_content_type_options=None),
            finds=(f"nosniff-missing {DOMAIN}",),
        ),
        Example(
            "nosniff in capitals", home(x_content_type_options="NoSniff"), not_=("nosniff-missing",)
        ),
        Example(
            "no referrer policy",
            home(referrer_policy=None),
            finds=(f"referrer-policy-missing {DOMAIN}",),
        ),
        Example(
            "a referrer policy that no browser knows",
            home(referrer_policy="private-please"),
            finds=(f"referrer-policy-missing {DOMAIN}",),
        ),
        Example(
            "the page itself says its referrer policy",
            home(Page(referrer="no-referrer"), referrer_policy=None),
            not_=("referrer-policy-missing",),
        ),
        Example(
            "no permissions policy",
            home(permissions_policy=None),
            finds=(f"permissions-policy-missing {DOMAIN}",),
        ),
        Example(
            "the app's host may be indexed",
            facts(shown(APP)),
            finds=(f"noindex-missing {APP}",),
        ),
        Example(
            "a login form at the domain itself may be indexed",
            home(SIGN_IN),
            finds=(f"noindex-missing {DOMAIN}",),
        ),
        Example(
            "noindex for another robot only",
            facts(shown(APP, x_robots_tag="otherbot: noindex")),
            finds=(f"noindex-missing {APP}",),
        ),
        Example("public marketing pages may be indexed", home(), not_=("noindex-missing",)),
        Example(
            "the app says noindex by header",
            facts(shown(APP, x_robots_tag="noindex, nofollow")),
            not_=("noindex-missing",),
        ),
        Example(
            "the app says noindex in its page",
            facts(shown(APP, Page(robots="NOINDEX"))),
            not_=("noindex-missing",),
        ),
        Example(
            "the app answers 401, so there is nothing to index",
            facts(shown(APP, status=401)),
            not_=("noindex-missing",),
        ),
        Example(
            "versions in Server and X-Powered-By",
            home(server="nginx/1.22.1", x_powered_by="PHP/8.1.2"),
            finds=(f"version-leak {DOMAIN}",),
            also=says("Server: nginx/1.22.1, X-Powered-By: PHP/8.1.2"),
        ),
        Example(
            "the error page alone tells the version",
            facts(gone=(absent(server="Apache/2.4.57 (Debian)"),)),
            finds=(f"version-leak {DOMAIN}",),
        ),
        Example(
            "timings of the database",
            home(server_timing="db;dur=53, app;dur=47.2"),
            finds=(f"version-leak {DOMAIN}",),
        ),
        Example(
            "bare names, and what the platform adds, tell nothing",
            home(
                server="cloudflare",
                server_timing="cfCacheStatus;desc=DYNAMIC, cfEdge;dur=3",
            ),
            not_=("version-leak",),
        ),
        Example("a platform's own name", home(server="awselb/2.0"), not_=("version-leak",)),
        # ------------------------------------------------------------------ API answers
        Example(
            "an API answer beside sound pages comes without what they have",
            facts(api=(answered(x_content_type_options=None, strict_transport_security=None),)),
            finds=(f"hsts-partial {DOMAIN}", f"nosniff-missing {DOMAIN}"),
        ),
        Example(
            "an API host of its own, without pages",
            facts(api=(answered(BACK, strict_transport_security=None, server="PHP/8.1.2"),)),
            finds=(f"hsts-weak api.{DOMAIN}", f"version-leak api.{DOMAIN}"),
        ),
        Example(
            "an API answer needs no policy for frames and scripts",
            facts(
                api=(
                    answered(
                        BACK,
                        401,
                        content_security_policy=None,
                        referrer_policy=None,
                        permissions_policy=None,
                    ),
                )
            ),
            not_=("csp-missing", "frame-unprotected", "hsts-partial", "version-leak"),
        ),
        Example(
            "another company's API is not ours to mend",
            facts(api=(answered("https://api.example.net/acme", x_content_type_options=None),)),
            not_=("nosniff-missing",),
        ),
        Example(
            "the API was not seen for a challenge",
            facts(api=(answered(challenge="Vercel", x_content_type_options=None),)),
            not_=("nosniff-missing",),
            state=State.UNKNOWN,
        ),
        # ------------------------------------------------------------------ several, and none
        Example(
            "the same header missing at many hosts is one finding, the app's first",
            facts(
                *(shown(f"h{n}.{DOMAIN}", x_content_type_options=None) for n in range(9)),
                shown(APP, x_content_type_options=None, x_robots_tag="noindex"),
            ),
            finds=(f"nosniff-missing {APP}",),
            also=says("and 4 more"),
        ),
        Example(
            "a challenge, and nothing is known",
            facts(hosts=(held(APP, "a bot challenge answered instead of the site"),)),
            state=State.UNKNOWN,
        ),
        Example(
            "the host is down, so its error page is not judged as a page",
            facts(shown(APP, status=502, content_security_policy=None)),
            not_=("csp-missing",),
            state=State.UNKNOWN,
        ),
        Example(
            "a given page of the host is judged too",
            facts(shown(path="/report", x_content_type_options=None)),
            finds=(f"nosniff-missing {DOMAIN}",),
        ),
    ],
)


def test_a_host_that_a_person_calls_the_app_is_the_tool() -> None:
    target = Target(domain=DOMAIN, web=Web(app=HOME))
    outcome = judge("site.headers", *facts(target=target))
    assert [f.code for f in outcome.findings] == ["noindex-missing"]
