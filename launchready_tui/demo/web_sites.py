"""The company's other sites: marketing, API, preview, the old rota server, the shift plan's data.

Each is an app for one host; what may be wrong with it, the shared set of faults says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from launchready_tui.demo import shipped
from launchready_tui.demo.edge import App, Headed, Paths, Receive, Redirect, Scope, Send, Text
from launchready_tui.demo.repository import made_up
from launchready_tui.demo.site_faults import NOT_FOUND, POLICY, Sound, When, Wrong

PLAIN = "text/plain; charset=utf-8"
JSON = "application/json"
BUSY_SECONDS = 0.12
"""How long the statistics take, one after the other."""


def marketing(wrong: Wrong, page: Callable[[str], str], domain: str, app: str) -> Sound:
    """The site that strangers know. `page` puts a picture's address into the front page."""
    picture = f"http://www.{domain}/quay.jpg"
    robots = "User-agent: *\nDisallow: /backoffice/\n"
    at: dict[str, App] = {
        "/": When(
            wrong,
            "mixed-content",
            Text(page(picture)),
            Text(page(picture.replace("http:", "https:"))),
        ),
        "/rota-2023": Redirect(f"https://{app}/orders", keep_path=False),
        "/pricing.html": When(
            wrong,
            "old-url-loses-path",
            Redirect(f"https://{domain}/", keep_path=False),
            Redirect(f"https://{domain}/", keep_path=False, keep_query=True),
        ),
        "/berths.html": When(
            wrong,
            "old-url-broken",
            NOT_FOUND,
            Redirect(f"https://{domain}/", keep_path=False, keep_query=True),
        ),
        "/robots.txt": When(
            wrong,
            "robots-lists-admin",
            Text(robots, kind=PLAIN),
            Text("User-agent: *\nAllow: /\n", kind=PLAIN),
        ),
        "/.well-known/security.txt": Text(
            f"Contact: mailto:security@{domain}\nExpires: 2030-01-01T00:00:00Z\n", kind=PLAIN
        ),
    }
    for path, text in (
        ("/.git/HEAD", "ref: refs/heads/main\n"),
        ("/.git/config", "[core]\n\trepositoryformatversion = 0\n"),
    ):
        at[path] = When(wrong, "exposed-repo", Text(text, kind=PLAIN), NOT_FOUND)
    return Sound(Paths(at, NOT_FOUND), policy=lambda: "" if "csp-missing" in wrong else POLICY)


def api(wrong: Wrong, orders: App, origin: str) -> Sound:
    """Machines' way in. `origin` is the one that browsers may read the tide table from."""
    missing = Text('{"error": "no such address"}', 404, JSON)
    wants_token = Text(
        '{"error": "a token is needed"}',
        401,
        JSON,
        (("www-authenticate", "Bearer"), ("cache-control", "private, no-store")),
    )
    roster = Text(_ROSTER, kind=JSON, headers=(("cache-control", "no-store"),))
    at: dict[str, App] = {
        "/healthz": orders,
        "/v1/orders": orders,
        "/v1/duty": When(wrong, "no-auth", roster, wants_token),
        "/v1/tides": Tides(wrong, origin),
        "/v1/statistics": Statistics(wrong),
    }
    return Sound(Paths(at, missing), more=lambda status: (("x-robots-tag", "noindex"),))


class Tides:
    """Public numbers that browsers of one site may read, and that caches may keep."""

    def __init__(self, wrong: Wrong, origin: str) -> None:
        self.wrong = wrong
        self.origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [("cache-control", "public, max-age=300")]
        asked: dict[bytes, bytes] = dict(scope["headers"])
        if asked.get(b"origin", b"").decode("latin-1") == self.origin:
            headers.append(("access-control-allow-origin", self.origin))
        if "cors-vary-missing" not in self.wrong:
            headers.append(("vary", "Origin"))
        body = '{"tides": [{"at": "04:10", "metres": 2.4}, {"at": "10:31", "metres": 0.6}]}'
        await Text(body, kind=JSON, headers=tuple(headers))(scope, receive, send)


class Statistics:
    """A heavy read: computed for each visitor anew, one after the other, until it is mended."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong
        self.waiting = 0
        self.turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ahead = 0
        if "noisy-client-slows" in self.wrong:
            ahead = self.waiting
            self.waiting += 1
            try:
                async with self.turn:
                    await asyncio.sleep(BUSY_SECONDS)
            finally:
                self.waiting -= 1
        body = json.dumps({"open": 4, "done": 311, "ahead_of_you": ahead})
        head = (("cache-control", "no-store"),)
        await Text(body, kind=JSON, headers=head)(scope, receive, send)


def preview(wrong: Wrong, api_host: str) -> App:
    """A pull request's deployment: the new board, on the data of production."""
    closed = Text(
        "<title>Sign in</title><p>This preview is for the company's own people.</p>",
        401,
        headers=(("www-authenticate", 'Basic realm="previews"'),),
    )
    at: dict[str, App] = {"/": When(wrong, "preview-open", Text(_BOARD), closed)}
    return Headed(
        Sound(
            Paths(at, NOT_FOUND), policy=lambda: f"{POLICY}; connect-src 'self' https://{api_host}"
        ),
        (("x-robots-tag", "noindex"),),
    )


def rota(wrong: Wrong) -> Sound:
    """The old server: it has one page, and shows it whatever is asked."""
    page = Text("<!doctype html><title>Rota</title><h1>Rota 2019</h1>")
    settings = "".join(
        f"{name}={made_up(f'rota {name}', 24)}\n" for name in ("ROTA_DB_PASSWORD", "ROTA_API_KEY")
    )
    at: dict[str, App] = {
        "/": page,
        "/.env": When(
            wrong,
            "exposed-secret-file",
            Text(f"ROTA_DB_HOST=10.0.0.5\n{settings}", kind=PLAIN),
            NOT_FOUND,
        ),
    }
    return Sound(
        Paths(at, When(wrong, "error-page-soft-404", page, NOT_FOUND)),
        more=lambda status: (
            ("server", "Apache/2.4.29 (Ubuntu)" if "version-leak" in wrong else "Apache"),
        ),
    )


def shift_plan(wrong: Wrong) -> Sound:
    """The company's project at Supabase, as far as a stranger with the public key sees it."""
    missing = Text('{"message": "no Route matched"}', 404, JSON)
    at: dict[str, App] = {
        "/auth/v1/settings": When(
            wrong, "open-signup-internal-tool", _settings(closed=False), _settings(closed=True)
        ),
        f"/rest/v1/{shipped.TABLE}": When(
            wrong,
            "supabase-rls-disabled",
            Text("[]", 206, JSON, (("content-range", "0-0/12"),)),
            Text('{"code": "42501"}', 401, JSON),
        ),
    }
    return Sound(Keyed(Paths(at, missing)))


class Keyed:
    """Asks for a project key, as the platform does."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked: dict[bytes, bytes] = dict(scope["headers"])
        given = asked.get(b"apikey", b"").decode("latin-1")
        known = given in (shipped.token(shipped.PUBLIC_KEY), shipped.token(shipped.SERVICE_KEY))
        nobody = Text('{"message": "No API key found in request"}', 401, JSON)
        held = known or scope["path"] == "/"
        await (self.app if held else nobody)(scope, receive, send)


def _settings(*, closed: bool) -> Text:
    said = {
        "disable_signup": closed,
        "external": {"email": True, "google": False},
        "mailer_autoconfirm": False,
    }
    return Text(json.dumps(said), kind=JSON)


_ROSTER = json.dumps(
    {
        "roster": [
            {"full_name": "Ada Brink", "phone": "+31 10 555 0101", "email": "ada@harbour-ops.test"},
            {"full_name": "Ben Oduya", "phone": "+31 10 555 0102", "email": "ben@harbour-ops.test"},
        ]
    }
)
_BOARD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Berth board · PR 12</title>'
    "</head><body><h1>Berth board</h1><p>Who lies where, this shift, from the live system.</p>"
    "<table><tr><td>Berth 2</td><td>Fender loose at the north end</td></tr></table></body></html>"
)
