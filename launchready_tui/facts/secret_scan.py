"""Secrets anywhere in the repository: the tree, its build output and its whole history."""

from __future__ import annotations

import functools
import threading

from launchready_tui.engine import fact
from launchready_tui.facts.env_fingerprint import Fingerprints
from launchready_tui.facts.env_marks import fingerprints
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import root_of
from launchready_tui.fingerprint_key import key_of
from launchready_tui.given import Prints, Target
from launchready_tui.model import CouldNotTell
from launchready_tui.records.env_record import Rotations
from launchready_tui.secret import Secret
from launchready_tui.secretscan.found import SecretScan


@fact(limit=300.0)
async def secret_scan(target: Target, rotations: Rotations, prints: Prints) -> SecretScan:
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
        return await aside(
            lambda: scan_folder(
                root,
                engine(),
                tell=tell,
                dead=functools.partial(closed_of, *closed_in(rotations, prints)),
            )
        )
    finally:
        left.set()


def closed_in(rotations: Rotations, prints: Prints) -> tuple[Fingerprints, dict[str, str]]:
    """The rotations that are closed, by the fingerprint of the value that is dead."""
    closed = {
        one.old_fp: one.id
        for one in rotations.rotations
        if one.status == "closed" and key_of(one.old_fp)
    }
    return fingerprints(prints, closed), closed


def closed_of(prints: Fingerprints, closed: dict[str, str], name: str, value: Secret) -> str:
    """The closed rotation of a value; empty where there is none, or it is of another key."""
    return closed.get(prints.of(name, value.reveal()), "") if closed else ""
