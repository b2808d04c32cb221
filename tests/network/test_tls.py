"""Handshakes with real servers: papers in order, papers that are not, and what is not TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from launchready_tui.network import trust
from launchready_tui.network.seen import Handshake
from network.conftest import Opener
from network.hostile import TLS, hostile_tls
from servers.nginx import running_nginx
from servers.pki import Papers, Pki
from servers.processes import free_port

APP = "app.example.test"


@dataclass(frozen=True)
class Farm:
    """One nginx with a listener per set of papers."""

    pki: Pki
    ports: dict[str, int]

    def connect(self, name: str) -> tuple[str, ...]:
        return (f"{APP}:443=127.0.0.1:{self.ports[name]}",)


def _server(papers: Papers, listen: str, more: str = "") -> str:
    return (
        f"server {{ listen {listen} ssl http2; ssl_certificate {papers.chain};"
        f" ssl_certificate_key {papers.key}; {more} return 200 'hello'; }}"
    )


@pytest.fixture(scope="module")
def farm(pki: Pki) -> Iterator[Farm]:
    papers = {
        "good": pki.good(APP, "www.example.test", "192.0.2.1"),
        "wrong-name": pki.wrong_name(),
        "name-in-subject-only": pki.name_in_subject_only(APP),
        "expired": pki.expired(APP),
        "not-yet-valid": pki.not_yet_valid(APP),
        "nearly-expired": pki.nearly_expired(APP),
        "without-intermediate": pki.without_intermediate(APP),
        "other-ca": pki.other_ca(APP),
        "self-signed": pki.self_signed(APP),
    }
    ports = {name: free_port() for name in (*papers, "old", "new")}
    servers = [_server(papers[name], f"127.0.0.1:{ports[name]}") for name in papers]
    old = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0;"
    servers.append(_server(papers["good"], f"127.0.0.1:{ports['old']}", old))
    with running_nginx("\n".join(servers)):
        yield Farm(pki, ports)


async def look(farm: Farm, opened: Opener, name: str) -> Handshake:
    return await opened(APP, ca=str(farm.pki.ca), connect=farm.connect(name)).handshake(APP)


@pytest.mark.parametrize("name", ["good", "nearly-expired"])
async def test_papers_in_order_are_trusted(farm: Farm, opened: Opener, name: str) -> None:
    seen = await look(farm, opened, name)
    assert (seen.outcome, seen.alpn, seen.verify_code, seen.cause) == ("trusted", "h2", 0, "")
    assert seen.version in ("TLSv1.2", "TLSv1.3")
    assert seen.cipher
    leaf, intermediate = seen.chain
    assert leaf.subject == f"CN={APP}"
    assert leaf.issuer == intermediate.subject == "CN=Test Intermediate"
    assert leaf.names_issuer_url
    assert not leaf.self_issued
    assert leaf.key == "EC secp256r1"
    assert len(leaf.sha256) == 64


async def test_names_and_addresses_of_a_certificate_are_read(farm: Farm, opened: Opener) -> None:
    seen = await look(farm, opened, "good")
    assert seen.chain[0].names == (APP, "www.example.test", "192.0.2.1")
    life = seen.chain[0].not_after - seen.chain[0].not_before
    assert life.days == 90


@pytest.mark.parametrize(
    ("name", "code", "presented"),
    [
        ("expired", 10, 2),
        ("not-yet-valid", 9, 2),
        ("wrong-name", 62, 2),
        ("name-in-subject-only", 62, 2),
        ("without-intermediate", 20, 1),
        ("other-ca", 20, 2),
        ("self-signed", 18, 1),
    ],
)
async def test_papers_that_are_not_in_order_are_untrusted_with_openssl_s_reason_and_shown(
    farm: Farm, opened: Opener, name: str, code: int, presented: int
) -> None:
    seen = await look(farm, opened, name)
    assert (seen.outcome, seen.verify_code, seen.cause) == ("untrusted", code, "")
    assert seen.verify_message
    assert len(seen.chain) == presented
    assert seen.version


async def test_a_public_root_set_does_not_know_the_test_s_authority(
    farm: Farm, opened: Opener
) -> None:
    seen = await opened(APP, connect=farm.connect("good")).handshake(APP)
    assert (seen.outcome, seen.verify_code) == ("untrusted", 20)


async def test_each_version_is_tried_by_itself(farm: Farm, opened: Opener) -> None:
    net = opened(APP, connect=farm.connect("old"))
    offers = {offer.version: offer for offer in await net.versions(APP)}
    assert offers["TLSv1.2"].outcome == "accepted"
    assert offers["TLSv1.3"].outcome == "refused"
    for version, known in (("TLSv1", "TLSv1"), ("TLSv1.1", "TLSv1_1")):
        able = trust.able(ssl.TLSVersion[known])
        assert offers[version].outcome == ("accepted" if able else "unknown")  # type: ignore[index]
    assert net.log.counts()["TLS/passive"] <= 4


async def test_a_host_that_chose_a_version_is_offered_the_old_ones_only(
    farm: Farm, opened: Opener
) -> None:
    net = opened(APP, connect=farm.connect("old"))
    offers = await net.versions(APP, chosen="TLSv1.2")
    each = await opened(APP, connect=farm.connect("old")).versions(APP)
    assert [offer.outcome for offer in offers] == [offer.outcome for offer in each]
    assert [offer.version for offer in offers] == [offer.version for offer in each]
    assert {r.path.split()[0] for r in net.log.entries} <= {"TLSv1", "TLSv1.1"}


async def test_what_lies_between_the_chosen_version_and_the_old_ones_is_not_told(
    farm: Farm, opened: Opener
) -> None:
    net = opened(APP, connect=farm.connect("good"))
    offers = await net.versions(APP, chosen="TLSv1.3")
    assert [(offer.version, offer.outcome) for offer in offers] == [
        ("TLSv1", "refused" if trust.able(ssl.TLSVersion.TLSv1) else "unknown"),
        ("TLSv1.1", "refused" if trust.able(ssl.TLSVersion.TLSv1_1) else "unknown"),
        ("TLSv1.3", "accepted"),
    ]
    assert len(net.log.entries) <= 1


@pytest.mark.parametrize("how", ["stall", "garbage", "plain"])
async def test_an_old_version_that_nothing_sensible_answers_is_unknown(
    opened: Opener, how: str
) -> None:
    with hostile_tls(how) as port:
        seconds = 0.4 if how == "stall" else 5.0
        net = opened(APP, connect=(f"{APP}:443=127.0.0.1:{port}",), handshake_timeout=seconds)
        offers = {o.version: o for o in await net.versions(APP, chosen="TLSv1.3")}
    assert (offers["TLSv1"].outcome, offers["TLSv1.1"].outcome) == ("unknown", "unknown")


async def test_a_version_this_client_cannot_speak_is_unknown_not_refused(
    farm: Farm, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "able", lambda version: version is ssl.TLSVersion.TLSv1_2)
    offers = await opened(APP, connect=farm.connect("old")).versions(APP)
    assert [offer.outcome for offer in offers] == ["unknown", "unknown", "accepted", "unknown"]
    assert offers[0].cause == "this client cannot test TLSv1"


def test_the_self_check_completes_current_versions() -> None:
    assert trust.able(ssl.TLSVersion.TLSv1_2)
    assert trust.able(ssl.TLSVersion.TLSv1_3)


@pytest.mark.parametrize(
    ("how", "cause"),
    [
        ("stall", "no handshake within"),
        ("garbage", "does not speak TLS"),
        ("plain", "does not speak TLS"),
        ("alert", "the server refused the handshake"),
        ("close", "closed during the handshake"),
        ("flood", ""),
    ],
)
async def test_what_is_not_tls_is_unknown_and_the_cause_says_why(
    opened: Opener, how: str, cause: str
) -> None:
    with hostile_tls(how) as port:
        seconds = 0.4 if how == "stall" else 5.0
        net = opened(APP, connect=(f"{APP}:443=127.0.0.1:{port}",), handshake_timeout=seconds)
        async with asyncio.timeout(20):
            seen = await net.handshake(APP)
            offers = await net.versions(APP)
    assert (seen.outcome, seen.chain) == ("unknown", ())
    assert seen.cause
    assert cause in seen.cause
    if how != "alert":
        assert {offer.outcome for offer in offers} == {"unknown"}


def test_every_way_not_to_be_tls_is_tested() -> None:
    assert set(TLS) == {"stall", "garbage", "plain", "alert", "close", "flood"}


async def test_a_port_where_nothing_listens_is_refused(opened: Opener) -> None:
    net = opened(APP, connect=(f"{APP}:443=127.0.0.1:{free_port()}",))
    seen = await net.handshake(APP)
    assert (seen.outcome, "nothing listens" in seen.cause) == ("refused", True)
    assert {offer.outcome for offer in await net.versions(APP)} == {"unknown"}


async def test_a_host_out_of_scope_is_not_shaken_hands_with(opened: Opener) -> None:
    net = opened(APP)
    seen = await net.handshake("elsewhere.test")
    assert (seen.outcome, net.log.entries) == ("unknown", ())
    assert "scope" in seen.cause
    assert {offer.outcome for offer in await net.versions("elsewhere.test")} == {"unknown"}


async def test_each_address_of_a_host_shows_its_own_papers(pki: Pki, opened: Opener) -> None:
    port = free_port("127.0.0.2")
    kinds = {2: pki.good(APP), 3: pki.expired(APP), 4: pki.wrong_name(), 8: pki.good(APP)}
    servers = "\n".join(_server(papers, f"127.0.0.{n}:{port}") for n, papers in kinds.items())
    with running_nginx(servers):
        net = opened(
            APP,
            ca=str(pki.ca),
            connect=tuple(f"192.0.2.{n}:443=127.0.0.{n}:{port}" for n in kinds),
        )
        seen = await asyncio.gather(*(net.handshake(APP, f"192.0.2.{n}") for n in kinds))
    assert [s.outcome for s in seen] == ["trusted", "untrusted", "untrusted", "trusted"]
    assert [s.address for s in seen] == ["192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.8"]
    assert seen[0].chain != seen[3].chain


async def test_no_more_than_eight_connections_are_open_to_a_host(opened: Opener) -> None:
    with hostile_tls("stall") as port:
        net = opened(APP, connect=(f"{APP}:443=127.0.0.1:{port}",))
        asked = [asyncio.create_task(net.handshake(APP)) for _ in range(20)]
        await asyncio.sleep(0.2)
        assert len(net.log.entries) == 8
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
