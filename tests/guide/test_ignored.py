"""Hits that were set aside, in the guide: by whom, why, until when, and which no longer count."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from guide_sprint import AT, make_state
from launchready_tui.catalogue import load as load_catalogue
from launchready_tui.guide.due import due
from launchready_tui.guide.handover import handover
from launchready_tui.guide.state import GuideState
from launchready_tui.model import Finding
from launchready_tui.outcomes import failed
from launchready_tui.records.ignore_record import IgnoredHit, IgnoredHits
from launchready_tui.verdict import judge

NOTE = IgnoredHit(
    id="quoted-secret-1a2b3c4d",
    rule="quoted-secret",
    path="docs/login.md",
    places=2,
    reason="the made-up password of our tutorial",
    owner="Ben",
    by="Anna",
    at=AT,
    expires=date(2026, 6, 1),
)


def section(*hits: IgnoredHit, state: GuideState | None = None) -> str:
    held = replace(state or make_state(), ignored=IgnoredHits(hits=hits))
    return handover(held).partition("## Set aside as no secret\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| `")]


def test_a_row_says_where_why_who_and_until_when() -> None:
    assert rows(section(NOTE)) == [
        "| `docs/login.md` (quoted-secret, 2 hits) | the made-up password of our tutorial |"
        " Ben, noted by Anna on 2 March 2026 | 1 June 2026 | `quoted-secret-1a2b3c4d` |"
    ]


def test_without_a_note_the_guide_is_silent() -> None:
    held = replace(make_state(), ignored=IgnoredHits())
    assert "Set aside as no secret" not in handover(held)


def test_an_expired_note_stands_first_and_says_so() -> None:
    old = replace(NOTE, id="old", path="docs/z.md", expires=date(2026, 3, 1))
    first, second = rows(section(NOTE, old))
    assert first.startswith("| `docs/z.md`")
    assert "1 March 2026; **no longer counts**: it has expired |" in first
    assert "no longer counts" not in second
    assert "**no longer counts**" not in section(replace(NOTE, expires=AT.date()))


def test_a_note_without_a_hit_is_told_as_the_last_run_saw_it() -> None:
    item = load_catalogue().item("secrets.scan")
    found = Finding(
        code="secret-ignore-stale",
        subject=NOTE.file,
        observed="docs/login.md (quoted-secret), of Ben: nothing is found there any more",
        params={"file": NOTE.path, "id": NOTE.id},
    )
    state = make_state()
    catalogue = replace(state.catalogue, items=(*state.catalogue.items, item))
    outcomes = {item.id: failed("1 fault", (found,))}
    judged = judge(catalogue, state.target, outcomes, {}, {}, state.at)
    state = replace(state, catalogue=catalogue, verdict=judged)
    (row,) = rows(section(NOTE, state=state))
    assert "1 June 2026; **no longer counts**: nothing is found there any more |" in row


def test_the_day_a_note_ends_comes_due() -> None:
    held = replace(make_state(), ignored=IgnoredHits(hits=(NOTE,)))
    (one,) = [one for one in due(held) if one.key == "ignore quoted-secret-1a2b3c4d"]
    assert (one.day, one.who) == (date(2026, 6, 1), "Ben")
    assert "docs/login.md" in one.what
