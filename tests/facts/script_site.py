"""An app with its scripts, its data platforms and its sign-in: nginx on 127.0.0.0/8."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.world import DOMAIN, hop, served, visit, web
from facts.bundles import REF
from launchready_tui.facts.page import read_page
from launchready_tui.facts.site import Visit
from launchready_tui.facts.web import WebHost, WebHosts
from launchready_tui.model import Level
from launchready_tui.network import Network, Options, Scope, open_network
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

APP = f"app.{DOMAIN}"
PROJECT = f"{REF}.supabase.co"
DATABASE = "acme-desk-default-rtdb.firebaseio.com"
HOSTS = (DOMAIN, APP, PROJECT, DATABASE)


@dataclass(frozen=True)
class Site:
    options: Options
    access: Path

    def opened(self, *more: str, level: Level = Level.PASSIVE) -> Network:
        """A network that may ask the domain, and the hosts that are named."""
        return open_network(Scope(hosts=(DOMAIN, *more), named=(DOMAIN, *more), level=level),
                            self.options)  # fmt: skip

    def asked(self) -> list[str]:
        """Method and address of every request that arrived."""
        lines = self.access.read_text("utf-8").splitlines()
        return [" ".join(line.split('"')[1].split()[:2]) for line in lines]


@contextlib.contextmanager
def running_site(
    folder: Path, files: Mapping[str, str | bytes], rules: str = "", platform: str = ""
) -> Iterator[Site]:
    """Serve `files` by their paths at the app; `rules` and `platform` are nginx locations of the
    app and of the platforms. What is no file is a page, as single-page apps answer."""
    pki = Pki(folder)
    papers = pki.good(*HOSTS)
    root = folder / "root"
    for path, content in {"index.html": "<title>Desk</title>", **files}.items():
        place = root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    ports = free_port(), free_port()
    secure = f"ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};"
    config = f"""
    types {{ text/html html; text/javascript js; application/json map; }}
    server {{ listen 127.0.0.1:{ports[0]} ssl; server_name {APP} {DOMAIN}; {secure} root {root};
      {rules}
      location / {{ try_files $uri /index.html; }} }}
    server {{ listen 127.0.0.1:{ports[1]} ssl; server_name {PROJECT} {DATABASE}; {secure}
      {platform}
      location / {{ return 404; }} }}
    """
    pins = tuple(
        f"{host}:443=127.0.0.1:{port}"
        for host, port in ((APP, ports[0]), (DOMAIN, ports[0]), (PROJECT, ports[1]),
                           (DATABASE, ports[1]))
    )  # fmt: skip
    with running_nginx(config) as nginx:
        yield Site(Options(ca=str(pki.ca), connect=pins), nginx / "access.log")


def pages(body: str, *before: Any) -> WebHosts:
    """Hosts as they were seen, where the app's front page is `body`; the domain's is empty."""
    front: Visit = visit(*before, hop(f"https://{APP}/"), page=read_page(body))
    return web(served(DOMAIN), WebHost(host=APP, front=front), app=APP)
