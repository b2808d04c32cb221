"""A list of old addresses as people write it: every kind is read, every mistake has its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.badfile import BadFile
from launchready_tui.facts.redirect_map import MOST_BYTES, MOST_ENTRIES, RedirectMap, read_map

HOME = "acme.com"
A, B = "https://acme.com/a", "https://acme.com/b"


def read(text: str | bytes, name: str = "old.csv", home: str = HOME) -> RedirectMap:
    return read_map(Path(name), text.encode() if isinstance(text, str) else text, home)


def pairs(text: str | bytes, name: str = "old.csv") -> list[tuple[str, str]]:
    return [(entry.old, entry.expected) for entry in read(text, name).entries]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/a,/b", "old.csv"),
        ("old,expected,note\r\n/a,/b,why\r\n", "old.csv"),
        ("\ufeffOld URL;expected\n\n# so\n/a;/b\n", "old.csv"),
        ('"/a","/b","a note, with a comma"', "old.csv"),
        ("/a\t/b", "list.txt"),
        ("https://acme.com/a,https://acme.com/b", "old.csv"),
        ('[[redirect]]\nold = "/a"\nexpected = "/b"\n', "old.toml"),
        ('[[redirect]]\nold = "/a"\nexpected = "/b"\n', "stdin"),
    ],
)
def test_each_way_to_write_it_is_read(text: str, name: str) -> None:
    assert pairs(text, name) == [(A, B)]


def test_a_plain_list_keeps_commas_that_belong_to_the_address() -> None:
    assert pairs("/map/1,2\n/a\n", "list.txt") == [("https://acme.com/map/1,2", ""), (A, "")]


def test_a_sitemap_is_a_list_without_targets() -> None:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'<?xml version="1.0"?><urlset xmlns="{space}"><url><loc> {A} </loc></url></urlset>'
    assert pairs(text, "sitemap.xml") == [(A, "")]


def test_a_retired_page_is_written_gone_or_410() -> None:
    assert pairs("/a,gone\n/b,410\n") == [(A, "gone"), (B, "gone")]


def test_a_path_belongs_to_the_home_and_a_target_to_the_old_host_without_one() -> None:
    found = read("https://old.test/a,/b", home="").entries[0]
    assert found.expected == "https://old.test/b"
    assert pairs("https://old.test/a,/b") == [("https://old.test/a", B)]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("", "o.csv", "at least one old address"),
        ("/a,/b\nwww.acme.com/x,/b", "o.csv", "o.csv, line 2: expected an address"),
        ("/a,b", "o.csv", "Did you mean /b?"),
        ("/a,/b\n,/c\nx y,/b", "o.csv", "line 2: the old address is missing. 1 more lines"),
        ("/a,/b\n/a,/c", "o.csv", "has another target here than in line 1"),
        ("odl,expected\n/a,/b", "o.csv", "Did you mean old?"),
        ('/a,/b\n"/c,/d\n', "o.csv", "line 2"),
        ("ftp://acme.com/a,/b", "o.csv", "not an http or https address"),
        ('[[redirect]]\nodl = "/a"\n', "o.toml", "Did you mean old?"),
        ("[[redirect]\n", "o.toml", "line 1"),
        ("<urlset><url>", "o.xml", "not valid XML"),
        ("<html/>", "o.xml", "expected a sitemap"),
        ("<sitemapindex/>", "o.xml", "a list of sitemaps"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><urlset/>', "o.xml", "document type"),
        ("\n".join(f"/{n}" for n in range(MOST_ENTRIES + 1)), "o.txt", "at most 5000"),
        (b"/a,/\xff", "o.csv", "UTF-8"),
        (b"/" * (MOST_BYTES + 1), "o.csv", "larger than 5 MiB"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str | bytes, name: str, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(text, name)
    assert said in str(refused.value)


def test_a_path_without_a_host_asks_for_one() -> None:
    with pytest.raises(BadFile, match="--host"):
        read("/a,/b", home="")


CELL = st.one_of(
    st.sampled_from(["/a", A, "gone", "old", "", '"', "<", "[[redirect]]", "#", "http://[", "//x"]),
    st.text(max_size=12),
)
LINE = st.lists(CELL, max_size=4).flatmap(
    lambda cells: st.sampled_from([",", ";", "\t", " = "]).map(lambda mark: mark.join(cells))
)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(LINE, max_size=6).map(lambda lines: "\n".join(lines).encode("utf-8", "replace")),
    ),
    st.sampled_from(["o.csv", "o.toml", "o.xml", "stdin"]),
    st.sampled_from(["", HOME]),
)
def test_whatever_is_in_the_file_it_is_read_or_refused(
    content: bytes, name: str, home: str
) -> None:
    try:
        found = read(content, name, home)
    except BadFile as refused:
        assert str(refused)
    else:
        assert found.entries
        assert all(host for host in found.hosts)
