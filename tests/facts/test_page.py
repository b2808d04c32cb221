"""A page gives itself away in a few words, whatever a server sends as one."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.world import HOME, hop, visit
from launchready_tui.facts.page import Form, Page, Script, read_page
from launchready_tui.facts.site import _days_off, without_values

PAGE = """<!doctype html><html><head><title> Berth
 desk &amp; more </title>
<meta name="generator" content="Astro v5.1.0">
<link rel=stylesheet href="/_next/static/css/a1.css"><script src='/_next/static/b2.js'></script>
<script>var version = "9.9.9"; if (a < b) document.write("<a href=http://evil.test/>")</script>
<!-- <a href="http://old.acme.test/">no</a> -->
</head><body>Release 2.4.1 of 2025-01-01 at 10.0.0.1
<a href="https://app.acme.test/x">app</a> <a href="/inside">x</a>
<form action="http://acme.test/login"></form></body></html>"""


def test_what_a_page_says_of_itself() -> None:
    assert read_page(PAGE) == Page(
        title="Berth desk & more",
        generator="Astro v5.1.0",
        markers=("nextjs",),
        assets=("/_next/static/b2.js", "/_next/static/css/a1.css"),
        versions=("2.4.1",),
        links=("acme.test", "app.acme.test"),
        plain=("acme.test",),
        scripts=(Script(source="/_next/static/b2.js"),),
        forms=(Form(action="http://acme.test/login"),),
        mixed=("form http://acme.test/login",),
        shell="fa59e84035aa7b60",
    )


def test_what_a_page_loads_asks_and_forbids() -> None:
    page = read_page("""
        <meta http-equiv="Content-Security-Policy" content="default-src 'self'">
        <meta name=robots content="noindex, nofollow">
        <link rel="modulepreload" href="/chunk.js"><link rel=icon href="http://acme.test/i.png">
        <script src="https://cdn.example/x.js" integrity="sha384-abc" crossorigin></script>
        <img src="http://acme.test/a.png"><a href="http://acme.test/">a plain link</a>
        <form method=POST action="/login"><input name=email><input type=password name=word></form>
    """)
    assert page.scripts == (
        Script(source="/chunk.js", preload=True),
        Script(source="https://cdn.example/x.js", pinned=True),
    )
    assert page.csp == ("default-src 'self'",)
    assert page.robots == "noindex, nofollow"
    assert page.mixed == ("img http://acme.test/a.png",)
    assert page.forms == (
        Form(action="/login", method="post", fields=("email", "word"), password=True),
    )


def test_a_shell_is_the_same_whatever_nonce_and_text_it_carries() -> None:
    one = read_page('<div id=app></div><script nonce="a1">load(1)</script>')
    other = read_page('<div id=app></div><script nonce="b2">load(2)</script>')
    assert one.shell == other.shell
    assert one.shell != read_page("<div id=app></div><p>Secret</p>").shell


@pytest.mark.parametrize(
    "piece", ["<a href=", "<", "<!--", "<![CDATA[", "<script>", "</", "<a b='", '<a "', "&#x", "a="]
)
def test_no_page_takes_long_to_read(piece: str) -> None:
    started = time.process_time()
    read_page(piece * (400_000 // len(piece)))
    assert time.process_time() - started < 2


@given(st.text(alphabet=st.sampled_from("<>/!-='\" abtile\x1b\n&;#")))
def test_no_text_makes_it_fail(text: str) -> None:
    read_page(text)


def test_a_hostile_title_is_made_visible() -> None:
    assert read_page("<title>a\x1b[31m\u202eb</title>").title == "a\\x1b[31m\\u202eb"


def test_a_cookie_keeps_its_name_and_marks_and_loses_its_value() -> None:
    kept = without_values(hop(HOME, set_cookie="session=abc=def; Path=/; Secure", date="now"))
    assert kept.headers == (("set-cookie", "session=…; Path=/; Secure"), ("date", "now"))


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def said(days: float, **headers: str) -> object:
    date = format_datetime(NOW - timedelta(days=days), usegmt=True)
    return visit(hop(HOME, date=date, **headers))


@pytest.mark.parametrize(
    ("visits", "days"),
    [
        ([said(0), said(0.01)], 0),
        ([said(3), said(3)], 3),
        ([said(1), said(1)], 1),
        ([said(-1), said(-1)], -1),
        ([said(-2)], -2),
        ([said(3), said(0)], 0),
        ([said(3, age=str(3 * 86_400))], 0),
        ([visit(hop(HOME, date="yesterday"))], 0),
        ([visit(hop(HOME))], 0),
        ([said(1, age="-" * 400)], 0),
    ],
)
def test_the_clock_is_off_only_where_all_servers_agree(visits: list[object], days: int) -> None:
    assert _days_off(visits, NOW) == days  # type: ignore[arg-type]
