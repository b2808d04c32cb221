"""env.verified and access.least-privilege: what trials of credentials show."""

from __future__ import annotations

from cases.env_world import NOW, RANDOM, credentials, lint, records
from cases.examples import Example, examples
from cases.test_env_verified import db
from cases.trial_world import cache, cloud, live, role, trial
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Fact, Outcome, Severity, State
from launchready_tui.records.trial_record import Trial

AWS = {"prod": "AWS_ACCESS_KEY_ID=AKIA" + "Q7XH4R2V2W7Z3K6N"}
STORE = {"prod": f"REDIS_URL=rediss://:{RANDOM}@cache.acme.example"}
ALL = ("its user is the one called default", "it may use +@all on every key (~*)")
ROOT = ("it is the key of the root user of the account",)
HELD = {"prod": f"MAIL_API_KEY={RANDOM}"}
OWNER = {"prod": f"DATABASE_URL={db('db.acme.example/a?sslmode=verify-full', 'postgres')}"}


def used(*trials: Trial, **files: str) -> tuple[Fact, ...]:
    found = credentials(**(files or HELD))
    return (found, lint("A=1"), Target(domain="acme.test"), NOW, live(*trials))


def power(*trials: Trial, **files: str) -> tuple[Fact, ...]:
    return (credentials(**(files or HELD)), records(), NOW, live(*trials))


def milder(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.MEDIUM


def low(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.LOW


def sure(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is None
    assert outcome.findings[0].confidence is Confidence.CONFIRMED


def told(outcome: Outcome) -> None:
    assert "1 were tried and work" in outcome.summary
    assert any("HTTP 200" in row.value for row in outcome.seen)


def silent(outcome: Outcome) -> None:
    assert "none was tried" in outcome.summary


def with_cause(outcome: Outcome) -> None:
    assert "MAIL_API_KEY: no answer" in outcome.cause


def seen_exactly(outcome: Outcome) -> None:
    observed = outcome.findings[0].observed
    assert "its user is the one called default, it may use +@all on every key (~*)" in observed


DEAD = {"result": "refused", "detail": "HTTP 401 from api.sendgrid.com"}
OPEN = {"result": "open", "detail": "db.acme.example let us in"}

test_working = examples(
    "env.verified",
    [
        Example("a key that works", used(trial()), not_=("cred-refused",), also=told),
        Example(
            "a key that may not do what was tried, which is good",
            used(trial(result="restricted", detail="HTTP 403 from api.stripe.com")),
            not_=("cred-refused",),
        ),
        Example(
            "a key that its provider refuses",
            used(trial(**DEAD)),
            finds=("cred-refused MAIL_API_KEY (prod)",),
            also=sure,
        ),
        Example(
            "a refused key of staging",
            used(trial(environment="preview", **DEAD)),
            finds=("cred-refused MAIL_API_KEY (preview)",),
            also=milder,
        ),
        Example(
            "a key that was refused weeks ago",
            used(trial(days_ago=15, **DEAD)),
            not_=("cred-refused",),
            also=silent,
        ),
        Example(
            "a provider that gave no answer",
            used(trial(result="unknown", detail="no answer from api.sendgrid.com")),
            not_=("cred-refused",),
            state=State.UNKNOWN,
            also=with_cause,
        ),
        Example(
            "a refused key that stands in no env file here",
            used(trial("VAULT_KEY", **DEAD), dev="A=1"),
            finds=("cred-refused VAULT_KEY (prod)",),
        ),
        Example(
            "a database that asks for no password",
            used(role(**OPEN)),
            finds=("db-open DATABASE_URL (prod)",),
            also=sure,
        ),
        Example(
            "the same on a developer's computer",
            used(role(environment="dev", **OPEN)),
            finds=("db-open DATABASE_URL (dev)",),
            also=low,
        ),
        Example("a database that asked", used(role()), not_=("db-open",)),
        Example(
            "a Redis that asks for no password",
            used(cache(result="open", detail="cache.acme.example let us in")),
            finds=("db-open REDIS_URL (prod)",),
            also=sure,
        ),
        Example(
            "a Redis whose password was not sent",
            used(cache(result="unknown", detail="cache.acme.example: not sent", role_seen=False)),
            not_=("db-open", "cred-refused"),
            state=State.UNKNOWN,
        ),
        Example(
            "a key that AWS does not know",
            used(cloud(result="refused", detail="InvalidClientTokenId from sts.amazonaws.com")),
            finds=("cred-refused AWS_ACCESS_KEY_ID (prod)",),
        ),
    ],
)

test_power = examples(
    "access.least-privilege",
    [
        Example(
            "an owner's name whose role may do little",
            power(role(), **OWNER),
            not_=("db-superuser", "cred-privilege-unknown"),
        ),
        Example(
            "a plain name whose role is a superuser",
            power(
                role(powers=("is a superuser",), changes=("owns 3 tables",)),
                prod=f"DATABASE_URL={db('db.acme.example/a')}",
            ),
            finds=("db-superuser DATABASE_URL (prod)",),
            not_=("db-may-change-tables",),
            also=sure,
        ),
        Example(
            "a role that steps over row level security",
            power(role(powers=("steps over row level security",)), **OWNER),
            finds=("db-superuser DATABASE_URL (prod)",),
        ),
        Example(
            "a superuser on a developer's computer",
            power(
                role(environment="dev", powers=("is a superuser",)),
                dev=f"DATABASE_URL={db('localhost/a')}",
            ),
            not_=("db-superuser",),
        ),
        Example(
            "a role that owns its tables",
            power(role(changes=("owns 3 tables",)), **OWNER),
            finds=("db-may-change-tables DATABASE_URL (prod)",),
        ),
        Example(
            "a role that owns nothing, tried through the shared file",
            power(role(), any=OWNER["prod"]),
            not_=("db-may-change-tables", "db-superuser"),
        ),
        Example(
            "a role that was read too long ago to speak for its name",
            power(role(days_ago=15), **OWNER),
            finds=("db-superuser DATABASE_URL (prod)",),
        ),
        Example(
            "a database that did not say what its role may do",
            power(role(role_seen=False), **OWNER),
            finds=("db-superuser DATABASE_URL (prod)",),
        ),
        Example(
            "a Redis user who may do everything",
            power(cache(powers=ALL), **STORE),
            finds=("redis-user-too-wide REDIS_URL (prod)",),
            not_=("db-superuser",),
            also=seen_exactly,
        ),
        Example(
            "a Redis user who may read and write its own keys",
            power(cache(), **STORE),
            not_=("redis-user-too-wide",),
        ),
        Example(
            "everything, in a Redis on a developer's computer",
            power(cache(environment="dev", powers=ALL), **STORE),
            not_=("redis-user-too-wide",),
        ),
        Example(
            "the root user's key of AWS",
            power(cloud(powers=ROOT), **AWS),
            finds=(
                "aws-root-key AWS_ACCESS_KEY_ID (prod)",
                "cred-long-lived AWS_ACCESS_KEY_ID (prod)",
            ),
            not_=("db-superuser", "cred-privilege-unknown"),
            also=sure,
        ),
        Example(
            "the same on a developer's computer, since the account is the same",
            power(cloud(environment="dev", powers=ROOT), dev="A=1"),
            finds=("aws-root-key AWS_ACCESS_KEY_ID (dev)",),
        ),
        Example(
            "an IAM user's key, of which nobody knows what it may do",
            power(cloud(), prod=f"AWS_SECRET_ACCESS_KEY={'Q7XH4R9V2W8Z3K6N/abc' + 'k' * 20}"),
            finds=("cred-privilege-unknown AWS_SECRET_ACCESS_KEY (prod)",),
            not_=("aws-root-key",),
        ),
        Example(
            "a key whose scopes hold more than sending",
            power(trial(too_wide=("api_keys.create", "teammates.read"))),
            finds=("cred-over-privileged MAIL_API_KEY (prod)",),
            not_=("cred-privilege-unknown",),
        ),
        Example(
            "a key whose scopes are all for sending",
            power(trial(narrow=True)),
            not_=("cred-over-privileged", "cred-privilege-unknown"),
        ),
        Example(
            "a key that works, and does not tell what it may do",
            power(trial()),
            finds=("cred-privilege-unknown MAIL_API_KEY (prod)",),
        ),
    ],
)
