"""Where sign-in sends people, and whether the login library of the app can answer at all.

At most three GETs at the app's own host: the session and the providers that NextAuth (Auth.js)
tells to everybody, and one start of a sign-in, whose redirect is read and not followed.
"""

from __future__ import annotations

import asyncio
import json
import re
from urllib.parse import parse_qsl, urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.scripts import ShippedAddresses
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHost, WebHosts
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched
from launchready_tui.text import safe

SESSION, PROVIDERS = "/api/auth/session", "/api/auth/providers"
BODY = 65_536
MOST_CALLBACKS = 20
_START = re.compile(
    r"/(?:api/)?(?:auth|oauth2?|login|signin|sign-in|sso)"
    r"(?:/(?:login|signin|sign-in|start|authorize|google|github|gitlab|azure(?:-ad)?|microsoft"
    r"|okta|auth0|keycloak|oidc|sso))+/?"
)
_CONFIGURATION = re.compile(r"(?i)server configuration|NO_SECRET|MissingSecret|UntrustedHost")


class Callback(Record, frozen=True, kw_only=True):
    """Where a login provider is told to send people back: scheme, host and path, no more."""

    where: str
    """The address of ours that said so."""
    scheme: str
    host: str
    path: str
    to: str = ""
    """The provider's host."""


class SignIn(Fact, frozen=True, kw_only=True):
    """`session` is the status of the session's address; 0 where nothing answered."""

    app: str
    session: int = 0
    nextauth: bool = False
    """What answers there is NextAuth."""
    says_configuration: bool = False
    """The error page speaks of the server's configuration."""
    providers: int = 0
    callbacks: tuple[Callback, ...] = ()
    start: str = ""
    """The sign-in start that was asked for; empty where none was found."""
    cause: str = ""


@fact
async def sign_in(net: Network, web: WebHosts, calls: ShippedAddresses | Unknown) -> SignIn:
    host = web.of(web.app)
    if host is None or host.cause:
        return SignIn(app=web.app, cause=host.cause if host else "no host serves the app")
    start = _start(host, calls)
    urls = [f"{host.root}{SESSION}", f"{host.root}{PROVIDERS}", *([start] if start else [])]
    with net.log.side_by_side():
        session, providers, *started = await asyncio.gather(
            *(net.fetch(url, follow=False, body_limit=BODY) for url in urls)
        )
    if cause := _unanswered(session):
        return SignIn(app=host.host, cause=without_secrets(cause))
    listed = _providers(providers)
    failing = session.status == 500
    return SignIn(
        app=host.host,
        session=session.status,
        nextauth=bool(listed) or (failing and providers.status == 500) or _is_session(session),
        says_configuration=failing and bool(_CONFIGURATION.search(session.body)),
        providers=providers.status,
        callbacks=tuple([*listed, *(c for f in started for c in _redirected(f))][:MOST_CALLBACKS]),
        start=without_secrets(safe(start, one_line=True, limit=200)),
    )


def _unanswered(session: Fetched) -> str:
    """Why the session's address told nothing; empty where it did, a refusal among it."""
    if session.ended != "ok":
        return session.cause or session.last.cause or f"the request ended: {session.ended}"
    if challenged(session.last):
        return "a bot challenge answered instead of the site"
    return f"{SESSION} answers 429" if session.status == 429 else ""


def _start(host: WebHost, calls: ShippedAddresses | Unknown) -> str:
    """An address of the app's host that sends people to a login provider, where one shows."""
    for hop, after in zip(host.front.hops, host.front.hops[1:], strict=False):
        away = host_of(after.url) != host_of(hop.url)
        if away and host_of(hop.url) == host.host and "redirect_uri=" in after.url:
            return hop.url
    forms = host.page.forms if host.page else ()
    named = [form.action for form in forms if form.method == "get"]
    if isinstance(calls, ShippedAddresses):
        named += [u.removeprefix(host.root) for u in calls.api if u.startswith(f"{host.root}/")]
    return next((f"{host.root}{path}" for path in named if _START.fullmatch(path)), "")


def _is_session(fetched: Fetched) -> bool:
    """NextAuth answers a stranger with `{}` or `null`, as JSON."""
    kind = fetched.hops[-1].header("content-type").lower()
    return fetched.status == 200 and "json" in kind and fetched.body.strip() in ("{}", "null")


def _providers(fetched: Fetched) -> list[Callback]:
    """What /api/auth/providers lists: each provider with the address it returns people to."""
    if fetched.ended != "ok" or fetched.status != 200:
        return []
    try:
        listed = json.loads(fetched.body)
    except (ValueError, RecursionError):
        return []
    found = []
    for provider in listed.values() if isinstance(listed, dict) else ():
        address = provider.get("callbackUrl") if isinstance(provider, dict) else None
        if isinstance(address, str) and (callback := _callback(PROVIDERS, address)):
            found.append(callback)
    return found


def _redirected(fetched: Fetched) -> list[Callback]:
    """The `redirect_uri` that a sign-in start hands to the provider."""
    if fetched.ended != "ok" or not fetched.hops:
        return []
    hop = fetched.hops[-1]
    try:
        location = urlsplit(hop.header("location"))
        given = dict(parse_qsl(location.query, max_num_fields=100))
        provider = location.hostname or ""
    except ValueError:
        return []
    address = given.get("redirect_uri", "")
    where = without_secrets(urlsplit(hop.url).path)
    callback = _callback(where, address, provider) if address else None
    return [callback] if callback else []


def _callback(where: str, address: str, to: str = "") -> Callback | None:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return Callback(
        where=where,
        scheme=parts.scheme,
        host=safe(host, one_line=True, limit=200),
        path=without_secrets(safe(parts.path, one_line=True, limit=200)),
        to=safe(to, one_line=True, limit=200),
    )
