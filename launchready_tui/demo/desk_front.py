"""What stands in front of Berth desk: its edge, with a cache, and the pages beside the work orders.

The application itself is sound; what is wrong with the desk on the outside is wrong here.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from launchready_tui.demo import shipped
from launchready_tui.demo.berthdesk.application import COOKIE, PRIVATE
from launchready_tui.demo.berthdesk.records import Records
from launchready_tui.demo.edge import App, Receive, Scope, Send, Text
from launchready_tui.demo.site_faults import NOT_FOUND, POLICY, Asset, Sound, When, Wrong

TRIES = 5
"""Wrong passwords for one name, after which the desk holds it back."""
A_WEEK = 7 * 86_400
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=600"


@dataclass(slots=True)
class Memory:
    """What the instances of the desk share: the edge's cache, and who tried how often."""

    pages: dict[bytes, Answer] = field(default_factory=dict)
    alias: dict[str, str] = field(default_factory=dict)
    """Session ids that visitors had before they signed in, and whose session they are now."""
    failures: dict[str, int] = field(default_factory=dict)
    visitors: int = 0


@dataclass(slots=True)
class Answer:
    """A whole response, to be looked at before it is sent."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def send(self, scope: Scope, send: Send) -> None:
        headers = [pair for pair in self.headers if pair[0] != b"content-length"]
        headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        held = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": held})

    def without(self, name: bytes) -> list[tuple[bytes, bytes]]:
        return [pair for pair in self.headers if pair[0] != name]

    def all(self, name: bytes) -> list[str]:
        return [value.decode("latin-1") for key, value in self.headers if key == name]


def desk(app: App, records: Records, wrong: Wrong, memory: Memory, origin: str) -> Sound:
    """The desk as visitors meet it."""

    def policy() -> str:
        own = "'self' 'unsafe-inline'" if "csp-weak" in wrong else "'self'"
        return f"{POLICY}; script-src {own} https://cdn.jsdelivr.net"

    return Sound(
        DeskFront(app, records, wrong, memory, origin),
        policy=policy,
        strict=lambda status: status < 400 or "hsts-partial" not in wrong,
        more=lambda status: (("x-robots-tag", "noindex"),),
    )


class DeskFront:
    """Some paths answered here, the others by the desk."""

    def __init__(
        self, app: App, records: Records, wrong: Wrong, memory: Memory, origin: str
    ) -> None:
        self.app = app
        self.records = records
        self.wrong = wrong
        self.memory = memory
        self.origin = origin
        self.at: dict[str, App] = {**_files(wrong), **_beside(wrong, origin)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/logout" and method in ("GET", "HEAD"):
            await self._signed_out(scope)(scope, receive, send)
        elif path == "/orders.json":
            await self._feed(scope)(scope, receive, send)
        elif path == "/board":
            await (await self._board(scope)).send(scope, send)
        elif path in self.at:
            await self.at[path](scope, receive, send)
        else:
            await (await self._through(scope, await _body(receive))).send(scope, send)

    # ------------------------------------------------------------ the desk itself

    async def _through(self, scope: Scope, body: bytes) -> Answer:
        """A request to the desk; what it answers is changed on its way out."""
        cookie = _cookie(scope)
        posts = scope["path"] == "/login" and scope["method"] == "POST"
        name = dict(parse_qsl(body.decode("utf-8", "replace"))).get("name", "") if posts else ""
        limited = "no-rate-limit" not in self.wrong
        if posts and limited and self.memory.failures.get(name, 0) >= TRIES:
            return await _heard(_TOO_MANY, scope, body)
        if cookie in self.memory.alias and "session-fixation" in self.wrong:
            scope = _with_cookie(scope, self.memory.alias[cookie])
        answer = await _heard(self.app, scope, body)
        if posts and answer.status == 401:
            self.memory.failures[name] = self.memory.failures.get(name, 0) + 1
        if posts and answer.status == 303:
            self._signed_in(answer, name, cookie)
        if scope["path"] == "/logout":
            self.memory.alias.pop(cookie, None)
        if scope["path"] == "/login":
            self._dressed(answer, scope, cookie)
        return answer

    def _signed_in(self, answer: Answer, name: str, cookie: str) -> None:
        """A new session; its id is the visitor's old one while ids are not changed."""
        self.memory.failures.pop(name, None)
        held = SimpleCookie("; ".join(answer.all(b"set-cookie"))).get(COOKIE)
        if held and cookie and "session-fixation" in self.wrong:
            self.memory.alias[cookie] = held.value
            answer.headers = answer.without(b"set-cookie")

    def _dressed(self, answer: Answer, scope: Scope, cookie: str) -> None:
        """The sign-in page: with what it loads, an id for the visitor, and its cache headers."""
        if b"</head>" in answer.body:
            tags = shipped.tags(self.wrong).encode()
            answer.body = answer.body.replace(b"</head>", tags + b"</head>", 1)
        if scope["method"] != "GET":
            return
        if not cookie:
            self.memory.visitors += 1
            shown = "" if "cookie-session-insecure" in self.wrong else "; HttpOnly"
            line = f"{COOKIE}={self._visitor()}; Path=/; Secure; SameSite=Lax{shown}"
            answer.headers.append((b"set-cookie", line.encode()))
        if "page-cached-long" in self.wrong:
            kept = (b"cache-control", f"max-age={A_WEEK}".encode())
            answer.headers = [*answer.without(b"cache-control"), kept]

    def _visitor(self) -> str:
        return f"v{self.memory.visitors}-{secrets.token_urlsafe(18)}"

    # ------------------------------------------------------------ beside the work orders

    def _signed_out(self, scope: Scope) -> Response:
        """Where a link to the sign-out leads; the sign-out itself is a form."""
        to = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("next", "/login")
        own = to.startswith("/") and not to.startswith(("//", "/\\"))
        return RedirectResponse(to if own or "open-redirect" in self.wrong else "/login", 302,
                                PRIVATE)  # fmt: skip

    def _person(self, scope: Scope) -> str:
        cookie = _cookie(scope)
        if "session-fixation" in self.wrong:
            cookie = self.memory.alias.get(cookie, cookie)
        return self.records.person_of(cookie)

    def _feed(self, scope: Scope) -> Response:
        """The work orders for the lobby map, for whoever is signed in."""
        headers = dict(PRIVATE)
        origin = _header(scope, b"origin")
        if origin and "cors-reflect-credentials" in self.wrong:
            headers |= {
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Credentials": "true",
                "Access-Control-Allow-Methods": "GET, PUT, DELETE",
                "Access-Control-Allow-Headers": "authorization",
                "Vary": "Origin",
            }
        if scope["method"] == "OPTIONS":
            return Response(None, 204, headers)
        person = self._person(scope)
        if not person:
            return JSONResponse({"error": "sign in first"}, 401, headers)
        listed = [{"id": order.id, "title": order.title} for order in self.records.orders()]
        return JSONResponse({"person": person, "orders": listed}, 200, headers)

    async def _board(self, scope: Scope) -> Answer:
        """The shift board of one person; the edge has a rule to keep it, whoever asks."""
        key = scope["raw_path"] + b"?" + scope["query_string"]
        keeps = "private-page-cached" in self.wrong
        if keeps and (kept := self.memory.pages.get(key)):
            again = (b"x-cache", b"HIT")
            return Answer(kept.status, [*kept.headers, (b"age", b"7"), again], kept.body)
        person = self._person(scope)
        if not person:
            return await _heard(RedirectResponse("/login", 302, PRIVATE), scope, b"")
        page = (
            f"<!doctype html><title>Shift board · Berth desk</title><h1>Shift board</h1>"
            f"<p>Signed in as {escape(person)}.</p><p>Berth 2, from 22:00 to 06:00.</p>"
        )
        headers = {"Cache-Control": "public, max-age=60"} if keeps else PRIVATE
        answer = await _heard(HTMLResponse(page, 200, headers), scope, b"")
        if keeps:
            self.memory.pages[key] = answer
        return answer


def _files(wrong: Wrong) -> dict[str, App]:
    def kept() -> str:
        return BRIEFLY if "static-not-immutable" in wrong else FOR_EVER

    return {
        shipped.SCRIPT: Asset(lambda: shipped.script(wrong), "text/javascript", kept),
        shipped.STYLE: Asset(
            shipped.style,
            "text/css",
            lambda: FOR_EVER,
            packed=lambda: "no-compression" not in wrong,
        ),
        shipped.MAP: When(
            wrong,
            "source-maps-public",
            Asset(shipped.source_map, "application/json", lambda: BRIEFLY),
            NOT_FOUND,
        ),
    }


def _beside(wrong: Wrong, origin: str) -> dict[str, App]:
    to_sign_in = RedirectResponse("/login", 302, PRIVATE)
    unsigned = JSONResponse({"error": "no signature"}, 401, PRIVATE)
    refused = Text("Not for strangers.\n", 403, "text/plain; charset=utf-8")
    return {
        "/admin": When(wrong, "admin-page-open", HTMLResponse(_ADMIN, 200, PRIVATE), to_sign_in),
        "/metrics": When(
            wrong, "ops-endpoint-open", Text(_METRICS, kind="text/plain; version=0.0.4"), refused
        ),
        "/hooks/tide": When(
            wrong,
            "webhook-wrong-secret-or-redirected",
            RedirectResponse("/hooks/tide/", 308),
            unsigned,
        ),
        "/hooks/payments": unsigned,
        "/api/auth/session": When(
            wrong, "auth-secret-or-host-unset", _UNSET, JSONResponse({}, 200, PRIVATE)
        ),
        "/api/auth/providers": When(
            wrong,
            "auth-secret-or-host-unset",
            _UNSET,
            JSONResponse(
                {
                    "crew": {
                        "id": "crew",
                        "signinUrl": f"{origin}/api/auth/signin/crew",
                        "callbackUrl": f"{origin}/api/auth/callback/crew",
                    }
                },
                200,
                PRIVATE,
            ),
        ),
    }


# ---------------------------------------------------------------- requests and responses


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _heard(app: App | Response, scope: Scope, body: bytes) -> Answer:
    answer = Answer()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def heard(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, heard)
    return answer


def _header(scope: Scope, name: bytes) -> str:
    found: Iterable[bytes] = (value for key, value in scope["headers"] if key == name)
    return b"; ".join(found).decode("latin-1")


def _cookie(scope: Scope) -> str:
    """The session id that a request carries, or nothing."""
    try:
        held = SimpleCookie(_header(scope, b"cookie")).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held else ""


def _with_cookie(scope: Scope, value: str) -> Scope:
    others = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
    return {**scope, "headers": [*others, (b"cookie", f"{COOKIE}={value}".encode())]}


_TOO_MANY = HTMLResponse(
    "<!doctype html><title>Sign in · Berth desk</title>"
    "<p>Too many tries. Wait a minute, then sign in again.</p>",
    429,
    {**PRIVATE, "Retry-After": "60"},
)
_UNSET = JSONResponse(
    {"message": "There is a problem with the server configuration."}, 500, PRIVATE
)
_ADMIN = (
    "<!doctype html><title>Cranes · administration</title><h1>Cranes</h1>"
    "<p>Counters are read every night at 02:00 from the controllers in the crane houses. Set one"
    " to zero after its inspection, and write the number of the protocol into the log.</p>"
    "<table>"
    + "".join(
        f"<tr><td>Crane {n}</td><td>{n * 1173} lifts</td><td>inspected in May</td></tr>"
        for n in range(1, 7)
    )
    + "</table>"
    '<form method="post" action="/admin"><input name="crane"><input name="counter">'
    "<button>Set</button></form>"
)
_METRICS = (
    "# HELP desk_orders_open Work orders that are open.\n"
    "# TYPE desk_orders_open gauge\ndesk_orders_open 4\n"
    "# HELP desk_signins_total Sign-ins since the start.\n"
    "# TYPE desk_signins_total counter\ndesk_signins_total 118\n"
)
