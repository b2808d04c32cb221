"""access.session: signing in gives a new session, and signing out ends it."""

from __future__ import annotations

from cases.cache_world import LOGIN, LOGOUT, flow
from cases.examples import Example, examples
from launchready_tui.model import Confidence, Outcome, State

FIXED, ALIVE = (f"session-fixation {LOGIN}",), (f"logout-ineffective {LOGOUT}",)
NOBODY_KNOWS = {"private": "", "old_id_inside": "untold", "ended_id_inside": "untold"}


def proven(outcome: Outcome) -> None:
    assert outcome.proven


def only_likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


test_examples = examples(
    "access.session",
    [
        Example(
            "a new id at the login, and a dead one after it",
            (flow(),),
            not_=("session-fixation", "logout-ineffective"),
            also=proven,
        ),
        Example(
            "the id from before opens the private page",
            (flow(old_id_inside="yes", kept=("sid",)),),
            finds=FIXED,
        ),
        Example(
            "the anonymous id stays, and a second cookie signs in",
            (flow(before=("visit_session",), after=("auth",), kept=("visit_session",)),),
            not_=("session-fixation",),
        ),
        Example(
            "the only id keeps its value, and no page could tell",
            (flow(**NOBODY_KNOWS, kept=("sid",), gaps=("no private page",)),),
            finds=FIXED,
            also=only_likely,
        ),
        Example(
            "an id keeps its value beside a new one, and no page could tell",
            (flow(**NOBODY_KNOWS, kept=("sid",), after=("auth",), gaps=("no private page",)),),
            not_=("session-fixation",),
            state=State.UNKNOWN,
        ),
        Example(
            "the old session works after signing out",
            (flow(ended_id_inside="yes"),),
            finds=ALIVE,
        ),
        Example(
            "no way to sign out was found",
            (flow(logout="", ended_id_inside="untold", gaps=("no way to sign out",)),),
            not_=("logout-ineffective",),
            state=State.UNKNOWN,
        ),
        Example(
            "the page did not answer after signing out",
            (flow(ended_id_inside="untold"),),
            not_=("logout-ineffective",),
            state=State.UNKNOWN,
        ),
        Example(
            "a visitor has no cookie that could be planted",
            (flow(before=(), old_id_inside="no"),),
            not_=("session-fixation",),
        ),
    ],
)
