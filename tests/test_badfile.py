"""`read_toml` on everything a file can be."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli_door import environment
from launchready_tui.badfile import MAX_BYTES, BadFile, close, read_toml
from launchready_tui.model import Record, Severity


class Part(Record, frozen=True, kw_only=True):
    id: str
    severity: Severity = Severity.LOW
    steps: tuple[str, ...] = ()


class Sheet(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    name: str = ""
    until: date | None = None
    count: int = 0
    part: tuple[Part, ...] = ()
    at: dict[str, tuple[str, ...]] = {}


GOOD = """\
schema = 1
name = "sheet"
until = 2026-01-12

[[part]]
id = "one"
severity = "high"

[[part]]
id = "two"
steps = ["a", "b"]
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "sheet.toml"


def refusal(path: Path, content: str | bytes) -> BadFile:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadFile) as caught:
        read_toml(path, Sheet)
    assert caught.value.file == path
    assert str(path) in str(caught.value)
    return caught.value


def test_a_good_file_is_read_into_its_type(sheet: Path) -> None:
    sheet.write_text(GOOD)
    read = read_toml(sheet, Sheet)
    assert read.until == date(2026, 1, 12)
    assert [part.severity for part in read.part] == [Severity.HIGH, Severity.LOW]


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(sheet: Path) -> None:
    sheet.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_toml(sheet, Sheet).name == "sheet"


@pytest.mark.parametrize(
    ("change", "line", "key", "expected", "suggestion"),
    [
        (('name = "sheet"', 'nmae = "sheet"'), 2, "nmae", "not known", "Did you mean name?"),
        (('name = "sheet"', "name = 3"), 2, "name", "expected text, found a whole number", ""),
        (('name = "sheet"', "count = true"), 2, "count", "a whole number, found true or fal", ""),
        (("schema = 1", "schema = 2"), 1, "schema", "expected one of 1, found 2", ""),
        (("schema = 1\n", ""), None, "", "the key schema is missing", ""),
        (('id = "two"', ""), 9, "part[2]", "the key id is missing", ""),
        (('id = "two"', 'idd = "two"'), 10, "part[2].idd", "not known here", "Did you mean id?"),
        (
            ('severity = "high"', 'severity = "hgih"'),
            7,
            "part[one].severity",
            "expected one of blocker, high, medium, low, info, found",
            "Did you mean high?",
        ),
        (('"a", "b"', '"a", 7'), 11, "part[two].steps[2]", "expected text, found a whole", ""),
        (("until = 2026-01-12", 'until = "soon"'), 3, "until", "", ""),
        (('steps = ["a", "b"]', "steps = 1"), 11, "part[two].steps", "expected a list", ""),
        (("schema = 1", "schema = 1\npart = 3"), 2, "part", "", ""),
        (("schema = 1", "schema = 1\nat = {x = [1]}"), 2, "at", "expected text", ""),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    sheet: Path,
    change: tuple[str, str],
    line: int | None,
    key: str,
    expected: str,
    suggestion: str,
) -> None:
    text = GOOD.replace(*change)
    if "part = 3" in change[1]:
        text = text.partition("[[part]]")[0]
    error = refusal(sheet, text)
    assert error.line == line
    assert error.key == key
    assert expected in error.expected
    assert error.suggestion == suggestion
    if error.line:
        assert f"line {error.line}" in str(error)


def test_a_missing_key_that_is_misspelt_next_to_it_is_suggested(sheet: Path) -> None:
    error = refusal(sheet, "schem = 1\n")
    assert "schema" in str(error)


def test_a_header_inside_a_long_string_does_not_move_the_lines(sheet: Path) -> None:
    error = refusal(sheet, "schema = 1\nname = '''\n[[part]]\nid = 1\n'''\n[[part]]\nid = 2\n")
    assert (error.line, error.key) == (7, "part[1].id")


def test_broken_toml_names_line_and_column(sheet: Path) -> None:
    error = refusal(sheet, 'schema = 1\nname = "sheet\n')
    assert error.line == 2
    assert "not valid TOML" in error.expected
    assert "column" in error.expected


@pytest.mark.parametrize(
    ("line", "key", "suggestion"),
    [
        ('name = "sheet', "name", 'Close the quote, as in name = "sheet"'),
        ("name = sheet one", "name", 'Text stands in quotes, as in name = "sheet one"'),
        ("name =", "name", "Give it a value, as in name"),
        ("schema = 1", "schema", "schema is there twice"),
        ("part = [[", "part", "look for a quote or bracket"),
        ("[[[", "", "look for a quote or bracket"),
    ],
)
def test_broken_toml_names_the_key_and_what_was_probably_meant(
    line: str, key: str, suggestion: str, sheet: Path
) -> None:
    error = refusal(sheet, f"schema = 1\n{line}\n")
    assert error.line in (2, 3)  # what stays open is noticed at the end
    assert error.key == key
    assert suggestion in error.suggestion


def test_toml_that_breaks_off_names_the_last_line(sheet: Path) -> None:
    assert refusal(sheet, "schema = 1\nname = '''\nabc").line == 3


def test_a_key_twice_is_broken_toml(sheet: Path) -> None:
    assert "not valid TOML" in refusal(sheet, "schema = 1\nschema = 1\n").expected


def test_text_of_another_encoding_names_the_line_and_what_to_do(sheet: Path) -> None:
    error = refusal(sheet, 'schema = 1\nname = "Zürich"\n'.encode("latin-1"))
    assert error.line == 2
    assert error.suggestion == "Save the file as UTF-8."


def test_a_missing_file_is_said_to_be_missing(sheet: Path) -> None:
    with pytest.raises(BadFile, match="there is no such file"):
        read_toml(sheet, Sheet)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="found a folder"):
        read_toml(tmp_path, Sheet)


def test_a_file_below_a_file_and_a_nul_in_the_name_are_refused(sheet: Path) -> None:
    sheet.write_text(GOOD)
    for path in (sheet / "below.toml", Path("a\0b.toml")):
        with pytest.raises(BadFile, match="cannot be opened"):
            read_toml(path, Sheet)


def test_a_file_without_the_right_to_read_says_so(sheet: Path) -> None:
    sheet.write_text(GOOD)
    sheet.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything
    try:
        with pytest.raises(BadFile, match="may not be read"):
            read_toml(sheet, Sheet)
    finally:
        os.seteuid(user)


def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(BadFile, match="a device or a pipe"):
            read_toml(path, Sheet)


def test_a_file_above_the_limit_is_refused_and_one_at_it_is_read(sheet: Path) -> None:
    start = b"schema = 1\n#"
    sheet.write_bytes(start + b"x" * (MAX_BYTES - len(start)))
    assert read_toml(sheet, Sheet).schema == 1
    assert "larger than 1 MiB" in refusal(sheet, start + b"x" * MAX_BYTES).expected


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 20_000, "a = " + "9" * 5_000, "a = 2026-01-01T99:00:00Z", "a = 1e"]
)
def test_values_no_parser_can_hold_are_refused(sheet: Path, text: str) -> None:
    refusal(sheet, text)


def test_what_a_file_says_cannot_paint_the_terminal(sheet: Path) -> None:
    error = refusal(sheet, 'schema = 1\n"\\u001b[31mred\\u202e" = 1\n')
    assert "\x1b" not in str(error)
    assert "\u202e" not in str(error)


def test_nothing_near_brings_no_suggestion() -> None:
    assert close("zzz", ["severity", "title"]) == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(sheet: Path, content: bytes) -> None:
    sheet.write_bytes(content)
    try:
        read_toml(sheet, Sheet)
    except BadFile as error:
        assert str(sheet) in str(error)


_LINES = st.sampled_from(
    [*GOOD.splitlines(), "[part]", "[[at]]", "part.id = 1", '"""', "at.x = [[1]]", "[a.b]", "= ="]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(_LINES | st.text(max_size=30), max_size=12))
def test_any_mixture_of_lines_is_read_or_refused(sheet: Path, lines: list[str]) -> None:
    sheet.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    try:
        read_toml(sheet, Sheet)
    except BadFile as error:
        assert error.line is None or error.line >= 1


TOGETHER = """
import sys, threading
from pathlib import Path
from launchready_tui.badfile import Document
from launchready_tui.model import Record

def fresh():
    class Part(Record, frozen=True, kw_only=True):
        id: str
        steps: tuple[str, ...] = ()
    class Sheet(Record, frozen=True, kw_only=True):
        name: str = ""
        part: tuple[Part, ...] = ()
        at: dict[str, int] = {}
    return Sheet

def read(sheet, start):
    start.wait()
    Document(Path("x.toml"), "", {"part": [{"id": "a"}]}).decode(sheet)

sys.setswitchinterval(1e-6)
for _ in range(20):
    given = fresh(), threading.Barrier(8)
    readers = [threading.Thread(target=read, args=given) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
"""
"""Eight threads that read into a type at once, for the first time, as the checks do."""


def test_threads_that_learn_a_type_at_once_do_not_crash() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOGETHER], env=environment(), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
