"""What stands beside an SPF record: an alias that hides it, forms nobody reads, a lost `exp`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.lookup import Lookup, Reply
from launchready_tui.mailauth.spf.macros import as_name
from launchready_tui.mailauth.spf.syntax import is_spf, parse
from launchready_tui.mailauth.spf.tree import Node


@dataclass(frozen=True, slots=True)
class Around:
    """`alias` is the CNAME at the name itself; `legacy` the answer for type 99, which RFC 7208
    took out of use; `explained` the TXT that `exp=` leads to, None where the record has no `exp`
    or macros stand in it.
    """

    domain: str
    texts: Reply
    alias: Reply
    legacy: Reply
    explained: Reply | None = None
    exp: str = ""


async def fetch(lookup: Lookup, domain: str) -> Around:
    """Ask for all of it at once, and for `exp` after the record that names it. Never raises."""
    texts, alias, legacy = await asyncio.gather(
        lookup(domain, "TXT"), lookup(domain, "CNAME"), lookup(domain, "SPF")
    )
    held = [text for text in texts.records if is_spf(text)]
    exp = parse(held[0]).exp if len(held) == 1 else None
    target = as_name(exp.value) if exp is not None else ""
    explained = await lookup(target, "TXT") if target and "%" not in target else None
    return Around(domain, texts, alias, legacy, explained, exp.text if exp else "")


def audit(around: Around) -> tuple[Flaw, ...]:
    """Every flaw. What could not be asked is none."""
    return tuple(_flaws(around))


def _flaws(around: Around) -> Iterable[Flaw]:
    held = [text for text in around.texts.records if is_spf(text)]
    if around.alias.records and not held and around.texts.status != "failed":
        target = around.alias.records[0]
        observed = f"{around.domain} is an alias (CNAME) for {target}, which has no SPF record"
        yield Flaw("spf-cname-hides-txt", around.domain, observed, params={"target": target})
    old = [text for text in around.texts.records if text.lower().startswith("spf2.0")]
    if around.legacy.records or old:
        what = f"“{old[0][:80]}”" if old else "a record of the type SPF (99)"
        observed = f"{what} stands at {around.domain}, which nobody reads any more"
        yield Flaw("spf-legacy", around.domain, observed)
    if around.explained is not None and around.explained.status in ("absent", "gone"):
        observed = f"“{around.exp}” leads to a name without a text"
        yield Flaw("spf-exp-missing", around.domain, observed, params={"term": around.exp})


def notes(node: Node) -> tuple[Flaw, ...]:
    """What is worth knowing of a record that is no fault."""
    if node.record is None:
        return ()
    said = []
    end = next((m.qualifier for m in node.record.mechanisms if m.name == "all"), "")
    if end == "~":
        said.append("~all is fine beside an enforcing DMARC policy: DMARC decides then")
    elif end == "-":
        said.append("-all refuses forwarded mail where nothing else speaks for it: DKIM has to")
    macros = [one.domain for one in node.walk() if one.standing == "macro"]
    if macros:
        said.append(f"{', '.join(macros[:3])} holds macros, so what it leads to was not followed")
    unread = sum(one.standing == "unread" for one in node.walk())
    if unread:
        said.append(f"{unread} further records were counted and not read")
    return (Flaw("spf-notes", node.domain, "; ".join(said)),) if said else ()
