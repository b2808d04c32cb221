"""Aliases that lead nowhere: whose name is it that they point to, and could anybody take it?"""

from __future__ import annotations

import asyncio

from launchready_tui.engine import fact
from launchready_tui.facts import tables
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.dns import DnsSetup, NameRecords, registrable
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.network import Network
from launchready_tui.network.seen import Answer


class DanglingName(Record, frozen=True, kw_only=True):
    """A name whose chain of aliases ends in a name that does not exist.

    `service` is the platform under whose ending that name would be; else `registrable` is the
    part that is bought, with what DNS says of it and of the ending above.
    """

    name: str
    target: str
    service: str = ""
    claimable: bool = False
    registrable: str = ""
    bought: Answer | None = None
    ending: Answer | None = None


class Dangling(Fact, frozen=True, kw_only=True):
    names: tuple[DanglingName, ...]


@fact
async def dangling(net: Network, dns: DnsSetup, more: CertificateNames | Unknown) -> Dangling:
    names = [*dns.names, *(more.names if isinstance(more, CertificateNames) else ())]
    lost = [name for name in names if _leads_nowhere(name)]
    with net.log.side_by_side():
        return Dangling(names=tuple(await asyncio.gather(*(_looked_up(net, n) for n in lost))))


def _leads_nowhere(name: NameRecords) -> bool:
    answers = (name.a, name.aaaa)
    return bool(name.chain) and all(answer.outcome == "nxdomain" for answer in answers)


async def _looked_up(net: Network, name: NameRecords) -> DanglingName:
    target = name.chain[-1]
    for row in tables.hosts():
        if tables.ends_with(target, row.suffixes):
            claimable = bool(tables.ends_with(target, row.claimable))
            return DanglingName(
                name=name.name, target=target, service=row.label, claimable=claimable
            )
    bought = registrable(target)
    ending = bought.partition(".")[2]
    answers = await asyncio.gather(net.lookup(bought, "SOA"), net.lookup(ending, "SOA"))
    return DanglingName(
        name=name.name,
        target=target,
        registrable=bought,
        bought=answers[0],
        ending=answers[1],
    )
