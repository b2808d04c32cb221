"""The company's mail as it was left: the keys that its names publish, and the policy it serves.

What does not depend on a key stands in `zone.toml`.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from launchready_tui.demo import pki
from launchready_tui.demo.edge import Receive, Scope, Send, Text
from launchready_tui.demo.mail_letters import DOMAIN, SANDBOX, SERVICE
from launchready_tui.demo.mail_sink import MailService
from launchready_tui.given import Mail

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from launchready_tui.demo.company import Company
    from launchready_tui.demo.dns import Zone

CREW = f"crew.{DOMAIN}"
POLICY_HOST = f"mta-sts.{DOMAIN}"
GOOGLE_MX = "aspmx.l.google.com"
DESK_KEY = f"resend._domainkey.{DOMAIN}"
GOOGLE_KEY = f"google._domainkey.{DOMAIN}"
ROLL_OUT_DAYS = 3
"""How old the DMARC record is: it may still only watch."""
GOOD_BITS, SHORT_BITS = 2048, 1024

GIVEN = Mail(
    senders=("resend",),
    addresses=(f"desk@{DOMAIN}", f"crew@{CREW}"),
)
"""What the company says of its mail, as [mail] of the sprint has it."""


def plant(company: Company) -> MailService:
    """Make the keys, publish them, and serve the policy; gives what sends and takes mail."""
    zone = company.zone
    own, theirs = make_key(GOOD_BITS), make_key(GOOD_BITS)
    publish(zone, DESK_KEY, own, "v=DKIM1; k=rsa; t=y; ")
    publish(zone, GOOGLE_KEY, make_key(SHORT_BITS), "v=DKIM1; k=rsa; ")
    publish(zone, f"resend._domainkey.{SANDBOX}", theirs)
    publish(zone, f"crew-harbour.dkim.{SANDBOX}", theirs)
    publish(zone, f"lab._domainkey.{SERVICE}", theirs)
    service = MailService(
        company.folder / "inbox",
        lambda host: pki.server_context(company.papers.issue(host)),
        {DOMAIN: own, SANDBOX: theirs, SERVICE: theirs},
    )
    service.policy = policy(GOOGLE_MX, age=3_600)
    company.front.sites[POLICY_HOST] = _Policy(service)
    company.present(company.front, POLICY_HOST)
    return service


def policy(*hosts: str, age: int) -> str:
    """An MTA-STS policy for mail servers, kept for `age` seconds."""
    lines = ["version: STSv1", "mode: enforce", *(f"mx: {h}" for h in hosts), f"max_age: {age}"]
    return "\r\n".join([*lines, ""])


def hosts_of(service: MailService) -> tuple[str, ...]:
    """The mail servers that the policy names at the moment."""
    lines = service.policy.splitlines()
    return tuple(line.partition(": ")[2] for line in lines if line.startswith("mx: "))


def age_of(service: MailService) -> int:
    return int(service.policy.rpartition("max_age: ")[2])


class _Policy:
    """Serves the policy as it stands at the moment."""

    def __init__(self, service: MailService) -> None:
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/.well-known/mta-sts.txt":
            await Text(self.service.policy, kind="text/plain")(scope, receive, send)
        else:
            await Text("There is only a mail policy here.", status=404)(scope, receive, send)


# ---------------------------------------------------------------- keys


def make_key(bits: int) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(65537, bits)


def publish(zone: Zone, name: str, key: RSAPrivateKey, tags: str = "") -> None:
    """Put a DKIM key into DNS, in as many strings of 255 octets as it takes (RFC 1035)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    put_text(zone, name, f"{tags}p={base64.b64encode(der).decode()}")


def put_text(zone: Zone, name: str, text: str) -> None:
    pieces = (text[at : at + 255] for at in range(0, len(text), 255))
    zone.put(name, "TXT", 300, " ".join(f'"{piece}"' for piece in pieces))


def text_at(zone: Zone, name: str) -> str:
    """The one TXT record at a name, its strings joined."""
    found = zone.get(name, "TXT")
    return "".join(found.values[0].split('"')[1::2]) if found else ""
