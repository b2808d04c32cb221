"""What hosts serve that they should not, for the examples of exposures and open pages."""

from __future__ import annotations

from typing import Any

from cases.world import DOMAIN
from launchready_tui.facts.exposure_rows import Trace
from launchready_tui.facts.exposures import ExposedFiles, Hit, HostExposures

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
