"""A process that writes notes as fast as it can and acknowledges each one: made to be killed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from launchready_tui.model import Note
from launchready_tui.sprint.store import Store

store = Store.open(Path(sys.argv[1]))
assert not store.read_only
first = int(sys.argv[2])
for number in range(first, first + 10_000):
    store.note(
        Note(id=f"n{number}", at=datetime.now(UTC), by="Ana", item="", text=f"{number} " * 50)
    )
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()
