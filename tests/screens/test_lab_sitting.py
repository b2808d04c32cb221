"""Sittings with real checks: the demo company, and a new sprint whose name server is silent."""

from __future__ import annotations

import re
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
        terminal.until("items? found")
        terminal.press("f")
        terminal.until("Press r to look again|look")
        terminal.quiet()
        terminal.press("r")
        terminal.until("Before.*After.*✓ gone")
        assert blockers(terminal) <= before
        terminal.press("q")
        assert terminal.ended() == 0
    assert list(tmp_path.iterdir()) == []


RUNNING = "c cancel"
"""What the footer offers while checks run."""
AT_REST = rf"\A(?!.*{RUNNING}).*q quit"
ELSEWHERE = ("DNS stops the next", "Some visitors reach")
"""Stage 1's items about names: what they find is not the web's."""
PROBES = 9
LOAD = 4
"""How many probes there are for stage 4, and which of them puts load on the app."""


def checked(terminal: Terminal, *keys: str) -> str:
    """Press keys that start checks, and wait for their end."""
    terminal.press(*keys)
    terminal.until(RUNNING)
    terminal.until(AT_REST, seconds=60)
    return terminal.quiet()


def tried(terminal: Terminal) -> str:
    """Allow every probe of the stage in front but the load, and wait for what it brings."""
    terminal.press("T")
    terminal.until("Send more than a visitor would.*leave out")
    terminal.quiet()
    for number in range(1, PROBES + 1):
        terminal.press("tab", *(() if number == LOAD else ("left",)))
    terminal.quiet()
    return checked(terminal, "f2")


def broken(terminal: Terminal) -> list[str]:
    """The open faults of the stage in front, by the titles of their items."""
    rows = re.findall(r"^  ✗ \w+ +(\w.{0,30})", terminal.text, re.M)
    return [row for row in rows if not row.startswith(ELSEWHERE)]


def test_stages_one_and_four_are_walked_from_broken_to_green(tmp_path: Path) -> None:
    with wizard(tmp_path, DEMO, size=(110, 50)) as terminal:
        terminal.until(BLOCKERS)
        terminal.until(AT_REST, seconds=60)
        terminal.press("4")
        terminal.until("Protect traffic")
        checked(terminal, "R")
        tried(terminal)
        before = broken(terminal)
        assert len(before) >= 12
        assert blockers(terminal) >= 8
        terminal.press("l")
        listed = re.search(r"(\d+) open risks", terminal.until("open risks, the worst"))
        assert listed
        for _ in range(int(listed[1])):
            terminal.press("f", "down")
        terminal.quiet()
        terminal.press("1")
        terminal.until("Quick audit")
        checked(terminal, "R")
        assert broken(terminal) == []
        terminal.press("4")
        terminal.until("Protect traffic")
        checked(terminal, "R")
        tried(terminal)
        assert broken(terminal) == []
        terminal.press("q")
        assert terminal.ended() == 0


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
