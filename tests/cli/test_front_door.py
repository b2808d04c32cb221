"""What every start of the program promises, whatever the command."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli_door import ROOT, environment
from cli_door import started as launchready
from launchready_tui import __version__
from launchready_tui.cli import cli
from launchready_tui.front import COMMANDS, help_text

HEAVY = ("textual", "rich", "h11", "dns", "keyring", "cryptography", "msgspec", "markdown_it")


def loaded_by(*args: str) -> set[str]:
    """The top-level packages that a start imports."""
    code = (
        "import sys, runpy; sys.argv[1:] = sys.argv[1:]\n"
        "from launchready_tui.cli import run\n"
        "run(sys.argv[1:])\n"
        "sys.stderr.write(' '.join(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("args", [("--help",), ("--version",), ("completion", "zsh")])
def test_a_quick_answer_imports_nothing_heavy(args: tuple[str, ...]) -> None:
    assert not loaded_by(*args) & set(HEAVY)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_imports_no_terminal_toolkit_and_no_network(name: str) -> None:
    assert not loaded_by(name, "--help") & {"textual", "rich", "h11", "dns", "keyring"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example_in_eighty_columns(name: str) -> None:
    shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0
    assert f"launchready {name}" in shown.output.partition("Example")[2]
    assert [line for line in shown.output.splitlines() if len(line) > 80] == []


def test_the_version_is_the_package_s() -> None:
    assert launchready("--version").out == f"launchready, version {__version__}\n"


def test_a_mistyped_command_gets_a_suggestion_and_two() -> None:
    ended = launchready("chekc")
    assert ended.code == 2
    assert "Did you mean check?" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    "args", [("check", "--nonsense"), ("attest",), ("new",), ("export",), ("completion", "tcsh")]
)
def test_wrong_usage_ends_with_two_and_says_so_on_stderr(args: tuple[str, ...]) -> None:
    ended = launchready(*args)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err


@pytest.mark.parametrize("args", [(), ("demo",)])
def test_without_a_terminal_the_wizard_does_not_start(
    args: tuple[str, ...], tmp_path: Path
) -> None:
    ended = launchready(*args, cwd=tmp_path)
    assert ended.code == 2
    assert ended.out == ""
    assert "terminal" in ended.err and "launchready check" in ended.err
    assert ("demo --headless --out" in ended.err) is (args == ("demo",))


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_on_a_dumb_terminal_the_wizard_does_not_start(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "launchready_tui"],
            cwd=tmp_path,
            env=environment(TERM="dumb"),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        assert process.wait(30) == 2
        painted = os.read(master, 65_536)
    finally:
        os.close(slave)
        os.close(master)
    assert b"TERM=dumb" in painted
    assert b"\x1b" not in painted


def test_a_client_folder_cannot_make_us_run_its_code(tmp_path: Path) -> None:
    trap = "import pathlib; pathlib.Path(__file__).with_name('RAN').touch()\nraise SystemExit(9)\n"
    for name in ("secrets", "h11", "click", "msgspec", "dns", "difflib", "textual"):
        (tmp_path / f"{name}.py").write_text(trap)
    for name in ("screens", "launchready_screens", "checklists", "rich"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(trap)
    for args in (("--help",), ("explain", "B3"), (), ("paths",), ("demo",)):
        ended = launchready(*args, cwd=tmp_path)
        assert ended.code in (0, 2), ended.err
        assert "Traceback" not in ended.err
    assert not (tmp_path / "RAN").exists()


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    done = subprocess.run(
        f"{sys.executable} -m launchready_tui explain B2 | true; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable=shutil.which("bash"),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "0"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("redirection", "words"),
    [
        pytest.param(
            ">/dev/full",
            "stdout could not be written: No space left on device",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full"),
        ),
        (">&-", "stdout is closed"),
    ],
)
def test_a_report_that_cannot_be_written_is_told_and_is_not_our_bug(
    redirection: str, words: str
) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m launchready_tui paths {redirection}', sys.executable],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert words in done.stderr


def test_without_a_stderr_the_data_still_goes_out(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            "sh",
            "-c",
            '"$0" -m launchready_tui check --domain acme.test --only dns.apex'
            " --resolver 127.0.0.1:1 2>&-",
            sys.executable,
        ],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert "dns.apex" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_one_the_shell_can_read(shell: str, tmp_path: Path) -> None:
    ended = launchready("completion", shell)
    assert ended.code == 0
    assert "_LAUNCHREADY_COMPLETE" in ended.out
    if shell == "bash":
        script = tmp_path / "launchready.bash"
        script.write_text(ended.out)
        bash = shutil.which("bash")
        assert bash
        done = subprocess.run(
            [bash, "-c", f"set -e; source {script}; complete -p launchready"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "_launchready_completion" in done.stdout


def completed(*words: str) -> set[str]:
    """What the shell is offered for the last of the words."""
    ended = launchready(
        env={
            "_LAUNCHREADY_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(("launchready", *words)),
            "COMP_CWORD": str(len(words)),
        }
    )
    assert ended.code == 0, ended.err
    return {line.partition(",")[2] for line in ended.out.splitlines()}


def test_the_shell_is_offered_commands_options_and_ids() -> None:
    assert completed("exp") == {"export", "explain"}
    assert {"--facts", "--facts-out", "--fail-on"} <= completed("check", "--fa")
    assert "B11" in completed("explain", "B1")
    assert "build.clean" in completed("attest", "build.")
    assert completed("attest", "build.clean", "--says", "") == {"pass", "fail", "n/a"}


def test_colour_codes_never_reach_a_pipe() -> None:
    for args in (("--help",), ("explain", "B2"), ("doctor",)):
        assert "\x1b" not in launchready(*args).out


def test_the_first_page_of_help_names_every_command_and_every_option() -> None:
    listed = help_text()
    names = [option for parameter in cli.params for option in parameter.opts]
    assert [name for name in (*names, *COMMANDS, "--help") if name not in listed] == []
    assert [line for line in listed.splitlines() if len(line) > 80] == []
    assert CliRunner().invoke(cli, ["--help"]).output == listed == launchready("-h").out


def test_the_words_on_the_first_page_are_not_at_odds_with_the_commands() -> None:
    for name in COMMANDS:
        command = cli.get_command(cli.make_context("launchready", [name]), name)
        assert command is not None and command.help
        assert command.name == name


def test_the_page_about_the_command_line_names_every_command_and_exit_code() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"`launchready {name}" not in page] == []
    for name in ("check", "new", "attest", "waive"):
        command = cli.get_command(cli.make_context("launchready", [name]), name)
        assert command is not None
        options = [opt for p in command.params for opt in p.opts if opt.startswith("--")]
        if name != "check":
            missing = {"--resolver", "--ca", "--connect", "--dir"}
            assert [opt for opt in options if opt not in page and opt not in missing] == []
