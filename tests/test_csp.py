"""A content security policy is read as browsers read it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui import csp

STRICT = "script-src 'nonce-a1' 'strict-dynamic'; object-src 'none'; base-uri 'none'"
REST = "; object-src 'none'; base-uri 'self'; form-action 'self'"


def weak(*headers: str) -> tuple[str, ...]:
    return csp.weaknesses(csp.in_headers(headers))


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (f"default-src 'self'{REST}", ()),
        (f"script-src 'self' 'unsafe-inline'{REST}", ("unsafe-inline",)),
        (f"default-src 'self' 'unsafe-inline'{REST}", ("unsafe-inline",)),
        (f"script-src 'self' 'unsafe-inline' 'nonce-abc'{REST}", ()),
        (f"script-src 'self' 'unsafe-inline' 'SHA256-abc='{REST}", ()),
        (f"script-src 'unsafe-inline' https: 'strict-dynamic' 'nonce-a'{REST}", ()),
        (f"script-src 'self' 'unsafe-inline' 'nonce-'{REST}", ("unsafe-inline",)),
        (f"script-src *{REST}", ("wildcard",)),
        (f"script-src 'self' https:{REST}", ("wildcard",)),
        (f"script-src 'self' https://*.acme.test{REST}", ()),
        (f"script-src 'self'; script-src *{REST}", ()),
        (f"script-src *; script-src-elem 'self'{REST}", ()),
        (f"SCRIPT-SRC\t'self'{REST}", ()),
        (f"style-src 'unsafe-inline'; script-src 'self'{REST}", ()),
        (f"frame-ancestors 'none'{REST}", ("open-scripts",)),
        ("default-src 'self'", ("no-base-uri", "no-form-action")),
        ("script-src 'self'", ("no-object-src", "no-base-uri", "no-form-action")),
        (f"{STRICT}; form-action 'self'", ()),
    ],
)
def test_what_a_policy_leaves_open(policy: str, found: tuple[str, ...]) -> None:
    assert weak(policy) == found


def test_several_policies_intersect_also_in_one_header() -> None:
    loose, tight = "script-src * 'unsafe-inline'", "script-src 'self'"
    rest = "object-src 'none'; base-uri 'none'; form-action 'self'"
    assert weak(loose, f"{tight}; {rest}") == ()
    assert weak(f"{loose}, {tight}; {rest}") == ()
    assert weak(f"{loose}; {rest}", f"{loose}; {rest}") == ("unsafe-inline", "wildcard")


def test_frame_ancestors_count_in_headers_and_not_in_meta() -> None:
    assert csp.frames(csp.in_headers(["frame-ancestors 'none'"])) == "none"
    assert csp.frames(csp.in_headers(["frame-ancestors 'self' https://a.test"])) == "some"
    assert csp.frames(csp.in_headers(["frame-ancestors *"])) == "any"
    assert csp.frames(csp.in_headers(["frame-ancestors *", "frame-ancestors 'self'"])) == "some"
    assert csp.frames(csp.in_meta(["frame-ancestors 'none'"])) == ""
    assert csp.in_meta(["frame-ancestors 'none'"]) == ()
    assert csp.framed_by_others(csp.in_headers(["frame-ancestors https://a.test"]))
    assert not csp.framed_by_others(csp.in_headers(["frame-ancestors 'self'"]))


def test_where_scripts_may_talk_to() -> None:
    policies = csp.in_headers(
        ["connect-src 'self' https://api.acme.test:443/v1 wss://x.test data:"]
    )
    assert csp.reaches(policies) == ("api.acme.test", "x.test")


def test_nonces_are_blanked_and_still_count() -> None:
    blank = csp.without_nonces(f"script-src 'unsafe-inline' 'nonce-abc=' 'self'{REST}")
    assert blank == f"script-src 'unsafe-inline' 'nonce-…' 'self'{REST}"
    assert weak(blank) == ()


@given(st.lists(st.text(alphabet=st.sampled_from("'*;, -\t\nscriptunafe:/.none\x1bé")), max_size=4))
def test_no_text_makes_it_fail(texts: list[str]) -> None:
    policies = csp.in_headers(texts)
    csp.weaknesses(policies)
    csp.frames(policies)
    csp.reaches(csp.in_meta(texts))
    for text in texts:
        assert csp.without_nonces(csp.without_nonces(text)) == csp.without_nonces(text)


@pytest.mark.parametrize("piece", [";", ",", " ", "'nonce-", "a ", "a;", "script-src "])
def test_no_policy_takes_long_to_read(piece: str) -> None:
    started = time.process_time()
    text = piece * (400_000 // len(piece))
    csp.weaknesses(csp.in_headers([text]))
    csp.without_nonces(text)
    assert time.process_time() - started < 2
