"""Where sign-in sends people, from the app's own answers and at most three of them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cases.world import hop
from facts.bundles import drawn
from facts.script_site import APP, Site, pages, running_site
from launchready_tui.facts.scripts import ShippedAddresses
from launchready_tui.facts.sign_in import SignIn, sign_in
from launchready_tui.model import Unknown

LISTED = (
    '{"google":{"id":"google","callbackUrl":"http://localhost:3000/api/auth/callback/google"},'
    '"odd":{"callbackUrl":7},"none":null}'
)
STATE = drawn(40)
AWAY = (
    "https://accounts.google.com/o/oauth2/v2/auth?client_id=1&redirect_uri="
    f"https%3A%2F%2F{APP}%2Fauth%2Fcallback&state={STATE}"
)


async def looked(
    site: Site, page: str = "<title>Desk</title>", *before: object, calls: tuple[str, ...] = ()
) -> SignIn:
    known = ShippedAddresses(api=calls) if calls else Unknown(cause="not read")
    async with site.opened() as net:
        return await sign_in(net, pages(page, *before), known)


async def test_nextauth_tells_where_providers_return_people_to(tmp_path: Path) -> None:
    rules = f"""default_type application/json;
      location = /api/auth/session {{ return 200 '{{}}'; }}
      location = /api/auth/providers {{ return 200 '{LISTED}'; }}"""
    with running_site(tmp_path, {}, rules) as site:
        found = await looked(site)
        asked = site.asked()
    assert (found.session, found.nextauth) == (200, True)
    assert [(c.scheme, c.host, c.path) for c in found.callbacks] == [
        ("http", "localhost", "/api/auth/callback/google")
    ]
    assert sorted(asked) == ["GET /api/auth/providers", "GET /api/auth/session"]


async def test_a_single_page_app_that_answers_everything_is_no_login_library(
    tmp_path: Path,
) -> None:
    with running_site(tmp_path, {}) as site:
        found = await looked(site)
    assert (found.session, found.nextauth, found.callbacks) == (200, False, ())


@pytest.mark.parametrize(
    ("answer", "certain"),
    [
        ("return 500 'There is a problem with the server configuration.';", True),
        ("return 500 'oops';", False),
    ],
)
async def test_a_session_that_fails_says_whether_it_is_the_configuration(
    tmp_path: Path, answer: str, certain: bool
) -> None:
    rules = f"location = /api/auth/session {{ {answer} }}"
    with running_site(tmp_path, {}, rules) as site:
        found = await looked(site)
    assert (found.session, found.says_configuration) == (500, certain)


START = f"location = /auth/google {{ return 302 '{AWAY}'; }}"
FORM = "<form action=/auth/google><button>Google</button></form>"


@pytest.mark.parametrize(
    ("page", "before", "calls"),
    [
        (FORM, (), ()),
        ("", (), (f"https://{APP}/api/orders", f"https://{APP}/auth/google")),
        ("", (hop(f"https://{APP}/auth/google", 302), hop("https://accounts.google.com/o/oauth2"
                                                          "?redirect_uri=…")), ()),
    ],
    ids=["a form", "a call in the code", "the front page leads there"],
)  # fmt: skip
async def test_a_start_of_a_sign_in_is_asked_and_not_followed(
    tmp_path: Path, page: str, before: tuple[object, ...], calls: tuple[str, ...]
) -> None:
    with running_site(tmp_path, {}, START) as site:
        found = await looked(site, page, *before, calls=calls)
        asked = site.asked()
    assert found.start == f"https://{APP}/auth/google"
    assert [(c.host, c.path, c.to) for c in found.callbacks] == [
        (APP, "/auth/callback", "accounts.google.com")
    ]
    assert len(asked) == 3
    assert STATE not in msgspec.json.encode(found).decode()


async def test_an_app_that_is_not_there_is_a_cause(tmp_path: Path) -> None:
    with running_site(tmp_path, {}) as site:
        options = msgspec.structs.replace(site.options, connect=(f"{APP}:443=127.0.0.1:9",))
        found = await looked(Site(options, site.access))
    assert found.cause
    assert found.session == 0
