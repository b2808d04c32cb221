"""The mail page: it teaches, takes reports, names senders, and sends a test mail."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import OptionList

from launchready_screens.app import Wizard
from launchready_screens.mail_page import MailPage
from launchready_screens.mail_send import SendDialog
from launchready_screens.widgets.fields import Line, Masked
from launchready_tui.model import Level
from launchready_tui.network import Options
from launchready_tui.session import Session
from mailauth.test_report import HEAD, REPORT
from screen_sprints import outcomes_of, sprint
from screens.test_permits import Person
from servers.pki import Pki
from servers.smtp_sink import PASSWORD, USER, Sink, running_sink

HOST = "smtp.esp.test"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sprint(tmp_path / "acme", outcomes_of())


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path)


@pytest.fixture
def sink(pki: Pki) -> Iterator[Sink]:
    with running_sink(pki.good(HOST)) as running:
        yield running


@asynccontextmanager
async def on_page(
    folder: Path, options: Options | None = None, size: tuple[int, int] = (110, 50)
) -> AsyncIterator[Person]:
    wizard = Wizard(folder, options=options or Options(resolver="127.0.0.1:9"))
    async with wizard.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        person = Person(wizard, pilot)
        await person.press("6", "i")
        await person.until(lambda: isinstance(wizard.screen, MailPage))
        yield person
    wizard.close()


def through(pki: Pki, sink: Sink) -> Options:
    return Options(
        resolver="127.0.0.1:9",
        ca=str(pki.ca),
        connect=(f"{HOST}:587=127.0.0.1:{sink.port}",),
    )


def fill(person: Person, **fields: str) -> None:
    for name, text in fields.items():
        person.wizard.screen.query_one(f"#field-{name}", Line).value = text


def held(person: Person) -> Session:
    assert person.wizard.live is not None
    return person.wizard.live.session


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (40, 12)], ids=str)
async def test_without_anything_it_says_what_to_do_first(
    folder: Path, size: tuple[int, int]
) -> None:
    async with on_page(folder, size=size) as person:
        rows = person.wizard.screen.query_one("#parts", OptionList)
        assert [row.id for row in rows.options] == ["invite", "reset", "notification"]
        if size[0] >= 80:
            await person.sees("not sent", "No DMARC report is kept yet", "f6")
        await person.press("escape")
        await person.until(lambda: not isinstance(person.wizard.screen, MailPage))


async def test_a_mail_that_the_product_sent_is_waited_for(folder: Path) -> None:
    async with on_page(folder) as person:
        await person.press("down", "f5")
        await person.sees("sent in the product", "the product sent the reset")
        (sent,) = held(person).store.mails().sendings
        assert (sent.kind, sent.way, sent.outcome) == ("reset", "in the product", "sent")


async def test_reports_are_given_by_their_folder_and_a_stranger_is_named(
    folder: Path, tmp_path: Path
) -> None:
    given = tmp_path / "the reports"
    given.mkdir()
    (given / "a.xml").write_bytes(REPORT)
    (given / "bomb.gz").write_bytes(gzip.compress(HEAD.encode() + b" " * (64 << 20)))
    async with on_page(folder) as person:
        await person.press("f6")
        await person.sees("Give DMARC reports")
        fill(person, path=f"'{given}'")
        await person.press("f2")
        await person.sees("1 kept, 1 left out", "bomb.gz", "larger than")
        await person.sees("7 passed", "whose?", "1 report up to 2026-03-02")
        rows = person.wizard.screen.query_one("#parts", OptionList)
        rows.highlighted = rows.get_option_index("from esp.test")
        await person.press("enter")
        await person.sees("Whose is this sender?")
        person.wizard.screen.query_one("#field-whose").focus()
        await person.press("o", "f2")
        await person.sees("Name the service")
        fill(person, who="the shop")
        await person.press("f2")
        await person.sees("ours, fails: the shop")
        (word,) = held(person).store.reports().words
        assert (word.sender, word.whose, word.who) == ("esp.test", "ours", "the shop")


async def test_files_that_are_no_reports_keep_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(b'<!DOCTYPE x [<!ENTITY a "b">]><feedback>&a;</feedback>')
    async with on_page(folder) as person:
        await person.press("f6")
        await person.sees("Give DMARC reports")
        fill(person, path=str(tmp_path / "x.xml"))
        await person.press("f2")
        await person.sees("Nothing was kept", "document type")
        assert held(person).store.reports().reports == ()


async def test_a_test_mail_is_shown_allowed_and_sent(folder: Path, pki: Pki, sink: Sink) -> None:
    async with on_page(folder, through(pki, sink)) as person:
        await person.press("f4")
        await person.sees("Send a test mail from here", "f4 gives it")
        fill(person, smtp=HOST, sender="hello@acme.test", recipient="ana@example.com", by="Ben")
        await person.press("f2")
        await person.sees("There is no login")
        await person.press("f4")
        await person.sees("Give a secret")
        person.wizard.screen.query_one("#field-part-0", Line).value = USER
        person.wizard.screen.query_one("#field-secret", Masked).value = PASSWORD
        await person.press("f2")
        await person.until(lambda: isinstance(person.wizard.screen, SendDialog))
        await person.sees("✓ there")
        await person.press("f2")
        shown = await person.sees("This leaves with the next f2", f"through {HOST}")
        assert PASSWORD not in shown
        assert sink.letters == []
        await person.press("f2")
        await person.sees("sent from here", "It has not arrived by that")
        assert [letter.mail_from for letter in sink.letters] == ["hello@acme.test"]
        session = held(person)
        assert session.scope.level is Level.ACTIVE
        (sent,) = session.store.mails().sendings
        assert (sent.kind, sent.via, sent.outcome) == ("invite", f"{HOST}:587", "sent")
    record = [p.read_text("utf-8", "replace") for p in (folder / ".launchready").rglob("*.*")]
    assert not any(PASSWORD in text or "ana@example.com" in text for text in record)


async def test_a_refusal_is_decoded_and_stands_on_the_page(
    folder: Path, pki: Pki, sink: Sink
) -> None:
    sink.refuses = "550 5.7.26 this mail is unauthenticated - gsmtp"
    async with on_page(folder, through(pki, sink)) as person:
        from launchready_tui.secret import Secret

        held(person).keychain.put("smtp-login", Secret(f"{USER}\n{PASSWORD}"))
        await person.press("f4")
        await person.sees("✓ there")
        fill(person, smtp=HOST, sender="hello@acme.test", recipient="ana@example.com", by="Ben")
        await person.press("f2")
        await person.sees("This leaves with the next f2")
        await person.press("f2")
        await person.sees("Set up SPF and DKIM")
        await person.press("escape")
        await person.sees(f"refused by {HOST}:587")
