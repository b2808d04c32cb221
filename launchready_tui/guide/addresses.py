"""Where names lead: the DNS records, exported or observed, and what became of old addresses."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.guide.claims import evidence, seen
from launchready_tui.guide.markdown import (
    Block,
    Inline,
    code,
    heading,
    line,
    paragraph,
    table,
    words,
)
from launchready_tui.guide.state import DnsLine, GuideState

MOST_OLD = 500
"""Rows of old addresses: the failing ones come first, and the rest is counted."""


def domains(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Domains and DNS")
    yield from _records(state)
    yield heading(3, "Old addresses")
    yield from _old_addresses(state)


def _records(state: GuideState) -> Iterator[Block]:
    if not state.dns:
        yield Block("None recorded, because no check has read the DNS records yet.")
        return
    if state.zone and state.zone.is_the_zone:
        yield paragraph(
            line("Exported from Cloudflare: {}.", seen(state)),
            Inline("A proxied name shows Cloudflare's addresses to visitors, not these."),
        )
    else:
        yield paragraph(
            line("Observed from outside: {}.", seen(state)),
            Inline(
                "The TTL (seconds for which others may keep a record) can be more at its source."
            ),
        )
    yield table(
        ["Name", "Type", "Value", "Proxied", "TTL", "Source"],
        [
            (
                code(entry.name),
                code(entry.rdtype),
                line("? unknown: {}", words(entry.cause)) if entry.cause else code(entry.value),
                _proxied(entry),
                Inline(str(entry.ttl)) if entry.ttl else Inline("–"),
                evidence([state.facts]) if state.facts else seen(state),
            )
            for entry in state.dns
        ],
    )
    if state.zone and (gap := state.zone.gap("DNS records")):
        yield paragraph(words(f"{gap}."))


def _proxied(entry: DnsLine) -> Inline:
    if entry.proxied is None:
        return Inline("–")
    return Inline("yes" if entry.proxied else "no")


def _old_addresses(state: GuideState) -> Iterator[Block]:
    if not state.old_addresses:
        yield Block(
            "None recorded, because no list of old addresses was followed. Name one as `redirects`"
            " in launchready.toml, one old address a line."
        )
        return
    ordered = sorted(state.old_addresses, key=lambda entry: entry.arrives)
    count = len(ordered)
    wrong = sum(not entry.arrives for entry in ordered)
    yield paragraph(
        line(
            "The list {}: {} of {} arrive ({}).",
            code(state.redirect_list),
            Inline(str(count - wrong)),
            Inline(str(count)),
            seen(state),
        )
    )
    yield table(
        ["Old address", "Should lead to", "Ends at", "How", "Arrives"],
        [
            (
                code(entry.old),
                code(entry.expected) if entry.expected else Inline("any page that works"),
                code(entry.ends),
                words(entry.how),
                Inline("✓ yes" if entry.arrives else "✗ no"),
            )
            for entry in ordered[:MOST_OLD]
        ],
    )
    if count > MOST_OLD:
        yield paragraph(
            line("{} more: `launchready redirects` lists them.", Inline(str(count - MOST_OLD)))
        )
