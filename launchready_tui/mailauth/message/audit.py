"""What is wrong with a received message: who signed it, whom it names, where its links lead.

Judged is what was verified here. What a receiver wrote into it counts where that receiver is
believed, and only to keep silent: a copy that was changed on its way here proves no fault.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from launchready_tui.mailauth.dkim.verify import (
    BELOW_BARRED,
    EXPIRED,
    FROM_UNSIGNED,
    Verified,
)
from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.message.verify import Verification

Kind = Literal["", "invite", "reset", "notification", "bulk"]
MOST_NAMED = 5
SHORTEST_PARENT = 2
"""Labels of a domain that may stand for those below it."""

SANDBOXES = ("resend.dev", "mailtrap.io", "example.com", "example.org", "example.net")
FREE_MAIL = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
    "yahoo.com", "ymail.com", "aol.com", "icloud.com", "me.com", "gmx.de", "gmx.net", "web.de",
    "proton.me", "protonmail.com",
)  # fmt: skip
BUILT_IN = ("supabase.io", "supabase.co", "supabase.com", "firebaseapp.com", "auth0user.net")
"""Domains that login services send from until somebody gives them a mail service."""
_MAILGUN_SANDBOX = re.compile(r"sandbox[0-9a-f-]+\.mailgun\.org")
_TUNNELS = ("ngrok.io", "ngrok.app", "ngrok.dev", "ngrok-free.app", "ngrok-free.dev", "loca.lt",
            "trycloudflare.com")  # fmt: skip
_LOCAL = ("localhost", "local", "internal", "localdomain")


def _never(host: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a message is judged against.

    `hosts` are where the app lives; without any its own organisation stands in. `is_preview` tells
    hosts that are previews, never production.
    """

    kind: Kind = ""
    hosts: tuple[str, ...] = ()
    is_preview: Callable[[str], bool] = _never


def audit(said: Verification, around: Surroundings | None = None) -> tuple[Flaw, ...]:
    """Every flaw of a message. What could not be looked at is in `gaps`, never here."""
    where = around or Surroundings()
    return tuple(flaw for judge in _JUDGES for flaw in judge(said, where))


def gaps(said: Verification) -> tuple[str, ...]:
    """What could not be told of a message, with its cause."""
    return tuple(dict.fromkeys(_gaps(said)))


def ours(said: Verification, domain: str) -> bool:
    """Whether a domain is that of From, or one of the same organisation."""
    author = said.message.author
    if said.dmarc is not None:
        for one in said.dmarc.alignments:
            if one.domain == domain:
                return one.organisation == said.dmarc.organisation
    organisation = said.dmarc.organisation if said.dmarc else author
    return bool(author) and (_within(domain, organisation) or _within(author, domain))


def signed_by_own(said: Verification) -> bool:
    """Whether a signature of the sender's own organisation verified."""
    return any(one.result == "pass" and ours(said, one.domain) for one in said.dkim)


def aligned(said: Verification) -> bool | None:
    """Whether SPF or DKIM passed for the domain of From; None where that cannot be told.

    By the rules of its DMARC record, or relaxed where there is none.
    """
    if said.dmarc is not None and said.dmarc.result == "pass":
        return True
    if said.dmarc is not None and said.dmarc.result == "none":
        sent = said.spf is not None and said.spf.result == "pass"
        if signed_by_own(said) or (sent and ours(said, said.spf_domain)):
            return True
    return None if _could_still_pass(said) else False


def _could_still_pass(said: Verification) -> bool:
    """Whether something that was not seen here could have passed."""
    if said.dmarc is None or said.dmarc.result == "temperror":
        return True
    unseen = said.spf is None or said.spf.result == "temperror"
    altered = any(ours(said, one.domain) and _altered(said, one) for one in said.dkim)
    late = any(one.result == "temperror" and ours(said, one.domain) for one in said.dkim)
    return unseen or altered or late


def _altered(said: Verification, one: Verified) -> bool:
    """A signature that passed at the receiver and fails here: this copy was changed."""
    return one.result == "fail" and any(
        result.method == "dkim"
        and result.result == "pass"
        and _domain_of(result.properties) == one.domain
        for header in said.believed
        for result in header.results
    )


def _domain_of(properties: dict[str, str]) -> str:
    named = properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]
    return named.lower()


def _within(domain: str, parent: str) -> bool:
    if parent.count(".") + 1 < SHORTEST_PARENT:
        return domain == parent
    return domain == parent or domain.endswith(f".{parent}")


# ---------------------------------------------------------------- who sent it


def _from(said: Verification, around: Surroundings) -> Iterator[Flaw]:
    message = said.message
    headers = len(message.all("from"))
    addresses = list(dict.fromkeys(sender.address for sender in message.senders))
    if len(addresses) == 1 and headers == 1:
        return
    if not addresses:
        observed = "From names no address"
    else:
        named = ", ".join(addresses[:MOST_NAMED])
        observed = f"{headers} From headers name {len(addresses)} addresses: {named}"
    yield Flaw("mail-from-not-one", "From", observed)


def _sandbox(said: Verification, around: Surroundings) -> Iterator[Flaw]:
    author = said.message.author
    address = said.message.senders[0].address if said.message.senders else ""
    observed = f"From is {address}"
    if any(_within(author, domain) for domain in BUILT_IN):
        yield Flaw("builtin-mailer-in-production", author, observed)
    elif any(_within(author, d) for d in SANDBOXES) or _MAILGUN_SANDBOX.fullmatch(author):
        yield Flaw("dmarc-sandbox-from", author, f"{observed}, a test domain of a mail service")
    elif author in FREE_MAIL:
        yield Flaw("dmarc-sandbox-from", author, f"{observed}, a domain of private mailboxes")


def _return_path(said: Verification, around: Surroundings) -> Iterator[Flaw]:
    domain = said.spf_domain
    if domain and said.message.author and not ours(said, domain):
        observed = f"Return-Path is at {domain}, From at {said.message.author}"
        yield Flaw("mail-return-path-of-provider", domain, observed)


def _unsubscribe(said: Verification, around: Surroundings) -> Iterator[Flaw]:
    message = said.message
    if around.kind in ("invite", "reset"):
        return
    words = " ".join(message.all("precedence")).lower()
    bulk = around.kind == "bulk" or "bulk" in words or "list" in words or message.all("list-id")
    if bulk and not (message.unsubscribe and message.one_click):
        missing = "List-Unsubscribe-Post" if message.unsubscribe else "List-Unsubscribe"
        yield Flaw("mail-unsubscribe-missing", missing, f"a bulk mail without {missing}")


# ---------------------------------------------------------------- signatures


def _signatures(said: Verification, around: Surroundings) -> Iterator[Flaw]:
    for one in said.dkim:
        at = f"s={one.selector} d={one.domain}"
        if one.reason == FROM_UNSIGNED:
            yield Flaw("dkim-signature-weak", at, FROM_UNSIGNED, severity="blocker")
        elif one.reason == EXPIRED:
            yield Flaw("dkim-signature-weak", at, EXPIRED)
        elif one.reason == BELOW_BARRED:
            observed = f"i={one.identity} is below d={one.domain}, and the key says t=s"
            yield Flaw("dkim-subdomain-flag", at, observed)
        elif _fails(said, one):
            yield Flaw("dkim-signature-fails", at, one.reason)
        elif one.result == "pass" and one.partial:
            yield Flaw("dkim-signature-weak", at, "l= leaves a part of the text unsigned")


def _fails(said: Verification, one: Verified) -> bool:
    """Whether a signature of our own is broken, and no other of our own stands in for it."""
    return (
        one.result in ("fail", "permerror")
        and ours(said, one.domain)
        and not signed_by_own(said)
        and not _altered(said, one)
    )


def _own_signature(said: Verification, around: Surroundings) -> Iterator[Flaw]:
    author = said.message.author
    if not author or any(ours(said, one.domain) for one in said.dkim):
        return
    if said.dkim:
        domains = ", ".join(dict.fromkeys(one.domain for one in said.dkim))
        observed = f"signed by {domains} only, while From is at {author}"
    else:
        observed = "the message carries no DKIM signature"
    yield Flaw("dkim-not-own-domain", author, observed)


def _alignment(said: Verification, around: Surroundings) -> Iterator[Flaw]:
    if not said.message.author or aligned(said) is not False:
        return
    signed = [one.domain for one in said.dkim if one.result == "pass"]
    sent = f"{said.spf.result} for {said.spf_domain}" if said.spf else "not told"
    strict = said.dmarc is not None and any(
        one.mode == "s" and one.organisation == said.dmarc.organisation
        for one in said.dmarc.alignments
    )
    more = "; the DMARC record asks for equal names (strict)" if strict else ""
    observed = (
        f"From is at {said.message.author}; SPF is {sent}, DKIM passed for"
        f" {', '.join(dict.fromkeys(signed)) or 'nobody'}{more}"
    )
    yield Flaw("dmarc-alignment", said.message.author, observed)


# ---------------------------------------------------------------- links


def _links(said: Verification, around: Surroundings) -> Iterator[Flaw]:
    code = "reset-link-not-canonical"
    told: set[str] = set()
    for scheme, host in _destinations(said):
        own = _own_host(said, around, host)
        severity = ""
        if nowhere := _nowhere(host):
            observed = f"a link leads to {host}, {nowhere}"
        elif around.is_preview(host) and host not in around.hosts:
            observed = f"a link leads to {host}, which is a preview and not the app"
        elif scheme == "http" and own:
            observed, severity = f"a link leads to http://{host}, without encryption", "high"
        elif not scheme and around.hosts and around.kind in ("invite", "reset") and not own:
            observed, severity = f"a link hands people on to {host}, not to the app", "high"
        else:
            continue
        if host not in told:
            told.add(host)
            yield Flaw(code, host, observed, severity=severity)


def hidden_links(said: Verification, around: Surroundings) -> tuple[str, ...]:
    """Hosts that the links of an invite or a reset pass through, where none shows the app.

    Mail services wrap links to count clicks, and to open one would use it up.
    """
    if around.kind not in ("invite", "reset"):
        return ()
    hosts = tuple(dict.fromkeys(host for _, host in _destinations(said)))
    return () if any(_own_host(said, around, host) for host in hosts) else hosts


def _destinations(said: Verification) -> Iterator[tuple[str, str]]:
    """Scheme and host of every link; without a scheme those that are named inside of one."""
    for link in said.message.links:
        yield link.scheme, link.host
        for inner in link.leads_to:
            yield "", inner


def _own_host(said: Verification, around: Surroundings, host: str) -> bool:
    if around.hosts:
        return any(_within(host, own) for own in around.hosts)
    return ours(said, host)


def _nowhere(host: str) -> str:
    """Why a host exists for nobody else; empty where it may."""
    if host.rpartition(".")[2] in _LOCAL:
        return "which is a name on the developer's own computer or network"
    if any(_within(host, tunnel) for tunnel in _TUNNELS):
        return "a tunnel to somebody's computer"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    return "" if address.is_global else "an address that exists only on a private network"


# ---------------------------------------------------------------- what could not be told


def _gaps(said: Verification) -> Iterator[str]:
    if said.spf is None:
        yield (
            "SPF: the message does not say who handed it over (no Return-Path, or no Received"
            " with an address): take it as it was received, by “show original”"
        )
    elif said.spf.result == "temperror":
        yield f"SPF of {said.spf_domain}: {said.spf.why or 'no answer from DNS'}"
    for one in said.dkim:
        if one.result == "temperror":
            yield f"DKIM of {one.domain}: {one.reason}"
        elif _altered(said, one):
            yield (
                f"DKIM of {one.domain}: it passed at the receiver and fails here, so this copy was"
                " changed: save the message as a file instead of copying its text"
            )
    if said.dmarc is not None and said.dmarc.result == "temperror":
        yield f"DMARC of {said.dmarc.domain}: {said.dmarc.cause}"


_Judge = Callable[[Verification, Surroundings], Iterable[Flaw]]
_JUDGES: tuple[_Judge, ...] = (
    _from,
    _sandbox,
    _signatures,
    _own_signature,
    _alignment,
    _links,
    _return_path,
    _unsubscribe,
)
