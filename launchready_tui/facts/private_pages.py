"""Private pages, read as a stranger and as the test user, in the order that shows a shared cache.

First the bare address without a session, on a connection of its own. Then, with a random query so
that no real visitor's copy can come of it: twice with the session, once without, once more with.
All of it are plain reads of the test user's own pages. Bodies are compared and dropped.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts.cache_signs import CacheHead, cache_head
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.cookie_lines import cookie_lines
from launchready_tui.facts.likeness import marked, same_page
from launchready_tui.facts.own_session import OwnSession, barred, session_headers
from launchready_tui.facts.site import without_secrets, without_values
from launchready_tui.given import Keys, Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched
from launchready_tui.text import safe

MOST_PAGES = 6
"""Of five requests each, and one more where a stranger got the user's data."""
BODY = 262_144
BUSTER = "lr-check"


class Reading(Record, frozen=True, kw_only=True):
    """One answer, without its body. `marked`: it carries a marker of the test user."""

    status: int = 0
    kind: Literal["html", "json", "other", ""] = ""
    marked: bool = False
    head: CacheHead = CacheHead()
    cookies: tuple[str, ...] = ()
    """Set-Cookie lines: names and attributes, without values."""
    cause: str = ""
    """Why there is no answer to judge."""

    @property
    def ok(self) -> bool:
        return self.status == 200 and not self.cause

    @property
    def refused(self) -> bool:
        """Sent away, as strangers are."""
        return not self.cause and self.status in (301, 302, 303, 307, 308, 401, 403)


class PrivatePage(Record, frozen=True, kw_only=True):
    """One address in five answers, named for who asked and when."""

    url: str
    bare: Reading = Reading()
    first: Reading = Reading()
    second: Reading = Reading()
    stranger: Reading = Reading()
    again: Reading = Reading()
    control: Reading | None = None
    """A stranger's answer at a fresh address, asked where one of theirs gave cause to."""
    alike: bool = False
    """The stranger's answer and the user's are the same but for details."""
    cause: str = ""
    """Why it was not read at all, or not to the end."""

    @property
    def signed_in(self) -> tuple[Reading, ...]:
        return (self.first, self.second, self.again)


class PrivatePages(Fact, frozen=True, kw_only=True):
    """`marks`: the person named words that only the test user's pages carry."""

    pages: tuple[PrivatePage, ...]
    marks: bool
    left_out: tuple[str, ...] = ()


@fact(limit=45)
async def private_pages(
    net: Network, target: Target, session: OwnSession, keys: Keys
) -> PrivatePages:
    """Every private address of launchready.toml at the session's own host."""
    headers = session_headers(keys)
    asked = target.web.private[:MOST_PAGES]
    with net.log.side_by_side():
        pages = await asyncio.gather(*(_page(net, url, target, headers) for url in asked))
    return PrivatePages(
        pages=tuple(pages),
        marks=bool(target.web.markers),
        left_out=tuple(map(_shown, target.web.private[MOST_PAGES:])),
    )


async def _page(net: Network, url: str, target: Target, headers: dict[str, str]) -> PrivatePage:
    if why := barred(url, target):
        return PrivatePage(url=_shown(url), cause=why)
    markers = target.web.markers
    own = busted(url)

    async def read(address: str, *, signed: bool) -> tuple[Reading, Fetched]:
        fetched = await net.fetch(
            address, follow=False, headers=headers if signed else {}, body_limit=BODY
        )
        return reading(fetched, markers), fetched

    bare, _ = await read(url, signed=False)
    if bare.cause:
        return PrivatePage(url=_shown(url), bare=bare, cause=f"{_shown(url)}: {bare.cause}")
    first, mine = await read(own, signed=True)
    if not first.ok:
        return PrivatePage(url=_shown(url), bare=bare, first=first, cause=_not_in(url, first, mine))
    second, _ = await read(own, signed=True)
    stranger, theirs = await read(own, signed=False)
    again, _ = await read(own, signed=True)
    suspect = bare.marked or stranger.marked or (stranger.ok and not bare.ok)
    return PrivatePage(
        url=_shown(url),
        bare=bare,
        first=first,
        second=second,
        stranger=stranger,
        again=again,
        control=(await read(busted(url), signed=False))[0] if suspect else None,
        alike=stranger.status == first.status
        and (mine.body == theirs.body or same_page(mine.body, theirs.body)),
    )


def busted(url: str) -> str:
    """The address with a query nobody else has: what a cache keeps under it, nobody asks for."""
    joined = "&" if "?" in url else "?"
    return f"{url}{joined}{BUSTER}={secrets.token_hex(12)}"


def reading(fetched: Fetched, markers: tuple[str, ...]) -> Reading:
    """What is kept of an answer."""
    if fetched.ended != "ok" or not fetched.hops:
        told = fetched.cause or (fetched.last.cause if fetched.hops else "")
        return Reading(cause=without_queries(told) or f"the request ended: {fetched.ended}")
    hop = without_values(fetched.last)
    if challenged(hop):
        return Reading(status=hop.status, cause="a bot challenge answered instead of the site")
    if hop.status == 429 or hop.status >= 500:
        return Reading(status=hop.status, cause=f"it answers {hop.status}")
    return Reading(
        status=hop.status,
        kind=_kind(hop.header("content-type").lower()),
        marked=marked(fetched.body, markers),
        head=cache_head(hop),
        cookies=cookie_lines(fetched.last),
    )


def without_queries(text: str) -> str:
    """Causes may quote the address with its random query, which is another one at each run."""
    return safe(" ".join(word.split(f"{BUSTER}=")[0] for word in text.split()), one_line=True)


def _kind(content_type: str) -> Literal["html", "json", "other"]:
    return "html" if "html" in content_type else "json" if "json" in content_type else "other"


def _not_in(url: str, first: Reading, fetched: Fetched) -> str:
    shown = _shown(url)
    if first.cause:
        return f"{shown}: {first.cause}"
    if first.status in (301, 302, 303, 307, 308):
        to = without_queries(without_secrets(fetched.last.header("location"))) or "elsewhere"
        return (
            f"{shown}: sends the test session on to {to}; it is not valid any more, or"
            " the address to name is that one"
        )
    if first.status in (401, 403):
        return f"{shown}: answers {first.status} to the test session, which is not valid there"
    return f"{shown}: answers {first.status} to the test session"


def _shown(url: str) -> str:
    return without_secrets(safe(url, one_line=True, limit=300))
