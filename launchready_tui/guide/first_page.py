"""The one page on top: what this is, how it stands, who owns what, where to go when it is down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from launchready_tui.guide.claims import RISK, day, instant, seen, told
from launchready_tui.guide.markdown import (
    Block,
    Inline,
    bullets,
    code,
    heading,
    jump,
    line,
    paragraph,
    quote,
    table,
    together,
    web,
    words,
)
from launchready_tui.guide.recovery import app_host
from launchready_tui.guide.state import GuideState

if TYPE_CHECKING:
    from launchready_tui.facts.traffic import Part

STALE_DAYS = 90
WITH_ACCOUNT = frozenset({"dns", "proxy", "host", "mail", "registrar", "database"})
"""Parts that somebody signs in to; the others are properties of the app."""
NO_PROXY = "none"


def first_page(state: GuideState) -> Iterator[Block]:
    yield heading(1, "Handover guide")
    if not state.final:
        yield quote(
            line(
                "**DRAFT, not signed off.** The verdict is {}. This guide becomes final when the "
                "verdict is GO; what stands in the way is under {} and {}.",
                words(state.verdict.word),
                jump("Risks, most harmful first"),
                jump("What is not known"),
            )
        )
    yield table(["", ""], list(_summary(state)))
    yield paragraph(
        Inline("**If it is down, or an alert fired:**"),
        line("go to {}.", jump("Uptime alert fired")),
        Inline("**If a deployment went wrong:**"),
        line("go to {}.", jump("Roll back and redeploy")),
    )
    yield heading(2, "Who owns what")
    yield _owners(state)


def _summary(state: GuideState) -> Iterator[tuple[Inline, Inline]]:
    target = state.target
    app = app_host(state)
    owner = line(" of {}", words(target.client)) if target.client else Inline("")
    yield (
        Inline("What this is"),
        line("The internal dashboard{} at {}.", owner, code(app)),
    )
    yield Inline("Live address"), web(f"https://{app}/")
    further = [*([f"https://{target.domain}/"] if app != target.domain else []), *target.urls]
    if further:
        yield Inline("Further addresses"), together(code(url) for url in further)
    yield Inline("Verdict"), line("**{}**", words(state.verdict.headline))
    yield (
        Inline("As of"),
        line("{}; {}", instant(state.at), _ran(state)),
    )
    yield Inline("How traffic flows"), _sentence(state)
    yield (
        Inline("Read with care after"),
        line(
            "{}: answers and observations grow old.",
            day(state.at + timedelta(days=STALE_DAYS)),
        ),
    )


def _ran(state: GuideState) -> Inline:
    if state.seen_at is None:
        return Inline("not checked yet")
    return line("checked since {}", instant(state.seen_at))


def _sentence(state: GuideState) -> Inline:
    if state.traffic is None or not state.traffic.sentence:
        return Inline("unknown, because no check has looked yet")
    return line("{} ({})", words(state.traffic.sentence), seen(state))


def _owners(state: GuideState) -> Block:
    """Parts of the set-up. Who holds the account is a question the access items ask."""
    if state.traffic is None or not state.traffic.parts:
        return Block("None recorded, because no check has looked at the set-up yet.")
    rows = [
        (
            words(part.label),
            words(part.value) if part.value else Inline("? unknown"),
            _source(state, part),
            _owner(part),
        )
        for part in state.traffic.parts
    ]
    return table(["Part", "What it is", "Source", "Account owner"], rows)


def _owner(part: Part) -> Inline:
    """Who holds the account: nobody has said so yet, which is a risk where there is an account."""
    if part.key not in WITH_ACCOUNT or part.value == NO_PROXY:
        return Inline("has no account of its own")
    return line("{}, see {}", RISK, jump("Access and ownership"))


def _source(state: GuideState, part: Part) -> Inline:
    """Who said it and when, or where the last run read it."""
    saying = state.sayings.get(part.key)
    if saying and part.by:
        return told(saying.by, saying.at)
    if not part.value:
        return line("no check could tell and nobody has said; {}", seen(state))
    return line("{}: {}", seen(state), words(part.source)) if part.source else seen(state)


def as_of(state: GuideState) -> Block:
    """Who authorised the checks, and how much left this machine for them."""
    if not state.consents:
        return Block("Consent: none recorded, because no sprint authorised any check.")
    lines = [
        line(
            "{} authorised {} checks of {} on {}.",
            words(consent.by),
            words(str(consent.level)),
            together(code(host) for host in consent.hosts),
            day(consent.at),
        )
        for consent in state.consents
    ]
    sent = sum(state.counts.values())
    lines.append(
        line(
            "The last run sent {} requests ({}).",
            Inline(str(sent)),
            together(
                line("{} {}", words(kind), Inline(str(count)))
                for kind, count in sorted(state.counts.items())
            ),
        )
        if sent
        else Inline("No request of a run is recorded.")
    )
    return bullets(lines)
