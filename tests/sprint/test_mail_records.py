"""The record of mail: reports once each, words on senders, sendings, policies until their id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from cases.report_world import OWN, STRANGER, report
from cases.world import NOW
from launchready_tui.given import MailSent, StsEdition
from launchready_tui.records.dmarc_record import SenderWord
from launchready_tui.sprint.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    created = Store.create(tmp_path / "acme", domain="acme.test")
    yield created
    created.close()


def test_reports_words_and_sendings_are_read_back_and_undone(store: Store) -> None:
    older, newer = report(3, OWN, STRANGER), report(1, OWN)
    word = SenderWord(sender="198.51.100.0/24", whose="not ours", who="a forger", by="Ana", at=NOW)
    sent = MailSent(kind="invite", at=NOW, by="Ana", way="in the product")
    assert store.keep_report(newer)
    assert store.keep_report(older)
    assert not store.keep_report(replace(newer, by="Ben"))
    store.say_sender(word)
    store.keep_sent(sent)
    again = Store.open(store.root, read_only=True)
    assert again.reports().reports == (older, newer)
    assert again.reports().words == (word,)
    assert again.mails().sendings == (sent,)
    assert store.undo("Ana")
    assert store.mails().sendings == ()


def edition(id: str, digest: str, hours: int = 0) -> StsEdition:
    return StsEdition(domain="acme.test", id=id, digest=digest, at=NOW + timedelta(hours=hours))


def test_a_policy_is_remembered_as_it_was_until_its_id_changes(store: Store) -> None:
    first, edited, renamed = edition("1", "aa"), edition("1", "bb", 1), edition("2", "bb", 2)
    for seen, held in ((first, first), (edited, first), (renamed, renamed)):
        store.saw_policies([seen])
        assert store.policies().editions == (held,)
    assert Store.open(store.root, read_only=True).policies().editions == (renamed,)
