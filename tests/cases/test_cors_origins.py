"""cors.origins: only the company's own sites may read the API's answers from a browser."""

from __future__ import annotations

from cases.cache_world import (
    API,
    BELOW,
    FRONT,
    LISTED,
    LOCAL,
    NAMED,
    NULL,
    ORDERS,
    OWN,
    PLAIN,
    allowed,
    answers,
    cors,
    preflights,
    silent,
)
from cases.examples import Example, examples
from cases.world import DOMAIN, TARGET
from launchready_tui.facts.cors import FOREIGN, CorsAnswers, CorsPath
from launchready_tui.given import Target, Web
from launchready_tui.model import Outcome, Severity, State

REFLECTS, WEAK = (f"cors-reflect-credentials {API}",), (f"cors-weak-origin {API}",)
LISTS = Target(domain=DOMAIN, web=Web(api=(API,), origins=(LISTED, f"https://*.{DOMAIN}")))
PREVIEW = "https://lr-check.vercel.app"


def proven(outcome: Outcome) -> None:
    assert outcome.proven


def unproven(outcome: Outcome) -> None:
    assert not outcome.proven


def is_low(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.LOW


def by_preflight(outcome: Outcome) -> None:
    assert "OPTIONS for PUT" in outcome.findings[0].observed


def names_the_slip(outcome: Outcome) -> None:
    assert "only the beginning is compared" in outcome.findings[0].observed


test_examples = examples(
    "cors.origins",
    [
        Example(
            "the app's own origin alone comes back",
            (NAMED, cors(answers()), preflights()),
            not_=("cors-reflect-credentials", "cors-weak-origin", "cors-vary-missing"),
            also=proven,
        ),
        Example("only reading was tried", (NAMED, cors(answers())), also=unproven),
        Example("no API is named", (TARGET, cors(), preflights()), also=unproven),
        Example(
            "any origin comes back, with credentials",
            (NAMED, cors(answers(FOREIGN, NULL, LOCAL))),
            finds=REFLECTS,
        ),
        Example(
            "an origin that begins like the app comes back",
            (NAMED, cors(answers(f"{OWN}.evil.example"))),
            finds=REFLECTS,
            also=names_the_slip,
        ),
        Example(
            "a change is allowed where reading is not",
            (NAMED, cors(answers()), preflights(FOREIGN)),
            finds=REFLECTS,
            also=by_preflight,
        ),
        Example(
            "an own site that is listed comes back, with credentials",
            (LISTS, cors(CorsPath(url=API, answers=(allowed(LISTED, LISTED, credentials=True),)))),
            not_=("cors-reflect-credentials", "cors-weak-origin"),
        ),
        Example(
            "a foreign origin that is listed comes back",
            (
                Target(domain=DOMAIN, web=Web(api=(API,), origins=(FOREIGN,))),
                cors(answers(FOREIGN)),
            ),
            not_=("cors-reflect-credentials",),
        ),
        *(
            Example(f"{origin} comes back", (NAMED, cors(answers(origin))), finds=WEAK)
            for origin in (NULL, PLAIN, LOCAL, PREVIEW)
        ),
        Example(
            "every own sub-domain comes back, which is a remark",
            (NAMED, cors(answers(BELOW))),
            finds=WEAK,
            also=is_low,
        ),
        Example(
            "all own sub-domains are listed",
            (LISTS, cors(answers(BELOW))),
            not_=("cors-weak-origin",),
        ),
        Example(
            "null comes back without credentials on public data",
            (NAMED, cors(answers(NULL, credentials=False))),
            not_=("cors-weak-origin",),
        ),
        Example(
            "any origin comes back without credentials on a private page",
            (NAMED, cors(answers(FOREIGN, url=ORDERS, private=True, credentials=False))),
            finds=(f"cors-reflect-private {ORDERS}",),
        ),
        Example(
            "any origin comes back without credentials on public data",
            (NAMED, cors(answers(FOREIGN, credentials=False))),
            not_=("cors-reflect-private", "cors-reflect-credentials"),
        ),
        Example(
            "everybody may read public data",
            (NAMED, cors(silent(API, "*"))),
            not_=("cors-wildcard-credentials", "cors-vary-missing"),
        ),
        Example(
            "everybody with cookies, which browsers refuse",
            (NAMED, cors(silent(API, "*", credentials=True))),
            finds=(f"cors-wildcard-credentials {API}",),
        ),
        Example(
            "the answer depends on the origin and does not say so",
            (NAMED, cors(answers(varies=False))),
            finds=(f"cors-vary-missing {API}",),
        ),
        Example(
            "no cache may keep the answer",
            (NAMED, cors(answers(varies=False, storable=False))),
            not_=("cors-vary-missing",),
        ),
        Example(
            "one origin is named whoever asks",
            (NAMED, cors(silent(API, OWN, credentials=True))),
            not_=("cors-vary-missing", "cors-weak-origin", "cors-reflect-credentials"),
        ),
        Example(
            "an address did not answer",
            (NAMED, cors(CorsPath(url=API, answers=(allowed(FOREIGN, cause="no answer"),)))),
            state=State.UNKNOWN,
        ),
        Example(
            "a challenge answers instead of the app",
            (NAMED, CorsAnswers(paths=(), cause=f"{FRONT}: a bot challenge")),
            state=State.UNKNOWN,
        ),
    ],
)
