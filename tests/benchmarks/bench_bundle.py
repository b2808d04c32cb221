"""A bundle of 30 MB through the scanner, against what reading it must cost at the least.

The floor is one pass of `bytes.find` for each sign it looks for; a pattern that joins the same
signs is what a plain search would do. Wanted: 40 MB/s or more, the process within 120 MiB.
"""

from __future__ import annotations

import re
import resource
import time

from facts.bundles import LIBRARIES, LIVE, SERVICE, minified
from launchready_tui.facts.bundle import Scanner

SIZE = 30_000_000
PART = 65_536
SIGNS = (
    *(b"eyJ", b"sb_", b"k_live_", b"k_test_", b"ghp_", b"phc_", b"whsec_", b"github_pat_"),
    *(b"sk-", b"glpat-", b"GOCSPX-", b"xox", b"AKIA", b"AIza", b"SG.", b"PRIVATE KEY-----"),
    *(b"://", b".firebaseapp.com", b".from(", b"/api/", b"fetch(", b"baseURL", b"import("),
    *(b'from"./', b"m.f=[", b"static/", b"sourceMappingURL="),
)


def scanned(part: bytes) -> tuple[float, int, int]:
    """Seconds, bytes and hits of a stream that repeats one part, with a key at its end."""
    scanner = Scanner()
    started = time.perf_counter()
    for _ in range(SIZE // len(part)):
        for start in range(0, len(part), PART):
            scanner.feed(part[start : start + PART])
    scanner.feed(f'"{SERVICE}"'.encode())
    hits = scanner.end().hits
    return time.perf_counter() - started, scanner.size, len(hits)


def passes(part: bytes) -> float:
    started = time.perf_counter()
    for _ in range(SIZE // len(part)):
        for sign in SIGNS:
            part.count(sign)
    return time.perf_counter() - started


def joined(part: bytes) -> float:
    pattern = re.compile(b"|".join(map(re.escape, SIGNS)))
    started = time.perf_counter()
    for _ in range(SIZE // len(part) // 10):
        sum(1 for _ in pattern.finditer(part))
    return 10 * (time.perf_counter() - started)


def main() -> None:
    part = minified(1_000_000, LIBRARIES, LIVE, "https://api.acme.test/v1", 'fetch("/api/a")')
    took, size, hits = scanned(part)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    floor, plain = passes(part), joined(part)
    print(
        f"{size / 1e6:.0f} MB, {hits} hits: {size / 1e6 / took:.0f} MB/s (wanted ≥ 40);"
        f" {took / floor:.2f}× of {len(SIGNS)} plain passes, {plain / took:.1f}× faster than one"
        f" joined pattern; peak {peak:.0f} MiB (wanted ≤ 120)"
    )


if __name__ == "__main__":
    main()
