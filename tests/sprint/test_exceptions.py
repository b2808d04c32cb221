"""Routes that do without a protection: one file each, with a reason and an owner."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from launchready_tui.given import RouteException
from launchready_tui.model import Level
from launchready_tui.session import Session, SessionError

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def exception(route: str = "/webhooks/payments", **changes: Any) -> RouteException:
    values: dict[str, Any] = {
        "route": route,
        "bypasses": ("bot rules", "cache"),
        "why": "Stripe signs each call and cannot solve puzzles",
        "owner": "Ben",
        "by": "Anna",
        "at": AT,
    }
    return RouteException(**{**values, **changes})


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session.create(tmp_path / "acme", domain="acme.test", by="Anna", level=Level.PASSIVE)


def test_an_exception_is_one_file_and_is_read_again(session: Session) -> None:
    session.except_route(exception())
    session.except_route(exception("https://app.acme.test/hooks/*", bypasses=("waf",)))
    files = sorted((session.store.folder / "exceptions").glob("*.toml"))
    assert len(files) == 2
    held = tomllib.loads(files[0].read_text("utf-8"))
    assert (held["route"], held["bypasses"]) == ("/webhooks/payments", ["bot rules", "cache"])
    session.close()
    again = Session.open(session.store.root)
    assert [one.route for one in again.store.exceptions().exceptions] == [
        "/webhooks/payments",
        "https://app.acme.test/hooks/*",
    ]
    assert again.store.damaged() == ()
    again.close()


def test_an_exception_ends_and_its_end_is_undone(session: Session) -> None:
    session.except_route(exception())
    session.end_exception("/webhooks/payments")
    assert session.store.exceptions().exceptions == ()
    assert session.undo() == "end of the exception of /webhooks/payments by Anna"
    assert session.store.exceptions().exceptions == (exception(),)
    assert session.undo() == "exception of /webhooks/payments by Anna"
    assert session.store.exceptions().exceptions == ()
    with pytest.raises(SessionError, match="not on record"):
        session.end_exception("/webhooks/payments")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"route": "webhooks"}, "A route is a path"),
        ({"route": "/a b"}, "a blank"),
        ({"route": "/a*b"}, "a blank or a"),
        ({"route": "/\x1b[2J"}, "A route is a path"),
        ({"bypasses": ()}, "Say what the route bypasses"),
        ({"why": "because"}, "at least 15 characters"),
        ({"owner": " "}, "Name an owner"),
        ({"by": ""}, "Give a name"),
    ],
)
def test_an_exception_without_its_words_is_refused(
    changes: dict[str, Any], told: str, session: Session
) -> None:
    with pytest.raises(SessionError, match=told):
        session.except_route(exception(**changes))
    assert session.store.exceptions().exceptions == ()


@pytest.mark.parametrize(
    ("route", "url", "covered"),
    [
        ("/hooks/a", "https://acme.test/hooks/a", True),
        ("/hooks/a", "https://app.acme.test/hooks/a/?x=1", True),
        ("/hooks/a", "https://acme.test/hooks/ab", False),
        ("/hooks/*", "https://acme.test/hooks/ab", True),
        ("https://app.acme.test/hooks/*", "https://acme.test/hooks/ab", False),
        ("https://app.acme.test/hooks/*", "https://app.acme.test/hooks/ab", True),
    ],
)
def test_a_route_covers_its_address_and_with_a_star_those_below(
    route: str, url: str, covered: bool
) -> None:
    assert exception(route).covers(url) is covered
