"""A company with real servers: its zone in knot, its sites in nginx, all on 127.0.0.0/8."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from launchready_tui.network import Options
from servers.knot import running_knot
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

DOMAIN = "acme.test"
HOME, SECOND, OLD = "127.0.0.2", "127.0.0.3", "127.0.0.4"

ZONE = f"""\
@ NS ns1.acme.test.
@ NS ns2.acme.test.
ns1 A 127.0.0.1
ns2 A 127.0.1.1
@ A {HOME}
@ MX 10 aspmx.l.google.com.
@ TXT "v=spf1 include:_spf.google.com include:spf.mtasv.net ~all"
www CNAME acme.test.
app 86400 A {HOME}
app 86400 A {SECOND}
api CNAME acme-pr-7.onrender.com.
hidden A {HOME}
old A {OLD}
files CNAME acme-files.herokuapp.com.
docs CNAME docs.gone-company.example.
"""
ELSEWHERE = {
    "onrender.com": f"acme-pr-7 A {HOME}",
    "herokuapp.com": "nothing A 127.0.0.9",
    "example": "nothing A 127.0.0.9",
}


@dataclass(frozen=True)
class Company:
    options: Options

    @property
    def scope(self) -> tuple[str, ...]:
        return (DOMAIN,)


@contextlib.contextmanager
def running_company(pki: Pki) -> Iterator[Company]:
    """Serve the company until the block ends."""
    tls, plain = free_port(HOME), free_port(HOME)
    names = (DOMAIN, f"www.{DOMAIN}", f"app.{DOMAIN}", f"api.{DOMAIN}", f"hidden.{DOMAIN}")
    good = pki.good(*names)
    second = pki.nearly_expired(f"app.{DOMAIN}")
    body = f"""
    server {{
        listen {HOME}:{plain};
        server_name _;
        return 302 https://$host$request_uri;
    }}
    server {{
        listen {HOME}:{tls} ssl http2 default_server;
        server_name {DOMAIN} app.{DOMAIN} api.{DOMAIN} hidden.{DOMAIN};
        ssl_certificate {good.chain}; ssl_certificate_key {good.key};
        default_type text/html;
        add_header Set-Cookie "session=very-private-value; Secure; HttpOnly";
        location / {{
            return 200 "<title>Desk</title><script src=/a-1.js></script><p>Desk 2.4.1</p>";
        }}
    }}
    server {{
        listen {HOME}:{tls} ssl http2;
        server_name www.{DOMAIN};
        ssl_certificate {good.chain}; ssl_certificate_key {good.key};
        return 301 https://{DOMAIN}$request_uri;
    }}
    server {{
        listen {SECOND}:{tls} ssl http2;
        server_name app.{DOMAIN};
        ssl_certificate {second.chain}; ssl_certificate_key {second.key};
        default_type text/html;
        location / {{ return 200 "<title>Desk</title><p>Desk 1.9.0</p>"; }}
    }}
    """
    pins = [
        f"{address}:{port}={address}:{there}"
        for address in (HOME, SECOND, OLD)
        for port, there in ((443, tls), (80, plain))
    ]
    with running_knot({DOMAIN: ZONE, **ELSEWHERE}) as resolver, running_nginx(body):
        yield Company(Options(resolver=resolver, ca=str(pki.ca), connect=tuple(pins)))
