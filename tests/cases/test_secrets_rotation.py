"""secrets.rotation: what is out is replaced, and the old one is proven dead."""

from __future__ import annotations

from datetime import date

from cases.env_world import NOW, held, record, records, rotation, rotations
from cases.examples import Example, examples
from launchready_tui.model import Outcome, Severity, State

OUT = held("API_KEY", secret="API_KEY", tracked=True)
IN = held("API_KEY", secret="API_KEY")
CLOSED = rotation("closed", proof="rejected", proof_detail="HTTP 401 from api.acme.example")


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
            "a run without a sprint",
            (rotations(kept=False), records(), OUT, NOW),
            state=State.UNKNOWN,
        ),
    ],
)
