"""What a scan for secrets came to: places, rules and words, never a value."""

from __future__ import annotations

from typing import Literal

from launchready_tui.model import Fact, Record

Where = Literal["tree", "history", "build", "input"]
"""`build`: output of a build, which visitors get · `input`: a file or stream somebody named."""
Sort = Literal["shape", "named", "url", "known", "fallback", "public-name"]
"""How it was told: by its form, its name, as an address with a password, by its known value, as a
secret that code falls back to, or as a name that a build hands to browsers."""
History = Literal["whole", "part", "none", "not asked", "failed"]


class Leak(Record, frozen=True, kw_only=True):
    """One place where a secret stands."""

    sort: Sort
    where: Where
    path: str
    line: int
    rule: str
    what: str
    """In words, such as "a GitHub access token"."""
    severity: Literal["blocker", "high", "medium", "low", "info"]
    sure: bool = True
    """False where the form alone does not settle it."""
    name: str = ""
    """The setting it belongs to."""
    commit: str = ""
    """Of a history: the first commit that holds it, short."""
    written: str = ""
    """The author's date of that commit."""
    first: str = ""
    """Since when it is in the history at all, with the commit; empty where that is not known."""
    more: int = 0
    """In how many other versions or files of the history the same value stands."""
    pending: bool = False
    """In a file that git does not track yet, and does not ignore."""
    rotated: str = ""
    """The closed rotation of this very value: it is dead."""

    @property
    def live(self) -> bool:
        """Whether it has the form of a key that works: nobody's word sets it aside."""
        return self.severity == "blocker" and self.sure

    @property
    def subject(self) -> str:
        place = f"{self.path}:{self.line}"
        return f"{self.commit}:{place}" if self.where == "history" else place


class SecretScan(Fact, frozen=True, kw_only=True):
    """A scan: with what, how much of it, what was found and what was not looked at."""

    engine: str
    rules: int
    reduced: bool
    files: int
    history: History
    commits: int = 0
    versions: int = 0
    """How many file versions of the history were read."""
    leaks: tuple[Leak, ...] = ()
    known: tuple[str, ...] = ()
    """Names of the settings whose values were searched for."""
    refused: tuple[str, ...] = ()
    """Names whose values are too short or too common to be searched for."""
    allowed: int = 0
    """Hits that a comment in the code explains away."""
    gaps: tuple[str, ...] = ()
    """What was not looked at, and why, in words."""
