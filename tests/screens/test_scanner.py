"""The scan engine is built while a person looks at the first page, and the page says so."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from msgspec.structs import replace

from launchready_screens.detail import painted
from launchready_screens.waive import WaiveDialog
from launchready_screens.widgets.items import ItemList
from launchready_tui.model import Finding
from launchready_tui.outcomes import failed
from launchready_tui.session import SECRETS
from screen_sprints import outcomes_of, sprint
from screens.test_person import at


def names() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


async def test_a_sprint_with_a_repository_begins_with_the_scanner(tmp_path: Path) -> None:
    from launchready_tui.secretscan import warm

    (tmp_path / "code").mkdir()
    root = sprint(tmp_path, outcomes_of())
    file = root / "launchready.toml"
    text = re.sub(r"(?m)^repo *=.*\n", "", file.read_text("utf-8"))
    head, mark, rest = text.partition("\ndomain")
    file.write_text(f'{head}\nrepo = "{tmp_path / "code"}"{mark}{rest}', "utf-8")
    async with at(root, (120, 40)) as person:
        await person.sees("Quick audit")
        assert person.wizard.live and person.wizard.live.session.target.repo
        assert warm.preparing() or warm._done.is_set()
    assert warm.engine().info.rules > 20


async def test_a_check_that_waits_for_it_says_so(tmp_path: Path) -> None:
    root = sprint(tmp_path, outcomes_of())
    async with at(root, (120, 40)) as person:
        shown = person.wizard.detail(SECRETS)
        waits = replace(shown, checking=True, preparing=True)
        assert "Preparing the scanner" in painted(waits, 60, lambda text: text).plain
        goes_on = replace(shown, checking=True, preparing=False)
        assert "Preparing the scanner" not in painted(goes_on, 60, lambda text: text).plain


async def test_what_cannot_be_accepted_is_told_before_a_reason_is_typed(tmp_path: Path) -> None:
    found = Finding(code="secret-in-history", subject="0123456789:a.ts:4", observed="a key")
    root = sprint(tmp_path, outcomes_of() | {SECRETS: failed("a secret", (found,))})
    async with at(root, (120, 40)) as person:
        person.wizard.screen.query_one(ItemList).go_to(SECRETS)
        await person.press("w")
        await person.sees("cannot be")
        assert not isinstance(person.wizard.screen, WaiveDialog)
