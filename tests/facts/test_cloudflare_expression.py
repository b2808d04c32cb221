"""Expressions of Cloudflare's rule language: read as far as anybody could, and never run."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from launchready_tui.facts.cloudflare_client import read_reply
from launchready_tui.facts.cloudflare_expression import fits, reaches, without_values

URL = "https://app.acme.test/orders/7?page=2"


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("true", True),
        ("false", False),
        ('http.host eq "app.acme.test"', True),
        ('(http.host eq "static.acme.test")', False),
        ('http.host ne "static.acme.test"', True),
        ('http.host contains "acme"', True),
        ('http.host in {"a.test" "app.acme.test"}', True),
        ("http.host in $my_hosts", None),
        ('http.request.uri.path eq "/orders/7"', True),
        ('starts_with(http.request.uri.path, "/orders")', True),
        ('starts_with(lower(http.request.uri.path), "/ORDERS")', False),
        ('not starts_with(http.request.uri.path, "/api/")', True),
        ('ends_with(http.request.uri.path, ".css")', False),
        ('http.request.uri.path.extension in {"css" "js"}', False),
        ('http.request.full_uri wildcard "https://*.ACME.test/orders/*"', True),
        ('http.request.full_uri strict wildcard "https://*.ACME.test/*"', False),
        ('http.request.uri.path wildcard r"/orders/*"', True),
        ('http.request.uri.path matches "^/orders"', None),
        ('http.request.method eq "POST"', False),
        ("ssl", True),
        ("not ssl", False),
        ("cf.client.bot", None),
        ("not cf.client.bot", None),
        ('cf.client.bot and http.host eq "x.test"', False),
        ('cf.client.bot or http.host eq "app.acme.test"', True),
        ('http.host eq "x" or http.request.uri.path eq "/orders/7" and ssl', True),
        ("ssl xor true", False),
        ("ssl && !(ssl || false)", False),
        ("cf.waf.score lt 20", None),
        ('any(http.request.headers["x"][*] eq "y")', None),
        ('http.cookie contains "session"', None),
        ("ip.src in {192.0.2.0/24 2001:db8::/32}", None),
        ('http.request.uri.path eq "/a\\"b"', False),
        ("", None),
        ("(ssl", None),
        ("ssl ssl", None),
        ("http.host eq", None),
        ("(" * 300 + "ssl" + ")" * 300, None),
        ("not " * 900 + "ssl", True),
        ("a" * 5_000, None),
    ],
)
def test_an_expression_says_yes_no_or_that_only_cloudflare_knows(
    expression: str, truth: bool | None
) -> None:
    assert reaches(expression, URL) is truth


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("*acme.test/*", True),
        ("https://app.acme.test/orders/*", True),
        ("http://app.acme.test/*", False),
        ("static.acme.test/*", False),
        ("app.acme.test/", False),
        ("*" * 299, True),
        ("*a" * 150 + "b", False),
        ("", False),
    ],
)
def test_a_page_rule_fits_by_its_stars(pattern: str, fitting: bool) -> None:
    assert fits(pattern, URL) is fitting


@given(st.text(max_size=300), st.text(max_size=60))
@example('r"' * 100, "x")
@example('r###"' * 50, 'x"')
def test_nothing_in_an_expression_raises(expression: str, more: str) -> None:
    assert reaches(expression, URL) in (True, False, None)
    assert reaches(f'http.host eq "{more}" and ({expression})', URL) in (True, False, None)
    without_values(expression)


@given(st.text(alphabet='(){}[]!"r# andornotxeqhttp.,~*\\', max_size=200))
def test_nothing_that_looks_like_an_expression_raises(expression: str) -> None:
    assert reaches(expression, URL) in (True, False, None)
    without_values(expression)


def test_what_a_header_is_compared_with_is_not_shown() -> None:
    word = "open" + "sesame"
    for hidden in (
        f'http.request.headers["x-pass"][0] eq "{word}"',
        f'any(http.request.headers["x-pass"][*] in {{"a" "{word}"}})',
        f'http.request.headers["x-pass"][0] eq r"{word}" and http.host eq "a.test"',
        f'http.request.uri.query contains "{word}=1"',
        f'http.cookie contains "sid={word}7"',
        f'http.request.headers["x-pass"][0] eq "{word}',
    ):
        assert word not in without_values(hidden)
    assert without_values('http.host eq "a.test"') == 'http.host eq "a.test"'
    assert without_values('not http.cookie contains "session="').endswith('"session="')
    shown = without_values(f'http.request.headers["x-pass"][0] eq "{word}" and http.host eq "a"')
    assert shown == 'http.request.headers["x-pass"][0] eq "…" and http.host eq "a"'


@given(st.integers(100, 599), st.text(max_size=300))
@example(200, '{"success":true,"errors":[],"result":1e999}')
@example(404, '{"errors":[{"code":7003}]}')
@example(403, '{"errors":[{"error_chain":[{"error_chain":[1]}]}]}')
def test_no_answer_raises_and_only_a_success_is_believed(status: int, body: str) -> None:
    reply = read_reply(status, body)
    assert reply.read == (not reply.cause)
    assert not reply.read or status == 200


def test_the_chain_below_an_error_is_told() -> None:
    body = (
        '{"success":false,"errors":[{"code":6003,"message":"Invalid request headers",'
        '"error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}]}'
    )
    assert "6111" in read_reply(400, body).cause
    assert "does not take it for a token" in read_reply(400, body).cause


def test_a_success_with_the_code_of_a_refusal_among_its_messages_is_one() -> None:
    body = '{"success":true,"errors":[],"messages":[{"code":10000}],"result":{"status":"active"}}'
    assert read_reply(200, body).fields() == {"status": "active"}
