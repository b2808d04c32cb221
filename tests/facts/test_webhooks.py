"""Webhooks and jobs at a real server: a look where anybody may look, a call where it is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.world import DOMAIN, web
from launchready_tui.facts.jobs import (
    Job,
    ScheduledJobs,
    called_at,
    job_answers,
    jobs_in,
    look,
)
from launchready_tui.facts.webhooks import webhook_answers
from launchready_tui.given import Permits, Target, Web
from launchready_tui.model import CouldNotTell, Level
from launchready_tui.network import Network, Options, Scope, open_network
from servers.scripted import Asked, Desk, Reply, running_script

HOST = f"app.{DOMAIN}"
UNSIGNED = Permits(probes=("webhook-unsigned",), by="Ana")


def network(desk: Desk, level: Level = Level.PASSIVE) -> Network:
    scope = Scope(hosts=(DOMAIN,), named=(HOST,), level=level)
    return open_network(scope, Options(connect=(desk.connect,)))


def target(desk: Desk, *paths: str) -> Target:
    return Target(domain=DOMAIN, web=Web(webhooks=tuple(map(desk.url, paths))))


def answers(asked: Asked, before: int) -> Reply:
    if asked.path == "/moved":
        return Reply(308, {"location": "/moved/?token=" + "a1b2c3d4" * 4})
    if asked.path == "/held":
        return Reply(403, {"cf-mitigated": "challenge"})
    if asked.path == "/page":
        return Reply(200, {"content-type": "text/html"}, b"<title>Desk</title>")
    if asked.path == "/php":
        return Reply(200, {"content-type": "text/html"}, b"OK")
    return Reply(405 if asked.method == "HEAD" else 401)


async def test_without_leave_each_webhook_is_looked_at_once() -> None:
    with running_script(answers) as desk:
        async with network(desk) as net:
            seen = await webhook_answers(net, target(desk, "/pay", "/moved", "/held"), Permits())
    assert [asked.method for asked in desk.asked] == ["HEAD"] * 3
    pay, moved, held = (hook.knock for hook in seen.hooks)
    assert (pay.status, moved.status, held.challenge) == (405, 308, "Cloudflare")
    assert moved.location == "/moved/?token=…"
    assert not seen.tried
    assert all(hook.unsigned is None for hook in seen.hooks)
    assert net.log.counts() == {"HEAD/passive": 3}


async def test_with_leave_each_gets_one_empty_unsigned_call() -> None:
    with running_script(answers) as desk:
        async with network(desk, Level.ACTIVE) as net:
            given = target(desk, "/pay", "/page", "/php")
            seen = await webhook_answers(net, given, UNSIGNED)
    posts = [asked for asked in desk.asked if asked.method == "POST"]
    assert [asked.body for asked in posts] == [b"{}"] * 3
    assert {asked.headers["content-type"] for asked in posts} == {"application/json"}
    assert not any("signature" in name for asked in posts for name in asked.headers)
    unsigned = [hook.unsigned for hook in seen.hooks]
    assert [(call.status, call.page) for call in unsigned if call] == [
        (401, False),
        (200, True),
        (200, False),
    ]


async def test_what_lies_out_of_scope_or_has_no_answer_says_so() -> None:
    with running_script(lambda asked, before: Reply(401)) as desk:
        urls = (desk.url("/a", "other.test"), "http://app.acme.test:1/b")
        given = Target(domain=DOMAIN, web=Web(webhooks=urls))
        options = Options(connect=(desk.connect, "*:1=127.0.0.1:1"))
        async with open_network(Scope(hosts=(DOMAIN,), named=(HOST,)), options) as net:
            seen = await webhook_answers(net, given, Permits())
    assert "not in the authorised scope" in seen.hooks[0].knock.cause
    assert "nothing listens" in seen.hooks[1].knock.cause


async def test_no_more_than_ten_are_looked_at_and_an_unchanged_one_is_the_same_fact() -> None:
    with running_script(answers) as desk:
        given = target(desk, *(f"/hook/{n}" for n in range(14)))
        async with network(desk) as net:
            first = await webhook_answers(net, given, Permits())
            second = await webhook_answers(net, given, Permits())
    assert len(first.hooks) == 10
    assert msgspec.json.encode(first) == msgspec.json.encode(second)


async def test_each_scheduled_path_is_called_once_by_head_at_the_active_level() -> None:
    jobs = ScheduledJobs(jobs=tuple(Job(path=p, where="vercel.json") for p in ("/a", "/b", "/a")))
    with running_script(lambda asked, before: Reply(401)) as desk:
        async with network(desk, Level.ACTIVE) as net:
            seen = await called_at(net, desk.url(""), jobs)
        assert net.log.counts() == {"HEAD/active": 2}
        assert [asked.path for asked in desk.asked] == ["/a", "/b"]
        async with network(desk) as net:
            barred = await called_at(net, desk.url(""), jobs)
        assert len(desk.asked) == 2
    assert {call.status for _, call in seen.answers} == {401}
    assert "not sent at the passive level" in barred.answers[0][1].cause


async def test_an_unguarded_job_is_not_called_without_leave() -> None:
    jobs = ScheduledJobs(jobs=(Job(path="/a", where="vercel.json"),))
    with running_script() as desk:
        async with network(desk, Level.ACTIVE) as net:
            with pytest.raises(CouldNotTell, match="cron-call"):
                await job_answers(net, jobs, web(), Permits())
    assert not desk.asked


@pytest.mark.parametrize(
    ("rule", "path", "slash"),
    [
        ('"trailingSlash": true,', "/api/cron", True),
        ('"trailingSlash": true,', "/api/cron/", False),
        ('"trailingSlash": true,', "/cron.json", False),
        ('"trailingSlash": true,', "/api/cron?job=a", True),
        ('"trailingSlash": false,', "/api/cron", False),
        ('"trailingSlash": false,', "/api/cron/", True),
        ("", "/api/cron/", False),
        ("", "/api/cron", False),
    ],
)
def test_the_rule_about_slashes_is_compared_with_each_path(
    rule: str, path: str, slash: bool
) -> None:
    text = f'{{{rule} "crons": [{{"path": "{path}", "schedule": "0 5 * * *"}}]}}'
    assert jobs_in(text, "vercel.json") == [Job(path=path, where="vercel.json", slash=slash)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"crons": {}}',
        '{"crons": [1, null, {"path": 3}, {"path": "x"}]}',
        '{"crons": [{"path": "//evil.example/a"}, {"path": "https://evil.example/"}]}',
        "[" * 50_000,
    ],
)
def test_a_file_without_jobs_has_none(text: str) -> None:
    assert jobs_in(text, "vercel.json") == []


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(JSON, JSON)
def test_no_file_is_too_strange(crons: Any, rule: Any) -> None:
    text = msgspec.json.encode({"crons": [crons, {"path": crons}], "trailingSlash": rule}).decode()
    jobs_in(text, "vercel.json")


def test_the_jobs_of_a_repository_are_found_where_its_apps_are(tmp_path: Path) -> None:
    app = tmp_path / "apps" / "web"
    app.mkdir(parents=True)
    text = '{"crons": [{"path": "/api/daily", "schedule": "0 5 * * *"}]}'
    (app / "vercel.json").write_text(text, "utf-8")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "vercel.json").write_text(text, "utf-8")
    assert look(tmp_path).jobs == (Job(path="/api/daily", where="apps/web/vercel.json"),)
