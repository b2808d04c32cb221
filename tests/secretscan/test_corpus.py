"""Fifty planted secrets are found, as many look-alikes are left alone, and no value gets out."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from cli_door import Ended, launchready
from launchready_tui.secretscan.engine import Engine, Full, Reduced
from launchready_tui.secretscan.found import SecretScan
from launchready_tui.secretscan.search import scan_folder
from secretscan.corpus import PLANTED, Made, planted

STILL_THERE = "gone/known.txt"
"""Its value still stands elsewhere in the tree: that place tells since when it is known."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return planted(tmp_path_factory.mktemp("corpus") / "desk")


@pytest.fixture(params=[Full, Reduced], ids=["full", "reduced"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


def scanned(made: Made, engine: Engine) -> SecretScan:
    return scan_folder(made.root, engine)


def test_planted_secrets_are_found_wherever_they_stand(made: Made, engine: Engine) -> None:
    scan = scanned(made, engine)
    paths = [leak.path for leak in scan.leaks]
    missed = {name for name in made.secrets if not any(path.endswith(name) for path in paths)}
    assert len(made.secrets) == 50
    assert missed <= {STILL_THERE}
    by_path = {leak.path: leak for leak in scan.leaks}
    assert by_path["gone/pay.ts"].where == "history"
    assert by_path["gone/pay.ts"].commit and by_path["gone/pay.ts"].written
    assert by_path["branch/hook.ts"].where == "history"
    assert by_path["dist/app.js"].where == "build"
    assert by_path["src/known64.ts"].sort == "known"
    assert by_path["src/pay_dev.ts"].severity == "low"
    assert by_path["src/known.ts"].first == by_path["src/knownurl.ts"].first != ""


def test_what_only_looks_like_a_secret_is_left_alone(made: Made, engine: Engine) -> None:
    flagged = [
        (leak.subject, leak.rule)
        for leak in scanned(made, engine).leaks
        if not any(leak.path.endswith(name) for name in made.secrets)
    ]
    assert len(made.innocent) == 51
    assert flagged == []


def test_two_scans_of_an_unchanged_repository_are_equal(made: Made) -> None:
    engine = Reduced()
    assert scanned(made, engine) == scanned(made, engine)


def forms(value: str) -> set[bytes]:
    """A value in the encodings in which it might slip out."""
    content = value.encode()
    return {
        content,
        base64.b64encode(content).rstrip(b"="),
        content.hex().encode(),
        quote(content, safe="").encode(),
        json.dumps(value)[1:-1].encode(),
        value.encode("utf-16-le"),
    }


def asked(made: Made, *args: str) -> Ended:
    return launchready("secrets", "scan", str(made.root), "--history", *args)


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_no_output_holds_a_value_in_any_encoding(made: Made, form: str, tmp_path: Path) -> None:
    ended = asked(made, "--format", form)
    assert ended.code == 1
    said = (ended.out + ended.err).encode()
    assert [value for value in PLANTED if any(one in said for one in forms(value))] == []
    asked(made, "--format", form, "-o", str(tmp_path / "report"))
    written = (tmp_path / "report").read_bytes()
    assert [value for value in PLANTED if any(one in written for one in forms(value))] == []


def test_the_report_names_place_rule_and_dates(made: Made) -> None:
    report = json.loads(asked(made, "--format", "json").out)
    found = {finding["path"]: finding for finding in report["findings"]}
    old = found["gone/pay.ts"]
    assert old["code"] == "secret-in-history"
    assert old["subject"] == f"{old['commit']}:gone/pay.ts:1"
    assert old["author_date"] and old["first_exposure"].endswith(f"({old['commit']})")
    assert found["src/pay.ts"]["subject"] == "src/pay.ts:1"
    assert found["src/known.ts"]["code"] == "secret-known-value"
    assert found["dist/app.js"]["code"] == "secret-in-bundle"
    assert report["scan"]["history"] == "whole" and report["scan"]["gaps"] == []


def test_what_a_baseline_holds_does_not_fail_again(made: Made, tmp_path: Path) -> None:
    base = tmp_path / "base.json"
    assert asked(made, "--format", "json", "-o", str(base)).code == 1
    again = asked(made, "--baseline", str(base), "--format", "json")
    assert again.code == 0
    assert not any(finding["new"] for finding in json.loads(again.out)["findings"])
    fresh = made.root / "src" / "fresh.ts"
    fresh.write_text(made.root.joinpath("src", "pay.ts").read_text())
    try:
        more = asked(made, "--baseline", str(base), "--format", "json")
    finally:
        fresh.unlink()
    new = [finding["path"] for finding in json.loads(more.out)["findings"] if finding["new"]]
    assert more.code == 1
    assert new == ["src/fresh.ts"]


def test_sarif_has_the_structure_of_the_standard(made: Made) -> None:
    log = json.loads(asked(made, "--format", "sarif").out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] and len({rule["id"] for rule in rules}) == len(rules)
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        assert " " not in place["artifactLocation"]["uri"]
        assert place["region"]["startLine"] >= 1
        assert all(isinstance(mark, str) for mark in result["partialFingerprints"].values())
