"""BIMI: a logo beside the sender's name, for domains that let nobody forge them."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.lookup import Lookup, Reply
from launchready_tui.mailauth.tags import read_tags


@dataclass(frozen=True, slots=True)
class Published:
    """TXT at `default._bimi.`; a logo's address and its certificate, as far as it has them."""

    domain: str
    reply: Reply

    @property
    def record(self) -> str:
        return next((text for text in self.reply.records if is_bimi(text)), "")


def is_bimi(text: str) -> bool:
    return text.replace(" ", "").lower().startswith("v=bimi1")


async def fetch(lookup: Lookup, domain: str) -> Published:
    return Published(domain, await lookup(f"default._bimi.{domain}", "TXT"))


def audit(published: Published, *, enforced: bool) -> tuple[Flaw, ...]:
    """`enforced`: the DMARC policy that holds is quarantine or reject. No record is no flaw."""
    if not published.record:
        return ()
    at = f"default._bimi.{published.domain}"
    tags = read_tags(published.record)
    logo = tags.get("l") or ""
    if not enforced:
        observed = "there is a BIMI record, and DMARC does not enforce: no logo is shown"
        return (Flaw("bimi-no-effect", at, observed),)
    if not logo and tags.has("l"):
        return ()  # declines to publish a logo, on purpose
    if not logo.lower().startswith("https://"):
        observed = f"l={logo[:100]} is no https address"
        return (Flaw("bimi-no-effect", at, observed),)
    if not tags.get("a"):
        observed = "there is no mark certificate (a=): Gmail and Apple show no logo"
        return (Flaw("bimi-no-effect", at, observed, severity="info"),)
    return ()
