"""docs/keys.md, from the registry: `python -m launchready_screens.keydocs --write docs/keys.md`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from launchready_screens.actions import ACTIONS, APP, PAGES, PLACES, SPRINT, Action, at

_INTRO = """# Keys of the wizard

Made from the registry of actions by
`python -m launchready_screens.keydocs --write docs/keys.md`; do not edit.
Everything works by keyboard alone. Arrows, `page up`, `page down`, `home` and `end` move in every
list; `tab` goes from field to field.
"""


def page() -> str:
    """The whole page: what works on every page first, then what is special to one."""
    always = [a for a in ACTIONS if APP in a.where or set(PAGES) <= set(a.where)]
    sprint = [a for a in ACTIONS if set(SPRINT) <= set(a.where) and a not in always]
    parts = [_INTRO, _section(PLACES[APP], always), _section("On every page of a sprint", sprint)]
    for place, title in PLACES.items():
        own = [a for a in at(place) if a not in always and a not in sprint]
        if own:
            parts.append(_section(title, own))
    return "".join(parts)


def _section(title: str, actions: list[Action]) -> str:
    return f"\n## {title}\n\n| key | does |\n| --- | --- |\n{_rows(actions)}"


def _rows(actions: list[Action]) -> str:
    stages = [action for action in actions if action.id.startswith("stage(")]
    rows: list[str] = []
    for action in actions:
        if action not in stages:
            rows.append(f"| `{_key(action)}` | {action.help} |\n")
        elif action is stages[0]:
            rows.append(f"| `{action.key}` … `{stages[-1].key}` | Go to that stage. |\n")
    return "".join(rows)


def _key(action: Action) -> str:
    shown = action.keys[0] if action.shown.startswith("^") else action.key
    names = [shown, *action.keys[1:]]
    return "` or `".join(_written(name) for name in names)


def _written(name: str) -> str:
    """As it stands on a keyboard: a capital letter is shift and the letter."""
    return f"shift+{name.lower()}" if len(name) == 1 and name.isupper() else name


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2 or arguments[0] != "--write":
        sys.stderr.write("usage: python -m launchready_screens.keydocs --write docs/keys.md\n")
        return 2
    Path(arguments[1]).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
