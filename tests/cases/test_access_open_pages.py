"""access.open-pages: what answers strangers, and what only seems to."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.exposure_world import API, APP, PRIVATE, admin_page, anonymous, api, page
from cases.world import DOMAIN, TARGET, hop, missing, served, visit, web
from launchready_tui.facts.admin import AdminPage, AdminPages
from launchready_tui.facts.open_redirect import OpenRedirect, OpenRedirects
from launchready_tui.facts.page import Page
from launchready_tui.facts.private import AnonymousPage
from launchready_tui.facts.web import made_up
from launchready_tui.given import Target, Web
from launchready_tui.model import Fact, Outcome, State

NAMED = Target(domain=DOMAIN, web=Web(private=(PRIVATE,), api=(API,)))
CLOSED = (page(status=401), api(status=401))
LOGIN = f"https://{APP}/login"
ELSEWHERE = "https://login.example/"
SHELL = "5he11"


def these(*pages: AnonymousPage, more: tuple[Fact, ...] = ()) -> tuple[Fact, ...]:
    given = {type(fact): fact for fact in (AdminPages(pages=()), web(), missing(), *more)}
    return (anonymous(*pages), NAMED, *given.values())


def admins(*pages: AdminPage, more: tuple[Fact, ...] = ()) -> tuple[Fact, ...]:
    return these(*CLOSED, more=(AdminPages(pages=pages), *more))


def redirects(*found: OpenRedirect) -> tuple[Fact, ...]:
    return these(*CLOSED, more=(OpenRedirects(asked=(LOGIN,), found=found),))


def settled(outcome: Outcome) -> None:
    assert outcome.proven


def open_question(outcome: Outcome) -> None:
    assert not outcome.proven


FRONT = web(served(APP, Page(title="Desk", shell=SHELL)))
SPA = missing(visit(hop(f"https://{APP}/{made_up(APP)}"), page=Page(title="Desk", shell=SHELL)))
STRANGE_HOP = hop(f"https://{APP}/{made_up(APP)}", cf_mitigated="challenge")

test_examples = examples(
    "access.open-pages",
    [
        Example("all of it is closed", these(*CLOSED), not_=("no-auth",), also=settled),
        Example(
            "an API answers people's records",
            these(page(status=401), api(data=True, personal=3)),
            finds=(f"no-auth {API}",),
        ),
        Example(
            "a private address answers data",
            these(page(kind="json", data=True)),
            finds=(f"no-auth {PRIVATE}",),
        ),
        Example(
            "a private page carries the test user's name",
            these(page(kind="html", markers=1, text=900, login=True)),
            finds=(f"no-auth {PRIVATE}",),
        ),
        Example(
            "a private address gives a file away",
            these(page(kind="file", data=True)),
            finds=(f"no-auth {PRIVATE}",),
        ),
        Example(
            "a redirect that ends at the data after all",
            these(page(moved=True, at=f"{PRIVATE}/today", kind="html", markers=2)),
            finds=(f"no-auth {PRIVATE}",),
        ),
        Example(
            "the login is shown instead",
            these(page(kind="html", text=900, login=True), CLOSED[1]),
            not_=("no-auth",),
            also=settled,
        ),
        Example(
            "a redirect to the login",
            these(page(moved=True, at=LOGIN, kind="html", login=True), CLOSED[1]),
            not_=("no-auth",),
            also=settled,
        ),
        Example(
            "a redirect to a login at another company, where we may not follow",
            these(
                page(status=0, ended="blocked", moved=True, at="https://login.example/"), CLOSED[1]
            ),
            not_=("no-auth",),
            also=settled,
        ),
        Example(
            "the same empty frame for every address",
            these(page(kind="html", text=900, shell=SHELL), CLOSED[1], more=(FRONT, SPA)),
            not_=("no-auth",),
            also=settled,
        ),
        Example(
            "a frame that says only that scripts are needed",
            these(page(kind="html", text=60, shell="other"), CLOSED[1]),
            not_=("no-auth",),
        ),
        Example(
            "the app's health",
            these(page(status=403), api(f"https://{APP}/api/health", data=True)),
            not_=("no-auth",),
            also=settled,
        ),
        Example(
            "public data of an API, which a person has to say",
            these(page(status=403), api(data=True)),
            not_=("no-auth",),
            also=open_question,
        ),
        Example(
            "an answer that says nothing of anybody",
            these(page(status=403), api(data=False)),
            not_=("no-auth",),
        ),
        Example(
            "a page that only a person can judge",
            these(page(kind="html", text=900, shell="own")),
            not_=("no-auth",),
            state=State.UNKNOWN,
        ),
        Example(
            "the front page is no measure of itself",
            these(page(f"https://{APP}/", kind="html", text=900, shell=SHELL), more=(FRONT,)),
            state=State.UNKNOWN,
        ),
        Example(
            "nobody named an address",
            (anonymous(), TARGET, AdminPages(pages=()), web(), missing()),
            not_=("no-auth",),
            state=State.UNKNOWN,
        ),
        Example(
            "a challenge", these(page(challenge="Cloudflare", status=403)), state=State.UNKNOWN
        ),
        Example("a limiter answered", these(page(status=429)), state=State.UNKNOWN),
        Example("no answer", these(page(ended="unknown", cause="no")), state=State.UNKNOWN),
        Example("an error", these(page(status=502)), state=State.UNKNOWN),
        Example(
            "an open page for administrators",
            admins(admin_page(text=900, cells=12, shell="own", title="Users")),
            finds=(f"admin-page-open https://{APP}/admin",),
        ),
        Example(
            "a page that names its product",
            admins(admin_page("/rails/info/routes", known="Rails' list of routes")),
            finds=(f"admin-page-open https://{APP}/rails/info/routes",),
        ),
        Example(
            "a login form under the usual address",
            admins(admin_page(text=900, cells=1, login=True)),
            not_=("admin-page-open",),
        ),
        Example(
            "the empty frame of a single-page app",
            admins(admin_page(text=900, cells=3, shell=SHELL), more=(FRONT, SPA)),
            not_=("admin-page-open",),
        ),
        Example(
            "a page of text that shows no records",
            admins(admin_page(text=900, shell="own")),
            not_=("admin-page-open",),
        ),
        Example(
            "refused, or not there",
            admins(admin_page(status=403), admin_page("/wp-admin/", 404)),
            not_=("admin-page-open",),
        ),
        Example(
            "an open page, and no measure of what is not there",
            admins(admin_page(text=900, cells=12), more=(missing(visit(STRANGE_HOP)),)),
            not_=("admin-page-open",),
            state=State.UNKNOWN,
        ),
        Example(
            "an address for administrators that did not answer",
            admins(AdminPage(url=f"https://{APP}/admin", cause="no answer within 8 s")),
            state=State.UNKNOWN,
        ),
        Example(
            "the login page leads anywhere",
            redirects(OpenRedirect(page=LOGIN, parameter="next", form="//…/")),
            finds=(f"open-redirect {LOGIN}",),
        ),
        Example("the login page stays at home", redirects(), not_=("open-redirect",), also=settled),
    ],
)
