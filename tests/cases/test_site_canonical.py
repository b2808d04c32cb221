"""site.canonical: every way the domain is typed ends at the same https page."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.world import DOMAIN, HOME, hop, starts, visit, way
from launchready_tui.facts.site import CARRIED, CanonicalStarts, Visit
from launchready_tui.model import Fact, Outcome, Severity, State
from launchready_tui.network.seen import Hop

HTTP, WWW = f"http://{DOMAIN}/", f"https://www.{DOMAIN}/"
HTTP_WWW = f"http://www.{DOMAIN}/"
LOGIN = f"https://{DOMAIN}/login"


def site(
    *visits: Visit, carried: tuple[Visit, ...] = (), app: Visit | None = None
) -> tuple[CanonicalStarts]:
    return (starts(*visits, carried=carried, app=app),)


def ended(url: str, how: str, cause: str = "") -> Visit:
    last = Hop(url=url, method="GET", outcome=how, cause=cause)  # type: ignore[arg-type]
    return visit(last, ended=how, cause=cause)


def everywhere(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.BLOCKER


def names_cloudflare(outcome: Outcome) -> None:
    assert "Flexible" in outcome.findings[0].observed


LOOP = way(HOME, ended="loop")
ALL_LOOP: tuple[Fact, ...] = site(
    way(HTTP, HOME, ended="loop"),
    way(HTTP_WWW, WWW, HOME, ended="loop"),
    way(HOME, ended="loop", cf_ray="1-AMS"),
    way(WWW, HOME, ended="loop"),
)
TWO_SITES = (f"canonical-broken {HTTP}",)

test_examples = examples(
    "site.canonical",
    [
        Example(
            "all four end at https without www",
            site(),
            not_=("canonical-broken", "redirect-long", "redirect-temporary", "redirect-loop"),
        ),
        Example(
            "all four end at https with www, in two steps from http",
            site(way(HTTP, HOME, WWW), way(HTTP_WWW, WWW), way(HOME, WWW), way(WWW)),
            not_=("redirect-first-hop-other-host", "redirect-long"),
        ),
        Example("308 is as permanent as 301", site(way(HTTP, HOME, status=308))),
        Example("one start loops", site(LOOP), finds=(f"redirect-loop {HOME}",)),
        Example(
            "every start loops, so nobody gets in",
            ALL_LOOP,
            finds=tuple(f"redirect-loop {url}" for url in (HTTP, HTTP_WWW, HOME, WWW)),
            also=everywhere,
        ),
        Example(
            "a loop behind Cloudflare names the usual cause",
            site(way(HOME, HTTP, ended="loop", cf_ray="1-AMS")),
            finds=(f"redirect-loop {HOME}",),
            also=names_cloudflare,
        ),
        Example(
            "more than ten redirects are a loop to a browser",
            site(way(HOME, *(f"https://{DOMAIN}/{n}" for n in range(10)), ended="long")),
            finds=(f"redirect-loop {HOME}",),
        ),
        Example(
            "a circle that waits for a cookie opens in a browser",
            site(way(HOME, HOME, ended="loop", set_cookie="seen=…; Secure")),
            not_=("redirect-loop",),
            state=State.UNKNOWN,
        ),
        Example(
            "www and the bare domain both serve the site",
            site(way(HTTP_WWW, WWW), way(WWW)),
            finds=TWO_SITES,
        ),
        Example("www answers 404", site(way(WWW, end=404)), finds=(f"canonical-broken {WWW}",)),
        Example(
            "a path of ours may well be unknown there",
            site(carried=(way(f"https://{DOMAIN}{CARRIED}", end=404),)),
            not_=("canonical-broken",),
        ),
        Example("http serves the site", site(way(HTTP)), finds=(f"no-https-redirect {HTTP}",)),
        Example(
            "http serves the app, whatever the domain does",
            site(app=way(f"http://app.{DOMAIN}/")),
            finds=(f"no-https-redirect http://app.{DOMAIN}/",),
        ),
        Example(
            "the app's host goes to https, where nothing is at the front",
            site(app=way(f"http://app.{DOMAIN}/", f"https://app.{DOMAIN}/", end=404)),
            not_=("no-https-redirect", "canonical-broken"),
            state=State.PASS,
        ),
        Example(
            "http is closed: whoever types the name gets https",
            site(ended(HTTP, "refused"), ended(HTTP_WWW, "refused")),
            not_=("no-https-redirect", "canonical-broken"),
        ),
        Example(
            "http leads straight to https with www",
            site(way(HTTP, WWW), way(HTTP_WWW, WWW), way(HOME, WWW), way(WWW)),
            finds=(f"redirect-first-hop-other-host {HTTP}",),
        ),
        Example(
            "http leads to https by a temporary redirect",
            site(way(HTTP, HOME, status=302)),
            finds=(f"redirect-temporary {HTTP}",),
        ),
        Example(
            "the front page leads to a sign-in page for now",
            site(visit(hop(HOME, 302, location="/login"), hop(LOGIN))),
            not_=("redirect-temporary", "redirect-loses-path"),
        ),
        Example(
            "the front page leads to a sign-in page on another host for now",
            site(
                *(
                    visit(
                        *way(*steps).hops[:-1],
                        hop(HOME, 302, location=f"https://login.{DOMAIN}/authorize?client=1"),
                        hop(f"https://login.{DOMAIN}/authorize?client=1"),
                    )
                    for steps in ((HTTP, HOME), (HTTP_WWW, WWW, HOME), (HOME,), (WWW, HOME))
                )
            ),
            not_=("redirect-temporary", "redirect-loses-path"),
        ),
        Example(
            "three redirects from http www",
            site(way(HTTP_WWW, f"{HTTP_WWW}home", f"{WWW}home", HOME)),
            finds=(f"redirect-long {HTTP_WWW}", f"redirect-loses-path {WWW}"),
        ),
        Example(
            "two redirects and then a sign-in page are not too many",
            site(visit(*way(HTTP_WWW, WWW, HOME).hops[:-1], hop(HOME, 302), hop(LOGIN))),
            not_=("redirect-long",),
        ),
        Example(
            "the way goes back over http",
            site(way(WWW, HTTP, HOME)),
            finds=(f"redirect-long {WWW}",),
        ),
        Example(
            "the redirect drops the path",
            site(carried=(way(f"http://{DOMAIN}{CARRIED}", HOME),)),
            finds=(f"redirect-loses-path {HTTP}",),
        ),
        Example(
            "the redirect keeps path and query",
            site(carried=(way(f"http://{DOMAIN}{CARRIED}", f"https://{DOMAIN}{CARRIED}"),)),
            not_=("redirect-loses-path",),
        ),
        Example(
            "a certificate stops the way: tls.certificate tells it",
            site(ended(WWW, "tls", "the certificate is not trusted")),
            not_=("canonical-broken",),
            state=State.UNKNOWN,
        ),
        Example(
            "the way leads out of what was authorised",
            site(ended(HOME, "blocked", "brand.example is not in the authorised scope")),
            not_=("canonical-broken",),
            state=State.UNKNOWN,
        ),
        Example(
            "a bot challenge answered",
            site(visit(hop(HOME, 403, cf_mitigated="challenge"))),
            not_=("canonical-broken",),
            state=State.UNKNOWN,
        ),
        Example(
            "no answer in time", site(ended(HOME, "unknown", "no answer")), state=State.UNKNOWN
        ),
        Example(
            "the domain leads nowhere",
            (CanonicalStarts(starts=(), carried=()),),
            state=State.UNKNOWN,
        ),
    ],
)
