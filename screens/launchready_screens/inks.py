"""The inks of the wizard, by what they mean. Colour never carries a state alone."""

from __future__ import annotations

QUIET = "$foreground 65%"
STRONG = "bold"
ACCENT = "bold $text-accent"
RED = "bold $error"
YELLOW = "$text-warning"
GREEN = "$text-success"


def of_verdict(word: str) -> str:
    """The ink of a verdict's word."""
    if word == "NO-GO":
        return RED
    return YELLOW if word.startswith("NOT") else "bold $text-success"
