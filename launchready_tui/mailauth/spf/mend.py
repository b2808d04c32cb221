"""The record to publish instead: what is plainly wrong mended, and nothing guessed beyond that.

Proposed only where the result is valid and asks DNS no more than ten times.
"""

from __future__ import annotations

import difflib
import re

from launchready_tui.mailauth.spf.evaluate import MOST_LOOKUPS
from launchready_tui.mailauth.spf.syntax import MECHANISMS, Record, parse
from launchready_tui.mailauth.spf.tree import Node

_QUOTES = re.compile("[\"'\u2018\u2019\u201c\u201d\u00ab\u00bb\ufeff]")
_GLUED = re.compile(r"(?<=[a-z0-9])(?=(?:include|exists|ip4|ip6):|redirect=)", re.IGNORECASE)
_GLUED_ALL = re.compile(r"(?<=[A-Za-z0-9])(?=[~?-]all\b)", re.IGNORECASE)
_MISSPELT = {"ipv4": "ip4", "ipv6": "ip6", "mx1": "mx", "spf": "include"}
_OPEN = ("all", "+all")


def mended(texts: tuple[str, ...], node: Node | None = None) -> str:
    """One valid record for what these say together, or an empty string where none can be made.

    Args:
        texts: Records as they are published, several merged in order.
        node: What the record's names lead to: terms that lead nowhere are left out.
    """
    terms: list[str] = []
    for text in texts:
        terms += _terms(text)
    dead = _dead(node) if node else set()
    once: dict[str, str] = {}
    for term in terms:
        once.setdefault(term.lower(), term)
    kept = [term for low, term in once.items() if low not in dead and _stays(term)]
    modifiers = [term for term in kept if "=" in term.partition(":")[0]]
    ends = [term for term in kept if _bare(term) == "all"]
    rest = [term for term in kept if term not in modifiers and term not in ends]
    end = _end(ends)
    if end:
        modifiers = [term for term in modifiers if not term.lower().startswith("redirect=")]
    elif not any(term.lower().startswith("redirect=") for term in modifiers):
        end = "~all"
    proposed = " ".join(filter(None, ["v=spf1", *rest, end, *modifiers]))
    return proposed if _sound(parse(proposed), node) else ""


def _terms(text: str) -> list[str]:
    """The terms of a record, with quotes, semicolons and misspelt names put right."""
    plain = _QUOTES.sub("", text).replace(";", " ").replace(",", " ").replace("\t", " ")
    plain = re.sub(r"^\s*v\s*=\s*spf1\b", "", plain, flags=re.IGNORECASE)
    plain = _GLUED_ALL.sub(" ", _GLUED.sub(" ", plain))
    plain = re.sub(r"([:=])\s+(?=\S)", r"\1", plain)
    return [_respelt(term) for term in plain.split()]


def _respelt(term: str) -> str:
    if not parse(f"v=spf1 {term}").problems:
        return term
    sign = term[0] if term[:1] in "+-~?" else ""
    name, mark, rest = re.match(
        r"([A-Za-z0-9_-]*)([:/=]?)(.*)", term[len(sign) :], re.DOTALL
    ).groups()  # type: ignore[union-attr]
    lower = name.lower()
    near = difflib.get_close_matches(lower, MECHANISMS, n=1, cutoff=0.75)
    better = _MISSPELT.get(lower) or (near[0] if near else lower)
    rest = rest.replace("//", "/") if better in ("ip4", "ip6") else rest
    return f"{sign}{better}{mark}{rest}"


def _stays(term: str) -> bool:
    """Whether a term may stay: it can be read, lets in some and not all, and asks for no reverse
    names (5.5)."""
    record = parse(f"v=spf1 {term}")
    everyone = any(m.network is not None and m.network.prefixlen == 0 for m in record.mechanisms)
    return not record.problems and not everyone and all(m.name != "ptr" for m in record.mechanisms)


def _end(ends: list[str]) -> str:
    """One `all`, which lets nobody in who was not named."""
    if not ends:
        return ""
    last = ends[-1].lower()
    return "~all" if last in _OPEN or last == "?all" else last


def _bare(term: str) -> str:
    return term.lstrip("+-~?").lower()


def _dead(node: Node) -> set[str]:
    """Terms that lead nowhere, in lower case."""
    dead = {
        branch.term.lower()
        for branch in node.branches
        if branch.node.standing in ("none", "gone", "loop")
    }
    void = {question.partition(" of ")[2] for question in node.voids}
    for mechanism in node.record.mechanisms if node.record else ():
        if mechanism.name in ("a", "mx", "exists") and (mechanism.domain or node.domain) in void:
            dead.add(mechanism.text.lower())
    return dead


def _sound(record: Record, node: Node | None) -> bool:
    if record.problems:
        return False
    costs = {b.term.lower(): b.node.cost for b in node.branches} if node else {}
    names = ("include", "a", "mx", "ptr", "exists")
    total = sum(1 + costs.get(m.text.lower(), 0) for m in record.mechanisms if m.name in names) + (
        1 + costs.get(record.redirect.text.lower(), 0) if record.redirect else 0
    )
    return total <= MOST_LOOKUPS
