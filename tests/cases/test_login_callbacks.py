"""login.callbacks: sign-in can work, and brings people back to the app."""

from __future__ import annotations

from collections.abc import Callable

from cases.examples import Example, examples
from cases.js_world import APP, back, signing
from cases.world import DOMAIN, TARGET, hop, missing, starts, visit, web
from launchready_tui.facts.sign_in import SignIn
from launchready_tui.facts.web import MissingPages, made_up
from launchready_tui.model import Confidence, Fact, Outcome, State

SESSION = f"https://{APP}/api/auth/session"
PROVIDERS = f"https://{APP}/api/auth/providers"


def facts(sign: SignIn, gone: MissingPages | None = None) -> tuple[Fact, ...]:
    return (sign, web(), gone or missing(), starts(), TARGET)


def confidence(wanted: Confidence) -> Callable[[Outcome], None]:
    def also(outcome: Outcome) -> None:
        assert outcome.findings[0].confidence is wanted

    return also


EVERYTHING_FAILS = missing(visit(hop(f"https://{APP}/{made_up(APP)}", 500)))
HOME = back(f"https://{APP}/api/auth/callback/google")
START = "/auth/google"

test_examples = examples(
    "login.callbacks",
    [
        Example(
            "providers send people back to the app",
            facts(signing(HOME, nextauth=True, session=200, providers=200)),
            not_=("oauth-redirect-not-canonical", "auth-secret-or-host-unset"),
        ),
        Example(
            "they are sent back to the developer's computer",
            facts(signing(back("http://localhost:3000/api/auth/callback/google"), session=200)),
            finds=(f"oauth-redirect-not-canonical {PROVIDERS}",),
            also=confidence(Confidence.CONFIRMED),
        ),
        Example(
            "they are sent back over http",
            facts(signing(back(f"http://{APP}/cb", START, "accounts.google.com"))),
            finds=(f"oauth-redirect-not-canonical https://{APP}{START}",),
        ),
        Example(
            "they are sent back to a preview",
            facts(signing(back("https://desk-git-main-acme.vercel.app/cb", START))),
            finds=(f"oauth-redirect-not-canonical https://{APP}{START}",),
        ),
        Example(
            "they are sent back to www, which leads on to the domain",
            facts(signing(back(f"https://www.{DOMAIN}/cb", START))),
            finds=(f"oauth-redirect-not-canonical https://{APP}{START}",),
        ),
        Example(
            "they are sent back to somebody else's host",
            facts(signing(back("https://desk.example/cb", START))),
            finds=(f"oauth-redirect-not-canonical https://{APP}{START}",),
            also=confidence(Confidence.LIKELY),
        ),
        Example(
            "an own host takes all sign-ins, previews' too",
            facts(signing(back(f"https://login.{DOMAIN}/cb", START))),
            not_=("oauth-redirect-not-canonical",),
        ),
        Example(
            "the session answers 500, and so do the providers",
            facts(signing(session=500, providers=500, nextauth=True)),
            finds=(f"auth-secret-or-host-unset {SESSION}",),
            also=confidence(Confidence.CONFIRMED),
        ),
        Example(
            "the session answers 500 and nothing says whose it is",
            facts(signing(session=500)),
            finds=(f"auth-secret-or-host-unset {SESSION}",),
            also=confidence(Confidence.LIKELY),
        ),
        Example(
            "every unknown address answers 500",
            facts(signing(session=500, providers=500), EVERYTHING_FAILS),
            not_=("auth-secret-or-host-unset",),
            state=State.UNKNOWN,
        ),
        Example(
            "no such login library",
            facts(signing()),
            not_=("auth-secret-or-host-unset",),
            state=State.NOT_APPLICABLE,
        ),
        Example(
            "the app is behind a gateway that is down",
            facts(signing(session=503, providers=503)),
            not_=("auth-secret-or-host-unset",),
            state=State.UNKNOWN,
        ),
        Example(
            "the app could not be asked",
            facts(signing(cause="no answer within 8 s")),
            state=State.UNKNOWN,
        ),
    ],
)
