"""The lab's name servers, over UDP and TCP, on loopback: a resolver, and the company's own.

The zone file holds the company's zone, those of the platforms its names lead to, and the root, so
that the resolver has an answer for every name in the world and none is ever asked elsewhere. The
company's own server answers for its zone alone. Records can be changed while both run.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from pathlib import Path
from typing import TYPE_CHECKING, cast

from launchready_tui.badfile import read_toml
from launchready_tui.model import Record

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


class ZoneFile(Record, frozen=True, kw_only=True):
    zone: tuple[Authority, ...]
    record: tuple[RecordSet, ...]


class Zone:
    """What the name server knows. Each change replaces a whole value: readers need no lock."""

    def __init__(self, file: ZoneFile) -> None:
        self.authorities = {zone.origin: zone for zone in file.zone}
        self._records = {(record.name, record.type): record for record in file.record}

    def get(self, name: str, type: str) -> RecordSet | None:
        return self._records.get((name, type))

    def put(self, name: str, type: str, ttl: int, *values: str) -> None:
        record = RecordSet(name=name, type=type, ttl=ttl, values=values)
        self._records = {**self._records, (name, type): record}

    def drop(self, name: str, type: str) -> None:
        self._records = {key: r for key, r in self._records.items() if key != (name, type)}

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
        foreign = origin is not None and zone.authority_of(name).origin != origin
        if transfer or foreign or question.rdclass != dns.rdataclass.IN:
            response.set_rcode(dns.rcode.REFUSED)
        else:
            _fill(zone, response, name, dns.rdatatype.to_text(question.rdtype), origin)
    if query.edns >= 0:
        room = min(room, max(512, query.payload)) if room <= UDP_SIZE else room
    elif room <= UDP_SIZE:
        room = 512
    try:
        return response.to_wire(max_size=room)
    except dns.exception.TooBig:
        cut = dns.message.make_response(query, recursion_available=resolves, our_payload=UDP_SIZE)
        cut.flags |= dns.flags.TC
        return cut.to_wire()


def _fill(zone: Zone, response: Message, name: str, kind: str, origin: str | None) -> None:
    """Follow aliases from the question; what is absent brings the zone's SOA (RFC 2308)."""
    import dns.flags
    import dns.rcode
    import dns.rrset

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
    authority = zone.authority_of(name)
    response.authority.append(
        dns.rrset.from_text(f"{authority.origin}.", authority.ttl, "IN", "SOA", authority.soa)
    )


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
