"""site.content: pages load and send everything encrypted, and only scripts that are known."""

from __future__ import annotations

from typing import Any

from cases.examples import Example, examples
from cases.headers_world import APP, POLICY, SIGN_IN, answer, facts, held, led, shown
from cases.world import DOMAIN
from launchready_tui.facts.page import Page, read_page
from launchready_tui.facts.site import Visit
from launchready_tui.model import Confidence, Outcome, Severity, State

HTTP = f"http://{DOMAIN}/"
UNPINNED, MIXED, OPEN = "script-third-party-unpinned", "mixed-content", "login-over-http"
INTEGRITY = 'integrity="sha384-abc" crossorigin="anonymous"'


def app(body: str, **headers: Any) -> tuple[Any, ...]:
    """The app's own host, where people are signed in."""
    return facts(shown(APP, read_page(body), **headers))


def home(body: str, **headers: Any) -> tuple[Any, ...]:
    return facts(shown(page=read_page(body), **headers))


def plain(page: Page | None, status: int = 200, **headers: Any) -> Visit:
    return led(answer(HTTP, status, **headers), page=page)


def script(source: str, more: str = "") -> str:
    return f'<script src="{source}" {more}></script>'


def is_high(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.HIGH


def is_confirmed(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED
    assert outcome.findings[0].severity is None


def asks(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.REVIEW


FORM = "<form method=post><input name=user><input type=password name=word></form>"


def tells_no_password(outcome: Outcome) -> None:
    assert "admin" in outcome.findings[0].observed
    assert "admin123" not in str(outcome)
    assert outcome.findings[0].confidence is Confidence.LIKELY


def mentions_stripe(outcome: Outcome) -> None:
    assert any("Stripe" in line.value for line in outcome.seen)


test_examples = examples(
    "site.content",
    [
        Example("plain pages", facts(), not_=(MIXED, OPEN, UNPINNED)),
        # ------------------------------------------------------------------ mixed content
        Example(
            "a picture over http",
            home('<img src="http://cdn.acme.test/a.png">'),
            finds=(f"{MIXED} {DOMAIN}",),
        ),
        Example(
            "a script of its own over http",
            home(script("http://cdn.acme.test/a.js")),
            finds=(f"{MIXED} {DOMAIN}",),
            also=is_high,
        ),
        Example(
            "links, names of XML and comments load nothing",
            home(
                '<a href="http://acme.test/">x</a><svg xmlns="http://www.w3.org/2000/svg"></svg>'
                '<!-- <img src="http://acme.test/a.png"> -->'
                '<script type="application/ld+json">{"@context": "http://schema.org"}</script>'
            ),
            not_=(MIXED,),
        ),
        Example(
            "browsers upgrade it, because the page says so",
            home(
                '<img src="http://acme.test/a.png">',
                content_security_policy=f"{POLICY}; upgrade-insecure-requests",
            ),
            not_=(MIXED,),
        ),
        Example(
            "this computer itself is safe to browsers",
            home('<img src="http://localhost:3000/a.png"><img src="http://127.0.0.1/a.png">'),
            not_=(MIXED,),
        ),
        # ------------------------------------------------------------------ logins
        Example(
            "a login form served over http",
            facts(starts=(plain(SIGN_IN),)),
            finds=(f"{OPEN} {DOMAIN}",),
        ),
        Example(
            "a login form served over http at the app's own host",
            facts(app_start=led(answer(f"http://{APP}/"), page=SIGN_IN)),
            finds=(f"{OPEN} {APP}",),
        ),
        Example(
            "a login form that sends to http",
            home('<form method=post action="http://acme.test/in"><input type=password></form>'),
            finds=(f"{OPEN} {DOMAIN}",),
            not_=(MIXED,),
        ),
        Example(
            "a session cookie on an http page",
            facts(starts=(plain(None, set_cookie="session=…; HttpOnly"),)),
            finds=(f"{OPEN} {DOMAIN}",),
        ),
        Example(
            "http redirects before any form, though it sets a cookie on the way",
            facts(
                starts=(
                    led(
                        answer(HTTP, 301, to=f"https://{DOMAIN}/", set_cookie="session=…"),
                        answer(f"https://{DOMAIN}/"),
                        page=SIGN_IN,
                    ),
                )
            ),
            not_=(OPEN,),
        ),
        Example(
            "an http page without a form and with a cookie that carries no login",
            facts(starts=(plain(Page(title="Acme"), set_cookie="locale=…"),)),
            not_=(OPEN,),
        ),
        Example(
            "a search form over http asks for no password",
            facts(starts=(plain(read_page("<form><input name=q></form>")),)),
            not_=(OPEN,),
        ),
        Example("a login form over https", facts(shown(page=SIGN_IN)), not_=(OPEN,)),
        # ------------------------------------------------------------------ scripts
        Example(
            "a library server's script in the app, without a hash",
            app(script("https://cdn.jsdelivr.net/npm/vue@3")),
            finds=(f"{UNPINNED} {APP}",),
            also=is_confirmed,
        ),
        Example(
            "a foreign script over http, on a public page",
            home(script("http://stats.example/x.js")),
            finds=(f"{UNPINNED} {DOMAIN}",),
            not_=(MIXED,),
            also=is_confirmed,
        ),
        Example(
            "a script of an unknown company: ask whether they change it",
            app(script("https://widget.vendor.example/load.js?id=1")),
            finds=(f"{UNPINNED} {APP}",),
            also=asks,
        ),
        Example(
            "a public page with a login form runs unpinned scripts",
            home(
                script("https://unpkg.com/react@18") + "<form><input type=password></form>",
            ),
            finds=(f"{UNPINNED} {DOMAIN}",),
        ),
        Example(
            "with its hash",
            app(script("https://cdn.jsdelivr.net/npm/vue@3.4.1/dist/vue.js", INTEGRITY)),
            not_=(UNPINNED,),
        ),
        Example(
            "scripts of the same site",
            app(script("/a.js") + script("https://static.acme.test/b.js")),
            not_=(UNPINNED,),
        ),
        Example(
            "loaders that their vendors change by design",
            app(
                script("https://js.stripe.com/v3/")
                + script("https://www.googletagmanager.com/gtag/js?id=G-1")
                + script("https://widget.intercom.io/widget/x")
                + script("https://acme.clerk.accounts.dev/npm/clerk.js")
            ),
            not_=(UNPINNED,),
            also=mentions_stripe,
        ),
        Example(
            "a public page without a session",
            facts(shown(page=read_page(script("https://cdn.jsdelivr.net/npm/vue@3"))), shown(APP)),
            not_=(UNPINNED,),
        ),
        # ------------------------------------------------------------------ printed passwords
        Example(
            "the sign-in page prints an account and its password",
            app(f"<p>Username: <b>admin</b><br>Password: <b>admin123</b></p>{FORM}"),
            finds=(f"default-admin-password {APP}",),
            also=tells_no_password,
        ),
        Example(
            "a pair with a slash",
            app(f"<p>Default credentials: root@acme.test / ch4ngeit</p>{FORM}"),
            finds=(f"default-admin-password {APP}",),
        ),
        Example(
            "hints of what to type in",
            app(
                f"<label>Username: </label>{FORM}<p>Password: at least 8 characters</p>"
                "<p>E-mail: your@company.com Password: your-password</p>"
                "<p>User: anna Password: ••••••••</p>"
            ),
            not_=("default-admin-password",),
        ),
        Example(
            "a page of documentation without a form",
            app("<p>Username: admin Password: admin123</p>"),
            not_=("default-admin-password",),
        ),
        # ------------------------------------------------------------------ nothing known
        Example(
            "a host that could not be looked at",
            facts(hosts=(held(APP, "no answer within 8 s"),)),
            state=State.UNKNOWN,
        ),
    ],
)
