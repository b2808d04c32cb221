"""TLS contexts: the same on every Python and every system.

"Trusted" means: OpenSSL builds a chain to Mozilla's roots (certifi) or to the person's `--ca`.
`ssl.create_default_context` is not used because 3.13 made it stricter than browsers are.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import ssl
import tempfile
import warnings
from pathlib import Path

import certifi

from launchready_tui.text import safe

NamedVersion = tuple[str, ssl.TLSVersion]
VERSIONS: tuple[NamedVersion, ...] = (
    ("TLSv1", ssl.TLSVersion.TLSv1),
    ("TLSv1.1", ssl.TLSVersion.TLSv1_1),
    ("TLSv1.2", ssl.TLSVersion.TLSv1_2),
    ("TLSv1.3", ssl.TLSVersion.TLSv1_3),
)
OLD = 2
"""How many of these nobody should speak any more."""


def verifying(ca: str = "", alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    """A context that checks chain, dates and name.

    Reading the roots takes longer than ten handshakes, so runs share it; nobody may change it.
    """
    return _verifying(ca, Path(ca).stat().st_mtime_ns if ca else 0, alpn)


@functools.lru_cache(maxsize=8)
def _verifying(ca: str, changed: int, alpn: tuple[str, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = False  # browsers read the alternative names alone
    context.load_verify_locations(certifi.where())
    if ca:
        context.load_verify_locations(ca)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


def looking(alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    """A context that takes any certificate, to see it. No request is ever sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


def only(version: ssl.TLSVersion, lowest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """A context that speaks exactly one version, or down to a lowest one, with every cipher this
    computer still has."""
    return _limited(looking(), version, lowest)


def _limited(
    context: ssl.SSLContext, version: ssl.TLSVersion, lowest: ssl.TLSVersion | None = None
) -> ssl.SSLContext:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are the point here
        with contextlib.suppress(ValueError):
            context.minimum_version = lowest or version
            context.maximum_version = version
    with contextlib.suppress(ssl.SSLError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


@functools.cache
def able(version: ssl.TLSVersion) -> bool:
    """Whether this computer's OpenSSL completes a handshake of this version, tried in memory.

    Systems switch old versions off by policy; what we cannot speak we cannot find missing.
    """
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _give_certificate(server)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        only(version).wrap_bio(to_client, to_server, server_hostname="self.test"),
        _limited(server, version).wrap_bio(to_server, to_client, server_side=True),
    ]
    done = [False, False]
    for _ in range(5):
        for at, side in enumerate(sides):
            try:
                side.do_handshake()
                done[at] = True
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return all(done)


_NOT_TLS = {
    "HTTPS_PROXY_REQUEST",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "UNEXPECTED_MESSAGE",
    "WRONG_VERSION_NUMBER",
}
_OTHER_VERSION = {"UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION"}


def says_no(error: ssl.SSLError) -> bool:
    """Whether the server refused the handshake: it sent an alert, or chose another version."""
    reason = (error.reason or "").upper()
    return "ALERT" in reason or reason in _OTHER_VERSION


def why(error: ssl.SSLError) -> str:
    """Why a handshake failed, in words."""
    reason = (error.reason or "").upper()
    if reason in _NOT_TLS:
        return "what answers there does not speak TLS"
    words = safe(reason.lower().replace("_", " "), one_line=True, limit=100)
    if says_no(error):
        return f"the server refused the handshake: {words}"
    return f"the handshake failed: {words or 'no reason was given'}"


def _give_certificate(context: ssl.SSLContext) -> None:
    """A throw-away self-signed certificate, made here so that none has to be kept."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "self.test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    handle, path = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        context.load_cert_chain(path)
    finally:
        Path(path).unlink()
