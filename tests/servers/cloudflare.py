"""A server that answers as Cloudflare's API documents it, over TLS on loopback.

    with running_cloudflare(pki) as api:    Options(ca=…, connect=(api.pin,))

`api.answers` overrules what it would say at a path; `api.asked` holds what it was asked. Only the
token of `api.token` is let in, and only GET is.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from servers.pki import Pki
from servers.processes import PATIENCE, free_port

HOST = "api.cloudflare.com"
BASE = "/client/v4"
ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
ACCOUNT = "01a7362d577a6c3019a474fd6f485823"
TOKEN_ID = "ed17574386854bf78a67040be0a770b0"
CHANGED = "2026-01-05T10:00:00.123456Z"
BIND = """\
;; Domain:     acme.test.
;; A Records
acme.test.\t1\tIN\tA\t192.0.2.10 ; cf_tags=cf-proxied:true
direct.acme.test.\t1\tIN\tA\t192.0.2.10 ; cf_tags=cf-proxied:false
"""


def token_of(kind: str = "cfut") -> str:
    """A token's shape, put together here."""
    return f"{kind}_" + "Ab3" * 13 + "x" + "0f0f0f0f"


def envelope(result: Any, **info: int) -> dict[str, Any]:
    held: dict[str, Any] = {"result": result, "success": True, "errors": [], "messages": []}
    return held | ({"result_info": info} if info else {})


def refusal(code: int, message: str, **more: Any) -> dict[str, Any]:
    error = {"code": code, "message": message, **more}
    return {"result": None, "success": False, "errors": [error], "messages": []}


DENIED = (403, refusal(10000, "Authentication error"))
NO_ENTRY = refusal(10003, "could not find entrypoint ruleset in the phase")


def setting(id: str, value: Any) -> dict[str, Any]:
    return {"id": id, "value": value, "editable": True, "modified_on": CHANGED}


def rule(action: str, expression: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "3a03d665bac047339bb530ecb439a90d",
        "version": "1",
        "action": action,
        "expression": expression,
        "enabled": True,
        "last_updated": CHANGED,
        **more,
    }


def record(name: str, type: str = "A", content: str = "192.0.2.10", **more: Any) -> dict[str, Any]:
    return {
        "id": "372e67954025e0ba6aaa6d586b9e0b59",
        "name": name,
        "type": type,
        "content": content,
        "proxiable": type in ("A", "AAAA", "CNAME"),
        "proxied": type in ("A", "AAAA", "CNAME"),
        "ttl": 1,
        "modified_on": CHANGED,
        **more,
    }


SETTINGS = [
    setting("ssl", "strict"),
    setting("always_use_https", "on"),
    setting("min_tls_version", "1.2"),
    setting("development_mode", "off"),
    setting(
        "security_header",
        {"strict_transport_security": {"enabled": True, "max_age": 31536000, "preload": False}},
    ),
]
RECORDS = [
    record("acme.test"),
    record("www.acme.test", "CNAME", "acme.test"),
    record("app.acme.test"),
    record("direct.acme.test", proxied=False),
    record("acme.test", "MX", "mx.mail.test"),
    record("acme.test", "TXT", "v=spf1 -all"),
]
PHASES = {
    "http_request_firewall_managed": [
        rule(
            "execute",
            "true",
            action_parameters={"id": "efb7b8c949ac4650a09736fc376e9aee", "version": "latest"},
            description="Cloudflare Managed Ruleset",
        )
    ],
    "http_ratelimit": [
        rule(
            "block",
            '(http.request.uri.path eq "/login" and http.request.method eq "POST")',
            description="Login",
            ratelimit={
                "characteristics": ["cf.colo.id", "ip.src"],
                "period": 60,
                "requests_per_period": 10,
                "mitigation_timeout": 600,
            },
        )
    ],
    "http_request_cache_settings": [
        rule(
            "set_cache_settings",
            '(starts_with(http.request.uri.path, "/assets/"))',
            description="Assets",
            action_parameters={"cache": True, "edge_ttl": {"mode": "respect_origin"}},
        )
    ],
}


@dataclass
class FakeCloudflare:
    port: int
    token: str = field(default_factory=token_of)
    answers: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """By path below the base: status, body (JSON, or text) and headers."""
    asked: list[str] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)
    page_size: int = 2

    @property
    def pin(self) -> str:
        return f"{HOST}:443=127.0.0.1:{self.port}"

    def says(self, path: str, status: int, body: Any, **headers: str) -> None:
        self.answers[path] = (status, body, headers)

    async def answer(self, request: Request) -> Response:
        path = request.url.path.removeprefix(BASE)
        self.asked.append(f"{path}?{request.url.query}" if request.url.query else path)
        self.methods.add(request.method)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return JSONResponse(refusal(1000, "Invalid API Token"), 401)
        if path in self.answers:
            status, body, *more = self.answers[path]
            headers = {k.replace("_", "-"): v for k, v in (more[0] if more else {}).items()}
            if callable(body):
                status, body = body(self.asked.count(path), status)
            if isinstance(body, str | bytes):
                return Response(body, status, headers, media_type="text/plain")
            return JSONResponse(body, status, headers)
        return self._usual(path, request)

    def _usual(self, path: str, request: Request) -> Response:
        zone = f"/zones/{ZONE}"
        phase = path.removeprefix(f"{zone}/rulesets/phases/").removesuffix("/entrypoint")
        if path == f"{zone}/dns_records":
            return self._page(int(request.query_params.get("page", "1")))
        if path == f"{zone}/dns_records/export":
            return Response(BIND, media_type="text/plain")
        if phase in PHASES:
            return JSONResponse(envelope({"id": "x", "phase": phase, "rules": PHASES[phase]}))
        if path.endswith("/entrypoint"):
            return JSONResponse(NO_ENTRY, 404)
        if path in _PLAIN:
            return JSONResponse(_PLAIN[path])
        return JSONResponse(*reversed(DENIED))

    def _page(self, number: int) -> Response:
        first = (number - 1) * self.page_size
        pages = -(-len(RECORDS) // self.page_size)
        rows = RECORDS[first : first + self.page_size]
        return JSONResponse(
            envelope(rows, page=number, total_pages=pages, total_count=len(RECORDS))
        )


ZONE_ROW = {
    "id": ZONE,
    "name": "acme.test",
    "status": "active",
    "type": "full",
    "paused": False,
    "plan": {"legacy_id": "pro", "name": "Pro Website"},
    "account": {"id": ACCOUNT, "name": "Acme"},
    "name_servers": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
}
VERIFIED = envelope({"id": TOKEN_ID, "status": "active", "expires_on": "2026-03-03T00:00:00Z"}) | {
    # As it is in truth: a success that carries the code of a refusal.
    "messages": [{"code": 10000, "message": "This API Token is valid and active", "type": None}]
}
_PLAIN = {
    "/user/tokens/verify": VERIFIED,
    f"/accounts/{ACCOUNT}/tokens/verify": VERIFIED,
    "/zones": envelope([ZONE_ROW], page=1, total_pages=1, total_count=1),
    "/accounts": envelope([], page=1, total_pages=1, total_count=0),
    f"/zones/{ZONE}/settings": envelope(SETTINGS),
    f"/zones/{ZONE}/pagerules": envelope([]),
    f"/zones/{ZONE}/bot_management": envelope({"fight_mode": False, "enable_js": True}),
    f"/zones/{ZONE}/dnssec": envelope({"status": "active", "modified_on": CHANGED}),
    f"/zones/{ZONE}/ssl/universal/settings": envelope({"enabled": True}),
    f"/zones/{ZONE}/ssl/certificate_packs": envelope([{"type": "universal", "status": "active"}]),
    f"/zones/{ZONE}/origin_tls_client_auth/settings": envelope({"enabled": False}),
}


@contextlib.contextmanager
def running_cloudflare(pki: Pki) -> Iterator[FakeCloudflare]:
    """Serve the API until the block ends."""
    papers = pki.good(HOST)
    api = FakeCloudflare(free_port())
    application = Starlette(routes=[Route("/{rest:path}", api.answer, methods=["GET", "POST"])])
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            host="127.0.0.1",
            port=api.port,
            ssl_certfile=papers.chain,
            ssl_keyfile=papers.key,
            log_level="critical",
            lifespan="off",
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    try:
        yield api
    finally:
        server.should_exit = True
        thread.join(20)
