"""What a shared screen must not show: home paths, the names in e-mail addresses, long tokens.

Masks are on from the start. Secrets never get this far: they are redacted where they are kept.
"""

from __future__ import annotations

import re
from pathlib import Path

SECONDS = 20.0
"""How long a lifted veil stays up."""

_MAIL = re.compile(r"\b([A-Za-z0-9._%+-])[A-Za-z0-9._%+-]*@(?=[A-Za-z0-9-]+\.[A-Za-z])")
_TOKEN = re.compile(r"\b(?=(?:[^\s\d]*\d){4})(?=[^\s]*[A-Za-z])[A-Za-z0-9_-]{24,}\b")
"""Long, with letters and at least four digits: words joined by hyphens are left alone."""
_HOMES = re.compile(r"(?:/home|/Users)/[^/\s]+|/root(?=/|\b)|[A-Za-z]:\\Users\\[^\\\s]+")


class Veil:
    """Hides, or while lifted does not."""

    def __init__(self) -> None:
        self.lifted = False
        self._home = str(Path.home())

    def __call__(self, text: str) -> str:
        return text if self.lifted else self.hide(text)

    def hide(self, text: str) -> str:
        if len(self._home) > 1:
            text = text.replace(self._home, "~")
        text = _HOMES.sub("~", text)
        text = _MAIL.sub(r"\1…@", text)
        return _TOKEN.sub(lambda match: f"{match[0][:4]}… ({len(match[0])} characters)", text)
