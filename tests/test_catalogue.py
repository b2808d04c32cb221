"""The catalogue as it ships, and what is said of one that is wrong."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import launchready_tui.checks
from launchready_tui.badfile import BadFile
from launchready_tui.catalogue import Catalogue, UnknownFault, UnknownItem, data_folder, load
from launchready_tui.engine import CHECKS
from launchready_tui.model import Item, Kind, Severity, Stage

assert launchready_tui.checks  # importing it registers every check

CATALOGUE = load()
ASKED = [item for item in CATALOGUE.items if item.question]

ROADMAP_IDS = [
    *(f"B{n}" for n in range(1, 12)),
    *(f"S{s}.{n}" for s in range(1, 8) for n in range(1, 6)),
    *(f"S{s}.D" for s in range(1, 8)),
    *(f"S{s}.F{n}" for s in range(1, 8) for n in range(1, 4)),
    *(f"A{n}" for n in range(1, 9)),
    *(f"N{n}" for n in range(1, 7)),
]


def by_id(item: Item) -> str:
    return item.id


# ---------------------------------------------------------------- what ships


def test_every_roadmap_id_is_covered() -> None:
    covered = {id for item in CATALOGUE.items for id in item.roadmap}
    covered |= {rule.id for rule in CATALOGUE.not_now}
    assert [id for id in ROADMAP_IDS if id not in covered] == []
    assert [bar.id for bar in CATALOGUE.bars] == [f"B{n}" for n in range(1, 12)]
    assert [entry.id for entry in CATALOGUE.automations] == [f"A{n}" for n in range(1, 9)]


def test_there_are_seven_stages_of_48_hours_and_about_80_items() -> None:
    assert [stage.number for stage in CATALOGUE.stages] == [1, 2, 3, 4, 5, 6, 7]
    assert [stage.hours for stage in CATALOGUE.stages] == [4, 8, 10, 8, 6, 6, 6]
    assert 75 <= len(CATALOGUE.items) <= 115


@pytest.mark.parametrize("stage", CATALOGUE.stages, ids=lambda stage: stage.id)
def test_each_stage_has_its_deliverable_and_its_failure_signals(stage: Stage) -> None:
    assert f"S{stage.number}.D" in CATALOGUE.item(stage.deliverable).roadmap
    signalled = {id for signal in stage.signals for id in CATALOGUE.item(signal).roadmap}
    assert signalled >= {f"S{stage.number}.F{n}" for n in (1, 2, 3)}


def test_each_clause_of_the_minimum_bar_is_held_by_an_item_that_can_break_it() -> None:
    for bar in CATALOGUE.bars:
        held = CATALOGUE.of_bar(bar.id)
        assert any(item.severity.damage >= Severity.MEDIUM.damage for item in held), bar.id


def test_each_automation_carries_its_items_and_two_come_first() -> None:
    for entry in CATALOGUE.automations:
        assert any(entry.id in CATALOGUE.item(id).roadmap for id in entry.items), entry.id
        assert entry.how
    assert [entry.id for entry in CATALOGUE.automations if entry.first] == ["A3", "A4"]


def test_what_not_to_build_says_when_to_say_so() -> None:
    assert [rule.id for rule in CATALOGUE.not_now] == [
        "N1",
        "N2",
        "N3",
        "N4",
        "N5",
        "N6",
        "query-tuning",
    ]
    assert all(rule.said_when and rule.instead and rule.revisit_when for rule in CATALOGUE.not_now)


def test_the_experts_extras_are_marked() -> None:
    extras = {item.id for item in CATALOGUE.items if item.origin == "expert"}
    assert extras >= {
        "recovery.restore",
        "accounts.ownership",
        "build.dependencies",
        "renewals.dates",
        "cost.alarm",
        "logs.redaction",
        "access.isolation",
        "tls.internal",
    }


def test_every_probe_has_its_check_and_every_check_its_item() -> None:
    probes = {item.id for item in CATALOGUE.items if item.kind is Kind.PROBE}
    known = {item.id for item in CATALOGUE.items}
    assert probes - CHECKS.keys() == set()
    assert CHECKS.keys() - known == set()


@pytest.mark.parametrize("item", ASKED, ids=by_id)
def test_a_question_is_a_script_and_names_its_evidence(item: Item) -> None:
    assert len(item.evidence) >= 25
    assert len(item.question) >= 60
    steps = [int(n) for n in re.findall(r"^(\d+)\. ", item.question, re.MULTILINE)]
    assert steps in ([], list(range(1, len(steps) + 1)))
    assert steps or item.stage == 1, "a question of these stages is numbered steps"
    assert not re.match(r"(is|are|do|does|have|has|can)\b[^.]*\?$", item.question.lower())


@pytest.mark.parametrize("item", CATALOGUE.items, ids=by_id)
def test_prose_keeps_its_length_and_its_tone(item: Item) -> None:
    sentences = re.findall(r"[.!?](?:\s|$)", item.why)
    assert len(sentences) <= 3
    assert item.title != item.fail
    for text in (item.title, item.fail, item.why, item.who, *item.fix):
        assert text == text.strip()
        assert "  " not in text
    assert not item.title.startswith("Ensure")
    assert not item.title.endswith(".")
    assert not item.fail.endswith(".")


@pytest.mark.parametrize("item", CATALOGUE.items, ids=by_id)
def test_kinds_bring_what_they_need(item: Item) -> None:
    if item.kind is Kind.SIGNAL:
        assert item.question or item.computed_from
        assert not any(CATALOGUE.item(id).computed_from for id in item.computed_from)
    if item.kind in (Kind.ATTEST, Kind.ASSISTED) and item.stage > 1:
        assert item.references
    if item.severity is Severity.BLOCKER:
        assert item.kind is Kind.PROBE or item.question or item.computed_from


def test_few_traits_decide_what_applies() -> None:
    assert {"has_database", "sends_email", "uses_ai"} <= set(CATALOGUE.traits)
    assert len(CATALOGUE.traits) <= 6


def test_a_title_belongs_to_one_item() -> None:
    words = Counter(text for item in CATALOGUE.items for text in (item.title, item.fail))
    assert [text for text, count in words.items() if count > 1] == []


def test_the_data_lies_beside_the_checkout_or_inside_the_package() -> None:
    assert (data_folder() / "0-minimum-bar.toml").is_file()


# ---------------------------------------------------------------- looking things up


def test_an_item_is_found_by_its_id_and_a_wrong_id_brings_a_near_one() -> None:
    assert CATALOGUE.item("mail.spf").stage == 6
    with pytest.raises(UnknownItem, match=r"no item is called 'mail.sfp'. Did you mean mail.spf\?"):
        CATALOGUE.item("mail.sfp")


def test_a_fault_is_found_with_its_item(tmp_path: Path) -> None:
    catalogue = load(small(tmp_path))
    item, fault = catalogue.fault("one-is-bad")
    assert (item.id, fault.title) == ("topic.one", "One is bad")
    with pytest.raises(
        UnknownFault, match=r"no fault is called 'one-is-sad'\. Did you mean one-is"
    ):
        catalogue.fault("one-is-sad")


def test_items_are_listed_by_stage_and_by_clause(tmp_path: Path) -> None:
    catalogue: Catalogue = load(small(tmp_path))
    assert [item.id for item in catalogue.of_stage(2)][:1] == ["topic.one"]
    assert [item.id for item in catalogue.of_bar("B1")] == ["topic.one"]
    assert [item.id for item in catalogue.covering("S2.D")] == ["topic.done"]
    assert catalogue.of_stage(3) == ()


def test_wrapped_text_is_one_line_and_numbered_steps_keep_theirs(tmp_path: Path) -> None:
    item = load(small(tmp_path)).item("topic.one")
    assert item.why == "It is wrapped over two lines."
    assert item.question == "1. Look at it\n2. Look again"


# ---------------------------------------------------------------- what is said of a wrong one

ITEM = """\
[[item]]
id = "topic.one"
kind = "attest"
roadmap = ["S2.1", "B1"]
title = "One is good"
fail = "One is not good"
why = '''It is wrapped
  over two lines.'''
severity = "high"
impact = "downtime"
who = "you"
fix = ["Mend it"]
references = ["https://example.org/"]
question = '''
  1. Look at it
  2. Look again'''
evidence = "What you saw"

[[item.fault]]
code = "one-is-bad"
title = "One is bad"
severity = "high"
impact = "downtime"
why = "It hurts."
fix = ["Mend it"]

"""
DONE = (
    ITEM.partition("[[item.fault]]")[0]
    .replace("topic.one", "topic.done")
    .replace('"attest"', '"deliverable"')
    .replace('"S2.1", "B1"', '"S2.D"')
    .replace("One", "Done")
    + 'artefact = "a paper"\n\n'
)
SIGNAL = (
    ITEM.partition("references")[0]
    .replace("topic.one", "topic.sign")
    .replace('"attest"', '"signal"')
    .replace('"S2.1", "B1"', '"S2.F1"')
    .replace("One", "Sign")
    + 'computed_from = ["topic.one"]\n\n'
)
HEAD = """\
schema = 1

[stage]
number = 2
id = "config"
title = "Config"
short = "Config"
goal = "Good"
hours = 8
deliverable = "topic.done"
signals = ["topic.sign"]

"""
STAGE = "2-config.toml"


def small(folder: Path, change: Callable[[str], str] = str, file: str = STAGE) -> Path:
    """A catalogue of one stage with three items, with one of its files changed."""
    contents = {
        STAGE: HEAD + ITEM + DONE + SIGNAL,
        "0-minimum-bar.toml": 'schema = 1\n\n[[bar]]\nid = "B1"\ntitle = "t"\nwhy = "w"\n',
        "automations.toml": (
            'schema = 1\n\n[[automation]]\nid = "A1"\ntitle = "t"\nwhy = "w"\n'
            'how = ["h"]\nitems = ["topic.one"]\n'
        ),
        "not-now.toml": (
            'schema = 1\n\n[[not_now]]\nid = "N1"\ntitle = "t"\nwhy = "w"\n'
            'instead = "i"\nrevisit_when = "r"\nsaid_when = "s"\n'
        ),
        "active.toml": (
            'schema = 1\n\n[[probe]]\nid = "knock"\ntitle = "t"\nwhy = "w"\nsends = "s"\n'
            'where = "there"\nmost = 3\nseconds = 9\nitems = ["topic.one"]\n'
        ),
        "keys.toml": (
            'schema = 1\n\n[[key]]\nid = "a-token"\ntitle = "t"\nwhat = "w"\nhow = "h"\n'
            'fields = ["Token"]\n'
        ),
    }
    for name, text in contents.items():
        (folder / name).write_text(change(text) if name == file else text)
    return folder


def line_of(folder: Path, file: str, text: str) -> int:
    lines = (folder / file).read_text().splitlines()
    return next(n for n, line in enumerate(lines, start=1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "key", "says", "at"),
    [
        ('title = "One', 'titel = "One', "item[topic.one].titel", "Did you mean title?", "titel"),
        ("why = '''It", "wyh = '''It", "item[topic.one].wyh", "Did you mean why?", "wyh"),
        (
            'severity = "high"',
            'severity = "hihg"',
            "item[topic.one].severity",
            "mean high?",
            "hihg",
        ),
        ('kind = "attest"', 'kind = "atest"', "item[topic.one].kind", "mean attest?", "atest"),
        ('who = "you"', "who = 3", "item[topic.one].who", "expected text, found a", "who = 3"),
        ('fix = ["Mend it"]', 'fix = "Mend"', "item[topic.one].fix", "expected a list", '"Mend"'),
        ('fix = ["Mend it"]', "fix = []", "item[topic.one].fix", "at least one step", "fix = []"),
        ('title = "One is good"\n', "", "item[topic.one]", "title is missing", "[[item]]"),
        ('"topic.one"', '"One"', "item[One].id", "topic.name in lower case", '"One"'),
        ('topic.done"\nkind', 'topic.one"\nkind', "item[topic.one].id", "this id is taken", None),
        ('"S2.1", "B1"', '"S2.1", "S9.1"', "roadmap[2]", "S9.1 is no id of the roadmap", "S9.1"),
        ('["S2.1", "B1"]', "[]", "roadmap", 'or origin = "expert"', "roadmap = []"),
        ("https://example", "http://example", "references[1]", "starts https://", "http://"),
        ("One is good", "x" * 91, "title", "expected 1 to 90 characters, found 91", "xxx"),
        ("It is wrapped", "x" * 400, "why", "expected 1 to 400 characters, found", "xxx"),
        ('who = "you"', 'who = ""', "who", "expected 1 to 90 characters, found 0", 'who = ""'),
        ('who = "you"', 'who = "you"\nstale_after = 0', "stale_after", "1 or more", "stale_after"),
        ('who = "you"', 'who = "you"\nstage = 2', "stage", "the file is the stage", "stage = 2"),
        (
            "question = '''\n  1.",
            "artefact = '''\n  1.",
            "question",
            "asks a person something",
            "[[item]]",
        ),
        ('evidence = "What you saw"\n', "", "evidence", "come together", "[[item]]"),
        ('"one-is-bad"', '"One"', "fault[One].code", "words-with-hyphens", '"One"'),
        ("One is bad", "x" * 91, "fault[one-is-bad].title", "1 to 90 characters", "xxx"),
        ('why = "It hurts."', 'why = ""', "fault[one-is-bad].why", "1 to 400", 'why = ""'),
        ('artefact = "a paper"', "", "artefact", "names what it consists of", None),
        ('["topic.one"]', '["topic.oen"]', "computed_from[1]", "mean topic.one?", "topic.oen"),
        ('["topic.one"]', '["topic.sign"]', "computed_from[1]", "not the id of another", None),
        (
            'computed_from = ["topic.one"]',
            'computed_from = ["topic.one"]\ntripped_by = ["one-is-worse"]',
            "tripped_by[1]",
            "no fault of the items it is computed from",
            "one-is-worse",
        ),
        ("number = 2", "number = 3", "stage.number", "expected 2, the number in the", "number = 3"),
        ("hours = 8", "hours = 80", "stage.hours", "between 1 and 48", "hours = 80"),
        ("hours = 8", 'hours = "8"', "stage.hours", "a whole number, found text", 'hours = "8"'),
        ('= "topic.done"\ns', '= "topic.dne"\ns', "deliverable", "mean topic.done?", "topic.dne"),
        ('= ["topic.sign"]', '= ["topic.sing"]', "signals[1]", "mean topic.sign?", "topic.sing"),
        (
            'signals = ["topic.sign"]',
            "signals = []",
            "item[topic.sign].kind",
            "does not name",
            None,
        ),
        ("schema = 1", "schema = 2", "schema", "expected one of 1, found 2", "schema = 2"),
        ("[stage]", "[stag]", "", "not known here", "[stag]"),
    ],
)
def test_a_wrong_stage_file_is_told_where_and_what(
    tmp_path: Path, old: str, new: str, key: str, says: str, at: str | None
) -> None:
    folder = small(tmp_path, lambda text: text.replace(old, new, 1))
    with pytest.raises(BadFile) as caught:
        load(folder)
    error = caught.value
    assert error.file.name == STAGE
    assert key in error.key
    assert says in str(error)
    if at is not None:
        assert error.line == line_of(folder, STAGE, at)


def test_a_fault_code_twice_names_both_places(tmp_path: Path) -> None:
    again = ITEM.partition("[[item.fault]]")[2]
    folder = small(tmp_path, lambda text: text.replace(DONE, f"[[item.fault]]{again}{DONE}"))
    with pytest.raises(BadFile, match=r"taken by topic\.one in 2-config\.toml") as caught:
        load(folder)
    assert caught.value.line == 40


def test_a_question_may_not_be_missing(tmp_path: Path) -> None:
    def silent(text: str) -> str:
        return re.sub(r"question = '''.*?'''\nevidence = .*?\n", "", text, count=1, flags=re.DOTALL)

    with pytest.raises(BadFile, match="an item of kind attest asks a person something"):
        load(small(tmp_path, silent))


def test_a_fault_that_asks_stands_under_an_item_that_asks(tmp_path: Path) -> None:
    asks = 'why = "It hurts."\nasks = true'

    def silent(text: str) -> str:
        text = text.replace('kind = "attest"', 'kind = "probe"', 1)
        text = re.sub(r"question = '''.*?'''\nevidence = .*?\n", "", text, count=1, flags=re.DOTALL)
        return text.replace('why = "It hurts."', asks)

    with pytest.raises(BadFile, match=r"fault\[one-is-bad\]\.asks: only an item with a question"):
        load(small(tmp_path, silent))
    folder = small(tmp_path, lambda text: text.replace('why = "It hurts."', asks))
    assert load(folder).fault("one-is-bad")[1].asks


def test_an_asked_signal_may_not_be_silent(tmp_path: Path) -> None:
    folder = small(tmp_path, lambda text: text.replace('computed_from = ["topic.one"]\n', ""))
    with pytest.raises(BadFile, match=r"item\[topic\.sign\]\.question: an item of kind"):
        load(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("0-minimum-bar.toml", '"B1"', '"B12"', "line 4, bar[B12].id: expected one of B1 to B11"),
        ("0-minimum-bar.toml", "why =", "way =", "line 6, bar[B1].way: this key is not known here"),
        ("automations.toml", "topic.one", "topic.on", "no item is called topic.on. Did you mean"),
        ("automations.toml", '"A1"', '"A9"', "expected one of A1 to A8, found A9"),
        ("not-now.toml", '"N1"', '"N9"', "expected one of N1 to N6, found N9"),
        ("not-now.toml", "[[not_now]]", "[not_now]", "expected a list, found a table"),
        ("active.toml", "most = 3", "most = 0", "expected a limit of 1 or more"),
        ("active.toml", '"there"', '""', "expected words for the person who allows it"),
        ("keys.toml", '["Token"]', "[]", "expected words for the person who gives it"),
        ("keys.toml", '"a-token"', '"A token"', "expected words-with-hyphens"),
        ("active.toml", "topic.one", "topic.on", "no item is called topic.on. Did you mean"),
    ],
)
def test_the_other_files_are_as_strict(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    folder = small(tmp_path, lambda text: text.replace(old, new, 1), file)
    with pytest.raises(BadFile) as caught:
        load(folder)
    assert caught.value.file.name == file
    assert says in str(caught.value)


def test_an_id_twice_in_a_list_of_rules_is_refused(tmp_path: Path) -> None:
    folder = small(tmp_path, lambda text: text + text.partition("\n\n")[2], "not-now.toml")
    with pytest.raises(BadFile, match="N1 is here twice"):
        load(folder)


def test_broken_toml_names_its_line(tmp_path: Path) -> None:
    folder = small(tmp_path, lambda text: text.replace("hours = 8", "hours = "))
    with pytest.raises(BadFile, match=r"2-config\.toml, line 9, hours: this is not valid TOML"):
        load(folder)


def test_a_folder_without_checklists_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="expected a checklist of a stage"):
        load(tmp_path)
    with pytest.raises(BadFile, match="expected the folder of the checklists"):
        load(tmp_path / "nowhere")
    shutil.copy(data_folder() / "6-email.toml", tmp_path)
    with pytest.raises(BadFile, match=r"0-minimum-bar\.toml: there is no such file"):
        load(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.integers(0, 1_500), st.integers(0, 60), st.text(max_size=12) | st.sampled_from("[]='\""))
def test_a_damaged_stage_file_is_read_or_refused(
    tmp_path: Path, start: int, length: int, patch: str
) -> None:
    def damage(text: str) -> str:
        whole = text[:start] + patch + text[start + length :]
        return whole.encode("utf-8", "replace").decode()

    try:
        load(small(tmp_path, damage))
    except BadFile as error:
        assert error.file.parent == tmp_path
        assert error.line is None or error.line >= 1
