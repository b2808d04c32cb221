"""A zone of the suite behind a real socket: UDP, and TCP where an answer is too long for it."""

from __future__ import annotations

import asyncio
import contextlib
import socketserver
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from mailauth.suite import Zone
from servers.processes import free_port

LONGEST = 1_232


@contextlib.contextmanager
def serving(zone: Zone) -> Iterator[str]:
    """Answer for a zone until the block ends; yields "IP:PORT". What times out is SERVFAIL here."""
    port = free_port()

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, sock = self.request
            wire = _answer(zone, data).to_wire(max_size=65_535)
            if len(wire) > LONGEST:
                short = dns.message.make_response(dns.message.from_wire(data))
                short.flags |= dns.flags.TC
                wire = short.to_wire()
            sock.sendto(wire, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            length = int.from_bytes(self.rfile.read(2), "big")
            wire = _answer(zone, self.rfile.read(length)).to_wire(max_size=65_535)
            self.wfile.write(len(wire).to_bytes(2, "big") + wire)

    class TcpServer(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    servers = [
        socketserver.ThreadingUDPServer(("127.0.0.1", port), Udp),
        TcpServer(("127.0.0.1", port), Tcp),
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _answer(zone: Zone, wire: bytes) -> dns.message.Message:
    query = dns.message.from_wire(wire)
    response = dns.message.make_response(query)
    question = query.question[0]
    name = b".".join(question.name.labels).rstrip(b".").decode("latin-1")
    rdtype = dns.rdatatype.to_text(question.rdtype)
    reply = asyncio.run(zone(name, rdtype))
    if reply.status == "failed":
        response.set_rcode(dns.rcode.SERVFAIL)
    elif reply.status == "gone":
        response.set_rcode(dns.rcode.NXDOMAIN)
    soa = "ns.suite.test. host.suite.test. 1 3600 900 604800 60"
    if reply.status in ("gone", "absent"):
        response.authority.append(dns.rrset.from_text(".", 60, "IN", "SOA", soa))
    texts = [_shown(record, rdtype) for record in reply.records]
    if texts:
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", rdtype, *texts))
    return response


def _shown(record: str, rdtype: str) -> str:
    """A record in the form of a zone file."""
    if rdtype == "TXT":
        pieces = [record[at : at + 255] for at in range(0, len(record), 255)] or [""]
        return " ".join(f'"{"".join(map(_escaped, piece))}"' for piece in pieces)
    if rdtype == "MX":
        preference, _, host = record.partition(" ")
        return f"{preference} {host.rstrip('.') or ''}."
    return f"{record.rstrip('.')}." if rdtype in ("PTR", "CNAME") else record


def _escaped(character: str) -> str:
    return (
        character
        if character.isalnum() or character in " .:/-_=~?+{}%!"
        else f"\\{ord(character):03d}"
    )
