"""A secret shows its mask wherever it is printed, formatted, compared or stored."""

from __future__ import annotations

import json
import pickle
import traceback

import msgspec
import pytest

from launchready_tui.secret import Secret

VALUE = "correct-horse-battery"


def test_it_masks_itself_everywhere() -> None:
    secret = Secret(VALUE)
    shown = f"{secret} {secret!r} {secret!s} {secret:>20} {[secret]} %s" % secret
    assert VALUE not in shown
    assert secret.reveal() == VALUE


def test_it_is_not_stored() -> None:
    for store in (pickle.dumps, json.dumps, msgspec.json.encode):
        with pytest.raises(TypeError):
            store(Secret(VALUE))  # type: ignore[operator]


def test_a_traceback_does_not_hold_it() -> None:
    try:
        raise ValueError(Secret(VALUE))
    except ValueError:
        assert VALUE not in traceback.format_exc()


def test_equality_is_told_without_showing() -> None:
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret("other")
    assert Secret(VALUE) != VALUE
