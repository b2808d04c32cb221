"""A domain's SPF record with everything it leads to, gathered as wide as it is deep.

Every name of a record is asked at once; only what stands inside another record waits for it. What
macros decide at the time of a mail cannot be followed, and is counted but not asked.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from launchready_tui.mailauth.lookup import Lookup, Reply
from launchready_tui.mailauth.spf.macros import as_name
from launchready_tui.mailauth.spf.syntax import COSTS_LOOKUP, Mechanism, Record, is_spf, parse

MOST_RECORDS = 60
"""Records of one tree; each further one is counted and left unread."""
MOST_DEPTH = 12
MOST_MAIL_HOSTS = 10

Standing = Literal["record", "none", "gone", "several", "failed", "macro", "loop", "unread"]


@dataclass(frozen=True, slots=True)
class Branch:
    """An include or a redirect, and the record it leads to."""

    term: str
    node: Node
    redirect: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One domain's record in the tree.

    `voids` are the questions of its own terms that brought nothing, as "A of name"; `causes` those
    that could not be asked; `crowded` the `mx` terms whose domain has more than ten mail servers.
    """

    domain: str
    standing: Standing
    texts: tuple[str, ...] = ()
    """Every TXT record at the name that is SPF."""
    others: tuple[str, ...] = ()
    """The TXT records that are not."""
    record: Record | None = None
    branches: tuple[Branch, ...] = ()
    voids: tuple[str, ...] = ()
    crowded: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def own_cost(self) -> int:
        """The terms of this record alone that count against the limit (RFC 7208, 4.6.4)."""
        if self.record is None:
            return 0
        terms = sum(mechanism.name in COSTS_LOOKUP for mechanism in self.record.mechanisms)
        return terms + (1 if follows_redirect(self.record) else 0)

    @property
    def cost(self) -> int:
        """The worst case: every term of the whole tree."""
        return self.own_cost + sum(branch.node.cost for branch in self.branches)

    @property
    def void_count(self) -> int:
        return len(self.voids) + sum(branch.node.void_count for branch in self.branches)

    def walk(self) -> tuple[Node, ...]:
        """This record and all below it, in the order they would be evaluated."""
        below = (node for branch in self.branches for node in branch.node.walk())
        return (self, *below)


def follows_redirect(record: Record) -> bool:
    """Whether `redirect` counts: not beside any `all` (6.1)."""
    return record.redirect is not None and all(m.name != "all" for m in record.mechanisms)


async def gather(lookup: Lookup, domain: str) -> Node:
    """The tree of a domain (lower case, A-labels). Never raises."""
    return await _Gathering(lookup).node(domain, ())


@dataclass(slots=True)
class _Gathering:
    lookup: Lookup
    read: int = 0
    replies: dict[tuple[str, str], asyncio.Task[Reply]] = field(default_factory=dict)

    async def node(self, domain: str, above: tuple[str, ...]) -> Node:
        if "%" in domain:
            return Node(domain, "macro")
        if domain in above:
            return Node(domain, "loop")
        self.read += 1
        if self.read > MOST_RECORDS or len(above) >= MOST_DEPTH:
            return Node(domain, "unread")
        reply = await self._ask(domain, "TXT")
        texts = tuple(text for text in reply.records if is_spf(text))
        others = tuple(text for text in reply.records if not is_spf(text))
        if reply.status == "failed":
            return Node(domain, "failed", causes=(reply.cause,))
        if len(texts) != 1:
            none: Standing = "gone" if reply.status == "gone" else "none"
            return Node(domain, "several" if texts else none, texts=texts, others=others)
        return await self._read(domain, parse(texts[0]), others, (*above, domain))

    async def _read(
        self, domain: str, record: Record, others: tuple[str, ...], above: tuple[str, ...]
    ) -> Node:
        includes = [m for m in record.mechanisms if m.name == "include"]
        asking = [m for m in record.mechanisms if m.name in ("a", "mx", "exists")]
        wanted = [(m.text, m.domain, False) for m in includes]
        if record.redirect is not None and follows_redirect(record):
            wanted.append((record.redirect.text, record.redirect.value, True))
        nodes, asked = await asyncio.gather(
            asyncio.gather(*(self.node(as_name(name).lower(), above) for _, name, _ in wanted)),
            asyncio.gather(*(self._own(m, domain) for m in asking)),
        )
        branches = zip(wanted, nodes, strict=True)
        return Node(
            domain=domain,
            standing="record",
            texts=(record.text,),
            others=others,
            record=record,
            branches=tuple(Branch(term, node, redirect) for (term, _, redirect), node in branches),
            voids=tuple(void for own in asked for void in own.voids),
            crowded=tuple(m.text for m, own in zip(asking, asked, strict=True) if own.crowded),
            causes=tuple(cause for own in asked for cause in own.causes),
        )

    async def _own(self, mechanism: Mechanism, domain: str) -> _Own:
        """What one term of the record would ask."""
        name = as_name(mechanism.domain).lower() or domain
        if "%" in name:
            return _Own()
        if mechanism.name == "mx":
            return await self._mail_hosts(name)
        if mechanism.name == "exists":
            return _own([(name, "A", await self._ask(name, "A"))])
        return await self._either(name)

    async def _either(self, name: str) -> _Own:
        """An `a` is void only for a client whose kind of address the name lacks: both are asked,
        and it counts where neither is there."""
        four, six = await asyncio.gather(self._ask(name, "A"), self._ask(name, "AAAA"))
        if four.records or six.records:
            return _Own()
        return _own([(name, "A", four)])

    async def _mail_hosts(self, name: str) -> _Own:
        reply = await self._ask(name, "MX")
        own = _own([(name, "MX", reply)])
        hosts = [record.partition(" ")[2].strip(". ") for record in reply.records]
        # An evaluation asks these one by one: their answers are at hand by then.
        await asyncio.gather(*(self._ask(h, "A") for h in hosts[:MOST_MAIL_HOSTS] if h))
        return _Own(own.voids, own.causes, crowded=len(reply.records) > MOST_MAIL_HOSTS)

    async def _ask(self, name: str, rdtype: str) -> Reply:
        key = (name, rdtype)
        if key not in self.replies:
            self.replies[key] = asyncio.ensure_future(_asked(self.lookup, name, rdtype))
        return await self.replies[key]


@dataclass(frozen=True, slots=True)
class _Own:
    voids: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    crowded: bool = False


async def _asked(lookup: Lookup, name: str, rdtype: str) -> Reply:
    labels = name.removesuffix(".").split(".")
    if not all(0 < len(label) <= 63 for label in labels):
        return Reply("gone")
    return await lookup(name, rdtype)


def _own(asked: list[tuple[str, str, Reply]]) -> _Own:
    return _Own(
        voids=tuple(f"{t} of {name}" for name, t, r in asked if r.status in ("absent", "gone")),
        causes=tuple(r.cause for _, _, r in asked if r.status == "failed"),
    )
