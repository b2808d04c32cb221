"""site.cookies: the cookie that carries a login is kept from others, and kept by browsers."""

from __future__ import annotations

from typing import Any

from cases.cache_world import flow, page, pages
from cases.examples import Example, examples, judge
from cases.headers_world import APP, POLICY, answer, answered, facts, held, led, shown
from cases.world import DOMAIN
from launchready_tui.checks.cookies import Use, cookie_faults, read_settings
from launchready_tui.facts.private_pages import Reading
from launchready_tui.given import Target, Web
from launchready_tui.model import Outcome, State

SAFE = "Path=/; Secure; HttpOnly; SameSite=Lax"
API = "acme-api.onrender.com"
EVERY = ("cookie-session-insecure", "cookie-session-weak", "cookie-scope-broken")


def sets(*cookies: str, host: str = DOMAIN, **changes: Any) -> tuple[Any, ...]:
    return facts(shown(host, set_cookie=cookies), **changes)


def weak(says: str, *cookies: str, host: str = DOMAIN, **changes: Any) -> Example:
    def also(outcome: Outcome) -> None:
        assert says in outcome.findings[0].observed, outcome

    found = (f"cookie-session-weak {host}",)
    return Example(f"weak: {cookies}", sets(*cookies, host=host, **changes), finds=found, also=also)


def broken(says: str, cookie: str, host: str = DOMAIN, **changes: Any) -> Example:
    def also(outcome: Outcome) -> None:
        assert says in outcome.findings[0].observed, outcome

    found = (f"cookie-scope-broken {host}",)
    return Example(f"broken: {cookie}", sets(cookie, host=host, **changes), finds=found, also=also)


def proven(outcome: Outcome) -> None:
    assert outcome.proven


def not_proven(outcome: Outcome) -> None:
    assert not outcome.proven
    assert any("sign-in" in line.value for line in outcome.seen)


RENEWED = Reading(status=200, cookies=(f"session=…; {SAFE}; Expires=90 days",))


def is_told(name: str) -> Any:
    def also(outcome: Outcome) -> None:
        assert ("after signing in", name) in [(s.label, s.value) for s in outcome.seen]

    return also


def with_api(*more: str) -> Target:
    return Target(domain=DOMAIN, web=Web(api=tuple(more or (f"https://{API}/v1",))))


test_examples = examples(
    "site.cookies",
    [
        Example(
            "a session cookie with every mark", sets(f"session=…; {SAFE}"), not_=EVERY, also=proven
        ),
        Example(
            "no session cookie is set before the sign-in, so a person has to look",
            facts(),
            also=not_proven,
        ),
        Example(
            "no Secure",
            sets("PHPSESSID=…; Path=/; HttpOnly; SameSite=Lax"),
            finds=(f"cookie-session-insecure {DOMAIN}",),
        ),
        Example(
            "no HttpOnly",
            sets("connect.sid=…; Path=/; Secure; SameSite=Lax"),
            finds=(f"cookie-session-insecure {DOMAIN}",),
        ),
        Example(
            "set on the way, at a redirect, with nothing",
            facts(
                starts=(
                    led(
                        answer(
                            f"https://www.{DOMAIN}/",
                            301,
                            to=f"https://{DOMAIN}/",
                            set_cookie="session=…; SameSite=Lax",
                        ),
                        answer(f"https://{DOMAIN}/"),
                    ),
                )
            ),
            finds=(f"cookie-session-insecure www.{DOMAIN}",),
        ),
        Example(
            "two bad cookies of a host are one finding",
            sets("session=…; SameSite=Lax", "auth_token=…; SameSite=Lax"),
            finds=(f"cookie-session-insecure {DOMAIN}",),
        ),
        Example(
            "the same cookie at three hosts is one finding, at the app's",
            facts(
                shown(set_cookie="session=…; SameSite=Lax"),
                shown(APP, set_cookie="session=…; SameSite=Lax"),
                shown(f"api.{DOMAIN}", set_cookie="session=…; SameSite=Lax"),
            ),
            finds=(f"cookie-session-insecure {APP}",),
        ),
        Example(
            "a guard against forged requests has to be readable",
            sets("XSRF-TOKEN=…; Path=/", "csrftoken=…", "__Host-next-auth.csrf-token=…"),
            not_=EVERY,
        ),
        Example(
            "a load balancer's cookie",
            sets("AWSALB=…; Path=/", "heroku-session-affinity=…", "__cf_bm=…; Domain=acme.test"),
            not_=EVERY,
        ),
        Example(
            "measuring and settings",
            sets("_ga=…; Domain=acme.test; Max-Age=63072000", "locale=…", "sidebar_state=…"),
            not_=EVERY,
        ),
        Example(
            "a session cookie that is taken away",
            sets("session=… (empty); Max-Age=0", "session=…; Expires=past"),
            not_=EVERY,
        ),
        Example(
            "a foreign login provider's cookies are not ours",
            facts(
                shown(),
                led(
                    answer(f"https://{APP}/", 302, to="https://acme.auth0.com/"),
                    answer("https://acme.auth0.com/", set_cookie="auth0=…; session=…"),
                ),
            ),
            not_=EVERY,
        ),
        # ------------------------------------------------------------------ weak
        weak("lacks SameSite", "session=…; Secure; HttpOnly"),
        weak("every foreign site", "session=…; Secure; HttpOnly; SameSite=None"),
        weak("every name below acme.test", f"session=…; {SAFE}; Domain=.acme.test", host=APP),
        weak("lasts 90 days", f"session=…; {SAFE}; Expires=90 days"),
        weak("lasts 31 days", f"session=…; {SAFE}; Max-Age=2678400"),
        weak(
            "by design",
            "sb-abc-auth-token=… (JSON web token); Path=/; Secure; SameSite=Lax",
        ),
        weak("scripts can read", "data=… (JSON web token); Secure; SameSite=Lax"),
        Example(
            "an app that other sites embed needs SameSite=None",
            facts(
                shown(
                    content_security_policy=POLICY.replace("'none'", "https://portal.example"),
                    set_cookie="session=…; Secure; HttpOnly; SameSite=None",
                )
            ),
            not_=("cookie-session-weak",),
        ),
        Example(
            "app and API share a login below the domain",
            sets(
                f"session=…; {SAFE}; Domain=acme.test",
                host=APP,
                target=with_api(f"https://api.{DOMAIN}/"),
            ),
            not_=("cookie-session-weak",),
        ),
        Example("thirty days are enough", sets(f"session=…; {SAFE}; Max-Age=2592000"), not_=EVERY),
        Example(
            "a token that scripts cannot read",
            sets(f"token=… (JSON web token); {SAFE}"),
            not_=("cookie-session-weak",),
        ),
        # ------------------------------------------------------------------ scope
        Example(
            "a __Host- name with a Domain is thrown away",
            sets(f"__Host-session=…; {SAFE}; Domain={DOMAIN}", host=APP),
            finds=(f"cookie-scope-broken {APP}", f"cookie-session-weak {APP}"),
        ),
        broken("__Host-", "__Host-sid=…; Path=/app; Secure; HttpOnly; SameSite=Lax"),
        broken("not the host's own", f"session=…; {SAFE}; Domain=other.test"),
        broken("not the host's own", f"session=…; {SAFE}; Domain=api.acme.test"),
        broken(
            "many owners",
            f"session=…; {SAFE}; Domain=up.railway.app",
            host="acme.up.railway.app",
        ),
        broken("another site (SameSite=Lax)", f"session=…; {SAFE}", host=API, target=with_api()),
        Example(
            "SameSite=None without Secure is thrown away, and open where it is not",
            sets("session=…; HttpOnly; SameSite=None"),
            finds=(f"cookie-scope-broken {DOMAIN}", f"cookie-session-insecure {DOMAIN}"),
        ),
        Example(
            "a __Host- name as it should be",
            sets(f"__Host-session=…; {SAFE}"),
            not_=("cookie-scope-broken",),
        ),
        Example(
            "an API at another site whose cookie may travel",
            sets("session=…; Secure; HttpOnly; SameSite=None", host=API, target=with_api()),
            not_=("cookie-scope-broken", "cookie-session-weak"),
        ),
        Example(
            "an API below the same domain is the same site",
            sets(
                f"session=…; {SAFE}",
                host=f"api.{DOMAIN}",
                target=with_api(f"https://api.{DOMAIN}/"),
            ),
            not_=("cookie-scope-broken",),
        ),
        Example(
            "a readable guard and a measuring cookie with a strange Domain break no login",
            sets("csrf=…; Domain=other.test", "_ga=…; Domain=com"),
            not_=("cookie-scope-broken",),
        ),
        # ------------------------------------------------------------------ after signing in
        Example(
            "the sign-in sets a session cookie without HttpOnly",
            (*facts(), flow(set_cookies=("session=…; Path=/; Secure; SameSite=Lax",))),
            finds=(f"cookie-session-insecure {APP}",),
            also=is_told("session"),
        ),
        Example(
            "a private page renews it for three months, by a date",
            (*facts(), pages(page(user=RENEWED))),
            finds=(f"cookie-session-weak {APP}",),
        ),
        Example(
            "the sign-in sets a sound one, and a readable guard beside it",
            (*facts(), flow(set_cookies=(f"session=…; {SAFE}", "csrf=…; Path=/"))),
            not_=EVERY,
            also=proven,
        ),
        Example(
            "the API sets the session cookie, for its own answers",
            facts(api=(answered(f"https://api.{DOMAIN}/me", set_cookie="session=…; HttpOnly"),)),
            finds=(f"cookie-session-insecure api.{DOMAIN}", f"cookie-session-weak api.{DOMAIN}"),
        ),
        # ------------------------------------------------------------------ nothing known
        Example(
            "a host that could not be looked at",
            facts(hosts=(held(APP, "no answer within 8 s"),)),
            state=State.UNKNOWN,
        ),
    ],
)


def test_whoever_saw_cookies_has_them_judged_without_a_visit() -> None:
    settings = read_settings([(APP, ["session=…; HttpOnly; SameSite=Lax", "theme=…"])])
    found = cookie_faults(settings, Use(app=APP))
    assert [(f.code, f.subject) for f in found] == [("cookie-session-insecure", APP)]
    assert found[0].params["cookies"] == "session"


def test_what_was_seen_names_each_cookie_and_its_marks() -> None:
    outcome = judge("site.cookies", *sets(f"session=…; {SAFE}; Expires=7 days"))
    line = outcome.seen[0]
    assert line.label == f"session at {DOMAIN}"
    assert line.value == "a session, by its name, Secure, HttpOnly, SameSite=Lax, 7 days"
