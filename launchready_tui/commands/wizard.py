"""The wizard, as `launchready` without a command."""

from __future__ import annotations

from pathlib import Path

from launchready_tui.commands.door import options_of
from launchready_tui.commands.refusal import Refused


def wizard(
    directory: str | None, *, read_only: bool, resolver: str, ca: str, connect: tuple[str, ...]
) -> int:
    """Open the wizard where the user stands. Without a terminal it says so and ends with 2."""
    import launchready_screens

    start = Path(directory or ".").absolute()
    if not start.is_dir():
        raise Refused(f"{directory}: there is no such folder.")
    options = options_of(resolver, ca, connect)
    return launchready_screens.run(start, options=options, read_only=read_only)
