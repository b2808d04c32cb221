"""env.separation: environments that share what matters, and production on test data."""

from __future__ import annotations

from cases.env_world import (
    KEY,
    OTHER,
    OTHER_KEY,
    PROD,
    RANDOM,
    STAGING,
    drift,
    drift_with,
    lint,
    on_record,
    record,
    records,
)
from cases.examples import Example, examples
from launchready_tui.facts.env_drift import EnvDrift
from launchready_tui.facts.env_lint import EnvLint
from launchready_tui.fingerprint_key import FingerprintKey
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Fact, Outcome, Severity, State
from launchready_tui.records.env_record import EnvVariable, EnvVariables

CLEAN = lint("A=1")
TARGET = Target(domain="acme.example")
NO_PAYMENTS = Target(domain="acme.example", traits={"payments": False})
TEST = "sk_" + "test_" + "51Hq8KzLmN2pQr"
LIVE = "sk_" + "live_" + "51Hq8KzLmN2pQr"
PUBLIC = "pk_" + "live_" + "51Hq8KzLmN2pQr"
STAGED = "postgres://app:" + RANDOM + "@db.staging.acme.example/acme"
DB = "postgres://app:" + RANDOM + "@db.acme.example/acme"


def seen(
    found: EnvDrift | None = None,
    files: EnvLint = CLEAN,
    known: EnvVariables | None = None,
    target: Target = TARGET,
) -> tuple[Fact, ...]:
    return (found or drift(prod="A=1"), files, known or records(), target)


def blocker(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.BLOCKER


def for_review(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.REVIEW


def both(name: str, one: str, other: str) -> EnvDrift:
    return drift(prod=f"{name}={one}", preview=f"{name}={other}")


def beside(*known: EnvVariable, key: FingerprintKey | None = KEY, **files: str) -> tuple[Fact, ...]:
    kept = records(*known)
    return (drift_with(kept, key, **files), CLEAN, kept, TARGET)


def both_on_record(name: str, one: str, other: str) -> EnvVariable:
    first, second = on_record(name, "prod", one), on_record(name, "preview", other)
    return record(name, env={**first.env, **second.env})


def by_the_map(outcome: Outcome) -> None:
    assert "the env map, by vercel (production)" in outcome.findings[0].observed
    assert RANDOM not in repr(outcome)


def of_another_key(outcome: Outcome) -> None:
    assert OTHER_KEY.ident in outcome.cause and KEY.ident in outcome.cause
    assert "env map --record" in outcome.cause


test_examples = examples(
    "env.separation",
    [
        Example(
            "one mail key in two environments",
            seen(both("MAIL_API_KEY", RANDOM, RANDOM)),
            finds=("env-same-secret MAIL_API_KEY",),
        ),
        Example(
            "one signing secret in two environments",
            seen(both("JWT_SECRET", RANDOM, f" {RANDOM}")),
            finds=("env-same-secret JWT_SECRET",),
            also=blocker,
        ),
        Example(
            "a key in the file that all environments share",
            seen(drift(prod=f"MAIL_API_KEY={RANDOM}", any=f"MAIL_API_KEY={RANDOM}")),
            finds=("env-same-secret MAIL_API_KEY",),
            also=for_review,
        ),
        Example(
            "a key for each", seen(both("MAIL_API_KEY", RANDOM, OTHER)), not_=("env-same-secret",)
        ),
        Example(
            "a public key",
            seen(both("STRIPE_PUBLISHABLE_KEY", PUBLIC, PUBLIC)),
            not_=("env-same-secret",),
        ),
        Example(
            "a key of the analytics",
            seen(both("POSTHOG_API_KEY", RANDOM, RANDOM)),
            not_=("env-same-secret",),
        ),
        Example(
            "weak values are not compared",
            seen(both("MAIL_API_KEY", "kZ93qW", "kZ93qW")),
            not_=("env-same-secret",),
        ),
        Example(
            "one value under two names",
            seen(drift(prod=f"MAIL_API_KEY={RANDOM}\nSMTP_PASSWORD={RANDOM}")),
            finds=("env-same-secret-names MAIL_API_KEY and SMTP_PASSWORD",),
        ),
        Example(
            "an alias that is written down",
            seen(
                drift(prod=f"MAIL_API_KEY={RANDOM}\nSMTP_PASSWORD={RANDOM}"),
                known=records(record("SMTP_PASSWORD", notes="alias of MAIL_API_KEY")),
            ),
            not_=("env-same-secret-names",),
        ),
        Example(
            "one database for two environments",
            seen(both("DATABASE_URL", DB, DB.replace(RANDOM, OTHER))),
            finds=("db-shared-across-envs DATABASE_URL",),
        ),
        Example(
            "two databases on one host",
            seen(both("DATABASE_URL", DB, f"{DB}_staging")),
            not_=("db-shared-across-envs",),
        ),
        Example(
            "a read replica by name",
            seen(both("READ_REPLICA_URL", DB, DB)),
            not_=("db-shared-across-envs",),
        ),
        Example(
            "a service of the compose file",
            seen(both("DATABASE_URL", "postgres://a:b@db/x", "postgres://a:b@db/x")),
            not_=("db-shared-across-envs",),
        ),
        Example(
            "production calls a staging host",
            seen(files=lint("API_URL=https://staging.acme.example")),
            finds=(f"env-points-elsewhere {PROD}:1",),
        ),
        Example(
            "staging calls a staging host",
            seen(files=lint("API_URL=https://staging.acme.example", STAGING)),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "a host that a compose file defines",
            seen(files=lint("DB_HOST=test-db", services=("test-db",))),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "another product's address as one's own",
            seen(files=lint("AUTH_URL=https://acme.hosting.example", own=("acme.example",))),
            finds=(f"env-points-elsewhere {PROD}:1",),
        ),
        Example(
            "one's own address",
            seen(files=lint("AUTH_URL=https://app.acme.example", own=("acme.example",))),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "a provider's host that is called like a test",
            seen(files=lint("GIT_URL=https://dev.azure.com/acme", own=("acme.example",))),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "where the server listens",
            seen(files=lint("HOST=0.0.0.0")),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "a helper on the same machine",
            seen(files=lint("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318")),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "production's database on its own machine",
            seen(files=lint("DATABASE_URL=postgres://a:b@127.0.0.1/acme")),
            finds=(f"db-localhost-in-prod {PROD}:1",),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "production's database as a service of the compose file",
            seen(files=lint("DATABASE_URL=postgres://a:b@db/acme", services=("db",))),
            not_=("db-localhost-in-prod",),
        ),
        Example(
            "a staging database that production shares is said once",
            seen(
                both("DATABASE_URL", STAGED, STAGED),
                lint(f"DATABASE_URL={STAGED}"),
            ),
            finds=("db-shared-across-envs DATABASE_URL",),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "a test key in production",
            seen(files=lint(f"STRIPE_SECRET_KEY={TEST}")),
            finds=(f"env-mode-mismatch {PROD}:1",),
        ),
        Example(
            "a test key of payments that stay off",
            seen(files=lint(f"STRIPE_SECRET_KEY={TEST}"), target=NO_PAYMENTS),
            not_=("env-mode-mismatch",),
        ),
        Example(
            "a test key of the sign-in, where payments stay off",
            seen(files=lint(f"CLERK_SECRET_KEY={TEST}"), target=NO_PAYMENTS),
            finds=(f"env-mode-mismatch {PROD}:1",),
        ),
        Example(
            "a live key in production",
            seen(files=lint(f"STRIPE_SECRET_KEY={LIVE}")),
            not_=("env-mode-mismatch",),
        ),
        Example(
            "a staging file holds what the env map knows of production",
            beside(on_record("MAIL_API_KEY", "prod", RANDOM), preview=f"MAIL_API_KEY={RANDOM}"),
            finds=("env-same-secret MAIL_API_KEY",),
            also=by_the_map,
        ),
        Example(
            "a staging file holds another value than the env map knows of production",
            beside(on_record("MAIL_API_KEY", "prod", RANDOM), preview=f"MAIL_API_KEY={OTHER}"),
            not_=("env-same-secret",),
        ),
        Example(
            "two environments on record alone share a signing secret",
            beside(both_on_record("JWT_SECRET", RANDOM, RANDOM), key=None),
            finds=("env-same-secret JWT_SECRET",),
            also=blocker,
        ),
        Example(
            "one value on record under two names",
            beside(
                on_record("MAIL_API_KEY", "prod", RANDOM),
                on_record("SMTP_PASSWORD", "prod", RANDOM),
            ),
            finds=("env-same-secret-names MAIL_API_KEY and SMTP_PASSWORD",),
        ),
        Example(
            "a database on record that a file leads to as well",
            beside(
                on_record("DATABASE_URL", "prod", DB),
                preview=f"DATABASE_URL={DB.replace(RANDOM, OTHER)}",
            ),
            finds=("db-shared-across-envs DATABASE_URL",),
        ),
        Example(
            "a database on record, and another one in a file",
            beside(on_record("DATABASE_URL", "prod", DB), preview=f"DATABASE_URL={STAGED}"),
            not_=("db-shared-across-envs",),
        ),
        Example(
            "what is in the tree now counts, not what was recorded of it",
            beside(
                on_record("MAIL_API_KEY", "prod", RANDOM),
                prod=f"MAIL_API_KEY={OTHER}",
                preview=f"MAIL_API_KEY={RANDOM}",
            ),
            not_=("env-same-secret",),
        ),
        Example(
            "fingerprints of another key are never compared, and that is said",
            beside(
                on_record("MAIL_API_KEY", "prod", RANDOM, OTHER_KEY),
                preview=f"MAIL_API_KEY={RANDOM}",
            ),
            not_=("env-same-secret",),
            state=State.UNKNOWN,
            also=of_another_key,
        ),
        Example(
            "a machine without the key compares nothing with the record",
            beside(
                on_record("MAIL_API_KEY", "prod", RANDOM),
                key=None,
                preview=f"MAIL_API_KEY={RANDOM}",
            ),
            not_=("env-same-secret",),
            state=State.UNKNOWN,
        ),
        Example(
            "weak values on record are not compared",
            beside(both_on_record("MAIL_API_KEY", "kZ93qW", "kZ93qW")),
            not_=("env-same-secret", "env-same-secret-names"),
        ),
        Example(
            "set in production only",
            seen(drift(prod="A=1\nB=2", preview="A=1")),
            finds=("env-drift B",),
        ),
        Example(
            "optional where it is not set",
            seen(
                drift(prod="A=1\nB=2", preview="A=1"),
                known=records(record("B", optional_in=("preview",))),
            ),
            not_=("env-drift",),
        ),
        Example(
            "set in the file that all environments share",
            seen(drift(prod="A=1\nB=2", preview="A=1", any="B=3")),
            not_=("env-drift",),
        ),
    ],
)
