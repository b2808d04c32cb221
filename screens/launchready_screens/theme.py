"""The wizard's own colours: calm surfaces, one accent. `TEXTUAL_THEME` and F3 choose others."""

from __future__ import annotations

from textual.constants import DEFAULT_THEME
from textual.theme import BUILTIN_THEMES, Theme

NIGHT = Theme(
    name="launchready",
    primary="#6ba4d9",
    secondary="#8c9bb0",
    accent="#7fb7e8",
    warning="#d9b45f",
    error="#e8706a",
    success="#74b58a",
    foreground="#d5d9e0",
    background="#14171c",
    surface="#191d23",
    panel="#22272f",
    dark=True,
    variables={"footer-key-foreground": "#7fb7e8", "block-cursor-text-style": "none"},
)
"""Dark, with red kept for what stops a launch."""

BUILTIN_THEMES[NIGHT.name] = NIGHT
"""Known before the app is made: exchanging a theme later parses every style sheet again."""
CHOSEN = NIGHT.name if DEFAULT_THEME == "textual-dark" else DEFAULT_THEME
"""What `TEXTUAL_THEME` says, or ours."""
