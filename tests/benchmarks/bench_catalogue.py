"""Loading and validating the whole catalogue. Wanted: at most 15 ms."""

from __future__ import annotations

import statistics
import time

from launchready_tui.catalogue import data_folder, load

ROUNDS = 30


def main() -> None:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        catalogue = load(data_folder())
        times.append((time.perf_counter() - start) * 1000)
    print(
        f"{len(catalogue.items)} items: first {times[0]:.1f} ms,"
        f" median {statistics.median(times):.1f} ms (wanted ≤ 15 ms)"
    )


if __name__ == "__main__":
    main()
