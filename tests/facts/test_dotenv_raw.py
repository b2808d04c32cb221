"""The raw reader of env files: total, linear, and true to what is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts import dotenv_raw
from launchready_tui.facts.dotenv_raw import read
from launchready_tui.facts.env_example import listing
from launchready_tui.facts.env_flaws import flaws_of
from launchready_tui.facts.env_readers import CALLED

_SIGNS = "A=\"'`#\n\r \t\\$}:\0\ufeffé-@{[)"
_WORDS = ("${", "\r\n", "export ", "://", "@required=forEnv(", "# @docs(")
PIECES = st.sampled_from([*_SIGNS, *_WORDS])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A=1", [("A", "1", "", "=")]),
        ("export A=1", [("A", "1", "", "=")]),
        ("A=b=c==", [("A", "b=c==", "", "=")]),
        ("A=red # warm", [("A", "red", "", "=")]),
        ("A=re#d", [("A", "re#d", "", "=")]),
        ("A=#all", [("A", "", "", "=")]),
        ("A='x' # why", [("A", "x", "'", "=")]),
        ('A="x\ny"\nB=2', [("A", "x\ny", '"', "="), ("B", "2", "", "=")]),
        ('A="a\\"b"', [("A", 'a\\"b', '"', "=")]),
        ("A: 1", [("A", "1", "", ":")]),
        ("A", [("A", "", "", "")]),
        ("# A=1\n\n  # x\nB=2", [("B", "2", "", "=")]),
        ("A=1\rB=2", [("A", "1", "", "="), ("B", "2", "", "=")]),
        ("URL=https://a.example:1/x?y=1", [("URL", "https://a.example:1/x?y=1", "", "=")]),
    ],
)
def test_a_line_is_read_as_it_stands(text: str, wanted: list[tuple[str, ...]]) -> None:
    lines = read(text.encode()).lines
    assert [(one.name, one.value, one.quote, one.joined) for one in lines] == wanted


def test_lines_are_counted_through_values_of_several_lines() -> None:
    raw = read(b'A="1\n2\n3"\n\n# c\nB=1\r\nC=2')
    assert [(one.name, one.line) for one in raw.lines] == [("A", 1), ("B", 6), ("C", 7)]


@pytest.mark.parametrize(
    ("data", "encoding", "ends"),
    [
        (b"A=1\n", "utf-8", "lf"),
        (b"\xef\xbb\xbfA=1\r\n", "utf-8", "crlf"),
        ("A=1\n".encode("utf-16"), "utf-16", "lf"),
        ("ABC=123\n".encode("utf-16-le"), "utf-16", "lf"),
        ("ABC=123\n".encode("utf-16-be"), "utf-16", "lf"),
        (b"A=gr\xfcn\r", "latin-1", "cr"),
        (b"A=1\r\nB=2\n", "utf-8", "mixed"),
        (bytes(range(256)) * 4, "binary", "lf"),
    ],
)
def test_how_the_bytes_are_written_is_told(data: bytes, encoding: str, ends: str) -> None:
    raw = read(data)
    assert (raw.encoding, raw.ends) == (encoding, ends)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_read_and_judged(text: str) -> None:
    raw = read(text.encode("utf-8", "surrogatepass"))
    for environment in ("prod", "example", "any"):
        for flaw in flaws_of(raw, environment, tuple(CALLED)):
            assert flaw.line >= 1
    assert [one.line for one in raw.lines] == sorted(one.line for one in raw.lines)
    listing(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_and_judged(data: bytes) -> None:
    flaws_of(read(data), "prod", tuple(CALLED))
    listing(data)


@pytest.mark.parametrize(
    "piece",
    [
        'A="\n',
        "A='x\n",
        'A="\\"\n',
        "A=`\n",
        "A=$${",
        '"',
        "#",
        "A=1 #",
        "\r",
        "A ",
        "${",
        "# @a(",
        "A:",
    ],
)
def test_a_megabyte_of_the_worst_is_read_in_one_pass(piece: str) -> None:
    """Anything worse than linear would not end within the suite's patience."""
    data = (piece * (1_000_000 // len(piece))).encode()
    flaws_of(read(data), "prod", tuple(CALLED))
    listing(data)


def test_no_value_is_in_the_repr_of_what_was_read() -> None:
    value = "Xk39dkw" + "Qpz81"
    raw = read(f"A={value}".encode())
    assert value not in repr(raw) and value not in repr(raw.lines[0])


def test_too_many_lines_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dotenv_raw, "MOST_LINES", 3)
    raw = read(b"A=1\nB=1\nC=1\nD=1\n")
    assert (len(raw.lines), raw.whole) == (3, False)
