"""The mail of acme.test as the examples show it: a zone in memory, audited as a run does it.

`mail(zone, …)` gives every fact of mail at once. `GOOD` sends by Google for its people and by
Resend for the app; an example changes the one name it is about.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from cases.world import MOMENT, NOW, certificate
from launchready_tui.facts.mail import MailSender, setup_of
from launchready_tui.facts.mail_dkim import dkim_of
from launchready_tui.facts.mail_dmarc import DmarcAudit, dmarc_name
from launchready_tui.facts.mail_mx import MxAudit, mx_name
from launchready_tui.facts.mail_names import from_domains
from launchready_tui.facts.mail_senders import CodeAddress, MailAddresses
from launchready_tui.facts.mail_spf import spf_of
from launchready_tui.facts.mail_transport import MailTransport, transport_of
from launchready_tui.given import Mail, Target
from launchready_tui.mailauth.lookup import Reply
from launchready_tui.mailauth.mta_sts import Offered
from launchready_tui.model import Fact
from launchready_tui.network.seen import Greeting, Presented

DOMAIN = "acme.test"
Zone = Mapping[str, Mapping[str, Sequence[str]]]
FAILS = "FAILS"
"""As a type of a name: no question about it is answered. As a record: those of its type."""


def _spki(key: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_bytes(serialization.Encoding.DER, form)).decode()


_RSA = {bits: rsa.generate_private_key(65537, bits).public_key() for bits in (1024, 2048)}
KEY = f"v=DKIM1; k=rsa; p={_spki(_RSA[2048])}"
SHORT_KEY = f"v=DKIM1; k=rsa; p={_spki(_RSA[1024])}"
OTHER_KEY = f"p={_spki(rsa.generate_private_key(65537, 2048).public_key())}"
_RAW = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
ED_KEY = f"v=DKIM1; k=ed25519; p={base64.b64encode(_RAW).decode()}"

SPF = "v=spf1 include:_spf.google.com ~all"
DMARC = f"v=DMARC1; p=reject; rua=mailto:dmarc@{DOMAIN}; ruf=mailto:dmarc@{DOMAIN}"
STS = "version: STSv1\nmode: enforce\nmx: mx1.acme.test\nmx: mx2.acme.test\nmax_age: 604800\n"
GOOD: dict[str, dict[str, Sequence[str]]] = {
    DOMAIN: {
        "NS": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
        "A": ["192.0.2.80"],
        "MX": ["10 mx1.acme.test", "20 mx2.acme.test"],
        "TXT": [SPF, "site-verification=1"],
        "DS": ["1 13 2 aa"],
    },
    "mx1.acme.test": {"A": ["203.0.113.1"]},
    "mx2.acme.test": {"A": ["203.0.113.2"]},
    "1.113.0.203.in-addr.arpa": {"PTR": ["mx1.acme.test"]},
    "2.113.0.203.in-addr.arpa": {"PTR": ["mx2.acme.test"]},
    "_spf.google.com": {"TXT": ["v=spf1 ip4:35.190.247.0/24 ~all"]},
    "amazonses.com": {"TXT": ["v=spf1 ip4:199.255.192.0/22 -all"]},
    "google._domainkey.acme.test": {"TXT": [KEY]},
    "resend._domainkey.acme.test": {"TXT": [OTHER_KEY]},
    "send.acme.test": {
        "MX": ["10 feedback-smtp.eu-west-1.amazonses.com"],
        "TXT": ["v=spf1 include:amazonses.com ~all"],
    },
    "_dmarc.acme.test": {"TXT": [DMARC]},
    "_mta-sts.acme.test": {"TXT": ["v=STSv1; id=20260101"]},
    "_smtp._tls.acme.test": {"TXT": ["v=TLSRPTv1; rua=mailto:tls@acme.test"]},
}
RESEND = MailSender(
    id="resend", label="Resend", how="code", where="the package resend in package.json"
)
PARKED: dict[str, dict[str, Sequence[str]]] = {
    DOMAIN: {"NS": ["ada.ns.cloudflare.com"], "MX": ["0 ."], "TXT": ["v=spf1 -all"]},
    "_dmarc.acme.test": {"TXT": ["v=DMARC1; p=reject; rua=mailto:d@watch.example"]},
    "acme.test._report._dmarc.watch.example": {"TXT": ["v=DMARC1"]},
    "watch.example": {"MX": ["10 mx.watch.example"]},
}
STARTTLS = tuple(
    Greeting(
        host=host,
        outcome="trusted",
        version="TLSv1.3",
        chain=(certificate(host),),
        shown=(
            Presented(
                certificate="a1" * 32,
                key="b2" * 32,
                certificate_512="c3" * 64,
                key_512="d4" * 64,
            ),
        ),
    )
    for host in ("mx1.acme.test", "mx2.acme.test")
)


def zone(changes: Mapping[str, Mapping[str, Sequence[str]] | None], base: Zone = GOOD) -> Zone:
    """The usual zone with names replaced, type by type; None takes a name away."""
    held: dict[str, dict[str, Sequence[str]]] = {name: dict(v) for name, v in base.items()}
    for name, types in changes.items():
        if types is None:
            held.pop(name, None)
        else:
            held[name] = {**held.get(name, {}), **types}
    return held


def spf(text: str, *more: str) -> Zone:
    """The usual zone with other TXT records at the domain."""
    return zone({DOMAIN: {"TXT": [text, *more]}})


def mail(
    held: Zone = GOOD,
    *,
    given: Mail | None = None,
    code: Sequence[MailSender] = (RESEND,),
    found: Sequence[tuple[str, str]] = (),
    traits: dict[str, bool] | None = None,
    offered: Offered | None = None,
    greetings: Sequence[Greeting] = STARTTLS,
) -> tuple[Fact, ...]:
    """Every fact of mail, as a run would gather it from such a zone."""
    told = given or Mail(addresses=(f"hello@{DOMAIN}",))
    target = Target(domain=DOMAIN, mail=told, traits=traits or {})
    addresses = MailAddresses(
        addresses=tuple(
            CodeAddress(address=a, domain=a.rpartition("@")[2], where=where) for a, where in found
        )
    )
    return (
        target,
        MOMENT,
        addresses,
        *asyncio.run(_gathered(held, target, code, offered, greetings)),
    )


async def _gathered(
    held: Zone,
    target: Target,
    code: Sequence[MailSender],
    offered: Offered | None,
    greetings: Sequence[Greeting],
) -> tuple[Fact, ...]:
    lookup = _lookup(held)
    domains = from_domains(target)

    async def offer() -> Offered:
        return Offered(text=STS) if offered is None else offered

    async def greet(host: str) -> Greeting:
        far = Greeting(host=host, outcome="blocked", cause=f"{host} is not in the authorised scope")
        return next((one for one in greetings if one.host == host), far)

    setup = await setup_of(lookup, target, code)
    return (
        setup,
        await spf_of(lookup, target),
        await dkim_of(lookup, target, setup),
        DmarcAudit(names=tuple([await dmarc_name(lookup, d) for d in domains])),
        MxAudit(names=tuple([await mx_name(lookup, d, target.mail.senders) for d in domains])),
        MailTransport(
            names=tuple([await transport_of(lookup, d, offer(), greet) for d in domains])
        ),
    )


def _lookup(held: Zone) -> Any:
    async def lookup(name: str, rdtype: str) -> Reply:
        here = name.lower().rstrip(".")
        for _ in range(10):
            types = held.get(here)
            if types is None:
                wild = held.get(f"*.{here.partition('.')[2]}")
                below = any(other.endswith(f".{here}") for other in held)
                if wild is None:
                    return Reply("absent" if below else "gone")
                types = wild
            if FAILS in types or FAILS in types.get(rdtype, ()):
                return Reply(
                    "failed", cause=f"192.0.2.53 was asked for {rdtype} of {name}: SERVFAIL"
                )
            if types.get(rdtype):
                return Reply("found", tuple(types[rdtype]))
            if "CNAME" not in types:
                return Reply("absent")
            here = types["CNAME"][0].lower().rstrip(".")
        return Reply("failed", cause=f"{name}: aliases lead in a circle")

    return lookup


def days_ago(days: int) -> date:
    return date.fromordinal(NOW.date().toordinal() - days)
