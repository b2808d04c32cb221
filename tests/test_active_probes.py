"""What each active probe says of itself is true: how many requests, how long, and none without a
permit.

The server makes them send as much as they ever do: it answers everything and holds back nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import launchready_tui.checks  # noqa: F401  registers every gatherer
from launchready_tui.catalogue import load
from launchready_tui.engine import GATHERERS
from launchready_tui.facts import data_platform, noisy
from launchready_tui.given import Keys, Permits, Target, Told, Web
from launchready_tui.model import ActiveProbe, Level
from launchready_tui.network import Scope
from launchready_tui.network.seen import Request
from launchready_tui.recheck import Answered, Question, look
from launchready_tui.secret import Secret
from servers.fronted import API, APP, DOMAIN, Front, running_front
from servers.scripted import Asked, Reply

PROBES = {probe.id: probe for probe in load().active if probe.items}
GATHERS = {
    "cache-deception": "Deceptions",
    "cors-preflight": "CorsPreflights",
    "cron-call": "JobAnswers",
    "firebase-shallow": "DataPlatform",
    "graphql-introspection": "Introspection",
    "login-burst": "AuthTries",
    "login-flow": "LoginFlow",
    "noisy-neighbour": "NoisyNeighbour",
    "open-redirect": "OpenRedirects",
    "supabase-rows": "DataPlatform",
    "webhook-unsigned": "WebhookAnswers",
    "zone-transfer": "ZoneTransfers",
}
"""By probe, the fact that it brings."""
ELSEWHERE = ("firebase-shallow", "noisy-neighbour", "supabase-rows", "zone-transfer")
"""Not sent to a web host of ours, or for long: held by their own tests and by their limits."""
HELD = {"test-session": "session=abcdef0123456789", "test-login": f"ann@{DOMAIN}\nword-of-ann-7"}
MARKER = "Ann of Desk"
FORM = b"""<title>Sign in</title><form method=post action=/login>
<input type=email name=email><input type=password name=password></form>"""


def answer(asked: Asked, before: int) -> Reply:
    path = asked.path.partition("?")[0]
    origin = asked.headers.get("origin", "")
    cors = {
        "access-control-allow-origin": origin or "null",
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, PUT, DELETE",
    }
    html = {"content-type": "text/html", **cors}
    signed = "session=" in asked.headers.get("cookie", "")
    if path == "/login" and asked.method == "POST" and b"word-of-ann-7" in asked.body:
        return Reply(303, {"location": "/orders", "set-cookie": "session=b1; Secure"}, b"")
    if path == "/login" and asked.method == "POST":
        return Reply(401, html, b"wrong")
    if path == "/login":
        return Reply(200, html, FORM)
    if path.startswith("/orders") and signed:
        return Reply(200, html, f"<title>Orders</title><p>{MARKER}</p>".encode())
    if path.startswith("/orders"):
        return Reply(302, {"location": "/login"}, b"")
    if path.startswith("/api/"):
        return Reply(200, {"content-type": "application/json", **cors}, b'{"ok": 1}')
    return Reply(200, html, b"<title>Desk</title><p>Desk</p>")


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with running_front(answer, tmp_path_factory.mktemp("probes")) as served:
        yield served


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repo")
    crons = [{"path": f"/api/jobs/{n}", "schedule": "0 1 * * *"} for n in range(12)]
    (folder / "vercel.json").write_text(json.dumps({"crons": crons}), "utf-8")
    return folder


def run(front: Front, repo: Path, *probes: str) -> Answered:
    at = f"https://{APP}"
    many = tuple(f"{at}/orders/{n}" for n in range(9))
    target = Target(
        domain=DOMAIN,
        repo=str(repo),
        web=Web(
            app=at,
            private=many,
            api=(*(f"{at}/api/{n}" for n in range(9)), f"https://{API}/graphql"),
            login=f"{at}/login",
            logout=f"{at}/logout",
            reset=f"{at}/reset",
            signup=f"{at}/signup",
            invite=f"{at}/invite",
            webhooks=tuple(f"{at}/hooks/{n}" for n in range(12)),
            markers=(MARKER,),
        ),
    )
    wanted = {item for probe in probes or PROBES for item in PROBES[probe].items}
    return asyncio.run(
        look(
            Question(
                items=tuple(item for item in load().items if item.id in wanted),
                target=target,
                told=Told(),
                scope=Scope(hosts=(DOMAIN,), level=Level.LOAD, by="a test", named=(DOMAIN,)),
                options=front.options,
                permits=Permits(probes=probes, by="a test"),
                keys=Keys(lambda: HELD, lambda name: Secret(HELD[name]) if name in HELD else None),
            )
        )
    )


def page(request: Request) -> str:
    """The private page that a disguised address belongs to."""
    rest = request.path.removeprefix("/orders/")
    return rest[:1]


def route(request: Request) -> str:
    return f"{request.host}{request.path}"


def together(request: Request) -> str:
    return ""


EACH: dict[str, Callable[[Request], str]] = {
    "cache-deception": page,
    "cors-preflight": route,
    "cron-call": route,
    "graphql-introspection": together,
    "login-burst": route,
    "login-flow": together,
    "open-redirect": together,
    "webhook-unsigned": route,
}
"""What a probe's number is about: each route, each page, or all it sends."""


def test_every_probe_is_held_to_its_word_here() -> None:
    assert set(PROBES) == set(GATHERS) == {*EACH, *ELSEWHERE}


@pytest.mark.slow
@pytest.mark.parametrize("probe", EACH)
def test_a_probe_sends_no_more_than_it_says_and_nothing_else_leaves(
    front: Front, repo: Path, probe: str
) -> None:
    requests = run(front, repo, probe).requests
    sent = [request for request in requests if request.level != "passive"]
    assert sent, "it was made to send nothing"
    assert {request.fact for request in sent} == {GATHERS[probe]}
    most = Counter(map(EACH[probe], sent)).most_common(1)[0][1]
    assert most <= PROBES[probe].most
    assert most >= 0.25 * PROBES[probe].most, "it says far more than it ever sends"


@pytest.mark.slow
def test_without_a_permit_none_of_them_leaves(front: Front, repo: Path) -> None:
    before = len(front.desk.asked)
    requests = run(front, repo).requests
    assert {request.level for request in requests} == {"passive"}
    asked = front.desk.asked[before:]
    assert {one.method for one in asked} <= {"GET", "HEAD"}
    assert not any(one.body for one in asked)


@pytest.mark.parametrize("probe", PROBES.values(), ids=list(PROBES))
def test_a_probe_ends_within_the_time_it_says(probe: ActiveProbe) -> None:
    assert GATHERERS[GATHERS[probe.id]].limit <= probe.seconds


def test_what_is_sent_elsewhere_is_bounded_by_the_same_numbers() -> None:
    assert PROBES["supabase-rows"].most == data_platform.MOST_TABLES
    assert PROBES["noisy-neighbour"].most == noisy.MOST
    assert PROBES["firebase-shallow"].most == 1
