"""What a page gives away about itself: title, what made it, what it links to.

Read tag by tag with a pattern that cannot run away: a page is whatever a server sends, and the
standard library's parser takes minutes for some 300 kB of it. Everything kept is short and safe.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from launchready_tui.model import Record
from launchready_tui.redact import redact
from launchready_tui.text import safe

MOST_READ = 300_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})(?![a-zA-Z0-9])([^<>]{0,4000})>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_RAW = ("title", "script", "style")
"""Elements that hold text, not tags, until they are closed."""
_VERSION = re.compile(r"(?<![\w.])v?\d{1,4}\.\d{1,4}\.\d{1,4}(?![\w.])")
_MARKERS: tuple[tuple[str, str], ...] = (
    ("/_next/static/", "nextjs"),
    ("/_nuxt/", "nuxt"),
    ("/_app/immutable/", "sveltekit"),
    ("csrfmiddlewaretoken", "django"),
    ('name="csrf-param"', "rails"),
    ("window.Laravel", "laravel"),
    ("/@vite/client", "vite dev server"),
    ("__remixContext", "remix"),
    ("__sveltekit", "sveltekit"),
    ("cdn.retool.com", "retool"),
    ("bubble.io", "bubble"),
)


class Page(Record, frozen=True, kw_only=True):
    """One HTML answer, in words. Empty where nothing was found."""

    title: str = ""
    generator: str = ""
    markers: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    """Paths of scripts and style sheets: they change with each build."""
    versions: tuple[str, ...] = ()
    """Numbers such as 2.4.1 in the visible text."""
    links: tuple[str, ...] = ()
    """Hosts that links and forms of the page lead to."""
    plain: tuple[str, ...] = ()
    """Hosts that links and forms lead to over http."""


def read_page(body: str) -> Page:
    body = body[:MOST_READ]
    reader = _Reader()
    end = 0
    plain = _without_comments(body)
    for tag in _TAG.finditer(plain):
        reader.text_piece(plain[end : tag.start()])
        reader.tag(tag[2].lower(), tag[3], closing=bool(tag[1]))
        end = tag.end()
    reader.text_piece(plain[end:])
    return Page(
        title=_short("".join(reader.title)),
        generator=_short(reader.generator),
        markers=tuple(dict.fromkeys(name for sign, name in _MARKERS if sign in body)),
        assets=tuple(sorted({_short(path) for path in reader.assets})[:20]),
        versions=tuple(sorted(set(_VERSION.findall(" ".join(reader.text)[:20_000])))[:5]),
        links=tuple(sorted(reader.links)[:50]),
        plain=tuple(sorted(reader.plain)[:20]),
    )


def _short(text: str) -> str:
    return safe(redact(" ".join(text[:2_000].split())), one_line=True, limit=150)


def _without_comments(body: str) -> str:
    kept: list[str] = []
    end = 0
    while (start := body.find("<!--", end)) >= 0:
        kept.append(body[end:start])
        closed = body.find("-->", start)
        if closed < 0:
            return "".join(kept)
        end = closed + 3
    return "".join([*kept, body[end:]])


class _Reader:
    """Collects from one tag after the other."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.text: list[str] = []
        self.generator = ""
        self.assets: set[str] = set()
        self.links: set[str] = set()
        self.plain: set[str] = set()
        self._inside = ""

    def text_piece(self, text: str) -> None:
        if self._inside == "title":
            self.title.append(html.unescape(text))
        elif not self._inside and len(self.text) < 2_000:
            self.text.append(html.unescape(text))

    def tag(self, name: str, rest: str, *, closing: bool) -> None:
        if self._inside:
            self._inside = "" if closing and name == self._inside else self._inside
            return
        if closing:
            return
        if name in _RAW:
            self._inside = name
        given = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _attributes(rest)}
        if name == "script":
            self._asset(given.get("src", ""))
        elif name == "link" and "stylesheet" in given.get("rel", "").lower():
            self._asset(given.get("href", ""))
        elif name == "meta" and given.get("name", "").lower() == "generator":
            self.generator = self.generator or given.get("content", "")
        elif name in ("a", "form"):
            self._leads(given.get("href" if name == "a" else "action", ""))

    def _asset(self, url: str) -> None:
        if path := _split(url)[2]:
            self.assets.add(path)

    def _leads(self, url: str) -> None:
        scheme, host, _ = _split(url)
        if scheme in ("http", "https") and host:
            self.links.add(_short(host))
            if scheme == "http":
                self.plain.add(_short(host))


def _attributes(rest: str) -> Iterator[re.Match[str]]:
    return _ATTRIBUTE.finditer(rest) if "=" in rest else iter(())


def _split(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url.strip())
        return parts.scheme.lower(), (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", "", ""
