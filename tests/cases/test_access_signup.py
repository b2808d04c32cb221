"""access.signup: the login service says whether strangers may sign up."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.js_world import SUPABASE, data, sign_up
from cases.world import DOMAIN, TARGET
from launchready_tui.facts.data_platform import DataPlatform
from launchready_tui.given import Target
from launchready_tui.model import Outcome, State

PUBLIC = Target(domain=DOMAIN, traits={"public_signup": True})


def still_asked(outcome: Outcome) -> None:
    assert not outcome.proven


def says_how(outcome: Outcome) -> None:
    assert "email, google; addresses are not confirmed" in outcome.findings[0].observed


test_examples = examples(
    "access.signup",
    [
        Example(
            "strangers may sign up",
            (data(sign_up=(sign_up("open", "email", "google", unconfirmed=True),)), TARGET),
            finds=(f"open-signup-internal-tool {SUPABASE}",),
            also=says_how,
        ),
        Example(
            "sign-up is closed, and a person still tries the other ways",
            (data(sign_up=(sign_up("closed", "email"),)), TARGET),
            not_=("open-signup-internal-tool",),
            also=still_asked,
        ),
        Example(
            "a product that anybody is meant to sign up for",
            (data(sign_up=(sign_up("open", "email"),)), PUBLIC),
            not_=("open-signup-internal-tool",),
            state=State.NOT_APPLICABLE,
        ),
        Example(
            "the login service could not be asked",
            (data(sign_up=(sign_up("unknown", cause="not asked: add it to urls"),)), TARGET),
            state=State.UNKNOWN,
        ),
        Example(
            "no login service that tells", (DataPlatform(projects=()), TARGET), state=State.UNKNOWN
        ),
        Example("nothing could be told of the scripts", (TARGET,), state=State.UNKNOWN),
    ],
)
