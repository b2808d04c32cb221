"""A small app with a login behind a real cache: starlette under uvicorn, nginx with proxy_cache.

What the paths do wrong, and what they do right, is told by their names; every host serves the same
app. A session is a random id kept on the server.
"""

from __future__ import annotations

import contextlib
import secrets
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from launchready_tui.network import Options
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import accepts, free_port

DOMAIN = "acme.test"
GOOD, BAD = f"app.{DOMAIN}", f"bad.{DOMAIN}"
"""A host that keeps nothing private and renews its sessions, and one that does neither."""
USER, PASSWORD = "mia@acme.test", "correct " + "horse " + "7 battery"
MARKER = "Mia Okafor-7"
PLACE = "127.0.0.6"


@dataclass
class Desk:
    """The running app: the door's options, what it was sent, and the sessions that live."""

    options: Options
    app: App


@dataclass
class App:
    """Requests as "METHOD host path" with a star where a session that lives came along."""

    users: dict[str, str] = field(default_factory=dict)
    anonymous: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)

    def sign_in(self) -> str:
        """A session that lives, as a Cookie header."""
        sid = "sid-" + secrets.token_hex(16)
        self.users[sid] = USER
        return f"sid={sid}"

    def note(self, request: Request) -> str:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        sid = bearer or request.cookies.get("sid", "")
        user = self.users.get(sid, "")
        host = request.headers.get("host", "").partition(":")[0]
        star = "*" if user else ""
        self.seen.append(f"{request.method} {host} {request.url.path}{star}")
        return user

    async def front(self, request: Request) -> Response:
        self.note(request)
        return HTMLResponse("<title>Desk</title><script src=/static/app-4f3a9c21.js></script>")

    async def page(self, request: Request) -> Response:
        """/orders and what looks like a file behind it, where the host is careless."""
        user = self.note(request)
        careless = request.headers.get("host", "").startswith("bad.")
        if request.url.path.rstrip("/") not in ("/orders", "/kept/orders") and not careless:
            return Response("not found", 404)
        if not user:
            return RedirectResponse("/login", 302)
        lines = "".join(f"<li>order {n} of {MARKER}" for n in range(20))
        private = {} if careless else {"cache-control": "private, no-store"}
        return HTMLResponse(
            f"<title>Orders</title><ul>{lines}</ul><a href=/logout>Sign out</a>",
            headers={**private, "set-cookie": "seen=" + secrets.token_hex(8) + "; Secure"},
        )

    async def shell(self, request: Request) -> Response:
        self.note(request)
        return HTMLResponse("<title>Desk</title><div id=root></div>")

    async def records(self, request: Request) -> Response:
        user = self.note(request)
        if not user:
            return JSONResponse({"error": "sign in"}, 401)
        return JSONResponse({"user": MARKER, "orders": [1, 2, 3]})

    async def login(self, request: Request) -> Response:
        self.note(request)
        careless = request.headers.get("host", "").startswith("bad.")
        sid = request.cookies.get("sid", "")
        if request.method == "GET":
            sid = "sid-" + secrets.token_hex(16)
            self.anonymous.add(sid)
            answer: Response = HTMLResponse(
                "<form method=post action=/login><input type=hidden name=csrf value='"
                f"{_token(sid)}'><input type=email name=email><input type=password name=pw>"
                "<button>Sign in</button></form>"
            )
            answer.set_cookie("sid", sid, secure=True, httponly=True)
            return answer
        sent = parse_qs((await request.body()).decode())
        self.posted.append(",".join(sorted(sent)))
        right = sent.get("email") == [USER] and sent.get("pw") == [PASSWORD]
        if not right or sent.get("csrf") != [_token(sid)] or sid not in self.anonymous:
            return Response("wrong", 403)
        if not careless:
            self.anonymous.discard(sid)
            sid = "sid-" + secrets.token_hex(16)
        self.users[sid] = USER
        answer = RedirectResponse("/orders", 303)
        answer.set_cookie("sid", sid, secure=True, httponly=True)
        return answer

    async def logout(self, request: Request) -> Response:
        self.note(request)
        if not request.headers.get("host", "").startswith("bad."):
            self.users.pop(request.cookies.get("sid", ""), None)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie("sid")
        return answer

    async def token(self, request: Request) -> Response:
        """A login by JSON, with a token instead of a cookie."""
        self.note(request)
        sent = await request.json()
        if sent != {"email": USER, "password": PASSWORD}:
            return JSONResponse({}, 401)
        sid = "sid-" + secrets.token_hex(16)
        self.users[sid] = USER
        return JSONResponse({"data": {"access_token": sid}})

    async def api(self, request: Request) -> Response:
        """Lets in whom its name says; `/api/echo` everybody."""
        self.note(request)
        origin, own = request.headers.get("origin", ""), f"https://{GOOD}"
        how = request.url.path.rpartition("/")[2]
        let_in = {
            "echo": bool(origin),
            "begins": origin.startswith(own),
            "null": origin in (own, "null"),
            "list": origin == own,
            "changes": request.method == "OPTIONS" or origin == own,
        }.get(how, False)
        headers = {"vary": "Origin"} if how != "echo" else {}
        if how == "star":
            headers["access-control-allow-origin"] = "*"
        elif let_in:
            headers["access-control-allow-origin"] = origin
            headers["access-control-allow-credentials"] = "true"
            headers["access-control-allow-methods"] = "GET, PUT"
        return JSONResponse({}, headers=headers)

    def served(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self.front),
                Route("/login", self.login, methods=["GET", "POST"]),
                Route("/logout", self.logout, methods=["GET", "POST"]),
                Route("/api/login", self.token, methods=["POST"]),
                Route("/api/orders", self.records),
                Route("/shell", self.shell),
                Route("/api/{how}", self.api, methods=["GET", "OPTIONS"]),
                Route("/{rest:path}", self.page),
            ]
        )


def _token(sid: str) -> str:
    return f"csrf-of-{sid[-12:]}"


@contextlib.contextmanager
def running_desk(pki: Pki) -> Iterator[Desk]:
    """Serve the app behind nginx until the block ends."""
    app, tls = App(), free_port(PLACE)
    good = pki.good(GOOD, BAD)
    with _served(app.served()) as port, tempfile.TemporaryDirectory(prefix="cache-") as folder:
        proxied = f"proxy_pass http://127.0.0.1:{port}; proxy_set_header Host $host;"
        kept = f"""{proxied} proxy_cache kept; proxy_cache_valid any 10m;
            proxy_ignore_headers Cache-Control Set-Cookie Expires Vary;
            add_header cf-cache-status $upstream_cache_status always;"""
        files = """gzip on; gzip_types application/javascript text/javascript;
            add_header cache-control "public, max-age=31536000, immutable";
            default_type application/javascript;"""
        script = "x" * 3_000
        body = f"""
        proxy_cache_path {folder} keys_zone=kept:1m;
        server {{
            listen {PLACE}:{tls} ssl; server_name {GOOD};
            ssl_certificate {good.chain}; ssl_certificate_key {good.key};
            location /static/ {{ {files} return 200 "{script}"; }}
            location /shell {{ {kept} }}
            location / {{ {proxied} add_header cf-cache-status DYNAMIC always; }}
        }}
        server {{
            listen {PLACE}:{tls} ssl; server_name {BAD};
            ssl_certificate {good.chain}; ssl_certificate_key {good.key};
            location ^~ /static/ {{ default_type text/javascript; return 200 "{script}"; }}
            location /kept/ {{ {kept} }}
            location ~ \\.(css|js)$ {{ {kept} }}
            location / {{ {proxied} }}
        }}
        """
        pins = tuple(f"{host}:443={PLACE}:{tls}" for host in (GOOD, BAD))
        with running_nginx(body):
            yield Desk(Options(ca=str(pki.ca), connect=pins), app)


@contextlib.contextmanager
def _served(app: Starlette) -> Iterator[int]:
    port = free_port()
    config = uvicorn.Config(app, "127.0.0.1", port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while thread.is_alive() and not (server.started and accepts("127.0.0.1", port)):
            thread.join(0.02)
        yield port
    finally:
        server.should_exit = True
        thread.join(5)
