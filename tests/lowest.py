"""Print the oldest release that pyproject.toml allows of each direct dependency, as constraints."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path


def lowest(pyproject: str) -> list[str]:
    project = tomllib.loads(pyproject)["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["demo"]]
    matches = (re.match(r"([A-Za-z0-9._-]+)>=([0-9.]+)", line) for line in wanted)
    return sorted(f"{match[1]}=={match[2]}" for match in matches if match)


if __name__ == "__main__":
    print("\n".join(lowest(Path(sys.argv[1]).read_text("utf-8"))))
