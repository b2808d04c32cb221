"""What was tried live, in the guide: the answer, the day and the name, and nobody's Markdown."""

from __future__ import annotations

from msgspec.structs import replace

from cases.trial_world import live, role, trial
from guide_sprint import make_state
from launchready_tui.guide.handover import handover

EVIL = "<b>x</b> | [a](http://b) `c` \x1b[2J\n# d"
HEADING = "### Which of them were tried live"


def test_a_row_says_what_came_back_and_who_tried() -> None:
    held = live(
        trial("MAIL_KEY", result="refused", detail="HTTP 401 from api.sendgrid.com"),
        role(powers=("is a superuser",)),
    )
    text = handover(replace(make_state(), trials=held))
    assert "| `MAIL_KEY` | prod | **refused**: HTTP 401 from api.sendgrid.com |" in text
    row = next(r for r in text.splitlines() if r.startswith("| `DATABASE_URL` | prod | works"))
    assert "is a superuser" in row
    assert ", Ana |" in row


def test_nothing_is_said_where_nothing_was_tried() -> None:
    assert HEADING not in handover(make_state())


def test_what_came_from_elsewhere_stays_text() -> None:
    evil = trial("MAIL_KEY", detail=EVIL, by=EVIL, too_wide=(EVIL,), environment=EVIL)
    text = handover(replace(make_state(), trials=live(evil)))
    assert "\x1b" not in text
    assert "<b>" not in text
    assert "](http://b)" not in text
