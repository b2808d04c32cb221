"""Scanning for secrets: a tree, 500 commits, known values; beside others where they are there.

Wanted: a tree at 30 MB/s or more and no slower than gitleaks, 500 commits within 2 s, 100 values
over 80 MB within 3 s, the process within 300 MiB.
"""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from launchready_tui.secret import Secret
from launchready_tui.secretscan.content import BLOCK
from launchready_tui.secretscan.engine import best
from launchready_tui.secretscan.known import KnownValues
from launchready_tui.secretscan.search import scan_folder
from servers.processes import program

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
FILES, LINES, COMMITS = 2_000, 700, 500
DRAW = random.Random(7)


def words(count: int) -> list[str]:
    return ["".join(DRAW.choices(LETTERS, k=DRAW.randint(3, 14))) for _ in range(count)]


def source(names: list[str]) -> str:
    line = "  const {} = await {}.{}({{ {}: '{}', width: {} }});\n".format
    return "".join(line(*DRAW.choices(names, k=6)) for _ in range(LINES))


def tree(root: Path) -> int:
    names, size = words(4_000), 0
    for number in range(FILES):
        text = source(names)
        (root / f"part{number % 50}").mkdir(exist_ok=True)
        (root / f"part{number % 50}" / f"file{number}.ts").write_text(text)
        size += len(text)
    return size


def history(root: Path) -> None:
    git = program("git")
    person = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.test", "-c", "gc.auto=0")
    subprocess.run([git, "init", "-q", str(root)], check=True)
    names = words(500)
    for number in range(COMMITS):
        (root / f"file{number % 60}.ts").write_text(source(names)[:12_000])
        for asked in (("add", "-A"), ("commit", "-qm", str(number))):
            subprocess.run([git, "-C", str(root), *person, *asked], check=True)


def timed(folder: Path, command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return time.perf_counter() - started


def betterleaks(folder: Path) -> float:
    """Seconds of the engine that follows gitleaks, where its binding was installed by hand."""
    try:
        from pybetterleaks import scan_dir  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return 0.0
    started = time.perf_counter()
    scan_dir(folder)
    return time.perf_counter() - started


def main() -> None:
    started = time.perf_counter()
    engine = best()
    print(
        f"{engine.info}, {engine.info.rules} rules: ready in {time.perf_counter() - started:.1f} s"
    )
    gitleaks = shutil.which("gitleaks")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        root.mkdir()
        size = tree(root)
        started = time.perf_counter()
        found = scan_folder(root, engine, history=False)
        took = time.perf_counter() - started
        print(
            f"tree: {size / 1e6:.0f} MB in {found.files} files: {size / 1e6 / took:.0f} MB/s"
            f" (wanted ≥ 30), {len(found.leaks)} found"
        )
        if gitleaks:
            other = timed(root, [gitleaks, "dir", "--no-banner", "."])
            print(f"  gitleaks takes {other / took:.1f} times as long")
        if successor := betterleaks(root):
            print(f"  betterleaks in this process takes {successor / took:.1f} times as long")
        past = Path(folder) / "history"
        history(past)
        started = time.perf_counter()
        found = scan_folder(past, engine)
        took = time.perf_counter() - started
        print(f"history: {found.commits} commits, {found.versions} versions: {took:.2f} s (≤ 2)")
        if gitleaks:
            other = timed(past, [gitleaks, "git", "--no-banner", "."])
            print(f"  gitleaks takes {other / took:.1f} times as long")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak until here {peak:.0f} MiB (≤ 300)")
        content = b"".join(path.read_bytes() for path in sorted(root.rglob("*.ts")))[:80_000_000]
    values = [(f"A{number}", Secret("".join(DRAW.choices(LETTERS, k=24)))) for number in range(100)]
    known = KnownValues(values)
    started = time.perf_counter()
    hits = sum(
        sum(1 for _ in known.find(content[at : at + BLOCK])) for at in range(0, len(content), BLOCK)
    )
    took = time.perf_counter() - started
    print(f"100 known values over {len(content) / 1e6:.0f} MB: {took:.1f} s (≤ 3), {hits} found")


if __name__ == "__main__":
    main()
