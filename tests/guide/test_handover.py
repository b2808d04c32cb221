"""The guide: complete, honest about what is not known, and deaf to what strangers wrote."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from guide_sprint import AT, CATALOGUE, EVIDENCE, FACTS, make_state
from launchready_tui.catalogue import load
from launchready_tui.facts.providers import OWN_NAMESERVERS
from launchready_tui.facts.traffic import Part, TrafficPath
from launchready_tui.given import Target
from launchready_tui.guide.glossary import MEANINGS, explained, unexplained
from launchready_tui.guide.handover import handover
from launchready_tui.guide.markdown import slug
from launchready_tui.guide.state import GuideState
from launchready_tui.model import Attestation, Finding
from launchready_tui.outcomes import failed
from launchready_tui.verdict import judge

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
HOSTILE = (
    "a | b `` ` <script>alert(1)</script> [x](https://evil.test) ![y](//evil.test)\n\n"
    "# Verdict: GO\n- item\n\n| c | d |\n| --- | --- |\n<https://evil.test> a@evil.test "
    "www.evil.test \x1b]0;PWNED\x07\x9b31m\u202e ~~~ ``` $x$ {0} {} %s"
)


@pytest.fixture
def state() -> GuideState:
    return make_state()


def tokens_of(text: str) -> list[Token]:
    flat: list[Token] = []
    for token in READER.parse(text):
        flat.append(token)
        flat.extend(token.children or [])
    return flat


def headings(text: str) -> list[str]:
    parsed = READER.parse(text)
    return [
        after.content for token, after in itertools.pairwise(parsed) if token.type == "heading_open"
    ]


def shape(text: str) -> list[str]:
    """The blocks of a document, whatever the words in them."""
    return [token.type for token in READER.parse(text) if token.type != "inline"]


def links(text: str) -> set[str]:
    return {str(token.attrs["href"]) for token in tokens_of(text) if token.type == "link_open"}


def test_the_same_state_gives_the_same_bytes(state: GuideState) -> None:
    assert handover(state) == handover(make_state())


def test_the_first_thing_said_is_that_a_guide_without_go_is_a_draft(state: GuideState) -> None:
    text = handover(state)
    assert text.startswith("# Handover guide\n\n> **DRAFT, not signed off.** The verdict is NO-GO.")
    final = replace(state, verdict=replace(state.verdict, word="GO WITH 1 ACCEPTED RISK"))
    assert "DRAFT" not in handover(final)


@pytest.mark.parametrize(
    "title",
    [
        "Handover guide",
        "Who owns what",
        "Uptime alert fired",
        "Roll back and redeploy",
        "Restoring data",
        "Access and ownership",
        "Domains and DNS",
        "Old addresses",
        "Environment variables",
        "Protection",
        "Exceptions",
        "Caching rules",
        "Risks, most harmful first",
        "What people answered",
        "What is not known",
        "Accepted risks",
        "Asked for outside the sprint",
        "Not done on purpose",
        "What was checked",
        "Glossary",
        "Evidence",
    ],
)
def test_every_section_has_content_or_says_why_it_has_none(title: str) -> None:
    nothing = Target(domain="acme.test")
    empty = GuideState(
        version="0.1.0",
        at=AT,
        catalogue=CATALOGUE,
        target=nothing,
        verdict=judge(CATALOGUE, nothing, {}, {}, {}, AT),
    )
    for state in (make_state(), empty):
        parsed = READER.parse(handover(state))
        at = next(n for n, t in enumerate(parsed) if t.type == "inline" and t.content == title)
        assert parsed[at + 2].type != "heading_open"
    text = handover(empty)
    for reason in re.findall(r"None[^.]*\.", text):
        assert "because" in reason or "uses no acronym" in reason


def test_every_jump_lands_on_a_heading(state: GuideState) -> None:
    text = handover(state)
    anchors = {f"#{slug(title)}" for title in headings(text)}
    jumps = {link for link in links(text) if link.startswith("#")}
    assert jumps and jumps <= anchors
    assert "#uptime-alert-fired" in anchors  # promised to the runbook links of alerts
    assert len(headings(text)) == len(set(headings(text)))


def test_the_only_links_out_are_references_of_the_checklists_and_the_live_address() -> None:
    outside = {link for link in links(handover(make_state(HOSTILE))) if not link.startswith("#")}
    assert outside == {"https://example.test/manual", "https://acme.test/"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda s: s.strip()))
@example(HOSTILE)
@example("`|`\n|\n| --- |")
@example("```\n~~~\n<!--")
def test_whatever_strangers_wrote_the_document_keeps_its_shape(text: str) -> None:
    written = handover(make_state(text))
    assert without_points(shape(written)) == without_points(shape(handover(make_state())))
    kinds = {token.type for token in tokens_of(written)}
    assert not kinds & {"html_block", "html_inline", "image"}
    outside = {link for link in links(written) if not link.startswith("#")}
    assert outside == {"https://example.test/manual", "https://acme.test/"}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written)


def without_points(blocks: list[str]) -> list[str]:
    """A stranger's capitals may be an acronym that the glossary explains: one more point there."""
    return [b for b in blocks if not b.startswith(("list_item", "paragraph"))]


def test_every_table_row_has_the_columns_of_its_head() -> None:
    open_rows: list[int] = []
    width = 0
    for token in READER.parse(handover(make_state(HOSTILE))):
        if token.type == "tr_open":
            open_rows.append(0)
        elif token.type in ("th_open", "td_open"):
            open_rows[-1] += 1
        elif token.type == "thead_close":
            width = open_rows[-1]
        elif token.type == "tr_close" and width:
            assert open_rows[-1] == width
        elif token.type == "table_close":
            width = 0


def test_each_claim_names_its_evidence_and_date_or_who_told_it(state: GuideState) -> None:
    text = handover(state)
    assert f"seen 2 March 2026, evidence `{FACTS[:12]}`" in text
    assert f"told by plain, 2 March 2026, evidence `{EVIDENCE[:12]}`" in text
    rows = source_cells(text)
    assert len(rows) > 15
    for cell in rows:
        assert (
            re.search(
                r"evidence `|told by .+, \d|nobody has answered|not checked yet|follows from", cell
            )
            or cell.strip("`") == FACTS[:12]
        ), cell


def source_cells(text: str) -> list[str]:
    """The cells under every column called Source or By."""
    cells: list[str] = []
    columns: list[int] = []
    for line in text.splitlines():
        if not line.startswith("| "):
            columns = []
            continue
        row = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not columns:
            columns = [n for n, cell in enumerate(row) if cell in ("Source", "By")] or [-1]
        elif row[0] != "---" and columns != [-1]:
            cells += [row[n] for n in columns]
    return cells


def test_what_is_unknown_is_shown_as_unknown_with_its_cause(state: GuideState) -> None:
    section = part(handover(state), "What is not known")
    assert "| dns.ttl holds (`dns.ttl`) | ? unknown | plain |" in section
    assert "| logs.review holds (`logs.review`) | ● not answered |" in section


def test_a_record_that_could_not_be_read_is_not_a_missing_record(state: GuideState) -> None:
    assert "| `api.acme.test` | `A` | ? unknown: plain | – |" in part(
        handover(state), "Domains and DNS"
    )


def test_an_accepted_risk_names_who_why_and_until_when(state: GuideState) -> None:
    section = part(handover(state), "Accepted risks")
    assert (
        "| framework-old happened | `next` | told by plain, 2 March 2026 | plain | 1 June 2026 |"
        in section
    )
    assert "have expired or the fault is gone: `dns.apex`." in section


def with_path(state: GuideState, **parts: str) -> GuideState:
    path = TrafficPath(
        sentence="as seen",
        parts=tuple(Part(key=key, label=key, value=value) for key, value in parts.items()),
    )
    return replace(state, traffic=path)


def test_in_an_alarm_people_are_sent_to_the_name_at_which_the_app_runs(state: GuideState) -> None:
    text = handover(with_path(state, entry="app.acme.test", host="Render"))
    first = text.partition("## Uptime alert fired")[0]
    assert "| Live address | <https://app.acme.test/> |" in first
    assert "`https://acme.test/`" in first
    alarm = part(text, "Uptime alert fired")
    assert "Open `app.acme.test` from a phone" in alarm
    assert "`dig +short app.acme.test`" in alarm


@pytest.mark.parametrize("entry", ["", "evil.test", "a b.acme.test", "`x`.acme.test"])
def test_a_name_outside_the_domain_is_not_where_people_are_sent(
    entry: str, state: GuideState
) -> None:
    assert "Open `acme.test` from a phone" in handover(with_path(state, entry=entry))


def test_only_providers_that_can_have_an_outage_are_named(state: GuideState) -> None:
    text = handover(with_path(state, host="Render", proxy="none", dns=OWN_NAMESERVERS))
    assert "Open the status page of the host (Render). An incident" in text
    text = handover(with_path(state, host="Fly", proxy="Cloudflare (proxied)", dns="Cloudflare"))
    assert (
        "the host (Fly), and of the proxy in front of it (Cloudflare (proxied)), and of the DNS"
        " provider (Cloudflare)." in text
    )


def test_a_count_of_faults_leads_to_their_ranks(state: GuideState) -> None:
    results = part(handover(state), "What was checked")
    assert "| tls.certificate holds | ✗ fails | plain: risk 1 above |" in results


def test_an_account_without_an_owner_is_a_risk(state: GuideState) -> None:
    row = "| `DATABASE_URL` | not recorded | **RISK**: owner not recorded | not recorded |"
    assert f"{row} not known | – |" in handover(state)


def test_what_was_answered_on_rolling_back_stands_there_in_its_own_lines() -> None:
    state = replace(make_state(), texts={EVIDENCE: "git revert HEAD\nmake deploy"})
    section = part(handover(state), "Roll back and redeploy")
    assert "```text\ngit revert HEAD\nmake deploy\n```" in section


def test_no_home_folder_of_the_consultant_is_in_the_guide(state: GuideState) -> None:
    assert "/home/anna" not in handover(state)


def test_every_acronym_is_explained_and_no_other(state: GuideState) -> None:
    text = handover(state)
    assert not unexplained(text)
    glossary = part(text, "Glossary")
    assert "- **DNS**: " in glossary
    assert "- **RLS**" not in glossary


def test_the_glossary_also_explains_its_own_words() -> None:
    assert explained("DMARC") == ("DKIM", "DMARC", "SPF")
    assert not [entry for meaning in MEANINGS.values() for entry in unexplained(meaning)]


def test_the_guide_of_the_shipped_checklists_leaves_no_acronym_unexplained() -> None:
    """Also when everything that can be wrong is wrong."""
    catalogue = load()
    target = Target(domain="acme.test")
    outcomes = {
        item.id: failed(
            "", tuple(Finding(code=f.code, subject="x", observed="") for f in item.faults)
        )
        for item in catalogue.items
        if item.faults
    }
    answers = {
        item.id: Attestation(item=item.id, by="Anna", at=AT, says="fail")
        for item in catalogue.items
        if item.question
    }
    state = GuideState(
        version="0.1.0",
        at=AT,
        catalogue=catalogue,
        target=target,
        verdict=judge(catalogue, target, outcomes, answers, {}, AT),
    )
    assert len(state.verdict.risks) >= len(answers)
    text = handover(state)
    assert f"**{len(state.verdict.risks)}. " in text
    assert unexplained(text) == ()


def test_dates_are_absolute_and_come_from_the_state(state: GuideState) -> None:
    text = handover(state)
    assert "2 March 2026, 09:30 UTC" in text
    assert not re.search(r"\b(today|yesterday|ago|now)\b", text)


def part(text: str, title: str) -> str:
    """A section of the guide, from its heading to the next of the same level."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
