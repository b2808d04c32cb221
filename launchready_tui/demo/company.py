"""Harbour Operations on the day of the audit: its hosts, what they serve, and with what papers.

A harbour's work-order desk (Berth desk) runs on Render, its marketing site and an old rota server
run elsewhere. The faults of `truth.toml` live here, in `zone.toml` and in `repository.toml`.
"""

from __future__ import annotations

import secrets
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from launchready_tui.demo import mail_faults, names_faults, pki, shipped, web_sites
from launchready_tui.demo.edge import App, Headed, Paths, Port, Redirect, Text, opened
from launchready_tui.demo.pki import Authority, Life
from launchready_tui.demo.site_faults import NOT_FOUND, Sound, WebFault, Wrong
from launchready_tui.given import Web

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
SHIFT_PLAN_ADDRESS = "203.0.113.70"

RELEASE = "2.4.1"
OLD_RELEASE = "1.9.0"
PERSON = "nadia"
TESTER = "audit.tester"
"""Whom the company lets the audit sign in as: nobody's own account."""

WEB = Web(
    app=f"https://{APP}",
    private=(f"https://{APP}/orders.json", f"https://{APP}/board"),
    markers=(TESTER,),
    api=tuple(f"https://{API}/v1/{name}" for name in ("tides", "duty", "orders")),
    login=f"https://{APP}/login",
    logout=f"https://{APP}/logout",
    webhooks=(f"https://{APP}/hooks/tide", f"https://{APP}/hooks/payments"),
    heavy=f"https://{API}/v1/statistics",
)
"""What the company says of its addresses, as [web] of the sprint has it."""

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
        self.records.add_person(TESTER, self.password)
        self.wrong = Wrong(get_args(WebFault))
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
        return (*pins, *self.mail.pins)

    def present(self, port: Port, host: str, *names: str, life: Life = pki.FRESH) -> None:
        """Let `host` present a new certificate for `names` (itself, where none is given)."""
        port.contexts[host] = self._context(*(names or (host,)), life=life)

    def name_site(self, *names: str) -> None:
        """Let the marketing site's certificate hold these names."""
        self.site_names = names
        self.present(self.front, DOMAIN, *names)

    def close(self) -> None:
        self.records.close()
        self.mail.close()
        for port in (*self.ports, self.closed):
            port.socket.close()

    # ------------------------------------------------------------ how it is set up

    def _context(self, *names: str, life: Life = pki.FRESH) -> ssl.SSLContext:
        return pki.server_context(self.papers.issue(*names, life=life))

    def _build(self) -> None:
        from launchready_tui.demo.desk_front import Memory

        self.memory = Memory()
        self._marketing()
        self._desk()
        self._others()
        self.cloudflare = names_faults.plant(self)
        self.mail = mail_faults.plant(self)
        self.zone.put(shipped.SUPABASE, "A", 300, SHIFT_PLAN_ADDRESS)
        for host, site in (
            (PREVIEW, web_sites.preview(self.wrong, API)),
            (shipped.SUPABASE, web_sites.shift_plan(self.wrong)),
        ):
            self.front.sites[host] = site
            self.present(self.front, host)
        for host in (APP, API, STATUS, OLD, JOBS, PREVIEW, RENDER, shipped.SUPABASE):
            self.plain.sites[host] = Redirect(f"https://{host}")

    def _marketing(self) -> None:
        self.front.sites[DOMAIN] = web_sites.marketing(self.wrong, _marketing, DOMAIN, APP)
        self.name_site(DOMAIN, STATUS, JOBS, TIDE, FILES, FORMER, *names_faults.NAMES)
        self.front.sites[WWW] = Sound(Redirect(f"https://{DOMAIN}"))
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
        orders = self._berth_desk(f"https://{API}", RELEASE, bare=True)
        self.front.sites[API] = web_sites.api(self.wrong, orders, f"https://{APP}")
        self.present(self.front, API, life=NEARLY_OVER)
        self.second.sites[APP] = self._berth_desk(f"https://{APP}", OLD_RELEASE)

    def _others(self) -> None:
        self.front.sites[STATUS] = _page("Status", "All berths are served.")
        self.front.contexts[STATUS] = pki.server_context(
            self.papers.issue(STATUS, whole_chain=False)
        )
        self.front.sites[JOBS] = _page("Jobs", "We look for two crane operators.")
        self.present(self.front, JOBS, life=OVER)
        self.plain.sites[TIDE] = self.front.sites[TIDE] = _page("Tide", "2.4 m")
        self.present(self.front, TIDE)
        self.old.sites[OLD] = web_sites.rota(self.wrong)
        assert self.old.context is not None
        pki.offer_http1_only(self.old.context)
        if pki.can_offer_old_versions():
            pki.offer_old_versions(self.old.context)

    def _berth_desk(self, public_url: str, release: str, *, bare: bool = False) -> App:
        """An instance of the desk at Render. `bare`: without its edge, for machines."""
        from launchready_tui.demo.berthdesk.application import BerthDesk
        from launchready_tui.demo.berthdesk.settings import Settings
        from launchready_tui.demo.desk_front import desk

        settings = Settings(
            database=self.folder / "desk.sqlite",
            public_url=public_url,
            release=release,
            api_token=self.api_token,
        )
        app = BerthDesk(settings, self.records).application()
        if bare:
            return Headed(app, _AT_RENDER)
        return Headed(desk(app, self.records, self.wrong, self.memory, public_url), _AT_RENDER)

    def signed_in(self) -> str:
        """A Cookie header of the test user's, good for the length of a shift."""
        from launchready_tui.demo.berthdesk.application import COOKIE

        return f"{COOKIE}={self.records.open_session(TESTER)}"


def _page(title: str, words: str) -> Sound:
    """A site of one page."""
    return Sound(Paths({"/": Text(f"<title>{title}</title><p>{words}</p>")}, NOT_FOUND))


def _filled(path: Path, password: str) -> Records:
    from launchready_tui.demo.berthdesk.records import Records

    records = Records(path)
    records.add_person(PERSON, password)
    if not records.orders():
        for title, berth in _ORDERS:
            records.add_order(title, berth, PERSON)
    return records


def _marketing(picture: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<title>Harbour Operations</title></head><body><h1>Harbour Operations</h1>"
        "<p>Berths, cranes and shore power, looked after around the clock.</p>"
        f'<img src="{picture}" alt="The quay at night">'
        f'<p><a href="https://{APP}/">Berth desk</a> · <a href="https://{STATUS}/">Status</a></p>'
        "</body></html>"
    )
