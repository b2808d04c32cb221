"""What a page gives away about itself: title, what made it, what it links to.

Read with the standard library's parser, which accepts anything; everything kept is short and safe.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from launchready_tui.model import Record
from launchready_tui.text import safe

MOST_READ = 300_000
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
    try:
        reader.feed(body)
        reader.close()
    except (AssertionError, ValueError):
        pass  # html.parser gives up on some broken declarations: what was read until then counts
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
    return safe(" ".join(text.split()), one_line=True, limit=150)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.text: list[str] = []
        self.generator = ""
        self.assets: set[str] = set()
        self.links: set[str] = set()
        self.plain: set[str] = set()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("title", "script", "style"):
            self._inside = tag
        if tag == "script":
            self._asset(given.get("src", ""))
        elif tag == "link" and "stylesheet" in given.get("rel", "").lower():
            self._asset(given.get("href", ""))
        elif tag == "meta" and given.get("name", "").lower() == "generator":
            self.generator = self.generator or given.get("content", "")
        elif tag in ("a", "form"):
            self._leads(given.get("href" if tag == "a" else "action", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title.append(data)
        elif not self._inside and len(self.text) < 2_000:
            self.text.append(data)

    def _asset(self, url: str) -> None:
        if path := _split(url)[2]:
            self.assets.add(path)

    def _leads(self, url: str) -> None:
        scheme, host, _ = _split(url)
        if scheme in ("http", "https") and host:
            self.links.add(_short(host))
            if scheme == "http":
                self.plain.add(_short(host))


def _split(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url.strip())
        return parts.scheme.lower(), (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", "", ""
