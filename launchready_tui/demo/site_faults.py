"""How a sound server of the company answers, and where one of them goes wrong.

A fault is a word in a set that all servers share: each asks it at every request, so the admin mends
a fault by taking its word out, and the next request sees it.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Literal

from launchready_tui.demo.edge import App, Receive, Scope, Send, Text

WebFault = Literal[
    "admin-page-open",
    "auth-secret-or-host-unset",
    "cookie-session-insecure",
    "cors-reflect-credentials",
    "cors-vary-missing",
    "csp-missing",
    "csp-weak",
    "error-page-soft-404",
    "exposed-repo",
    "exposed-secret-file",
    "hsts-partial",
    "localhost-api-in-bundle",
    "mixed-content",
    "no-auth",
    "no-compression",
    "no-rate-limit",
    "noisy-client-slows",
    "old-url-broken",
    "old-url-loses-path",
    "open-redirect",
    "open-signup-internal-tool",
    "ops-endpoint-open",
    "page-cached-long",
    "preview-open",
    "private-page-cached",
    "robots-lists-admin",
    "script-third-party-unpinned",
    "secret-in-public-env-prefix",
    "session-fixation",
    "source-maps-public",
    "static-not-immutable",
    "supabase-rls-disabled",
    "supabase-service-key-in-bundle",
    "version-leak",
    "webhook-wrong-secret-or-redirected",
]

Headers = tuple[tuple[str, str], ...]

HSTS = ("strict-transport-security", "max-age=31536000")
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self';"
    " form-action 'self'; frame-ancestors 'none'"
)
"""Inline styles harm nobody; what scripts may do is what counts."""
SOUND: Headers = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
NOT_FOUND = Text("<title>Not found</title><h1>There is no such page.</h1>", status=404)


class Wrong(set[WebFault]):
    """What is wrong at the moment."""


@dataclass(frozen=True, slots=True)
class When:
    """One app while something is wrong, another one once it is mended."""

    wrong: Wrong
    code: WebFault
    faulty: App
    mended: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.faulty if self.code in self.wrong else self.mended)(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Sound:
    """Another app's answers with the headers that a browser should be told.

    `more` says further ones by the answer's status.
    """

    app: App
    policy: Callable[[], str] = lambda: POLICY
    strict: Callable[[int], bool] = lambda status: True
    more: Callable[[int], Headers] = lambda status: ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._told(message["status"])]
            await send(message)

        await self.app(scope, receive, sent)

    def _told(self, status: int) -> list[tuple[bytes, bytes]]:
        told = [*SOUND, *self.more(status)]
        if self.strict(status):
            told.append(HSTS)
        if policy := self.policy():
            told.append(("content-security-policy", policy))
        return [(name.encode(), value.encode()) for name, value in told]


@dataclass(frozen=True, slots=True)
class Asset:
    """A script or style sheet; both its content and its headers may change while it is served."""

    body: Callable[[], str]
    kind: str
    cache: Callable[[], str]
    packed: Callable[[], bool] = lambda: True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = self.body().encode()
        headers = [
            (b"content-type", f"{self.kind}; charset=utf-8".encode()),
            (b"cache-control", self.cache().encode()),
            (b"vary", b"accept-encoding"),
        ]
        wanted = dict(scope["headers"]).get(b"accept-encoding", b"")
        if self.packed() and b"gzip" in wanted:
            body = gzip.compress(body, mtime=0)
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        held = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": held})
