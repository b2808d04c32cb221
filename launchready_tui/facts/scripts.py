"""The JavaScript that pages ship: what the site's own scripts give away.

Scripts of other companies are not read. What pages load is read first, then what those scripts
load by themselves, one step deep, and side by side with that a few source maps. Code streams
through a `Scanner`; nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import re
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal
from urllib.parse import urljoin, urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts import bundle_chunks
from launchready_tui.facts.bundle import Scanner
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.shipped import MOST_NAMES, Hit, Sheet
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.source_map import Holds, MapReader
from launchready_tui.facts.web import WebHost, WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.hosts import below
from launchready_tui.network.urls import BadUrl, read_url
from launchready_tui.text import safe

MOST_SCRIPTS = 60
MOST_BESIDE = 12
"""Of all hosts together, where several are looked at side by side."""
MOST_MAPS = 3
LARGEST = 32_000_000
MOST_BYTES = 40_000_000
"""Of all scripts of a run together."""
LARGEST_MAP = 12_000_000
SETTINGS = ("env.js", "__env.js", "env-config.js", "config.js", "settings.js", "runtime-config.js")
"""Scripts by these names are lists of settings, written when the app starts."""
GONE = (404, 410)


class ShippedScript(Record, frozen=True, kw_only=True):
    """One script of the site's own. `pages` are the hosts whose pages lead to it.

    `read` says how far it could be read: all · part · page (a page answered: there is no script)
    · gone · unknown. `source_map` is what its map holds; empty where none was looked at.
    """

    url: str
    pages: tuple[str, ...]
    read: Literal["all", "part", "page", "gone", "unknown"]
    cause: str = ""
    size: int = 0
    hits: tuple[Hit, ...] = ()
    settings: bool = False
    """It is a list of settings, such as /env.js."""
    map_at: str = ""
    source_map: Holds | Literal["", "unknown"] = ""
    map_cause: str = ""


class InlineScripts(Record, frozen=True, kw_only=True):
    """What the scripts inside a host's front page give away."""

    host: str
    hits: tuple[Hit, ...]


class ShippedScripts(Fact, frozen=True, kw_only=True):
    scripts: tuple[ShippedScript, ...]
    inline: tuple[InlineScripts, ...] = ()
    foreign: tuple[str, ...] = ()
    """Hosts of other companies whose scripts are loaded and were not read."""
    elsewhere: tuple[str, ...] = ()
    """Hosts whose pages load scripts from other hosts only, as "host: other host"."""
    left_out: int = 0
    """Scripts of the site's own that pages load and that were not asked for."""
    lazy_left_out: int = 0
    """Those that only other scripts name, for a page or a dialogue that few people open."""
    api: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    """Names of tables that the code asks a data platform for."""
    buckets: tuple[str, ...] = ()
    """Storage buckets whose files it fetches without a key."""

    def hits(self, *kinds: str) -> tuple[tuple[str, Hit], ...]:
        """Every hit of these kinds, with the address or the page it stands in."""
        found = [(script.url, hit) for script in self.scripts for hit in script.hits]
        found += [(f"https://{page.host}/", hit) for page in self.inline for hit in page.hits]
        return tuple((where, hit) for where, hit in found if hit.kind in kinds)


class PlatformId(Record, frozen=True, kw_only=True):
    """Which project of a platform the app belongs to: a name, never a key."""

    platform: str
    name: str
    mode: str
    where: str


class PlatformIds(Fact, frozen=True, kw_only=True):
    ids: tuple[PlatformId, ...]


class ShippedAddresses(Fact, frozen=True, kw_only=True):
    """The site's own addresses that its code calls, in full: at most twenty."""

    api: tuple[str, ...]


_PUBLIC_KEYS: weakref.WeakKeyDictionary[Network, dict[str, str]] = weakref.WeakKeyDictionary()
"""Keys that are public by design, for as long as a run lasts. No fact holds them."""


def public_keys(net: Network) -> Mapping[str, str]:
    """The public Supabase keys that this run came across, by project; "" where one names none."""
    return _PUBLIC_KEYS.get(net, {})


@fact(limit=45.0)
async def shipped_scripts(net: Network, web: WebHosts, target: Target) -> ShippedScripts:
    loaded, foreign = _loaded(net, web)
    reading = _Reading(net)
    most = target.share(MOST_BESIDE) if target.elsewhere else MOST_SCRIPTS
    first = dict(list(loaded.items())[:most])
    with net.log.side_by_side():
        read = await asyncio.gather(*(reading.script(u, pages) for u, pages in first.items()))
    further = _further(net, read, loaded)
    second = dict(list(further.items())[: most - len(first)])
    with_maps = [found for found in read if _map_of(net, found)][:MOST_MAPS]
    with net.log.side_by_side():
        more, maps = await asyncio.gather(
            asyncio.gather(*(reading.script(u, pages) for u, pages in second.items())),
            asyncio.gather(*(_map_holds(net, _map_of(net, found)) for found in with_maps)),
        )
    held = {found.url: answer for found, answer in zip(with_maps, maps, strict=True)}
    scripts = [_told(found, held.get(found.url)) for found in (*read, *more)]
    sheets = [found for found in (*read, *more) if found.read in ("all", "part")]
    for found in sheets:
        for project, key in found.sheet.keys.items():
            _PUBLIC_KEYS.setdefault(net, {}).setdefault(project, key)
    return ShippedScripts(
        scripts=tuple(scripts),
        inline=tuple(
            InlineScripts(host=host.host, hits=host.page.inline)
            for host in web.able
            if host.page and host.page.inline
        ),
        foreign=tuple(sorted({name for names in foreign.values() for name in names})[:MOST_NAMES]),
        elsewhere=tuple(_elsewhere(foreign, loaded)),
        left_out=len(loaded) - len(first),
        lazy_left_out=len(further) - len(second),
        api=tuple(_api(sheets, target.domain)[:MOST_NAMES]),
        tables=tuple(sorted({name for f in sheets for name in f.sheet.tables})[:MOST_NAMES]),
        buckets=tuple(sorted({name for f in sheets for name in f.sheet.buckets})[:MOST_NAMES]),
    )


@fact
async def platform_ids(shipped: ShippedScripts) -> PlatformIds:
    found = {
        (hit.platform, hit.name, hit.mode): where
        for where, hit in reversed(shipped.hits("id"))
        if hit.platform
    }
    return PlatformIds(
        ids=tuple(
            PlatformId(platform=platform, name=name, mode=mode, where=where)
            for (platform, name, mode), where in sorted(found.items())
        )
    )


@fact
async def shipped_addresses(shipped: ShippedScripts) -> ShippedAddresses:
    return ShippedAddresses(api=shipped.api[:20])


# ---------------------------------------------------------------- which


def _loaded(net: Network, web: WebHosts) -> tuple[dict[str, tuple[str, ...]], dict[str, list[str]]]:
    """The site's own scripts with the hosts that load them, the app's first; and by host of ours
    the hosts of other scripts."""
    own: dict[str, tuple[str, ...]] = {}
    foreign: dict[str, list[str]] = {}
    for host in sorted(web.able, key=lambda host: host.host != web.app):
        for script in host.page.scripts if host.page else ():
            url = _address(script.source, _end_of(host))
            if not url:
                continue
            if not _same_site(net, url):
                foreign.setdefault(host.host, []).append(host_of(url))
            elif host.host not in own.get(url, ()):
                own[url] = (*own.get(url, ()), host.host)
    # The scripts of one's own host come before those of an asset host.
    ordered = sorted(own.items(), key=lambda entry: host_of(entry[0]) not in entry[1])
    return dict(ordered), foreign


def _elsewhere(
    foreign: Mapping[str, Sequence[str]], loaded: Mapping[str, Sequence[str]]
) -> Iterable[str]:
    """Pages that load nothing of the site's own: their code lies at an asset host."""
    served = {host for hosts in loaded.values() for host in hosts}
    return (f"{host}: {names[0]}" for host, names in foreign.items() if host not in served)


def _end_of(host: WebHost) -> str:
    return host.front.hops[-1].url


def _same_site(net: Network, url: str) -> bool:
    """Whether a person authorised its host: the domain's names, and what was given."""
    return net.scope.covers(host_of(url))


def _address(source: str, base: str) -> str:
    try:
        url = read_url(source, read_url(base))
    except BadUrl:
        return ""
    return str(url) if url.scheme == "https" else ""


def _further(
    net: Network, read: Iterable[_Found], loaded: Mapping[str, object]
) -> dict[str, tuple[str, ...]]:
    """What the scripts that were read load by themselves, and no page names."""
    further: dict[str, tuple[str, ...]] = {}
    for found in read:
        for name in sorted(found.sheet.imports) if found.read in ("all", "part") else ():
            url = _address(bundle_chunks.whole(name, found.url) or "data:", found.url)
            if url and url not in loaded and _same_site(net, url) and _is_script(url):
                further.setdefault(url, found.pages)
    return further


def _is_script(url: str) -> bool:
    return urlsplit(url).path.endswith((".js", ".mjs"))


# ---------------------------------------------------------------- reading


class _Spent(Exception):
    """The bytes of the run are used up."""


class _Found:
    """A script as it was read, with its sheet, which goes into no fact."""

    def __init__(self, url: str, pages: tuple[str, ...], scanner: Scanner) -> None:
        self.url = url
        self.pages = pages
        self.settings = urlsplit(url).path.rpartition("/")[2].lower() in SETTINGS
        self.size = scanner.size
        self.sheet: Sheet = scanner.end()
        self.read: Literal["all", "part", "page", "gone", "unknown"] = "all"
        self.cause = ""
        self.map_header = ""


class _Reading:
    """All scripts of one run share its bytes."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self._left = MOST_BYTES

    async def script(self, url: str, pages: tuple[str, ...]) -> _Found:
        settings = urlsplit(url).path.rpartition("/")[2].lower() in SETTINGS
        scanner = Scanner(settings=settings)

        def sink(part: bytes) -> None:
            if self._left <= 0:
                raise _Spent
            self._left -= len(part)
            scanner.feed(part)

        try:
            fetched = await self._net.fetch(url, sink=sink, body_limit=LARGEST)
        except _Spent:
            found = _Found(url, pages, scanner)
            found.read = "part"
            found.cause = f"the scripts of a run are read up to {MOST_BYTES // 1_000_000} MB"
            return found
        found = _Found(url, pages, scanner)
        last = fetched.hops[-1] if fetched.hops else None
        kind = last.header("content-type").lower() if last else ""
        found.map_header = last.header("sourcemap") or last.header("x-sourcemap") if last else ""
        if fetched.status in GONE:
            found.read = "gone"
        elif last is None or last.outcome != "ok" or fetched.status != 200:
            found.read = "unknown"
            found.cause = fetched.cause or f"answered {fetched.status}"
        elif "html" in kind:
            found.read = "page"
        elif last.header("content-encoding") not in ("", "identity"):
            found.read, found.cause = "unknown", "it came compressed, which was not asked for"
        elif fetched.truncated or fetched.ended != "ok":
            found.read = "part"
            found.cause = fetched.cause or f"read up to {LARGEST // 1_000_000} MB of it"
        elif scanner.crowded:
            found.read, found.cause = "part", "it is not made like a script: too much to look at"
        return found


def _told(found: _Found, held: tuple[Holds | Literal["unknown"], str, str] | None) -> ShippedScript:
    """What a fact may keep of a script."""
    useful = found.read in ("all", "part")
    source_map, map_at, map_cause = held or ("", "", "")
    return ShippedScript(
        url=_shown(found.url),
        pages=found.pages,
        read=found.read,
        cause=without_secrets(found.cause),
        size=found.size if useful else 0,
        hits=found.sheet.hits if useful else (),
        settings=found.settings,
        map_at=_shown(map_at),
        source_map=source_map,
        map_cause=without_secrets(map_cause),
    )


def _shown(url: str) -> str:
    return without_secrets(safe(url, one_line=True, limit=300))


# ---------------------------------------------------------------- source maps


def _map_of(net: Network, found: _Found) -> str:
    """The address of a script's map, if it is one that may be asked for."""
    named = found.map_header or found.sheet.map
    if found.read not in ("all", "part") or not named or named.startswith("data:"):
        return ""
    url = _address(named, found.url)
    return url if url and _same_site(net, url) else ""


async def _map_holds(net: Network, url: str) -> tuple[Holds | Literal["unknown"], str, str]:
    reader = MapReader()
    wanted = {"range": f"bytes=0-{LARGEST_MAP - 1}"}
    fetched = await net.fetch(url, headers=wanted, sink=reader.feed, body_limit=LARGEST_MAP)
    if fetched.status in (200, 206):
        holds = reader.holds()
        if holds == "nothing" and fetched.truncated:
            return "unknown", url, f"no source code in the first {reader.size // 1_000_000} MB"
        return holds, url, ""
    refused = fetched.hops and fetched.hops[-1].outcome == "ok" and fetched.status < 500
    if refused:
        return "no-map", url, ""
    return "unknown", url, fetched.cause or f"answered {fetched.status}"


# ---------------------------------------------------------------- addresses


_PASS = re.compile(r"/(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[A-Za-z0-9_-]{20,200}(?![^/?#])")
"""A part of a path that looks like an id or a pass to something, rather than a word."""


def _api(read: Sequence[_Found], domain: str) -> list[str]:
    """The addresses that are the site's own, in full; a bare path belongs to the page's host."""
    found: set[str] = set()
    for script in read:
        home = f"https://{script.pages[0]}"
        for name in script.sheet.api:
            url = name if "://" in name else urljoin(home, name)
            host = host_of(url)
            called = "/api" in url or host.startswith("api") or "://" not in name
            if called and below(host, domain) and not url.startswith(("ws", "http:")):
                found.add(_shown(_PASS.sub("/…", url.rstrip("."))))
    return sorted(found)
