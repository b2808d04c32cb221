"""A source map counts when it holds the app's own code, and is read from any pieces."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.facts.source_map import KEPT, MapReader

OWN = ["webpack://desk/./src/App.tsx", "../../src/App.tsx", "webpack://_N_E/./app/[id]/page.tsx"]
VENDOR = [
    "webpack://desk/./node_modules/react/index.js",
    "../../node_modules/.pnpm/axios@1/a.js",
    "webpack/runtime/chunk loaded",
    "webpack://desk/webpack/bootstrap",
    "\0commonjsHelpers.js",
    "vite/preload-helper.js",
]


def source_map(sources: list[str], contents: list[str | None] | None, **more: object) -> str:
    return json.dumps(
        {
            "version": 3,
            "file": "a.js",
            "mappings": "AAAA;" * 50,
            "sources": sources,
            **({} if contents is None else {"sourcesContent": contents}),
            "names": [],
            **more,
        },
        separators=(",", ":"),
    )


def holds(text: str | bytes, size: int = 10_000) -> str:
    content = text.encode() if isinstance(text, str) else text
    reader = MapReader()
    for start in range(0, len(content), size):
        reader.feed(content[start : start + size])
    return reader.holds()


@pytest.mark.parametrize("name", OWN)
def test_own_code_is_told_apart_from_that_of_libraries(name: str) -> None:
    assert holds(source_map([VENDOR[0], name], ["module.exports=1", "const a = 1"])) == "own"
    assert holds(source_map([VENDOR[0], name], ["module.exports=1", None])) == "vendor"


def test_a_map_of_libraries_only_gives_nothing_away() -> None:
    assert holds(source_map(VENDOR, ["x"] * len(VENDOR))) == "vendor"


@pytest.mark.parametrize("contents", [None, [], [None], [""], ["  "]])
def test_a_map_without_code_gives_names_only(contents: list[str | None] | None) -> None:
    assert holds(source_map(OWN[:1], contents)) == "nothing"


@pytest.mark.parametrize(
    "text",
    [
        "<!doctype html><script>version: 3</script>",
        "",
        "not found",
        '{"error":"no such file"}',
        '{"version":2,"sources":["a"],"sourcesContent":["x"]}',
        '{"kind":"x","sources":["a"],"sourcesContent":["x"]}',
    ],
)
def test_what_is_no_source_map_is_none(text: str) -> None:
    assert holds(text) == "no-map"


def test_guards_in_front_and_maps_in_sections_are_read() -> None:
    inner = source_map(OWN[:1], ["const a = 1"])
    assert holds(")]}'\n" + inner) == "own"
    section = '{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":' + inner + "}]}"
    assert holds(section) == "own"


def test_a_map_that_breaks_off_counts_as_far_as_it_was_read() -> None:
    text = source_map(OWN[:1], ["const secret = 1;" * 100])
    assert holds(text[: text.index("const") + 300]) == "own"


def test_code_that_speaks_of_maps_is_code() -> None:
    text = source_map(OWN[:1], ['const m = {"sources": ["x"], "sourcesContent": [null]}'])
    assert holds(text) == "own"


def test_a_large_map_is_not_held() -> None:
    reader = MapReader()
    start, _, end = source_map(OWN[:1], ["#"]).partition("#")
    reader.feed(start.encode())
    for _ in range(200):
        reader.feed(b"x" * 65_536)
    reader.feed(end.encode())
    assert reader.holds() == "own"
    assert sum(len(kept or b"") for kept in reader._lists.values()) <= 2 * KEPT + 200


@settings(deadline=None)
@given(
    st.sampled_from([source_map(OWN, ["a", None, "b"]), source_map(VENDOR, ["x"] * 6), "{", "[1"]),
    st.integers(1, 60),
)
def test_any_pieces_tell_the_same(text: str, size: int) -> None:
    assert holds(text, size) == holds(text)


@given(st.binary(max_size=400))
def test_any_bytes_are_judged(content: bytes) -> None:
    assert holds(content, 7) in ("own", "vendor", "nothing", "no-map")
    assert holds(b'{"version":3,"sources":[' + content + b'],"sourcesContent":[' + content, 9)
