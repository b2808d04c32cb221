"""Reading shipped JavaScript as it streams by: fast, in bounded memory, whatever it is.

A pass of `bytes.find` over a block costs next to nothing and a general pattern costs forty times
that, so the block is searched for short needles and only what stands around a needle is read.
Blocks overlap, and everything read around a needle lies inside the overlap: where one block ends
makes no difference to what is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from launchready_tui.facts import bundle_chunks, bundle_keys, bundle_places
from launchready_tui.facts.shipped import Hit, Sheet

BLOCK = 524_288
BEFORE = 1_024
"""How far in front of a needle anything is read."""
AFTER = 16_384
"""And how far behind it."""

MOST_PLACES = 20_000
"""How often one needle is looked at in a script; no real one comes near."""

Judge = Callable[[Sheet, bytes, int, int], None]
"""Reads what stands at a needle: the sheet, the window, the place in it, the window's own place."""


class _Needle:
    """One thing to search for: a literal, or a pattern with a literal first byte."""

    def __init__(self, sign: bytes | re.Pattern[bytes], judge: Judge) -> None:
        self.sign = sign
        self.judge = judge

    def places(self, window: bytes, start: int, end: int) -> Iterator[int]:
        """Where it stands in the window, at or after `start` and before `end`."""
        if isinstance(self.sign, bytes):
            at = window.find(self.sign, start, end + len(self.sign) - 1)
            while at >= 0:
                yield at
                at = window.find(self.sign, at + 1, end + len(self.sign) - 1)
            return
        for match in self.sign.finditer(window, start, min(len(window), end + 32)):
            if match.start() >= end:
                return
            yield match.start()


_NEEDLES = (
    _Needle(b"eyJ", bundle_keys.token),
    # Python's re skips to a single first byte as fast as find does.
    _Needle(
        re.compile(
            rb"_(?:(?<=\Wsb_)(?:secret|publishable)_|(?<=[psr]k_)(?:live|test)_|(?<=\Wghp_)"
            rb"|(?<=\Wphc_)|(?<=\Wwhsec_)|(?<=\Wgithub_)pat_)"
        ),
        bundle_keys.marked,
    ),
    _Needle(
        re.compile(rb"-(?:(?<=\Wsk-)|(?<=\Wglpat-)|(?<=\WGOCSPX-)|(?<=\Wxox[abprs]-))"),
        bundle_keys.marked,
    ),
    _Needle(re.compile(rb"A(?:KIA|Iza)"), bundle_keys.of_clouds),
    _Needle(b"SG.", bundle_keys.marked),
    _Needle(b"PRIVATE KEY-----", bundle_keys.pem),
    _Needle(b"://", bundle_places.address),
    _Needle(b".firebaseapp.com", bundle_places.firebase),
    _Needle(b".from(", bundle_places.table),
    _Needle(b"/object/public/", bundle_places.bucket),
    _Needle(b"/api/", bundle_places.path),
    _Needle(b"fetch(", bundle_places.call),
    _Needle(b"baseURL", bundle_places.call),
    _Needle(b"import(", bundle_chunks.dynamic),
    _Needle(b'from"./', bundle_chunks.static),
    _Needle(b"m.f=[", bundle_chunks.listed),
    _Needle(b"static/", bundle_chunks.named),
    _Needle(b"sourceMappingURL=", bundle_chunks.source_map),
)
_SETTING = _Needle(re.compile(rb"[\"']?(?<![A-Z0-9_$.])[A-Z][A-Z0-9_]{2,60}"), bundle_keys.setting)


class Scanner:
    """Takes a script in pieces and fills a sheet.

    Args:
        settings: The script is a list of settings (window.__ENV, env.js), so names count too.
        block: How much is looked at in one go; anything gives the same sheet.
    """

    def __init__(self, *, settings: bool = False, block: int = BLOCK) -> None:
        self.sheet = Sheet()
        self.size = 0
        self.crowded = False
        """A needle stood in more places than were looked at."""
        self._needles = (*_NEEDLES, _SETTING) if settings else _NEEDLES
        self._judged = [0] * len(self._needles)
        self._block = block
        # A needle at the very start has something in front of it too.
        self._held = bytearray(b"\n")
        self._start = -1
        """The place of the first byte held."""
        self._next = 1
        """Where in what is held the next block begins."""

    def feed(self, part: bytes) -> None:
        self.size += len(part)
        for start in range(0, len(part), self._block):
            self._held += part[start : start + self._block]
            while len(self._held) - self._next >= self._block + AFTER:
                self._look(self._next + self._block)

    def end(self) -> Sheet:
        """What is left is read too; nothing may be fed after this."""
        self._look(len(self._held))
        return self.sheet

    def _look(self, end: int) -> None:
        window = bytes(self._held[: end + AFTER])
        for index, needle in enumerate(self._needles):
            for at in needle.places(window, self._next, end):
                if self._judged[index] >= MOST_PLACES:
                    self.crowded = True
                    break
                self._judged[index] += 1
                needle.judge(self.sheet, window, at, self._start)
        drop = max(0, end - BEFORE)
        del self._held[:drop]
        self._start += drop
        self._next = end - drop


def scan(text: str, *, settings: bool = False) -> tuple[Hit, ...]:
    """What a short text gives away; its hits have no place, because pages change."""
    scanner = Scanner(settings=settings)
    scanner.feed(text.encode("utf-8", "replace"))
    hits = scanner.end().hits
    return tuple(
        Hit(
            kind=hit.kind,
            detail=hit.detail,
            platform=hit.platform,
            name=hit.name,
            mode=hit.mode,
            sure=hit.sure,
        )
        for hit in hits
    )
