"""Trials for the tables of examples."""

from __future__ import annotations

from datetime import timedelta

from cases.env_world import NOW
from launchready_tui.records.trial_record import LiveCredentials, Trial, id_of


def trial(
    name: str = "MAIL_API_KEY", environment: str = "prod", days_ago: int = 0, **fields: object
) -> Trial:
    whole: dict[str, object] = {
        "id": id_of(name, environment),
        "name": name,
        "environment": environment,
        "kind": "sendgrid-key",
        "host": "api.sendgrid.com",
        "result": "works",
        "detail": "HTTP 200 from api.sendgrid.com",
        "at": NOW.at - timedelta(days=days_ago),
        "by": "Ana",
        **fields,
    }
    return Trial(**whole)  # type: ignore[arg-type]


def role(name: str = "DATABASE_URL", environment: str = "prod", **fields: object) -> Trial:
    """A database whose role was read."""
    known: dict[str, object] = {
        "kind": "postgres-url",
        "host": "db.acme.example",
        "detail": "signed in at db.acme.example (TLSv1.3)",
        "role_seen": True,
        **fields,
    }
    return trial(name, environment, **known)  # type: ignore[arg-type]


def cache(name: str = "REDIS_URL", environment: str = "prod", **fields: object) -> Trial:
    """A Redis whose user's rights were read."""
    known: dict[str, object] = {
        "kind": "redis-url",
        "host": "cache.acme.example",
        "detail": "signed in at cache.acme.example (TLSv1.3)",
        "role_seen": True,
        **fields,
    }
    return trial(name, environment, **known)  # type: ignore[arg-type]


def cloud(name: str = "AWS_ACCESS_KEY_ID", environment: str = "prod", **fields: object) -> Trial:
    """A key of AWS whose owner is known."""
    known: dict[str, object] = {
        "kind": "aws-access-key-id",
        "host": "sts.amazonaws.com",
        "detail": "HTTP 200 from sts.amazonaws.com: it is the key of an IAM user",
        **fields,
    }
    return trial(name, environment, **known)  # type: ignore[arg-type]


def live(*trials: Trial) -> LiveCredentials:
    return LiveCredentials(trials=trials)
