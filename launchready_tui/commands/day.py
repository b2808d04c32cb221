"""A day, as an option of a command takes it."""

from __future__ import annotations

from datetime import date

import click


def day(given: str) -> date:
    """2027-01-31, and nothing else."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise click.BadParameter(f"{given!r}: expected a day such as 2027-01-31.") from None
