"""secrets.rotation: what is out is replaced, and the old one is proven dead."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from cases.env_world import (
    KEY,
    NOW,
    OTHER,
    OTHER_KEY,
    RANDOM,
    held,
    on_record,
    places,
    record,
    records,
    rotation,
    rotations,
)
from cases.examples import Example, examples
from launchready_tui.facts.env_fingerprint import Fingerprints
from launchready_tui.facts.rotation_places import in_use
from launchready_tui.fingerprint_key import FingerprintKey
from launchready_tui.model import Fact, Outcome, Severity, State
from launchready_tui.records.env_record import EnvVariable, Rotation

OUT = held("API_KEY", secret="API_KEY", tracked=True)
IN = held("API_KEY", secret="API_KEY")
CLOSED = rotation("closed", proof="rejected", proof_detail="HTTP 401 from api.acme.example")


OLD_FP = Fingerprints(KEY).of("API_KEY", RANDOM)
OF_OTHER = f"{OTHER_KEY.ident}:{OLD_FP.partition(':')[2]}"
STALE = rotation("replaced", old_fp=OLD_FP, new_fp=OLD_FP)
DEPLOYED = rotation("deployed", env=("prod",), old_fp=OLD_FP)


def held_where(
    one: Rotation, *known: EnvVariable, key: FingerprintKey = KEY, **files: str
) -> tuple[Fact, ...]:
    kept = records(*known)
    asked = (one,) if in_use(one) else ()
    return (rotations(one), kept, IN, NOW, places(*asked, known=kept, key=key, **files))


def names_the_place(outcome: Outcome) -> None:
    (partial,) = [one for one in outcome.findings if one.code == "rotation-partial"]
    assert ".env.dev:1 (dev, OLD_API_KEY)" in partial.observed
    assert RANDOM not in repr(outcome)


def says_what_was_not_compared(outcome: Outcome) -> None:
    assert outcome.cause


def blocker(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.BLOCKER


test_examples = examples(
    "secrets.rotation",
    [
        Example(
            "git holds a secret and nothing was begun",
            (rotations(), records(), OUT, NOW),
            finds=("rotation-missing API_KEY",),
        ),
        Example(
            "a secret that git does not hold",
            (rotations(), records(), IN, NOW),
            not_=("rotation-missing",),
        ),
        Example(
            "closed, with proof",
            (rotations(CLOSED), records(), OUT, NOW),
            not_=("rotation-missing", "rotation-open", "rotation-unproven", "rotation-due"),
        ),
        Example(
            "replaced, and the old one lives",
            (rotations(rotation("replaced")), records(), OUT, NOW),
            finds=("rotation-open API_KEY",),
            also=blocker,
        ),
        Example(
            "revoked without proof",
            (rotations(rotation("revoked")), records(), OUT, NOW),
            finds=("rotation-open API_KEY", "rotation-unproven API_KEY"),
        ),
        Example(
            "nobody for the next time",
            (rotations(rotation("closed", owner="")), records(), OUT, NOW),
            finds=("rotation-owner-missing API_KEY",),
        ),
        Example(
            "the env map names the owner",
            (
                rotations(rotation("closed", owner="")),
                records(record("API_KEY", owner="Ida")),
                OUT,
                NOW,
            ),
            not_=("rotation-owner-missing",),
        ),
        Example(
            "due again",
            (rotations(rotation("closed", next_due=date(2026, 1, 1))), records(), OUT, NOW),
            finds=("rotation-due API_KEY",),
        ),
        Example(
            "the new value is the old one",
            (rotations(STALE), records(), IN, NOW),
            finds=("rotation-open API_KEY", "rotation-same-value API_KEY"),
        ),
        Example(
            "two values that could be guessed tell nothing",
            (rotations(replace(STALE, old_fp="weak", new_fp="weak")), records(), IN, NOW),
            finds=("rotation-open API_KEY",),
            not_=("rotation-same-value",),
        ),
        Example(
            "equal digits of two keys are no equality",
            (rotations(replace(STALE, new_fp=OF_OTHER)), records(), IN, NOW),
            finds=("rotation-open API_KEY",),
            not_=("rotation-same-value",),
        ),
        Example(
            "deployed, and a file still holds the old value under another name",
            held_where(DEPLOYED, dev=f"OLD_API_KEY={RANDOM}"),
            finds=("rotation-open API_KEY", "rotation-partial API_KEY"),
            also=names_the_place,
        ),
        Example(
            "deployed, and the env map still knows the old value",
            held_where(DEPLOYED, on_record("API_KEY", "prod", RANDOM)),
            finds=("rotation-open API_KEY", "rotation-partial API_KEY"),
        ),
        Example(
            "closed, and a file still holds the dead value",
            held_where(replace(CLOSED, old_fp=OLD_FP), dev=f"API_KEY={RANDOM}"),
            finds=("rotation-partial API_KEY",),
        ),
        Example(
            "replaced, and not deployed yet: the old value stands where it should",
            held_where(replace(DEPLOYED, status="replaced"), dev=f"API_KEY={RANDOM}"),
            finds=("rotation-open API_KEY",),
            not_=("rotation-partial",),
        ),
        Example(
            "deployed, and every place holds another value",
            held_where(DEPLOYED, on_record("API_KEY", "prod", OTHER), dev=f"API_KEY={OTHER}"),
            finds=("rotation-open API_KEY",),
            not_=("rotation-partial",),
        ),
        Example(
            "the old value was fingerprinted with a key that is not here",
            held_where(DEPLOYED, key=OTHER_KEY, dev=f"API_KEY={RANDOM}"),
            finds=("rotation-open API_KEY",),
            not_=("rotation-partial",),
            also=says_what_was_not_compared,
        ),
        Example(
            "the old value could be guessed, so nothing was compared",
            held_where(replace(DEPLOYED, old_fp="weak"), dev="API_KEY=kZ93qW"),
            finds=("rotation-open API_KEY",),
            not_=("rotation-partial",),
            also=says_what_was_not_compared,
        ),
        Example(
            "where the places could not be looked at, that is said",
            (rotations(DEPLOYED), records(), IN, NOW),
            finds=("rotation-open API_KEY",),
            not_=("rotation-partial",),
            also=says_what_was_not_compared,
        ),
        Example(
            "a run without a sprint",
            (rotations(kept=False), records(), OUT, NOW),
            state=State.UNKNOWN,
        ),
    ],
)
