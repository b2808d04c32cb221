"""Name servers of the lab, over UDP and TCP, on loopback: a resolver, or one zone's own server.

The zone file holds the company's zone, those above it and of the platforms its names lead to, so
that the resolver has an answer for every name in the world and none is ever asked elsewhere. A
zone's own server answers for it alone, and sends on whoever asks below a cut. Records can be
changed while they run.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from launchready_tui.badfile import read_toml
from launchready_tui.demo import signing
from launchready_tui.model import Record
from launchready_tui.network.hosts import below

if TYPE_CHECKING:
    from dns.message import Message
    from dns.name import Name
    from dns.rrset import RRset

UDP_SIZE = 1232
"""What fits without fragments (DNS flag day 2020); more is truncated and asked again over TCP."""
CHAIN_LIMIT = 10
TCP_SECONDS = 10.0


class RecordSet(Record, frozen=True, kw_only=True):
    """All records of one name and type."""

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]


class Authority(Record, frozen=True, kw_only=True):
    """A zone's apex and its start of authority."""

    origin: str
    soa: str
    ttl: int = 3600
    handed_out: bool = False
    """Whether its servers send all of it to strangers (AXFR)."""


class Cut(Record, frozen=True, kw_only=True):
    """Where a zone ends: whom it names for what lies below, which may differ from what is there."""

    name: str
    servers: tuple[str, ...]


class ZoneFile(Record, frozen=True, kw_only=True):
    zone: tuple[Authority, ...]
    record: tuple[RecordSet, ...]
    cut: tuple[Cut, ...] = ()


class Zone:
    """What the name server knows. Each change replaces a whole value: readers need no lock."""

    def __init__(self, file: ZoneFile) -> None:
        self.authorities = {zone.origin: zone for zone in file.zone}
        self._records = {(record.name, record.type): record for record in file.record}
        self._cuts = {cut.name: cut for cut in file.cut}
        self.signers: dict[str, Callable[[RRset], RRset]] = {}
        """What signs the answers of a zone, by origin; empty while nothing is signed."""

    def get(self, name: str, type: str) -> RecordSet | None:
        return self._records.get((name, type))

    def put(self, name: str, type: str, ttl: int, *values: str) -> None:
        record = RecordSet(name=name, type=type, ttl=ttl, values=values)
        self._records = {**self._records, (name, type): record}

    def drop(self, name: str, type: str) -> None:
        self._records = {key: r for key, r in self._records.items() if key != (name, type)}

    def start(self, authority: Authority) -> None:
        """Change a zone's SOA, or who may have all of it."""
        self.authorities = {**self.authorities, authority.origin: authority}

    def delegate(self, name: str, *servers: str) -> None:
        """Name the servers of a zone in the zone above it; none takes the cut away."""
        kept = {cut: found for cut, found in self._cuts.items() if cut != name}
        self._cuts = {**kept, name: Cut(name=name, servers=servers)} if servers else kept

    def cut(self, name: str, origin: str) -> Cut | None:
        """The cut between a zone and a name below it."""
        while name != origin and name:
            if name in self._cuts:
                return self._cuts[name]
            name = name.partition(".")[2]
        return None

    def lost(self, name: str) -> bool:
        """Whether a name lies below a cut whose servers know nothing of it."""
        return self.cut(name, self.authority_of(name).origin) is not None

    def held_by(self, origin: str) -> tuple[RecordSet, ...]:
        """All records of a zone, without its SOA."""
        return tuple(
            record
            for record in self._records.values()
            if self.authority_of(record.name).origin == origin and record.type != "DS"
        )

    def types_of(self, name: str) -> tuple[str, ...]:
        start = ("SOA",) if name in self.authorities else ()
        return (*start, *(type for owner, type in self._records if owner == name))

    def exists(self, name: str) -> bool:
        """Whether a name is there, by itself or because something lies below it."""
        below = f".{name}" if name else ""
        return any(owner == name or owner.endswith(below) for owner, _ in self._records) or (
            name in self.authorities
        )

    def authority_of(self, name: str) -> Authority:
        """The closest zone a name lies in; the root is the last."""
        while name not in self.authorities:
            name = name.partition(".")[2]
        return self.authorities[name]

    def addresses(self) -> tuple[str, ...]:
        return tuple(
            value for r in self._records.values() if r.type in ("A", "AAAA") for value in r.values
        )


def read_zone(path: Path) -> Zone:
    return Zone(read_toml(path, ZoneFile))


def answer(
    zone: Zone, wire: bytes, *, origin: str | None = None, room: int = 65_535
) -> bytes | None:
    """The response to a question in wire form; None where the bytes deserve none.

    Args:
        zone: What is known.
        wire: The query.
        origin: The one zone to be authoritative for; None answers for all, as a resolver does.
        room: How long the response may be. A longer one is cut and marked as truncated.
    """
    import dns.exception
    import dns.flags
    import dns.message
    import dns.opcode
    import dns.rcode
    import dns.rdataclass
    import dns.rdatatype

    try:
        query = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return None
    if query.flags & dns.flags.QR:
        return None
    resolves = origin is None
    response = dns.message.make_response(query, recursion_available=resolves, our_payload=UDP_SIZE)
    if query.opcode() != dns.opcode.QUERY:
        response.set_rcode(dns.rcode.NOTIMP)
    elif len(query.question) != 1:
        response.set_rcode(dns.rcode.FORMERR)
    else:
        question = query.question[0]
        transfer = question.rdtype in (dns.rdatatype.AXFR, dns.rdatatype.IXFR)
        name = _text(question.name)
        kind = dns.rdatatype.to_text(question.rdtype)
        cut = zone.cut(name, origin) if origin is not None and below(name, origin) else None
        foreign = origin is not None and zone.authority_of(name).origin != origin
        whole = transfer and room > UDP_SIZE and origin == name and not foreign
        if whole and zone.authorities[name].handed_out:
            _hand_out(zone, response, name)
        elif transfer or (foreign and not cut) or question.rdclass != dns.rdataclass.IN:
            response.set_rcode(dns.rcode.REFUSED)
        elif cut:
            _send_on(zone, response, cut)
        elif origin is None and zone.lost(name):
            response.set_rcode(dns.rcode.SERVFAIL)
        else:
            _fill(zone, response, name, kind, origin)
            if query.ednsflags & dns.flags.DO:
                signing.sign(zone, response, name, kind)
    if query.edns >= 0:
        room = min(room, max(512, query.payload)) if room <= UDP_SIZE else room
    elif room <= UDP_SIZE:
        room = 512
    try:
        return response.to_wire(max_size=room)
    except dns.exception.TooBig:
        short = dns.message.make_response(query, recursion_available=resolves, our_payload=UDP_SIZE)
        short.flags |= dns.flags.TC
        return short.to_wire()


def _fill(zone: Zone, response: Message, name: str, kind: str, origin: str | None) -> None:
    """Follow aliases from the question; what is absent brings the zone's SOA (RFC 2308)."""
    import dns.flags
    import dns.rcode

    if origin is not None:
        response.flags |= dns.flags.AA
    for _ in range(CHAIN_LIMIT):
        found = zone.get(name, kind) or _start(zone, name, kind)
        alias = zone.get(name, "CNAME")
        if found or not alias:
            break
        response.answer.append(_rrset(alias))
        name = alias.values[0].lower().rstrip(".")
        if origin is not None and zone.authority_of(name).origin != origin:
            return
    else:
        response.set_rcode(dns.rcode.SERVFAIL)
        return
    if found:
        response.answer.append(_rrset(found))
        return
    if not zone.exists(name):
        response.set_rcode(dns.rcode.NXDOMAIN)
    above = name.partition(".")[2]  # a promise about a zone (DS) lies in the zone above it
    origin = zone.authority_of(above if kind == "DS" else name).origin
    if start := _start(zone, origin, "SOA"):
        response.authority.append(_rrset(start))


def _send_on(zone: Zone, response: Message, cut: Cut) -> None:
    """A referral: the servers of the zone below, with the addresses that lie in this one (glue)."""
    named = RecordSet(name=cut.name, type="NS", ttl=86400, values=cut.servers)
    response.authority.append(_rrset(named))
    origin = zone.authority_of(cut.name.partition(".")[2]).origin
    for server in cut.servers:
        host = server.removesuffix(".")
        home = zone.get(host, "A") if below(host, origin) else None
        if home:
            response.additional.append(_rrset(home))


def _hand_out(zone: Zone, response: Message, origin: str) -> None:
    """All of a zone, between its SOA and its SOA (RFC 5936)."""
    import dns.flags

    response.flags |= dns.flags.AA
    start = _start(zone, origin, "SOA")
    assert start is not None
    response.answer = [_rrset(r) for r in (start, *zone.held_by(origin), start)]


def _start(zone: Zone, name: str, kind: str) -> RecordSet | None:
    authority = zone.authorities.get(name)
    if kind != "SOA" or authority is None:
        return None
    return RecordSet(name=name, type="SOA", ttl=authority.ttl, values=(authority.soa,))


def _rrset(record: RecordSet) -> RRset:
    import dns.rrset

    return dns.rrset.from_text(f"{record.name}.", record.ttl, "IN", record.type, *record.values)


def _text(name: Name) -> str:
    return name.to_text(omit_final_dot=True).lower().removesuffix(".")


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone, origin: str | None) -> None:
        self.zone = zone
        self.origin = origin

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = answer(self.zone, data, origin=self.origin, room=UDP_SIZE)
        if reply:
            self.transport.sendto(reply, addr)


class NameServer:
    """Answers on one loopback port, UDP and TCP: for one origin, or as a resolver for all."""

    def __init__(self, zone: Zone, origin: str | None = None) -> None:
        self.zone = zone
        self.origin = origin
        self._stream_socket, self._datagram_socket = _bound_pair()
        self.port: int = self._stream_socket.getsockname()[1]

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self.zone, self.origin), sock=self._datagram_socket
        )
        self._tcp = await asyncio.start_server(self._stream, sock=self._stream_socket)

    def stop(self) -> None:
        self._udp.close()
        self._tcp.close()

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(TCP_SECONDS):
                while True:
                    (length,) = struct.unpack("!H", await reader.readexactly(2))
                    query = await reader.readexactly(length)
                    reply = answer(self.zone, query, origin=self.origin)
                    if not reply:
                        break
                    writer.write(struct.pack("!H", len(reply)) + reply)
                    await writer.drain()
        writer.close()


def _bound_pair() -> tuple[socket.socket, socket.socket]:
    """A stream and a datagram socket on the same free port."""
    for _ in range(20):
        stream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        stream.bind(("127.0.0.1", 0))
        datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            datagram.bind(stream.getsockname())
        except OSError:
            stream.close()
            datagram.close()
            continue
        return stream, datagram
    raise OSError("no port of 127.0.0.1 is free for both UDP and TCP")
