"""Escape sequences, bidi controls and markup in every fact: none of it reaches the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.session import Session
from screen_sprints import outcomes_of, sprint, traffic, wizard
from terminal import Terminal

HOSTILE = (
    "A \x1b]0;PWNED\x07 B \x1b[2JC \x9b31mD \u202e E [/etc/passwd] [@click=app.bell]x[/] [bold"
)
FORBIDDEN = (b"\x1b]0;PWNED", b"\x1b[2JC", b"\xc2\x9b", b"\xe2\x80\xae")


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sprint in whose record everything foreign is hostile."""
    root = tmp_path_factory.mktemp("poisoned")
    facts = {"TrafficPath": traffic(text=HOSTILE)}
    sprint(root, outcomes_of(text=HOSTILE), facts=facts)
    session = Session.open(root)
    session.note("tls.certificate", HOSTILE, by=f"Zed{HOSTILE}")
    session.say("mail", HOSTILE, by=f"Zed{HOSTILE}")
    session.request(HOSTILE, effect=HOSTILE)
    session.pause(HOSTILE)
    session.close()
    return root


def harmless(terminal: Terminal) -> None:
    found = [bad for bad in FORBIDDEN if bad in terminal.raw]
    assert not found
    assert terminal.screen.title != "PWNED"


PAGES: dict[str, tuple[list[str], str]] = {
    "stage": ([], "A certificate|blocker"),
    "detail": (["enter"], "Why it matters"),
    "passed items": (["G", "down", "up"], "blocker"),
    "risks": (["l", "?"], "100 ×"),
    "bar": (["b", "down", "down"], "Minimum bar"),
    "guide": (["g", "down", "down", "down"], "Handover guide"),
    "edit facts": (["e", "down", "down", "down", "down", "down", "down"], "traffic path"),
    "accept": (["w"], "Accept this risk"),
    "note": (["n"], "Note"),
    "export": (["x"], "Export"),
    "palette": (["\x10", "t", "l", "s"], "(?i)tls"),
    "help": (["?"], "Signs|Check this item"),
    "toast": (["p"], "(?i)clock|blocker"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_fact_does_nothing_on_any_page(poisoned: Path, name: str) -> None:
    keys, wanted = PAGES[name]
    with wizard(poisoned, size=(150, 44)) as terminal:
        terminal.until("NO-GO")
        terminal.press(*keys)
        terminal.until(wanted)
        terminal.quiet()
        harmless(terminal)
        assert "launchready stopped" not in terminal.text


def test_hostile_evidence_is_harmless_when_pasted_and_shown_back(poisoned: Path) -> None:
    with wizard(poisoned, size=(120, 44)) as terminal:
        terminal.until("NO-GO")
        terminal.press("/")
        terminal.until("words to look for")
        terminal.press(*"needs you", "enter")
        terminal.until("items found")
        terminal.press("a")
        terminal.until("Does it hold")
        terminal.quiet()
        terminal.press("y", "tab")
        terminal.until("● yes")
        terminal.paste(HOSTILE.replace("\x1b[", "\x1b ["))
        terminal.until("passwd")
        terminal.press("f2")
        terminal.until("We will keep this")
        terminal.press("f2")
        terminal.until("Answer kept")
        terminal.quiet()
        harmless(terminal)


def test_a_hostile_folder_and_launch_file_are_harmless_at_home(tmp_path: Path) -> None:
    folder = tmp_path / "x\x1b[2JC [bold"
    folder.mkdir()
    text = 'domain = "acme.test\\u001b]0;PWNED\\u0007"\nnonsense = "\\u202e[/etc/passwd]"\n'
    (folder / "launchready.toml").write_text(text, encoding="utf-8")
    with wizard(folder, size=(120, 40)) as terminal:
        terminal.until("New sprint")
        terminal.quiet()
        harmless(terminal)
