"""A company whose every web host is one scripted application behind real TLS, with a real zone.

with running_front(answer, folder) as front:
    Options: front.options      what was asked: front.desk.asked
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launchready_tui.network import Options
from servers.knot import running_knot
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port
from servers.scripted import Answer, Desk, running_script

DOMAIN = "acme.test"
APP, API = f"app.{DOMAIN}", f"api.{DOMAIN}"
PLACE = "127.0.0.7"
ZONE = f"""\
@ NS ns1.{DOMAIN}.
ns1 A 127.0.0.1
@ A {PLACE}
www CNAME {DOMAIN}.
app A {PLACE}
api A {PLACE}
"""


@dataclass(frozen=True)
class Front:
    """`flags` are the door's options for the command line."""

    options: Options
    desk: Desk

    @property
    def flags(self) -> tuple[str, ...]:
        pins = (part for pin in self.options.connect for part in ("--connect", pin))
        return ("--resolver", self.options.resolver, "--ca", self.options.ca, *pins)


@contextlib.contextmanager
def running_front(answer: Answer, folder: Path, zone: str = "") -> Iterator[Front]:
    """Serve until the block ends; plain http leads to https at the same host.

    Args:
        zone: Records beside those of `ZONE`.
    """
    pki = Pki(folder)
    papers = pki.good(DOMAIN, f"www.{DOMAIN}", APP, API)
    tls, plain = free_port(PLACE), free_port(PLACE)
    with running_script(answer) as desk:
        through = f"""proxy_pass http://127.0.0.1:{desk.port}; proxy_set_header Host $host;
            proxy_pass_header Server; proxy_redirect off; proxy_buffer_size 64k;
            proxy_buffers 8 64k; proxy_busy_buffers_size 128k;"""
        body = f"""
        server {{ listen {PLACE}:{plain}; return 301 https://$host$request_uri; }}
        server {{
            listen {PLACE}:{tls} ssl http2;
            ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};
            location / {{ {through} }}
        }}
        """
        pins = (f"*:443={PLACE}:{tls}", f"*:80={PLACE}:{plain}")
        with running_nginx(body), running_knot({DOMAIN: ZONE + zone}) as resolver:
            yield Front(Options(resolver=resolver, ca=str(pki.ca), connect=pins), desk)
