"""Sittings with real checks: the demo company, and a new sprint whose name server is silent."""

from __future__ import annotations

from pathlib import Path

from launchready_tui.session import Session
from screen_sprints import ROOT, RUN, wizard
from terminal import Terminal

DEMO = RUN + "sys.exit(run(Path(sys.argv[1]), demo=True))"
SILENT = """
import sys
from pathlib import Path
from launchready_screens import run
from launchready_tui.network import Options
sys.exit(run(Path(sys.argv[1]), options=Options(resolver="127.0.0.1:9")))
"""
BLOCKERS = r"NO-GO  (\d+) blockers"


def blockers(terminal: Terminal) -> int:
    """The number in the verdict line."""
    line = terminal.text.splitlines()[0]
    return int(line.partition("NO-GO")[2].split()[0])


def test_the_demo_is_checked_mended_and_seen_to_be_mended(tmp_path: Path) -> None:
    with wizard(tmp_path, DEMO, size=(140, 44)) as terminal:
        terminal.until("Starting a flawed company|harbour-ops")
        terminal.until(BLOCKERS)
        terminal.until(r"harbour-ops.test →.*unknown")
        terminal.until(r"✗ blocker +A certificate stops visitors")
        terminal.quiet()
        before = blockers(terminal)
        terminal.press("/")
        terminal.until("words to look for")
        terminal.press(*"stops visitors", "enter")
        terminal.until("1 item found")
        terminal.press("f")
        terminal.until("Press r to look again|look")
        terminal.quiet()
        terminal.press("r")
        terminal.until("Before.*After.*✓ gone")
        assert blockers(terminal) <= before
        terminal.press("q")
        assert terminal.ended() == 0
    assert list(tmp_path.iterdir()) == []


def test_quitting_while_checks_run_ends_at_once_and_restores_the_terminal(tmp_path: Path) -> None:
    with wizard(tmp_path, DEMO, size=(100, 30)) as terminal:
        terminal.until(r"\d+ of \d+")
        terminal.press("q")
        assert terminal.ended(seconds=8) == 0
        assert b"\x1b[?1049l" in terminal.raw


def test_a_new_sprint_begins_with_consent_and_looks_by_itself(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with wizard(tmp_path, SILENT, size=(110, 36)) as terminal:
        terminal.until("New sprint")
        terminal.press("n")
        terminal.until("I am authorised")
        terminal.quiet()
        terminal.press(*"acme.test")
        terminal.until("test acme.test, what is below it")
        terminal.press("tab", "tab", "tab", "tab")
        terminal.quiet()
        terminal.press(*"Zed Wright")
        terminal.until("Zed Wright, passive")
        terminal.press("f2")
        terminal.until("NOT YET KNOWN|NO-GO")
        terminal.until(r"checking|\? unknown")
        terminal.press("c")
        terminal.until("Stopping|unknown")
        terminal.press("q")
        assert terminal.ended() == 0
    session = Session.open(tmp_path)
    try:
        assert (session.target.domain, session.target.repo) == ("acme.test", str(tmp_path))
        consent = session.store.consents()[0]
        assert (consent.by, str(consent.level), consent.hosts) == (
            "Zed Wright",
            "passive",
            ("acme.test",),
        )
    finally:
        session.close()


def test_the_picture_in_the_docs_names_no_machine() -> None:
    picture = (ROOT / "docs" / "wizard.svg").read_text(encoding="utf-8")
    assert "NO-GO" in picture.replace("&#160;", " ")
    for path in ("/root", "/home/", "/tmp/", "/Users/", str(ROOT)):
        assert path not in picture
