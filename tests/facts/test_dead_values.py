"""A secret of the history is dead where this very value's rotation is closed, and only there."""

from __future__ import annotations

import pytest

from cases.env_world import KEY, OTHER, OTHER_KEY, RANDOM, rotation, rotations
from launchready_tui.facts.env_fingerprint import Fingerprints
from launchready_tui.facts.secret_scan import closed_in, closed_of
from launchready_tui.fingerprint_key import FingerprintKey
from launchready_tui.given import Prints
from launchready_tui.secret import Secret

OLD = Fingerprints(KEY).of("API_KEY", RANDOM)


def rotation_of(
    value: str, *, status: str = "closed", old_fp: str = OLD, key: FingerprintKey | None = KEY
) -> str:
    held = rotations(rotation(status, old_fp=old_fp))
    return closed_of(*closed_in(held, Prints(lambda: key)), "", Secret(value))


def test_the_value_of_a_closed_rotation_is_dead_under_whatever_name() -> None:
    assert rotation_of(RANDOM) == "2026-03-02-API_KEY"


@pytest.mark.parametrize("status", ["found", "replaced", "deployed", "revoked", "proven"])
def test_a_rotation_that_is_not_closed_proves_nothing(status: str) -> None:
    assert rotation_of(RANDOM, status=status) == ""


def test_another_value_another_key_and_no_key_prove_nothing() -> None:
    assert rotation_of(OTHER) == ""
    assert rotation_of(RANDOM, key=OTHER_KEY) == ""
    assert rotation_of(RANDOM, key=None) == ""
    assert rotation_of("kZ93qW", old_fp="weak") == ""
    assert rotation_of(RANDOM, old_fp="") == ""
