"""Questions to the Domain Name System, with answers that never pretend.

NXDOMAIN and NODATA are told apart, and whatever is neither an answer nor an absence is `unknown`
with the server and the question in its cause. Each question leaves once a run: later askers share
the flight or its result.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from msgspec import structs

from launchready_tui.model import Level
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import DNS_PORT, BadOption, Endpoint, Options, parse_endpoint
from launchready_tui.network.routes import Nameserver
from launchready_tui.network.seen import Alias, Answer
from launchready_tui.network.udp import NoAnswer, Server, ask_over_tcp, truncated
from launchready_tui.text import safe

MOST_ALIASES = 10
MOST_RECORDS = 200
RECORD_LENGTH = 16_384
RESOLV_CONF = Path("/etc/resolv.conf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a question is asked. Without `server` the run's resolver is.

    `unchecked` sets the CD bit; `fresh` asks although the answer is known; `level` is how far the
    question goes by its purpose, for the log.
    """

    server: Nameserver | None = None
    unchecked: bool = False
    fresh: bool = False
    level: Level = Level.PASSIVE


USUALLY = Asking()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """What one question brought: a message, or a cause."""

    server: str
    message: dns.message.Message | None = None
    cause: str = ""
    request: int = 0


class _Walk:
    """A question on its way along CNAMEs, possibly through several messages."""

    def __init__(self, name: str, rdtype: str) -> None:
        self.name = name
        self.rdtype = rdtype
        self.here = name
        self.chain: list[Alias] = []

    def step(self, alias: Alias) -> str:
        """Take one step; returns why it cannot be taken, or an empty string."""
        if alias.target == self.name or any(alias.target == past.name for past in self.chain):
            return f"{self.name} is an alias that leads back to {alias.target}: a CNAME loop"
        if len(self.chain) >= MOST_ALIASES:
            return f"{self.name} leads through more than {MOST_ALIASES} aliases (CNAME)"
        self.chain.append(alias)
        self.here = alias.target
        return ""

    def read(self, message: dns.message.Message) -> tuple[dns.rrset.RRset | None, str]:
        """Follow the aliases in a message: the records at their end if it has them, or a cause."""
        by_owner = {(_host(r.name), r.rdtype): r for r in message.answer[:MOST_RECORDS]}
        wanted = dns.rdatatype.from_text(self.rdtype)
        while True:
            found = by_owner.get((self.here, wanted))
            if found is not None:
                return found, ""
            step = by_owner.get((self.here, dns.rdatatype.CNAME))
            if step is None:
                return None, ""
            alias = Alias(name=self.here, target=_host(step[0].target), ttl=int(step.ttl))
            trouble = self.step(alias)
            if trouble:
                return None, trouble


class Resolver:
    """Asks the resolver of a run, or any other server by address."""

    def __init__(self, options: Options, log: RequestLog) -> None:
        self._options = options
        self._log = log
        self._servers: dict[Endpoint, Server] = {}
        self._flights: dict[tuple[str, str, str, bool], asyncio.Task[_Reply]] = {}
        own = (parse_endpoint(options.resolver),) if options.resolver else system_resolvers()
        self._own = tuple(Nameserver(shown=str(endpoint), to=endpoint) for endpoint in own)

    async def lookup(self, name: str, rdtype: str, asking: Asking = USUALLY) -> Answer:
        """One question with its aliases followed."""
        answer, _ = await self._followed(name, rdtype, asking)
        return answer

    async def texts(self, name: str) -> tuple[Answer, tuple[bytes, ...]]:
        """TXT, and beside it each record's strings joined, byte for byte as they came."""
        answer, found = await self._followed(name, "TXT", USUALLY)
        records = tuple(found or ())[:MOST_RECORDS]
        return answer, tuple(b"".join(record.strings) for record in records)

    async def _followed(
        self, name: str, rdtype: str, asking: Asking
    ) -> tuple[Answer, dns.rrset.RRset | None]:
        walk = _Walk(name, rdtype)
        wrong = _not_askable(name, rdtype)
        if wrong:
            return self._unknown(walk, "", wrong), None
        walk.here = _host(dns.name.from_text(f"{name}."))  # as answers spell it: blanks escaped
        asked = asking
        while True:
            before = len(walk.chain)
            reply = await self._reply(walk.here, rdtype, asked)
            message = reply.message
            if message is None:
                return self._unknown(walk, reply.server, reply.cause), None
            found, trouble = walk.read(message)
            rcode = message.rcode()
            if trouble or rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                cause = trouble or _said(reply.server, dns.rcode.to_text(rcode), walk)
                return self._unknown(walk, reply.server, cause, message), None
            if found is None and rcode == dns.rcode.NOERROR and not _has(message, "SOA"):
                if len(walk.chain) > before:
                    # The server knew the alias only: its target is asked for anew.
                    asked = replace(asking, server=None)
                    continue
                if _has(message, "NS") and not message.flags & dns.flags.AA:
                    cause = _said(reply.server, "with a referral to other servers", walk)
                    answer = self._unknown(walk, reply.server, cause, message)
                    told = structs.replace(answer, referral=_referred(message), glue=_glue(message))
                    return told, None
            return _answer(walk, reply.server, message, found), found

    async def _reply(self, name: str, rdtype: str, asking: Asking) -> _Reply:
        key = (name, rdtype, asking.server.shown if asking.server else "", asking.unchecked)
        flight = self._flights.get(key)
        if flight is None or (asking.fresh and flight.done()):
            flight = asyncio.create_task(self._fly(name, rdtype, asking), name=f"{rdtype} {name}")
            self._flights[key] = flight
        reply = await asyncio.shield(flight)
        self._log.waited_for(reply.request)
        return reply

    async def _fly(self, name: str, rdtype: str, asking: Asking) -> _Reply:
        """Ask one server and, if it fails, the next."""
        servers = (asking.server,) if asking.server else self._own[:2]
        request = self._log.begin(
            "DNS", name, address=servers[0].shown, path=rdtype, level=asking.level
        )
        reply = _Reply(server="", cause="no server to ask")
        trips = 1
        try:
            # One that never answered is asked last, or a dead first server slows every question.
            for server in sorted(servers, key=lambda one: self._server(one).dead):
                waits = self._waits(alone=len(servers) == 1)
                reply, trips = await self._ask(server, name, rdtype, waits, asking.unchecked)
                if reply.message and reply.message.rcode() not in (
                    dns.rcode.SERVFAIL,
                    dns.rcode.REFUSED,
                ):
                    break
        finally:
            said = reply.message and dns.rcode.to_text(reply.message.rcode())
            self._log.end(request, said or "unknown", address=reply.server, round_trips=trips)
        return replace(reply, request=request)

    def _waits(self, *, alone: bool) -> tuple[float, ...]:
        wait = self._options.dns_wait
        return (wait, wait * 2, wait * 3) if alone else (wait, wait * 2)

    async def _ask(
        self,
        nameserver: Nameserver,
        name: str,
        rdtype: str,
        waits: tuple[float, ...],
        unchecked: bool,
    ) -> tuple[_Reply, int]:
        """One server's reply and the round trips it took: over UDP, and TCP when truncated."""
        server = self._server(nameserver)
        trips = 1
        try:
            await asyncio.sleep(self._options.delay)
            message = await server.ask(name, rdtype, waits, unchecked=unchecked)
            if truncated(message):
                trips = 3
                await asyncio.sleep(self._options.delay * 2)
                message = await ask_over_tcp(
                    nameserver.to, name, rdtype, sum(waits), unchecked=unchecked
                )
        except NoAnswer as error:
            long = "the answer is too long for UDP, and " if trips > 1 else ""
            cause = f"{nameserver.shown} was asked for {rdtype} of {name}: {long}it {error}"
            return _Reply(server=nameserver.shown, cause=cause), trips
        return _Reply(server=nameserver.shown, message=message), trips

    def _server(self, nameserver: Nameserver) -> Server:
        if nameserver.to not in self._servers:
            self._servers[nameserver.to] = Server(nameserver.to)
        return self._servers[nameserver.to]

    def _unknown(
        self, walk: _Walk, server: str, cause: str, message: dns.message.Message | None = None
    ) -> Answer:
        return Answer(
            name=walk.name,
            rdtype=walk.rdtype,
            outcome="unknown",
            target=walk.here,
            chain=tuple(walk.chain),
            server=server,
            cause=cause,
            rcode=dns.rcode.to_text(message.rcode()) if message else "",
            authoritative=bool(message and message.flags & dns.flags.AA),
        )

    async def aclose(self) -> None:
        for flight in self._flights.values():
            flight.cancel()
        await asyncio.gather(*self._flights.values(), return_exceptions=True)
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        self._flights.clear()


def system_resolvers() -> tuple[Endpoint, ...]:
    """The servers this computer uses, at least one."""
    if RESOLV_CONF.is_file():
        lines = (line.split() for line in RESOLV_CONF.read_text("utf-8", "replace").splitlines())
        texts = [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]
    else:
        import dns.resolver  # reads the registry on Windows

        texts = [str(server) for server in dns.resolver.Resolver().nameservers]
    found = [endpoint for text in texts if (endpoint := _system_endpoint(text))]
    return tuple(found) or (Endpoint(ip="127.0.0.1", port=DNS_PORT),)


def _system_endpoint(text: str) -> Endpoint | None:
    try:
        return parse_endpoint(text)
    except BadOption:
        return None


def _not_askable(name: str, rdtype: str) -> str:
    try:
        dns.name.from_text(f"{name}.")
        dns.rdatatype.from_text(rdtype)
    except (dns.exception.DNSException, ValueError, UnicodeError):
        return f"{rdtype} of {name} is not a question that DNS knows"
    return ""


def _answer(
    walk: _Walk, server: str, message: dns.message.Message, found: dns.rrset.RRset | None
) -> Answer:
    gone = message.rcode() == dns.rcode.NXDOMAIN
    return Answer(
        name=walk.name,
        rdtype=walk.rdtype,
        outcome="ok" if found else "nxdomain" if gone else "nodata",
        target=walk.here,
        records=tuple(sorted({_shown(record) for record in found or ()}))[:MOST_RECORDS],
        ttl=int(found.ttl) if found else 0,
        chain=tuple(walk.chain),
        server=server,
        rcode=dns.rcode.to_text(message.rcode()),
        authoritative=bool(message.flags & dns.flags.AA),
    )


def _referred(message: dns.message.Message) -> tuple[str, ...]:
    """The servers that a referral names, sorted."""
    named = (r for r in message.authority if r.rdtype == dns.rdatatype.NS)
    return tuple(sorted({_host(rr.target) for found in named for rr in found}))[:MOST_RECORDS]


def _glue(message: dns.message.Message) -> tuple[tuple[str, str], ...]:
    named = (r for r in message.additional if r.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA))
    return tuple(sorted((_host(f.name), _shown(rr)) for f in named for rr in f))[:MOST_RECORDS]


def _said(server: str, what: str, walk: _Walk) -> str:
    return f"{server} was asked for {walk.rdtype} of {walk.here}: it answered {what}"


def _has(message: dns.message.Message, rdtype: str) -> bool:
    return any(r.rdtype == dns.rdatatype.from_text(rdtype) for r in message.authority)


def _host(name: dns.name.Name) -> str:
    return safe(name.to_text(omit_final_dot=True), one_line=True, limit=300).lower()


_NAMES = {
    dns.rdatatype.CNAME,
    dns.rdatatype.MX,
    dns.rdatatype.NS,
    dns.rdatatype.PTR,
    dns.rdatatype.SOA,
    dns.rdatatype.SRV,
}


def _shown(record: dns.rdata.Rdata) -> str:
    """A record's text: names without their final dot, TXT strings joined (RFC 7208, 3.3)."""
    if record.rdtype in (dns.rdatatype.TXT, dns.rdatatype.SPF):
        return safe(b"".join(record.strings), limit=RECORD_LENGTH)  # type: ignore[attr-defined]
    words = record.to_text().split(" ")
    text = " ".join(word if word == "." else word.removesuffix(".") for word in words)
    return safe(
        text.lower() if record.rdtype in _NAMES else text, one_line=True, limit=RECORD_LENGTH
    )
