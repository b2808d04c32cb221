"""Sittings with real checks: the demo company, and a new sprint whose name server is silent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from launchready_tui.authority import probes_for
from launchready_tui.catalogue import load
from launchready_tui.model import Level
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
TITLES = {1: "Quick audit", 4: "Protect traffic"}


def checked(terminal: Terminal, *keys: str) -> str:
    """Press keys that start checks, and wait for their end."""
    terminal.press(*keys)
    terminal.until(RUNNING)
    terminal.until(AT_REST, seconds=60)
    return terminal.quiet()


def looked(terminal: Terminal, stage: int) -> list[str]:
    """Go to a stage, check it, allow every probe but the load; the open faults then."""
    terminal.press(str(stage))
    terminal.until(TITLES[stage])
    checked(terminal, "R")
    terminal.press("T")
    terminal.until("Send more than a visitor would.*leave out")
    terminal.quiet()
    for probe in probes_for(load(), [item.id for item in load().of_stage(stage)]):
        terminal.press("tab", *(("left",) if probe.level is Level.ACTIVE else ()))
    terminal.quiet()
    checked(terminal, "f2")
    return broken(terminal)


def broken(terminal: Terminal) -> list[str]:
    """The open faults of the stage in front, by the titles of their items."""
    return re.findall(r"^  ✗ \w+ +(\w.{0,30})", terminal.text, re.M)


@pytest.mark.slow
def test_stages_one_and_four_are_walked_from_broken_to_green(tmp_path: Path) -> None:
    with wizard(tmp_path, DEMO, size=(110, 50)) as terminal:
        terminal.until(BLOCKERS)
        terminal.until(AT_REST, seconds=60)
        assert len(looked(terminal, 1)) >= 12
        assert len(looked(terminal, 4)) >= 12
        assert blockers(terminal) >= 10
        terminal.press("l")
        listed = re.search(r"(\d+) open risks", terminal.until("open risks, the worst"))
        assert listed
        for _ in range(int(listed[1])):
            terminal.press("f", "down")
        terminal.quiet()
        assert looked(terminal, 1) == []
        assert looked(terminal, 4) == []
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
