"""Networks for tests: patient where an answer will come; a test that waits for none shortens it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from launchready_tui.network import Network, Options, Scope, open_network
from network.hostile import HostileHttp, hostile_http
from servers.pki import Pki

Opener = Callable[..., Network]


async def something_left(network: Network) -> None:
    """Wait until a request is on its way."""
    for _ in range(1000):
        if network.log.entries:
            return
        await asyncio.sleep(0.01)


@pytest.fixture
async def opened() -> AsyncIterator[Opener]:
    """Opens networks, and closes them at the end of the test."""
    networks: list[Network] = []

    def opener(*hosts: str, scope: Scope | None = None, **options: object) -> Network:
        usual: dict[str, object] = {
            "connect_timeout": 5.0,
            "handshake_timeout": 5.0,
            "hop_timeout": 8.0,
            "fetch_timeout": 10.0,
        }
        given = Options(**{**usual, **options})  # type: ignore[arg-type]
        networks.append(open_network(scope or Scope(hosts=hosts, named=hosts), given))
        return networks[-1]

    yield opener
    for network in networks:
        await network.aclose()


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="session")
def web() -> Iterator[HostileHttp]:
    with hostile_http() as server:
        yield server
