"""Databases in parts (DB_HOST, DB_USER, DB_PASSWORD): judged as the address they stand for is."""

from __future__ import annotations

from cases.env_world import (
    KEY,
    NOW,
    OTHER,
    PROD,
    RANDOM,
    STAGING,
    credentials,
    drift,
    drift_with,
    lint,
    record,
    records,
)
from cases.examples import Example, examples
from launchready_tui.facts.env_drift import EnvDrift
from launchready_tui.facts.env_fingerprint import Fingerprints
from launchready_tui.facts.env_kept import Found, entries
from launchready_tui.facts.env_lint import EnvLint
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Fact, Outcome, Severity

CLEAN = lint("A=1")
TARGET = Target(domain="acme.test")
HOST = "db.acme.example"


def parts(
    user: str = "app", password: str = RANDOM, host: str = HOST, name: str = "acme", more: str = ""
) -> str:
    return (
        f"DB_CONNECTION=pgsql\nDB_HOST={host}\nDB_DATABASE={name}\nDB_USERNAME={user}\n"
        f"DB_PASSWORD='{password}'\nDB_SSLMODE=verify-full\n{more}"
    )


def libpq(user: str, password: str = RANDOM, mode: str = "verify-full") -> str:
    return f"PGHOST={HOST}\nPGUSER={user}\nPGPASSWORD={password}\nPGDATABASE=a\nPGSSLMODE={mode}"


def used(**files: str) -> tuple[Fact, ...]:
    return (credentials(**files), CLEAN, TARGET, NOW)


def opened(**files: str) -> tuple[Fact, ...]:
    return (credentials(**files), records(), NOW)


def apart(found: EnvDrift | None = None, files: EnvLint = CLEAN) -> tuple[Fact, ...]:
    return (found or drift(prod="A=1"), files, records(), TARGET)


def in_words(outcome: Outcome) -> None:
    (finding,) = outcome.findings
    assert "by DB_HOST, DB_USERNAME, DB_PASSWORD: the password is" in finding.observed
    assert finding.params["name"] == "DB_USERNAME and DB_PASSWORD"
    assert HOST not in repr(outcome)
    (told,) = outcome.seen
    assert told.value.startswith("with DB_HOST, DB_USERNAME, the address of a PostgreSQL")


def mild(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.LOW


def at_the_host(outcome: Outcome) -> None:
    sure(outcome)
    assert outcome.findings[0].params["name"] == "PGHOST"


def sure(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED


test_used = examples(
    "env.verified",
    [
        Example(
            "the user's name as password",
            used(prod=parts(password="app")),
            finds=("db-weak-password DB_PASSWORD (prod)",),
            also=in_words,
        ),
        Example(
            "a word that also holds a place in examples",
            used(prod=parts(password="postgres")),
            finds=("db-weak-password DB_PASSWORD (prod)",),
        ),
        Example(
            "a word that everybody tries first, for a cache",
            used(prod="REDIS_HOST=cache.acme.example\nREDIS_PASSWORD=redis123\nREDIS_TLS=true"),
            finds=("db-weak-password REDIS_PASSWORD (prod)",),
        ),
        Example(
            "a weak password of a service beside the app",
            used(prod="MYSQL_HOST=db\nMYSQL_USER=app\nMYSQL_PASSWORD=secret1"),
            finds=("db-weak-password MYSQL_PASSWORD (prod)",),
            also=mild,
        ),
        Example(
            "no password at all, as Laravel writes it",
            used(prod="REDIS_HOST=cache.acme.example\nREDIS_PASSWORD=null\nREDIS_TLS=true"),
            not_=("db-weak-password",),
        ),
        Example("a random password", used(prod=parts()), not_=("db-weak-password", "db-no-tls")),
        Example(
            "a weak password on a developer's own computer",
            used(dev=parts(password="app", host="127.0.0.1")),
            not_=("db-weak-password",),
        ),
        Example(
            "a password from somewhere else",
            used(prod=parts(password="${POSTGRES_PASSWORD}")),
            not_=("db-weak-password",),
        ),
        Example(
            "user and password of a container, whose host nothing names",
            used(prod="POSTGRES_USER=app\nPOSTGRES_PASSWORD=kZ93qW\nPOSTGRES_DB=app"),
            not_=("db-weak-password",),
        ),
        Example(
            "the address beside it says it all",
            used(
                prod=f"DATABASE_URL='postgres://app:app@{HOST}/acme?sslmode=require'\n"
                + parts(password="app")
            ),
            finds=("db-weak-password DATABASE_URL (prod)",),
        ),
        Example(
            "host and password of two databases",
            used(
                prod=f"DB_HOST={HOST}\nDB_USER=app\nDB_SSL=true\nDB_PASSWORD={RANDOM}\n"
                "REPORT_DB_USER=report\nREPORT_DB_PASSWORD=report"
            ),
            not_=("db-weak-password", "db-no-tls"),
        ),
        Example(
            "encryption is not insisted on",
            used(prod=libpq("app", mode="prefer")),
            finds=("db-no-tls PGPASSWORD (prod)",),
            also=at_the_host,
        ),
        Example(
            "encryption is insisted on",
            used(prod=libpq("app", mode="require")),
            not_=("db-no-tls",),
        ),
        Example(
            "what an unknown server's client does is not guessed",
            used(prod=f"DB_HOST={HOST}\nDB_USER=app\nDB_PASSWORD={RANDOM}"),
            not_=("db-no-tls",),
        ),
    ],
)

test_opened = examples(
    "access.least-privilege",
    [
        Example(
            "the app signs in as postgres",
            opened(prod=libpq("postgres")),
            finds=("db-superuser PGPASSWORD (prod)",),
        ),
        Example(
            "root without a password, at a server that nothing names",
            opened(prod=f"DATABASE_HOST={HOST}\nDATABASE_USER=root"),
            finds=("db-superuser DATABASE_USER (prod)",),
        ),
        Example(
            "a user of its own is asked about",
            opened(prod=libpq("acme_app")),
            finds=("cred-privilege-unknown PGPASSWORD (prod)",),
            not_=("db-superuser",),
        ),
        Example(
            "postgres on a developer's computer",
            opened(dev=parts("postgres", host="localhost")),
            not_=("db-superuser",),
        ),
        Example(
            "a cache knows no owner",
            opened(prod=f"REDIS_HOST=r.acme.example\nREDIS_USER=admin\nREDIS_PASSWORD={RANDOM}"),
            not_=("db-superuser", "cred-privilege-unknown"),
        ),
        Example(
            "an administrator of something else",
            opened(prod=f"SMTP_HOST={HOST}\nSMTP_USER=root\nADMIN_USER=admin"),
            not_=("db-superuser",),
        ),
    ],
)


def recorded() -> tuple[Fact, ...]:
    """Production's host as a host's export told it, beside a file of staging."""
    found = [
        Found(name, value, "prod", "vercel")
        for name, value in (line.split("=", 1) for line in parts().split())
    ]
    made = entries(found, Fingerprints(KEY), lambda one: one.name == "DB_PASSWORD")
    assert RANDOM not in repr(made)
    assert HOST not in repr(made)
    known = records(*(record(name, sensitive=False, env=env) for name, env in made.items()))
    return (drift_with(known, KEY, preview=parts(password=OTHER)), CLEAN, known, TARGET)


test_apart = examples(
    "env.separation",
    [
        Example(
            "one database for two environments, told once",
            apart(drift(prod=parts(), preview=parts())),
            finds=("db-shared-across-envs DB_HOST",),
            not_=("env-same-secret",),
        ),
        Example(
            "one password for two databases",
            apart(drift(prod=parts(), preview=parts(host="staging.acme.example"))),
            finds=("env-same-secret DB_PASSWORD",),
            not_=("db-shared-across-envs",),
        ),
        Example(
            "two databases on one host",
            apart(drift(prod=parts(), preview=parts(password=OTHER, name="acme_staging"))),
            not_=("db-shared-across-envs",),
        ),
        Example(
            "a database on record that a file leads to as well",
            recorded(),
            finds=("db-shared-across-envs DB_HOST",),
        ),
        Example(
            "production's database on its own machine",
            apart(files=lint("DB_HOST=127.0.0.1\nDB_USER=app")),
            finds=(f"db-localhost-in-prod {PROD}:1",),
            not_=("env-points-elsewhere",),
        ),
        Example(
            "production's database on its own machine, by libpq's name",
            apart(files=lint("PGHOST=localhost")),
            finds=(f"db-localhost-in-prod {PROD}:1",),
        ),
        Example(
            "a developer's database on the developer's machine",
            apart(files=lint("DB_HOST=localhost", STAGING)),
            not_=("db-localhost-in-prod",),
        ),
        Example(
            "a service of the compose file",
            apart(files=lint("DB_HOST=db\nDB_USER=app", services=("db",))),
            not_=("db-localhost-in-prod", "env-points-elsewhere"),
        ),
    ],
)
