"""What holds for every test: a home of its own, no colours from outside, and no skip in CI."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

# A slow machine is no failure; in CI the same examples every time, so that a red run is a change's.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "house")

SKIPPED: list[str] = []


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the home of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    for name, folder in (
        ("HOME", ""),
        ("XDG_STATE_HOME", "state"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_DATA_HOME", "data"),
    ):
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setenv("LAUNCHREADY_VAULT", "memory")
    # Compiled once for all tests: the rules of the secret scanner take seconds.
    rules = tmp_path_factory.getbasetemp().parent / "secret-rules"
    rules.mkdir(mode=0o700, exist_ok=True)
    monkeypatch.setenv("KF_RULE_CACHE_DIR", str(rules))
    for name in ("NO_COLOR", "COLORTERM", "TEXTUAL_LOG", "TEXTUAL"):
        monkeypatch.delenv(name, raising=False)
    return home


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "house: lint, types and layers (run once, not per version)")
    config.addinivalue_line("markers", "slow: takes more than a few seconds")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test come first: none of them is what one process waits for at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        SKIPPED.append(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get("CI") == "true" and SKIPPED:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if os.environ.get("CI") == "true" and SKIPPED:
        terminalreporter.section("a skip fails CI")
        for line in SKIPPED:
            terminalreporter.line(line)
