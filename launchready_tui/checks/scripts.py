"""What the JavaScript of the pages gives away: keys, source code, and addresses of development."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from launchready_tui.engine import check
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.scripts import ShippedScript, ShippedScripts
from launchready_tui.facts.shipped import Hit
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity
from launchready_tui.network.hosts import below
from launchready_tui.outcomes import judged
from launchready_tui.text import plural

MOST_TOLD = 5
UNFINISHED = (
    "staging",
    "stage",
    "preview",
    "dev",
    "develop",
    "test",
    "qa",
    "uat",
    "demo",
    "sandbox",
)
UNUSED = "production does not seem to call"
_SEVERITY = {
    ("secret-in-public-env-prefix", "test-secret"): Severity.HIGH,
    ("bundle-secret", "test-secret"): Severity.MEDIUM,
}


@check("exposure.javascript")
def exposure(shipped: ShippedScripts, web: WebHosts, target: Target) -> Outcome:
    """No script that anybody can read holds a private key or the source code."""
    findings = [
        *_grouped("supabase-service-key-in-bundle", shipped.hits("service-key")),
        *_grouped("secret-in-public-env-prefix", _secrets(shipped, settings=False)),
        *_grouped("bundle-secret", _secrets(shipped, settings=True)),
    ]
    maps = [script for script in shipped.scripts if script.source_map == "own"]
    open_source = target.traits.get("open_source") is True
    if not open_source:
        findings += [_map_found(script) for script in maps]
    seen = [*_read(shipped), *_ids(shipped)]
    if open_source and maps:
        value = "source maps are served, and the source is open by your own word"
        seen.append(Seen(label=maps[0].map_at, value=value, source="GET"))
    gaps = [*_gaps(shipped, web, target), *(_map_gap(script) for script in shipped.scripts)]
    return judged(
        tuple(findings),
        clean=f"{plural(_count(shipped), 'script')} read, no private key and no source code",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys(filter(None, gaps))),
    )


@check("config.shipped")
def config(shipped: ShippedScripts, web: WebHosts, target: Target) -> Outcome:
    """What production ships was built with production's settings."""
    live = _of_production(shipped, target)
    given = {host_of(url) for url in target.urls}
    tunnels = [(w, h) for w, h in live.hits("dev-host") if h.name not in given]
    local = live.hits("local")
    findings = [
        *_test_keys(live, target),
        *_grouped("localhost-api-in-bundle", _where(local, lambda hit: hit.mode != "bare")),
        *_grouped("dev-host-in-bundle", tunnels),
    ]
    bare = [
        Seen(
            label=where,
            value=f"names {hit.detail}, which production does not seem to call",
            source="GET",
        )
        for where, hit in _where(local, lambda hit: hit.mode == "bare")
    ]
    left = plural(_count(shipped) - _count(live), "script")
    skipped = (
        [Seen(label="previews", value=f"{left} of addresses that are not production", source="")]
        if _count(shipped) > _count(live)
        else []
    )
    return judged(
        tuple(findings),
        clean="no test mode, no tunnel and no address of a developer's computer",
        seen=(*_ids(live), *bare[:MOST_TOLD], *skipped),
        gaps=_gaps(live, web, target),
    )


# ---------------------------------------------------------------- findings


def _secrets(shipped: ShippedScripts, *, settings: bool) -> list[tuple[str, Hit]]:
    """Private keys: in lists of settings that pages load, or in what was built."""
    lists = {script.url for script in shipped.scripts if script.settings}
    lists |= {f"https://{page.host}/" for page in shipped.inline}
    found = shipped.hits("secret", "test-secret", "maybe-secret", "named-secret")
    return [(where, hit) for where, hit in found if (where in lists) == settings]


def _grouped(code: str, hits: Iterable[tuple[str, Hit]]) -> list[Finding]:
    """One finding for each script; its surest and gravest hit decides how grave it is."""
    by_place: dict[str, list[Hit]] = {}
    for where, hit in hits:
        by_place.setdefault(where, []).append(hit)
    return [_finding(code, where, found) for where, found in by_place.items()]


def _finding(code: str, where: str, hits: list[Hit]) -> Finding:
    gravest = min(hits, key=lambda hit: (hit.kind == "maybe-secret", not hit.sure, _mild(hit)))
    if gravest.kind == "maybe-secret":
        sure = Confidence.REVIEW
    else:
        sure = Confidence.CONFIRMED if gravest.sure else Confidence.LIKELY
    more = f", and {len(hits) - MOST_TOLD} more" if len(hits) > MOST_TOLD else ""
    observed = "; ".join(_placed(hit) for hit in hits[:MOST_TOLD])
    return Finding(
        code=code,
        subject=where,
        observed=f"{where}: {observed}{more}",
        params={"what": gravest.detail},
        confidence=sure,
        severity=_SEVERITY.get((code, gravest.kind)),
    )


def _mild(hit: Hit) -> bool:
    return hit.kind == "test-secret"


def _placed(hit: Hit) -> str:
    return f"{hit.detail} at byte {hit.at}" if hit.at else hit.detail


def _map_found(script: ShippedScript) -> Finding:
    return Finding(
        code="source-maps-public",
        subject=script.map_at,
        observed=f"{script.url} names {script.map_at}, which holds the app's own source code",
        params={"script": script.url},
    )


def _test_keys(live: ShippedScripts, target: Target) -> list[Finding]:
    """Public keys of a test mode. Where both modes are shipped, a person has to look."""
    ids = [(where, hit) for where, hit in live.hits("id") if hit.platform in ("clerk", "stripe")]
    modes = {(hit.platform, hit.mode) for _, hit in ids}
    found: dict[str, Finding] = {}
    for where, hit in ids:
        no_payments = hit.platform == "stripe" and target.takes_no_payments
        if hit.mode != "test" or no_payments:
            continue
        both = (hit.platform, "live") in modes
        label = hit.platform.capitalize()
        at = f" of {hit.name}" if hit.name else ""
        others = sorted(p.capitalize() for p, mode in modes if mode == "live" and p != hit.platform)
        mixed = f", beside a live key of {others[0]}" if others else ""
        also = ", and a live one too: which of them is used does not show" if both else mixed
        found.setdefault(
            f"{hit.platform} {where}",
            Finding(
                code="test-mode-keys-in-production",
                subject=where,
                observed=f"{where} ships a test key of {label}{at}{also}",
                params={"platform": label},
                confidence=Confidence.REVIEW if both else Confidence.CONFIRMED,
            ),
        )
    return list(found.values())


# ---------------------------------------------------------------- what was looked at


def _where(hits: Iterable[tuple[str, Hit]], fits: Callable[[Hit], bool]) -> list[tuple[str, Hit]]:
    return [(where, hit) for where, hit in hits if fits(hit)]


def _of_production(shipped: ShippedScripts, target: Target) -> ShippedScripts:
    """Only what production's own pages load: a preview is right to use test keys."""
    return ShippedScripts(
        scripts=tuple(
            script for script in shipped.scripts if any(_is_live(h, target) for h in script.pages)
        ),
        inline=tuple(page for page in shipped.inline if _is_live(page.host, target)),
        left_out=shipped.left_out,
        lazy_left_out=shipped.lazy_left_out,
        elsewhere=tuple(e for e in shipped.elsewhere if _is_live(e.partition(":")[0], target)),
    )


def _is_live(host: str, target: Target) -> bool:
    if host in (target.domain, f"www.{target.domain}", host_of(target.web.app)):
        return True
    if not below(host, target.domain):
        return False
    labels = host.removesuffix(f".{target.domain}").replace("-", ".").split(".")
    return not set(labels) & set(UNFINISHED)


def _count(shipped: ShippedScripts) -> int:
    return sum(script.read in ("all", "part") for script in shipped.scripts)


def _gaps(shipped: ShippedScripts, web: WebHosts, target: Target) -> tuple[str, ...]:
    gaps = list(web.gaps)
    gaps += [
        f"{script.url}: {script.cause or 'not read'}"
        for script in shipped.scripts
        if script.read in ("part", "unknown")
    ]
    if shipped.left_out:
        left = f"{plural(shipped.left_out, 'further script')} that pages load not read"
        beside = "look at this host by itself for them"
        gaps.append(f"{left}: {beside if target.elsewhere else 'too many for a run'}")
    gaps += [_code_elsewhere(*entry.split(": ")) for entry in shipped.elsewhere]
    if not web.hosts:
        gaps.append("no host of the domain serves pages")
    return tuple(gaps)


def _code_elsewhere(host: str, other: str) -> str:
    return f"{host}: its code comes from {other}; if it is yours, add https://{other} to urls"


def _map_gap(script: ShippedScript) -> str:
    if script.source_map != "unknown":
        return ""
    return f"{script.map_at}: {script.map_cause}"


def _read(shipped: ShippedScripts) -> list[Seen]:
    """The scripts with their size; and whose were left alone."""
    seen = [Seen(label=script.url, value=_said(script), source="GET") for script in shipped.scripts]
    if shipped.foreign:
        names = ", ".join(shipped.foreign[:MOST_TOLD])
        seen.append(Seen(label="other companies", value=f"not read: {names}", source="pages"))
    if shipped.lazy_left_out:
        left = plural(shipped.lazy_left_out, "script")
        value = f"{left} that only other scripts load, when somebody needs them"
        seen.append(Seen(label="not read", value=value, source="scripts"))
    return seen


def _said(script: ShippedScript) -> str:
    said = {
        "all": f"{script.size} bytes read",
        "part": f"{script.size} bytes read, not all of it",
        "page": "a page answers, no script",
        "gone": "is not there",
        "unknown": f"could not be read: {script.cause}",
    }[script.read]
    held = {"vendor": "; its source map holds libraries only", "no-map": "; it has no source map"}
    return said + held.get(script.source_map, "")


def _ids(shipped: ShippedScripts) -> list[Seen]:
    """Which platforms the app belongs to: names, never keys."""
    told: dict[tuple[str, str], Seen] = {}
    for where, hit in shipped.hits("id"):
        mode = f", {hit.mode} mode" if hit.mode else ""
        value = f"{hit.name or hit.detail}{mode}"
        told.setdefault((hit.platform, value), Seen(label=hit.platform, value=value, source=where))
    return list(told.values())[:20]
