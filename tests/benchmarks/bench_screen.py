"""The wizard on a terminal against the smallest Textual programs, in turns.

Wanted: first frame at most 1.35× a bare app, at most 55 MiB then, key to paint p95 at most 2.5× a
hello-world app while checks run.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import textwrap
import time
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


def program(source: str, folder: Path, name: str) -> list[str]:
    path = folder / f"{name}.py"
    path.write_text(textwrap.dedent(source))
    return [sys.executable, str(path)]


def first_frame(command: list[str], ready: str, folder: Path) -> tuple[float, float]:
    """Milliseconds to the first frame that shows `ready`, and MiB resident then."""
    env = dict(os.environ, HOME=str(folder), XDG_STATE_HOME=str(folder / "state"))
    with Terminal(command, size=(120, 40), env=env, cwd=folder) as terminal:
        took = terminal.wait_for(ready, seconds=30)
        return took * 1000, terminal.resident_mib()


def key_latency(command: list[str], ready: str, folder: Path, wait: float) -> list[float]:
    env = dict(os.environ, HOME=str(folder), XDG_STATE_HOME=str(folder / "state"))
    with Terminal(command, size=(120, 40), env=env, cwd=folder) as terminal:
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
        frames: dict[str, list[float]] = {"bare": [], "wizard": []}
        memory = []
        for _ in range(ROUNDS):
            frames["bare"].append(first_frame(bare, "ready", folder)[0])
            took, mib = first_frame(wizard, "launchready", folder)
            frames["wizard"].append(took)
            memory.append(mib)
        ratio = statistics.median(frames["wizard"]) / statistics.median(frames["bare"])
        print(f"first frame {ratio:.2f}× a bare app (wanted ≤ 1.35×)")
        print(f"{statistics.median(memory):.0f} MiB at the first frame (wanted ≤ 55)")
        plain = key_latency(hello, "row 1", folder, 0.5)
        busy = key_latency([*wizard, "demo"], "Quick audit", folder, 0.0)
        print(
            f"key to paint p95 {p95(busy):.0f} ms against {p95(plain):.0f} ms:"
            f" {p95(busy) / p95(plain):.2f}× (wanted ≤ 2.5×)"
        )


if __name__ == "__main__":
    main()
