"""`launchready watch` as a user starts it, against a DNS server on loopback that changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_door import launchready
from servers.moving_dns import moving_dns

APP = "app.acme.test"
OLD, NEW = "60 192.0.2.1", "60 192.0.2.2"


def test_a_change_ends_it_with_before_and_after_on_stdout() -> None:
    with moving_dns({f"A {APP}": [OLD, NEW]}) as server:
        ended = launchready(
            "watch", APP, "--resolver", server.endpoint, "--every", "1", "--for", "40s"
        )
    assert ended.code == 0, ended.err
    assert "before  192.0.2.1" in ended.out
    assert "after   192.0.2.2" in ended.out
    assert f"watching A of {APP}" in ended.err
    assert server.endpoint in ended.err
    assert "changed to 192.0.2.2" in ended.err
    assert "cached there until" in ended.err
    assert "\a" not in ended.err + ended.out  # nobody sits at a terminal


def test_json_holds_the_same(tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    with moving_dns({f"CNAME {APP}": "60 acme.onrender.com."}) as server:
        ended = launchready(
            *("watch", APP, "cname", "--until", "ACME.onrender.com.", "--format", "json"),
            *("--resolver", server.endpoint, "-o", proof),
        )
    assert ended.code == 0, ended.err
    assert not ended.out
    told = json.loads(proof.read_text("utf-8"))
    assert told["how"] == "there"
    assert told["changed"] is False
    assert told["after"][0]["records"] == ["acme.onrender.com"]


def test_what_is_not_there_in_time_ends_with_three() -> None:
    with moving_dns({f"A {APP}": OLD}) as server:
        ended = launchready("watch", APP, "--resolver", server.endpoint, "--for", "1s")
    assert ended.code == 3, ended.err
    assert "the time was over first" in ended.out
    assert "cached there until" in ended.out


def test_in_a_sprint_the_proof_is_kept_as_evidence(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    new = ("new", root, "--domain", "acme.test", "--by", "Anna", "--consent", "passive")
    assert launchready(*new).code == 0
    with moving_dns({f"A {APP}": NEW}) as server:
        args = ("watch", APP, "--until", "192.0.2.2", "--resolver", server.endpoint)
        ended = launchready(*args, cwd=root)
    assert ended.code == 0, ended.err
    kept = list((root / ".launchready" / "evidence").glob("*.txt"))
    assert [path.read_text("utf-8") for path in kept] == [ended.out]
    assert kept[0].stem[:12] in ended.err
    journal = (root / ".launchready" / "journal.jsonl").read_text("utf-8")
    assert f"watched A of {APP}: is there" in journal
    assert "Anna" in journal
    assert launchready("verify", cwd=root).code == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("a b",), "is not a host name"),
        ((APP, "NONSENSE"), "NONSENSE"),
        ((APP, "--for", "soon"), "such as 90s"),
        ((APP, "--for", "30d"), "up to seven days"),
        ((APP, "--resolver", "resolver"), "expected an IP address and a port"),
        ((APP, "--every", "0"), "--every"),
        ((APP, "-o", "/nowhere/at/all"), "there is no folder"),
        ((), "NAME"),
    ],
)
def test_a_slip_of_the_pen_is_told_before_anything_leaves(
    args: tuple[str, ...], words: str
) -> None:
    ended = launchready("watch", *args)
    assert ended.code == 2
    assert words in ended.err
    assert not ended.out
