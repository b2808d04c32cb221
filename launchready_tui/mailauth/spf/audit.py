"""What is wrong with a published SPF record, judged over its whole tree.

`evaluate` says what a receiver would do with one mail; this says what the owner should mend, for
every mail there may be: the worst case, not the path of one sender.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.spf.evaluate import MOST_LOOKUPS, MOST_VOID
from launchready_tui.mailauth.spf.mend import mended
from launchready_tui.mailauth.spf.syntax import Mechanism, Record
from launchready_tui.mailauth.spf.tree import Branch, Node

NEAR_LIMIT = 9
WIDEST_FOUR, WIDEST_SIX = 16, 32
MOST_BYTES, MOST_ANSWER = 450, 512
_LOOKS_LIKE = re.compile(
    r"^[\s\"'\ufeff\u00ef\u00bb\u00bf\u201c\u201d]*v\s*=\s*spf1", re.IGNORECASE
)
_ALL_NETWORKS = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")


def audit(node: Node) -> tuple[Flaw, ...]:
    """Every flaw of a domain's record, worst first. What could not be asked is no flaw.

    A missing record is told only where DNS answered; see `Node.standing`.
    """
    if node.standing in ("none", "gone"):
        return tuple(_unrecognised(node)) or (_missing(node),)
    if node.standing == "several":
        return (_several(node),)
    if node.record is None:
        return ()
    flaws = [flaw for judge in _JUDGES for flaw in judge(node, node.record)]
    return tuple(_once(flaws))


def causes(node: Node) -> tuple[str, ...]:
    """What could not be asked anywhere in the tree."""
    return tuple(dict.fromkeys(cause for one in node.walk() for cause in one.causes if cause))


# ---------------------------------------------------------------- no record, or too many


def _missing(node: Node) -> Flaw:
    return Flaw("spf-missing", node.domain, f"{node.domain} has no SPF record")


def _unrecognised(node: Node) -> Iterable[Flaw]:
    for text in node.others:
        if _LOOKS_LIKE.match(text):
            yield Flaw(
                "spf-unrecognised",
                node.domain,
                f"“{_short(text)}” looks like SPF and is not: receivers want “v=spf1 ” first",
                publish=mended((text,)),
            )


def _several(node: Node) -> Flaw:
    return Flaw(
        "spf-multiple-records",
        node.domain,
        f"{len(node.texts)} records start with v=spf1, and receivers then use none",
        publish=mended(node.texts),
    )


# ---------------------------------------------------------------- grammar


def _syntax(node: Node, record: Record) -> Iterable[Flaw]:
    for problem in record.problems:
        term = record.text[problem.start : problem.end]
        glued = re.search(
            r"[a-z0-9](?:include:|ip4:|ip6:|exists:|redirect=|[~-]all)", term, re.IGNORECASE
        )
        yield Flaw(
            "spf-strings-glued" if glued else "spf-syntax",
            node.domain,
            f"“{_short(term)}”: {problem.why}",
            publish=mended(node.texts, node),
            params={"term": _short(term)},
        )


def _broken_targets(node: Node, record: Record) -> Iterable[Flaw]:
    for branch in (branch for one in node.walk() for branch in one.branches):
        why = _broken(branch)
        if why:
            yield Flaw(
                "spf-target-broken",
                node.domain,
                f"“{_short(branch.term)}” {why}",
                publish=mended(node.texts, node) if branch in node.branches else "",
                params={"term": _short(branch.term)},
            )


def _broken(branch: Branch) -> str:
    target = branch.node
    if target.standing in ("none", "gone"):
        missing = "does not exist" if target.standing == "gone" else "has no SPF record"
        return f"leads to {target.domain}, which {missing}"
    if target.standing == "several":
        return f"leads to {target.domain}, which has {len(target.texts)} SPF records"
    if target.standing == "loop":
        return f"leads back to {target.domain}"
    if target.record is not None and target.record.problems:
        first = target.record.problems[0]
        term = target.record.text[first.start : first.end]
        return f"leads to {target.domain}, whose record is broken at “{_short(term)}”"
    return ""


# ---------------------------------------------------------------- limits


def _lookups(node: Node, record: Record) -> Iterable[Flaw]:
    cost = node.cost
    if cost < NEAR_LIMIT:
        return
    own = [f"{b.term} {1 + b.node.cost}" for b in node.branches]
    parts = ", ".join(own) or "all in the record itself"
    told = f"{cost} lookups in the worst case, and {MOST_LOOKUPS} are allowed ({parts})"
    over = cost > MOST_LOOKUPS
    yield Flaw(
        "spf-too-many-lookups" if over else "spf-lookups-near-limit",
        node.domain,
        told,
        publish=mended(node.texts, node) if over else "",
        params={"count": str(cost)},
    )


def _voids(node: Node, record: Record) -> Iterable[Flaw]:
    if node.void_count > MOST_VOID:
        voids = [void for one in node.walk() for void in one.voids]
        yield Flaw(
            "spf-void-lookups",
            node.domain,
            f"{node.void_count} names lead nowhere, and {MOST_VOID} are allowed: {_listed(voids)}",
            publish=mended(node.texts, node),
        )


def _crowded(node: Node, record: Record) -> Iterable[Flaw]:
    for one in node.walk():
        for term in one.crowded:
            observed = f"“{_short(term)}” of {one.domain}: more than {MOST_LOOKUPS} mail servers"
            yield Flaw("spf-mx-over-10", node.domain, observed, params={"term": _short(term)})


def _size(node: Node, record: Record) -> Iterable[Flaw]:
    own = len(record.text)
    whole = own + sum(map(len, node.others))
    if own > MOST_BYTES:
        yield Flaw("spf-size", node.domain, f"the record has {own} bytes, {MOST_BYTES} is prudent")
    elif whole > MOST_ANSWER:
        count = len(node.others)
        observed = f"all TXT records together have {whole} bytes; {count} of them are not SPF"
        yield Flaw("spf-size", node.domain, observed)


# ---------------------------------------------------------------- who is let in


def _everyone(node: Node, record: Record) -> Iterable[Flaw]:
    opens = _opens(node)
    if opens:
        yield Flaw(
            "spf-allows-everyone",
            node.domain,
            f"{opens} lets every computer of the internet send for {node.domain}",
            publish=mended(node.texts, node) if opens.startswith("“") else "",
        )


def _opens(node: Node) -> str:
    """The term by which everybody passes, or an empty string."""
    if node.record is None:
        return ""
    for mechanism in node.record.mechanisms:
        if mechanism.qualifier == "+" and _is_everyone(mechanism):
            return f"“{mechanism.text}”"
        if mechanism.name == "all":
            return ""
        branch = next((b for b in node.branches if b.term == mechanism.text), None)
        if branch and mechanism.qualifier == "+" and _opens(branch.node):
            return f"{branch.term}, by {_opens(branch.node)} there,"
    redirect = next((branch for branch in node.branches if branch.redirect), None)
    if redirect and _opens(redirect.node):
        return f"{redirect.term}, by {_opens(redirect.node)} there,"
    return ""


def _is_everyone(mechanism: Mechanism) -> bool:
    if mechanism.name in ("a", "mx"):
        return mechanism.cidr4 == 0 or mechanism.cidr6 == 0
    return mechanism.name == "all" or mechanism.network in _ALL_NETWORKS


def _final_policy(node: Node, record: Record) -> Iterable[Flaw]:
    last = next((m for m in record.mechanisms if m.name == "all"), None)
    if last is None and record.redirect is None:
        observed = f"“{_short(record.text)}” has no “all” at its end, so others are not refused"
        yield Flaw("spf-no-final-policy", node.domain, observed, publish=mended(node.texts, node))
    elif last is not None and last.qualifier == "?":
        observed = "“?all” says nothing about everybody else"
        yield Flaw("spf-no-final-policy", node.domain, observed, publish=mended(node.texts, node))


def _ranges(node: Node, record: Record) -> Iterable[Flaw]:
    for mechanism in record.mechanisms:
        network = mechanism.network
        if network is None or mechanism.qualifier != "+" or network in _ALL_NETWORKS:
            continue
        widest = WIDEST_FOUR if network.version == 4 else WIDEST_SIX
        params = {"term": mechanism.text}
        if _is_private(network):
            observed = f"“{mechanism.text}” is a range that no mail server of the internet has"
            yield Flaw("spf-private-range", node.domain, observed, params=params)
        elif network.prefixlen < widest:
            observed = f"“{mechanism.text}” lets {network.num_addresses:,} addresses send"
            yield Flaw("spf-range-too-wide", node.domain, observed, params=params)


def _is_private(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    shared = isinstance(network, ipaddress.IPv4Network) and network.subnet_of(_SHARED)
    return network.is_private or network.is_loopback or network.is_link_local or shared


# ---------------------------------------------------------------- what is better left out


def _style(node: Node, record: Record) -> Iterable[Flaw]:
    names = [mechanism.name for mechanism in record.mechanisms]
    better = mended(node.texts, node)
    if "ptr" in names or "%{p" in record.text.lower():
        observed = "the record asks for reverse names (ptr), which receivers may ignore"
        yield Flaw("spf-ptr", node.domain, observed, publish=better)
    if "all" in names:
        after = record.mechanisms[names.index("all") + 1 :]
        if after:
            observed = (
                f"{_listed([m.text for m in after])} stands behind “all” and is never reached"
            )
            yield Flaw("spf-terms-after-all", node.domain, observed, publish=better)
        if record.redirect is not None:
            observed = f"“{_short(record.redirect.text)}” is ignored beside “all”"
            yield Flaw("spf-redirect-ignored", node.domain, observed, publish=better)
    counted = Counter(mechanism.text.lower() for mechanism in record.mechanisms)
    twice = [text for text, count in counted.items() if count > 1]
    if twice:
        observed = f"{_listed(twice)} stands twice"
        yield Flaw("spf-duplicate-term", node.domain, observed, publish=better)


_JUDGES: tuple[Callable[[Node, Record], Iterable[Flaw]], ...] = (
    _syntax,
    _broken_targets,
    _everyone,
    _lookups,
    _voids,
    _final_policy,
    _ranges,
    _crowded,
    _style,
    _size,
)


def _once(flaws: Sequence[Flaw]) -> Iterable[Flaw]:
    seen: set[tuple[str, str, str]] = set()
    for flaw in flaws:
        key = (flaw.code, flaw.at, flaw.observed)
        if key not in seen:
            seen.add(key)
            yield flaw


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}…"


def _listed(values: Sequence[str], most: int = 4) -> str:
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(values[:most]) + more
