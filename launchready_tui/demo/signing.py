"""DNSSEC for a zone of the lab: one key, and signatures made when somebody asks for them (DO).

An absence is proved by a small record made for the question, and a name that is not there is shown
as one without records, as some large providers do (RFC 9824).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dns.message import Message
    from dns.rrset import RRset

    from launchready_tui.demo.dns import Zone

ALGORITHM = "ECDSAP256SHA256"
KEY_FLAGS = 257
"""The key signs everything, itself included."""
KEY_TTL = 3600
DAY = 86_400


def begin(zone: Zone, origin: str) -> None:
    """Sign a zone with a new key, and promise it in the zone above (DS). Once is enough."""
    import dns.dnssec
    import dns.name
    import dns.rdatatype
    import dns.rrset
    from cryptography.hazmat.primitives.asymmetric import ec

    if origin in zone.signers:
        return
    private = ec.generate_private_key(ec.SECP256R1())
    key = dns.dnssec.make_dnskey(private.public_key(), ALGORITHM, KEY_FLAGS)
    apex = dns.name.from_text(origin)

    def signed(rrset: RRset) -> RRset:
        made = dns.dnssec.sign(rrset, private, apex, key, lifetime=DAY)
        return dns.rrset.from_rdata(rrset.name, rrset.ttl, made)

    promise = dns.dnssec.make_ds(apex, key, "SHA256")
    zone.signers = {**zone.signers, origin: signed}
    zone.put(origin, "DNSKEY", KEY_TTL, key.to_text())
    zone.put(origin, "DS", KEY_TTL, promise.to_text())


def sign(zone: Zone, response: Message, name: str, kind: str) -> None:
    """Add to an answer the signatures of what comes from signed zones."""
    import dns.rcode
    import dns.rdatatype
    import dns.rrset

    start = next((found for found in response.authority if found.rdtype == dns.rdatatype.SOA), None)
    absent = start is not None and _signer(zone, start)
    if start is not None and absent:
        end = response.answer[-1][0].target.to_text() if response.answer else f"{name}."
        types = " ".join(sorted({*zone.types_of(end.removesuffix(".")), "NSEC", "RRSIG"} - {kind}))
        proof = dns.rrset.from_text(end, start.ttl, "IN", "NSEC", f"\\000.{end} {types}")
        response.authority.append(proof)
        response.set_rcode(dns.rcode.NOERROR)
    for section in (response.answer, response.authority):
        for found in tuple(section):
            signer = _signer(zone, found)
            if signer:
                section.append(signer(found))


def _signer(zone: Zone, found: RRset) -> Callable[[RRset], RRset] | None:
    import dns.rdatatype

    owner = found.name.to_text(omit_final_dot=True)
    if found.rdtype == dns.rdatatype.DS:
        owner = owner.partition(".")[2]
    return zone.signers.get(zone.authority_of(owner).origin)
