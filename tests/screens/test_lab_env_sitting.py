"""A sitting with the demo company's settings: from none with an owner to a complete map."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from screen_sprints import wizard
from screens.test_lab_sitting import AT_REST, BLOCKERS, DEMO, RUNNING, broken, checked
from terminal import Terminal

EXPOSED = ("API_TOKEN", "TIDE_API_KEY")
"""What the tracked settings file of production holds."""


def typed(terminal: Terminal, *fields: str) -> None:
    """Fill in the fields of a form from the first one on, as fast as a person; "" goes on."""
    for number, text in enumerate(fields):
        if number:
            terminal.press("tab")
        terminal.quiet(0.1)
        terminal.press(*text)
    terminal.quiet(0.1)


def kept(terminal: Terminal, told: str) -> None:
    terminal.press("f2")
    terminal.until(told)
    terminal.quiet(0.1)


def found_by(terminal: Terminal, words: str) -> None:
    """Let the map show only what the words fit."""
    terminal.press("/")
    terminal.quiet(0.1)
    terminal.press(*["backspace"] * 20, *words, "enter")
    terminal.until("settings? |None of")
    terminal.quiet(0.1)


def owned(terminal: Terminal) -> None:
    """One owner for all, a second and a day for the secrets; then one setting by itself."""
    terminal.press("f9")
    terminal.until("Taken from the example file: the purpose of 7 settings")
    terminal.quiet(0.1)
    today = datetime.now(UTC).date().isoformat()
    terminal.press("f4")
    terminal.until("Fill in all that are shown")
    typed(terminal, "Nadia Osei", "Tom Reyes", "Render", "", "90", today)
    kept(terminal, "filled in")
    assert "0 without an owner" in terminal.text
    found_by(terminal, "api_token")
    terminal.press("enter")
    terminal.until("One setting")
    assert "Machines read work orders with this token." in terminal.quiet(0.1)
    typed(terminal, "", "the board stays empty")
    kept(terminal, "API_TOKEN: kept")
    assert "✓ complete" in terminal.text


def replaced(terminal: Terminal, name: str) -> None:
    """From found to closed; the place and the environment stand there already."""
    found_by(terminal, name.lower())
    steps: dict[str, tuple[str, ...]] = {
        "found": (),
        "replaced": (),
        "deployed": (),
        "revoked": (),
        "proven": ("", "HTTP 401 from the API"),
        "closed": (),
    }
    for step, fields in steps.items():
        terminal.press("f5")
        screen = terminal.until(rf"This records: {step}\..*Who says so.*f2 keep")
        assert step != "found" or re.search(r"git \.env\.production:\d", screen)
        assert step != "deployed" or re.search(r"In use in +prod", screen)
        typed(terminal, *fields)
        kept(terminal, f"{name}: recorded as {step}")
    assert "being replaced" not in terminal.text


@pytest.mark.slow
def test_the_env_map_goes_from_found_to_closed_by_hand(tmp_path: Path) -> None:
    with wizard(tmp_path, DEMO, size=(110, 50)) as terminal:
        terminal.until(BLOCKERS)
        terminal.until(AT_REST, seconds=60)
        terminal.press("2")
        terminal.until("Config and secrets")
        checked(terminal, "R")
        before = broken(terminal)
        assert "There is no complete map" in " ".join(before)
        assert "An exposed key still works" in terminal.text
        terminal.press("v")
        terminal.until(r"28 settings · 28 without an owner")
        terminal.quiet()
        owned(terminal)
        for name in EXPOSED:
            replaced(terminal, name)
        terminal.press("esc")
        terminal.until(RUNNING)
        terminal.until(AT_REST, seconds=60)
        assert "An exposed key still works" not in terminal.text
        assert "There is no complete map" not in terminal.text
        assert len(broken(terminal)) < len(before)
        mended(terminal)
        assert broken(terminal) == []
        assert "● needs you" in terminal.text
        terminal.press("q")
        assert terminal.ended() == 0


def mended(terminal: Terminal) -> None:
    """Let the admin mend every risk, and look at both stages again."""
    terminal.press("l")
    listed = re.search(r"(\d+) open risks", terminal.until("open risks, the worst"))
    assert listed
    for _ in range(int(listed[1])):
        terminal.press("f", "down")
    terminal.quiet()
    for stage, title in (("1", "Quick audit"), ("2", "Config and secrets")):
        terminal.press(stage)
        terminal.until(title)
        checked(terminal, "R")
