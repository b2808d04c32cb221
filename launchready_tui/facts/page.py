"""What a page gives away about itself: title, what made it, what it links to.

Read tag by tag with a pattern that cannot run away: a page is whatever a server sends, and the
standard library's parser takes minutes for some 300 kB of it. Everything kept is short and safe.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from launchready_tui.csp import without_nonces
from launchready_tui.facts.bundle import scan
from launchready_tui.facts.printed_login import printed_login
from launchready_tui.facts.shipped import Hit
from launchready_tui.model import Record
from launchready_tui.redact import redact, without_carried
from launchready_tui.text import safe

MOST_READ = 300_000
MOST_SCRIPTS = 60
MOST_FORMS = 10
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})(?![a-zA-Z0-9])([^<>]{0,4000})>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_RAW = ("title", "script", "style")
"""Elements that hold text, not tags, until they are closed."""
_SCRIPT = re.compile(r"<script\b[^>]{0,2000}>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
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


class Script(Record, frozen=True, kw_only=True):
    """A script that a page loads. `source` is as written: an absolute or a relative address."""

    source: str
    pinned: bool = False
    """It has an integrity hash (SRI)."""
    preload: bool = False
    """Only announced by a link of the page: modulepreload, or preload as a script."""


class Form(Record, frozen=True, kw_only=True):
    """A form, by where it goes and what it asks; never what is filled in."""

    action: str = ""
    method: str = "get"
    fields: tuple[str, ...] = ()
    """Names of its inputs."""
    password: bool = False


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
    scripts: tuple[Script, ...] = ()
    forms: tuple[Form, ...] = ()
    mixed: tuple[str, ...] = ()
    """What an https page would load over http, as "script http://…": sorted."""
    csp: tuple[str, ...] = ()
    """Content security policies in meta elements."""
    robots: str = ""
    """What `<meta name="robots">` says."""
    referrer: str = ""
    """What `<meta name="referrer">` says."""
    printed: str = ""
    """The account whose password the sign-in page tells everybody. Never the password."""
    inline: tuple[Hit, ...] = ()
    """What the scripts inside it give away, without any value."""
    shell: str = ""
    """A hash of the page's skeleton: its elements in order, without text and attributes. Two
    answers of a single-page app have the same one, whatever nonce they carry."""


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
    forms = tuple(dict.fromkeys(form.read() for form in reader.forms))[:MOST_FORMS]
    asks = any(form.password for form in forms)
    return Page(
        title=_short("".join(reader.title)),
        generator=_short(reader.generator),
        markers=tuple(dict.fromkeys(name for sign, name in _MARKERS if sign in body)),
        assets=tuple(sorted({_short(path) for path in reader.assets})[:20]),
        versions=tuple(sorted(set(_VERSION.findall(" ".join(reader.text)[:20_000])))[:5]),
        links=tuple(sorted(reader.links)[:50]),
        plain=tuple(sorted(reader.plain)[:20]),
        scripts=tuple(dict.fromkeys(reader.scripts))[:MOST_SCRIPTS],
        forms=forms,
        printed=printed_login(" ".join(reader.text)) if asks else "",
        mixed=tuple(sorted(reader.mixed)[:20]),
        csp=tuple(reader.csp[:5]),
        robots=_short(reader.robots),
        referrer=_short(reader.referrer),
        inline=scan("\n".join(_inline(plain)), settings=True),
        shell=hashlib.sha256(" ".join(reader.elements).encode()).hexdigest()[:16],
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


def _inline(body: str) -> Iterator[str]:
    """What stands inside the script elements of a page."""
    end = 0
    while opening := _SCRIPT.search(body, end):
        closing = _SCRIPT_END.search(body, opening.end())
        end = closing.start() if closing else len(body)
        yield body[opening.end() : end]


class _Reader:
    """Collects from one tag after the other."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.text: list[str] = []
        self.generator = ""
        self.assets: set[str] = set()
        self.links: set[str] = set()
        self.plain: set[str] = set()
        self.scripts: list[Script] = []
        self.forms: list[_Filling] = []
        self.mixed: set[str] = set()
        self.csp: list[str] = []
        self.robots = ""
        self.referrer = ""
        self.elements: list[str] = []
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
        self.elements.append(name)
        given = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _attributes(rest)}
        if source := _loads(name, given):
            self._loaded(name, source)
        if name == "script":
            self._script(given.get("src", ""), given, preload=False)
        elif name == "link":
            self._link(given)
        elif name == "meta":
            self._meta(given)
        elif name in ("a", "form"):
            self._leads(given.get("href" if name == "a" else "action", ""))
            if name == "form":
                self.forms.append(_Filling(given))
        elif name in ("input", "button", "select", "textarea") and self.forms:
            self.forms[-1].field(given)

    def _link(self, given: dict[str, str]) -> None:
        rel = given.get("rel", "").lower().split()
        if "stylesheet" in rel:
            self._asset(given.get("href", ""))
        ahead = "preload" in rel and given.get("as", "").lower() == "script"
        if ahead or "modulepreload" in rel:
            self._script(given.get("href", ""), given, preload=True)

    def _meta(self, given: dict[str, str]) -> None:
        name, content = given.get("name", "").lower(), given.get("content", "")
        if name == "generator":
            self.generator = self.generator or content
        elif name in ("robots", "googlebot"):
            self.robots = f"{self.robots} {content}".strip()
        elif name == "referrer":
            self.referrer = content
        elif given.get("http-equiv", "").lower() == "content-security-policy":
            self.csp.append(safe(without_nonces(content[:8_000]), one_line=True, limit=4_000))

    def _script(self, source: str, given: dict[str, str], *, preload: bool) -> None:
        if not source:
            return
        if not preload:
            self._asset(source)
        shown = safe(redact(source[:1_000].strip()), one_line=True, limit=500)
        pinned = bool(given.get("integrity", "").strip())
        self.scripts.append(Script(source=shown, pinned=pinned, preload=preload))

    def _loaded(self, name: str, source: str) -> None:
        if _split(source)[0] == "http" and len(self.mixed) < 100:
            self.mixed.add(f"{name} {_short(source)}")

    def _asset(self, url: str) -> None:
        if path := _split(url)[2]:
            self.assets.add(path)

    def _leads(self, url: str) -> None:
        scheme, host, _ = _split(url)
        if scheme in ("http", "https") and host:
            self.links.add(_short(host))
            if scheme == "http":
                self.plain.add(_short(host))


class _Filling:
    """A form while its inputs come by."""

    def __init__(self, given: dict[str, str]) -> None:
        self.action = given.get("action", "")
        self.method = given.get("method", "get").lower()
        self.fields: list[str] = []
        self.password = False

    def field(self, given: dict[str, str]) -> None:
        if (name := given.get("name", "")) and len(self.fields) < 30:
            self.fields.append(_short(name))
        self.password = self.password or given.get("type", "").lower() == "password"

    def read(self) -> Form:
        action = without_carried(self.action[:1_000].strip())
        action = safe(redact(action), one_line=True, limit=300)
        method = "post" if self.method == "post" else "get"
        return Form(action=action, method=method, fields=tuple(self.fields), password=self.password)


_LOADING = {"script": "src", "img": "src", "iframe": "src", "form": "action", "audio": "src",
            "video": "src", "source": "src", "embed": "src", "object": "data"}  # fmt: skip


def _loads(name: str, given: dict[str, str]) -> str:
    """What a browser would load, or send to, for an element; plain links are no such thing."""
    if name == "link":
        rel = given.get("rel", "").lower().split()
        return given.get("href", "") if {"stylesheet", "preload", "modulepreload"} & {*rel} else ""
    return given.get(_LOADING.get(name, ""), "")


def _attributes(rest: str) -> Iterator[re.Match[str]]:
    return _ATTRIBUTE.finditer(rest) if "=" in rest else iter(())


def _split(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url.strip())
        return parts.scheme.lower(), (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", "", ""
