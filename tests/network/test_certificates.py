"""Certificates are read without being believed, and without breaking on any of them."""

from __future__ import annotations

import datetime
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.network.certificates import MOST_CERTIFICATES, read_chain
from network.conftest import Opener
from servers.nginx import running_nginx
from servers.pki import DAY, Papers, Pki
from servers.processes import free_port

NOW = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)


def _der(papers: Papers) -> bytes:
    pem = papers.chain.read_text().split("-----END CERTIFICATE-----")[0]
    return ssl.PEM_cert_to_DER_cert(f"{pem}-----END CERTIFICATE-----\n")


def _made(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
    common_name: str = "app.test",
) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(255)
        .not_valid_before(NOW)
        .not_valid_after(NOW + 90 * DAY)
    )
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, algorithm).public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (rsa.generate_private_key(65537, 2048), "RSA 2048"),
        (ec.generate_private_key(ec.SECP384R1()), "EC secp384r1"),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
    ],
)
def test_the_kind_of_key_is_named(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, shown: str
) -> None:
    (read,), remark = read_chain((_made(key),))
    assert (read.key, read.serial, remark) == (shown, "ff", "")
    assert read.self_issued
    assert read.names == ()  # a common name is not a name a browser looks at
    assert (read.not_before, read.not_after) == (NOW, NOW + 90 * DAY)


def test_must_staple_and_a_missing_issuer_address_are_seen(pki: Pki) -> None:
    papers = pki.papers("a.test", begins=-DAY, ends=DAY, must_staple=True, issuer_url="")
    (read,), _ = read_chain((_der(papers),))
    assert (read.must_staple, read.names_issuer_url) == (True, False)


def test_an_escape_sequence_in_a_subject_is_made_visible() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    (read,), _ = read_chain((_made(key, "\x1b[31mred"),))
    assert "\x1b" not in repr(read)


def test_what_cannot_be_read_is_left_out_with_a_remark(pki: Pki) -> None:
    good = _der(pki.good("a.test"))
    read, remark = read_chain((b"nonsense", good, b""))
    assert (len(read), remark) == (1, "certificate 1, 3 cannot be read")


@given(st.data())
def test_a_certificate_with_wrong_bytes_is_read_or_left_out(data: st.DataObject) -> None:
    der = bytearray(_SAMPLE)
    for _ in range(data.draw(st.integers(1, 6))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    read_chain((bytes(der),))


_SAMPLE = _made(ec.generate_private_key(ec.SECP256R1()))


async def test_of_a_long_chain_ten_certificates_are_kept(pki: Pki, opened: Opener) -> None:
    papers = pki.good("app.test")
    leaf, intermediate = papers.chain.read_text().split("-----END CERTIFICATE-----\n")[:2]
    end = "-----END CERTIFICATE-----\n"
    papers.chain.write_text(leaf + end + (intermediate + end) * 15)
    port = free_port()
    server = f"""server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {papers.chain};
        ssl_certificate_key {papers.key}; }}"""
    with running_nginx(server):
        net = opened("app.test", ca=str(pki.ca), connect=(f"*:443=127.0.0.1:{port}",))
        seen = await net.handshake("app.test")
    assert (seen.outcome, len(seen.chain)) == ("trusted", MOST_CERTIFICATES)


def test_a_certificate_whose_key_is_of_an_unknown_kind_is_read_or_left_out() -> None:
    """The parser raises KeyError for some of these, and only in some releases."""
    for at in range(30, 60):
        read_chain((_SAMPLE[:at] + b"\x27" + _SAMPLE[at + 1 :],))
