"""Secrets anywhere in the repository: the tree, its build output and its whole history."""

from __future__ import annotations

from launchready_tui.engine import fact
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import root_of
from launchready_tui.given import Target
from launchready_tui.secretscan.found import SecretScan


@fact(limit=300.0)
async def secret_scan(target: Target) -> SecretScan:
    """The first scan on a machine compiles the rules, which takes seconds more."""
    from launchready_tui.secretscan.engine import best
    from launchready_tui.secretscan.search import known_in, scan_folder

    root = root_of(target)

    def work() -> SecretScan:
        return scan_folder(root, best(), list(known_in(root)))

    return await aside(work)
