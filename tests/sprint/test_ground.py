"""The record on bad ground: links, hand edits, newer versions, other threads, other clones."""

from __future__ import annotations

import json
import shutil
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchready_tui.model import (
    Attestation,
    Confidence,
    Consent,
    Finding,
    Level,
    Note,
    Outcome,
    Seen,
    Severity,
    State,
    Waiver,
)
from launchready_tui.outcomes import failed
from launchready_tui.sprint.atomic import CannotWrite
from launchready_tui.sprint.clock import ClockEvent, view
from launchready_tui.sprint.store import Changed, Locked, SavedRun, Store

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    created = Store.create(tmp_path / "acme", domain="acme.test")
    yield created
    created.close()


def note(text: str, ident: str = "n1", at: datetime = NOW) -> Note:
    return Note(id=ident, at=at, by="Ana", item="logs.review", text=text)


def answer(says: str = "pass", item: str = "logs.review") -> Attestation:
    return Attestation(item=item, by="Ana", at=NOW, says=says)  # type: ignore[arg-type]


def reopened(store: Store) -> Store:
    store.close()
    return Store.open(store.root)


# ---------------------------------------------------------------- how a file looks


def test_a_file_is_a_few_plain_lines_in_a_fixed_order(store: Store) -> None:
    berlin = timezone(timedelta(hours=1))
    store.attest(
        Attestation(
            item="logs.review",
            by="Ana\nRuiz",
            at=datetime(2026, 11, 25, 10, 0, 5, 999, tzinfo=berlin),
            says="pass",
            note="first line\r\nsecond line\n",
        )
    )
    assert (store.folder / "attest" / "logs.review.toml").read_text() == (
        'schema = 1\nitem = "logs.review"\nby = "Ana\\\\nRuiz"\nat = 2026-11-25T09:00:05Z\n'
        'says = "pass"\nnote = """\nfirst line\nsecond line"""\n'
    )


def test_what_a_newer_version_wrote_survives_when_we_write_the_record_again(store: Store) -> None:
    store.attest(answer("pass"))
    path = store.folder / "attest" / "logs.review.toml"
    newer = path.read_text().replace("schema = 1", "schema = 2") + (
        'seen_by = "Ben"\nwhen = 2026-11-25T09:00:00Z\n[proof]\nkind = "call"\nlist = [1, 2]\n'
    )
    path.write_text(newer)
    again = reopened(store)
    assert again.damaged() == ()
    again.attest(answer("fail"))
    assert tomllib.loads(path.read_text()) == tomllib.loads(newer.replace('"pass"', '"fail"'))
    assert again.undo("Ana") is not None
    assert path.read_text() == newer
    again.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200), item=st.text(max_size=60), by=st.text(max_size=40))
def test_whatever_people_type_is_read_back_as_it_is_in_memory(
    store: Store, text: str, item: str, by: str
) -> None:
    store.note(Note(id=item, at=NOW, by=by, item=item, text=text))
    other = Store.open(store.root, read_only=True)
    assert other.damaged() == ()
    assert other.notes() == store.notes()


def test_a_run_with_findings_is_read_back_whole(store: Store) -> None:
    found = Finding(
        code="tls-expired",
        subject="acme.test",
        observed='“"quoted"” [x]\nline',
        params={"host": "acme.test", "empty": ""},
        confidence=Confidence.LIKELY,
        severity=Severity.LOW,
    )
    run = SavedRun(
        at=NOW,
        version="1",
        outcomes={
            "b.b": failed("one", (found,), (Seen(label="l", value="v", source="s"),)),
            "a.a": Outcome(state=State.NOT_APPLICABLE, summary="", cause="c"),
        },
        requests={"GET/passive": 3, "DNS/passive": 2},
    )
    store.write_run(run)
    assert store.last_run() == run
    text = (store.folder / "runs" / "last.toml").read_text()
    assert text.index("a.a") < text.index("b.b")
    assert text.index("DNS/passive") < text.index("GET/passive")


def test_a_broken_run_makes_way_for_the_next_one(store: Store) -> None:
    path = store.folder / "runs" / "last.toml"
    path.parent.mkdir()
    path.write_text("at = yesterday")
    assert store.last_run() is None
    assert "line 1" in store.damaged()[0].message
    store.write_run(SavedRun(at=NOW, version="1"))
    assert path.with_name("last.toml.damaged-1").read_text() == "at = yesterday"
    assert store.last_run() == SavedRun(at=NOW, version="1")
    assert store.damaged() == ()


# ---------------------------------------------------------------- hands other than ours


def test_a_record_that_broke_while_the_sprint_was_open_is_not_overwritten(store: Store) -> None:
    store.attest(answer("pass"))
    path = store.folder / "attest" / "logs.review.toml"
    path.write_text("half a line =")
    store.attest(answer("fail"))
    assert path.with_name("logs.review.toml.damaged-1").read_text() == "half a line ="
    path.write_bytes(b"\xff\xfe")
    store.attest(answer("pass"))
    assert path.with_name("logs.review.toml.damaged-2").read_bytes() == b"\xff\xfe"


def test_damage_says_the_line_the_key_what_was_expected_and_what_was_meant(store: Store) -> None:
    path = store.folder / "waive" / "a.b.toml"
    path.parent.mkdir()
    path.write_text('item = "a.b"\nby = "Ana"\nuntill = 2026-12-01\n')
    again = reopened(store)
    (damage,) = again.damaged()
    assert (damage.file, damage.line, damage.key) == ("waive/a.b.toml", 3, "untill")
    assert damage.expected == "this key is not known here"
    assert damage.suggestion == "Did you mean until?"
    assert str(path) in str(damage)
    again.close()


def test_a_copied_file_does_not_speak_for_the_record_it_was_copied_from(store: Store) -> None:
    store.attest(answer("pass"))
    folder = store.folder / "attest"
    shutil.copy(folder / "logs.review.toml", folder / "secrets.scan.toml")
    again = reopened(store)
    assert list(again.attestations()) == ["logs.review"]
    assert "Name it logs.review.toml" in again.damaged()[0].message
    again.attest(answer("fail", item="secrets.scan"))
    assert (folder / "secrets.scan.toml.damaged-1").exists()
    again.close()


def test_a_record_that_was_taken_away_by_hand_stays_away(store: Store) -> None:
    store.note(note("one"))
    (store.folder / "notes" / "n1.toml").unlink()
    again = reopened(store)
    assert again.notes() == ()
    with pytest.raises(Changed):
        again.undo("Ana")
    again.close()


def test_lines_of_the_journal_that_nobody_understands_are_kept_and_told(store: Store) -> None:
    store.note(note("one"))
    journal = store.folder / "journal.jsonl"
    journal.write_text(f'{{"from": "another tool"}}\n{journal.read_text()}\xff\n[[[[\n')
    content = journal.read_bytes()
    again = reopened(store)
    assert "3 lines cannot be read" in again.damaged()[0].message
    assert len(again.journal()) == 1
    again.note(note("two", ident="n2"))
    assert journal.read_bytes().startswith(content)
    again.close()


def test_a_line_that_a_merge_doubled_counts_once(store: Store) -> None:
    store.note(note("one"))
    journal = store.folder / "journal.jsonl"
    journal.write_text(journal.read_text() * 2)
    again = reopened(store)
    assert len(again.journal()) == 1
    again.close()


def test_undo_in_two_clones_never_takes_back_the_other_s_change(
    store: Store, tmp_path: Path
) -> None:
    store.note(note("base", ident="n0"))
    store.close()
    shutil.copytree(store.root, tmp_path / "theirs")
    mine, theirs = Store.open(store.root), Store.open(tmp_path / "theirs")
    mine.note(note("mine", ident="n1"))
    theirs.note(note("theirs", ident="n2"))
    assert theirs.undo("Ben") is not None
    theirs.close()
    mine.close()
    journal = store.folder / "journal.jsonl"
    others = (tmp_path / "theirs" / ".launchready" / "journal.jsonl").read_text().splitlines()[1:]
    journal.write_text(journal.read_text() + "\n".join(others) + "\n")
    merged = Store.open(store.root)
    undone = merged.undo("Ana")
    assert undone is not None
    assert undone.told == "note n1 by Ana"
    assert [n.id for n in merged.notes()] == ["n0"]
    merged.close()


# ---------------------------------------------------------------- links and places


@pytest.mark.parametrize("name", ["journal.jsonl", "notes/n1.toml", "lock", "lock.holder"])
def test_no_link_is_written_through(tmp_path: Path, name: str) -> None:
    root = tmp_path / "acme"
    Store.create(root, domain="acme.test").close()
    outside = tmp_path / "outside.txt"
    outside.write_text("precious")
    link = root / ".launchready" / name
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(outside)
    opened = Store.open(root)
    try:
        if not opened.read_only and name != "lock.holder":
            with pytest.raises(CannotWrite, match="link"):
                opened.note(note("x"))
    finally:
        opened.close()
    assert outside.read_text() == "precious"


def test_a_record_folder_that_is_a_link_is_only_read(tmp_path: Path) -> None:
    root, outside = tmp_path / "acme", tmp_path / "outside"
    Store.create(root, domain="acme.test").close()
    shutil.rmtree(root / ".launchready")
    outside.mkdir()
    (root / ".launchready").symlink_to(outside)
    opened = Store.open(root)
    assert opened.read_only
    assert "link" in opened.lock_holder
    with pytest.raises(Locked):
        opened.note(note("x"))
    opened.close()
    assert list(outside.iterdir()) == []


def test_evidence_that_is_a_link_is_not_followed_and_told(store: Store, tmp_path: Path) -> None:
    ident = store.add_evidence("seen", "txt")
    path = store.folder / "evidence" / f"{ident}.txt"
    other = tmp_path / "other.txt"
    other.write_text("something else")
    path.unlink()
    path.symlink_to(other)
    assert "was changed" in store.verify()[0]
    with pytest.raises(CannotWrite, match="link"):
        store.add_evidence("seen", "txt")
    assert other.read_text() == "something else"


def test_a_journal_that_names_places_outside_is_not_obeyed(store: Store, tmp_path: Path) -> None:
    store.note(note("one"))
    journal = store.folder / "journal.jsonl"
    line = json.loads(journal.read_text())
    for number, path in enumerate(("../evil.toml", "/etc/evil", "notes/../../evil", "lock/x")):
        hostile = {**line, "id": str(number), "path": path, "before": None, "after": "x"}
        journal.write_text(journal.read_text() + json.dumps(hostile) + "\n")
    (store.folder / "lock.holder").write_text("a killed one")
    store.close()
    (store.folder / "lock.holder").write_text("a killed one")
    again = Store.open(store.root)
    assert not again.read_only
    with pytest.raises(CannotWrite):
        again.undo("Ana")
    assert not list(tmp_path.rglob("*evil*"))
    again.close()


@pytest.mark.parametrize(
    "ident", ["..", ".", ".hidden", "a/b", "a\\b", "ä" * 300, "\x00", "\ud800", "~", "%", ""]
)
def test_every_name_becomes_one_file_in_its_folder_and_comes_back(store: Store, ident: str) -> None:
    store.note(note("x", ident=ident))
    (file,) = (store.folder / "notes").iterdir()
    assert file.is_file()
    assert len(file.name.encode()) < 200
    other = Store.open(store.root, read_only=True)
    assert other.notes() == store.notes()
    assert other.damaged() == ()


# ---------------------------------------------------------------- what cannot be written


def test_a_record_that_cannot_be_written_leaves_no_line_in_the_journal(store: Store) -> None:
    store.note(note("one"))
    before = (store.folder / "journal.jsonl").read_bytes()
    (store.folder / "waive").write_text("a file where a folder belongs")
    waiver = Waiver(item="a.b", by="Ana", at=NOW, why="until Friday", until=date(2026, 12, 1))
    with pytest.raises(CannotWrite, match="move it away"):
        store.waive(waiver)
    assert (store.folder / "journal.jsonl").read_bytes() == before
    assert store.waivers() == {}
    (store.folder / "waive").unlink()
    again = reopened(store)
    assert again.waivers() == {}
    undone = again.undo("Ana")
    assert undone is not None
    assert undone.told == "note n1 by Ana"
    again.close()


def test_temporary_files_of_a_killed_writer_are_swept(store: Store) -> None:
    store.note(note("one"))
    for folder in ("", "notes", "evidence"):
        (store.folder / folder).mkdir(exist_ok=True)
        (store.folder / folder / ".n1.toml.0123.tmp").write_text("half")
    again = reopened(store)
    assert not list(again.folder.rglob("*.tmp"))
    again.close()


# ---------------------------------------------------------------- time, threads, consents


def test_a_sprint_may_be_closed_in_another_thread_than_it_was_opened_in(store: Store) -> None:
    closing = threading.Thread(target=store.close)
    closing.start()
    closing.join()
    again = Store.open(store.root)
    assert not again.read_only, again.lock_holder
    again.close()
    with pytest.raises(Locked, match="closed"):
        store.note(note("late"))


def test_threads_write_one_after_the_other(store: Store) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 10):
            store.note(note(str(number), ident=f"n{number}"))

    threads = [threading.Thread(target=write, args=(n * 10,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = reopened(store)
    assert len(again.notes()) == len(again.journal()) == 40
    assert again.damaged() == ()
    again.close()


def test_two_consents_of_one_second_are_two_and_undo_takes_none_back(store: Store) -> None:
    for level in (Level.PASSIVE, Level.ACTIVE):
        store.consent(Consent(by="Ana", at=NOW, level=level, hosts=("acme.test",)))
    assert len(store.consents()) == 2
    assert store.undo("Ana") is None
    again = reopened(store)
    assert [c.level for c in again.consents()] == [Level.PASSIVE, Level.ACTIVE]
    again.close()


def test_a_clock_that_was_set_back_does_not_turn_a_pause_round(store: Store) -> None:
    def tick(what: str, at: datetime) -> None:
        store.tick(ClockEvent(id=f"{at:%H%M}", at=at, by="Ana", what=what))  # type: ignore[arg-type]

    store.consent(Consent(by="Ana", at=NOW, level=Level.PASSIVE, hosts=("acme.test",)))
    tick("paused", NOW + timedelta(hours=2))
    tick("resumed", NOW - timedelta(hours=20))
    again = reopened(store)
    seen = view(again.clock(), NOW + timedelta(hours=3))
    assert seen.paused == ""
    assert seen.ours == timedelta(hours=3)
    again.close()


def test_what_looks_at_the_ttl_showed_is_known_after_reopening(store: Store) -> None:
    for hours, shown in ((0, 86_400), (1, 40_000), (2, 300), (3, 60)):
        store.saw_ttl(shown, NOW + timedelta(hours=hours))
    again = reopened(store)
    ttl = again.clock().ttl
    assert ttl is not None
    assert (ttl.longest, ttl.shown, ttl.lowered) == (86_400, 60, True)
    again.close()


# ---------------------------------------------------------------- evidence


def test_evidence_keeps_no_secret_and_json_stays_json(store: Store) -> None:
    secret = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    facts = {"headers": [["set-cookie", "sid=hunter2; Secure"], ["server", secret]], "n": 1}
    ident = store.add_evidence(json.dumps(facts), "json")
    kept = json.loads(store.evidence(ident))
    assert kept["headers"][0] == ["set-cookie", "sid=[redacted: cookie]; Secure"]
    assert kept["headers"][1] == ["server", "[redacted: Stripe key]"]
    text = store.add_evidence(f"\x1b[31mkey {secret}\r\nnext".encode(), "txt")
    assert store.evidence(text) == b"\\x1b[31mkey [redacted: Stripe key]\nnext"


def test_altered_evidence_makes_way_when_the_same_is_seen_again(store: Store) -> None:
    ident = store.add_evidence("seen", "txt")
    path = store.folder / "evidence" / f"{ident}.txt"
    path.write_text("altered")
    (store.folder / "evidence" / "notes.txt").write_text("put here by hand")
    assert [line.partition(" ")[2] for line in store.verify()] == [
        "was changed after it was kept",
        "is not named by its content: it was put there by hand",
    ]
    assert store.add_evidence("seen", "txt") == ident
    assert store.evidence(ident) == b"seen"
    assert path.with_name(f"{ident}.txt.damaged-1").read_text() == "altered"


@pytest.mark.parametrize("ident", ["", "*", "../x", "ab" * 32, "AB" * 32])
def test_evidence_that_is_not_there_is_not_found(store: Store, ident: str) -> None:
    with pytest.raises(FileNotFoundError):
        store.evidence(ident)


def test_a_folder_that_may_not_be_read_is_told_and_not_taken_for_empty(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.attest(answer())
    store.close()
    listed = Path.iterdir

    def refuses(folder: Path) -> Iterator[Path]:
        if folder.name == "attest":
            raise PermissionError(13, "Permission denied")
        return iter(list(listed(folder)))

    monkeypatch.setattr(Path, "iterdir", refuses)
    again = Store.open(store.root, read_only=True)
    (damage,) = again.damaged()
    assert "attest: the records in this folder cannot be read: Permission denied" in damage.message
    assert "right to read" in damage.suggestion
