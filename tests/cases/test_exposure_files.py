"""exposure.files: what is served that was meant to stay on the server, and what only looks so."""

from __future__ import annotations

from msgspec.structs import replace

from cases.examples import Example, examples
from cases.exposure_world import APP, SETTINGS, exposed, hit, serves
from cases.headers_world import absent
from cases.world import DOMAIN, TARGET, served, web
from launchready_tui.facts.debug import debug_marks
from launchready_tui.facts.exposures import Hit
from launchready_tui.facts.graphql import Introspection
from launchready_tui.facts.web import MissingPages
from launchready_tui.given import Target
from launchready_tui.model import Fact, Outcome, Severity, State

ROOT = f"https://{DOMAIN}"
GRAPHQL = f"https://{APP}/graphql"


def at_home(*hits: Hit, **changes: object) -> tuple[Fact, ...]:
    return (exposed(serves(*hits, **changes)), web(), TARGET)  # type: ignore[arg-type]


def asked(*urls: str, tells: bool = True) -> tuple[Fact, ...]:
    return (exposed(), web(), TARGET, Introspection(asked=urls, open=urls if tells else ()))


def rated(severity: Severity | None):  # type: ignore[no-untyped-def]
    def also(outcome: Outcome) -> None:
        assert [finding.severity for finding in outcome.findings] == [severity]

    return also


def names_only(outcome: Outcome) -> None:
    assert outcome.findings[0].observed == (
        f"{ROOT}/.env shows a settings file: 3 NAME= lines, among them DATABASE_URL, MAIL_PASSWORD"
    )


def says(text: str):  # type: ignore[no-untyped-def]
    def also(outcome: Outcome) -> None:
        told = [*(line.value for line in outcome.seen), outcome.cause]
        assert any(text in line for line in told), told

    return also


def crash(body: str) -> tuple[Fact, ...]:
    """What a made-up address shows."""
    return (*at_home(), MissingPages(pages=(absent(debug=debug_marks(body)),)))


DEBUG = (f"debug-exposed {DOMAIN}",)
DJANGO = "<p>Using the URLconf defined in <code>acme.urls</code>, Django tried these URL patterns"
NET = "<h1>Server Error in '/' Application.</h1>"
EVERY = (
    "exposed-secret-file",
    "exposed-repo",
    "exposed-backup",
    "debug-exposed",
    "ops-endpoint-open",
    "ai-rules-exposed",
    "exposed-config",
    "api-docs-public",
)
NAMED = Target(domain=DOMAIN, urls=(f"{ROOT}/dump.sql",))

test_examples = examples(
    "exposure.files",
    [
        Example("nothing of the list is there", at_home(), not_=EVERY),
        # ------------------------------------------------------------------ debug
        Example("Django's debug page", crash(DJANGO), finds=DEBUG),
        Example(
            "a stack trace of Express",
            crash("<pre>Error: boom<br> &nbsp; at Layer.handle (/app/node_modules/express/lib/"),
            finds=DEBUG,
        ),
        Example(
            "a friendly error with a number for support",
            crash("<h1>Something went wrong</h1><p>Tell us this number: 8f3c-22 (error 500)"),
            not_=("debug-exposed",),
        ),
        Example(
            "an error page that says it shows no details",
            crash(f"{NET}<p>The details of this error cannot be viewed remotely."),
            not_=("debug-exposed",),
        ),
        Example("Spring's white page without a trace", crash("<h1>Whitelabel Error Page</h1>")),
        # ------------------------------------------------------------------ files
        Example(
            "a front page for every address, whatever it carries",
            at_home(catch_all=True, alike=("/.env", "/.git/HEAD", "/metrics", "/CLAUDE.md")),
            not_=EVERY,
            also=says("the same as a made-up name beside it"),
        ),
        Example(
            "a settings file is served",
            at_home(SETTINGS),
            finds=(f"exposed-secret-file {ROOT}/.env",),
            also=names_only,
        ),
        Example(
            "the same settings under two names are one fault",
            at_home(SETTINGS, replace(SETTINGS, path="/.env.local")),
            finds=(f"exposed-secret-file {ROOT}/.env",),
        ),
        Example(
            "the repository is served",
            at_home(hit("git", "/.git/HEAD"), hit("git", "/.git/config")),
            finds=(f"exposed-repo {ROOT}/.git/HEAD",),
            also=rated(None),
        ),
        Example(
            "an old Subversion folder is served",
            at_home(hit("subversion", "/.svn/entries")),
            finds=(f"exposed-repo {ROOT}/.svn/entries",),
            also=rated(Severity.HIGH),
        ),
        Example(
            "a copy of the database is served",
            at_home(hit("sql-dump", "/dump.sql")),
            finds=(f"exposed-backup {ROOT}/dump.sql",),
        ),
        Example(
            "a download that a person named on purpose",
            (exposed(serves(hit("sql-dump", "/dump.sql"))), web(), NAMED),
            not_=("exposed-backup",),
            also=says("so meant"),
        ),
        Example(
            "settings of a running app",
            at_home(hit("actuator-env", "/actuator/env")),
            finds=(f"debug-exposed {ROOT}/actuator/env",),
            also=rated(None),
        ),
        Example(
            "phpinfo() is less than a debugger",
            at_home(hit("phpinfo", "/phpinfo.php")),
            finds=(f"debug-exposed {ROOT}/phpinfo.php",),
            also=rated(Severity.HIGH),
        ),
        Example(
            "measurements for everybody",
            at_home(hit("metrics", "/metrics")),
            finds=(f"ops-endpoint-open {ROOT}/metrics",),
        ),
        Example(
            "GraphQL lists itself",
            asked(GRAPHQL),
            finds=(f"ops-endpoint-open {GRAPHQL}",),
        ),
        Example(
            "GraphQL asks for a login first",
            asked(GRAPHQL, tells=False),
            not_=("ops-endpoint-open",),
        ),
        Example(
            "nobody allowed to ask GraphQL, which is no gap",
            at_home(),
            not_=("ops-endpoint-open",),
            also=says("is not part of this example"),
        ),
        Example(
            "an AI assistant's instructions",
            at_home(hit("agent-rules", "/CLAUDE.md", count=4)),
            finds=(f"ai-rules-exposed {ROOT}/CLAUDE.md",),
            also=rated(None),
        ),
        Example(
            "instructions that name a machine",
            at_home(hit("agent-rules", "/CLAUDE.md", count=4, worse=True)),
            finds=(f"ai-rules-exposed {ROOT}/CLAUDE.md",),
            also=rated(Severity.HIGH),
        ),
        Example(
            "a file of the build",
            at_home(hit("package", "/package.json")),
            finds=(f"exposed-config {ROOT}/package.json",),
            also=rated(None),
        ),
        Example(
            "a compose file with passwords",
            at_home(hit("compose", "/docker-compose.yml", secrets=True)),
            finds=(f"exposed-config {ROOT}/docker-compose.yml",),
            also=rated(Severity.HIGH),
        ),
        Example(
            "a public API's description",
            at_home(hit("api-description", "/openapi.json")),
            finds=(f"api-docs-public {ROOT}/openapi.json",),
            also=rated(None),
        ),
        Example(
            "a description that lists what administrators call",
            at_home(hit("api-description", "/openapi.json", worse=True)),
            finds=(f"api-docs-public {ROOT}/openapi.json",),
            also=rated(Severity.MEDIUM),
        ),
        Example(
            "paths left out to send less are told, and are no gap",
            at_home(left_out=("/telescope", "/docs")),
            also=says("2 paths left out"),
        ),
        Example(
            "a blocker of the short list brought no answer",
            at_home(unanswered=("/.env: no answer within 8 s",)),
            not_=("exposed-secret-file",),
            state=State.UNKNOWN,
            also=says("/.env: no answer within 8 s"),
        ),
        Example(
            "what every host need not be asked brought no answer",
            at_home(unanswered=("/docs: no answer within 8 s",)),
            also=says("1 path without an answer"),
        ),
        Example(
            "a challenge came in the middle, after a hit",
            at_home(SETTINGS, cause="a bot challenge answered for /dump.sql"),
            finds=(f"exposed-secret-file {ROOT}/.env",),
            also=says("a bot challenge answered"),
        ),
        Example(
            "nothing to measure with",
            at_home(asked=0, cause="a made-up page could not be measured: no answer"),
            not_=EVERY,
            state=State.UNKNOWN,
        ),
        Example(
            "a host behind a challenge is not green",
            (exposed(), web(served(f"desk.{DOMAIN}", cause="a bot challenge answered")), TARGET),
            state=State.UNKNOWN,
        ),
    ],
)
