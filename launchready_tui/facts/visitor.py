"""A visitor with cookies of their own at one host: what a login needs and no other gatherer does.

The jar lives as long as the login. Its repr shows names only, and it sends to its own host, over
https, without following redirects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urljoin, urlsplit

from launchready_tui.facts.dns import host_of
from launchready_tui.facts.login_form import FORM, FilledForm, login_form
from launchready_tui.model import CouldNotTell, Level
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched, Hop

BODY = 262_144
MOST_COOKIES = 30
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,200}")
_VALUE = re.compile(r"[\x21-\x3a\x3c-\x7e]{0,4000}")
_GONE = re.compile(
    r";\s{0,5}(?:max-age\s{0,5}=\s{0,5}(?:0|-\d+)|expires\s{0,5}=[^;]{0,20}19[67]\d)", re.IGNORECASE
)
_TOKEN = re.compile(r"[\x21-\x7e]{8,8000}")
_TOKENS = ("access_token", "accessToken", "token", "jwt")
_NESTS = ("data", "session", "result")


class Entrance:
    """Where the login goes and how it is filled. Its repr shows no values."""

    def __init__(self, url: str, form: FilledForm | None = None) -> None:
        self.url = url
        self.form = form

    def __repr__(self) -> str:
        return f"Entrance({self.by})"

    @property
    def by(self) -> Literal["form", "json"]:
        return "form" if self.form else "json"

    def filled(self, user: str, password: str) -> tuple[bytes, str]:
        """What to post, and its type."""
        if self.form:
            return self.form.content(user, password), FORM
        name = "email" if "@" in user else "username"
        return json.dumps({name: user, "password": password}).encode(), "application/json"


class Visitor:
    """Sends requests to one host and brings back the cookies that host set."""

    def __init__(self, net: Network, host: str, jar: Mapping[str, str] | None = None) -> None:
        self.net = net
        self.host = host
        self.jar = dict(jar or {})
        self.token = ""

    def __repr__(self) -> str:
        return f"Visitor({self.host}, cookies {sorted(self.jar)})"

    def copy(self) -> Visitor:
        """Another one with the same cookies, whatever becomes of these."""
        other = Visitor(self.net, self.host, self.jar)
        other.token = self.token
        return other

    async def get(self, url: str) -> Fetched:
        return await self._send(url)

    async def post(self, url: str, content: bytes, kind: str) -> Fetched:
        return await self._send(url, content=content, kind=kind)

    def headers(self) -> dict[str, str]:
        if self.token:
            return {"authorization": f"Bearer {self.token}"}
        held = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        return {"cookie": held} if held else {}

    def take_token(self, body: str) -> None:
        """The token that a JSON login answers with, if it does."""
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            return
        for place in (answer, *(answer.get(key) for key in _NESTS if isinstance(answer, dict))):
            for key in _TOKENS if isinstance(place, dict) else ():
                value = place.get(key)
                if isinstance(value, str) and _TOKEN.fullmatch(value):
                    self.token = value
                    return

    async def led_on(self, answer: Fetched) -> list[Fetched]:
        """The pages that an answer leads to, two at most and on this host alone."""
        found: list[Fetched] = []
        while len(found) < 2 and answer.status in (301, 302, 303, 307, 308):
            url = _joined(answer.url, answer.last.header("location"))
            if urlsplit(url).scheme != "https" or host_of(url) != self.host:
                break
            answer = await self.get(url)
            found.append(answer)
        return found

    async def _send(self, url: str, content: bytes = b"", kind: str = "") -> Fetched:
        if urlsplit(url).scheme != "https" or host_of(url) != self.host:
            raise CouldNotTell("the sign-in leads to another host, or is not encrypted")
        headers = self.headers()
        if kind:
            origin = f"https://{urlsplit(url).netloc}"
            headers |= {"content-type": kind, "origin": origin, "referer": f"{origin}/"}
        fetched = await self.net.fetch(
            url,
            method="POST" if kind else "GET",
            follow=False,
            headers=headers,
            content=content,
            body_limit=BODY,
            level=Level.ACTIVE,
        )
        for hop in fetched.hops:
            self._keep(hop)
        return fetched

    def _keep(self, hop: Hop) -> None:
        for line in hop.all("set-cookie"):
            name, equals, value = line.partition(";")[0].partition("=")
            name, value = name.strip(), value.strip()
            if not equals or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                continue
            if _GONE.search(line) or not value:
                self.jar.pop(name, None)
            elif len(self.jar) < MOST_COOKIES:
                self.jar[name] = value


async def find_entrance(visitor: Visitor, told: str, fallback: str) -> Entrance:
    """The form at the address a person named, else at the front page; else JSON at an API path.

    Raises CouldNotTell where there is none that may be used.
    """
    refused = ""
    for url in dict.fromkeys(filter(None, (told, fallback))):
        if host_of(url) != visitor.host:
            continue
        page = await visitor.get(url)
        if page.ended != "ok" or page.status >= 400:
            continue
        pages = [page, *await visitor.led_on(page)]
        form = login_form(pages[-1].body, pages[-1].url)
        if form and form.method == "post" and host_of(form.action) == visitor.host:
            return Entrance(form.action, form)
        if form:
            refused = "leads to another host" if form.method == "post" else "is sent by script"
    if "/api" in urlsplit(told).path:
        return Entrance(told)
    if refused:
        raise CouldNotTell(f"the sign-in form {refused}; name its address as login under [web]")
    raise CouldNotTell("no sign-in form was found; name its address as login under [web]")


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
