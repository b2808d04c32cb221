"""A sprint that is resumed: its first frame, and what follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_screens.app import Wizard
from screen_sprints import outcomes_of, sprint, wizard
from screens.test_person import Person


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    return sprint(tmp_path / "acme", outcomes_of())


async def test_before_a_sprint_is_read_nothing_is_said_of_its_state(checked: Path) -> None:
    class Unread(Wizard):
        def resume(self) -> None:
            """Stand at the first frame."""

    app = Unread(checked)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        person = Person(app, pilot)
        lines = [line.strip() for line in person.screen.splitlines()]
        assert list(filter(None, lines)) == ["launchready", f"Opening the sprint in {checked} …"]
        Wizard.resume(app)
        await person.sees("NO-GO", "✗ blocker")
    app.close()


def test_a_key_pressed_while_a_sprint_is_opened_is_not_lost(checked: Path) -> None:
    with wizard(checked, size=(120, 40)) as terminal:
        terminal.until("Opening the sprint in")
        terminal.press("b")
        terminal.until(r"Minimum bar +\d+ of 11")
