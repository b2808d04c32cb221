"""The house's own rules: lint, format, types, layers, and the size of rooms."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path for folder in ("launchready_tui", "screens") for path in (ROOT / folder).rglob("*.py")
)


@pytest.mark.house
@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
    ],
    ids=" ".join,
)
def test_the_linters_agree(command: tuple[str, ...]) -> None:
    tool = Path(sys.executable).parent / command[0]
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.house
def test_no_module_outgrows_its_room() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text("utf-8").splitlines())) > 420
    }
    assert not long


@pytest.mark.house
def test_no_function_outgrows_a_page() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= 62
    ]
    assert not long


@pytest.mark.house
def test_nothing_is_put_on_the_clipboard() -> None:
    """It is shared with every program of the machine, and with remote ones by the terminal."""
    words = ("copy_to_" + "clipboard", "pyper" + "clip", "]" + "52;", "wl-" + "copy", "xc" + "lip")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in SOURCES
        for word in words
        if word in path.read_text("utf-8")
    ]
    assert not found
