"""docs/checks/ from the catalogue: what is checked is written once, in checklists/.

`pages` is a pure function from a catalogue to Markdown. A page that is edited by hand, or left
behind by a checklist, is stale: `--check` says which, and so does a test.

    python -m launchready_tui.checkdocs --write docs/checks
    python -m launchready_tui.checkdocs --check docs/checks
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from launchready_tui.badfile import BadFile
from launchready_tui.catalogue import Catalogue, load
from launchready_tui.model import Exposure, Fault, Item, Kind, Stage
from launchready_tui.roadmap import ROADMAP

MADE = "<!-- Made from checklists/ by launchready_tui.checkdocs: edit those, not this page. -->"
ROADMAP_PAGE = "../roadmap.md"
_KINDS = {
    Kind.PROBE: "a machine decides",
    Kind.ASSISTED: "a machine proposes, a person confirms",
    Kind.ATTEST: "a person answers, with evidence",
    Kind.DELIVERABLE: "a deliverable, signed by a person",
    Kind.SIGNAL: "a failure signal",
}
_EXPOSED = {
    Exposure.ANONYMOUS: "reachable by anyone",
    Exposure.SIGNED_IN: "reachable by signed-in users",
    Exposure.INSIDER: "reachable from inside",
}


def pages(catalogue: Catalogue) -> dict[str, str]:
    """All pages by their path relative to docs/checks/."""
    made = {
        "README.md": _index(catalogue),
        "minimum-bar.md": _minimum_bar(catalogue),
        "automations.md": _automations(catalogue),
        "not-now.md": _not_now(catalogue),
        ROADMAP_PAGE: _roadmap(catalogue),
    }
    made |= {_page(stage): _stage(catalogue, stage) for stage in catalogue.stages}
    return {path: f"{MADE}\n\n{_joined(parts)}" for path, parts in made.items()}


def stale(catalogue: Catalogue, folder: Path) -> list[str]:
    """The pages that differ from the catalogue, are missing, or have no source any more."""
    made = pages(catalogue)
    wrong = [path for path, text in made.items() if _content(folder / path) != text]
    left = [path.name for path in folder.glob("*.md") if path.name not in made]
    return sorted([*wrong, *left])


def write(catalogue: Catalogue, folder: Path) -> list[str]:
    """Bring the folder up to date and say what changed."""
    made = pages(catalogue)
    changed = stale(catalogue, folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path in changed:
        if path in made:
            (folder / path).write_text(made[path], encoding="utf-8")
        else:
            (folder / path).unlink()
    return changed


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in ("--write", "--check"):
        sys.stderr.write("usage: python -m launchready_tui.checkdocs --write|--check docs/checks\n")
        return 2
    folder = Path(arguments[1])
    try:
        catalogue = load()
    except BadFile as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if arguments[0] == "--write":
        changed = write(catalogue, folder)
        sys.stdout.write("".join(f"written: {path}\n" for path in changed))
        return 0
    wrong = stale(catalogue, folder)
    sys.stdout.write("".join(f"stale: {path}\n" for path in wrong))
    return 1 if wrong else 0


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


# ---------------------------------------------------------------- the pages


Blocks = list[str]
"""Paragraphs, lists, tables and headings; a blank line stands between two."""


def _index(catalogue: Catalogue) -> Blocks:
    stages = [
        (
            f"[{stage.number}. {_text(stage.title)}]({_page(stage)})",
            f"{stage.hours} h",
            str(len(catalogue.of_stage(stage.number))),
            _text(stage.goal),
        )
        for stage in catalogue.stages
    ]
    return [
        "# What is checked",
        f"{len(catalogue.items)} items in {len(catalogue.stages)} stages. Every word here comes"
        " from `checklists/`, which people edit without touching code.",
        _table(("stage", "time", "items", "what it reaches"), stages),
        _list(
            [
                "[The minimum bar](minimum-bar.md): what must hold before it may be called ready",
                "[Automations](automations.md): what is worth automating, and what comes first",
                "[Not now](not-now.md): what a sprint leaves alone, and when to come back to it",
                f"[The roadmap]({ROADMAP_PAGE}): every id and the items that cover it",
            ]
        ),
        "## How an item is decided",
        _table(
            ("kind", "means", "items"),
            [
                (kind.value, words, str(sum(item.kind is kind for item in catalogue.items)))
                for kind, words in _KINDS.items()
            ],
        ),
        "## Writing an entry",
        "A stage is one TOML file: `[stage]`, then an `[[item]]` for each line of its checklist,"
        " with `[[item.fault]]` below it for what a machine can find wrong. Wrapped text is joined"
        " to one line; a line that starts with `1. ` stays a line of its own, so that questions"
        " read as scripts. Long text stands in `'''…'''`, which is also the quickest to read.",
        "`applies` names a trait of the product, and the item is left out where `launchready.toml`"
        f" denies it: {', '.join(f'`{trait}`' for trait in catalogue.traits)}.",
        "Loading refuses what it does not know, and says the file, the line, the item and what was"
        " probably meant. A question always comes with the evidence its answer rests on; nobody is"
        " asked for a bare yes.",
    ]


def _stage(catalogue: Catalogue, stage: Stage) -> Blocks:
    items = catalogue.of_stage(stage.number)
    blocks = [
        f"# {stage.number}. {_text(stage.title)}",
        _text(stage.goal),
        f"{stage.hours} hours · {len(items)} items · deliverable:"
        f" {_link(catalogue, stage.deliverable)} · failure signals:"
        f" {', '.join(_link(catalogue, id) for id in stage.signals)}",
        _table(
            ("item", "kind", "severity", "roadmap"),
            [
                (
                    f"[{_text(item.title)}](#{_anchor(item.id)})",
                    item.kind.value,
                    item.severity.value,
                    _origin(item),
                )
                for item in items
            ],
        ),
    ]
    for item in items:
        blocks += _item(catalogue, item)
    return blocks


def _item(catalogue: Catalogue, item: Item) -> Blocks:
    facts = [
        _KINDS[item.kind],
        f"{item.severity.value}, {item.impact.value}",
        f"who: {_text(item.who)}",
        f"effort: {item.effort.value}",
        f"asked again after {item.stale_after} days",
        f"roadmap: {_origin(item)}",
    ]
    if item.applies:
        facts.append(f"only where `{item.applies}` is not false")
    blocks = [
        f"## {item.id}",
        f"**{_text(item.title)}** · otherwise: {_text(item.fail)}",
        " · ".join(facts),
        _text(item.why),
    ]
    if item.computed_from:
        sources = ", ".join(_link(catalogue, id) for id in item.computed_from)
        blocks.append(f"Computed: it trips when one of these fails: {sources}.")
    if item.artefact:
        blocks.append(f"What it consists of: {_text(item.artefact)}")
    if item.question:
        blocks += ["### What to do", _script(item.question), f"Evidence: {_text(item.evidence)}"]
    blocks += ["### Fix", _numbered(item.fix), *_references(item.references)]
    for fault in item.faults:
        blocks += _fault(fault)
    return blocks


def _fault(fault: Fault) -> Blocks:
    blocks = [
        f"### `{fault.code}`",
        f"**{_text(fault.title)}** · {fault.severity.value}, {fault.impact.value},"
        f" {_EXPOSED[fault.exposure]}"
        + ("" if fault.waivable else " · cannot be accepted")
        + (" · a question, settled by an answer" if fault.asks else ""),
        _text(fault.why),
        _numbered(fault.fix),
    ]
    for host, steps in fault.fix_at.items():
        blocks += [f"At `{host}`:", _numbered(steps)]
    return [*blocks, *_references(fault.references)]


def _minimum_bar(catalogue: Catalogue) -> Blocks:
    blocks = [
        "# The minimum bar",
        "A product that misses one clause is not production-ready. A clause breaks as soon as one"
        " of its items fails at medium or worse; an item nobody has answered leaves it open.",
    ]
    for bar in catalogue.bars:
        blocks += [
            f"## {bar.id}: {_text(bar.title)}",
            _text(bar.why),
            _list(_named(catalogue, catalogue.of_bar(bar.id))),
        ]
    return blocks


def _automations(catalogue: Catalogue) -> Blocks:
    first = " and ".join(entry.id for entry in catalogue.automations if entry.first)
    blocks = [
        "# Automations",
        f"What keeps the answers true after the sprint. With a budget for one thing only: {first}.",
    ]
    for entry in catalogue.automations:
        blocks += [
            f"## {entry.id}: {_text(entry.title)}",
            ("**First.** " if entry.first else "") + _text(entry.why),
            _numbered(entry.how),
            "Keeps true: " + ", ".join(_link(catalogue, id) for id in entry.items),
        ]
    return blocks


def _not_now(catalogue: Catalogue) -> Blocks:
    blocks = ["# Not now", "What a sprint of 48 hours leaves alone, and what it does instead."]
    for rule in catalogue.not_now:
        blocks += [
            f"## {rule.id}: {_text(rule.title)}"
            if rule.id.isalnum()
            else f"## {_text(rule.title)}",
            _text(rule.why),
            _list(
                [
                    f"Said when {_text(rule.said_when)}",
                    f"Instead: {_text(rule.instead)}",
                    f"Come back to it when: {_text(rule.revisit_when)}",
                ]
            ),
        ]
    return blocks


def _roadmap(catalogue: Catalogue) -> Blocks:
    """Every id with what it stands for and where it is kept, in the order of the roadmap."""
    blocks = [
        "# Roadmap",
        "What a sprint must cover has an id, and each id is reachable in the product. S*n*.1 to"
        " S*n*.5 are the checks of a stage, D its deliverable, F its failure signals; B is the"
        " minimum bar, A what is automated, N what is left alone.",
        "## Minimum bar",
        _table(
            ("id", "must hold", "items"),
            [
                (bar.id, _text(bar.title), _links(catalogue, catalogue.of_bar(bar.id)))
                for bar in catalogue.bars
            ],
        ),
    ]
    for stage in catalogue.stages:
        ids = [id for id in ROADMAP if id.startswith(f"S{stage.number}.")]
        blocks += [
            f"## Stage {stage.number}: {_text(stage.title)}",
            _table(
                ("id", "items"),
                [(id, _links(catalogue, catalogue.covering(id))) for id in ids],
            ),
        ]
    blocks += [
        "## Automations",
        _table(
            ("id", "what", "items"),
            [
                (entry.id, _text(entry.title), _links(catalogue, catalogue.covering(entry.id)))
                for entry in catalogue.automations
            ],
        ),
        "## Left alone",
        _table(
            ("id", "what"),
            [(rule.id, f"[{_text(rule.title)}](checks/not-now.md)") for rule in catalogue.not_now],
        ),
        "## From experts, beyond the roadmap",
        _list(_named(catalogue, [i for i in catalogue.items if i.origin == "expert"], "checks/")),
    ]
    return blocks


# ---------------------------------------------------------------- Markdown


_ESCAPED = re.compile(r"([\\`*_\[\]<>|])")
_CODE = re.compile(r"(`[^`]+`)")


def _text(words: str) -> str:
    """Prose as Markdown: what looks like markup is escaped, `code` stays code."""
    return "".join(
        part.replace("|", "\\|") if index % 2 else _ESCAPED.sub(r"\\\1", part)
        for index, part in enumerate(_CODE.split(words))
    )


def _script(question: str) -> str:
    return "\n".join(_text(line) for line in question.splitlines())


def _numbered(steps: Iterable[str]) -> str:
    return "\n".join(f"{number}. {_text(step)}" for number, step in enumerate(steps, start=1))


def _list(entries: Iterable[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _references(references: Sequence[str]) -> Blocks:
    return ["References: " + ", ".join(f"<{reference}>" for reference in references)] * bool(
        references
    )


def _joined(blocks: Blocks) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _page(stage: Stage) -> str:
    return f"{stage.number}-{stage.id}.md"


def _anchor(id: str) -> str:
    """The anchor code hosts give to a heading: dots go."""
    return id.replace(".", "")


def _origin(item: Item) -> str:
    ids = ", ".join(item.roadmap)
    return ids if item.origin == "roadmap" else f"{ids} (experts)" if ids else "experts"


def _link(catalogue: Catalogue, id: str, below: str = "") -> str:
    stages = {stage.number: stage for stage in catalogue.stages}
    return f"[{id}]({below}{_page(stages[catalogue.item(id).stage])}#{_anchor(id)})"


def _links(catalogue: Catalogue, items: Iterable[Item]) -> str:
    return ", ".join(_link(catalogue, item.id, "checks/") for item in items)


def _named(catalogue: Catalogue, items: Iterable[Item], below: str = "") -> list[str]:
    return [f"{_link(catalogue, item.id, below)}: {_text(item.title)}" for item in items]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
