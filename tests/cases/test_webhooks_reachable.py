"""webhooks.reachable: calls arrive at the address itself, unhindered; unsigned ones are refused."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.webhooks_world import (
    APP,
    HAS_THEM,
    LISTED,
    NO_WEBHOOKS,
    PAY,
    challenging,
    forbidden,
    hooks,
    knocked,
)
from cases.world import DOMAIN, TARGET, web
from launchready_tui.facts.api import ApiAnswer, ApiAnswers
from launchready_tui.model import Confidence, Outcome, State

MOVED = f"webhook-wrong-secret-or-redirected {PAY}"
CHALLENGE = f"cf-challenge-on-api {PAY}"
OPEN = f"webhook-fails-open {PAY}"
RULES = f"bot-rules-block-webhooks {APP}"
ALL = (
    "webhook-wrong-secret-or-redirected",
    "webhook-fails-open",
    "cf-challenge-on-api",
    "bot-rules-block-webhooks",
)


def is_sure(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED


def is_likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


def needs_somebody(outcome: Outcome) -> None:
    assert not outcome.proven


def says_what_was_not_tried(outcome: Outcome) -> None:
    assert any("allow “webhook-unsigned”" in seen.value for seen in outcome.seen)
    assert not outcome.proven


test_examples = examples(
    "webhooks.reachable",
    [
        Example(
            "it answers a look with 405 and nobody allowed more",
            (hooks(), LISTED),
            not_=ALL,
            also=says_what_was_not_tried,
        ),
        Example(
            "it refuses a call without a signature",
            (hooks(unsigned=knocked(401)), LISTED),
            not_=ALL,
            also=needs_somebody,
        ),
        Example(
            "it redirects to www",
            (hooks(knocked(301, f"https://www.{DOMAIN}/webhooks/pay")), LISTED),
            finds=(MOVED,),
            also=is_sure,
        ),
        Example(
            "it adds a final slash",
            (hooks(knocked(308, "/webhooks/pay/")), LISTED),
            finds=(MOVED,),
            also=is_sure,
        ),
        Example(
            "a look is sent to the sign-in; a call may be too",
            (hooks(knocked(307, "/login")), LISTED),
            finds=(MOVED,),
            also=is_likely,
        ),
        Example(
            "a call is sent to the sign-in",
            (hooks(knocked(307, "/login"), knocked(307, "/login")), LISTED),
            finds=(MOVED,),
            also=is_sure,
        ),
        Example(
            "only a look is redirected: a call is taken and refused",
            (hooks(knocked(302, "/docs/webhooks"), knocked(400)), LISTED),
            not_=("webhook-wrong-secret-or-redirected",),
        ),
        Example(
            "its redirect cannot be read",
            (hooks(knocked(302, "http://[bad")), LISTED),
            finds=(MOVED,),
        ),
        Example("unsigned, and taken", (hooks(unsigned=knocked(200)), LISTED), finds=(OPEN,)),
        Example(
            "a web page for everybody takes no webhooks",
            (hooks(knocked(200), knocked(200, page=True)), LISTED),
            not_=("webhook-fails-open",),
            state=State.UNKNOWN,
        ),
        Example(
            "nothing takes a call there",
            (hooks(knocked(404), knocked(404)), LISTED),
            not_=ALL,
            state=State.UNKNOWN,
        ),
        Example(
            "it fails instead of refusing",
            (hooks(unsigned=knocked(500)), LISTED),
            not_=("webhook-fails-open",),
            state=State.UNKNOWN,
        ),
        Example(
            "a challenge stands before it",
            (hooks(knocked(403, challenge="Cloudflare")), web(challenging()), LISTED),
            finds=(CHALLENGE,),
        ),
        Example(
            "a challenge stands before the API",
            (
                hooks(),
                LISTED,
                ApiAnswers(
                    answers=(
                        ApiAnswer(url=f"https://{APP}/api/a", status=429, challenge="Vercel"),
                        ApiAnswer(url=f"https://{APP}/api/b", status=403),
                    )
                ),
            ),
            finds=(f"cf-challenge-on-api https://{APP}/api/a",),
        ),
        Example(
            "pages and sign-in are challenged, the webhook is spared",
            (hooks(), web(challenging()), LISTED),
            not_=("cf-challenge-on-api", "bot-rules-block-webhooks"),
        ),
        Example(
            "the pages are challenged and the webhook gave no answer",
            (hooks(knocked(0, cause="no answer within 8 s")), web(challenging()), LISTED),
            finds=(RULES,),
        ),
        Example(
            "the pages are challenged and nobody listed the webhooks that there are",
            (NO_WEBHOOKS, web(challenging()), HAS_THEM),
            finds=(RULES,),
            also=is_likely,
        ),
        Example(
            "the pages are challenged and nothing says that there are webhooks",
            (NO_WEBHOOKS, web(challenging()), TARGET),
            not_=("bot-rules-block-webhooks",),
            state=State.UNKNOWN,
        ),
        Example(
            "another host is challenged",
            (hooks(knocked(0, cause="no answer")), web(challenging(DOMAIN)), LISTED),
            not_=("bot-rules-block-webhooks",),
            state=State.UNKNOWN,
        ),
        Example(
            "a block by country is no bot rule",
            (hooks(knocked(0, cause="no answer")), web(forbidden()), LISTED),
            not_=("bot-rules-block-webhooks",),
            state=State.UNKNOWN,
        ),
        Example("no webhook is known", (NO_WEBHOOKS, TARGET), not_=ALL, state=State.UNKNOWN),
    ],
)
