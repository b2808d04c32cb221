"""`launchready --help` against an interpreter that does nothing, in turns. Wanted: at most 4×."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15


def seconds(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    bare, helped = [], []
    for _ in range(ROUNDS):
        bare.append(seconds(sys.executable, "-c", "print()"))
        helped.append(seconds(sys.executable, "-P", "-m", "launchready_tui", "--help"))
    ratio = statistics.median(helped) / statistics.median(bare)
    print(
        f"bare python {statistics.median(bare) * 1000:.0f} ms,"
        f" --help {statistics.median(helped) * 1000:.0f} ms: {ratio:.1f}× (wanted ≤ 4×)"
    )


if __name__ == "__main__":
    main()
