"""A person at the wizard: each test is a sitting, from the first key to what stands on disk."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from launchready_screens.app import Wizard
from launchready_screens.detail import painted
from launchready_screens.stage import StagePage
from launchready_screens.widgets.items import ItemList
from launchready_tui.session import Session
from screen_sprints import DOMAIN, WHO, first_fault, outcomes_of, sprint

SIZES = [(80, 24), (160, 48), (40, 12), (20, 5)]


class Person:
    """Presses keys and reads the screen."""

    def __init__(self, wizard: Wizard, pilot: Pilot[None]) -> None:
        self.wizard = wizard
        self.pilot = pilot

    async def press(self, *keys: str) -> Person:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return self

    async def type(self, text: str) -> Person:
        names = {" ": "space", ".": "full_stop", "-": "minus", "/": "slash"}
        return await self.press(*(names.get(letter, letter) for letter in text))

    async def sees(self, *patterns: str) -> str:
        """Wait until the screen holds all of them; half a minute is for a machine that is busy."""
        for _ in range(600):
            screen = self.screen
            if all(re.search(pattern, screen, re.S) for pattern in patterns):
                return screen
            await self.pilot.pause(0.05)
        raise AssertionError(f"{patterns} not on the screen:\n{self.screen}")

    @property
    def screen(self) -> str:
        """What is drawn, as text: every row of the compositor."""
        strips = self.wizard.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def chosen(self) -> str:
        return self.wizard.screen.query_one(ItemList).chosen


@asynccontextmanager
async def at(folder: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Person]:
    wizard = Wizard(folder)
    async with wizard.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield Person(wizard, pilot)
    wizard.close()


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    """A sprint whose stage 1 has been checked."""
    return sprint(tmp_path / "acme", outcomes_of())


# ---------------------------------------------------------------- seeing


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_size_shows_the_verdict_and_none_crashes(
    checked: Path, size: tuple[int, int]
) -> None:
    async with at(checked, size) as person:
        await person.sees("NO-GO")
        for key in (
            "down",
            "enter",
            "escape",
            "l",
            "escape",
            "b",
            "escape",
            "g",
            "escape",
            "question_mark",
        ):
            await person.press(key)
        await person.press("escape")
        await person.sees("NO-GO")


async def test_a_terminal_without_room_says_what_it_needs(checked: Path) -> None:
    async with at(checked, (20, 5)) as person:
        await person.sees("NO-GO", "terminal too small")


async def test_the_blocker_is_on_top_and_passes_are_folded(checked: Path) -> None:
    async with at(checked) as person:
        await person.sees("✗ blocker", r"✓ \d+ passed +enter to show")
        assert person.chosen == "tls.certificate"
        await person.press("end", "enter")
        await person.sees("✓ pass ")


async def test_enter_opens_the_detail_and_esc_returns_to_the_row(checked: Path) -> None:
    async with at(checked) as person:
        await person.press("j", "j")
        row = person.chosen
        assert row != "tls.certificate"
        await person.press("enter")
        await person.sees("Why it matters", "needs you")
        await person.press("escape")
        await person.sees("enter to show")
        assert person.chosen == row


async def test_the_wide_screen_shows_rail_list_and_detail_at_once(checked: Path) -> None:
    async with at(checked, (160, 48)) as person:
        await person.sees(
            "Stages", "▸1 ", "Minimum bar", "✗ blocker", "Why it matters", "host.test"
        )


async def test_unknown_shows_its_cause_and_is_never_green(checked: Path) -> None:
    async with at(checked, (160, 48)) as person:
        person.wizard.screen.query_one(ItemList).go_to("dns.nameservers")
        await person.sees(r"\? unknown", "ns2.acme.test did not answer")


async def test_numbers_go_to_stages_and_come_back_to_the_row(checked: Path) -> None:
    async with at(checked) as person:
        await person.press("j")
        row = person.chosen
        await person.press("4")
        await person.sees("4  ")
        assert person.chosen != row
        await person.press("1")
        assert person.chosen == row


async def test_filter_leaves_what_holds_the_words(checked: Path) -> None:
    async with at(checked) as person:
        await person.press("slash")
        await person.type("tls")
        await person.press("enter")
        rows = person.wizard.screen.query_one(ItemList).rows
        assert rows
        assert all("tls" in f"{row.id} {row.title} {row.note}".lower() for row in rows)
        await person.press("escape")
        await person.sees("enter to show")


async def test_the_risk_list_shows_the_sum_on_question_mark(checked: Path) -> None:
    async with at(checked, (120, 40)) as person:
        await person.press("l")
        await person.sees("Risks", "1 open risk")
        await person.press("question_mark")
        await person.sees(r"100 × .* = ")


async def test_the_bar_reaches_automations_and_what_not_to_build(checked: Path) -> None:
    async with at(checked, (120, 48)) as person:
        await person.press("b")
        screen = await person.sees("Minimum bar")
        assert all(f"B{n} " in screen for n in range(1, 12))
        await person.press("end")
        await person.sees("N6", "Instead", "Look again")


async def test_enter_on_a_clause_goes_to_the_item_that_breaks_it(checked: Path) -> None:
    async with at(checked, (120, 48)) as person:
        await person.press("b", "down", "down")
        await person.sees("✗ not met")
        await person.press("enter")
        await person.sees("Quick audit|1  ")
        assert person.chosen == "tls.certificate"


async def test_the_guide_is_read_section_by_section(checked: Path) -> None:
    async with at(checked, (120, 40)) as person:
        await person.press("g")
        await person.sees("Handover guide", DOMAIN)
        await person.press("j")
        await person.sees("Handover guide")


async def test_help_lists_the_keys_of_the_page(checked: Path) -> None:
    async with at(checked, (100, 60)) as person:
        await person.press("question_mark")
        await person.sees("Check this item again", "Write the handover guide", "needs you")


async def test_the_palette_finds_actions_stages_and_items(checked: Path) -> None:
    async with at(checked, (100, 40)) as person:
        await person.press("ctrl+p")
        await person.type("risk")
        await person.sees("Accept risk")


# ---------------------------------------------------------------- recording


async def answered(person: Person) -> str:
    """Answer the first item that needs a person; its id."""
    live = person.wizard.live
    assert live
    rows = person.wizard.screen.query_one(ItemList)
    item = next(row.id for row in rows.rows if row.word.word == "needs you")
    rows.go_to(item)
    await person.press("a")
    await person.sees("Does it hold")
    await person.press("y", "tab")
    await person.type("seen in the log at nine")
    await person.press("f2")
    await person.sees("We will keep this", "seen in the log at nine")
    await person.press("f2")
    await person.sees("Answer kept")
    return item


async def test_an_answer_is_shown_back_before_it_is_kept_and_undo_takes_it_back(
    checked: Path,
) -> None:
    async with at(checked, (100, 40)) as person:
        item = await answered(person)
        await person.sees(r"✓")
        live = person.wizard.live
        assert live
        answer = live.session.store.attestations()[item]
        assert (answer.says, answer.by) == ("pass", WHO)
        assert b"seen in the log" in live.session.store.evidence(answer.evidence[0])
        await person.press("u")
        await person.sees("Taken back")
        assert item not in live.session.store.attestations()


async def test_a_pasted_secret_is_left_out_of_what_is_kept(checked: Path) -> None:
    secret = "sk_" + "live_" + "a1B2c3D4" * 4
    async with at(checked, (100, 40)) as person:
        rows = person.wizard.screen.query_one(ItemList)
        rows.go_to(next(row.id for row in rows.rows if row.word.word == "needs you"))
        await person.press("a", "y", "tab")
        await person.type(f"key {secret}")
        await person.press("f2")
        screen = await person.sees("We will keep this", "left out")
        assert secret not in screen
        await person.press("f2")
        await person.sees("Answer kept")
    kept = [p for p in (checked / ".launchready").rglob("*") if p.is_file()]
    assert kept
    assert all(secret.encode() not in path.read_bytes() for path in kept)


async def test_a_refusal_stands_in_the_dialog_and_keeps_what_was_typed(checked: Path) -> None:
    async with at(checked, (100, 40)) as person:
        await person.press("w")
        await person.sees("Accept this risk", "180 days")
        await person.type("short")
        await person.press("f2")
        await person.sees("Say why", "short")


async def test_an_accepted_risk_shows_its_day_and_leaves_the_verdict_said(checked: Path) -> None:
    async with at(checked, (120, 40)) as person:
        await person.press("w")
        await person.type("nobody uses www until the cut on Friday")
        await person.press("f2")
        await person.sees("Accepted until")
        rows = person.wizard.screen.query_one(ItemList)
        rows.go_to("tls.certificate")
        await person.sees(r"~ accepted until \d+ ")


async def test_note_and_scope_request_are_kept(checked: Path) -> None:
    async with at(checked, (120, 40)) as person:
        await person.press("n")
        await person.type("spoke to Ann")
        await person.press("f2")
        await person.sees("Note kept", "spoke to Ann")
        await person.press("plus")
        await person.type("a second dashboard")
        await person.press("f2")
        await person.sees("Logged")
        live = person.wizard.live
        assert live
        assert live.session.store.scope_requests()[0].request == "a second dashboard"


async def test_what_a_person_says_overrides_a_fact(checked: Path) -> None:
    async with at(checked, (120, 40)) as person:
        await person.press("e")
        await person.sees("registrar")
        live = person.wizard.live
        assert live
        for _ in range(7):
            await person.press("down")
        await person.press("enter")
        await person.type("gandi")
        await person.press("f2")
        await person.sees("Kept", "gandi")
        assert [s.value for s in live.session.store.sayings().sayings] == ["gandi"]


async def test_the_clock_pauses_with_a_reason_and_goes_on(checked: Path) -> None:
    async with at(checked, (120, 40)) as person:
        await person.press("p")
        await person.type("waiting for access")
        await person.press("f2")
        await person.sees("paused: waiting for access")
        await person.press("p")
        await person.sees("h .* left")


async def test_export_writes_the_guide_and_tells_where(checked: Path) -> None:
    async with at(checked, (120, 40)) as person:
        await person.press("x", "f2")
        await person.sees("Written:")
    assert DOMAIN in (checked / "HANDOVER.md").read_text(encoding="utf-8")


async def test_masks_are_on_and_lift_only_when_asked(tmp_path: Path) -> None:
    outcomes = outcomes_of()
    seen = "ann.example@acme.test in /home/ann/private/app"
    outcomes["tls.certificate"] = first_fault("tls.certificate", observed=seen)
    async with at(sprint(tmp_path / "acme", outcomes), (160, 48)) as person:
        screen = await person.sees("masked", "a…@acme.test in ~/private/app")
        assert "ann.example" not in screen
        await person.press("m")
        await person.sees("Show what is masked")
        assert "ann.example" not in person.screen
        await person.press("f2")
        await person.sees("Unmasked for", "ann.example@acme.test")
        person.wizard.clear_notifications()  # one lies over the word in the bar
        await person.sees("UNMASKED", "ann.example@acme.test")
        await person.press("m")
        await person.sees("masked", "a…@acme.test")
    journal = (tmp_path / "acme" / ".launchready" / "journal.jsonl").read_text("utf-8")
    assert "masks lifted" in journal
    assert "ann.example" not in journal


# ---------------------------------------------------------------- beginning


async def test_home_says_what_it_does_not_do(tmp_path: Path) -> None:
    async with at(tmp_path) as person:
        await person.sees("No account, no telemetry", "New sprint", "Demo", "Open")


async def test_a_new_sprint_says_inline_what_is_wrong(tmp_path: Path) -> None:
    async with at(tmp_path, (100, 40)) as person:
        await person.press("n")
        await person.sees("Domain", "I am authorised to test")
        await person.type("a b.test")
        await person.press("f2")
        await person.sees("Who says so|Give your name")
        await fill(person, "by", WHO)
        await person.press("f2")
        await person.sees("has a blank in it")
        assert not (tmp_path / "launchready.toml").exists()


async def fill(person: Person, field: str, text: str) -> None:
    person.wizard.screen.query_one(f"#field-{field}").focus()
    await person.pilot.pause()
    await person.type(text)


async def test_a_folder_that_is_no_repository_is_told(tmp_path: Path) -> None:
    async with at(tmp_path, (100, 40)) as person:
        await person.press("n")
        await person.type("acme.test")
        await fill(person, "by", WHO)
        await fill(person, "repo", "nowhere")
        await person.press("f2")
        await person.sees("nowhere")
        assert not (tmp_path / "launchready.toml").exists()


async def test_opening_a_folder_without_a_sprint_says_what_to_do(tmp_path: Path) -> None:
    async with at(tmp_path, (100, 40)) as person:
        await person.press("o")
        await person.type("x")
        await person.press("f2")
        await person.sees("no launchready.toml")


async def test_a_broken_launch_file_is_told_at_home_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text('domain = "acme.test\n', encoding="utf-8")
    async with at(tmp_path, (100, 40)) as person:
        await person.sees("launchready.toml", "New sprint")


async def test_two_windows_the_second_only_reads(checked: Path) -> None:
    first = Session.open(checked)
    try:
        async with at(checked, (120, 40)) as person:
            await person.sees("read only")
            await person.press("n")
            await person.type("x")
            await person.press("f2")
            await person.sees("only reads")
    finally:
        first.close()


async def test_every_page_was_reached_by_keys_alone(checked: Path) -> None:
    async with at(checked) as person:
        seen: list[str] = []
        for key in ("l", "b", "g"):
            await person.press(key)
            seen.append(type(person.wizard.screen).__name__)
        await person.press("escape")
        assert seen == ["RisksPage", "BarPage", "GuidePage"]
        assert isinstance(person.wizard.screen, StagePage)
        assert len(person.wizard.screen_stack) == 2, "the floor, and the stage"


Draw = Callable[[int], str]


@pytest.mark.parametrize("width", [20, 38, 60, 92])
async def test_a_detail_never_overflows_its_width(checked: Path, width: int) -> None:
    async with at(checked) as person:
        drawn = painted(person.wizard.detail("tls.certificate"), width, lambda text: text)
        assert max(len(line) for line in drawn.plain.splitlines()) <= width
