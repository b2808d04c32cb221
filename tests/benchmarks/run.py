"""`make bench`: every timing the project promises, as ratios within this one run. Judges nothing.

python tests/benchmarks/run.py [NAME …]      (help, catalogue, record …: see NAMES)
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

NAMES = (
    "help",
    "catalogue",
    "record",
    "check",
    "edge",
    "tls",
    "screen",
    "redirects",
    "bundle",
    "secrets",
    "mail",
)


def main(names: list[str]) -> None:
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench_{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
