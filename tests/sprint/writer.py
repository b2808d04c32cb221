"""A process that writes as fast as it can and acknowledges each change: made to be killed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from launchready_tui.model import Attestation, Note
from launchready_tui.sprint.store import Store

store = Store.open(Path(sys.argv[1]))
assert not store.read_only, store.lock_holder


def acknowledge(what: str, told: object) -> None:
    sys.stdout.write(f"{what} {told}\n")
    sys.stdout.flush()


first = int(sys.argv[2])
for number in range(first, sys.maxsize):
    now = datetime.now(UTC)
    store.note(Note(id=f"n{number}", at=now, by="Ana", item="", text=f"{number} " * 50))
    acknowledge("note", number)
    ident = store.add_evidence(f"{number} " * 500, "txt")
    acknowledge("evidence", ident)
    store.attest(
        Attestation(
            item="a.b", by="Ana", at=now, says="pass", evidence=(ident,), note=f"{number} " * 50
        )
    )
    acknowledge("answer", number)
    if (number - first) % 3 == 2:  # what is taken back is this writer's own: one number less
        store.undo("Ana")
        acknowledge("answer", number - 1)
