"""A person allows active probes and gives secrets: told first, one run, nothing readable after."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import OptionList

from launchready_screens.app import Wizard
from launchready_screens.probes import ProbesDialog
from launchready_screens.widgets.items import ItemList
from launchready_tui.catalogue import load
from launchready_tui.model import ActiveProbe, Level
from launchready_tui.network import Options
from screen_sprints import WHO, outcomes_of, sprint, wizard

PROBE = load().active[0]
ITEM = PROBE.items[0]
STAGE = next(str(item.stage) for item in load().items if item.id == ITEM)
SECRET = "sid=open" + "sesame-4711"


class Person:
    def __init__(self, wizard: Wizard, pilot: Pilot[None]) -> None:
        self.wizard = wizard
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def sees(self, *patterns: str) -> str:
        for _ in range(600):
            screen = self.screen
            if all(re.search(pattern, screen, re.S) for pattern in patterns):
                return screen
            await self.pilot.pause(0.05)
        raise AssertionError(f"{patterns} not on the screen:\n{self.screen}")

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(600):
            if holds():
                return
            await self.pilot.pause(0.05)
        raise AssertionError(self.screen)

    @property
    def screen(self) -> str:
        strips = self.wizard.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    async def goes_to(self, item: str) -> None:
        await self.press(STAGE)
        self.wizard.screen.query_one(ItemList).go_to(item)
        await self.pilot.pause()


@asynccontextmanager
async def at(folder: Path, size: tuple[int, int] = (100, 40)) -> AsyncIterator[Person]:
    app = Wizard(folder, options=Options(resolver="127.0.0.1:9"))
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield Person(app, pilot)
    app.close()


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    return sprint(tmp_path / "acme", outcomes_of())


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (40, 12)], ids=str)
async def test_a_plan_says_what_is_sent_and_escape_sends_nothing(
    checked: Path, size: tuple[int, int]
) -> None:
    async with at(checked, size) as person:
        await person.goes_to(ITEM)
        await person.press("t")
        await person.sees("Send more than a visitor would")
        if size[0] >= 80:
            await person.sees("Sends", "At most", "esc")
        await person.press("escape")
        live = person.wizard.live
        assert live
        assert not live.running
        assert [str(consent.level) for consent in live.session.store.consents()] == ["passive"]


async def test_a_yes_raises_the_consent_by_name_and_runs_the_items(checked: Path) -> None:
    async with at(checked) as person:
        await person.goes_to(ITEM)
        await person.press("t")
        await person.sees(f"raise it to.*{PROBE.level}", WHO)
        await person.press("f2")
        await person.sees("Sending what you allowed")
        live = person.wizard.live
        assert live
        await person.until(lambda: live.number == 1)
        consent = live.session.store.consents()[-1]
        assert (consent.level, consent.by) == (PROBE.level, WHO)
        told = [entry.action for entry in live.session.store.journal()]
        assert f"active probes allowed for one run: {PROBE.id}" in told
        await person.press("c")
        await person.until(lambda: not live.running)
        assert live.probing == ()


async def test_an_item_without_probes_says_that_a_look_is_all(checked: Path) -> None:
    async with at(checked) as person:
        await person.goes_to(ITEM)
        rows = person.wizard.screen.query_one(ItemList)
        probed = {id for probe in load().active for id in probe.items}
        rows.go_to(next(row.id for row in rows.rows if row.id not in probed))
        await person.press("t")
        await person.sees("a visitor's look")


def several(person: Person) -> None:
    """Three probes for one item, one of them with a secret and one that puts load on the app."""
    live = person.wizard.live
    assert live
    more = (
        replace(PROBE, id="knock-twice", title="Knock twice", keys=("test-session",)),
        replace(PROBE, id="crowd", title="Come with a crowd", level=Level.LOAD),
    )
    live.session.catalogue = replace(live.session.catalogue, active=(PROBE, *more))


async def test_one_key_chooses_all_of_them_and_none_again(checked: Path) -> None:
    async with at(checked) as person:
        several(person)
        await person.goes_to(ITEM)
        await person.press("t")
        await person.sees("3 probes", "f3")
        await person.press("f3")
        await person.sees("3 of 3 chosen")
        await person.press("f3")
        await person.until(lambda: "chosen" not in person.screen)
        await person.press("f2")
        await person.sees("Choose .allow for this run. for one of them")


async def test_of_several_only_what_was_chosen_is_allowed(checked: Path) -> None:
    async with at(checked) as person:
        several(person)
        await person.goes_to(ITEM)
        await person.press("t")
        await person.sees("3 probes", "Knock twice")
        await person.press("f2")
        await person.sees("Choose “allow for this run” for one of them")
        person.wizard.screen.query_one("#field-allow-crowd").focus()
        await person.press("a")
        await person.sees("put load on the app")
        person.wizard.screen.query_one("#field-allow-crowd").focus()
        await person.press("l")
        person.wizard.screen.query_one("#field-allow-knock-twice").focus()
        await person.press("a", "f2")
        await person.sees("Sending what you allowed: knock-twice")
        live = person.wizard.live
        assert live
        assert live.session.scope.level is Level.ACTIVE
        live.cancel()


async def test_a_missing_secret_is_given_from_the_plan(checked: Path) -> None:
    async with at(checked) as person:
        several(person)
        await person.goes_to(ITEM)
        await person.press("t")
        await person.sees("missing: what needs it")
        await person.press("f4")
        await person.sees("Give a secret", "Session of a test user", "in memory")
        await typed(person, SECRET)
        screen = person.screen
        assert SECRET not in screen
        await person.press("f2")
        await person.sees("✓ there")
        live = person.wizard.live
        assert live
        held = live.session.keychain.get("test-session")
        assert held is not None
        assert held.reveal() == SECRET
    assert_nowhere(checked)


async def typed(person: Person, text: str) -> None:
    names = {"=": "equals_sign", "-": "minus"}
    await person.press(*(names.get(letter, letter) for letter in text))


def assert_nowhere(folder: Path) -> None:
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert kept
    assert all(SECRET.encode() not in path.read_bytes() for path in kept)


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (40, 12)], ids=str)
async def test_secrets_are_listed_given_and_taken_away(
    checked: Path, size: tuple[int, int]
) -> None:
    async with at(checked, size) as person:
        await person.press("s")
        await person.sees("missing")
        live = person.wizard.live
        assert live
        await person.press("down", "enter")
        await person.sees("Give a secret")
        await person.press("f2")
        await person.sees("Nothing is typed")
        await typed(person, "anna")
        await person.press("tab")
        await typed(person, SECRET)
        await person.press("f2")
        await person.until(lambda: "test-login" in live.session.keychain.names())
        held = live.session.keychain.get("test-login")
        assert held is not None
        assert held.reveal() == f"anna\n{SECRET}"
        await person.until(lambda: bool(person.wizard.screen.query("#parts")))
        rows = person.wizard.screen.query_one("#parts", OptionList)
        await person.until(lambda: rows.highlighted == 1)
        await person.press("delete")
        await person.until(lambda: live.session.keychain.names() == ())
    assert_nowhere(checked)


async def test_a_dialog_is_redrawn_for_the_room_there_is(checked: Path) -> None:
    async with at(checked, (160, 48)) as person:
        several(person)
        await person.goes_to(ITEM)
        await person.press("t")
        await person.pilot.resize_terminal(44, 20)
        await person.sees("Send more")
        assert isinstance(person.wizard.screen, ProbesDialog)


def test_a_secret_typed_on_a_terminal_never_reaches_it(checked: Path) -> None:
    with wizard(checked, size=(100, 36)) as terminal:
        terminal.until("NO-GO")
        terminal.quiet()
        terminal.press("s")
        terminal.until("missing")
        terminal.press("enter")
        terminal.until("in memory until you leave")
        terminal.quiet()
        before = len(terminal.raw)
        terminal.paste(SECRET)
        terminal.until("•{8}")
        terminal.press("f2")
        terminal.until("✓ there")
        assert SECRET.encode() not in terminal.raw[before:]
        terminal.press("esc", "q")
        assert terminal.ended() == 0
    assert_nowhere(checked)


def test_the_plan_of_every_probe_is_whole() -> None:
    """What a person is told has words for what is sent, where and how much."""
    from launchready_tui.authority import plan_of

    for probe in load().active:
        assert isinstance(probe, ActiveProbe)
        labels = [label for label, _ in plan_of(probe)]
        assert labels[:4] == ["Why", "Sends", "Where", "At most"]
