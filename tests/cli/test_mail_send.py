"""A test mail from the command line, all the way: sent, signed by the service, received, proved."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.proof_world import signature, zone
from cli_door import Ended, environment, launchready
from mailauth.udp_zone import serving
from servers.pki import Pki
from servers.smtp_sink import PASSWORD, USER, Sink, running_sink

HOST = "smtp.esp.test"
GROUP = """
import sys, click
from launchready_tui import cli
from launchready_tui.commands import mail_send
cli.cli = click.Group("x", {"mail": click.Group("mail", {"send": mail_send.send})})
sys.exit(cli.run())
"""


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    ended = launchready("new", root, "--domain", "acme.test", "--by", "Anna", "--consent", "active")
    assert ended.code == 0, ended.err
    return root


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path)


@pytest.fixture
def sink(pki: Pki) -> Iterator[Sink]:
    with running_sink(pki.good(HOST)) as running:
        yield running


def send(sprint: Path, pki: Pki, sink: Sink, *more: str, login: str = "") -> Ended:
    done = subprocess.run(
        [sys.executable, "-c", GROUP, "mail", "send", "--kind", "invite", "--to", "ana@example.com",
         "--from", "hello@acme.test", "--smtp", HOST, "--by", "Ben", "--ca", str(pki.ca),
         "--connect", f"{HOST}:587=127.0.0.1:{sink.port}", "--key", "smtp-login=LOGIN", *more],
        cwd=sprint,
        env=environment(LOGIN=login or f"{USER}\n{PASSWORD}"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def test_a_mail_that_was_sent_is_proved_by_the_one_that_arrives(
    sprint: Path, pki: Pki, sink: Sink, tmp_path: Path
) -> None:
    ended = send(sprint, pki, sink, "--yes", "--name", "Acme")
    assert ended.code == 0, ended.err
    assert "asked to send this active probe" in ended.err
    (envelope,) = sink.letters
    assert isinstance(envelope.content, bytes)
    trace = (
        f"Return-Path: <{envelope.mail_from}>\r\n"
        "Received: from mta.esp.test ([192.0.2.7]) by mx.google.com;"
        " Sun, 1 Mar 2026 09:00:00 +0000\r\n"
    )
    signed = signature(envelope.content, domain="acme.test")
    file = tmp_path / "arrived.eml"
    file.write_bytes(trace.encode() + signed.encode() + envelope.content)
    with serving(zone()) as resolver:
        ended = launchready(
            "attest", "mail.system-mails", "--by", "Ben", "--says", "pass", "--kind", "invite",
            "--folder", "inbox", "--evidence", f"@{file}", "--resolver", resolver, cwd=sprint,
        )  # fmt: skip
    assert "DKIM: pass for acme.test" in ended.err
    assert "DMARC: pass for acme.test" in ended.err
    assert "Found:" not in ended.err
    record = [p.read_text("utf-8", "replace") for p in (sprint / ".launchready").rglob("*.*")]
    assert not any(PASSWORD in text for text in record)
    assert any("mail-send" in text for text in record)


def test_sender_and_service_come_from_the_launch_file(sprint: Path, pki: Pki, sink: Sink) -> None:
    file = sprint / "launchready.toml"
    named = f'from = ["hello@acme.test"]\nsmtp = "{HOST}:587"\n'
    file.write_text(file.read_text("utf-8").replace("[mail]\n", f"[mail]\n{named}"), "utf-8")
    ended = send(sprint, pki, sink, "--yes", "--from", "", "--smtp", "")
    assert ended.code == 0, ended.err
    assert sink.letters[0].mail_from == "hello@acme.test"
    sent = (sprint / ".launchready" / "sent" / "invite.toml").read_text("utf-8")
    assert f'via = "{HOST}:587"' in sent
    assert "ana@example.com" not in sent
    check = launchready("check", "--only", "mail.system-mails", "--format", "json", cwd=sprint)
    assert "the invite was sent on" in check.out


def test_nobody_is_here_to_allow_it(sprint: Path, pki: Pki, sink: Sink) -> None:
    ended = send(sprint, pki, sink)
    assert (ended.code, sink.letters) == (2, [])
    assert "--yes" in ended.err


def test_a_passive_consent_does_not_reach(tmp_path: Path, pki: Pki, sink: Sink) -> None:
    root = tmp_path / "passive"
    launchready("new", root, "--domain", "acme.test", "--by", "Anna", "--consent", "passive")
    ended = send(root, pki, sink, "--yes")
    assert (ended.code, sink.letters) == (2, [])
    assert "as far as “passive”" in ended.err


def test_a_refusal_is_put_into_words(sprint: Path, pki: Pki, sink: Sink) -> None:
    sink.refuses = "550 5.7.26 this mail is unauthenticated - gsmtp"
    ended = send(sprint, pki, sink, "--yes")
    assert ended.code == 1
    assert "Set up SPF and DKIM" in ended.err


@pytest.mark.parametrize(
    ("more", "login", "hint"),
    [
        (("--to", "a b"), "", "not one plain address"),
        (("--smtp", "host:x"), "", "expected HOST:PORT"),
        ((), "only one line", "two lines"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_leaves(
    more: tuple[str, ...], login: str, hint: str, sprint: Path, pki: Pki, sink: Sink
) -> None:
    ended = send(sprint, pki, sink, "--yes", *more, login=login)
    assert (ended.code, sink.letters) == (2, [])
    assert hint in ended.err
