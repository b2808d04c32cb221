"""A DNS name is watched while a person goes on: told in the status line, rung, kept as evidence."""

from __future__ import annotations

from pathlib import Path

from screen_sprints import RUN, outcomes_of, sprint, wizard
from servers.moving_dns import moving_dns

OLD, NEW = "1 192.0.2.1", "1 192.0.2.2"
ZONE = {"NS acme.test": "60 ns1.acme.test.", "A ns1.acme.test": "60 127.0.0.53"}
OPENED = (
    RUN
    + """
from launchready_tui.network import Options
resolver, pin = RESOLVER
sys.exit(run(Path(sys.argv[1]), options=Options(resolver=resolver, connect=(pin,))))
"""
)


def opened(resolver: str, pin: str) -> str:
    return OPENED.replace("RESOLVER", repr((resolver, pin)))


def test_a_change_rings_and_is_kept_while_the_person_reads_on(tmp_path: Path) -> None:
    folder = sprint(tmp_path / "acme", outcomes_of())
    with (
        moving_dns({**ZONE, "A acme.test": [OLD, NEW]}) as cache,
        moving_dns({"A acme.test": [OLD, NEW]}, authoritative=True) as own,
        wizard(
            folder, opened(cache.endpoint, f"127.0.0.53:53={own.endpoint}"), size=(110, 36)
        ) as terminal,
    ):
        terminal.until("NO-GO")
        terminal.quiet()
        terminal.press("d")
        terminal.until("Watch a DNS name.*acme.test")
        terminal.quiet()
        terminal.press("tab", "tab")
        terminal.quiet()
        terminal.press(*"192.0.2.2")
        terminal.until("192.0.2.2")
        terminal.press("enter")
        terminal.until("Watching A acme.test")
        terminal.press("l")
        terminal.until("watching A acme.test|A acme.test is there since")
        terminal.until("✓ A acme.test is there since", seconds=40)
        assert b"\x07" in terminal.raw
        terminal.press("q")
        assert terminal.ended() == 0
    journal = (folder / ".launchready" / "journal.jsonl").read_text("utf-8")
    assert "watched A of acme.test: is there" in journal
    proofs = [path.read_text("utf-8") for path in (folder / ".launchready").rglob("*.txt")]
    assert any("192.0.2.1" in proof and "192.0.2.2" in proof for proof in proofs)


def test_a_watch_is_listed_and_can_be_stopped(tmp_path: Path) -> None:
    folder = sprint(tmp_path / "acme", outcomes_of())
    with (
        moving_dns({**ZONE, "A acme.test": OLD}) as cache,
        wizard(
            folder, opened(cache.endpoint, "127.0.0.53:53=127.0.0.1:9"), size=(80, 24)
        ) as terminal,
    ):
        terminal.until("NO-GO")
        terminal.quiet()
        terminal.press("d")
        terminal.until("Watch a DNS name")
        terminal.quiet()
        terminal.press("f2")
        terminal.until("watching A acme.test")
        terminal.press("d")
        terminal.until("now 192.0.2.1")
        terminal.press("\x1b[Z")
        terminal.quiet()
        terminal.press("\x1b[3~")
        terminal.until("stopped; kept")
        terminal.press("esc", "q")
        assert terminal.ended() == 0


def test_what_is_no_name_and_no_record_is_refused_in_the_form(tmp_path: Path) -> None:
    folder = sprint(tmp_path / "acme", outcomes_of())
    with wizard(
        folder, opened("127.0.0.1:9", "127.0.0.53:53=127.0.0.1:9"), size=(80, 24)
    ) as terminal:
        terminal.until("NO-GO")
        terminal.quiet()
        terminal.press("d")
        terminal.until("Watch a DNS name")
        terminal.quiet()
        terminal.press(*" x y", "f2")
        terminal.until("is not a host name")
        terminal.press("tab", *"ZZ", "f2")
        terminal.until("The record is one of")
        terminal.press("esc", "q")
        assert terminal.ended() == 0
