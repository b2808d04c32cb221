"""One letter to a real mail server: over trusted TLS, with a login, or not at all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.given import Target
from launchready_tui.mail.letter import compose
from launchready_tui.model import Level
from launchready_tui.network import Options, Scope, open_network
from launchready_tui.network.smtp_send import Letter, Submitted, is_address
from launchready_tui.secret import Secret
from servers.pki import Papers, Pki
from servers.processes import free_port
from servers.smtp_sink import PASSWORD, USER, running_sink

HOST = "smtp.esp.test"
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LOGIN = (Secret(USER), Secret(PASSWORD))


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


def letter(text: str = "") -> Letter:
    message = compose(
        "invite",
        Target(domain="acme.test"),
        name="Acmé\r\nBcc: x@evil.test",
        sender="hello@acme.test",
        recipient="ana@example.com",
        at=AT,
    )
    return Letter(
        sender="hello@acme.test", recipient="ana@example.com", message=message + text.encode()
    )


async def sent(
    pki: Pki,
    port: int,
    *,
    login: tuple[Secret, Secret] | None = LOGIN,
    level: Level = Level.ACTIVE,
    hosts: tuple[str, ...] = (HOST,),
    at: int = 587,
    given: Letter | None = None,
    only_sign_in: bool = False,
) -> tuple[Submitted, list[str]]:
    pin = f"{HOST}:{at}=127.0.0.1:{port}"
    options = Options(ca=str(pki.ca), connect=(pin,), handshake_timeout=2.0)
    scope = Scope(hosts=hosts, level=level, by="Ana", named=hosts)
    async with open_network(scope, options) as net:
        told = await net.submit(HOST, at, None if only_sign_in else given or letter(), login)
        return told, [f"{r.method}/{r.level} {r.host} {r.outcome}" for r in net.log.entries]


async def test_a_letter_arrives_whole_over_tls_and_is_logged(pki: Pki) -> None:
    with running_sink(pki.good(HOST)) as sink:
        told, log = await sent(pki, sink.port, given=letter("\r\n.\r\n..dots\r\n"))
    assert (told.outcome, told.tls[:4]) == ("accepted", "TLSv")
    assert log == [f"SMTP/active {HOST} accepted"]
    (envelope,) = sink.letters
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hello@acme.test", ["ana@example.com"])
    assert isinstance(envelope.content, bytes)
    assert envelope.content.endswith(b"\r\n.\r\n..dots\r\n")
    assert b"\r\nBcc:" not in envelope.content
    assert b"https://acme.test" in envelope.content
    assert sink.logins == ["PLAIN"]


async def test_a_wrong_password_is_refused_and_stands_nowhere(pki: Pki) -> None:
    wrong = "wr" + "ong-secret-1"
    with running_sink(pki.good(HOST)) as sink:
        told, log = await sent(pki, sink.port, login=(Secret(USER), Secret(wrong)))
    assert (told.outcome, told.step) == ("refused", "the login")
    assert "535" in told.reply
    assert wrong not in repr((told, log))
    assert sink.letters == []


async def test_signing_in_sends_no_letter(pki: Pki) -> None:
    with running_sink(pki.good(HOST)) as sink:
        told, log = await sent(pki, sink.port, only_sign_in=True)
        assert (told.outcome, told.tls[:4]) == ("accepted", "TLSv")
        refused, _ = await sent(
            pki, sink.port, only_sign_in=True, login=(Secret(USER), Secret("another-word"))
        )
    assert (refused.outcome, refused.step, refused.reply[:3]) == ("refused", "the login", "535")
    assert log == [f"SMTP/active {HOST} accepted"]
    assert (sink.letters, sink.logins) == ([], ["PLAIN", "PLAIN"])


async def test_what_the_server_says_of_a_letter_is_kept(pki: Pki) -> None:
    with running_sink(pki.good(HOST), refuses="550 5.7.26 unauthenticated") as sink:
        told, _ = await sent(pki, sink.port)
    assert (told.outcome, told.step) == ("refused", "the letter")
    assert told.reply == "550 5.7.26 unauthenticated"


@pytest.mark.parametrize("kind", ["wrong_name", "expired", "self_signed", "other_ca"])
async def test_no_word_leaves_over_a_certificate_that_is_not_trusted(pki: Pki, kind: str) -> None:
    make = getattr(pki, kind)
    papers: Papers = make() if kind == "wrong_name" else make(HOST)
    with running_sink(papers) as sink:
        told, _ = await sent(pki, sink.port)
    assert told.outcome == "untrusted"
    assert (sink.logins, sink.letters) == ([], [])


async def test_without_encryption_nothing_is_sent(pki: Pki) -> None:
    with running_sink(None) as sink:
        told, _ = await sent(pki, sink.port)
    assert told.outcome == "plain"
    assert (sink.logins, sink.letters) == ([], [])


async def test_scope_and_level_are_asked_before_anything_leaves(pki: Pki) -> None:
    told, log = await sent(pki, free_port(), level=Level.PASSIVE)
    assert (told.outcome, log) == ("blocked", [])
    told, log = await sent(pki, free_port(), hosts=("other.test",))
    assert (told.outcome, log) == ("blocked", [])


async def test_where_nobody_listens_nothing_is_known(pki: Pki) -> None:
    told, _ = await sent(pki, free_port())
    assert told.outcome == "unknown"
    assert "587" in told.cause


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"220 hi\r\n",
        b"HTTP/1.1 400\r\n\r\n",
        b"220 " + b"x" * 100_000,
        b"220-a\r\n" * 10_000,
        b"220 a\r\n250-x\r\n250 STARTTLS\r\n220 go\r\n250 ok\r\n235 ok\r\n250 ok\r\n",
    ],
    ids=["silence", "half", "http", "long", "endless", "all at once"],
)
async def test_what_speaks_otherwise_gets_no_letter(pki: Pki, says: bytes) -> None:
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(says)
        writer.write_eof()
        while data := await reader.read(1_000):
            heard.extend(data)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        told, _ = await sent(pki, server.sockets[0].getsockname()[1])
    assert told.outcome in ("unknown", "refused", "plain")
    assert b"AUTH" not in heard
    assert b"MAIL" not in heard


async def test_tls_begins_at_once_at_its_port(pki: Pki) -> None:
    with running_sink(pki.good(HOST)) as sink:
        told, _ = await sent(pki, sink.port, at=465)
    assert told.outcome == "unknown"  # this server begins in clear: no word was said to it
    assert (sink.logins, sink.letters) == ([], [])


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@b@c", "a b@c.test", "a@c.test>", "a@c.test\r\nRCPT TO:<x@y>", "ä@c.test", "<a@c>"],
)
def test_an_address_holds_no_command(text: str, tmp_path: Path) -> None:
    assert not is_address(text)
