"""Which hosts serve pages, what each says of a page that does not exist, and what the app names.

A host that only sends visitors on to another one has no pages of its own: what holds there is
asked at the other one.
"""

from __future__ import annotations

import asyncio
import hashlib
from urllib.parse import urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts.debug import debug_marks
from launchready_tui.facts.dns import DnsSetup, host_of
from launchready_tui.facts.page import Page
from launchready_tui.facts.site import (
    CARRIED,
    CanonicalStarts,
    HostPages,
    Visit,
    visit_with_body,
)
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.network import Network


class WebHost(Record, frozen=True, kw_only=True):
    """A host that answers https with pages of its own. `front` is the visit that showed it.

    `cause` is why it can tell nothing: a bot challenge, a time-out; its pages are then unknown.
    """

    host: str
    front: Visit
    cause: str = ""

    @property
    def root(self) -> str:
        return f"https://{self.host}"

    @property
    def page(self) -> Page | None:
        return self.front.page


class WebHosts(Fact, frozen=True, kw_only=True):
    """Every host that serves pages, the domain's first. `app` is where the product itself is."""

    hosts: tuple[WebHost, ...]
    app: str = ""
    """The host of the app: as a person said, else `app.` where it serves, else the first one."""

    @property
    def able(self) -> tuple[WebHost, ...]:
        """Those that can be looked at."""
        return tuple(host for host in self.hosts if not host.cause)

    @property
    def gaps(self) -> tuple[str, ...]:
        """Those that cannot, as "host: cause"."""
        return tuple(f"{host.host}: {host.cause}" for host in self.hosts if host.cause)

    def of(self, host: str) -> WebHost | None:
        return next((entry for entry in self.hosts if entry.host == host), None)


class Missing(Record, frozen=True, kw_only=True):
    """What a host answers for a page that cannot exist."""

    host: str
    visit: Visit
    debug: tuple[str, ...] = ()
    """Names of the debug pages that it is, or holds: `facts.debug`."""


class MissingPages(Fact, frozen=True, kw_only=True):
    """One made-up address at each host that serves pages: its error page, and the measure of
    every "is this file there" that follows. It is the one that the canonical starts carry."""

    pages: tuple[Missing, ...]

    def of(self, host: str) -> Visit | None:
        return next((page.visit for page in self.pages if page.host == host), None)


@fact
async def web_hosts(
    dns: DnsSetup, starts: CanonicalStarts | Unknown, pages: HostPages | Unknown, target: Target
) -> WebHosts:
    """Nothing is sent: the visits of the canonical starts and of the front pages say it all."""
    visits = [
        *(starts.starts if isinstance(starts, CanonicalStarts) else ()),
        *(pages.pages if isinstance(pages, HostPages) else ()),
    ]
    hosts: dict[str, WebHost] = {}
    for seen in visits:
        host = host_of(seen.url)
        if not seen.url.startswith("https:") or host in hosts or not seen.hops:
            continue
        if urlsplit(seen.url).path not in ("", "/") and host_of(seen.hops[-1].url) != host:
            continue
        if (served := _served(host, seen)) is not None:
            hosts[host] = served
    wanted = host_of(target.web.app) or f"app.{dns.domain}"
    app = wanted if wanted in hosts else next(iter(hosts), "")
    return WebHosts(hosts=tuple(hosts.values()), app=app)


@fact
async def missing_pages(net: Network, web: WebHosts) -> MissingPages:
    with net.log.side_by_side():
        visits = await asyncio.gather(
            *(visit_with_body(net, f"{host.root}{CARRIED}") for host in web.able)
        )
    return MissingPages(
        pages=tuple(
            Missing(host=host.host, visit=seen, debug=debug_marks(body))
            for host, (seen, body) in zip(web.able, visits, strict=True)
        )
    )


def made_up(host: str, salt: str = "") -> str:
    """A name nobody has, and the same one at every run: saved facts stay comparable."""
    return f"lr-{hashlib.sha256(f'{host} {salt}'.encode()).hexdigest()[:12]}"


def _served(host: str, seen: Visit) -> WebHost | None:
    """The host as far as this visit shows it; None where it sends visitors to another host."""
    if seen.challenged:
        return WebHost(host=host, front=seen, cause="a bot challenge answered instead of the site")
    if seen.ended == "ok":
        stays = host_of(seen.hops[-1].url) == host
        # A front page that sends people to a sign-in elsewhere still has pages of its own.
        elsewhere = len(seen.hops) > 1 and not stays and seen.hops[0].status in (301, 308)
        return None if elsewhere else WebHost(host=host, front=seen)
    if seen.ended in ("refused", "tls", "blocked"):
        return None  # tls.certificate and host.platform tell why
    return WebHost(host=host, front=seen, cause=seen.cause or f"the visit ended: {seen.ended}")
