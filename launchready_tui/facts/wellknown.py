"""Two files that machines look for: robots.txt, and where to report a security problem.

Asked at one host only, the domain's own where it serves pages: two requests in all. Where several
single names are looked at side by side nothing is asked: both files belong to the domain.
"""

from __future__ import annotations

import asyncio
import re
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenger
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Target
from launchready_tui.model import CouldNotTell, Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched
from launchready_tui.text import safe

BODY = 65_536
MOST_PATHS = 100
ROBOTS, CONTACT = "/robots.txt", "/.well-known/security.txt"
_DISALLOW = re.compile(r"(?im)^[ \t]{0,20}disallow[ \t]{0,20}:[ \t]{0,20}(/[^\s#]{1,200})")
_CONTACT = re.compile(r"(?im)^contact[ \t]{0,20}:[ \t]{0,20}\S")


class Wanted(Record, frozen=True, kw_only=True):
    """Whether a file is there. A page that answers every address is no such file."""

    state: Literal["there", "absent", "unknown", "not-asked"]
    cause: str = ""


class WellKnown(Fact, frozen=True, kw_only=True):
    host: str
    robots: Wanted
    contact: Wanted
    hidden: tuple[str, ...] = ()
    """Paths that robots.txt asks search engines to leave alone."""


@fact
async def well_known(net: Network, web: WebHosts, target: Target) -> WellKnown:
    if target.only and target.elsewhere:
        idle = Wanted(state="not-asked")
        return WellKnown(host=target.domain, robots=idle, contact=idle)
    able = [entry.host for entry in web.able]
    if not able:
        raise CouldNotTell("no host can be asked for robots.txt and security.txt")
    host = next((name for name in (target.domain, web.app) if name in able), able[0])
    with net.log.side_by_side():
        robots, contact = await asyncio.gather(
            *(net.fetch(f"https://{host}{path}", body_limit=BODY) for path in (ROBOTS, CONTACT))
        )
    return WellKnown(
        host=host,
        robots=_wanted(robots, bool(re.search(r"(?i)(user-agent|disallow|sitemap)", robots.body))),
        contact=_wanted(contact, bool(_CONTACT.search(contact.body))),
        hidden=_hidden(robots),
    )


def _wanted(fetched: Fetched, fits: bool) -> Wanted:
    if fetched.ended != "ok" or fetched.status >= 500 or fetched.status == 429:
        cause = fetched.cause or f"it answers {fetched.status}"
        return Wanted(state="unknown", cause=safe(without_secrets(cause), one_line=True))
    if challenger(fetched.hops):
        return Wanted(state="unknown", cause="a bot challenge answered")
    there = fetched.status == 200 and fits and not _is_page(fetched)
    return Wanted(state="there" if there else "absent")


def _is_page(fetched: Fetched) -> bool:
    kind = fetched.last.header("content-type").lower()
    return "html" in kind or fetched.body.lstrip()[:1] == "<"


def _hidden(fetched: Fetched) -> tuple[str, ...]:
    if fetched.ended != "ok" or fetched.status != 200 or _is_page(fetched):
        return ()
    paths = dict.fromkeys(_DISALLOW.findall(fetched.body))
    return tuple(
        safe(without_secrets(path), one_line=True, limit=200) for path in list(paths)[:MOST_PATHS]
    )
