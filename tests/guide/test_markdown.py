"""Foreign strings in Markdown: read back by a real parser, they are text and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from launchready_tui.guide import markdown
from launchready_tui.guide.markdown import Block, Inline, code, line, words
from launchready_tui.text import safe

READERS = {
    "commonmark": MarkdownIt("commonmark", {"html": False}).enable("table"),
    "with html": MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]),
}
HARMLESS = {"text", "code_inline", "text_special", "softbreak"}

HOSTILE = [
    "a | b",
    "`` ` ```",
    "\\`x\\`",
    "x\\|y\\",
    "<script>alert(1)</script>",
    "<https://evil.test>",
    "[click](https://evil.test)",
    "![x](https://evil.test/p.png)",
    "[x]: https://evil.test",
    "see https://evil.test and www.evil.test and a@evil.test",
    "line one\n\n# heading\n- list\n| a | b |\n| --- | --- |",
    "\r\n---\r\n",
    "&lt;b&gt; &#x41; &amp;",
    "$x$ ~~y~~ **z** __q__ *r*",
    "1. first",
    "-- dash",
    "+ plus",
    "===",
    "```sh\nrm -rf /\n```",
    "    indented",
    "> quote",
    "\x1b]0;PWNED\x07 \x9b31m \u202e",
    "",
    "|",
    "||",
    "` ",
]


def inline_tokens(text: str, reader: MarkdownIt) -> list[Token]:
    return [child for token in reader.parse(text) for child in (token.children or [])]


@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("write", [code, words])
def test_a_hostile_value_is_one_paragraph_of_plain_text(
    write: object, value: str, reader: MarkdownIt
) -> None:
    assert callable(write)
    text = markdown.paragraph(write(value))
    assert [token.type for token in reader.parse(text)] == [
        "paragraph_open",
        "inline",
        "paragraph_close",
    ]
    assert {token.type for token in inline_tokens(text, reader)} <= HARMLESS


@given(st.text())
@example("`|`|``")
@example("\\|")
def test_a_value_reads_back_letter_by_letter(value: str) -> None:
    reader = READERS["with html"]
    shown = "".join(t.content for t in inline_tokens(f"x {code(value)} x", reader))
    assert shown == f"x {safe(value, one_line=True, limit=300) or '–'} x"


@given(st.text())
@example("a@b|c@d")
@example("12. 3) www.x `")
def test_prose_reads_back_as_its_own_words(value: str) -> None:
    reader = READERS["with html"]
    text = markdown.paragraph(words(value))
    assert [t.type for t in reader.parse(text)] == ["paragraph_open", "inline", "paragraph_close"]
    tokens = inline_tokens(text, reader)
    assert {token.type for token in tokens} <= HARMLESS
    flat = " ".join(safe(value, limit=1_200).split())
    assert "".join(t.content for t in tokens) == (flat or "–")


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
@example([("a|b", "c\\"), ("\n", "`|")])
def test_a_table_keeps_its_columns_whatever_stands_in_it(rows: list[tuple[str, str]]) -> None:
    text = markdown.table(["one", "two"], [(code(a), words(b)) for a, b in rows])
    for reader in READERS.values():
        tokens = reader.parse(text)
        assert sum(t.type == "tr_open" for t in tokens) == len(rows) + 1
        assert sum(t.type == "td_open" for t in tokens) == 2 * len(rows)
        assert {t.type for t in inline_tokens(text, reader)} <= HARMLESS


@given(st.lists(st.text(), min_size=1, max_size=4))
@example(["- x", "1. y", "# z", "=== "])
def test_a_list_keeps_its_points_whatever_stands_in_them(values: list[str]) -> None:
    entries = [words(value) for value in values]
    for text in (markdown.bullets(entries), markdown.steps(entries)):
        tokens = READERS["with html"].parse(text)
        assert sum(t.type == "list_item_open" for t in tokens) == len(values)
        assert sum(t.type in ("bullet_list_open", "ordered_list_open") for t in tokens) == 1
        assert not any(t.type in ("heading_open", "blockquote_open", "hr") for t in tokens)


@pytest.mark.parametrize(
    "prose",
    ["write to a@evil.test now", "open https://evil.test/x", "(www.evil.test)", "HTTP://EVIL.test"],
)
def test_an_address_in_prose_is_code_so_that_no_code_host_links_it(prose: str) -> None:
    spans = [
        t.content
        for t in inline_tokens(words(prose), READERS["commonmark"])
        if t.type == "code_inline"
    ]
    assert len(spans) == 1
    assert "evil" in spans[0].lower()


@pytest.mark.parametrize(
    ("prose", "written"),
    [
        ("set API_TOKEN and __all__", r"set API_TOKEN and \_\_all\_\_"),
        ("_really_ a_b_", r"\_really\_ a_b\_"),
    ],
)
def test_an_underscore_inside_a_name_stays_as_it_is_typed(prose: str, written: str) -> None:
    assert words(prose) == written


def test_the_marks_of_a_sentence_stay_outside_an_address() -> None:
    assert (
        words("add www.a.test, then https://b.test/x.")
        == "add `www.a.test`, then `https://b.test/x`."
    )


def test_a_link_is_made_of_a_plain_https_reference_alone() -> None:
    assert markdown.web("https://example.test/a?b=c#d") == "<https://example.test/a?b=c#d>"
    for odd in ("http://x.test", "javascript:alert(1)", "https://x.test/><b>", "https://x\n"):
        assert not markdown.web(odd).startswith("<")


def test_a_row_of_another_width_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        markdown.table(["a", "b"], [[Inline("x")]])


def test_anchors_follow_the_rule_of_code_hosts() -> None:
    assert markdown.slug("Uptime alert fired") == "uptime-alert-fired"
    assert markdown.slug("Domains and DNS") == "domains-and-dns"
    assert markdown.jump("If it is down") == "[If it is down](#if-it-is-down)"


def test_a_document_ends_with_one_newline() -> None:
    assert markdown.document([Block("a"), Block(""), Block("b")]) == "a\n\nb\n"
    assert line("{} by {}", Inline("x"), Inline("y")) == "x by y"
