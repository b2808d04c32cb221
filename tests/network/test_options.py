"""Options are read strictly, and a mistake is answered with an example."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.network import (
    BadOption,
    Options,
    Scope,
    open_network,
    parse_connect,
    parse_endpoint,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("9.9.9.9", "9.9.9.9:53"),
        ("127.0.0.1:5353", "127.0.0.1:5353"),
        ("[::1]:5353", "[::1]:5353"),
        ("[::1]", "[::1]:53"),
        ("2620:fe::fe", "[2620:fe::fe]:53"),
    ],
)
def test_a_resolver_is_an_address_with_or_without_a_port(text: str, shown: str) -> None:
    assert str(parse_endpoint(text)) == shown


@pytest.mark.parametrize(
    "text", ["", "dns.example", "1.2.3", "1.2.3.4:", "1.2.3.4:0", "1.2.3.4:x", "1.2.3.4:70000"]
)
def test_a_resolver_that_is_none_is_refused_with_an_example(text: str) -> None:
    if text == "1.2.3.4:":
        assert parse_endpoint(text).port == 53
        return
    with pytest.raises(BadOption, match=r"an IP address and a port, for example 9\.9\.9\.9:53"):
        parse_endpoint(text)


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("App.example.com:443=127.0.0.1:8443", ("app.example.com", 443, "127.0.0.1:8443")),
        ("192.0.2.1:443=127.0.0.1:8443", ("192.0.2.1", 443, "127.0.0.1:8443")),
        ("*:80=[::1]:8080", ("*", 80, "[::1]:8080")),
        ("[2001:db8::1]:443=127.0.0.1:8443", ("2001:db8::1", 443, "127.0.0.1:8443")),
    ],
)
def test_connect_maps_a_name_an_address_or_everything(text: str, pin: tuple[str, int, str]) -> None:
    read = parse_connect(text)
    assert (read.host, read.port, str(read.to)) == pin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "app.example.com=127.0.0.1:8443",
        "app.example.com:443",
        "app.example.com:443=127.0.0.1",
        "app.example.com:443=localhost:8443",
        "app example:443=127.0.0.1:1",
        "a:b:443=127.0.0.1:1",
    ],
)
def test_a_connect_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadOption, match=r"--connect .*app\.example\.com:443=127\.0\.0\.1:8443"):
        parse_connect(text)


@pytest.mark.parametrize(
    "options",
    [
        Options(resolver="nowhere"),
        Options(connect=("nonsense",)),
        Options(ca="/nonexistent/ca.pem"),
        Options(user_agent="two\r\nlines"),
    ],
)
def test_a_network_is_not_opened_with_an_option_that_cannot_be_used(options: Options) -> None:
    with pytest.raises(BadOption):
        open_network(Scope(hosts=()), options)


def test_a_file_without_a_certificate_is_no_authority(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("hello")
    with pytest.raises(BadOption, match="PEM"):
        open_network(Scope(hosts=()), Options(ca=str(tmp_path / "ca.pem")))
