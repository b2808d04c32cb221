"""Certificates read, never judged: trust is OpenSSL's word alone.

`cryptography` is strict and a server may present anything, so what cannot be read is counted
and left out.
"""

from __future__ import annotations

import hashlib
import ssl
import warnings
from typing import Any, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID

from launchready_tui.network.seen import Certificate
from launchready_tui.text import safe

MOST_CERTIFICATES = 10
MOST_BYTES = 65_536
MOST_NAMES = 200

E = TypeVar("E", bound=x509.ExtensionType)


def presented(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The chain a server sent, in its order, as DER; at most ten certificates and 64 kB.

    To be called right after the handshake: 3.13 forgets the chain at close.
    """
    # Public since 3.13; before that the same call exists on the object underneath (cpython#109109).
    inner: Any = tls if hasattr(tls, "get_unverified_chain") else tls._sslobj  # type: ignore[attr-defined]
    chain = inner.get_unverified_chain() or ()
    ders: list[bytes] = []
    for certificate in chain[:MOST_CERTIFICATES]:
        der = certificate if isinstance(certificate, bytes) else _der(certificate)
        if sum(map(len, ders)) + len(der) > MOST_BYTES:
            break
        ders.append(der)
    return tuple(ders)


def _der(certificate: Any) -> bytes:
    der: bytes = ssl.PEM_cert_to_DER_cert(certificate.public_bytes())
    return der


def read_chain(ders: tuple[bytes, ...]) -> tuple[tuple[Certificate, ...], str]:
    """The certificates that can be read, and a remark about those that cannot."""
    read = tuple(map(_read, ders))
    broken = [number for number, one in enumerate(read, start=1) if one is None]
    remark = f"certificate {', '.join(map(str, broken))} cannot be read" if broken else ""
    return tuple(one for one in read if one is not None), remark


def _read(der: bytes) -> Certificate | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks about odd serial numbers go to nobody
            found = x509.load_der_x509_certificate(der)
            return Certificate(
                subject=_line(found.subject.rfc4514_string()),
                issuer=_line(found.issuer.rfc4514_string()),
                names=_names(found),
                not_before=found.not_valid_before_utc,
                not_after=found.not_valid_after_utc,
                serial=f"{found.serial_number:x}",
                sha256=hashlib.sha256(der).hexdigest(),
                key=_key(found),
                self_issued=found.subject == found.issuer,
                names_issuer_url=_tells(AuthorityInformationAccessOID.CA_ISSUERS, found),
                must_staple=_must_staple(found),
                names_ocsp=_tells(AuthorityInformationAccessOID.OCSP, found),
            )
    except (ValueError, TypeError, OverflowError, LookupError):
        return None


def _names(found: x509.Certificate) -> tuple[str, ...]:
    """DNS names and addresses of the subject alternative name, the only ones browsers look at."""
    extension = _extension(found, x509.SubjectAlternativeName)
    if extension is None:
        return ()
    names = [
        *extension.get_values_for_type(x509.DNSName),
        *map(str, extension.get_values_for_type(x509.IPAddress)),
    ]
    return tuple(_line(name).lower() for name in names[:MOST_NAMES])


def _tells(method: x509.ObjectIdentifier, found: x509.Certificate) -> bool:
    """Whether a certificate says where something about it can be fetched (AIA)."""
    extension = _extension(found, x509.AuthorityInformationAccess)
    return extension is not None and any(a.access_method == method for a in extension)


def _must_staple(found: x509.Certificate) -> bool:
    extension = _extension(found, x509.TLSFeature)
    return extension is not None and x509.TLSFeatureType.status_request in extension


def _extension(found: x509.Certificate, kind: type[E]) -> E | None:
    try:
        return found.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None


def _key(found: x509.Certificate) -> str:
    try:
        key = found.public_key()
    except (UnsupportedAlgorithm, ValueError, TypeError):
        return "unknown"
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.name}"
        case dsa.DSAPublicKey():
            return f"DSA {key.key_size}"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
    return "unknown"


def _line(text: str) -> str:
    return safe(text, one_line=True, limit=300)
