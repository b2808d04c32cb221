"""What shipped code gives away, in words: kinds, names and places, never a value.

A `Sheet` is filled while code is read. Its hits go into facts; the keys that are public by design
stay in memory, for whoever asks the platform that issued them.
"""

from __future__ import annotations

from typing import Literal

from launchready_tui.model import Record

MOST_HELD = 500
MOST_HITS = 60
MOST_NAMES = 40

Kind = Literal[
    "service-key",
    "secret",
    "test-secret",
    "maybe-secret",
    "named-secret",
    "id",
    "local",
    "dev-host",
]


class Hit(Record, frozen=True, kw_only=True):
    """One thing that was found.

    `service-key`: rights over the whole database · `secret`: a private key by its shape ·
    `test-secret`: one of a test mode · `maybe-secret`: a key that may be either ·
    `named-secret`: a setting whose name promises a secret · `id`: which project of a platform ·
    `local`: an address of a developer's computer · `dev-host`: a tunnel or a development host.
    """

    kind: Kind
    detail: str
    """What it is, in words; of an address the address."""
    at: int = 0
    """The byte it stands at; 0 in a page, whose bytes change."""
    platform: str = ""
    name: str = ""
    """A project's reference or host, or a variable's name."""
    mode: str = ""
    """Of an id "live" or "test"; of a local address how it is used: with a "path", for a
    "call", or "bare": nothing shows that production calls it."""
    sure: bool = True

    @property
    def what(self) -> tuple[str, str, str, str, str]:
        return (self.kind, self.platform, self.name, self.mode, self.detail)


class Sheet:
    """What one script gave away so far."""

    def __init__(self) -> None:
        self._hits: dict[tuple[str, str, str, str, str], Hit] = {}
        self._google: list[Hit] = []
        self.calls_gemini = False
        self.api: set[str] = set()
        """Addresses that are called: paths, and full addresses."""
        self.tables: set[str] = set()
        self.buckets: set[str] = set()
        """Storage buckets whose files are fetched without a key."""
        self.imports: set[str] = set()
        self.map = ""
        """Where the last comment says that the source map is."""
        self.keys: dict[str, str] = {}
        """Public keys by the reference of their Supabase project; "" where the key names none."""

    def hit(self, hit: Hit) -> None:
        """Keep a hit once, at the first place it stands."""
        known = self._hits.get(hit.what)
        if known is None and len(self._hits) >= MOST_HELD:
            return
        if known is None or hit.at < known.at:
            self._hits[hit.what] = hit

    def google_key(self, hit: Hit) -> None:
        """A Google key that is not Firebase's: whether it is private shows at the end."""
        if len(self._google) < MOST_NAMES:
            self._google.append(hit)

    def name(self, names: set[str], name: str) -> None:
        if len(names) < MOST_HELD:
            names.add(name)

    @property
    def hits(self) -> tuple[Hit, ...]:
        hits = [*self._hits.values(), *(self._google[:1] if self.calls_gemini else ())]
        return tuple(sorted(hits, key=lambda hit: (hit.at, hit.what)))[:MOST_HITS]
