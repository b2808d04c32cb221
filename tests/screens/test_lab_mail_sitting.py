"""The lab's mail by keyboard alone: from broken to green, with real letters given twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from screen_sprints import wizard
from screens.test_lab_sitting import AT_REST, BLOCKERS, DEMO, broken, checked
from terminal import Terminal

TOLD = "▌"
"""The edge of what is told for some seconds, and then covers the list no more."""
KINDS = ("invite", "reset", "notification")


def find(terminal: Terminal, words: str) -> None:
    """Leave in the list only what holds these words; the item with them in its title is first."""
    terminal.press("/")
    terminal.until("words to look for")
    terminal.press(*words, "enter")
    terminal.until("items? found")


def give(terminal: Terminal, kind: str) -> None:
    """Give the letter that the dialog offers by itself, as found in the inbox."""
    terminal.press("a")
    terminal.until(rf"Which mail.*● {kind}.*{kind}\.eml")
    terminal.quiet(1.0)  # until a field has the focus
    terminal.press("tab")
    terminal.quiet()
    terminal.press("tab")
    terminal.quiet()
    terminal.press("i")
    terminal.until("● inbox")
    terminal.press("f2")
    terminal.until(rf"We will keep this.*Mail: {kind}, found in inbox")
    terminal.quiet()
    terminal.press("f2")
    terminal.until(f"Kept as the proof of the {kind}")
    terminal.until(AT_REST, seconds=60)
    terminal.quiet()


def mend_all(terminal: Terminal) -> None:
    terminal.press("l")
    listed = re.search(r"(\d+) open risks", terminal.until("open risks, the worst"))
    assert listed
    for _ in range(int(listed[1])):
        terminal.press("f", "down")
    terminal.quiet()


@pytest.mark.slow
def test_the_mail_is_walked_from_broken_to_green(tmp_path: Path) -> None:
    with wizard(tmp_path, DEMO, size=(110, 50)) as terminal:
        terminal.until(BLOCKERS)
        terminal.until(AT_REST, seconds=60)
        terminal.press("6")
        terminal.until("Mail that arrives")
        checked(terminal, "R")
        assert len(broken(terminal)) == 7, terminal.text
        find(terminal, "link")
        for kind in KINDS:
            give(terminal, kind)
        terminal.press("esc")
        terminal.until(rf"\A(?!.*{TOLD}).*Nobody has to ask")
        assert len(broken(terminal)) == 9, terminal.text
        mend_all(terminal)
        terminal.press("6")
        terminal.until("Mail that arrives")
        checked(terminal, "R")
        find(terminal, "link")
        for kind in KINDS:
            give(terminal, kind)
        terminal.press("esc")
        terminal.until(rf"\A(?!.*{TOLD}).*Nobody has to ask")
        assert broken(terminal) == [], terminal.text
        terminal.press("q")
        assert terminal.ended() == 0
