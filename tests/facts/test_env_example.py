"""Example files, schemas and hosts' exports: names and comments come along, values do not."""

from __future__ import annotations

import json

import pytest

from launchready_tui.facts.env_example import Named, listing

SECRET = "Xk39dkwQpz81" + "mB7vLr20"


def names(text: str) -> list[str]:
    return [one.name for one in listing(text.encode()).names]


@pytest.mark.parametrize(
    "text",
    [
        f"A_KEY={SECRET}\nB_URL='x'\n",
        f"export A_KEY={SECRET}\nexport B_URL=x",
        json.dumps({"A_KEY": SECRET, "B_URL": "x"}),
        json.dumps({"envs": [{"key": "A_KEY", "value": SECRET}, {"key": "B_URL"}]}),
        json.dumps([{"envVar": {"key": "A_KEY", "value": SECRET}}, {"envVar": {"key": "B_URL"}}]),
        json.dumps(["A_KEY", "B_URL"]),
        "A_KEY\nB_URL\n",
        " name   value      environments  created\n A_KEY  Encrypted  Production    2d ago\n"
        " B_URL  Encrypted  Production    2d ago\n",
        "NAME    DIGEST     CREATED AT\nA_KEY   8d1fc2     1d ago\nB_URL   9ac1       1d ago\n",
    ],
    ids=["lines", "exports", "object", "vercel", "render", "list", "bare", "vercel ls", "fly"],
)
def test_names_are_found_in_what_hosts_give_out(text: str) -> None:
    found = listing(text.encode())
    assert [one.name for one in found.names] == ["A_KEY", "B_URL"]
    assert SECRET not in repr(found)


def test_a_comment_is_the_purpose_and_an_empty_line_ends_it() -> None:
    found = listing(b"# not mine\n\n# sends mail\n# to people\nMAIL_KEY=\n")
    assert found.names == (Named(name="MAIL_KEY", purpose="sends mail to people"),)


def test_a_comment_that_holds_a_secret_is_not_kept() -> None:
    secret = "sk_" + "live_" + "51Hq8KzLmN2pQrStUv"
    assert listing(f"# was {secret}\nA=\n".encode()).names == (Named(name="A"),)


def test_a_real_secret_in_an_example_is_told_by_its_name() -> None:
    assert listing(f"A_KEY=\nB_TOKEN={SECRET}\n".encode()).holds_values == ("B_TOKEN",)


def test_a_schema_says_what_is_needed_where_and_runs_nothing() -> None:
    schema = """\
# @defaultSensitive=true @defaultRequired=false
# ---

# takes the money
# @required=forEnv(production, staging) @docs("the keys", https://pay.example/keys)
PAY_KEY=

# @public @optional
APP_NAME=desk

# @sensitive=false @deprecated="use PAY_KEY"
OLD=exec('id')
"""
    found = listing(schema.encode())
    by_name = {one.name: one for one in found.names}
    assert by_name["PAY_KEY"] == Named(
        name="PAY_KEY",
        purpose="takes the money",
        sensitive=True,
        required_in=("prod", "preview"),
        docs=("https://pay.example/keys",),
    )
    assert (by_name["APP_NAME"].public, by_name["APP_NAME"].required_in) == (True, ())
    assert (by_name["OLD"].sensitive, by_name["OLD"].deprecated) == (False, "use PAY_KEY")
    assert found.runs == (12,)


@pytest.mark.parametrize("data", [b"\xff\xfe" + "A=1\n".encode("utf-16-le"), b"\xef\xbb\xbfA=1\n"])
def test_other_encodings_are_read(data: bytes) -> None:
    assert listing(data).names == (Named(name="A"),)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "begins like JSON"),
        (b"[" * 5_000, "begins like JSON"),
        (bytes(range(32)) * 9, "no text"),
    ],
)
def test_what_is_none_of_these_says_so(data: bytes, problem: str) -> None:
    assert problem in listing(data).problem
