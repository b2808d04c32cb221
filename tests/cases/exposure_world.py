"""What hosts serve that they should not, for the examples of exposures and open pages."""

from __future__ import annotations

from typing import Any

from cases.world import DOMAIN
from launchready_tui.facts.admin import AdminPage
from launchready_tui.facts.answers import Looks
from launchready_tui.facts.exposure_rows import Trace
from launchready_tui.facts.exposures import ExposedFiles, Hit, HostExposures
from launchready_tui.facts.private import AnonymousPage, AnonymousPages

APP = f"app.{DOMAIN}"


def hit(row: str, path: str, **trace: Any) -> Hit:
    return Hit(row=row, path=path, trace=Trace(**trace))


SETTINGS = hit("settings", "/.env", count=3, names=("DATABASE_URL", "MAIL_PASSWORD"), secrets=True)


def serves(*hits: Hit, host: str = DOMAIN, asked: int = 38, **changes: Any) -> HostExposures:
    return HostExposures(host=host, asked=asked, hits=hits, **changes)


def exposed(*hosts: HostExposures) -> ExposedFiles:
    """The domain's host and the app's serve nothing of the table, but for the given ones."""
    kept = {name: serves(host=name) for name in (DOMAIN, APP)} | {h.host: h for h in hosts}
    return ExposedFiles(hosts=tuple(kept.values()))


# ---------------------------------------------------------------- open pages

PRIVATE = f"https://{APP}/dashboard"
API = f"https://{APP}/api/people"


def page(
    url: str = PRIVATE, status: int = 200, named: Any = "private", **how: Any
) -> AnonymousPage:
    """An address as a stranger gets it. What `Looks` has may be given by name as well."""
    seen = {key: how.pop(key) for key in list(how) if key in Looks.__struct_fields__}
    values = {"ended": "ok", "at": url, "looks": Looks(**seen), **how}
    return AnonymousPage(url=url, named=named, status=status, **values)


def api(url: str = API, **how: Any) -> AnonymousPage:
    return page(url, named="api", kind=how.pop("kind", "json"), **how)


def anonymous(*pages: AnonymousPage) -> AnonymousPages:
    return AnonymousPages(pages=pages)


def admin_page(path: str = "/admin", status: int = 200, **how: Any) -> AdminPage:
    seen = {key: how.pop(key) for key in list(how) if key in Looks.__struct_fields__}
    looks = Looks(**{"kind": "html", **seen})
    return AdminPage(url=f"https://{APP}{path}", status=status, looks=looks, **how)
