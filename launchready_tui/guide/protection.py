"""The protection baseline: what is on, where it is set, since when, and what is exempt from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from launchready_tui.facts.cloudflare_rules import (
    CACHE,
    CUSTOM,
    FLOODS,
    LIMITS,
    MANAGED,
    PAGE_RULES,
    Rule,
)
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.guide.claims import RISK, STATES, day, seen, source, told
from launchready_tui.guide.markdown import (
    Block,
    Inline,
    bullets,
    code,
    heading,
    line,
    paragraph,
    table,
    together,
    words,
)
from launchready_tui.guide.recovery import recorded
from launchready_tui.guide.state import GuideState, Reach
from launchready_tui.text import plural

Row = tuple[Inline, ...]
BASELINE = ("S4.1", "S4.2", "S4.3", "S4.4", "S4.5")
WRITTEN = ("S7.4",)
SETTINGS = {
    "ssl": Inline("Encryption on the way to the app"),
    "always_use_https": Inline("Always use https"),
    "min_tls_version": Inline("Oldest TLS version that visitors may use"),
    "security_header": Inline("HSTS, sent by the edge"),
    "security_level": Inline("Security level"),
    "bot_management": Inline("Bot rules"),
    "dnssec": Inline("DNSSEC"),
    "certificate_packs": Inline("Certificates at the edge"),
    "origin_pulls": Inline("Client certificate towards the app"),
}
MODES = {
    "off": "Off: not encrypted",
    "flexible": "Flexible: not encrypted",
    "full": "Full: encrypted, the certificate is not checked",
    "strict": "Full (strict): encrypted, the certificate is checked",
}
DAY = 86_400
RULES = {
    MANAGED: Inline("Firewall, managed rules"),
    CUSTOM: Inline("Firewall, own rules"),
    LIMITS: Inline("Rate limit"),
    FLOODS: Inline("Flood protection, changed"),
}


def protection(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Protection")
    rows = [*_items(state), *_settings(state), *_rules(state), *_headers(state)]
    if rows:
        yield table(["Protection", "As it stands", "Where", "Since", "Source"], rows)
    else:
        yield Block("None recorded, because these checklists ask for none and no check has looked.")
    if state.zone and state.zone.not_read:
        yield paragraph(Inline("Not readable with the token that was given, so not known:"))
        yield bullets(words(entry.told) for entry in state.zone.not_read)
    if state.zone and state.reach:
        yield from _said(state.reach)
    yield heading(3, "Exceptions")
    yield _exceptions(state)
    yield heading(3, "Caching rules")
    yield from _caching(state)


def _said(reach: Reach) -> Iterator[Block]:
    """Whom the settings at Cloudflare protect: they do nothing for a host that goes past it."""
    if reach.passing:
        yield paragraph(
            line(
                "What is set at Cloudflare holds only for the hosts that pass it: {}.",
                together(code(host) for host in reach.passing),
            )
        )
    elif not reach.untold:
        yield Block(
            "No host passes Cloudflare today: what is set there protects nothing until a name is"
            " pointed at it."
        )
    if reach.untold:
        hosts = together(code(host) for host in reach.untold)
        yield paragraph(line("Whether these pass Cloudflare could not be told: {}.", hosts))


def _items(state: GuideState) -> Iterator[Row]:
    """What the checklist asks of the edge, checked or answered."""
    for view in state.covering(*BASELINE):
        if not view.item.computed_from:
            since = view.attestation.at if view.attestation else state.seen_at
            yield (
                words(view.item.title),
                STATES[view.state],
                line("checklist, item {}", code(view.item.id)),
                _since(since, state),
                source(view, state),
            )


def _settings(state: GuideState) -> Iterator[Row]:
    for id, label in SETTINGS.items():
        found = state.zone.setting(id) if state.zone else None
        if found and found.value:
            where = line("Cloudflare, setting {}", code(id))
            yield label, _value(id, found.value), where, _since(found.since, state), seen(state)


def _value(id: str, value: str) -> Inline:
    """A setting as people say it; what is not known here stays as Cloudflare says it."""
    if id == "ssl":
        return words(MODES[value]) if value in MODES else code(value)
    if "=" not in value:
        return code(value)
    pairs = [pair.partition("=") for pair in value.split(", ")]
    return words(", ".join(_pair(name, held) for name, _, held in pairs))


def _pair(name: str, value: str) -> str:
    if name == "max_age" and value.isdigit():
        return f"for {plural(int(value) // DAY, 'day')}"
    called = name.replace("_", " ")
    switched = {"true": "on", "false": "off"}.get(value)
    if name == "enabled" and switched:
        return switched
    return f"{called} {switched or value}"


def _rules(state: GuideState) -> Iterator[Row]:
    if state.zone is None:
        return
    for phase, label in RULES.items():
        for rule in state.zone.of(phase):
            yield (
                label,
                line("{}: {}", words(rule.called), _does(rule)),
                line("Cloudflare, {}", code(phase)),
                _since(rule.since, state),
                seen(state),
            )
    if not state.zone.of(FLOODS) and not state.zone.gap(FLOODS):
        yield (
            Inline("Flood protection"),
            Inline("on, as Cloudflare ships it"),
            line("Cloudflare, {}", code(FLOODS)),
            Inline("always"),
            seen(state),
        )


def _does(rule: Rule) -> Inline:
    """In a few words what a rule does, and where."""
    limit = rule.limit
    if limit:
        return line(
            "{} after {} requests in {} s, for {} s",
            code(rule.action),
            Inline(str(limit.requests)),
            Inline(str(limit.period)),
            Inline(str(limit.timeout)),
        )
    return line("{} where {}", code(rule.action), code(rule.reach))


def _headers(state: GuideState) -> Iterator[Row]:
    for header in state.headers:
        yield (
            line("Header {}", code(header.name)),
            code(header.value) if header.value else Inline("not sent"),
            line("answers of {}", code(state.app)),
            _since(None, state),
            seen(state),
        )


def _since(when: datetime | None, state: GuideState) -> Inline:
    """The day it was set; else the latest day on which it was seen."""
    if when is not None and when != state.seen_at:
        return day(when)
    return line("{} or before", day(state.seen_at)) if state.seen_at else Inline("not known")


def _exceptions(state: GuideState) -> Block:
    rows = [
        (
            code(one.route),
            together(words(name) for name in one.bypasses),
            words(one.why),
            words(one.owner) if one.owner.strip() else RISK,
            told(one.by, one.at),
        )
        for one in state.exceptions.exceptions
    ]
    if not rows:
        return Block(
            "None recorded, because nobody has written one down with `launchready except`. A rule"
            " that skips a protection and stands in no line here has no reason anybody knows."
        )
    return table(["Route", "Bypasses", "Why", "Owner", "Source"], rows)


def _caching(state: GuideState) -> Iterator[Block]:
    zone = state.zone
    rules = (*zone.of(CACHE), *zone.of(PAGE_RULES)) if zone else ()
    if rules:
        yield paragraph(Inline("They apply in this order; of cache rules the last that fits wins."))
        yield table(
            ["Where", "What it does", "Why", "Since", "Source"],
            [
                (
                    code(rule.reach),
                    code(", ".join(f"{key}={value}" for key, value in rule.settings.items())),
                    words(rule.name) if rule.name else Inline("**RISK**: reason not recorded"),
                    _since(rule.since, state),
                    seen(state),
                )
                for rule in rules
            ],
        )
    elif zone and _read(zone):
        yield Block("Cloudflare holds no cache rule and no page rule: its defaults apply.")
    if rules:
        yield paragraph(Inline("Their reasons, and how to purge what they keep:"))
    yield from recorded(
        state,
        state.covering(*WRITTEN),
        Inline(
            "nobody has said yet why these rules are there, and how to purge"
            if rules
            else "nobody has said yet which rules there are, why, and how to purge"
        ),
    )


def _read(zone: CloudflareZone) -> bool:
    return not zone.gap(CACHE) and not zone.gap(PAGE_RULES)
