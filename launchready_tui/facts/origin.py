"""Whether the server behind Cloudflare answers somebody who goes straight to its address."""

from __future__ import annotations

import asyncio
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.facts.dns import DnsSetup
from launchready_tui.facts.origin_candidates import Candidate, candidates
from launchready_tui.facts.page import Page
from launchready_tui.facts.site import Visit, visit
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.network import Network
from launchready_tui.network.seen import Handshake

MOST = 4
MOST_HOSTS = 2
LEAST_STATUS_OF_NO = 400
_SHUT = ("no connection to", "the server refused the handshake", "closed the connection during")
"""What the door says where the other side lets nobody in."""

Came = Literal["same", "other", "no", "closed", "untrusted", "unknown"]


class OriginLook(Record, frozen=True, kw_only=True):
    """One host asked for at one address, with its own name and past the proxy.

    `same`: the app itself answered, without Cloudflare · `other`: something else did · `no`: it
    refused (403, a client certificate) · `closed`: it takes no connection · `untrusted`: its
    certificate is not trusted, so it was asked nothing (`named`: though it is one for this host) ·
    `unknown`.
    """

    host: str
    candidate: Candidate
    came: Came
    told: str = ""
    named: bool = False

    @property
    def cause(self) -> str:
        return f"{self.host} at {self.candidate.address}: {self.told}"


class OriginLooks(Fact, frozen=True, kw_only=True):
    """`hosts` are those that pass Cloudflare and were tried; `left_out` are more candidates."""

    hosts: tuple[str, ...]
    looks: tuple[OriginLook, ...] = ()
    left_out: tuple[Candidate, ...] = ()
    causes: tuple[str, ...] = ()
    """Hosts whose own front page could not be told, so that nothing can be compared with it."""


@fact
async def origin_looks(
    net: Network,
    dns: DnsSetup,
    edge: Cloudflare,
    web: WebHosts,
    more: CertificateNames | Unknown,
    target: Target,
    account: CloudflareZone | Unknown,
) -> OriginLooks:
    """Nothing is sent where no host passes the owner's Cloudflare."""
    proxied = [host.host for host in edge.hosts if host.state == "proxied"]
    serving = [host for host in proxied if web.of(host)] or proxied[:1]
    hosts = sorted(serving, key=lambda host: host != web.app)[:MOST_HOSTS]
    if not hosts:
        return OriginLooks(hosts=())
    fronts = {host: _front(web, host) for host in hosts}
    causes = tuple(f"{h}: {front}" for h, front in fronts.items() if isinstance(front, str))
    found = await candidates(net, dns, more, target, account)
    with net.log.side_by_side():
        looks = await asyncio.gather(
            *(
                _look(net, host, candidate, front)
                for host, front in fronts.items()
                if isinstance(front, Page)
                for candidate in found[:MOST]
            )
        )
    return OriginLooks(hosts=tuple(hosts), looks=tuple(looks), left_out=found[MOST:], causes=causes)


def _front(web: WebHosts, host: str) -> Page | str:
    """The page to compare with, or why there is none."""
    served = web.of(host)
    if served is None:
        return "it has no pages of its own to compare with"
    if served.cause:
        return served.cause
    return served.page or "its front page is none that can be compared"


async def _look(net: Network, host: str, candidate: Candidate, front: Page) -> OriginLook:
    """By https, and by http where https brings nothing: some origins serve on port 80 alone."""
    seen = await visit(net, f"https://{host}/", candidate.address)
    came, told = _came(seen, front)
    named = False
    if came in ("untrusted", "closed", "unknown"):
        with net.log.side_by_side():
            handshake, plain = await asyncio.gather(
                _handshake(net, host, candidate.address, came),
                visit(net, f"http://{host}/", candidate.address),
            )
        named = handshake is not None and _names(handshake, host)
        if _came(plain, front)[0] == "same":
            came, told = "same", "over http"
    return OriginLook(host=host, candidate=candidate, came=came, told=told, named=named)


async def _handshake(net: Network, host: str, address: str, came: Came) -> Handshake | None:
    return await net.handshake(host, address) if came == "untrusted" else None


def _came(seen: Visit, front: Page) -> tuple[Came, str]:
    """What the visit comes to, and in which words."""
    first, last = seen.hops[0], seen.hops[-1]
    cause = seen.cause or last.cause
    if first.outcome == "tls":
        return "untrusted", cause
    if first.outcome == "refused" or any(word in cause for word in _SHUT):
        return "closed", "takes no connection"
    if first.outcome != "ok":
        return "unknown", cause
    if any(hop.header("cf-ray") for hop in seen.hops):
        return "other", "answers through Cloudflare"
    if seen.ended == "ok" and last.status >= LEAST_STATUS_OF_NO:
        return "no", f"answers {last.status}"
    if seen.ended != "ok":
        return "other", f"leads on to {last.url.partition('?')[0]}"
    if seen.page is not None and _alike(seen.page, front):
        return "same", f"answers {last.status}"
    return "other", "answers with something else"


def _alike(one: Page, other: Page) -> bool:
    """The same app: the same title with the same skeleton or files, or both of the latter."""
    shell = one.shell == other.shell
    files = bool({*one.assets} & {*other.assets})
    if one.title != other.title:
        return False
    return (bool(one.title) and (shell or files)) or (shell and files)


def _names(handshake: Handshake, host: str) -> bool:
    names = handshake.chain[0].names if handshake.chain else ()
    parent = host.partition(".")[2]
    return any(name.lower() in (host, f"*.{parent}") for name in names)
