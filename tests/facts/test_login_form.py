"""The form that signs in, the way out, what caches say, and likeness: read from anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.cache_world import head
from launchready_tui.cookies import read_cookie
from launchready_tui.facts.cache_signs import (
    browser_for,
    directives,
    open_to_caches,
    seconds_of,
    shared_for,
)
from launchready_tui.facts.cookie_lines import cookie_lines
from launchready_tui.facts.likeness import marked, same_page
from launchready_tui.facts.login_form import login_form, way_out
from launchready_tui.network.seen import Hop

BASE = "https://app.acme.test/login"
FORM = """<form action="/in" method="POST"><input type=hidden name=csrf value="a&amp;b">
<input name=organisation><input name=email type=email><input name=pw type=password></form>"""


def test_a_form_is_filled_with_its_hidden_values() -> None:
    form = login_form(f"<form><input name=q></form>{FORM}", BASE)
    assert form is not None
    assert (form.action, form.method) == ("https://app.acme.test/in", "post")
    assert form.content("mia@acme.test", "p w") == b"csrf=a%26b&email=mia%40acme.test&pw=p+w"
    assert "csrf" not in repr(form)


@pytest.mark.parametrize(
    "body",
    [
        "<form><input name=q></form>",
        FORM.replace("</form>", "<input name=again type=password></form>"),
        "<input name=email><input name=pw type=password>",
        "",
    ],
)
def test_what_is_no_sign_in_form_is_left_alone(body: str) -> None:
    assert login_form(body, BASE) is None


@pytest.mark.parametrize(
    ("body", "where", "method"),
    [
        ("<a href='/users/sign_out'>x</a>", "https://app.acme.test/users/sign_out", "get"),
        ("<form method=post action=logout></form>", "https://app.acme.test/logout", "post"),
        ("<a href='/logos'>x</a><a href='/logoff'>x</a>", "https://app.acme.test/logoff", "get"),
    ],
)
def test_the_way_out_is_a_form_or_a_link(body: str, where: str, method: str) -> None:
    out = way_out(body, BASE)
    assert out is not None
    assert (out.action, out.method) == (where, method)
    assert way_out("<a href=/orders>Orders</a>", BASE) is None


@given(st.text(alphabet="<>/='\" \naforminputpassword[]:&;#", max_size=400))
def test_no_page_breaks_the_reading_of_forms(body: str) -> None:
    login_form(body, BASE)
    way_out(body, BASE)


def test_a_page_of_open_tags_is_read_in_its_stride() -> None:
    for piece in ("<form ", "<input a=", "<a href='", "<form><input type=password name=x "):
        login_form(piece * 60_000, BASE)
        way_out(piece * 60_000, BASE)


# ---------------------------------------------------------------- what heads say


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"cache_control": "public"}, "public"),
        ({"cache_control": "s-maxage=5"}, "s-maxage=5"),
        ({"cache_control": "max-age=5"}, "max-age=5"),
        ({"cache_control": "private", "cdn_cache_control": "max-age=9"}, "edge: max-age=9"),
        ({"cache_control": "public, no-store"}, ""),
        ({"cache_control": "private, max-age=5"}, ""),
        ({"cache_control": "max-age=0"}, ""),
        ({"cache_control": "no-cache, max-age=5"}, ""),
        ({"cache_control": "nonsense=,=,;"}, ""),
        ({}, ""),
    ],
)
def test_who_may_keep_an_answer(headers: dict[str, str], words: str) -> None:
    assert open_to_caches(head(**headers)) == words


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"cf_cache_status": "HIT"}, True),
        ({"cf_cache_status": "MISS"}, False),
        ({"x_cache": "Hit from cloudfront"}, True),
        ({"x_cache": "Miss from cloudfront"}, False),
        ({"x_cache": "TCP_HIT"}, True),
        ({"x_vercel_cache": "PRERENDER"}, True),
        ({"cache_status": '"Netlify Edge"; hit'}, True),
        ({"cache_status": '"Netlify Edge"; fwd=miss'}, False),
        ({"age": "12"}, True),
        ({"age": "0"}, False),
        ({"age": "٣"}, False),
    ],
)
def test_whether_an_answer_came_out_of_a_cache(headers: dict[str, str], kept: bool) -> None:
    assert bool(head(**headers).kept) is kept


@given(st.text(max_size=300))
def test_no_header_breaks_the_reading_of_caches(text: str) -> None:
    told = head(cache_control=text, cdn_cache_control=text, age=text, vary=text, x_cache=text)
    directives(text)
    assert seconds_of(text) >= 0
    assert browser_for(told) >= 0
    assert shared_for(told) >= 0
    assert isinstance(open_to_caches(told), str)


def test_a_cookie_keeps_how_long_it_lives_and_no_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(days=30), usegmt=True)
    sent = (f"sid=a1; Expires={soon}; Secure", "old=; expires=Thu, 01-Jan-1970 00:00:00 GMT")
    headers = tuple(("set-cookie", line) for line in sent)
    lines = cookie_lines(Hop(url="https://a.test/", method="GET", outcome="ok", headers=headers))
    kept, taken = (read_cookie(line) for line in lines)
    assert kept and taken
    assert (kept.name, kept.days, kept.secure, taken.ended) == ("sid", 30, True, True)
    assert "a1" not in str(lines) and soon not in str(lines)


@given(st.text(max_size=80))
def test_no_date_of_a_cookie_breaks_anything(text: str) -> None:
    headers = (("set-cookie", f"sid=a1; Expires={text}"),)
    cookie_lines(Hop(url="https://a.test/", method="GET", outcome="ok", headers=headers))


# ---------------------------------------------------------------- likeness


def test_the_same_page_with_another_token_is_the_same() -> None:
    words = " ".join(f"order{'abcdefghij'[n % 10] * 3} harbour crane" for n in range(50))
    one = f"<p>{words}</p><i nonce=abc1>9:01</i>"
    assert same_page(one, one.replace("abc1", "xyz2").replace("9:01", "9:02"))
    assert not same_page(one, "<p>please sign in</p>")
    assert not same_page("", "")


@pytest.mark.parametrize(
    ("body", "marker", "there"),
    [
        ("<b>Mia O&#39;Hara</b>", "Mia O'Hara", True),
        ('{"name": "J\\u00fcrgen"}', "Jürgen", True),
        ("MIA@ACME.TEST", "mia@acme.test", True),
        ("nobody", "mia", False),
        ("anything", " ", False),
    ],
)
def test_a_marker_is_found_however_it_is_written(body: str, marker: str, there: bool) -> None:
    assert marked(body, (marker,)) is there
