"""Harbour Operations on the day of the audit: its hosts, what they serve, and with what papers.

A harbour's work-order desk (Berth desk) runs on Render, its marketing site and an old rota server
run elsewhere. The faults of `truth.toml` live here, in `zone.toml` and in `repository.toml`.
"""

from __future__ import annotations

import secrets
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.demo import names_faults, pki
from launchready_tui.demo.edge import App, Headed, Paths, Port, Redirect, Text, opened
from launchready_tui.demo.pki import Authority, Life

if TYPE_CHECKING:
    from launchready_tui.demo.berthdesk.records import Records
    from launchready_tui.demo.dns import Zone

DOMAIN = "harbour-ops.test"
WWW = f"www.{DOMAIN}"
APP = f"app.{DOMAIN}"
API = f"api.{DOMAIN}"
ADMIN = f"admin.{DOMAIN}"
OLD = f"old.{DOMAIN}"
STATUS = f"status.{DOMAIN}"
JOBS = f"jobs.{DOMAIN}"
FILES = f"files.{DOMAIN}"
TIDE = f"tide.{DOMAIN}"
FORMER = f"intranet.{DOMAIN}"
"""A name that only an old certificate still holds."""
RENDER = "harbour-ops.onrender.com"
API_RENDER = "harbour-ops-api.onrender.com"
PREVIEW = "harbour-ops-pr-12.onrender.com"
SECOND_ADDRESS = "198.51.100.21"
OLD_ADDRESS = "192.0.2.50"
TIDE_ADDRESS = "192.0.2.80"
SITE_ADDRESSES = ("192.0.2.10", "192.0.2.12")

RELEASE = "2.4.1"
OLD_RELEASE = "1.9.0"
PERSON = "nadia"

NEARLY_OVER = Life(1 / 15)
TWO_FIFTHS = Life(0.4)
OVER = Life(-0.1)

_AT_RENDER = (
    ("x-render-origin-server", "uvicorn"),
    ("rndr-id", "5f0c2b7e-9a41-4c7d"),
    ("server", "cloudflare"),
    ("cf-ray", "8c1f2d3e4b5a6978-AMS"),
)
"""Render fronts its services with Cloudflare: `cf-ray` says nothing about the company's zone."""

_ORDERS = (
    ("Fender loose at the north end", "Berth 2"),
    ("Crane 4: annual inspection", "Berth 4"),
    ("Shore power trips under load", "Berth 1"),
    ("Repaint the mooring numbers", "Berth 7"),
)


class Company:
    """Everything of the company that answers, and the handles its admin turns."""

    def __init__(self, folder: Path, zone: Zone) -> None:
        self.folder = folder
        self.zone = zone
        self.papers = Authority(folder / "pki")
        self.password = secrets.token_urlsafe(12)
        self.api_token = secrets.token_urlsafe(24)
        self.records = _filled(folder / "desk.sqlite", self.password)
        self.plain = opened("plain")
        self.front = opened("front", self._context(DOMAIN))
        self.second = opened("second", self._context(APP))
        self.old = opened("old", self._context(OLD))
        self.closed = opened("closed")
        self._build()

    @property
    def ports(self) -> tuple[Port, ...]:
        """What is served. `closed` is bound and never listens: connections are refused."""
        return (self.plain, self.front, self.second, self.old)

    def connect(self) -> tuple[str, ...]:
        """Where each address of the company is on this computer, as `--connect` wants it."""
        tls = {SECOND_ADDRESS: self.second, OLD_ADDRESS: self.old, TIDE_ADDRESS: self.closed}
        pins = [f"{names_faults.API_HOST}:443=127.0.0.1:{self.front.number}"]
        for address in sorted({*self.zone.addresses(), names_faults.SITE_ADDRESS_6}):
            shown = f"[{address}]" if ":" in address else address
            for number, port in ((80, self.plain), (443, tls.get(address, self.front))):
                pins.append(f"{shown}:{number}=127.0.0.1:{port.number}")
        return tuple(pins)

    def present(self, port: Port, host: str, *names: str, life: Life = pki.FRESH) -> None:
        """Let `host` present a new certificate for `names` (itself, where none is given)."""
        port.contexts[host] = self._context(*(names or (host,)), life=life)

    def name_site(self, *names: str) -> None:
        """Let the marketing site's certificate hold these names."""
        self.site_names = names
        self.present(self.front, DOMAIN, *names)

    def close(self) -> None:
        self.records.close()
        for port in (*self.ports, self.closed):
            port.socket.close()

    # ------------------------------------------------------------ how it is set up

    def _context(self, *names: str, life: Life = pki.FRESH) -> ssl.SSLContext:
        return pki.server_context(self.papers.issue(*names, life=life))

    def _build(self) -> None:
        self._marketing()
        self._desk()
        self._preview()
        self._others()
        self.cloudflare = names_faults.plant(self)
        for host in (APP, API, STATUS, OLD, JOBS, PREVIEW, RENDER):
            self.plain.sites[host] = Redirect(f"https://{host}")

    def _marketing(self) -> None:
        self.front.sites[DOMAIN] = Paths(
            {
                "/": Text(_MARKETING),
                "/rota-2023": Redirect(f"https://{APP}/orders", keep_path=False),
                "/pricing.html": Redirect(f"https://{DOMAIN}/", keep_path=False),
            },
            Text("<title>Not found</title><h1>There is no such page.</h1>", status=404),
        )
        self.name_site(DOMAIN, STATUS, JOBS, TIDE, FILES, FORMER, *names_faults.NAMES)
        self.front.sites[WWW] = Redirect(f"https://{DOMAIN}")
        self.present(self.front, WWW, RENDER)
        self.plain.sites[DOMAIN] = Redirect(f"https://{DOMAIN}", status=302)
        self.plain.sites[WWW] = Paths(
            {
                "/start": Redirect(f"http://{WWW}/home", keep_path=False),
                "/home": Redirect(f"https://{DOMAIN}/", keep_path=False),
            },
            Redirect(f"http://{WWW}/start", keep_path=False),
        )

    def _desk(self) -> None:
        desk = self._berth_desk(f"https://{APP}", RELEASE)
        self.front.sites[APP] = self.front.sites[RENDER] = desk
        self.present(self.front, APP, life=TWO_FIFTHS)
        self.present(self.front, RENDER)
        self.front.sites[API] = self._berth_desk(f"https://{API}", RELEASE)
        self.present(self.front, API, life=NEARLY_OVER)
        self.second.sites[APP] = self._berth_desk(f"https://{APP}", OLD_RELEASE)

    def _preview(self) -> None:
        self.front.sites[PREVIEW] = Headed(
            self._berth_desk(f"https://{PREVIEW}", "pr-12"), (("x-robots-tag", "noindex"),)
        )
        self.present(self.front, PREVIEW)

    def _others(self) -> None:
        self.front.sites[STATUS] = Text("<title>Status</title><p>All berths are served.</p>")
        self.front.contexts[STATUS] = pki.server_context(
            self.papers.issue(STATUS, whole_chain=False)
        )
        self.front.sites[JOBS] = Text("<title>Jobs</title><p>We look for two crane operators.</p>")
        self.present(self.front, JOBS, life=OVER)
        self.plain.sites[TIDE] = self.front.sites[TIDE] = Text("<title>Tide</title><p>2.4 m</p>")
        self.present(self.front, TIDE)
        self.old.sites[OLD] = Text("<title>Rota</title><h1>Rota 2019</h1>")
        assert self.old.context is not None
        pki.offer_http1_only(self.old.context)
        if pki.can_offer_old_versions():
            pki.offer_old_versions(self.old.context)

    def _berth_desk(self, public_url: str, release: str) -> App:
        from launchready_tui.demo.berthdesk.application import BerthDesk
        from launchready_tui.demo.berthdesk.settings import Settings

        settings = Settings(
            database=self.folder / "desk.sqlite",
            public_url=public_url,
            release=release,
            api_token=self.api_token,
        )
        return Headed(BerthDesk(settings, self.records).application(), _AT_RENDER)


def _filled(path: Path, password: str) -> Records:
    from launchready_tui.demo.berthdesk.records import Records

    records = Records(path)
    records.add_person(PERSON, password)
    if not records.orders():
        for title, berth in _ORDERS:
            records.add_order(title, berth, PERSON)
    return records


_MARKETING = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    "<title>Harbour Operations</title></head><body><h1>Harbour Operations</h1>"
    "<p>Berths, cranes and shore power, looked after around the clock.</p>"
    f'<p><a href="https://{APP}/">Berth desk</a> · <a href="https://{STATUS}/">Status</a></p>'
    "</body></html>"
)
