"""Whether a server staples, against nginx that does and one that does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.network.stapling import greeting, read
from network.conftest import Opener
from network.hostile import hostile_tls
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

DAY = timedelta(days=1)
HOST = "staple.test"


@pytest.mark.parametrize(
    ("staples", "protocols", "ocsp_url", "told"),
    [
        (True, "TLSv1.2 TLSv1.3", "http://ocsp.test/", "yes"),
        (False, "TLSv1.2 TLSv1.3", "http://ocsp.test/", "no"),
        (False, "TLSv1.3", "http://ocsp.test/", "unknown"),
        (False, "TLSv1.2", "", ""),
    ],
)
async def test_a_certificate_that_demands_a_staple_is_asked_about(
    pki: Pki, opened: Opener, staples: bool, protocols: str, ocsp_url: str, told: str
) -> None:
    papers = pki.papers(HOST, begins=-DAY, ends=60 * DAY, must_staple=True, ocsp_url=ocsp_url)
    stapling = f"ssl_stapling on; ssl_stapling_file {pki.staple(papers)};" if staples else ""
    port = free_port()
    body = f"""
    server {{
        listen 127.0.0.1:{port} ssl; server_name {HOST};
        ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};
        ssl_protocols {protocols}; {stapling}
    }}
    """
    with running_nginx(body):
        net = opened(HOST, ca=str(pki.ca), connect=(f"{HOST}:443=127.0.0.1:{port}",))
        shown = await net.handshake(HOST)
    assert shown.outcome == "trusted", shown
    assert shown.stapled == told
    assert len(net.log.entries) == (2 if told else 1)


async def test_an_ordinary_certificate_costs_no_second_look(pki: Pki, opened: Opener) -> None:
    papers = pki.good(HOST)
    port = free_port()
    body = f"""
    server {{ listen 127.0.0.1:{port} ssl; server_name {HOST};
        ssl_certificate {papers.chain}; ssl_certificate_key {papers.key}; }}
    """
    with running_nginx(body):
        net = opened(HOST, ca=str(pki.ca), connect=(f"{HOST}:443=127.0.0.1:{port}",))
        assert (await net.handshake(HOST)).stapled == ""
    assert len(net.log.entries) == 1


@pytest.mark.parametrize("manner", ["stall", "garbage", "plain", "alert", "close", "flood"])
async def test_what_is_not_quite_tls_leaves_it_unknown(opened: Opener, manner: str) -> None:
    from launchready_tui.network.log import RequestLog
    from launchready_tui.network.options import Endpoint, Options
    from launchready_tui.network.routes import Route
    from launchready_tui.network.stapling import ask_for_staple

    with hostile_tls(manner) as port:
        way = Endpoint(ip="127.0.0.1", port=port)
        route = Route(host=HOST, address="127.0.0.1", port=443, to=way)
        told = await ask_for_staple(route, Options(handshake_timeout=0.5), RequestLog())
    assert told == "unknown"


@given(st.binary(max_size=400))
def test_no_bytes_of_a_server_raise(received: bytes) -> None:
    assert read(received) in (None, "yes", "no", "unknown")


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=60)), max_size=6))
def test_no_handshake_messages_raise(messages: list[tuple[int, bytes]]) -> None:
    content = b"".join(bytes((k,)) + len(b).to_bytes(3) + b for k, b in messages)
    record = b"\x16\x03\x03" + len(content).to_bytes(2) + content
    assert read(record) in (None, "yes", "no", "unknown")


def test_an_address_is_not_named_in_the_greeting() -> None:
    assert b"127.0.0.1" not in greeting("127.0.0.1")
    assert b"staple.test" in greeting(HOST)
