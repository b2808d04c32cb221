"""What caches keep: what everybody may have, and never what belongs to one person."""

from __future__ import annotations

from launchready_tui.checks.cloudflare_zone import is_kept
from launchready_tui.engine import check
from launchready_tui.facts.cache_signs import browser_for, directives, open_to_caches, shared_for
from launchready_tui.facts.caching import PublicCaching, StaticFile
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.facts.deception import Deceptions
from launchready_tui.facts.private_pages import PrivatePage, PrivatePages, Reading
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.outcomes import judged, unknown
from launchready_tui.text import plural

LONG = 30 * 86_400
A_DAY = 86_400
NONE_NAMED = 'launchready.toml names no private page: write private = ["/…"] under [web]'


@check("cache.public")
def public(caching: PublicCaching) -> Outcome:
    """A machine sees what the headers promise; whether a release replaces it, a person does."""
    if caching.cause:
        return unknown(caching.cause)
    told = [file for file in caching.files if not file.cause and file.status == 200]
    findings = [finding for file in told for finding in _file(file)]
    if caching.page:
        findings += _page(caching)
    return judged(
        tuple(findings),
        clean=f"{plural(len(told), 'file')} of {caching.host} may be kept as they should",
        seen=(*_page_line(caching), *map(_file_line, caching.files)),
        gaps=tuple(f"{file.url}: {file.cause}" for file in caching.files if file.cause),
    )


def _file(file: StaticFile) -> list[Finding]:
    found: list[Finding] = []

    def say(code: str, observed: str) -> None:
        found.append(Finding(code=code, subject=file.url, observed=observed))

    told = directives(file.head.control)
    if file.hashed and "immutable" not in told and browser_for(file.head) < LONG:
        say("static-not-immutable", f"cache-control: {file.head.control or 'absent'}")
    if file.text and file.large and file.encoding in ("", "identity"):
        say("no-compression", "asked for gzip or br, it came as it is")
    split = {part.strip() for part in file.head.vary.split(",")} & {"*", "cookie", "user-agent"}
    if split:
        say("vary-splits-cache", f"vary: {file.head.vary}")
    return found


def _page(caching: PublicCaching) -> list[Finding]:
    head = caching.page_head
    browser, shared = browser_for(head), shared_for(head)
    kept = bool(head.kept or head.eligible) and not caching.managed
    if browser < A_DAY and not (kept and shared >= A_DAY):
        return []
    days = max(browser, shared if kept else 0) // A_DAY
    where = "browsers" if browser >= A_DAY else "the edge"
    return [
        Finding(
            code="page-cached-long",
            subject=caching.page,
            observed=f"{where} may show it for {plural(days, 'day')}: {_control(head.control)}",
        )
    ]


def _control(control: str) -> str:
    return f"cache-control: {control or 'absent'}"


def _page_line(caching: PublicCaching) -> tuple[Seen, ...]:
    if not caching.page:
        return (Seen(label=caching.host, value="strangers get no page there"),)
    head = caching.page_head
    came = f"came out of a cache ({head.kept})" if head.kept else "did not come out of a cache"
    if head.edge in ("dynamic", "bypass", "none"):
        came = f"{came}; Cloudflare passes it on ({head.edge.upper()})"
    return (Seen(label=caching.page, value=f"{_control(head.control)}; {came}", source="GET"),)


def _file_line(file: StaticFile) -> Seen:
    if file.cause:
        return Seen(label=file.url, value=file.cause)
    parts = [
        str(file.status),
        _control(file.head.control),
        file.head.kept or "not out of a shared cache",
        f"compressed with {file.encoding}" if file.encoding else "not compressed",
        *(["asked again, it had not changed"] if file.revalidates else []),
    ]
    return Seen(label=file.url, value="; ".join(parts), source="GET, twice")


# ---------------------------------------------------------------- private pages


@check("cache.private")
def private(
    pages: PrivatePages | Unknown,
    tricks: Deceptions | Unknown,
    caching: PublicCaching | Unknown,
    account: CloudflareZone | Unknown,
    target: Target,
) -> Outcome:
    """Pages of the test user as strangers get them. A shell without data may be kept by anybody."""
    if not target.web.private:
        return unknown(NONE_NAMED)
    if isinstance(pages, Unknown):
        return unknown(pages.cause)
    everything = isinstance(caching, PublicCaching) and caching.page_kept
    findings: list[Finding] = []
    gaps = [page.cause for page in pages.pages if page.cause]
    for page in pages.pages:
        if not page.cause:
            ruled = isinstance(account, CloudflareZone) and is_kept(account, page.url)
            findings += _private(page, everything=everything or ruled)
            gaps += _untold(page)
    if isinstance(tricks, Deceptions):
        findings += _tricked(tricks)
        gaps += [page.cause for page in tricks.pages if page.cause]
    if pages.left_out:
        gaps.append(f"not read, for there are too many: {', '.join(pages.left_out)}")
    read = [page for page in pages.pages if not page.cause]
    personal = [page for page in read if _personal(page)]
    clean = f"{plural(len(personal), 'private page')} read: nothing of it reaches a stranger"
    shells = "strangers and the test user get the same pages: name the API answers they load"
    return judged(
        tuple(findings),
        clean=clean if personal else shells,
        seen=(*map(_private_line, read), _tricks_line(tricks)),
        gaps=tuple(dict.fromkeys(gaps)),
        proven=bool(personal),
    )


def _personal(page: PrivatePage) -> bool:
    """The user gets what a stranger does not, or what carries the user's own words."""
    return page.first.marked or not page.alike or (page.control is not None and not page.control.ok)


def _private(page: PrivatePage, *, everything: bool) -> list[Finding]:
    if not _personal(page):
        return []
    if (cached := _cached(page)) is not None:
        return [cached]
    head = page.first.head
    if words := open_to_caches(head):
        plain = words.startswith("max-age")
        return [
            Finding(
                code="private-cacheable",
                subject=page.url,
                observed=f"a cache may keep it for everybody: {words}",
                severity=Severity.MEDIUM if plain else None,
            )
        ]
    if head.control or head.edge_control:
        return []
    risky = everything or head.eligible
    why = "the edge keeps such answers" if risky else "no cache was seen to keep it"
    return [
        Finding(
            code="private-no-cache-control",
            subject=page.url,
            observed=f"it comes without Cache-Control; {why}",
            severity=None if risky else Severity.LOW,
        )
    ]


def _cached(page: PrivatePage) -> Finding | None:
    """A copy of the user's page in a shared cache: what a stranger got, or what the cache says."""
    apart = page.control is not None and not page.control.marked
    for reading, where in ((page.stranger, "the user had just opened"), (page.bare, "itself")):
        if reading.marked and (apart or reading.head.kept):
            return _leak(page, reading, f"at the address {where} a stranger got the user's data")
    refused = page.control is not None and not page.control.ok
    if refused and page.alike and page.stranger.ok and not page.first.marked:
        told = "at the address the user had just opened a stranger got the same page"
        return _leak(page, page.stranger, told)
    if page.bare.ok and page.bare.head.kept and page.stranger.refused:
        return _leak(page, page.bare, "a stranger gets a copy, and is refused at a fresh address")
    for reading in page.signed_in:
        mine = reading.marked if page.first.marked else reading.ok
        if mine and reading.head.kept:
            sure = Confidence.CONFIRMED if reading.marked else Confidence.LIKELY
            return _leak(page, reading, "the user's page came out of a shared cache", sure)
    return None


def _leak(
    page: PrivatePage, reading: Reading, what: str, sure: Confidence = Confidence.CONFIRMED
) -> Finding:
    sign = f" ({reading.head.kept})" if reading.head.kept else ""
    return Finding(
        code="private-page-cached",
        subject=page.url,
        observed=f"{what}{sign}; {_control(reading.head.control)}",
        confidence=sure,
    )


def _untold(page: PrivatePage) -> list[str]:
    """What was not answered; and where strangers get the data at any address, no cache can be
    judged."""
    gaps = [f"{page.url}: {r.cause}" for r in (*page.signed_in, page.stranger) if r.cause]
    if page.control is not None and page.control.marked and _cached(page) is None:
        gaps.append(f"{page.url}: strangers get the user's data without any login, cached or not")
    return gaps[:1]


def _tricked(tricks: Deceptions) -> list[Finding]:
    found: list[Finding] = []
    for page in tricks.pages:
        for result, code in (("stored", "cache-deception"), ("served", "cache-deception-possible")):
            shapes = [t.shape for t in page.tries if t.result == result]
            if shapes:
                found.append(
                    Finding(
                        code=code,
                        probe="cache-deception",
                        subject=page.url,
                        observed=f"the page is {result} with {' and '.join(shapes)} behind it",
                        confidence=Confidence.CONFIRMED if page.by_marker else Confidence.LIKELY,
                    )
                )
                break
    return found


def _private_line(page: PrivatePage) -> Seen:
    what = "its user's own" if _personal(page) else "the same for everybody"
    head = page.first.head
    stranger = f"a stranger gets {page.stranger.status}"
    value = f"{what}; {_control(head.control)}; {head.kept or 'not out of a cache'}; {stranger}"
    return Seen(label=page.url, value=value, source="GET, signed in and not")


def _tricks_line(tricks: Deceptions | Unknown) -> Seen:
    label = "addresses that look like files"
    if isinstance(tricks, Unknown):
        return Seen(label=label, value=tricks.cause)
    count = sum(len(page.tries) for page in tricks.pages)
    return Seen(label=label, value=plural(count, "disguise"), source="GET, signed in and not")
