"""site.errors: an address that does not exist is refused."""

from __future__ import annotations

from typing import Any

from cases.examples import Example, examples
from cases.exposure_world import PRIVATE, anonymous, api
from cases.exposure_world import page as private
from cases.headers_world import APP, SHELL, SIGN_IN, absent, answer, facts, held, led, shown
from cases.world import DOMAIN
from launchready_tui.facts.page import Page
from launchready_tui.facts.web import Missing, made_up
from launchready_tui.facts.wellknown import Wanted, WellKnown
from launchready_tui.model import Outcome, State

SOFT = "error-page-soft-404"
CONTACT, ROBOTS = "no-security-txt", "robots-lists-admin"
GONE = f"https://{DOMAIN}/{made_up(DOMAIN)}"
HOME = Page(title="Acme", shell="home")
ARTICLE = Page(title="Acme", shell="other")


def files(
    *hidden: str, host: str = DOMAIN, contact: Any = "there", robots: Any = "there", cause: str = ""
) -> WellKnown:
    return WellKnown(
        host=host,
        robots=Wanted(state=robots, cause=cause),
        contact=Wanted(state=contact, cause=cause),
        hidden=hidden,
    )


def site(*gone: Missing, page: Page = HOME, also: WellKnown | None = None) -> tuple[Any, ...]:
    return (*facts(shown(page=page), gone=gone or None), also or files())


def moved(to: str, page: Page | None = ARTICLE) -> Missing:
    return Missing(host=DOMAIN, visit=led(answer(GONE, 302, to=to), answer(to), page=page))


def says(word: str) -> Any:
    def also(outcome: Outcome) -> None:
        assert any(word in line.value for line in outcome.seen), outcome

    return also


test_examples = examples(
    "site.errors",
    [
        Example("404 and a plain page", site(), not_=(SOFT, CONTACT, ROBOTS)),
        # ------------------------------------------------------------------ soft 404
        Example(
            "a made-up address is answered with a page",
            site(absent(page=ARTICLE, status=200)),
            finds=(f"{SOFT} {DOMAIN}",),
        ),
        Example(
            "a made-up address shows the front page of a site without scripts",
            site(absent(page=HOME, status=200)),
            finds=(f"{SOFT} {DOMAIN}",),
        ),
        Example(
            "a made-up address leads to the front page",
            site(moved(f"https://{DOMAIN}/")),
            finds=(f"{SOFT} {DOMAIN}",),
        ),
        Example(
            "a server's own start page",
            site(absent(page=Page(title="Welcome to nginx!"), status=404)),
            finds=(f"{SOFT} {DOMAIN}",),
        ),
        Example(
            "a made-up address breaks the server",
            site(absent(status=500)),
            finds=(f"{SOFT} {DOMAIN}",),
        ),
        Example(
            "an app that decides in the browser answers every address, by design",
            site(absent(page=SHELL, status=200), page=SHELL),
            not_=(SOFT,),
            also=says("decides in the browser"),
        ),
        Example(
            "a made-up address leads to the sign-in",
            site(moved(f"https://{DOMAIN}/login?next=x")),
            not_=(SOFT,),
        ),
        Example("a login form for every address", site(absent(page=SIGN_IN, status=200))),
        Example(
            "a made-up address leads to a login provider",
            site(moved("https://acme.auth0.com/authorize")),
            not_=(SOFT,),
        ),
        Example("401 for every address", site(absent(status=401)), not_=(SOFT,)),
        Example("404 of a bare nginx", site(absent(page=Page(title="404 Not Found")))),
        # ------------------------------------------------------------------ the two files
        Example(
            "no security.txt", site(also=files(contact="absent")), finds=(f"{CONTACT} {DOMAIN}",)
        ),
        Example(
            "robots.txt names the administration",
            site(also=files("/admin/", "/cart", "/internal-api")),
            finds=(f"{ROBOTS} {DOMAIN}",),
        ),
        Example(
            "an internal tool behind a login needs neither",
            site(page=SIGN_IN, also=files("/admin/", contact="absent")),
            not_=(CONTACT, ROBOTS),
            also=says("behind a login"),
        ),
        Example(
            "only the app's own host serves pages",
            (*facts(shown(APP)), files("/admin/", host=APP, contact="absent")),
            not_=(CONTACT, ROBOTS),
        ),
        Example(
            "robots.txt names what everybody knows or sees",
            site(also=files("/wp-admin/", "/search", "/administrative-law", "/blog/managers")),
            not_=(ROBOTS,),
        ),
        # ------------------------------------------------------------------ a page by its address
        Example(
            "the host itself says that a page of the app is not there",
            (*site(), anonymous(private(status=404, nothing_at="Vercel"))),
            finds=(f"deep-link-404 {PRIVATE}",),
        ),
        Example(
            "the app hides a page from strangers with a 404 of its own",
            (*site(), anonymous(private(status=404))),
            not_=("deep-link-404",),
        ),
        Example(
            "an address of the API that is not there",
            (*site(), anonymous(api(status=404, nothing_at="Vercel"))),
            not_=("deep-link-404",),
        ),
        # ------------------------------------------------------------------ nothing known
        Example(
            "the files could not be read",
            site(also=files(contact="unknown", robots="unknown", cause="it answers 503")),
            not_=(CONTACT,),
            state=State.UNKNOWN,
        ),
        Example(
            "a challenge at the made-up address",
            site(absent(status=403, page=None, cf_mitigated="challenge")),
            state=State.UNKNOWN,
        ),
        Example(
            "the whole host is down",
            (*facts(shown(status=502), gone=(absent(status=502),)), files()),
            not_=(SOFT,),
            state=State.UNKNOWN,
        ),
        Example(
            "a host that could not be looked at",
            (*facts(hosts=(held(APP, "no answer within 8 s"),)), files()),
            state=State.UNKNOWN,
        ),
    ],
)
