"""Does a source map hold the app's own source code? Read from a stream, whatever its size.

A map is JSON with a list of file names and, if somebody left it in, a list of their contents. Only
the start of both lists is kept.
"""

from __future__ import annotations

import json
import re
from typing import Literal

KEPT = 131_072
OVERLAP = 32
Holds = Literal["own", "vendor", "nothing", "no-map"]
"""Own source code · only that of libraries · no source code · it is no source map."""

_VERSION = re.compile(rb"(?<!\\)\"version\"\s{0,4}:\s{0,4}3[,\s}]")
_SOURCES = re.compile(rb"(?<!\\)\"sources\"\s{0,4}:\s{0,4}\[")
_CONTENTS = re.compile(rb"(?<!\\)\"sourcesContent\"\s{0,4}:\s{0,4}\[")
_VENDOR = re.compile(
    r"(?:^|/)node_modules/|(?:^|/)\(?webpack\)?/(?:runtime|bootstrap|buildin)|^\0"
    r"|^(?:vite|rollup|commonjs)[-/:]|/\.(?:pnpm|yarn)/|^external |\(ignored\)"
)
_OPENS = re.compile(rb"\A(?:\xef\xbb\xbf)?\s{0,50}(?:\)\]\}'?[^\n]{0,20}\n)?\s{0,50}\{")


class MapReader:
    """Takes a map in pieces."""

    def __init__(self) -> None:
        self.size = 0
        self._head = bytearray()
        self._tail = b""
        self._version = False
        self._lists: dict[re.Pattern[bytes], bytearray | None] = {_SOURCES: None, _CONTENTS: None}

    def feed(self, part: bytes) -> None:
        self.size += len(part)
        self._head += part[: max(0, 256 - len(self._head))]
        window = self._tail + part
        self._version = self._version or bool(_VERSION.search(window))
        for start, kept in self._lists.items():
            if kept is not None:
                kept += part[: max(0, KEPT - len(kept))]
            elif match := start.search(window):
                self._lists[start] = bytearray(window[match.end() : match.end() + KEPT])
        self._tail = window[-OVERLAP:]

    def holds(self) -> Holds:
        if not _OPENS.match(self._head) or not self._version:
            return "no-map"
        sources, contents = self._lists[_SOURCES], self._lists[_CONTENTS]
        if sources is None or contents is None:
            return "nothing"
        names = list(_entries(bytes(sources)))
        filled = [
            index for index, content in enumerate(_entries(bytes(contents))) if content.strip()
        ]
        if not filled:
            return "nothing"
        own = [n for n in filled if n >= len(names) or not _VENDOR.search(names[n])]
        return "own" if own else "vendor"


def _entries(listed: bytes) -> list[str]:
    """The texts of a JSON list that may break off; null is an empty one, and so is what is not
    text. One that breaks off counts as far as it goes."""
    text = listed.decode("utf-8", "replace")
    decoder = json.JSONDecoder()
    found: list[str] = []
    at = 0
    while at < len(text) and len(found) < 5_000:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at >= len(text) or text[at] == "]":
            break
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            if text[at] == '"':
                found.append(text[at + 1 : at + 200])
            break
        found.append(value if isinstance(value, str) else "")
    return found
