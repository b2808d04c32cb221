"""Pages for administrators under the usual addresses, as a stranger gets them."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts.answers import Looks, looks
from launchready_tui.facts.challenge import challenger
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched

BODY = 262_144
PATHS = (
    "/admin",
    "/wp-admin/",
    "/django-admin/",
    "/rails/info/routes",
    "/_admin",
    "/administrator",
)
USUAL = ("/admin", "/wp-admin/")
"""What the domain's own host is asked, where the app is elsewhere."""
KNOWN = (
    ("Site administration", "Django's administration"),
    ("Routes match in priority", "Rails' list of routes"),
    ("wp-admin-bar", "WordPress' administration"),
    ("phpMyAdmin", "phpMyAdmin"),
)


class AdminPage(Record, frozen=True, kw_only=True):
    url: str
    status: int = 0
    at: str = ""
    """The address whose answer this is, behind redirects."""
    looks: Looks = Looks()
    known: str = ""
    """Which product's page it is, where it says so."""
    cause: str = ""

    @property
    def host(self) -> str:
        return host_of(self.url)


class AdminPages(Fact, frozen=True, kw_only=True):
    pages: tuple[AdminPage, ...]
    left_out: tuple[str, ...] = ()
    """Usual addresses that the app was not asked for, because other hosts are looked at too."""


@fact
async def admin_pages(net: Network, web: WebHosts, target: Target) -> AdminPages:
    able = [host.host for host in web.able]
    app = web.app if web.app in able else ""
    other = next((host for host in able if host != app), "")
    most = target.share(len(PATHS))
    urls = [f"https://{app}{path}" for path in PATHS[:most]] if app else []
    urls += [f"https://{other}{path}" for path in USUAL] if other else []
    with net.log.side_by_side():
        answers = await asyncio.gather(*(net.fetch(url, body_limit=BODY) for url in urls))
    markers = target.web.markers
    return AdminPages(
        pages=tuple(_page(url, seen, markers) for url, seen in zip(urls, answers, strict=True)),
        left_out=PATHS[most:] if app else (),
    )


def _page(url: str, answer: Fetched, markers: tuple[str, ...]) -> AdminPage:
    last = answer.last
    if challenger(answer.hops):
        return AdminPage(url=url, cause="a bot challenge answered")
    if answer.ended != "ok":
        # A redirect that leads out of what we may look at is a way to a login, not a gap.
        away = len(answer.hops) > 1
        return AdminPage(url=url, cause="" if away else answer.cause or last.cause)
    at = without_secrets(last.url)
    if not _below(last.url, url):
        return AdminPage(url=url, status=last.status, at=at)  # another page, judged by itself
    known = next((label for sign, label in KNOWN if sign in answer.body), "")
    return AdminPage(
        url=url,
        status=last.status,
        at=at,
        looks=looks(answer.body, last.header("content-type"), markers),
        known=known if last.status == 200 else "",
    )


def _below(url: str, asked: str) -> bool:
    """Whether an answer is still that of the address, or of one below it at the same host."""
    return host_of(url) == host_of(asked) and urlsplit(url).path.startswith(
        urlsplit(asked).path.rstrip("/")
    )
