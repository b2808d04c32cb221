"""Whoever hands a bare string to a widget that parses markup has opened the door again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App
from textual.command import Provider
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Markdown, OptionList, TextArea

import launchready_screens

FOLDER = Path(launchready_screens.__file__).parent
FILES = sorted(p for p in FOLDER.rglob("*.py") if p.name != "paint.py")
PARSE_MARKUP = {
    "Static",
    "Label",
    "Button",
    "Checkbox",
    "RadioButton",
    "Option",
    "update",
    "notify",
}
UNSAFE_CALLS = {"str", "format", "join", "repr", "from_markup", "Text"}


def bare_strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """First arguments that are an f-string, a concatenation, a bare name or made by `str`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = _name(node.func)
        if name in PARSE_MARKUP and _is_bare(node.args[0]) and not _markup_is_off(node):
            yield node.lineno, ast.unparse(node)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_bare(value: ast.expr) -> bool:
    match value:
        case ast.JoinedStr() | ast.BinOp() | ast.Attribute() | ast.Subscript() | ast.IfExp():
            return True
        case ast.Name():
            return True
        case ast.Constant(value=str(text)):
            return "[" in text
        case ast.Call(func=func):
            return _name(func) in UNSAFE_CALLS
    return False


def _markup_is_off(node: ast.Call) -> bool:
    return any(
        k.arg == "markup" and isinstance(k.value, ast.Constant) and k.value.value is False
        for k in node.keywords
    )


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_no_bare_string_reaches_a_widget_that_parses_markup(path: Path) -> None:
    found = list(bare_strings(ast.parse(path.read_text(encoding="utf-8"))))
    assert not found, f"{path.name}: build it in paint.py: {found}"


@pytest.mark.parametrize(
    "code",
    [
        "Static(f'{domain}')",
        "Static('a' + b)",
        "Label(title)",
        "pane.update(str(error))",
        "self.notify(said)",
        "Option(row.title, id='x')",
        "Static('[bold]x')",
    ],
)
def test_the_lint_sees(code: str) -> None:
    assert list(bare_strings(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "Static(paint.text(domain))",
        "Static('words')",
        "self.notify(said, markup=False)",
        "Static()",
    ],
)
def test_the_lint_leaves_alone(code: str) -> None:
    assert not list(bare_strings(ast.parse(code)))


TEXTUALS = (App, Screen, OptionList, Input, TextArea, Markdown, Provider, Content)
PRIVATE = {name for kind in TEXTUALS for name in dir(kind) if name[0] == "_" and name[1] != "_"}


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda p: p.name)
def test_only_crash_py_touches_what_is_private_in_textual(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert path.name == "crash.py" or not (used | defined) & PRIVATE


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda p: p.name)
def test_a_screen_stays_small_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250
