"""A rotation's step with fingerprints: what is taken over, refused, and said to be unknown."""

from __future__ import annotations

from cases.env_world import KEY, OTHER, OTHER_KEY, RANDOM, rotation
from launchready_tui.facts.env_files import Environment
from launchready_tui.facts.env_fingerprint import Fingerprints
from launchready_tui.facts.env_marks import Mark
from launchready_tui.fingerprint_key import FingerprintKey
from launchready_tui.recording.rotation_steps import Seen, StepTaken, with_prints
from launchready_tui.records.env_record import Rotation, Step

PROD, DEV = ".env.production:1", ".env.dev:1"


def fp(value: str, key: FingerprintKey = KEY) -> str:
    return Fingerprints(key).of("API_KEY", value)


def mark(value: str, environment: Environment = "prod", key: FingerprintKey = KEY) -> Mark:
    place = PROD if environment == "prod" else DEV
    return Mark("API_KEY", environment, place, fp(value, key))


def step(
    name: Step, open_: Rotation | None, *marks: Mark, given: str = "", env: tuple[str, ...] = ()
) -> Seen:
    return with_prints(open_, name, StepTaken(env=env), given, marks)


FOUND = rotation("found", old_fp=fp(RANDOM), env=("prod",))
REPLACED = rotation("replaced", old_fp=fp(RANDOM), new_fp=fp(OTHER), env=("prod",))


def test_the_old_value_is_the_one_that_is_seen_or_given() -> None:
    assert step("found", None, mark(RANDOM)).taken.old_fp == fp(RANDOM)
    assert step("found", None, mark(RANDOM), given=fp(OTHER)).taken.old_fp == fp(OTHER)
    both = (mark(RANDOM), mark(OTHER, "dev"))
    assert step("found", None, *both).taken.old_fp == ""
    assert step("found", None, *both, env=("prod",)).taken.old_fp == fp(RANDOM)
    assert step("found", None).taken.old_fp == ""


def test_a_new_value_that_is_the_old_one_is_refused() -> None:
    refused = step("replaced", FOUND, given=fp(RANDOM)).refused
    assert refused is not None and "is the old one" in refused
    seen = step("replaced", FOUND, given=fp(OTHER))
    assert (seen.refused, seen.taken.new_fp) == (None, fp(OTHER))


def test_weak_values_and_those_of_another_key_are_not_the_same() -> None:
    weak = rotation("found", old_fp="weak")
    assert step("replaced", weak, given="weak").refused is None
    assert step("replaced", FOUND, given=fp(RANDOM, OTHER_KEY)).refused is None


def test_a_place_that_still_holds_the_old_value_is_named_and_not_taken_for_new() -> None:
    seen = step("replaced", FOUND, mark(RANDOM))
    assert (seen.refused, seen.taken.new_fp) == (None, "")
    assert seen.told == (f"{PROD} still holds the old value.",)
    assert step("replaced", FOUND, mark(OTHER)).taken.new_fp == fp(OTHER)


def test_without_the_old_value_nothing_is_taken_for_the_new_one() -> None:
    assert step("replaced", rotation("found"), mark(RANDOM)).taken.new_fp == ""
    assert step("replaced", None, mark(RANDOM)).taken.new_fp == ""


def test_what_is_deployed_is_the_new_value() -> None:
    assert step("deployed", REPLACED, mark(OTHER)) == Seen(StepTaken())
    still = step("deployed", REPLACED, mark(RANDOM)).refused
    assert still is not None and PROD in still and "old value" in still
    third = step("deployed", REPLACED, mark("Zz" + OTHER)).refused
    assert third is not None and "another value" in third


def test_an_environment_that_was_not_asked_about_holds_nothing_up() -> None:
    seen = step("deployed", REPLACED, mark(OTHER), mark(RANDOM, "dev"))
    assert seen.refused is None


def test_what_could_not_be_seen_is_said() -> None:
    for marks in ((), (mark(RANDOM, key=OTHER_KEY),), (Mark("API_KEY", "prod", PROD, "weak"),)):
        seen = step("deployed", REPLACED, *marks)
        assert seen.refused is None
        assert seen.told == ("Which value prod holds was not seen.",)
    blind = rotation("replaced", old_fp=fp(RANDOM), env=("prod",))
    assert step("deployed", blind, mark(OTHER)).told == ("Which value prod holds was not seen.",)
    assert step("deployed", blind, mark(RANDOM)).refused is not None


def test_later_steps_are_left_as_they_are() -> None:
    taken = StepTaken(proof="attested")
    seen = with_prints(REPLACED, "proven", taken, "", [mark(RANDOM)])
    assert seen == Seen(taken)
