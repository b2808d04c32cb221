"""What Berth desk is told from outside."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SESSION_HOURS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one instance runs. `release` is what the health endpoint and the pages name."""

    database: Path
    public_url: str
    release: str = "dev"
    api_token: str = ""
    mail_from: str = ""
    smtp_url: str = ""
    webhook_key: str = ""
    tide_key: str = ""
    error_tracker: str = ""


def from_environment() -> Settings:
    """Read the settings of a deployment. A missing required variable stops the start."""
    return Settings(
        database=Path(os.environ["DATABASE_PATH"]),
        public_url=os.environ["PUBLIC_URL"],
        api_token=os.environ["API_TOKEN"],
        mail_from=os.environ["MAIL_FROM"],
        smtp_url=os.environ["SMTP_URL"],
        webhook_key=os.environ["WEBHOOK_SIGNING_KEY"],
        tide_key=os.environ["TIDE_API_KEY"],
        error_tracker=os.getenv("ERROR_TRACKER_DSN", ""),
        release=os.getenv("RELEASE", "dev"),
    )


def feature(name: str) -> bool:
    """Whether a feature is switched on: FEATURE_<NAME>=on."""
    return os.environ.get(f"FEATURE_{name.upper()}", "") == "on"
