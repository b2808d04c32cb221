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


class Promises:
    """What writers acknowledged before they were killed."""

    def __init__(self) -> None:
        self.notes: set[int] = set()
        self.evidence: set[str] = set()
        self.answer = -1

    def take(self, told: bytes) -> None:
        whole, _, _ = told.decode().rpartition("\n")
        for line in whole.splitlines():
            what, _, value = line.partition(" ")
            if what == "note":
                self.notes.add(int(value))
            elif what == "evidence":
                self.evidence.add(value)
            else:
                self.answer = int(value)


def started(root: Path, first: int) -> subprocess.Popen[bytes]:
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(root), str(first)], stdout=subprocess.PIPE, env=env
    )


def killed(root: Path, first: int, delay: float, promises: Promises, *, at_once: bool) -> None:
    """Start a writer and kill it `delay` seconds after its start, or after its first word."""
    writer = started(root, first)
    assert writer.stdout is not None
    told = b"" if at_once else writer.stdout.readline()
    time.sleep(delay)
    writer.kill()
    promises.take(told + writer.stdout.read())
    writer.wait()


def is_whole(root: Path, promises: Promises) -> None:
    store = Store.open(root)
    try:
        assert not store.read_only, store.lock_holder
        assert store.damaged() == ()
        assert store.verify() == ()
        assert not list(store.folder.rglob("*.tmp"))
        held = {int(note.id[1:]): note.text for note in store.notes()}
        assert promises.notes <= set(held)
        assert all(text.split() == [str(number)] * 50 for number, text in held.items())
        for ident in promises.evidence:
            assert store.evidence(ident)
        answers = store.attestations()
        if promises.answer >= 0:
            number = int(answers["a.b"].note.split()[0])
            assert answers["a.b"].note.split() == [str(number)] * 50
            # An undo may have happened and not been acknowledged any more: one step back.
            assert promises.answer - 1 <= number <= max(held)
        told = {entry.path: entry.after for entry in store.journal()}
        for path, text in told.items():
            file = root / ".launchready" / path
            assert (file.read_text() if file.exists() else None) == text
    finally:
        store.close()


@pytest.mark.slow
def test_kill_9_at_two_hundred_random_moments_loses_nothing(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    Store.create(root, domain="acme.test").close()
    chance = random.Random(7208)
    promises = Promises()
    for kill in range(KILLS):
        at_once = kill % 4 == 3
        delay = chance.uniform(0.05, 0.25) if at_once else chance.uniform(0.0, 0.03)
        killed(root, 1 + kill * 10_000, delay, promises, at_once=at_once)
        if kill % 10 == 9:
            is_whole(root, promises)
    assert len(promises.notes) >= KILLS // 2
    is_whole(root, promises)


def test_a_change_that_was_journalled_but_not_written_is_finished(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    Store.create(root, domain="acme.test").close()
    killed(root, 1, 0.0, Promises(), at_once=False)
    journal = root / ".launchready" / "journal.jsonl"
    whole, newline, _ = journal.read_bytes().rpartition(b"\n")
    journal.write_bytes(whole + newline)
    last = json.loads(whole.splitlines()[-1])
    file = root / ".launchready" / last["path"]
    if last["before"] is None:
        file.unlink(missing_ok=True)
    else:
        file.write_text(last["before"])
    store = Store.open(root)
    assert (file.read_text() if file.exists() else None) == last["after"]
    store.close()


def test_a_torn_last_line_is_kept_aside_and_the_journal_goes_on(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    Store.create(root, domain="acme.test").close()
    killed(root, 1, 0.0, Promises(), at_once=False)
    journal = root / ".launchready" / "journal.jsonl"
    whole, newline, _ = journal.read_bytes().rpartition(b"\n")
    whole += newline
    journal.write_bytes(whole + b'{"id": "99", "at": "2026-')
    store = Store.open(root)
    assert journal.read_bytes() == whole
    (aside,) = journal.parent.glob("journal.torn-*")
    assert aside.read_bytes() == b'{"id": "99", "at": "2026-'
    assert store.damaged() == ()
    assert store.undo("Ana") is not None
    store.close()


def test_another_process_only_reads_until_the_writer_is_gone(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    Store.create(root, domain="acme.test").close()
    writer = started(root, 1)
    assert writer.stdout is not None
    writer.stdout.readline()
    second = Store.open(root)
    assert second.read_only
    assert f"process {writer.pid} on" in second.lock_holder
    assert second.damaged() == ()
    second.close()
    writer.kill()
    writer.communicate()
    third = Store.open(root)
    assert not third.read_only, third.lock_holder
    third.close()
