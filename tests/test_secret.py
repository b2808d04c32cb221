"""A secret shows itself to nobody who did not ask by `reveal`."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from typing import Any

import msgspec
import pytest

from launchready_tui.secret import Secret

VALUE = "correct horse battery"
SECRET = Secret(VALUE)


@pytest.mark.parametrize(
    "shown",
    [
        repr(SECRET),
        str(SECRET),
        f"{SECRET}",
        f"{SECRET:>40}",
        f"{SECRET!a}",
        "%s %r" % (SECRET, SECRET),  # noqa: UP031  the old way must not leak either
        repr([SECRET, {"a": SECRET}]),
        json.dumps([SECRET], default=str),
    ],
)
def test_every_way_of_writing_it_shows_a_mask(shown: str) -> None:
    assert "horse" not in shown


@pytest.mark.parametrize(
    "write",
    [
        pickle.dumps,
        json.dumps,
        msgspec.json.encode,
        msgspec.to_builtins,
        lambda s: s.__getstate__(),
    ],
)
def test_what_would_carry_it_elsewhere_is_refused_without_naming_it(write: Any) -> None:
    with pytest.raises(TypeError) as refused:
        write(SECRET)
    assert "horse" not in str(refused.value)


def test_logs_and_tracebacks_do_not_hold_it(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("got %s and %r", SECRET, SECRET)

    def fails(held: Secret) -> None:
        raise ValueError(f"cannot use {held}")

    try:
        fails(SECRET)
    except ValueError as error:
        told = "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert "horse" not in caplog.text + told


def test_two_are_equal_by_value_and_never_equal_to_text() -> None:
    assert Secret("a\ud800") == Secret("a\ud800")
    assert Secret("a") != Secret("b")
    assert SECRET != VALUE
    assert not Secret("")
    with pytest.raises(TypeError):
        hash(SECRET)


def test_copies_are_itself_and_only_reveal_reveals() -> None:
    assert copy.copy(SECRET) is SECRET
    assert copy.deepcopy([SECRET])[0] is SECRET
    assert SECRET.reveal() == VALUE
    with pytest.raises(AttributeError):
        SECRET.value = "x"  # type: ignore[attr-defined]
