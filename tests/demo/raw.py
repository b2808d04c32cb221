"""The lab as anybody sees it: sockets, DNS questions and files, without any of our checks."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import warnings
from urllib.parse import urlencode, urlsplit

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
from cryptography import x509

from launchready_tui.demo import Lab

SECONDS = 5.0


def ask(lab: Lab, name: str, kind: str, *, tcp: bool = False) -> dns.message.Message:
    """The resolver's whole answer."""
    return _asked(lab.options.resolver, name, kind, tcp=tcp)


def ask_at(
    lab: Lab, address: str, name: str, kind: str, *, tcp: bool = False
) -> dns.message.Message:
    """What the server at an address of the company, or of a stranger, answers."""
    return _asked(":".join(map(str, pinned(lab, address, 53))), name, kind, tcp=tcp)


def ask_signed(lab: Lab, name: str, kind: str) -> dns.message.Message:
    """The resolver's answer with its signatures."""
    return _asked(lab.options.resolver, name, kind, signed=True)


def _asked(
    server: str, name: str, kind: str, *, tcp: bool = False, signed: bool = False
) -> dns.message.Message:
    host, _, port = server.partition(":")
    query = dns.message.make_query(name, kind, want_dnssec=signed)
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, host, port=int(port), timeout=SECONDS)


def values(answer: dns.message.Message, kind: str) -> list[str]:
    wanted = dns.rdatatype.from_text(kind)
    return sorted(r.to_text() for s in answer.answer if s.rdtype == wanted for r in s)


def pinned(lab: Lab, address: str, port: int) -> tuple[str, int]:
    """Where an address of the company is on this computer."""
    pins = dict(pin.split("=") for pin in lab.options.connect)
    host, _, number = pins[f"{address}:{port}"].partition(":")
    return host, int(number)


def place(lab: Lab, host: str, port: int, address: str = "") -> tuple[str, int]:
    return pinned(lab, address or values(ask(lab, host, "A"), "A")[0], port)


def trusting(lab: Lab) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=lab.options.ca)


def looking() -> ssl.SSLContext:
    """A client that takes every certificate and every version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def certificate(lab: Lab, host: str, address: str = "") -> x509.Certificate:
    """What is presented, believed or not."""
    with (
        socket.create_connection(place(lab, host, 443, address), SECONDS) as plain,
        looking().wrap_socket(plain, server_hostname=host) as tls,
    ):
        der = tls.getpeercert(binary_form=True)
    assert der
    return x509.load_der_x509_certificate(der)


def believed(lab: Lab, host: str, address: str = "") -> str:
    """An empty string, or why OpenSSL does not believe the certificate."""
    with socket.create_connection(place(lab, host, 443, address), SECONDS) as plain:
        try:
            trusting(lab).wrap_socket(plain, server_hostname=host).close()
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
    return ""


def chosen_protocol(lab: Lab, host: str) -> str:
    """What the server picks when the client offers HTTP/2 and HTTP/1.1."""
    context = trusting(lab)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(place(lab, host, 443), SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as tls,
    ):
        return tls.selected_alpn_protocol() or ""


def speaks(lab: Lab, host: str, version: ssl.TLSVersion) -> bool:
    """Whether a handshake of exactly this version completes."""
    context = looking()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    with socket.create_connection(place(lab, host, 443), SECONDS) as plain:
        try:
            context.wrap_socket(plain, server_hostname=host).close()
        except (ssl.SSLError, OSError):
            return False
    return True


class Answer:
    """A response: status, headers, body."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


class Browser:
    """Sends requests to the lab's hosts over real sockets and keeps cookies per host."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.cookies: dict[tuple[str, str], str] = {}

    def get(self, url: str, *, address: str = "", headers: dict[str, str] | None = None) -> Answer:
        return self._send("GET", url, None, address, headers or {})

    def head(self, url: str) -> Answer:
        return self._send("HEAD", url, None, "", {})

    def head_with(self, url: str, headers: dict[str, str]) -> Answer:
        return self._send("HEAD", url, None, "", headers)

    def post(self, url: str, *, origin: str = "", **fields: str) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if origin:
            headers["Origin"] = origin
        return self._send("POST", url, urlencode(fields), "", headers)

    def _send(
        self, method: str, url: str, body: str | None, address: str, headers: dict[str, str]
    ) -> Answer:
        parts = urlsplit(url)
        host = parts.hostname or ""
        tls = parts.scheme == "https"
        connection = http.client.HTTPConnection(host, timeout=SECONDS)
        sock = socket.create_connection(place(self.lab, host, 443 if tls else 80, address), SECONDS)
        connection.sock = (
            trusting(self.lab).wrap_socket(sock, server_hostname=host) if tls else sock
        )
        kept = "; ".join(f"{n}={v}" for (h, n), v in self.cookies.items() if h == host)
        if kept:
            headers = {**headers, "Cookie": kept}
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body, headers)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for line in answer.headers.get_all("set-cookie") or ():
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0].strip('"')
            if value:
                self.cookies[host, name] = value
            else:
                self.cookies.pop((host, name), None)
        return answer

    def hops(self, url: str, limit: int = 10) -> list[tuple[str, int]]:
        """Follow redirects from a URL: each URL with its status."""
        seen: list[tuple[str, int]] = []
        while url and len(seen) < limit:
            answer = self.get(url)
            seen.append((url, answer.status))
            url = answer.location if answer.status in (301, 302, 303, 307, 308) else ""
            if url.startswith("/"):
                parts = urlsplit(seen[-1][0])
                url = f"{parts.scheme}://{parts.netloc}{url}"
        return seen


def tracked(lab: Lab) -> list[str]:
    """The files git knows in the lab's repository."""
    done = subprocess.run(
        ["git", "-C", str(lab.repo), "ls-files"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def environment(lab: Lab, path: str) -> dict[str, str]:
    """NAME=value lines of a file of the repository."""
    file = lab.repo / path
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}
