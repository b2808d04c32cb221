"""How the app's own files and its front page stand to caches: two files, each asked for twice.

The second request carries the first answer's validator, as a browser's reload does.
"""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from launchready_tui.engine import fact
from launchready_tui.facts.cache_signs import CacheHead, cache_head
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.site import without_secrets, without_values
from launchready_tui.facts.web import WebHost, WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Hop

MOST_FILES = 2
SMALL = 1_024
"""Bytes below which compressing is not worth a header."""
_FILE = re.compile(r"[^?#]{1,300}\.(?:js|mjs|css)", re.IGNORECASE)
_HASH = re.compile(r"(?:^|[.\-_/])(?=[A-Za-z_-]{0,40}\d)([0-9a-f]{8,64}|[A-Za-z0-9_-]{8,24})"
                   r"\.(?:chunk\.|min\.|module\.|bundle\.)?(?:js|mjs|css)$")  # fmt: skip
_BUILT = ("/_next/static/", "/_app/immutable/", "/_nuxt/", "/_astro/")
_MANAGED = ("x-vercel-id", "x-vercel-cache", "x-nf-request-id", "x-github-request-id")
"""Platforms whose own cache is emptied by each deployment."""


class StaticFile(Record, frozen=True, kw_only=True):
    """A script or style sheet of the app's host, by its second answer."""

    url: str
    hashed: bool
    status: int = 0
    text: bool = False
    large: bool = False
    """More than a kilobyte came over the line."""
    encoding: str = ""
    head: CacheHead = CacheHead()
    revalidates: bool = False
    """Asked again with its validator, it said that nothing had changed."""
    cause: str = ""


class PublicCaching(Fact, frozen=True, kw_only=True):
    """`page` is the app's front page where strangers get one; `managed`: a platform's cache."""

    host: str = ""
    page: str = ""
    page_head: CacheHead = CacheHead()
    managed: bool = False
    files: tuple[StaticFile, ...] = ()
    cause: str = ""

    @property
    def page_kept(self) -> bool:
        """HTML of the app came out of a shared cache: a rule that keeps everything does this."""
        return bool(self.page and self.page_head.kept)


@fact
async def public_caching(net: Network, web: WebHosts, target: Target) -> PublicCaching:
    """At most four requests: the front page has been seen already."""
    app = web.of(web.app)
    if app is None:
        return PublicCaching(cause="no host of the domain serves pages")
    if app.cause:
        return PublicCaching(host=app.host, cause=f"{app.host}: {app.cause}")
    last = app.front.last
    public = last is not None and app.page is not None and last.status == 200
    public = public and host_of(last.url if last else "") == app.host
    with net.log.side_by_side():
        files = await asyncio.gather(
            *(_file(net, url) for url in files_of(app)[: target.share(MOST_FILES)])
        )
    return PublicCaching(
        host=app.host,
        page=last.url if public and last else "",
        page_head=cache_head(last) if public and last else CacheHead(),
        managed=any(last.header(name) for name in _MANAGED) if last else False,
        files=tuple(files),
    )


def files_of(app: WebHost) -> tuple[str, ...]:
    """Two scripts or style sheets of the app's own host: one of each, hashed ones first."""
    if app.page is None or app.front.last is None:
        return ()
    base = app.front.last.url
    sources = [s.source for s in app.page.scripts] + [
        path for path in app.page.assets if path.lower().endswith(".css")
    ]
    urls = [url for source in sources if (url := _own(base, source, app.host))]
    ranked = sorted(dict.fromkeys(urls), key=lambda url: not is_hashed(url))
    first = ranked[:1]
    kind = first[0].rpartition(".")[2] if first else ""
    other = [url for url in ranked[1:] if url.rpartition(".")[2] != kind] or ranked[1:]
    return tuple(first + other[: MOST_FILES - 1])


def is_hashed(url: str) -> bool:
    """The name changes with the content, so that the file may be kept for ever."""
    path = urlsplit(url).path
    return any(part in path for part in _BUILT) or bool(_HASH.search(path))


def _own(base: str, source: str, host: str) -> str:
    try:
        url = urljoin(base, source)
        parts = urlsplit(url)
    except ValueError:
        return ""
    own = parts.scheme == "https" and host_of(url) == host
    return url if own and _FILE.fullmatch(parts.path) else ""


async def _file(net: Network, url: str) -> StaticFile:
    shown = without_secrets(url)
    first, large = await _asked(net, url, {})
    if first.outcome != "ok":
        return StaticFile(url=shown, hashed=is_hashed(url), cause=first.cause or first.outcome)
    second, _ = await _asked(net, url, _validators(first))
    unchanged = second.outcome == "ok" and second.status == 304
    last = second if second.outcome == "ok" and second.status == 200 else first
    challenge = challenged(first)
    kind = last.header("content-type").lower()
    head = cache_head(without_values(second if unchanged and _says_caching(second) else last))
    return StaticFile(
        url=shown,
        hashed=is_hashed(url),
        status=first.status,
        text=kind.startswith("text/") or any(word in kind for word in ("script", "json", "xml")),
        large=large,
        encoding=last.header("content-encoding").strip().lower()[:40],
        head=head,
        revalidates=unchanged,
        cause="a bot challenge answered instead of the file" if challenge else "",
    )


def _says_caching(hop: Hop) -> bool:
    return bool(hop.header("cache-control"))


async def _asked(net: Network, url: str, headers: dict[str, str]) -> tuple[Hop, bool]:
    """The head of an answer, and whether more than a kilobyte came: the body is only counted."""
    count = 0

    def counted(part: bytes) -> None:
        nonlocal count
        count += len(part)

    fetched = await net.fetch(
        url,
        follow=False,
        headers={"accept-encoding": "gzip, br", **headers},
        body_limit=SMALL + 1,
        sink=counted,
    )
    broken = fetched.ended != "ok" and fetched.last.outcome == "ok"
    last = replace(fetched.last, outcome="unknown", cause=fetched.cause) if broken else fetched.last
    return last, count > SMALL


def _validators(hop: Hop) -> dict[str, str]:
    tag, date = hop.header("etag"), hop.header("last-modified")
    if tag and tag.isascii() and tag.isprintable() and len(tag) < 200:
        return {"if-none-match": tag}
    if date and date.isascii() and date.isprintable() and len(date) < 60:
        return {"if-modified-since": date}
    return {}
