"""exposure.javascript: what everybody can read holds no private key."""

from __future__ import annotations

from collections.abc import Callable

from cases.examples import Example, examples
from cases.js_world import ANON, APP, ENV, MAIN, MAP, PAGE, hit, key, script, shipped
from cases.world import DOMAIN, TARGET, served, web
from launchready_tui.facts.scripts import ShippedScripts
from launchready_tui.facts.shipped import Hit
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Fact, Outcome, Severity, State

SERVICE = hit("service-key", "a token with the role service_role", platform="supabase")
STRIPE = hit("secret", "a secret key of Stripe or Clerk, live mode (sk_live_…)")
TESTED = hit("test-secret", "a secret key of Stripe or Clerk, test mode (sk_test_…)")
SETTING = hit("named-secret", "a value for SMTP_PASSWORD", name="SMTP_PASSWORD")
GOOGLE = hit("maybe-secret", "a Google key (AIza…) in code that calls Gemini", sure=False)


def facts(found: ShippedScripts, target: Target = TARGET) -> tuple[Fact, ...]:
    return (found, web(), target)


def one(*hits: Hit, **more: object) -> tuple[Fact, ...]:
    return facts(shipped(script(*hits, **more)))


def confidence(wanted: Confidence, severity: Severity | None = None) -> Callable[[Outcome], None]:
    def also(outcome: Outcome) -> None:
        (finding,) = outcome.findings
        assert (finding.confidence, finding.severity) == (wanted, severity)

    return also


def says_where(outcome: Outcome) -> None:
    assert "at byte 120" in outcome.findings[0].observed


def names_the_host(outcome: Outcome) -> None:
    assert "add https://d1.cloudfront.net to urls" in outcome.cause


def counts_what_was_left(outcome: Outcome) -> None:
    assert any("30 scripts that only other scripts load" in seen.value for seen in outcome.seen)


test_examples = examples(
    "exposure.javascript",
    [
        Example(
            "keys that are public by design",
            one(ANON, key("stripe", "live"), key("clerk", "live", f"clerk.{DOMAIN}")),
            not_=(
                "supabase-service-key-in-bundle",
                "secret-in-public-env-prefix",
                "bundle-secret",
            ),
        ),
        Example(
            "a service key in a bundle",
            one(ANON, SERVICE),
            finds=(f"supabase-service-key-in-bundle {MAIN}",),
            also=says_where,
        ),
        Example(
            "a service key inside the page",
            facts(shipped(inline=(SERVICE,))),
            finds=(f"supabase-service-key-in-bundle {PAGE}",),
        ),
        Example(
            "the service key of the local demo is only likely to open anything",
            one(hit("service-key", "of the local demo", platform="supabase", sure=False)),
            finds=(f"supabase-service-key-in-bundle {MAIN}",),
            also=confidence(Confidence.LIKELY),
        ),
        Example(
            "a provider's private key was built in",
            one(STRIPE),
            finds=(f"secret-in-public-env-prefix {MAIN}",),
            not_=("bundle-secret",),
        ),
        Example(
            "the private key of a test mode is graver than nothing and milder than a live one",
            one(TESTED),
            finds=(f"secret-in-public-env-prefix {MAIN}",),
            also=confidence(Confidence.CONFIRMED, Severity.HIGH),
        ),
        Example(
            "both: the live one decides",
            one(TESTED, STRIPE),
            finds=(f"secret-in-public-env-prefix {MAIN}",),
            also=confidence(Confidence.CONFIRMED),
        ),
        Example(
            "a Google key beside calls of Gemini has to be looked at",
            one(GOOGLE),
            finds=(f"secret-in-public-env-prefix {MAIN}",),
            also=confidence(Confidence.REVIEW),
        ),
        Example(
            "a private setting in env.js",
            one(SETTING, url=ENV, settings=True),
            finds=(f"bundle-secret {ENV}",),
            not_=("secret-in-public-env-prefix",),
        ),
        Example(
            "a private setting in window.__ENV",
            facts(shipped(inline=(STRIPE,))),
            finds=(f"bundle-secret {PAGE}",),
        ),
        Example(
            "publishable keys in window.__ENV",
            facts(shipped(inline=(key("stripe", "live"), ANON))),
            not_=("bundle-secret",),
        ),
        Example(
            "a source map with the app's own code",
            one(map_at=MAP, source_map="own"),
            finds=(f"source-maps-public {MAP}",),
        ),
        Example(
            "a map of libraries only, one without code, and a page where the map would be",
            facts(
                shipped(
                    script(map_at=MAP, source_map="vendor"),
                    script(url=f"{MAIN}2", map_at=MAP, source_map="nothing"),
                    script(url=f"{MAIN}3", map_at=MAP, source_map="no-map"),
                )
            ),
            not_=("source-maps-public",),
        ),
        Example(
            "the code is open source anyway",
            facts(
                shipped(script(map_at=MAP, source_map="own")),
                Target(domain=DOMAIN, traits={"open_source": True}),
            ),
            not_=("source-maps-public",),
        ),
        Example(
            "a map that could not be read",
            one(map_at=MAP, source_map="unknown", map_cause="no answer in time"),
            state=State.UNKNOWN,
        ),
        Example(
            "a page answers where a chunk was, and another one is gone",
            facts(
                shipped(
                    script(),
                    script(url=f"https://{APP}/old.js", read="page"),
                    script(url=f"https://{APP}/older.js", read="gone"),
                )
            ),
            not_=("bundle-secret",),
        ),
        Example(
            "a script was read in part",
            one(read="part", cause="read up to 32 MB of it"),
            state=State.UNKNOWN,
        ),
        Example("more than a run reads", facts(shipped(left_out=3)), state=State.UNKNOWN),
        Example(
            "more chunks than a run reads, of those that a page loads when it needs them",
            facts(shipped(script(), lazy_left_out=30)),
            not_=("bundle-secret",),
            state=State.PASS,
            also=counts_what_was_left,
        ),
        Example(
            "all of the app's code comes from an asset host that nobody named",
            facts(shipped(elsewhere=(f"{APP}: d1.cloudfront.net",))),
            state=State.UNKNOWN,
            also=names_the_host,
        ),
        Example(
            "a bot challenge answered instead of the app",
            (shipped(), web(served(APP, cause="a bot challenge answered")), TARGET),
            state=State.UNKNOWN,
        ),
    ],
)
