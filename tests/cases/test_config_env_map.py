"""config.env-map: owners, and days of replacement."""

from __future__ import annotations

from datetime import date

from cases.env_world import NOW, PROD, code, held, record, records
from cases.examples import Example, examples
from launchready_tui.model import Outcome, Severity, State

OWNED = record(
    "API_KEY",
    owner="Ben",
    backup_owner="Ida",
    rotate_every_days=90,
    last_rotated=date(2026, 2, 1),
)


def high(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.HIGH


def low(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.LOW


def with_(**changes: object) -> object:
    from msgspec.structs import replace

    return replace(OWNED, **changes)


test_examples = examples(
    "config.env-map",
    [
        Example(
            "owned, with a second one and a day",
            (records(OWNED), code("API_KEY"), held("API_KEY"), NOW),
            not_=("env-owner-missing", "env-owner-single", "env-rotation-due"),
        ),
        Example(
            "a secret that nobody owns",
            (records(), code("API_KEY"), held("API_KEY"), NOW),
            finds=("env-owner-missing API_KEY",),
        ),
        Example(
            "a setting that is no secret, before anybody began the map",
            (records(), code("COLOUR"), held("COLOUR"), NOW),
            not_=("env-owner-missing",),
        ),
        Example(
            "a setting that is no secret beside one that is on record",
            (records(OWNED), code("API_KEY", "COLOUR"), held("API_KEY"), NOW),
            finds=("env-owner-missing settings that are no secrets",),
            also=low,
        ),
        Example(
            "one owner alone",
            (records(with_(backup_owner="")), code("API_KEY"), held(), NOW),  # type: ignore[arg-type]
            finds=("env-owner-single API_KEY",),
        ),
        Example(
            "due",
            (records(with_(last_rotated=date(2025, 11, 1))), code("API_KEY"), held(), NOW),  # type: ignore[arg-type]
            finds=("env-rotation-due API_KEY",),
        ),
        Example(
            "due twice over",
            (records(with_(last_rotated=date(2025, 1, 1))), code("API_KEY"), held(), NOW),  # type: ignore[arg-type]
            finds=("env-rotation-due API_KEY",),
            also=high,
        ),
        Example(
            "nobody knows when",
            (records(with_(last_rotated=None)), code("API_KEY"), held(), NOW),  # type: ignore[arg-type]
            finds=("env-rotation-due API_KEY",),
        ),
        Example(
            "never, with a reason",
            (
                records(with_(rotate_every_days=0, notes="bound to the contract")),  # type: ignore[arg-type]
                code("API_KEY"),
                held(),
                NOW,
            ),
            not_=("env-rotation-due",),
        ),
        Example(
            "an example file with a dead name",
            (
                records(OWNED),
                code("API_KEY"),
                held("API_KEY", "OLD_TOKEN_TTL", path=".env.example"),
                NOW,
            ),
            finds=(
                "env-example-stale .env.example",
                "env-owner-missing settings that are no secrets",
            ),
        ),
        Example(
            "a name that may be read at run time",
            (
                records(OWNED),
                code("API_KEY", run_time=True),
                held("API_KEY", path=".env.example"),
                NOW,
            ),
            not_=("env-example-stale",),
        ),
        Example(
            "a run without a sprint",
            (records(kept=False), code("API_KEY"), held("API_KEY", path=PROD), NOW),
            state=State.UNKNOWN,
        ),
    ],
)
