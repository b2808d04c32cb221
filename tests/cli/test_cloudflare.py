"""`cloudflare` and `except` as a user starts them: what is kept, what was not readable."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_door import Ended, launchready
from servers.cloudflare import BIND, DENIED, ZONE, FakeCloudflare, running_cloudflare, token_of
from servers.pki import Pki


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("cloudflare"))


@pytest.fixture(scope="module")
def api(pki: Pki) -> Iterator[FakeCloudflare]:
    with running_cloudflare(pki) as served:
        yield served


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    ended = launchready(
        "new", root, "--domain", "acme.test", "--by", "Anna", "--consent", "passive"
    )
    assert ended.code == 0, ended.err
    return root


def exported(api: FakeCloudflare, pki: Pki, sprint: Path, *more: str | Path) -> Ended:
    return launchready(
        "cloudflare",
        sprint,
        "--ca",
        pki.ca,
        "--connect",
        api.pin,
        "--token-from",
        "-",
        *more,
        stdin=f"{api.token}\n",
    )


def test_the_export_is_kept_by_content_and_by_name(
    api: FakeCloudflare, pki: Pki, sprint: Path, tmp_path: Path
) -> None:
    api.answers.clear()
    out = tmp_path / "handover"
    ended = exported(api, pki, sprint, "-o", out)
    assert ended.code == 0, ended.err
    assert "acme.test: 4 files, 6 records" in ended.err
    names = {"zone.bind", "records.json", "settings.toml", "rules.toml"}
    assert {path.name for path in out.iterdir()} == names
    kept = {path.stem: path for path in (sprint / ".launchready" / "evidence").iterdir()}
    for path in out.iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() in kept
    assert (out / "zone.bind").read_text("utf-8") == BIND
    records = json.loads((out / "records.json").read_text("utf-8"))
    assert {(r["name"], r["type"]): r.get("proxied", False) for r in records}[
        ("direct.acme.test", "A")
    ] is False
    settings = tomllib.loads((out / "settings.toml").read_text("utf-8"))
    assert settings["settings"]["ssl"]["value"] == "strict"
    rules = tomllib.loads((out / "rules.toml").read_text("utf-8"))
    assert rules["not_readable"] == []
    assert [rule["name"] for rule in rules["rule"]] == [
        "Cloudflare Managed Ruleset",
        "Login",
        "Assets",
    ]
    everything = ended.out + ended.err + "".join(map(str, kept)) + str(records)
    journal = (sprint / ".launchready" / "journal.jsonl").read_text("utf-8")
    assert api.token not in everything + journal
    assert "export from Cloudflare: zone.bind " in journal
    assert launchready("verify", sprint).code == 0


def test_what_the_token_may_not_read_is_said(api: FakeCloudflare, pki: Pki, sprint: Path) -> None:
    api.answers[f"/zones/{ZONE}/settings"] = DENIED
    ended = exported(api, pki, sprint)
    api.answers.clear()
    assert ended.code == 3
    assert "settings not readable: the token needs Zone Settings Read" in ended.err
    assert "settings.toml" not in ended.err


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("cfk" + "_" + "A1b2" * 10, "a global API key is refused, nothing was sent"),
        ("short", "does not look like a token"),
        (token_of() + "z", "does not accept the token"),
    ],
)
def test_a_token_that_will_not_do_exports_nothing(
    token: str, told: str, api: FakeCloudflare, pki: Pki, sprint: Path
) -> None:
    door = ("--ca", pki.ca, "--connect", api.pin, "--token-from", "-")
    ended = launchready("cloudflare", sprint, *door, stdin=token)
    assert ended.code == 2
    assert told in ended.err and token not in ended.err
    assert not list((sprint / ".launchready").glob("evidence/*"))


def test_without_a_token_it_says_where_to_put_one(sprint: Path) -> None:
    ended = launchready("cloudflare", sprint)
    assert ended.code == 2
    assert "launchready vault set cloudflare-token" in ended.err


def excepted(sprint: Path, *args: str) -> Ended:
    return launchready("except", *args, "--dir", str(sprint))


WHY = "Stripe signs each call and cannot solve puzzles"


def test_an_exception_is_recorded_listed_and_ended(sprint: Path) -> None:
    assert "No route bypasses" in excepted(sprint).out
    words = ("--bypasses", "bot,cache", "--why", WHY, "--owner", "Ben", "--by", "Anna")
    ended = excepted(sprint, "/webhooks/payments", *words)
    assert ended.code == 0, ended.err
    assert "bypasses bot rules, cache; Ben answers for it" in ended.err
    listed = excepted(sprint).out
    assert f"/webhooks/payments  bypasses bot rules, cache; owner Ben: {WHY} (Anna, 20" in listed
    assert excepted(sprint, "/webhooks/payments", "--end", "--by", "Ben").code == 0
    assert "No route bypasses" in excepted(sprint).out
    assert excepted(sprint, "/webhooks/payments", "--end", "--by", "Ben").code == 2


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("/a", "--bypasses", "fence"), "expected some of cache, bot, rate, waf"),
        (("/a", "--bypasses", "waf", "--why", "no", "--owner", "B"), "at least 15 characters"),
        (("/a", "--bypasses", "waf", "--why", WHY), "Name an owner"),
        (("a", "--bypasses", "waf", "--why", WHY, "--owner", "B"), "A route is a path"),
    ],
)
def test_an_exception_that_lacks_something_says_what(
    args: tuple[str, ...], told: str, sprint: Path
) -> None:
    ended = excepted(sprint, *args, "--by", "Anna")
    assert ended.code == 2 and told in ended.err
    assert excepted(sprint, "--bypasses", "waf").code == 2
    assert not list((sprint / ".launchready").glob("exceptions/*"))
