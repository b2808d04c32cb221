"""Secrets anywhere in the repository: the tree, its build output and its whole history."""

from __future__ import annotations

import threading

from launchready_tui.engine import fact
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import root_of
from launchready_tui.given import Target
from launchready_tui.model import CouldNotTell
from launchready_tui.secretscan.found import SecretScan


@fact(limit=300.0)
async def secret_scan(target: Target) -> SecretScan:
    """The first scan on a machine compiles the rules, which takes seconds more."""
    from launchready_tui.secretscan.search import scan_folder
    from launchready_tui.secretscan.warm import engine

    root = root_of(target)
    left = threading.Event()

    def tell(what: str, count: int) -> None:
        """Called between two files: nobody waits any more once the fact was given up."""
        if left.is_set():
            raise CouldNotTell("the scan was ended before its time")

    try:
        return await aside(lambda: scan_folder(root, engine(), tell=tell))
    finally:
        left.set()
