"""How the wizard treats the terminal: it is refused where none is, and given back whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from screen_sprints import RUN, environment, outcomes_of, sprint, wizard

RESTORED = (b"\x1b[?1049l", b"\x1b[?1003l")


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_ends_it_and_gives_the_terminal_back(tmp_path: Path, name: str, code: int) -> None:
    with wizard(tmp_path) as terminal:
        terminal.until("New sprint")
        terminal.kill(getattr(signal, name))
        assert terminal.ended() == code
        assert all(wanted in terminal.raw for wanted in RESTORED)


@pytest.mark.parametrize("demo", [False, True], ids=["a sprint", "the demo"])
def test_a_window_that_is_closed_leaves_no_process_behind(tmp_path: Path, demo: bool) -> None:
    made = tmp_path if demo else sprint(tmp_path / "acme", outcomes_of())
    code = RUN + f"sys.exit(run(Path(sys.argv[1]), demo={demo}))"
    with wizard(made, code, TMPDIR=str(tmp_path)) as terminal:
        terminal.until("NO-GO")
        terminal.hang_up()
        assert terminal.ended(seconds=40) == 129
    assert list(tmp_path.glob("launchready-*")) == []


def test_q_leaves_with_0(tmp_path: Path) -> None:
    with wizard(tmp_path) as terminal:
        terminal.until("New sprint")
        terminal.press("q")
        assert terminal.ended() == 0


@pytest.mark.parametrize("streams", ["stdin", "stdout", "stderr"])
def test_without_a_terminal_it_says_so_and_never_loads_textual(
    tmp_path: Path, streams: str
) -> None:
    code = RUN + "c = run(Path()); sys.exit(100 if 'textual' in sys.modules else c)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL, cwd=tmp_path, timeout=20,
    )  # fmt: skip
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
    assert done.stdout == ""


def test_a_dumb_terminal_is_refused(tmp_path: Path) -> None:
    with wizard(tmp_path, TERM="dumb") as terminal:
        assert terminal.ended() == 2
        assert "needs a terminal" in terminal.text
        assert b"\x1b[?1049h" not in terminal.raw


def test_the_log_that_would_hold_every_key_is_ignored(tmp_path: Path) -> None:
    log = tmp_path / "keys.log"
    with wizard(tmp_path, TEXTUAL_LOG=str(log), TEXTUAL="devtools,debug") as terminal:
        terminal.until("New sprint")
        terminal.press("n")
        terminal.until("Your name")
        terminal.press("s", "e", "c", "r", "e", "t")
        terminal.quiet()
        assert not log.exists()


CRASH = """
import sys
from pathlib import Path
from launchready_screens import app, home, run

def broken(self):
    typed = "hunter2-typed-by-a-person"
    raise ValueError(f"not good: {typed}")

home.HomePage.action_demo = broken
sys.exit(run(Path(sys.argv[1])))
"""


def test_a_crash_shows_and_keeps_no_value(tmp_path: Path, own_home: Path) -> None:
    with wizard(tmp_path, CRASH) as terminal:
        terminal.until("New sprint")
        terminal.press("d")
        assert terminal.ended() == 70
        assert "our bug, not yours" in terminal.text
        assert b"hunter2" not in terminal.raw
        assert all(wanted in terminal.raw for wanted in RESTORED)
    reports = list((own_home / "state").rglob("crashes/*.txt"))
    assert len(reports) == 1
    report = reports[0].read_text(encoding="utf-8")
    assert "in broken" in report
    assert "ValueError" in report
    assert "hunter2" not in report
    assert str(Path.home()) not in report
    assert reports[0].stat().st_mode & 0o077 == 0


HYGIENE = """
import sys
from pathlib import Path
from launchready_screens.app import Wizard

LATER = ("h11", "dns", "keyring", "markdown_it", "cryptography",
         "textual.widgets._markdown", "textual.widgets._data_table", "textual.widgets._text_area")

class Looking(Wizard):
    def on_mount(self):
        self.call_after_refresh(self._look_and_end)
    def _look_and_end(self):
        self.exit(return_code=0, message=" ".join(m for m in LATER if m in sys.modules) or "clean")

wizard = Looking(Path(sys.argv[1]))
wizard.run()
"""


@pytest.mark.parametrize("resumed", [False, True])
def test_the_first_frame_imports_nothing_that_can_wait(tmp_path: Path, resumed: bool) -> None:
    if resumed:
        sprint(tmp_path, outcomes_of())
    code = HYGIENE.replace("LATER = (", 'LATER = ("launchready_tui.session", ')
    with wizard(tmp_path, code, size=(120, 40)) as terminal:
        terminal.ended()
        assert "clean" in terminal.text


def test_the_page_of_a_resumed_sprint_imports_nothing_for_checking(tmp_path: Path) -> None:
    sprint(tmp_path, outcomes_of())
    code = HYGIENE.replace("def on_mount", "def begin").replace("clean", "clean {self.live.ran}")
    code = code.replace('"clean {', 'f"clean {')
    with wizard(tmp_path, code, size=(120, 40)) as terminal:
        terminal.ended()
        assert "clean True" in terminal.text
