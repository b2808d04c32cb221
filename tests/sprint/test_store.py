"""The record: what is written, what is refused, and what happens to files that others broke."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from launchready_tui.badfile import BadFile
from launchready_tui.domain import BadInput
from launchready_tui.given import Saying
from launchready_tui.model import Attestation, Consent, Level, Note, Outcome, State, Waiver
from launchready_tui.sprint.atomic import CannotWrite
from launchready_tui.sprint.store import Changed, Locked, NotASprint, SavedRun, Store, find_sprint

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    created = Store.create(tmp_path / "acme", domain="acme.test", client='A "quoted" client')
    yield created
    created.close()


def note(text: str, ident: str = "n1") -> Note:
    return Note(id=ident, at=NOW, by="Ana", item="logs.review", text=text)


def answer(says: str = "pass") -> Attestation:
    return Attestation(item="logs.review", by="Ana", at=NOW, says=says)  # type: ignore[arg-type]


def test_every_kind_of_record_is_read_back_as_it_was_written(store: Store) -> None:
    waiver = Waiver(
        item="tls.certificate", by="Ana", at=NOW, why="until Friday", until=date(2026, 12, 1)
    )
    consent = Consent(by="Ana", at=NOW, level=Level.PASSIVE, hosts=("acme.test",))
    saying = Saying(key="registrar", value="Gandi", by="Ana", at=NOW)
    store.attest(answer())
    store.waive(waiver)
    store.consent(consent)
    store.say(saying)
    store.note(note("hello"))
    store.close()
    again = Store.open(store.root)
    assert again.attestations() == {"logs.review": answer()}
    assert again.waivers() == {"tls.certificate": waiver}
    assert again.consents() == (consent,)
    assert again.sayings().get("registrar") == saying
    assert again.notes() == (note("hello"),)
    assert again.target.client == 'A "quoted" client'
    again.close()


def test_undo_steps_back_one_change_at_a_time(store: Store) -> None:
    store.attest(answer("pass"))
    store.attest(answer("fail"))
    assert store.undo("Ana") is not None
    assert store.attestations()["logs.review"].says == "pass"
    assert store.undo("Ana") is not None
    assert store.attestations() == {}
    assert store.undo("Ana") is None
    first, second, *_ = store.journal()
    assert [entry.undoes for entry in store.journal()] == ["", "", second.id, first.id]


def test_undo_survives_a_restart(store: Store) -> None:
    store.note(note("one"))
    store.close()
    again = Store.open(store.root)
    undone = again.undo("Ben")
    assert undone is not None
    assert undone.told == "note n1 by Ana"
    assert again.notes() == ()
    again.close()


def test_undo_never_overwrites_what_somebody_edited(store: Store) -> None:
    store.note(note("one"))
    path = store.folder / "notes" / "n1.toml"
    path.write_text(path.read_text().replace("one", "edited by hand"))
    with pytest.raises(Changed, match=r"n1\.toml"):
        store.undo("Ana")
    assert "edited by hand" in path.read_text()


def test_a_second_window_reads_and_is_told_who_writes(store: Store) -> None:
    second = Store.open(store.root)
    assert second.read_only
    assert f"process {os.getpid()}" in second.lock_holder
    with pytest.raises(Locked):
        second.note(note("no"))
    second.close()
    store.close()
    third = Store.open(store.root)
    assert not third.read_only
    third.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("item = 'x'\nby = \n", "line 2"),
        ("itm = 'logs.review'\n", "itm"),
        ("item = 3\nby = 'Ana'\nat = 2026-11-25T09:00:00Z\nsays = 'pass'\n", "item"),
        ("item='a'\nby='A'\nat=2026-11-25T09:00:00Z\nsays='perhaps'\n", "says"),
    ],
    ids=["broken TOML", "unknown key", "wrong type", "unknown word"],
)
def test_a_damaged_record_is_told_kept_and_never_overwritten(
    store: Store, content: str, said: str
) -> None:
    path = store.folder / "attest" / "logs.review.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    store.note(note("an undamaged one"))
    store.close()
    again = Store.open(store.root)
    (damage,) = again.damaged()
    assert said in damage.message
    assert "logs.review.toml" in damage.message
    assert again.notes()
    again.attest(answer())
    aside = path.with_name("logs.review.toml.damaged-1")
    assert aside.read_text() == content
    assert again.damaged() == ()
    again.close()


def test_a_run_is_a_one_line_difference_when_nothing_changed(store: Store) -> None:
    outcomes = {
        "a.b": Outcome(state=State.PASS, summary="fine"),
        "a.a": Outcome(state=State.UNKNOWN, summary="could not", cause="SERVFAIL"),
    }
    path = store.folder / "runs" / "last.toml"
    store.write_run(SavedRun(at=NOW, version="1", outcomes=outcomes))
    first = path.read_text().splitlines()
    store.write_run(SavedRun(at=NOW.replace(minute=5), version="1", outcomes=outcomes))
    second = path.read_text().splitlines()
    assert len(first) == len(second)
    assert sum(a != b for a, b in zip(first, second, strict=True)) == 1
    run = store.last_run()
    assert run is not None
    assert run.outcomes == outcomes


def test_evidence_is_named_by_what_it_holds_and_a_change_is_noticed(store: Store) -> None:
    ident = store.add_evidence("HTTP/1.1 200 OK", "txt")
    assert store.evidence(ident) == b"HTTP/1.1 200 OK"
    assert store.verify() == ()
    path = store.folder / "evidence" / f"{ident}.txt"
    path.write_text("HTTP/1.1 500 Oops")
    assert "was changed" in store.verify()[0]
    with pytest.raises(ValueError, match="was changed"):
        store.evidence(ident)


def test_a_missing_piece_of_evidence_is_told_with_who_rests_on_it(store: Store) -> None:
    ident = store.add_evidence("seen", "txt")
    store.attest(Attestation(item="a.b", by="Ana", at=NOW, says="pass", evidence=(ident,)))
    (store.folder / "evidence" / f"{ident}.txt").unlink()
    assert "answer to a.b" in store.verify()[0]


def test_hostile_prose_is_harmless_in_the_record(store: Store) -> None:
    store.note(note("\x1b]0;PWNED\x07 \u202e '''\"\"\" \n [x]"))
    content = (store.folder / "notes" / "n1.toml").read_bytes()
    assert b"\x1b" not in content
    assert "\u202e".encode() not in content
    assert Store.open(store.root, read_only=True).damaged() == ()


def test_a_record_s_name_never_leaves_its_folder(store: Store) -> None:
    store.note(note("climb", ident="../../../evil"))
    assert not (store.root.parent / "evil.toml").exists()
    assert store.notes()[0].id == "../../../evil"


def test_nothing_is_written_through_a_link_that_leads_out(store: Store, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (store.folder / "notes").symlink_to(outside)
    with pytest.raises(CannotWrite, match="link"):
        store.note(note("no"))
    assert list(outside.iterdir()) == []


def test_a_full_disk_is_told_and_what_was_there_stays(store: Store) -> None:
    store.note(note("first"))
    before = (store.folder / "journal.jsonl").read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, hard))
    try:
        with pytest.raises(CannotWrite, match="Nothing was lost"):
            store.note(note("x" * 5000, ident="n2"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (store.folder / "journal.jsonl").read_bytes() == before
    store.close()
    again = Store.open(store.root)
    assert again.notes() == (note("first"),)
    assert not list(again.folder.rglob("*.tmp"))
    again.close()


def test_two_branches_that_add_records_merge_without_conflict(store: Store) -> None:
    def git(*words: str) -> str:
        name = ("-c", "user.name=t", "-c", "user.email=t@acme.test", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *name, *words], cwd=store.root, capture_output=True, text=True, check=True
        )
        return done.stdout

    store.note(note("base", ident="n0"))
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "base")
    git("checkout", "-qb", "other")
    store.note(note("there", ident="n2"))
    git("add", "-A")
    git("commit", "-qm", "there")
    git("checkout", "-q", "main")
    store.close()
    mine = Store.open(store.root)
    mine.note(note("here", ident="n1"))
    mine.close()
    git("add", "-A")
    git("commit", "-qm", "here")
    git("merge", "-q", "other", "-m", "both")
    merged = Store.open(store.root)
    assert sorted(n.id for n in merged.notes()) == ["n0", "n1", "n2"]
    assert merged.damaged() == ()
    merged.close()


def test_the_human_file_is_never_rewritten(store: Store) -> None:
    path = store.root / "launchready.toml"
    path.write_text("# mine\n" + path.read_text())
    content = path.read_bytes()
    store.note(note("x"))
    store.attest(answer())
    store.undo("Ana")
    assert path.read_bytes() == content


def test_a_broken_human_file_says_where_and_what(store: Store) -> None:
    path = store.root / "launchready.toml"
    path.write_text('schema = 1\ndomian = "acme.test"\n')
    with pytest.raises(BadFile, match=r"domian.*domain"):
        Store.open(store.root)
    path.write_text('schema = 1\ndomain = "https://acme.test/x"\n')
    with pytest.raises(BadFile, match=r"Did you mean acme\.test"):
        Store.open(store.root)


def test_no_sprint_here_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotASprint, match="launchready new"):
        Store.open(tmp_path)


def test_a_folder_that_holds_a_sprint_is_not_started_twice(store: Store) -> None:
    with pytest.raises(BadInput, match="already holds a sprint"):
        Store.create(store.root, domain="other.test")


def test_a_sprint_is_found_from_below(store: Store) -> None:
    below = store.root / "src" / "deep"
    below.mkdir(parents=True)
    assert find_sprint(below) == store.root
    assert find_sprint(store.root.parent) is None


def test_what_changed_no_record_is_remembered_and_never_undone(store: Store) -> None:
    store.note(note("one"))
    store.remember("masks lifted", "Ana")
    assert store.journal()[-1].told == "masks lifted by Ana"
    undone = store.undo("Ana")
    assert undone is not None
    assert undone.action.startswith("note")
    store.close()
    again = Store.open(store.root)
    assert [entry.action for entry in again.journal()][1] == "masks lifted"
    assert again.damaged() == ()
    again.close()


def test_a_secret_typed_as_a_name_is_in_no_file(store: Store) -> None:
    secret = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dcAbCd"
    store.note(Note(id="n1", at=NOW, by=f"Ana {secret}", item="", text="hello"))
    store.remember("masks lifted", secret)
    store.undo(f"Ben {secret}")
    for path in store.folder.rglob("*"):
        assert not path.is_file() or secret not in path.read_text("utf-8", "replace"), path
