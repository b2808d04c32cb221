"""Web cache deception: is a private page kept under an address that looks like a picture's?

An attacker sends a signed-in colleague a link such as /orders/x.css. Where the app serves the
orders there and the cache goes by the ending, the attacker then reads them. Tried with the test
user's own session, under random names, so that no real person's page is ever kept.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from launchready_tui.engine import fact
from launchready_tui.facts.likeness import marked, same_page
from launchready_tui.facts.own_session import OwnSession, barred, session_headers
from launchready_tui.facts.private_pages import BODY, BUSTER, busted, reading
from launchready_tui.facts.site import without_secrets
from launchready_tui.given import Keys, Permits, Target
from launchready_tui.model import CouldNotTell, Fact, Level, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched

PROBE = "cache-deception"
MOST_PAGES = 3
SHAPES = ("/lr-*.css", ";lr-*.js", "%2f..%2flr-*.css")
"""What is put behind a private path, as it is told; the star is a random name."""

Result = Literal["clean", "served", "stored"]


class Deceiving(Record, frozen=True, kw_only=True):
    """One disguise of one private page. `served`: the page came to its user; `stored`: then to a
    stranger as well."""

    shape: str
    result: Result = "clean"
    status: int = 0
    cause: str = ""


class DeceivedPage(Record, frozen=True, kw_only=True):
    url: str
    tries: tuple[Deceiving, ...] = ()
    by_marker: bool = False
    """Told by words that only the test user's pages carry; else by likeness."""
    cause: str = ""


class Deceptions(Fact, frozen=True, kw_only=True):
    pages: tuple[DeceivedPage, ...]
    left_out: tuple[str, ...] = ()


@fact(limit=45)
async def deceptions(
    net: Network, target: Target, permits: Permits, session: OwnSession, keys: Keys
) -> Deceptions:
    """At most eight requests for each of three pages."""
    permits.insist(PROBE)
    if not target.web.private:
        raise CouldNotTell("launchready.toml names no private page")
    headers = session_headers(keys)
    asked = target.web.private[:MOST_PAGES]
    with net.log.side_by_side():
        pages = await asyncio.gather(*(_Page(net, url, target, headers).told() for url in asked))
    return Deceptions(
        pages=tuple(pages), left_out=tuple(map(without_secrets, target.web.private[MOST_PAGES:]))
    )


class _Page:
    """One private page, its true answers, and its disguises."""

    def __init__(self, net: Network, url: str, target: Target, headers: dict[str, str]) -> None:
        self.net = net
        self.url = url
        self.target = target
        self.headers = headers
        self.mine = ""
        self.theirs = ""

    async def told(self) -> DeceivedPage:
        shown = without_secrets(self.url)
        if why := barred(self.url, self.target):
            return DeceivedPage(url=shown, cause=why)
        markers = self.target.web.markers
        mine = await self._get(busted(self.url), signed=True)
        read = reading(mine, markers)
        if not read.ok:
            cause = f"{shown}: {read.cause or f'answers {read.status} to the test session'}"
            return DeceivedPage(url=shown, cause=cause)
        theirs = await self._get(busted(self.url), signed=False)
        self.mine, self.theirs = mine.body, theirs.body if theirs.status == 200 else ""
        by_marker = marked(self.mine, markers)
        if not by_marker and self.theirs and same_page(self.mine, self.theirs):
            cause = f"{shown}: strangers get the same page, so nothing private can be kept of it"
            return DeceivedPage(url=shown, cause=cause)
        tries = [await self._try(shape) for shape in SHAPES]
        return DeceivedPage(url=shown, tries=tuple(tries), by_marker=by_marker)

    async def _try(self, shape: str) -> Deceiving:
        url = disguised(self.url, shape)
        served = await self._get(url, signed=True)
        read = reading(served, ())
        if read.cause or not self._is_mine(served):
            return Deceiving(shape=shape, status=read.status, cause=read.cause)
        kept = await self._get(url, signed=False)
        stored = kept.ended == "ok" and self._is_mine(kept)
        return Deceiving(shape=shape, status=200, result="stored" if stored else "served")

    def _is_mine(self, answer: Fetched) -> bool:
        if answer.ended != "ok" or answer.status != 200:
            return False
        if marked(self.mine, self.target.web.markers):
            return marked(answer.body, self.target.web.markers)
        return same_page(answer.body, self.mine) and not same_page(answer.body, self.theirs)

    async def _get(self, url: str, *, signed: bool) -> Fetched:
        return await self.net.fetch(
            url, follow=False, headers=self.headers if signed else {}, body_limit=BODY,
            level=Level.ACTIVE,
        )  # fmt: skip


def disguised(url: str, shape: str) -> str:
    """A private address with a random file name behind its path, and a query nobody else has."""
    parts = urlsplit(url)
    name = shape.replace("*", secrets.token_hex(8))
    query = "&".join(filter(None, (parts.query, f"{BUSTER}={secrets.token_hex(12)}")))
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + name, query, ""))
