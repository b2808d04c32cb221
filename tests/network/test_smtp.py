"""Greeting mail servers: STARTTLS and papers, none of it, and servers that are something else."""

from __future__ import annotations

import pytest

from launchready_tui.network.seen import Greeting
from network.conftest import Opener
from servers.pki import Papers, Pki
from servers.processes import free_port
from servers.smtp import Manner, running_smtp

HOST = "mx.acme.test"


async def greeted(
    opened: Opener, manner: Manner, pki: Pki, papers: Papers | None = None, **more: object
) -> Greeting:
    with running_smtp(manner, papers) as port:
        net = opened("acme.test", ca=str(pki.ca), connect=(f"{HOST}:25=127.0.0.1:{port}",), **more)
        greeting = await net.greet(HOST)
        assert [entry.method for entry in net.log.entries if entry.method != "DNS"]
        assert {entry.level for entry in net.log.entries} == {"passive"}
        return greeting


async def test_a_server_with_papers_in_order_is_trusted(opened: Opener, pki: Pki) -> None:
    seen = await greeted(opened, "tls", pki, pki.good(HOST))
    assert (seen.outcome, seen.cause) == ("trusted", "")
    assert seen.version in ("TLSv1.2", "TLSv1.3")
    assert seen.banner == "mx.acme.test ESMTP"
    assert [len(one.certificate) for one in seen.shown] == [64, 64]
    assert seen.chain[0].sha256 == seen.shown[0].certificate


@pytest.mark.parametrize("kind", ["expired", "self_signed"])
async def test_papers_that_are_not_in_order_are_shown(opened: Opener, pki: Pki, kind: str) -> None:
    seen = await greeted(opened, "tls", pki, getattr(pki, kind)(HOST))
    assert seen.outcome == "untrusted"
    assert seen.verify_code
    assert seen.cause
    assert seen.chain


@pytest.mark.parametrize("manner", ["plain", "refuses"])
async def test_a_server_that_does_not_encrypt_is_plain(
    opened: Opener, pki: Pki, manner: Manner
) -> None:
    assert (await greeted(opened, manner, pki)).outcome == "plain"


@pytest.mark.parametrize("manner", ["hangs up", "web", "busy", "endless"])
async def test_what_speaks_otherwise_is_not_known(opened: Opener, pki: Pki, manner: Manner) -> None:
    seen = await greeted(opened, manner, pki)
    assert seen.outcome == "unknown"
    assert HOST in seen.cause


async def test_a_closed_port_is_no_word_about_the_server(opened: Opener, pki: Pki) -> None:
    net = opened("acme.test", connect=(f"{HOST}:25=127.0.0.1:{free_port()}",))
    seen = await net.greet(HOST)
    assert seen.outcome == "unreachable"
    assert "port 25" in seen.cause


async def test_a_server_out_of_scope_is_not_greeted(opened: Opener, pki: Pki) -> None:
    net = opened("acme.test")
    seen = await net.greet("smtp.google.com")
    assert seen.outcome == "blocked"
    assert not net.log.entries
