"""A throw-away certificate authority: papers that are in order, and papers that are not."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Papers:
    """What a server needs: the file of its certificate chain and the file of its key."""

    chain: Path
    key: Path


@dataclass(frozen=True)
class _Signer:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class Pki:
    """A root, an intermediate below it, and whatever is issued; every file lies in one folder.

    `ca` is the root's PEM file, for `--ca`.
    """

    def __init__(self, folder: Path, name: str = "Test") -> None:
        self.folder = folder
        self._name = name
        self._count = 0
        self._now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        self._root = self._authority(f"{name} Root", None)
        self._intermediate = self._authority(f"{name} Intermediate", self._root)
        self.ca = folder / f"{name.lower()}-root.pem"
        self.ca.write_bytes(_pem(self._root.certificate))

    def good(self, *names: str) -> Papers:
        """In order: valid for 60 more of its 90 days, with the intermediate."""
        return self.papers(*names, begins=-30 * DAY, ends=60 * DAY)

    def wrong_name(self) -> Papers:
        """In order, but issued to somebody else."""
        return self.good("somebody-else.test")

    def name_in_subject_only(self, name: str) -> Papers:
        """As it was done until 2017: browsers do not look there any more."""
        return self.papers("192.0.2.9", begins=-30 * DAY, ends=60 * DAY, subject=name)

    def expired(self, *names: str) -> Papers:
        """Ended yesterday."""
        return self.papers(*names, begins=-91 * DAY, ends=-1 * DAY)

    def not_yet_valid(self, *names: str) -> Papers:
        """Begins tomorrow."""
        return self.papers(*names, begins=DAY, ends=91 * DAY)

    def nearly_expired(self, *names: str) -> Papers:
        """Ends in three of its 90 days."""
        return self.papers(*names, begins=-87 * DAY, ends=3 * DAY)

    def without_intermediate(self, *names: str) -> Papers:
        """In order, but the server forgets to send the intermediate."""
        return self.papers(*names, begins=-30 * DAY, ends=60 * DAY, intermediate=False)

    def other_ca(self, *names: str) -> Papers:
        """Issued by an authority that nobody trusts."""
        return Pki(self.folder, f"{self._name} Other").good(*names)

    def self_signed(self, *names: str) -> Papers:
        """Issued by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(names[0])
        builder = self._builder(subject, subject, key, -30 * DAY, 60 * DAY)
        certificate = builder.add_extension(_alternative(names), critical=False)
        return self._written([certificate.sign(key, hashes.SHA256())], key)

    def papers(
        self,
        *names: str,
        begins: datetime.timedelta,
        ends: datetime.timedelta,
        intermediate: bool = True,
        issuer_url: str = "http://ca.test/intermediate.der",
        must_staple: bool = False,
        ocsp_url: str = "",
        subject: str = "",
    ) -> Papers:
        """Papers for any names, from and until any time relative to now."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self._intermediate.certificate
        named = _name(subject or names[0])
        builder = self._builder(named, issuer.subject, key, begins, ends)
        builder = builder.add_extension(_alternative(names), critical=False)
        told = (
            (AuthorityInformationAccessOID.CA_ISSUERS, issuer_url),
            (AuthorityInformationAccessOID.OCSP, ocsp_url),
        )
        access = [
            x509.AccessDescription(what, x509.UniformResourceIdentifier(url))
            for what, url in told
            if url
        ]
        if access:
            builder = builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
        if must_staple:
            feature = x509.TLSFeature([x509.TLSFeatureType.status_request])
            builder = builder.add_extension(feature, critical=False)
        leaf = builder.sign(self._intermediate.key, hashes.SHA256())
        return self._written([leaf, issuer] if intermediate else [leaf], key)

    def staple(self, papers: Papers) -> Path:
        """A fresh proof that some papers are valid, as a responder would sign it (OCSP)."""
        leaf = x509.load_pem_x509_certificate(papers.chain.read_bytes())
        issuer = self._intermediate
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=leaf,
            issuer=issuer.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.GOOD,
            this_update=self._now - DAY,
            next_update=self._now + DAY,
            revocation_time=None,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
        response = builder.sign(issuer.key, hashes.SHA256())
        file = papers.chain.with_suffix(".ocsp")
        file.write_bytes(response.public_bytes(serialization.Encoding.DER))
        return file

    def _authority(self, name: str, issuer: _Signer | None) -> _Signer:
        key = ec.generate_private_key(ec.SECP256R1())
        above = issuer.certificate.subject if issuer else _name(name)
        builder = self._builder(_name(name), above, key, -400 * DAY, 3650 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
        certificate = builder.sign(issuer.key if issuer else key, hashes.SHA256())
        return _Signer(certificate, key)

    def _builder(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        begins: datetime.timedelta,
        ends: datetime.timedelta,
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now + begins)
            .not_valid_after(self._now + ends)
        )

    def _written(self, chain: list[x509.Certificate], key: ec.EllipticCurvePrivateKey) -> Papers:
        self._count += 1
        stem = f"{self._name.lower().replace(' ', '-')}-{self._count}"
        papers = Papers(self.folder / f"{stem}.pem", self.folder / f"{stem}.key")
        papers.chain.write_bytes(b"".join(map(_pem, chain)))
        papers.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return papers


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _alternative(names: tuple[str, ...]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_general(name) for name in names])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
