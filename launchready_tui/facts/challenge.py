"""Whether a bot rule of the edge answered instead of the site, and whose it was.

Told by headers alone, and only by those that a vendor sends when it stepped in: most of them mark
every answer that passes through them, which says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from launchready_tui.network.seen import Hop

_HELD_BACK = re.compile(r" q\(0 -1 -1 -1\) r\(0 -1\) B\d{1,3}\(")
"""In Imperva's X-Iinfo: no server of the site was asked, and a rule was at work."""
PUZZLES = ("AWS WAF", "Cloudflare", "Vercel")
"""Vendors whose puzzle is put before every address; others may refuse a single path."""


def challenged(hop: Hop) -> str:
    """The vendor whose bot rule answered this request, or an empty string."""
    if hop.outcome != "ok":
        return ""
    if _says(hop, "cf-mitigated", "challenge"):
        return "Cloudflare"
    if _says(hop, "x-vercel-mitigated", "challenge", "deny"):
        return "Vercel"
    if _says(hop, "x-amzn-waf-action", "challenge", "captcha"):
        return "AWS WAF"
    if hop.status in (401, 403, 405, 429) and (
        hop.header("x-dd-b") or hop.header("x-datadome-cid") or _says(hop, "server", "datadome")
    ):
        return "DataDome"
    if hop.status in (403, 428) and _says(hop, "server", "akamaighost"):
        return "Akamai"
    if hop.status >= 400 and _HELD_BACK.search(hop.header("x-iinfo")):
        return "Imperva"
    if hop.status >= 400 and hop.header("x-sucuri-block"):
        return "Sucuri"
    return ""


def challenger(hops: Iterable[Hop]) -> str:
    """The first vendor on the way that stepped in, or an empty string."""
    return next(filter(None, map(challenged, hops)), "")


def _says(hop: Hop, name: str, *values: str) -> bool:
    return hop.header(name).strip().lower() in values
