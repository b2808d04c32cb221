"""HANDOVER.md: from the state alone to one document, in the order of need at 3 a.m."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.guide import (
    addresses,
    env,
    ignored,
    lent,
    mail,
    protection,
    recovery,
    standing,
    trials,
)
from launchready_tui.guide.claims import day
from launchready_tui.guide.due import comes_due
from launchready_tui.guide.first_page import first_page
from launchready_tui.guide.glossary import MEANINGS, explained
from launchready_tui.guide.markdown import (
    Block,
    bullets,
    document,
    heading,
    line,
    paragraph,
    words,
)
from launchready_tui.guide.state import GuideState

SECTIONS = (
    first_page,
    recovery.alert_fired,
    recovery.roll_back,
    recovery.access,
    addresses.domains,
    env.environment,
    trials.tried,
    env.rotations,
    ignored.set_aside,
    lent.lent,
    protection.protection,
    mail.mail,
    comes_due,
    standing.risks,
    standing.answers,
    standing.not_known,
    standing.accepted,
    standing.scope,
    standing.not_on_purpose,
    standing.results,
)


def handover(state: GuideState) -> str:
    """The guide as Markdown. Pure: the same state gives the same bytes."""
    blocks = [block for section in SECTIONS for block in section(state)]
    blocks += _glossary("\n\n".join(blocks))
    blocks += standing.proof(state)
    blocks.append(
        paragraph(
            line(
                "Written by launchready {} from the record as of {}.",
                words(state.version),
                day(state.at),
            )
        )
    )
    return document(blocks)


def _glossary(text: str) -> Iterator[Block]:
    yield heading(2, "Glossary")
    known = explained(text)
    if known:
        yield bullets(line("**{}**: {}", words(entry), words(MEANINGS[entry])) for entry in known)
    else:
        yield Block("None, because this guide uses no acronym.")
