"""The wizard on a terminal against the smallest Textual programs, in turns.

Wanted: first frame at most 1.35× a bare app, also where a sprint is resumed, at most 55 MiB then,
key to paint p95 at most 2.5× a hello-world app while checks run. All start from bytecode, as
installed programs do.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections import defaultdict
from pathlib import Path

from terminal import Terminal

ROUNDS = 8
KEYS = 40
BARE = """
    from textual.app import App
    from textual.widgets import Static
    class Bare(App):
        def compose(self):
            yield Static("ready")
    Bare().run()
"""
HELLO = """
    from textual.app import App
    from textual.widgets import Footer, Header, OptionList
    class Hello(App):
        def compose(self):
            yield Header()
            yield OptionList(*[f"row {n}" for n in range(60)])
            yield Footer()
    Hello().run()
"""


def home(folder: Path) -> dict[str, str]:
    own = {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
    return {**os.environ, **own, "PYTHONDONTWRITEBYTECODE": ""}


def judged_sprint(folder: Path) -> Path:
    """A sprint of the lab whose checks have run."""
    command = [sys.executable, "-P", "-m", "launchready_tui", "demo", "--headless"]
    subprocess.run(
        [*command, "--out", str(folder)],
        env={**home(folder), "LAUNCHREADY_VAULT": "memory"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return folder / "sprint"


def program(source: str, folder: Path, name: str) -> list[str]:
    path = folder / f"{name}.py"
    path.write_text(textwrap.dedent(source))
    return [sys.executable, str(path)]


def first_frame(command: list[str], ready: str, folder: Path) -> tuple[float, float]:
    """Milliseconds to the first frame that shows `ready`, and MiB resident then."""
    with Terminal(command, size=(120, 40), env=home(folder), cwd=folder) as terminal:
        took = terminal.wait_for(ready, seconds=30)
        return took * 1000, terminal.resident_mib()


def key_latency(command: list[str], ready: str, folder: Path, wait: float) -> list[float]:
    with Terminal(command, size=(120, 40), env=home(folder), cwd=folder) as terminal:
        terminal.wait_for(ready, seconds=30)
        time.sleep(wait)
        return [terminal.key_to_paint("down" if n % 2 else "up") * 1000 for n in range(KEYS)]


def p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def main() -> None:
    wizard = [sys.executable, "-P", "-m", "launchready_tui"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, hello = program(BARE, folder, "bare"), program(HELLO, folder, "hello")
        frames: defaultdict[str, list[float]] = defaultdict(list)
        memory = []
        (fresh := folder / "fresh").mkdir()
        (folder / "judged").mkdir()
        sprint = judged_sprint(folder / "judged")
        for _ in range(ROUNDS):
            frames["bare"].append(first_frame(bare, "ready", folder)[0])
            took, mib = first_frame(wizard, "launchready", fresh)
            frames["fresh"].append(took)
            memory.append(mib)
            frames["resumed"].append(first_frame(wizard, "launchready", sprint)[0])
            frames["state"].append(first_frame(wizard, "NO-GO", sprint)[0])
        ratio = {
            name: statistics.median(took) / statistics.median(frames["bare"])
            for name, took in frames.items()
        }
        print(f"first frame {ratio['fresh']:.2f}× a bare app (wanted ≤ 1.35×)")
        print(
            f"first frame of a resumed sprint {ratio['resumed']:.2f}× a bare app (wanted ≤ 1.35×);"
            f" its state {ratio['state']:.2f}×"
        )
        print(f"{statistics.median(memory):.0f} MiB at the first frame (wanted ≤ 55)")
        plain = key_latency(hello, "row 1", folder, 0.5)
        busy = key_latency([*wizard, "demo"], "Quick audit", folder, 0.0)
        print(
            f"key to paint p95 {p95(busy):.0f} ms against {p95(plain):.0f} ms:"
            f" {p95(busy) / p95(plain):.2f}× (wanted ≤ 2.5×)"
        )


if __name__ == "__main__":
    main()
