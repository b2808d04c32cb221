"""A cookie keeps its name and marks, and loses its value."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.cookies import Cookie, dropped, read_cookie, without_value

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxIn0" + ".c2lnbmF0dXJl"


def read(header: str) -> Cookie | None:
    return read_cookie(without_value(header, NOW))


def after(days: float) -> str:
    return format_datetime(NOW + timedelta(days=days), usegmt=True)


@pytest.mark.parametrize(
    ("header", "cookie"),
    [
        ("sid=abc=d", Cookie(name="sid")),
        (
            "sid=x; Secure; HttpOnly; SameSite=Lax; Path=/; Domain=.Acme.test",
            Cookie(
                name="sid",
                secure=True,
                http_only=True,
                same_site="lax",
                path="/",
                domain="acme.test",
            ),
        ),
        ("sid=x; samesite=Strange", Cookie(name="sid")),
        ("sid=x; Max-Age=2592000", Cookie(name="sid", days=30)),
        (f"sid=x; Expires={after(45)}", Cookie(name="sid", days=45)),
        ("sid=x; Expires=Sun, 01-Mar-2026 12:00:01 GMT", Cookie(name="sid")),
        (f"sid=x; Max-Age=60; Expires={after(45)}", Cookie(name="sid")),
        ("sid=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Cookie(name="sid", ended=True)),
        ("sid=x; Max-Age=0", Cookie(name="sid", ended=True)),
        ("sid=; Path=/", Cookie(name="sid", path="/", ended=True)),
        (f"sid={JWT}", Cookie(name="sid", token=True)),
        (f"sid=Bearer%20{JWT}", Cookie(name="sid", token=True)),
        ("sb-x-auth-token=base64-eyJ" + "hY2Nlc3M", Cookie(name="sb-x-auth-token", token=True)),
        ("sid=x; Expires=tomorrow", Cookie(name="sid")),
        ("nothing", None),
        ("=x", None),
        ("", None),
    ],
)
def test_what_is_kept_of_a_cookie(header: str, cookie: Cookie | None) -> None:
    assert read(header) == cookie


def test_no_value_and_no_date_stays() -> None:
    kept = without_value(f"sid=very-private; Expires={after(3)}; Secure", NOW)
    assert kept == "sid=…; Expires=3 days; Secure"
    later = without_value(f"sid=other; Expires={after(3.01)}; Secure", NOW + timedelta(minutes=14))
    assert later == kept
    assert (
        without_value("sid=a; other=very-private; Expires=soon", NOW) == "sid=…; other=…; Expires=…"
    )
    assert JWT[:20] not in without_value(f"sid={JWT}", NOW)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("__Host-sid=x; Secure; Path=/", ""),
        ("__Host-sid=x; Secure; Path=/; Domain=acme.test", "__Host-"),
        ("__Host-sid=x; Secure; Path=/app", "__Host-"),
        ("__host-sid=x; Path=/", "__Host-"),
        ("__Secure-sid=x", "__Secure-"),
        ("__Secure-sid=x; Secure; Domain=acme.test", ""),
        ("sid=x; SameSite=None", "SameSite=None"),
        ("sid=x; SameSite=None; Secure", ""),
    ],
)
def test_what_browsers_do_not_keep(header: str, why: str) -> None:
    cookie = read(header)
    assert cookie is not None
    assert why in dropped(cookie)
    assert bool(why) == bool(dropped(cookie))


@given(
    st.text(alphabet=st.sampled_from("=;, abeyJ.-_Expires1970:GMT\x1b…()"))
    | st.from_regex(r"a=b; (Expires|Max-Age|Domain)=[^;]{0,30}")
)
def test_no_text_makes_it_fail(text: str) -> None:
    kept = without_value(text, NOW)
    cookie = read_cookie(kept)
    if cookie:
        dropped(cookie)


@pytest.mark.parametrize("piece", [";", "=", "eyJ", "a.", "; Expires="])
def test_no_cookie_takes_long_to_read(piece: str) -> None:
    started = time.process_time()
    read("sid=" + piece * (400_000 // len(piece)))
    assert time.process_time() - started < 2
