"""Where a connection may go: scope first, then the name's addresses, then what they are.

The address that was judged is the address that is dialled, so a name that changes its mind
between the two (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Literal

from launchready_tui.model import Record
from launchready_tui.network.addresses import Kind, kind_of
from launchready_tui.network.hosts import BadHost, as_host, below, is_address
from launchready_tui.network.lines import Lines
from launchready_tui.network.options import (
    BadOption,
    Endpoint,
    Options,
    parse_connect,
    parse_endpoint,
)
from launchready_tui.network.scope import Scope
from launchready_tui.network.seen import Answer
from launchready_tui.text import safe

ADDRESSES_TRIED = 3
"""How many of a host's addresses one request tries before it gives up."""

Addresses = Callable[[str], Awaitable[tuple[Answer, Answer]]]


class Route(Record, frozen=True, kw_only=True):
    """One way to a host. `address` is what its name says; `to` is what is dialled."""

    host: str
    address: str
    port: int
    to: Endpoint


class Nameserver(Record, frozen=True, kw_only=True):
    """A DNS server: `shown` is how people know it, `to` is what is asked."""

    shown: str
    to: Endpoint


class Barred(Record, frozen=True, kw_only=True):
    """No way: `blocked` by our own rules, or `unknown` because the name led nowhere."""

    outcome: Literal["blocked", "unknown"]
    cause: str


class Routes:
    """The rules of a run about connections."""

    def __init__(self, scope: Scope, options: Options, addresses: Addresses) -> None:
        self.scope = scope
        self.options = options
        self._addresses = addresses
        self._pins: defaultdict[tuple[str, int], list[Endpoint]] = defaultdict(list)
        for pin in map(parse_connect, options.connect):
            self._pins[pin.host, pin.port].append(pin.to)
        self._lines: defaultdict[str, Lines] = defaultdict(Lines)
        self._at_home = (
            bool(options.resolver)
            and ipaddress.ip_address(parse_endpoint(options.resolver).ip).is_loopback
        )

    def lines(self, host: str) -> Lines:
        """The connections to a host: it never sees more than a few of us at once."""
        return self._lines[host]

    @contextlib.asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Held while connected to a host by a connection that nobody else uses."""
        lines = self._lines[host]
        async with lines.turn():
            lines.make_room()
            yield

    def close(self) -> None:
        """Close the connections that wait for another request."""
        for lines in self._lines.values():
            lines.close()

    def pinned(self, host: str, port: int) -> tuple[Endpoint, ...]:
        """Where `--connect` sends this host or address; empty where it says nothing."""
        return tuple(self._pins.get((host, port)) or self._pins.get(("*", port)) or ())

    def server(self, text: str) -> Nameserver | Barred:
        """The DNS server at an address, if it may be asked."""
        try:
            named = parse_endpoint(text)
            kind = kind_of(named.ip)
        except BadOption:
            shown = safe(text, one_line=True, limit=100)
            return Barred(outcome="unknown", cause=f"{shown!r} is not the address of a server")
        pinned = self.pinned(named.ip, named.port)
        if pinned:
            return Nameserver(shown=str(named), to=pinned[0])
        at_home = self._at_home and kind.needs_a_word
        if kind is Kind.PUBLIC or at_home or text == self.options.resolver:
            return Nameserver(shown=str(named), to=named)
        return Barred(outcome="blocked", cause=f"the server {named} is {kind.what}")

    async def to(
        self, host: str, port: int, address: str = "", *, after: str = ""
    ) -> tuple[Route, ...] | Barred:
        """The ways to a host, best first; or why there is none.

        Args:
            host: In any spelling.
            port: The port as the URL or the probe says it, before `--connect`.
            address: One of its addresses; empty for whatever its name leads to.
            after: The address whose redirect leads here; empty where a person does.
        """
        try:
            host = as_host(host)
            address = as_host(address) if address else ""
        except BadHost as error:
            return Barred(outcome="blocked", cause=str(error))
        if not self.scope.covers(host):
            return Barred(outcome="blocked", cause=f"{host} is not in the authorised scope")
        if address:
            return await self._judged(host, port, (address,), after)
        pinned = self.pinned(host, port)
        if pinned:
            return tuple(Route(host=host, address=to.ip, port=port, to=to) for to in pinned)
        if is_address(host):
            return await self._judged(host, port, (host,), after)
        answers = await self._addresses(host)
        found = [record for answer in answers for record in answer.records]
        if not found:
            return Barred(outcome="unknown", cause=_no_address(host, answers))
        return await self._judged(host, port, found, after)

    async def _judged(
        self, host: str, port: int, addresses: Iterable[str], after: str
    ) -> tuple[Route, ...] | Barred:
        """The routes over those addresses that may be dialled."""
        routes: list[Route] = []
        reasons: list[str] = []
        for address in addresses:
            pinned = self.pinned(address, port)
            refusal = "" if pinned else await self._refusal(host, address, after)
            if refusal:
                reasons.append(refusal)
                continue
            ends = pinned or (Endpoint(ip=address, port=port),)
            routes += (Route(host=host, address=address, port=port, to=end) for end in ends)
        if not routes:
            return Barred(outcome="blocked", cause="; ".join(reasons))
        return tuple(routes[:ADDRESSES_TRIED])

    async def _refusal(self, host: str, address: str, after: str) -> str:
        """Why an address may not be dialled, or an empty string."""
        try:
            kind = kind_of(address)
        except ValueError:
            return f"{host} leads to {address!r}, which is not an address"
        if kind.needs_a_word and after and kind_of(after) is Kind.PUBLIC:
            # Even a private place that a person named is asked for by that person alone.
            return f"{host} leads to {address}, {kind.what}, by a redirect from a public one"
        if kind is Kind.PUBLIC or (
            kind.needs_a_word and (self._at_home or await self._meant(host))
        ):
            return ""
        return f"{host} leads to {address}, {kind.what}"

    async def _meant(self, host: str) -> bool:
        """Whether a person asked for this private place: typed it, or a private name above it."""
        if self.scope.names(host):
            return True
        for named in self.scope.named:
            if not below(host, named) or is_address(named):
                continue
            answers = await self._addresses(named)
            found = [record for answer in answers for record in answer.records]
            if found and all(kind_of(record).needs_a_word for record in found):
                return True
        return False


def _no_address(host: str, answers: tuple[Answer, Answer]) -> str:
    causes = [answer.cause for answer in answers if answer.outcome == "unknown"]
    if causes:
        return causes[0]
    if all(answer.outcome == "nxdomain" for answer in answers):
        return f"{host} does not exist in DNS (NXDOMAIN)"
    return f"{host} has no address in DNS"
