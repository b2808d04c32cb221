"""The options of a command that reports and gates: in which form, where to, from when it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
SEVERITIES = ("blocker", "high", "medium", "low", "info")


def report_options(*forms: str, unknown: str, more: str = "") -> Callable[[F], F]:
    """Add --format (as `form`), -o, --fail-on and --allow-unknown.

    Args:
        forms: What the report can be written as; the first is the default.
        unknown: What --allow-unknown lets pass, as the end of "Exit 0 although …".
        more: Another sentence for --fail-on.
    """
    options = (
        click.option(
            "--format", "form", type=click.Choice(forms), default=forms[0], show_default=True
        ),
        click.option(
            "-o", "--output", metavar="F", help="Write the report there instead of stdout."
        ),
        click.option(
            "--fail-on",
            type=click.Choice(SEVERITIES),
            default="medium",
            show_default=True,
            help=f"Exit 1 from this severity on. {more}".rstrip(),
        ),
        click.option("--allow-unknown", is_flag=True, help=f"Exit 0 although {unknown}."),
    )

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add
