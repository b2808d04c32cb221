"""A DNS server whose answers change while it is being asked: what a watcher waits for."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator, Mapping, Sequence

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

Said = str
""""TTL value[, value]", "gone" (NXDOMAIN), "servfail", "refused" or "silent"; after "unchecked "
only those hear it who ask without checking (CD)."""


class MovingDns:
    """What is answered to the n-th question for "TYPE name"; the last saying stays."""

    def __init__(
        self, sayings: Mapping[str, Said | Sequence[Said]], *, authoritative: bool
    ) -> None:
        self.sayings = {q: [s] if isinstance(s, str) else list(s) for q, s in sayings.items()}
        self.authoritative = authoritative
        self.asked: list[str] = []
        self.endpoint = ""
        self._lock = threading.Lock()

    def count(self, question: str) -> int:
        return self.asked.count(question)

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        name = query.question[0].name
        rdtype = query.question[0].rdtype
        question = f"{rdtype.name} {name.to_text(omit_final_dot=True).lower()}"
        with self._lock:
            said = self.sayings.get(question, [""])
            saying = said[min(self.asked.count(question), len(said) - 1)]
            self.asked.append(question)
        if saying.startswith("unchecked "):  # as one that checks signatures, and finds them wrong
            saying = saying.partition(" ")[2] if query.flags & dns.flags.CD else "servfail"
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA if self.authoritative else dns.flags.RA
        match saying:
            case "silent":
                return None
            case "gone" | "servfail" | "refused":
                answer.set_rcode(
                    dns.rcode.NXDOMAIN if saying == "gone" else dns.rcode.from_text(saying)
                )
            case "":
                answer.authority.append(
                    dns.rrset.from_text(name, 60, "IN", "SOA", "ns. admin. 1 1 1 1 1")
                )
            case _:
                ttl, _, values = saying.partition(" ")
                answer.answer.append(
                    dns.rrset.from_text(name, int(ttl), "IN", rdtype, *values.split(", "))
                )
        return answer.to_wire()


@contextlib.contextmanager
def moving_dns(
    sayings: Mapping[str, Said | Sequence[Said]],
    *,
    authoritative: bool = False,
    address: str = "127.0.0.1",
) -> Iterator[MovingDns]:
    """Serve until the block ends; a name that is not among the sayings has no records."""
    moving = MovingDns(sayings, authoritative=authoritative)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            answer = moving.answer(data)
            if answer is not None:
                socket.sendto(answer, self.client_address)

    with socketserver.ThreadingUDPServer((address, 0), Handler) as server:
        server.daemon_threads = True
        moving.endpoint = f"{address}:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield moving
        finally:
            server.shutdown()
            thread.join(5)
