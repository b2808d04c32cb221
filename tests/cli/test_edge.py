"""`edge`: which items a stranger can see, which names are meant, and hosts side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli_door import launchready
from launchready_tui.commands import edge
from launchready_tui.demo import Lab
from launchready_tui.facts.dns import wanted_names
from launchready_tui.given import Target

LABELS = ("", "www.", "app.", "api.")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab.start(tmp_path_factory.mktemp("lab")) as running:
        yield running


def looked(lab: Lab, *hosts: str) -> list[dict[str, object]]:
    options = ["--resolver", lab.options.resolver, "--ca", lab.options.ca]
    options += [word for pin in lab.options.connect for word in ("--connect", pin)]
    ended = launchready("edge", *hosts, "--format", "json", *options)
    assert ended.code in (0, 1, 3), ended.err
    reports = json.loads(ended.out)["reports"]
    assert isinstance(reports, list)
    return reports


def test_what_needs_a_repository_or_a_person_is_left_out() -> None:
    ids = {item.id for item in edge.catalogue().items}
    assert {"dns.apex", "tls.certificate", "site.canonical", "cloudflare.proxy"} <= ids
    assert not ids & {"repo.framework", "env.tracked", "traffic.path", "redirects.old-urls"}


def test_a_name_below_a_domain_stands_for_itself() -> None:
    app = edge.targets_of(["app.acme.com"])[0]
    assert not app.guesses
    assert list(wanted_names(app)) == ["app.acme.com"]


def test_a_domain_given_alone_is_looked_around_in() -> None:
    alone = edge.targets_of(["acme.co.uk"])[0]
    assert alone.guesses
    assert "www.acme.co.uk" in wanted_names(alone)


def test_beside_hosts_that_were_named_no_others_are_guessed() -> None:
    apex, app = edge.targets_of(["acme.com", "app.acme.com"])
    assert not apex.guesses
    assert "www.acme.com" in wanted_names(apex)
    assert not app.guesses
    other = edge.targets_of(["acme.com", "acme.org"])[0]
    assert other.guesses


def test_a_sprint_guesses_as_ever() -> None:
    assert Target(domain="acme.com").guesses


def test_four_hosts_of_a_domain_share_what_they_have_in_common(lab: Lab) -> None:
    reports = looked(lab, *(f"{label}{lab.domain}" for label in LABELS))
    sent = [report["requests"] for report in reports]
    assert sum(count for one in sent if isinstance(one, dict) for count in one.values()) <= 120
    assert all(one and all(kind.endswith("/passive") for kind in one) for one in sent)  # type: ignore[union-attr]
    assert [report["target"]["domain"] for report in reports] == [  # type: ignore[index]
        f"{label}{lab.domain}" for label in LABELS
    ]


def test_a_host_beside_others_gets_the_verdict_it_gets_alone(lab: Lab) -> None:
    """But for what is read of scripts and files, of which several hosts share a number."""
    app = f"app.{lab.domain}"
    [alone] = looked(lab, app, "--no-guess")
    beside = next(
        report
        for report in looked(lab, lab.domain, app, "--no-guess")
        if report["target"]["domain"] == app  # type: ignore[index]
    )
    assert alone["verdict"] == beside["verdict"]
    assert states(alone) == states(beside)


def states(report: dict[str, Any]) -> dict[str, str]:
    return {item["id"]: item["state"] for item in report["items"]}


def test_progress_counts_all_hosts(tmp_path: Path) -> None:
    ended = launchready("edge", "a.test", "b.test", "--resolver", "127.0.0.1:9", cwd=tmp_path)
    each = len(edge.catalogue().items)
    assert f"checking a.test, b.test: {each} items each" in ended.err
    assert "stage 1" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_addresses_that_nobody_links_to_may_be_left_out() -> None:
    plain = {item.id for item in edge.catalogue(guess=False).items}
    guessing = {item.id for item in edge.catalogue().items}
    assert guessing - plain == set(edge.GUESSING)
