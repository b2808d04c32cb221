"""limits.auth-routes: each route that can be guessed at holds back a burst of tries."""

from __future__ import annotations

from dataclasses import replace

from cases.cloudflare_world import account, token
from cases.examples import Example, examples
from cases.limits_world import APP, tried, tries
from cases.world import DOMAIN, served, web
from launchready_tui.facts.api import ApiAnswer, ApiAnswers
from launchready_tui.facts.cloudflare import Cloudflare, CloudflareHost
from launchready_tui.facts.cloudflare_rules import LIMITS, Limit, Rule
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.given import Target, Web
from launchready_tui.model import Confidence, Outcome, State

LOGIN = f"no-rate-limit {APP}/login"
NOT = ("no-rate-limit",)


def needs_nobody(outcome: Outcome) -> None:
    assert outcome.proven


def needs_somebody(outcome: Outcome) -> None:
    assert not outcome.proven


def is_sure(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED
    assert "401 × 20" in outcome.findings[0].observed


def is_likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


def tells_the_limit(outcome: Outcome) -> None:
    assert "it announces ratelimit-limit: 100" in outcome.findings[0].observed


def tells_what_is_announced(outcome: Outcome) -> None:
    told = {seen.source: seen.value for seen in outcome.seen}
    assert told == {
        "https://acme.test/": "x-ratelimit-limit: 60, x-ratelimit-remaining",
        f"{APP}/api/orders": "ratelimit",
    }


API = ApiAnswers(
    answers=(
        ApiAnswer(url=f"{APP}/api/orders", status=200, announced=("ratelimit",)),
        ApiAnswer(url=f"{APP}/api/health", status=200),
    )
)
PASSES = Cloudflare(zone="yes", hosts=(CloudflareHost(host=f"app.{DOMAIN}", state="proxied"),))
PAST = Cloudflare(zone="yes", hosts=(CloudflareHost(host=f"app.{DOMAIN}", state="dns-only"),))
NAMED = Target(domain=DOMAIN, web=Web(app=APP, login=f"{APP}/login", reset=f"{APP}/reset"))


def ruled(*paths: str, requests: int = 10, action: str = "block") -> CloudflareZone:
    """The account with a rate-limit rule for each path."""
    return account(
        *(
            Rule(
                phase=LIMITS,
                action=action,
                reach=f'http.request.uri.path eq "{path}"',
                name=path,
                limit=Limit(requests=requests, period=60),
            )
            for path in paths
        ),
        token=token(),
    )


LIMITED = web(served(x_ratelimit_limit="60", x_ratelimit_remaining="59"))

OURS = Target(domain=DOMAIN)
TABLE = [
    Example("twenty wrong passwords", (tries(tried()),), finds=(LOGIN,), also=is_sure),
    Example(
        "each route is judged by itself",
        (tries(tried(stopped_by="429", tries=6), tried("reset"), tried("invite")),),
        finds=(f"no-rate-limit {APP}/reset", f"no-rate-limit {APP}/invite"),
    ),
    Example(
        "its answers may be those to a request it did not understand",
        (tries(tried(status=400, firm=False)),),
        finds=(LOGIN,),
        also=is_likely,
    ),
    Example(
        "a limit is announced, but it is far above a burst",
        (tries(tried(announced=("ratelimit-limit: 100",))),),
        finds=(LOGIN,),
        also=tells_the_limit,
    ),
    Example(
        "429 after five",
        (tries(tried(stopped_by="429", tries=6)),),
        not_=NOT,
        also=needs_nobody,
    ),
    Example(
        "a challenge",
        (tries(tried(stopped_by="challenge", tries=11)),),
        not_=NOT,
        also=needs_nobody,
    ),
    Example(
        "the account is locked",
        (tries(tried(stopped_by="lock-out", tries=4)),),
        not_=NOT,
        also=needs_nobody,
    ),
    Example(
        "answers come later and later: most likely on purpose, so a person confirms",
        (tries(tried(stopped_by="delay", tries=9)),),
        not_=NOT,
        also=needs_somebody,
    ),
    Example(
        "an API that takes twenty reads is a busy page's API",
        (tries(tried(stopped_by="429", tries=6), tried("api", status=200)),),
        not_=NOT,
        also=needs_somebody,
    ),
    Example(
        "the form's token was missing, so nothing was tried",
        (tries(tried(gap="it refuses the first try (403)", tries=1)),),
        not_=NOT,
        state=State.UNKNOWN,
    ),
    Example(
        "what could not be tried hides nothing of what could",
        (tries(tried(), tried("reset", gap="no answer", tries=1)),),
        finds=(LOGIN,),
    ),
    Example(
        "nobody allowed the probe, and rules at the edge limit each route",
        (NAMED, PASSES, ruled("/login", "/reset")),
        not_=NOT,
        also=needs_nobody,
    ),
    Example(
        "a rule at the edge for one route says nothing of the other",
        (NAMED, PASSES, ruled("/login")),
        not_=NOT,
        state=State.UNKNOWN,
    ),
    Example(
        "rules of an edge that the app's traffic does not pass",
        (NAMED, PAST, ruled("/login", "/reset")),
        not_=NOT,
        state=State.UNKNOWN,
    ),
    Example(
        "a rule that lets ten requests a second through stops no guessing",
        (NAMED, PASSES, ruled("/login", "/reset", requests=600)),
        not_=NOT,
        state=State.UNKNOWN,
    ),
    Example(
        "a rule that only logs",
        (NAMED, PASSES, ruled("/login", "/reset", action="log")),
        not_=NOT,
        state=State.UNKNOWN,
    ),
    Example(
        "the form's token was missing, and a rule at the edge limits the route",
        (
            NAMED,
            PASSES,
            ruled("/login"),
            tries(tried(gap="it refuses the first try (403)", tries=1)),
        ),
        not_=NOT,
        also=needs_nobody,
    ),
    Example(
        "the rule is there, and twenty tries went through all the same",
        (NAMED, PASSES, ruled("/login"), tries(tried())),
        finds=(LOGIN,),
    ),
    Example("no route is known", (tries(),), state=State.UNKNOWN),
    Example(
        "nobody allowed the probe; what ordinary answers announce is told",
        (API, LIMITED),
        not_=NOT,
        state=State.UNKNOWN,
        also=tells_what_is_announced,
    ),
]
test_examples = examples(
    "limits.auth-routes", [replace(one, facts=(OURS, *one.facts)) for one in TABLE]
)
