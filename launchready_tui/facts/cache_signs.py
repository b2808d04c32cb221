"""What the head of an answer says of caches: who may keep it, and whether it came out of one.

`Cache-Control` is RFC 9111, `CDN-Cache-Control` RFC 9213, `Cache-Status` RFC 9211; the rest are
the vendors' own words.
"""

from __future__ import annotations

import re

from launchready_tui.facts.volatile import GONE
from launchready_tui.model import Record
from launchready_tui.network.seen import Hop

FOR_EDGES = ("cloudflare-cdn-cache-control", "vercel-cdn-cache-control", "cdn-cache-control",
             "surrogate-control")  # fmt: skip
ELIGIBLE = ("hit", "miss", "expired", "revalidated", "stale", "updating")
"""Words of cf-cache-status for an answer that Cloudflare would keep, or has kept."""
KEPT = ("hit", "stale", "revalidated", "updating")
_TELL = ("x-cache", "x-cache-status", "x-proxy-cache", "x-vercel-cache", "x-nextjs-cache",
         "x-cache-lookup", "cdn-cache")  # fmt: skip
_HIT = re.compile(r"(?<![a-z])(?:hit|stale|prerender)(?![a-z])")
_STATUS_HIT = re.compile(r";\s{0,5}hit(?![=\w-])")
_MOST = 300


class CacheHead(Record, frozen=True, kw_only=True):
    """`control` and `edge_control` in lower case: for everybody, and for the edge alone.

    `kept` is the header that shows the answer came out of a shared cache, or empty; `edge` is
    Cloudflare's word. How old a copy is changes between two looks and is left out.
    """

    control: str = ""
    edge_control: str = ""
    kept: str = ""
    edge: str = ""
    vary: str = ""

    @property
    def eligible(self) -> bool:
        """Cloudflare would keep this answer, whatever it is."""
        return self.edge in ELIGIBLE

    @property
    def forbidden(self) -> bool:
        """Shared caches may not keep it."""
        told = directives(self.control)
        return not self.edge_control and ("no-store" in told or "private" in told)


def cache_head(hop: Hop) -> CacheHead:
    edge = hop.header("cf-cache-status").strip().lower()[:20]
    return CacheHead(
        control=", ".join(hop.all("cache-control")).lower()[:_MOST],
        edge_control=next((v.lower()[:_MOST] for n in FOR_EDGES if (v := hop.header(n))), ""),
        kept=_kept(hop, edge),
        edge=edge,
        vary=", ".join(hop.all("vary")).lower()[:_MOST],
    )


def _kept(hop: Hop, edge: str) -> str:
    if edge in KEPT:
        return f"cf-cache-status: {edge.upper()}"
    for name in _TELL:
        if _HIT.search(hop.header(name).lower()):
            return f"{name}: {hop.header(name)[:40]}"
    if _STATUS_HIT.search(hop.header("cache-status").lower()):
        return "cache-status with hit"
    age = hop.header("age")
    return "age above 0" if age == GONE or seconds_of(age) > 0 else ""


def directives(control: str) -> dict[str, str]:
    """Each directive with its argument; the first of a name counts."""
    found: dict[str, str] = {}
    for part in control.lower().split(","):
        name, _, value = part.strip().partition("=")
        if name:
            found.setdefault(name.strip(), value.strip().strip('"'))
    return found


def seconds_of(text: str) -> int:
    """A number of seconds; what is none counts as 0, and what is huge as ten years."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(int(text[:12]), 10 * 365 * 86_400)


def shared_for(head: CacheHead) -> int:
    """For how many seconds a shared cache may serve the answer without asking again."""
    if head.edge_control:
        return _shared(directives(head.edge_control))
    return _shared(directives(head.control))


def _shared(told: dict[str, str]) -> int:
    if "no-store" in told or "private" in told or "no-cache" in told:
        return 0
    return seconds_of(told.get("s-maxage", told.get("max-age", "")))


def browser_for(head: CacheHead) -> int:
    """For how many seconds a browser may show the answer without asking again."""
    told = directives(head.control)
    if "no-store" in told or "no-cache" in told:
        return 0
    return seconds_of(told.get("max-age", ""))


def open_to_caches(head: CacheHead) -> str:
    """The words that let a shared cache keep the answer; empty where none does."""
    if head.edge_control and _shared(directives(head.edge_control)):
        return f"edge: {head.edge_control}"
    told = directives(head.control)
    if "no-store" in told or "private" in told:
        return ""
    if "public" in told:
        return "public"
    if seconds_of(told.get("s-maxage", "")):
        return f"s-maxage={told['s-maxage']}"
    return "" if "no-cache" in told or not _shared(told) else f"max-age={told['max-age']}"
