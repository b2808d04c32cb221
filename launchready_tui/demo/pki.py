"""A throw-away certificate authority: a root, an intermediate, and leaves with real lifetimes.

Nobody trusts it but who is given `root.pem`. Leaves are made like a public authority's: 90 days,
an address where the issuer's certificate can be fetched, no OCSP. `Life` places today within them.
"""

from __future__ import annotations

import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

LIFETIME = timedelta(days=90)
ORGANISATION = "Harbour lab"


@dataclass(frozen=True, slots=True)
class Life:
    """How much of a certificate's lifetime is left: 1.0 is new, below 0 is expired."""

    left: float

    def around(self, now: datetime) -> tuple[datetime, datetime]:
        until = now + self.left * LIFETIME
        return until - LIFETIME, until


FRESH = Life(0.8)


@dataclass(frozen=True, slots=True)
class Signer:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Chain:
    """What a server presents, leaf first, as a PEM file with its key."""

    pem: Path


class Authority:
    """Issues certificates for the lab and writes them to its folder."""

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.now = (now or datetime.now(UTC)).replace(microsecond=0)
        root = self._authority(f"{ORGANISATION} root", None, 3650)
        self._signer = self._authority(f"{ORGANISATION} R1", root, 1095)
        self.root = folder / "root.pem"
        self.root.write_bytes(_pem(root.certificate))

    def issue(self, *names: str, life: Life = FRESH, whole_chain: bool = True) -> Chain:
        """A certificate for host names, with the intermediate unless `whole_chain` is off."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509 import oid

        key = ec.generate_private_key(ec.SECP256R1())
        since, until = life.around(self.now)
        issuer = self._signer
        place = x509.UniformResourceIdentifier("http://pki.harbour-lab.test/r1.der")
        leaf = (
            x509.CertificateBuilder()
            .subject_name(_named(names[0]))
            .issuer_name(issuer.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(x509.ExtendedKeyUsage([oid.ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .add_extension(_signed_by(issuer.certificate), False)
            .add_extension(
                x509.AuthorityInformationAccess(
                    [x509.AccessDescription(oid.AuthorityInformationAccessOID.CA_ISSUERS, place)]
                ),
                False,
            )
            .sign(issuer.key, hashes.SHA256())
        )
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path = self.folder / f"{names[0]}-{leaf.serial_number:x}.pem"
        path.touch(mode=0o600)
        path.write_bytes(secret + _pem(leaf) + (_pem(issuer.certificate) if whole_chain else b""))
        return Chain(path)

    def _authority(self, name: str, parent: Signer | None, days: int) -> Signer:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(parent.certificate.subject if parent else _named(name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - timedelta(days=365))
            .not_valid_after(self.now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(_may_sign(), True)
        )
        if parent:
            builder = builder.add_extension(_signed_by(parent.certificate), False)
        return Signer(builder.sign(parent.key if parent else key, hashes.SHA256()), key)


def server_context(chain: Chain) -> ssl.SSLContext:
    """What a host of today offers: TLS 1.2 and 1.3, and HTTP/2 on top."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    offer_http2(context)
    context.load_cert_chain(chain.pem)
    return context


def offer_http2(context: ssl.SSLContext) -> None:
    """Let clients choose HTTP/2; for the handshakes that come."""
    context.set_alpn_protocols(["h2", "http/1.1"])


def offer_http1_only(context: ssl.SSLContext) -> None:
    context.set_alpn_protocols(["http/1.1"])


def offer_old_versions(context: ssl.SSLContext) -> None:
    """Accept TLS 1.0 and 1.1 too, as servers did that nobody has touched for years."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is the point
        context.minimum_version = ssl.TLSVersion.TLSv1


def refuse_old_versions(context: ssl.SSLContext) -> None:
    """Back to TLS 1.2 and later; for the handshakes that come."""
    context.minimum_version = ssl.TLSVersion.TLSv1_2


def can_offer_old_versions() -> bool:
    """Whether this OpenSSL still completes a TLS 1.0 handshake: some builds leave it out."""
    if not ssl.HAS_TLSv1:
        return False
    try:
        offer_old_versions(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    except (ssl.SSLError, ValueError):
        return False
    return True


def _named(name: str) -> x509.Name:
    from cryptography import x509

    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
        ]
    )


def _signed_by(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    from cryptography import x509

    key = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key)


def _may_sign() -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)
