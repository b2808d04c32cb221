"""`launchready mail spf` and `mail dmarc`: what a receiver works out, asked by itself."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from launchready_tui.commands.door import options_of
from launchready_tui.commands.output import emit
from launchready_tui.commands.refusal import Refused
from launchready_tui.text import plural, safe

if TYPE_CHECKING:
    from launchready_tui.mailauth.dmarc import Dmarc
    from launchready_tui.mailauth.lookup import Lookup
    from launchready_tui.mailauth.spf import Evaluation

T = TypeVar("T")
ANSWERED, NOT_KNOWN = 0, 3

_RESOLVER = click.option(
    "--resolver",
    metavar="IP:PORT",
    default="",
    help="Ask this DNS server instead of the system's.",
)
_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)

SPF_EPILOG = """\b
Examples:
  launchready mail spf --ip 192.0.2.7 --sender bounce@send.acme.com
  launchready mail spf --ip 2001:db8::7 --sender a@acme.com --format json
  launchready mail spf --ip 192.0.2.7 --sender "" --helo mail.acme.com

--sender is the address of MAIL FROM (Return-Path), not that of From; empty as
of a bounce, the HELO name is asked for. Only DNS is asked (RFC 7208).

\b
JSON: {result, explanation, term, at, lookups, voids, why}

\b
Exit codes:
  0  there is a result, whichever it is
  2  usage
  3  DNS failed on the way (temperror)"""

DMARC_EPILOG = """\b
Examples:
  launchready mail dmarc --from acme.com
  launchready mail dmarc --from news.acme.com --spf send.acme.com --dkim acme.com
  launchready mail dmarc --from acme.com --format json

--spf and --dkim name domains that passed: of Return-Path, and of d= in a
signature. Only DNS is asked (RFC 9989).

\b
JSON: {result, record, record_domain, queried, policy, aligned, alignments,
       organisation, exists, cause}

\b
Exit codes:
  0  there is a result, whichever it is
  2  usage
  3  DNS failed on the way (temperror)"""


@click.command("spf", epilog=SPF_EPILOG)
@click.option("--ip", metavar="IP", required=True, help="The address that sends.")
@click.option("--sender", metavar="ADDRESS", required=True, help="MAIL FROM; may be empty.")
@click.option("--helo", metavar="NAME", default="", help="The name the server gives.")
@_RESOLVER
@_FORMAT
def spf(ip: str, sender: str, helo: str, resolver: str, form: str) -> int:
    """What receivers say of IP that sends a mail of ADDRESS."""
    from launchready_tui.mailauth.spf import evaluate

    try:
        ipaddress.ip_address(ip)
    except ValueError:
        raise Refused(f"--ip {safe(ip, one_line=True, limit=80)}: this is no IP address.") from None
    if not sender and not helo:
        raise Refused("An empty --sender is that of a bounce: it needs --helo.")
    address = sender if "@" in sender or not sender else f"postmaster@{sender}"

    def ask(lookup: Lookup) -> Awaitable[Evaluation]:
        return evaluate(lookup, ip=ip, sender=address, helo=helo)

    found = _asked(resolver, ask)
    names = ("result", "explanation", "term", "at", "lookups", "voids", "why")
    told = {name: _clean(getattr(found, name)) for name in names}
    emit(_json(told) if form == "json" else _spf_text(told), None)
    return NOT_KNOWN if found.result == "temperror" else ANSWERED


@click.command("dmarc", epilog=DMARC_EPILOG)
@click.option("--from", "author", metavar="DOMAIN", required=True, help="The domain in From.")
@click.option("--spf", "spf_domains", metavar="DOMAIN", multiple=True, help="It passed SPF.")
@click.option("--dkim", "dkim_domains", metavar="DOMAIN", multiple=True, help="It passed DKIM.")
@_RESOLVER
@_FORMAT
def dmarc(
    author: str,
    spf_domains: tuple[str, ...],
    dkim_domains: tuple[str, ...],
    resolver: str,
    form: str,
) -> int:
    """Which policy holds for DOMAIN, and whether what passed is aligned with it."""
    from launchready_tui.mailauth.dmarc import evaluate

    domain = author.rpartition("@")[2].strip()
    if not domain.strip("."):
        raise Refused("--from is empty: name a domain, such as acme.com.")

    def ask(lookup: Lookup) -> Awaitable[Dmarc]:
        return evaluate(lookup, domain, spf=spf_domains, dkim=dkim_domains)

    found = _asked(resolver, ask)
    told = _dmarc_told(found)
    emit(_json(told) if form == "json" else _dmarc_text(told), None)
    return NOT_KNOWN if found.result == "temperror" else ANSWERED


def _asked(resolver: str, ask: Callable[[Lookup], Awaitable[T]]) -> T:
    """The answer to a question that only needs DNS."""
    from launchready_tui.facts.mail_lookup import lookup_of
    from launchready_tui.model import Level
    from launchready_tui.network import Scope, open_network

    options = options_of(resolver, "", ())
    nowhere = Scope(hosts=(), level=Level.PASSIVE, by="the command line", named=())

    async def asked() -> T:
        async with open_network(nowhere, options) as net:
            return await ask(lookup_of(net))

    return asyncio.run(asked())


def _dmarc_told(found: Dmarc) -> dict[str, Any]:
    held = found.record
    return {
        "result": found.result,
        "record": _clean(held.record.text) if held else None,
        "record_domain": held.domain if held else None,
        "queried": [name.removeprefix("_dmarc.") for name in found.queried],
        "policy": found.policy,
        "aligned": found.aligned,
        "alignments": [
            {
                "by": one.by,
                "domain": _clean(one.domain),
                "mode": {"r": "relaxed", "s": "strict"}[one.mode],
                "aligned": one.aligned,
                "organisation": _clean(one.organisation),
            }
            for one in found.alignments
        ],
        "organisation": _clean(found.organisation),
        "exists": found.exists,
        "cause": _clean(found.cause),
    }


def _spf_text(told: dict[str, Any]) -> str:
    lines = [str(told["result"])]
    if told["term"]:
        lines.append(f"  by {told['term']} in the record of {told['at']}")
    lines += [f"  {told[name]}" for name in ("why", "explanation") if told[name]]
    cost = plural(told["lookups"], "lookup")
    lines.append(f"  {cost} of 10, {plural(told['voids'], 'void lookup')} of 2")
    return "\n".join(lines) + "\n"


def _dmarc_text(told: dict[str, Any]) -> str:
    lines = [str(told["result"])]
    if told["record"]:
        lines.append(f"  {told['record']}")
        lines.append(f"  at _dmarc.{told['record_domain']}, policy {told['policy'] or 'not known'}")
    lines.append(f"  organisation {told['organisation']}, asked: {', '.join(told['queried'])}")
    for one in told["alignments"]:
        word = "aligned" if one["aligned"] else "not aligned"
        lines.append(f"  {one['by']} {one['domain']}: {word} ({one['mode']})")
    if told["cause"]:
        lines.append(f"  {told['cause']}")
    return "\n".join(lines) + "\n"


def _clean(value: Any) -> Any:
    return safe(value, one_line=True, limit=4_000) if isinstance(value, str) else value


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"
