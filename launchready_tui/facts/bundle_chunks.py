"""Which further scripts a script loads, as far as it says so literally; and where its map is.

`import("./a.js")`, Vite's list of dependencies, Next's chunks, webpack's table of chunk names: a
name that is put together while the app runs cannot be read here.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from launchready_tui.facts.shipped import Sheet

MOST_LISTED = 200
_DYNAMIC = re.compile(rb"import\(\s{0,4}[\"'`]([^\"'`\s$\\]{1,200})[\"'`]")
_STATIC = re.compile(rb"from\"(\./[^\"\s\\]{1,200}\.m?js)\"")
_LISTED = re.compile(rb"m\.f=\[((?:\"[^\"\\\]]{1,200}\",?){1,400})")
LIST_LENGTH = 12_000
_QUOTED = re.compile(rb"\"([^\"]{1,200}\.m?js)\"")
_CHUNK = re.compile(rb"static/(?:chunks|js)/[\w./@%()\[\]~-]{1,150}\.js(?=[\"'`\\])")
_TABLE = re.compile(
    rb"static/(chunks|js)/\"\+"
    rb"(?:\(\{([^{}]{0,6000})\}\[\w\]\|\|\w\)|\w)\+\"([.-])\"\+"
    rb"\{([^{}]{1,6000})\}\[\w\]\+\"((?:\.chunk)?\.js)\""
)
_ENTRY = re.compile(rb"\"?([\w-]{1,60})\"?:\"([\w.-]{1,60})\"")
_MAP = re.compile(rb"sourceMappingURL=([^\s\"'`\\*]{1,300})")


def dynamic(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    match = _DYNAMIC.match(window, at)
    if match:
        _keep(sheet, match[1])


def static(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    match = _STATIC.match(window, at)
    if match:
        _keep(sheet, match[1])


def listed(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """Vite's list, whose entries are read from the root of the build."""
    match = _LISTED.match(window, at, at + LIST_LENGTH)
    if match:
        for entry in _QUOTED.findall(match[1])[:MOST_LISTED]:
            _keep(sheet, entry if entry.startswith((b"/", b"./")) else b"vite:" + entry)


def named(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """A chunk by its whole name, or webpack's table of names and hashes."""
    if chunk := _CHUNK.match(window, at):
        _keep(sheet, b"build:" + chunk[0])
    elif table := _TABLE.match(window, at):
        folder, names, joint, hashes, ending = table.groups()
        called = dict(_ENTRY.findall(names or b""))
        for number, content in _ENTRY.findall(hashes)[:MOST_LISTED]:
            name = called.get(number, number) + joint + content + ending
            _keep(sheet, b"build:static/" + folder + b"/" + name)


def source_map(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """The comment's address; the last one of a script counts (ECMA-426)."""
    match = _MAP.match(window, at)
    if match and window[at - 2 : at] in (b"# ", b"@ "):
        sheet.map = match[1].decode("utf-8", "replace")


def _keep(sheet: Sheet, name: bytes) -> None:
    sheet.name(sheet.imports, name.decode("utf-8", "replace"))


def whole(name: str, script: str) -> str:
    """The address of an import that stands in `script`; empty for a package's name."""
    try:
        path = urlsplit(script).path
        if name.startswith("build:"):
            name = name.removeprefix("build:")
            root = path.partition("static/")[0] if "static/" in path else "/"
            return urljoin(script, root + name)
        if name.startswith("vite:"):
            name = name.removeprefix("vite:")
            folder = f"/{name.partition('/')[0]}/"
            root = path.partition(folder)[0] if "/" in name and folder in path else ""
            return urljoin(script, f"{root}/{name}")
        if name.startswith(("/", "./", "../", "https://")):
            return urljoin(script, name)
    except ValueError:
        pass
    return ""
