"""Every fault that a machine finds has an example that is flagged and one that is not."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import launchready_tui.checks
from cases import examples
from launchready_tui.catalogue import load
from launchready_tui.engine import CHECKS
from launchready_tui.model import Kind

CASES = Path(__file__).parent.parent / "cases"
CHECKS_FOLDER = Path(launchready_tui.checks.__file__).parent
PROBES = [item for item in load().items if item.kind is Kind.PROBE or item.id in CHECKS]
FAULTS = [fault.code for item in PROBES for fault in item.faults]


@pytest.fixture(scope="module", autouse=True)
def tables() -> None:
    for path in sorted(CASES.glob("test_*.py")):
        importlib.import_module(f"cases.{path.stem}")


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_flagged_by_some_example_and_left_alone_in_another(code: str) -> None:
    assert examples.FLAGGED.get(code), f"no example is flagged with {code}"
    assert examples.INNOCENT.get(code), f"no example only looks like {code}"


def test_every_check_has_its_table_and_its_item() -> None:
    tables = {path.stem.removeprefix("test_").replace("_", "-") for path in CASES.glob("test_*.py")}
    assert {item.replace(".", "-") for item in CHECKS} <= tables
    assert set(CHECKS) <= {item.id for item in PROBES}
    assert {item.id for item in PROBES if item.kind is Kind.PROBE} <= set(CHECKS)


def test_every_code_in_python_is_declared() -> None:
    written = {
        keyword.value.value
        for path in CHECKS_FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    assert written
    assert written <= set(FAULTS)


def test_judging_loads_neither_network_libraries_nor_a_terminal() -> None:
    script = (
        "import sys, json, launchready_tui.checks;"
        "print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"h11", "dns", "cryptography", "textual", "rich", "keyring"}
