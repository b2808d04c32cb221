"""The whole mail audit at 20 ms per DNS answer, against checkdmarc and against its longest chain.

Both ask the same knot through the same proxy, which holds every answer back. checkdmarc's DNSSEC
part is left out, because it takes no resolver: that is in its favour. Wanted: at least 8× faster,
at most 1.5× the chain; importing the library at most 1.2× of dnspython; 2,000 SPF evaluations a
second in memory.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import checkdmarc
import checkdmarc.bimi
import checkdmarc.mta_sts
import checkdmarc.smtp_tls_reporting
import dns.resolver

from cases.mail_world import KEY
from facts.mail_company import domain, txt
from launchready_tui.commands.mail import catalogue, target_of
from launchready_tui.facts.mail_mx import MxAudit
from launchready_tui.facts.mail_spf import SpfAudit
from launchready_tui.given import Told
from launchready_tui.mailauth.spf import evaluate
from launchready_tui.model import Fact, Level
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import Answered, Question, look
from mailauth.suite import cases
from servers.knot import running_knot

DELAY = 0.02
DOMAIN = "acme.test"
ROUNDS = 7
IMPORTS = 15
PARTS = ("authres", "bimi", "bounce", "dane", "dkim", "dmarc", "mta_sts", "mx", "spf")
LIBRARY = ", ".join(f"launchready_tui.mailauth.{part}" for part in PARTS)
MX = ("1 aspmx.l.google.com.", *(f"{n}0 alt{n}.aspmx.l.google.com." for n in range(1, 5)))
SPF = (
    "v=spf1 include:_spf.google.com include:mailgun.org include:spf.mtasv.net a:web.acme.test ~all"
)
ZONES = {
    "test": "\n".join(
        [
            domain(
                "acme",
                spf=(SPF,),
                dmarc=(f"v=DMARC1; p=reject; rua=mailto:d@{DOMAIN},mailto:acme@watch.test",),
                mx=MX,
                google=KEY,
                more=("web.acme A 192.0.2.3",),
            ),
            "watch MX 10 web.acme",
            txt("acme.test._report._dmarc.watch", "v=DMARC1"),
        ]
    ),
    "com": "\n".join(
        [
            txt(
                "_spf.google",
                "v=spf1 include:_netblocks.google.com include:_netblocks2.google.com"
                " include:_netblocks3.google.com ~all",
            ),
            *(
                txt(f"_netblocks{n}.google", f"v=spf1 ip4:35.{n or 1}.0.0/17 ~all")
                for n in ("", 2, 3)
            ),
            *(
                f"{record.split()[1].removesuffix('.com.')} A 142.250.1.{n}"
                for n, record in enumerate(MX)
            ),
        ]
    ),
    "org": "\n".join(
        [
            txt("mailgun", "v=spf1 include:_spf.mailgun.org include:_spf.eu.mailgun.org ~all"),
            txt("_spf.mailgun", "v=spf1 ip4:141.193.32.0/23 ~all"),
            txt("_spf.eu.mailgun", "v=spf1 ip4:141.193.34.0/23 ~all"),
        ]
    ),
    "net": txt("spf.mtasv", "v=spf1 ip4:50.31.156.96/27 ~all"),
    "in-addr.arpa": 'x TXT "x"',
}
"""A small company as there are many: mailboxes at Google, two services that send."""


class _Slow(asyncio.DatagramProtocol):
    """Hands each question on at once, and each answer back after the delay."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def datagram_received(self, data: bytes, client: Any) -> None:
        loop = asyncio.get_running_loop()
        asking = _Asking(data, lambda wire: loop.call_later(DELAY, self._send, wire, client))
        task = loop.create_task(
            loop.create_datagram_endpoint(lambda: asking, remote_addr=self.server)
        )
        asking.task = task

    def _send(self, wire: bytes, client: Any) -> None:
        self.transport.sendto(wire, client)


class _Asking(asyncio.DatagramProtocol):
    task: Any = None

    def __init__(self, data: bytes, answered: Any) -> None:
        self.data = data
        self.answered = answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.transport.sendto(self.data)

    def datagram_received(self, data: bytes, server: Any) -> None:
        self.answered(data)
        self.transport.close()


@contextmanager
def slowed(endpoint: str) -> Iterator[str]:
    """A proxy in front of a nameserver, in a process of its own."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, __file__, endpoint]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as proxy:
        assert proxy.stdout is not None
        try:
            yield f"127.0.0.1:{int(proxy.stdout.readline())}"
        finally:
            proxy.terminate()


async def proxy(endpoint: str) -> None:
    ip, _, port = endpoint.partition(":")
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Slow((ip, int(port))), local_addr=("127.0.0.1", 0)
    )
    print(transport.get_extra_info("sockname")[1], flush=True)
    await asyncio.Event().wait()


def longest_chain(facts: Mapping[str, Fact]) -> int:
    """Answers that had to follow one another: the deepest include, or what comes after an MX."""
    audit, servers = facts["SpfAudit"], facts["MxAudit"]
    assert isinstance(audit, SpfAudit) and isinstance(servers, MxAudit)
    includes = 1 + max(term.depth for name in audit.names for term in name.tree)
    return max(includes, 2 if servers.names[0].hosts else 1)


async def ours(resolver: str) -> tuple[float, Answered]:
    question = Question(
        items=catalogue().items,
        target=target_of(DOMAIN),
        told=Told(),
        scope=Scope(hosts=(), level=Level.PASSIVE, by="bench", named=()),
        options=Options(resolver=resolver),
    )
    start = time.perf_counter()
    answered = await look(question)
    took = time.perf_counter() - start
    assert not any(o.cause for id, o in answered.run.outcomes.items() if id != "mail.alignment")
    return took, answered


def theirs(resolver: str) -> float:
    ip, _, port = resolver.partition(":")
    made = dns.resolver.Resolver(configure=False)
    made.nameservers, made.port = [ip], int(port)
    checkdmarc.smtp.check_dnssec = lambda *given, **more: False
    start = time.perf_counter()
    checkdmarc.check_soa(DOMAIN, resolver=made)
    checkdmarc.check_ns(DOMAIN, resolver=made)
    checkdmarc.check_mta_sts(DOMAIN, resolver=made)
    checkdmarc.check_mx(DOMAIN, resolver=made)
    spf = checkdmarc.check_spf(DOMAIN, resolver=made)
    dmarc = checkdmarc.check_dmarc(DOMAIN, resolver=made)
    checkdmarc.check_smtp_tls_reporting(DOMAIN, resolver=made)
    checkdmarc.check_bimi(DOMAIN, parsed_dmarc_record=dmarc, resolver=made)
    took = time.perf_counter() - start
    assert spf["valid"] and dmarc["valid"], (spf, dmarc)
    return took


def import_seconds(module: str) -> float:
    """What an import costs beyond an interpreter that does nothing."""

    def once(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    pairs = [(once(f"import {module}"), once("pass")) for _ in range(IMPORTS)]
    return statistics.median(full for full, _ in pairs) - statistics.median(b for _, b in pairs)


async def evaluations() -> float:
    """Evaluations of the suite's cases a second, in memory."""
    held = list(cases())
    start = time.perf_counter()
    for case in held * 5:
        await evaluate(case.zone, ip=case.ip, sender=case.sender, helo=case.helo)
    return len(held) * 5 / (time.perf_counter() - start)


def main() -> None:
    with running_knot(ZONES) as knot, slowed(knot) as resolver:
        asyncio.run(ours(knot))
        theirs(knot)
        pairs = [(asyncio.run(ours(resolver)), theirs(resolver)) for _ in range(ROUNDS)]
    took = min(one for (one, _), _ in pairs)
    other = min(one for _, one in pairs)
    answered = pairs[0][0][1]
    chain = longest_chain(answered.run.facts) * DELAY
    print(
        f"{len(answered.requests)} questions in {took * 1000:.0f} ms,"
        f" checkdmarc {other * 1000:.0f} ms: {other / took:.1f}× faster (wanted ≥ 8×)"
    )
    print(f"longest chain {chain * 1000:.0f} ms: {took / chain:.2f}× (wanted ≤ 1.5×)")
    library, dnspython = import_seconds(LIBRARY), import_seconds("dns.asyncresolver")
    print(
        f"import {library * 1000:.0f} ms, dnspython {dnspython * 1000:.0f} ms:"
        f" {library / dnspython:.2f}× (wanted ≤ 1.2×)"
    )
    rate = asyncio.run(evaluations())
    print(f"{rate:,.0f} SPF evaluations a second in memory (wanted ≥ 2,000)")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(proxy(sys.argv[1]))
    else:
        main()
