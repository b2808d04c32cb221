"""One write of a record: journal line and file, both synced. Wanted: at most 10 ms median."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from launchready_tui.model import Note
from launchready_tui.sprint.store import Store

ROUNDS = 200


def main() -> None:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        store = Store.create(Path(folder) / "sprint", domain="acme.test")
        times, floor = [], []
        for number in range(ROUNDS):
            start = time.perf_counter()
            with (Path(folder) / "floor").open("wb") as file:
                file.write(b"x")
                file.flush()
            floor.append((time.perf_counter() - start) * 1000)
            note = Note(id=f"n{number}", at=datetime.now(UTC), by="bench", item="", text="x" * 200)
            start = time.perf_counter()
            store.note(note)
            times.append((time.perf_counter() - start) * 1000)
        store.close()
    print(
        f"record write median {statistics.median(times):.1f} ms (wanted ≤ 10 ms;"
        f" a bare unsynced write {statistics.median(floor):.2f} ms)"
    )


if __name__ == "__main__":
    main()
