"""`kill -9` at any moment loses nothing that was acknowledged and leaves nothing half written."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launchready_tui.sprint.store import Store

WRITER = Path(__file__).with_name("writer.py")
ROOT = WRITER.parent.parent.parent
KILLS = 200


def killed_after(root: Path, first: int, delay: float) -> list[int]:
    """Start a writer, kill it `delay` seconds after its first acknowledgement; what it promised."""
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    writer = subprocess.Popen(
        [sys.executable, str(WRITER), str(root), str(first)], stdout=subprocess.PIPE, env=env
    )
    assert writer.stdout is not None
    promised = writer.stdout.readline()
    time.sleep(delay)
    writer.kill()
    promised += writer.stdout.read()
    writer.wait()
    whole, _, _ = promised.decode().rpartition("\n")
    return [int(line) for line in whole.splitlines()]


@pytest.mark.slow
def test_kill_9_at_two_hundred_random_moments_loses_nothing(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    Store.create(root, domain="acme.test").close()
    chance = random.Random(7208)
    promised: set[int] = set()
    for kill in range(KILLS):
        promised.update(killed_after(root, kill * 10_000, chance.uniform(0.0, 0.03)))
        if kill % 20 == 19:
            _whole(root, promised)
    assert len(promised) >= KILLS
    _whole(root, promised)


def _whole(root: Path, promised: set[int]) -> None:
    store = Store.open(root)
    try:
        assert not store.read_only, store.lock_holder
        assert store.damaged() == ()
        held = {int(note.id[1:]): note.text for note in store.notes()}
        assert promised <= set(held)
        assert all(text.split() == [str(number)] * 50 for number, text in held.items())
        told = {
            entry.path: entry.after for entry in store.journal() if entry.path.startswith("notes/")
        }
        for path, text in told.items():
            assert (root / ".launchready" / path).read_text() == text
    finally:
        store.close()


def test_a_change_that_was_journalled_but_not_written_is_finished(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    Store.create(root, domain="acme.test").close()
    assert killed_after(root, 0, 0.0)
    journal = root / ".launchready" / "journal.jsonl"
    last = json.loads(journal.read_text().splitlines()[-1])
    (root / ".launchready" / last["path"]).unlink(missing_ok=True)
    store = Store.open(root)
    assert (root / ".launchready" / last["path"]).read_text() == last["after"]
    store.close()


def test_a_torn_last_line_is_kept_aside_and_the_journal_goes_on(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    Store.create(root, domain="acme.test").close()
    killed_after(root, 0, 0.0)
    journal = root / ".launchready" / "journal.jsonl"
    whole, newline, _ = journal.read_bytes().rpartition(b"\n")
    whole += newline
    journal.write_bytes(whole + b'{"number": 99, "at": "2026-')
    store = Store.open(root)
    assert journal.read_bytes() == whole
    assert list(journal.parent.glob("journal.torn-*"))
    assert store.damaged() == ()
    store.close()
