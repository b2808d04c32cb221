"""The SPF records of a domain's mail: each with its tree, and what receivers would say of it."""

from __future__ import annotations

import asyncio
import ipaddress

from launchready_tui.engine import fact
from launchready_tui.facts.mail_flaws import MailFlaw, causes_of, kept, shown
from launchready_tui.facts.mail_lookup import lookup_of
from launchready_tui.facts.mail_names import ReturnPath, from_domains, return_paths
from launchready_tui.given import Target
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.mailauth.spf import around, evaluate
from launchready_tui.mailauth.spf.audit import audit, causes
from launchready_tui.mailauth.spf.tree import Node, gather
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network

MOST_PATHS = 12
MOST_TERMS = 80


class SpfTerm(Record, frozen=True, kw_only=True):
    """One include or redirect: how deep it stands, where it leads, what it costs in lookups."""

    depth: int
    term: str
    domain: str
    standing: str
    cost: int


class SpfPath(Record, frozen=True, kw_only=True):
    """What a receiver says of a mail from one address: of a sender that was given, or the first
    one that a term of the record lets in.
    """

    by: str
    ip: str
    result: str
    lookups: int
    why: str = ""
    given: bool = False


class SpfName(Record, frozen=True, kw_only=True):
    """The record at one name, with what it leads to.

    `standing`: record, none, gone, several, failed. `bounces`: the name is a return-path only.
    """

    domain: str
    standing: str
    record: str = ""
    bounces: bool = False
    cost: int = 0
    voids: int = 0
    tree: tuple[SpfTerm, ...] = ()
    paths: tuple[SpfPath, ...] = ()
    flaws: tuple[MailFlaw, ...] = ()
    notes: tuple[MailFlaw, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def domains(self) -> tuple[str, ...]:
        """Every name whose record counts."""
        return tuple(term.domain for term in self.tree)


class SpfAudit(Fact, frozen=True, kw_only=True):
    """The names in From first, then those that bounces go to."""

    names: tuple[SpfName, ...]

    def of(self, domain: str) -> SpfName | None:
        return next((name for name in self.names if name.domain == domain), None)


@fact
async def spf_audit(net: Network, target: Target) -> SpfAudit:
    """Every tree at once; names that bounces go to are looked for beside the first."""
    with net.log.side_by_side():
        return await spf_of(lookup_of(net), target)


async def spf_of(lookup: Lookup, target: Target) -> SpfAudit:
    """The records of all names that mail is sent from. Never raises."""
    domains = from_domains(target)
    addresses = tuple(s for s in target.mail.senders if _is_address(s))

    async def behind(domain: str) -> list[SpfName]:
        paths = await return_paths(lookup, domain, target)
        looked = [path for path in paths if path.name not in domains]
        return list(await asyncio.gather(*(_bounced(lookup, path, addresses) for path in looked)))

    own, more = await asyncio.gather(
        asyncio.gather(*(spf_name(lookup, domain, addresses) for domain in domains)),
        asyncio.gather(*(behind(domain) for domain in domains)),
    )
    return SpfAudit(names=(*own, *(name for names in more for name in names)))


async def _bounced(lookup: Lookup, path: ReturnPath, addresses: tuple[str, ...]) -> SpfName:
    return await spf_name(lookup, path.name, addresses, bounces=True)


async def spf_name(
    lookup: Lookup, domain: str, addresses: tuple[str, ...] = (), *, bounces: bool = False
) -> SpfName:
    """The record of one name, judged. Never raises."""
    node, beside = await asyncio.gather(gather(lookup, domain), around.fetch(lookup, domain))
    paths = await _paths(lookup, domain, node, addresses)
    hidden = around.audit(beside)
    flaws = audit(node)
    if any(flaw.code == "spf-cname-hides-txt" for flaw in hidden):
        flaws = tuple(flaw for flaw in flaws if flaw.code != "spf-missing")
    return SpfName(
        domain=domain,
        standing=node.standing,
        record=shown(node.texts[0], 2_000) if node.texts else "",
        bounces=bounces,
        cost=node.cost,
        voids=node.void_count,
        tree=tuple(_terms(node, 1))[:MOST_TERMS],
        paths=paths,
        flaws=kept([*flaws, *hidden]),
        notes=kept(around.notes(node)),
        causes=causes_of(causes(node)),
    )


def _terms(node: Node, depth: int) -> list[SpfTerm]:
    found = []
    for branch in node.branches:
        one = SpfTerm(
            depth=depth,
            term=shown(branch.term),
            domain=shown(branch.node.domain),
            standing=branch.node.standing,
            cost=1 + branch.node.cost,
        )
        found += [one, *_terms(branch.node, depth + 1)]
    return found


# ---------------------------------------------------------------- what receivers would say


async def _paths(
    lookup: Lookup, domain: str, node: Node, addresses: tuple[str, ...]
) -> tuple[SpfPath, ...]:
    """Everything it asks was asked for the tree, so this costs no time."""
    if node.record is None:
        return ()
    tried = [(address, address, True) for address in addresses]
    for branch in node.branches:
        first = _first_address(branch.node)
        if first:
            tried.append((branch.term, first, False))
    sender = f"postmaster@{domain}"
    said = await asyncio.gather(
        *(evaluate(lookup, ip=ip, sender=sender) for _, ip, _ in tried[:MOST_PATHS])
    )
    return tuple(
        SpfPath(
            by=shown(by),
            ip=ip,
            result=one.result,
            lookups=one.lookups,
            why=shown(one.why),
            given=given,
        )
        for (by, ip, given), one in zip(tried, said, strict=False)
    )


def _first_address(node: Node) -> str:
    """The first address that a record lets in, IPv4 before IPv6."""
    networks = [
        mechanism.network
        for one in node.walk()
        for mechanism in (one.record.mechanisms if one.record else ())
        if mechanism.network is not None and mechanism.qualifier == "+"
    ]
    first = min(networks, key=lambda network: network.version, default=None)
    return str(first.network_address) if first is not None else ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
