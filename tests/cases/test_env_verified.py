"""env.verified: what the shapes of credentials say of where they are used."""

from __future__ import annotations

import base64
import json
from typing import Any

from cases.env_world import NOW, PROD, RANDOM, credentials, lint
from cases.examples import Example, examples
from launchready_tui.facts.credentials import Credentials
from launchready_tui.facts.env_lint import EnvLint
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Fact, Outcome, Severity, State

LIVE = "sk_" + "live_" + "51Hq8KzLmN2pQr"
TEST = "sk_" + "test_" + "51Hq8KzLmN2pQr"
PUBLIC = "pk_" + "live_" + "51Hq8KzLmN2pQr"
TARGET = Target(domain="acme.test")
PROJECT, OTHER = "abcdefghijklmnopqrst", "tsrqponmlkjihgfedcba"
CLEAN = lint("A=1")
AFTER, BEFORE = 1_900_000_000, 1_700_000_000


def token(**claims: Any) -> str:
    """A JSON web token with these claims, signed by nobody."""
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    head = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*head, RANDOM * 2])


def supabase(role: str = "service_role", **claims: Any) -> str:
    return token(**{"iss": "supabase", "role": role, "ref": PROJECT, "exp": AFTER, **claims})


def db(rest: str, user: str = "app", password: str = RANDOM, scheme: str = "postgres") -> str:
    return f"{scheme}://{user}:{password}@{rest}"


def seen(
    found: Credentials | None = None, around: EnvLint = CLEAN, target: Target = TARGET, **files: str
) -> tuple[Fact, ...]:
    return (found or credentials(**files), around, target, NOW)


def url(value: str, name: str = "DATABASE_URL", environment: str = "prod") -> tuple[Fact, ...]:
    """One setting, in single quotes so that its reader takes it whole."""
    return seen(**{environment: f"{name}='{value}'"})


def mild(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.LOW


def likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


def sure(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED


SAFE = "db.acme.example/acme?sslmode=verify-full"
POOLED = "pool.acme.example:6543/acme?sslmode=require"

test_modes = examples(
    "env.verified",
    [
        Example(
            "a live key on a developer's computer",
            seen(dev=f"STRIPE_SECRET_KEY={LIVE}"),
            finds=("cred-wrong-mode STRIPE_SECRET_KEY (dev)",),
            also=sure,
        ),
        Example(
            "a live key in staging",
            seen(preview=f"STRIPE_SECRET_KEY={LIVE}"),
            finds=("cred-wrong-mode STRIPE_SECRET_KEY (preview)",),
        ),
        Example(
            "a public live key on a developer's computer",
            seen(dev=f"STRIPE_PUBLISHABLE_KEY={PUBLIC}"),
            finds=("cred-wrong-mode STRIPE_PUBLISHABLE_KEY (dev)",),
            also=mild,
        ),
        Example(
            "a test key in production, under a name that says nothing",
            seen(prod=f"PAY_KEY={TEST}"),
            finds=("cred-wrong-mode PAY_KEY (prod)",),
        ),
        Example(
            "a test key in production that another item tells of",
            seen(
                credentials(prod=f"STRIPE_SECRET_KEY={TEST}"),
                lint(f"STRIPE_SECRET_KEY={TEST}", ".env.prod"),
            ),
            not_=("cred-wrong-mode",),
        ),
        Example(
            "payments that stay off",
            seen(
                prod=f"PAY_KEY={TEST}", target=Target(domain="a.test", traits={"payments": False})
            ),
            not_=("cred-wrong-mode",),
        ),
        Example(
            "each key in its place",
            seen(prod=f"STRIPE_SECRET_KEY={LIVE}", dev=f"STRIPE_SECRET_KEY={TEST}"),
            not_=("cred-wrong-mode",),
        ),
        Example(
            "a live key in the file of no environment",
            seen(any=f"STRIPE_SECRET_KEY={LIVE}"),
            not_=("cred-wrong-mode",),
        ),
    ],
)

test_supabase = examples(
    "env.verified",
    [
        Example(
            "a key of one project, the address of another",
            seen(
                prod=f"SUPABASE_URL=https://{OTHER}.supabase.co\nSUPABASE_SERVICE_KEY={supabase()}"
            ),
            finds=(
                "cred-legacy SUPABASE_SERVICE_KEY (prod)",
                "cred-project-mismatch SUPABASE_SERVICE_KEY (prod)",
            ),
        ),
        Example(
            "the address stands in the file that all environments share",
            seen(
                any=f"SUPABASE_URL=https://{OTHER}.supabase.co",
                prod=f"SUPABASE_ANON_KEY={supabase('anon')}",
            ),
            finds=(
                "cred-legacy SUPABASE_ANON_KEY (prod)",
                "cred-project-mismatch SUPABASE_ANON_KEY (prod)",
            ),
        ),
        Example(
            "key and address of one project",
            seen(
                prod=f"SUPABASE_URL=https://{PROJECT}.supabase.co\nSUPABASE_ANON_KEY={supabase('anon')}"
            ),
            finds=("cred-legacy SUPABASE_ANON_KEY (prod)",),
            not_=("cred-project-mismatch",),
        ),
        Example(
            "an address under the product's own domain",
            seen(
                prod=f"SUPABASE_URL=https://api.acme.example\nSUPABASE_ANON_KEY={supabase('anon')}"
            ),
            finds=("cred-legacy SUPABASE_ANON_KEY (prod)",),
            not_=("cred-project-mismatch",),
        ),
        Example(
            "staging has a project of its own",
            seen(
                preview=f"SUPABASE_URL=https://{OTHER}.supabase.co",
                prod=f"SUPABASE_URL=https://{PROJECT}.supabase.co\nSUPABASE_ANON_KEY={supabase()}",
            ),
            finds=("cred-legacy SUPABASE_ANON_KEY (prod)",),
            not_=("cred-project-mismatch",),
        ),
        Example(
            "keys of the new kind",
            seen(prod="SUPABASE_SECRET_KEY=" + "sb_" + f"secret_{RANDOM}"),
            not_=("cred-legacy",),
        ),
        Example(
            "a token of somebody else's",
            seen(prod=f"EDGE_TOKEN={token(iss='edge', ref=PROJECT)}"),
            not_=("cred-legacy", "cred-project-mismatch"),
        ),
        Example(
            "a token that ran out",
            seen(prod=f"EDGE_TOKEN={token(iss='edge', exp=BEFORE)}"),
            finds=("cred-expired EDGE_TOKEN (prod)",),
        ),
        Example(
            "a token that a tool fetches again by itself",
            seen(
                dev=f"EDGE_TOKEN={token(iss='edge', exp=BEFORE)}",
                any=f"VERCEL_OIDC_TOKEN={token(iss='edge', exp=BEFORE)}",
            ),
            not_=("cred-expired",),
        ),
        Example(
            "a token that is valid for years",
            seen(prod=f"EDGE_TOKEN={token(iss='edge', exp=AFTER)}"),
            not_=("cred-expired",),
        ),
    ],
)

test_passwords = examples(
    "env.verified",
    [
        Example(
            "the user's name as password",
            url(db(SAFE, "acme", "acme")),
            finds=("db-weak-password DATABASE_URL (prod)",),
            also=sure,
        ),
        Example(
            "a password that everybody tries first",
            url(db(SAFE, password="postgres123")),
            finds=("db-weak-password DATABASE_URL (prod)",),
        ),
        Example(
            "a short password of a MySQL database",
            url(db("db.acme.example/x?ssl-mode=REQUIRED", "app", "kZ93q", "mysql")),
            finds=("db-weak-password DATABASE_URL (prod)",),
        ),
        Example(
            "a weak password beside the app, in production",
            url(db("db:5432/acme", "app", "secret")),
            finds=("db-weak-password DATABASE_URL (prod)",),
            also=mild,
        ),
        Example(
            "a weak password on a developer's own computer",
            url(db("localhost/acme", "postgres", "postgres"), environment="dev"),
            not_=("db-weak-password", "db-no-tls"),
        ),
        Example(
            "a weak password of a compose service in the shared file",
            url(db("postgres:5432/acme", "postgres", "postgres"), environment="any"),
            not_=("db-weak-password", "db-no-tls"),
        ),
        Example(
            "a random password with encoded signs",
            url(db(SAFE, password="p%40ss%2FXk39dkwQpz")),
            not_=("db-weak-password",),
        ),
        Example(
            "a password from another setting",
            url(db(SAFE, password="${DB_PASSWORD}")),
            not_=("db-weak-password",),
        ),
        Example(
            "a template",
            url("postgres://USER:PASSWORD@HOST:5432/DB"),
            not_=("db-weak-password", "db-no-tls"),
        ),
        Example(
            "a secret word in an address that leads to no database",
            url(db("hooks.acme.example/in", "app", "secret", "https"), "HOOK_URL"),
            not_=("db-weak-password", "db-no-tls"),
        ),
    ],
)

ENCRYPTED = {
    "verify-full": db("db.acme.example/a?sslmode=verify-full"),
    "require, with a driver in the scheme": db(
        "db.acme.example/a?ssl=require", scheme="postgresql+asyncpg"
    ),
    "ssl=true": db("db.acme.example/a?ssl=true"),
    "Prisma with MySQL": db("db.acme.example/a?sslaccept=strict", scheme="mysql"),
    "MySQL by JSON": db('db.acme.example/a?ssl={"rejectUnauthorized":true}', scheme="mysql"),
    "MongoDB's srv": db("cluster.acme.example/a", scheme="mongodb+srv"),
    "MongoDB with tls": db("one.acme.example,two.acme.example/a?tls=true", scheme="mongodb"),
    "rediss": f"rediss://:{RANDOM}@cache.acme.example:6379",
    "Prisma's own proxy": "prisma+postgres://acme.example/?api_key=" + RANDOM,
    "SQL Server": f"sqlserver://db.acme.example:1433;user=app;password={RANDOM}",
    "a private network": db("db.railway.internal/a"),
    "a private address": db("10.0.3.4/a"),
    "a service of the compose file": db("db:5432/a"),
    "the same machine": db("localhost/a"),
    "a socket": f"postgres://app:{RANDOM}@/a?host=/var/run/postgresql",
}
PLAIN = {
    "nothing said": (db("db.acme.example/a"), likely),
    "disable": (db("db.acme.example/a?sslmode=disable"), sure),
    "prefer": (db("db.acme.example/a?sslmode=prefer"), sure),
    "ssl=false": (db("db.acme.example/a?ssl=false", scheme="postgresql+asyncpg"), sure),
    "MySQL": (db("db.acme.example/a", scheme="mysql"), likely),
    "MongoDB": (db("one.acme.example,two.acme.example/a", scheme="mongodb"), likely),
    "MongoDB's srv, switched off": (
        db("c.acme.example/a?tls=false", scheme="mongodb+srv"),
        sure,
    ),
    "redis": (f"redis://:{RANDOM}@cache.acme.example:6379", likely),
    "SQL Server, switched off": (
        f"sqlserver://db.acme.example:1433;user=app;password={RANDOM};encrypt=false",
        sure,
    ),
}

test_encryption = examples(
    "env.verified",
    [
        *(
            Example(f"an encrypted connection: {says}", url(value), not_=("db-no-tls",))
            for says, value in ENCRYPTED.items()
        ),
        *(
            Example(
                f"a plain connection: {says}",
                url(value),
                finds=("db-no-tls DATABASE_URL (prod)",),
                also=also,
            )
            for says, (value, also) in PLAIN.items()
        ),
        Example(
            "the mode stands in a setting of its own",
            seen(prod=f"DATABASE_URL={db('db.acme.example/a')}\nPGSSLMODE=verify-full"),
            not_=("db-no-tls",),
        ),
        Example(
            "a developer's database far away",
            url(db("db.acme.example/a"), environment="dev"),
            finds=("db-no-tls DATABASE_URL (dev)",),
            also=mild,
        ),
    ],
)

test_poolers = examples(
    "env.verified",
    [
        Example(
            "the pooler under the name for direct connections",
            seen(prod=f"DIRECT_URL={db(POOLED)}\nDATABASE_URL={db(SAFE)}"),
            finds=("db-pooler-for-migrations DIRECT_URL (prod)",),
            also=sure,
        ),
        Example(
            "a pooler's address and no other",
            url(db("ep-a-pooler.acme.example/acme?sslmode=require")),
            finds=("db-pooler-for-migrations DATABASE_URL (prod)",),
            also=likely,
        ),
        Example(
            "one address through the pooler, one without",
            seen(prod=f"DATABASE_URL={db(POOLED)}\nDIRECT_URL={db(SAFE)}"),
            not_=("db-pooler-for-migrations",),
        ),
        Example(
            "the port of the pooler and another kind of server",
            url(f"rediss://:{RANDOM}@cache.acme.example:6543"),
            not_=("db-pooler-for-migrations",),
        ),
    ],
)

test_whole = examples(
    "env.verified",
    [
        Example("no env file", seen(Credentials()), state=State.UNKNOWN),
        Example(
            "a file that could not be read",
            seen(credentials(missed=(f"{PROD}: it is no text",), prod="A=1")),
            state=State.UNKNOWN,
        ),
    ],
)
