"""One registry feeds keys, footer, palette, help and the docs; here it is held to it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from textual.binding import Binding

from launchready_screens import actions, keydocs
from launchready_screens.keymap import bindings

DOCS = Path(__file__).parents[2] / "docs" / "keys.md"
PAGES = {
    actions.HOME: "home:HomePage",
    actions.STAGE: "stage:StagePage",
    actions.ITEM: "item:ItemPage",
    actions.RISKS: "risks:RisksPage",
    actions.BAR: "bar:BarPage",
    actions.GUIDE: "guide:GuidePage",
    actions.HELP: "help:HelpPage",
    actions.LIST: "widgets.items:ItemList",
    actions.DIALOG: "form:Form",
    actions.PROBES: "probes:ProbesDialog",
    actions.SECRETS: "secret_list:SecretsDialog",
    actions.ENV: "env_map:EnvMapDialog",
    actions.WATCHES: "watch_form:WatchDialog",
    actions.APP: "app:Wizard",
}
AVOIDED = {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+j", "ctrl+h", "ctrl+space"}
"""Prefixes of tmux, other multiplexers and shells."""


@pytest.mark.parametrize("place", actions.PLACES)
def test_no_key_means_two_things_in_one_place(place: str) -> None:
    keys = Counter(key for action in actions.at(place) for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_action_is_listed_twice() -> None:
    assert len({action.id for action in actions.ACTIONS}) == len(actions.ACTIONS)


@pytest.mark.parametrize(("place", "name"), PAGES.items())
def test_every_action_of_a_place_can_be_done_there(place: str, name: str) -> None:
    module, _, kind = name.partition(":")
    page = getattr(import_module(f"launchready_screens.{module}"), kind)
    missing = [a.id for a in actions.at(place) if not hasattr(page, actions.method(a))]
    assert missing == []


def test_every_binding_has_an_id_of_its_own() -> None:
    made = [bound for place in actions.PLACES for bound in bindings(place)]
    ids = [bound.id for bound in made if isinstance(bound, Binding)]
    assert len(ids) == len(made)
    assert len(set(ids)) == len(ids)


def test_no_key_fights_with_a_multiplexer() -> None:
    assert not AVOIDED & {key for action in actions.ACTIONS for key in action.keys}


def test_every_action_says_what_it_does_in_a_sentence() -> None:
    assert [a.id for a in actions.ACTIONS if not (a.label and a.help.endswith("."))] == []


def test_docs_keys_md_is_fresh() -> None:
    assert DOCS.read_text(encoding="utf-8") == keydocs.page(), (
        "run: python -m launchready_screens.keydocs --write docs/keys.md"
    )


def test_the_registry_needs_no_textual() -> None:
    code = "import launchready_screens.keydocs, sys; sys.exit('textual' in sys.modules)"
    environment = {"PYTHONPATH": ":".join(p for p in sys.path if p), "PATH": ""}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )
