"""env.names: what the code reads is set, listed and real."""

from __future__ import annotations

from msgspec.structs import replace

from cases.examples import Example, examples
from launchready_tui.facts.env import EnvNames, RunTime, Used
from launchready_tui.facts.env_files import EnvEntry, EnvFile, EnvFiles
from launchready_tui.facts.host_files import Declared
from launchready_tui.model import Confidence, Fact, Outcome, Severity, State
from launchready_tui.records.env_record import EnvVariable, EnvVariables

PROD, EXAMPLE, ANY = ".env.production", ".env.example", ".env"


def read(name: str, strength: str = "required", *, tests: bool = False) -> Used:
    return Used(name=name, strength=strength, places=(f"app.py:1 {name}",), only_tests=tests)  # type: ignore[arg-type]


def file(path: str, *names: str, empty: str = "", placeholder: str = "", **how: object) -> EnvFile:
    environment = {PROD: "prod", EXAMPLE: "example", ANY: "any"}.get(path, "dev")
    entries = tuple(
        EnvEntry(name=n, line=i, empty=n == empty, placeholder=n == placeholder)
        for i, n in enumerate(names, start=1)
    )
    return EnvFile(path=path, environment=environment, entries=entries, **how)  # type: ignore[arg-type]


def env(*parts: Used | EnvFile | RunTime | Declared, **how: object) -> tuple[Fact, ...]:
    def of(kind: type) -> tuple[object, ...]:
        return tuple(part for part in parts if isinstance(part, kind))

    names = {"mentioned": (), "missed": (), **how}
    return (
        EnvNames(used=of(Used), run_time=of(RunTime), declared=of(Declared), **names),  # type: ignore[arg-type]
        EnvFiles(files=of(EnvFile), git="none"),  # type: ignore[arg-type]
    )


def needed(name: str, **fields: tuple[str, ...]) -> EnvVariable:
    return EnvVariable(name=name, sensitive=True, **fields)  # type: ignore[arg-type]


def likely_blocker(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.BLOCKER
    assert outcome.findings[0].confidence is Confidence.LIKELY


A = read("STRIPE_KEY")
PUBLIC = read("VITE_URL")
LISTED = file(EXAMPLE, "STRIPE_KEY")
SET = file(PROD, "STRIPE_KEY")
EMPTY = file(PROD, "STRIPE_KEY", empty="STRIPE_KEY")
DUMMY = file(PROD, "STRIPE_KEY", placeholder="STRIPE_KEY")
LEFT_OVER = file(PROD, "STRIPE_KEY", "OLD_FLAG")

test_examples = examples(
    "env.names",
    [
        Example(
            "read, set and listed", env(A, SET, LISTED), not_=("env-missing", "env-undocumented")
        ),
        Example(
            "read, and not set in production",
            env(A, file(PROD), LISTED),
            finds=("env-missing STRIPE_KEY",),
            also=likely_blocker,
        ),
        Example(
            "read with a default",
            env(read("STRIPE_KEY", "default"), file(PROD), LISTED),
            not_=("env-missing",),
        ),
        Example(
            "the host's file asks for it",
            env(A, file(PROD), LISTED, Declared(name="STRIPE_KEY", where="render.yaml")),
            not_=("env-missing",),
        ),
        Example(
            "set in the file that all environments share",
            env(A, file(PROD), file(ANY, "STRIPE_KEY"), LISTED),
            not_=("env-missing",),
        ),
        Example(
            "the env map says that production needs it",
            (
                *env(A, SET, LISTED),
                EnvVariables(variables=(needed("MAIL_KEY", required_in=("prod",)),)),
            ),
            finds=("env-missing MAIL_KEY",),
        ),
        Example(
            "the env map says that production may lack it",
            (
                *env(A, file(PROD), LISTED),
                EnvVariables(variables=(needed("STRIPE_KEY", optional_in=("prod",)),)),
            ),
            not_=("env-missing",),
        ),
        Example(
            "read by tests only",
            env(read("STRIPE_KEY", tests=True), file(PROD), LISTED),
            not_=("env-missing", "env-undocumented"),
        ),
        Example(
            "production's values are nowhere to be seen",
            env(A, file(".env.development", "STRIPE_KEY"), LISTED),
            not_=("env-missing",),
            state=State.UNKNOWN,
        ),
        Example(
            "read, but the example file does not list it",
            env(A, SET, file(EXAMPLE)),
            finds=("env-undocumented STRIPE_KEY",),
        ),
        Example("no example file at all", env(A, SET), finds=("env-undocumented .env.example",)),
        Example(
            "an option nobody sets needs no line",
            env(A, read("TRACE", "default"), SET, LISTED),
            not_=("env-undocumented",),
        ),
        Example("set to nothing", env(A, EMPTY, LISTED), finds=("env-empty STRIPE_KEY",)),
        Example(
            "an option set to nothing",
            env(read("STRIPE_KEY", "default"), EMPTY, LISTED),
            not_=("env-empty",),
        ),
        Example(
            "an empty line of the example file",
            env(A, SET, file(EXAMPLE, "STRIPE_KEY", empty="STRIPE_KEY")),
            not_=("env-empty",),
        ),
        Example(
            "still the example's text", env(A, DUMMY, LISTED), finds=("env-placeholder STRIPE_KEY",)
        ),
        Example(
            "the example's text where it belongs",
            env(A, SET, file(EXAMPLE, "STRIPE_KEY", placeholder="STRIPE_KEY")),
            not_=("env-placeholder",),
        ),
        Example(
            "the example's text on a developer's machine",
            env(A, SET, LISTED, file(".env.local", "STRIPE_KEY", placeholder="STRIPE_KEY")),
            not_=("env-placeholder",),
        ),
        Example(
            "set, and read nowhere", env(A, LEFT_OVER, LISTED), finds=("env-no-reference OLD_FLAG",)
        ),
        Example(
            "set, and its name stands in a script",
            env(A, LEFT_OVER, LISTED, mentioned=("OLD_FLAG",)),
            not_=("env-no-reference",),
        ),
        Example(
            "set, and read by a name put together at run time",
            env(A, LEFT_OVER, LISTED, RunTime(place="app.py:9", prefix="OLD_")),
            not_=("env-no-reference",),
        ),
        Example(
            "names are put together from nothing that can be seen",
            env(A, LEFT_OVER, LISTED, RunTime(place="app.py:9")),
            not_=("env-no-reference",),
        ),
        Example(
            "what the platform sets by itself",
            env(A, file(PROD, "STRIPE_KEY", "PORT", "NODE_ENV"), LISTED),
            not_=("env-no-reference",),
        ),
        Example(
            "a component of the browser reads a name that stays on the server",
            env(replace(A, in_browser=("app/pay.tsx:3",)), SET, LISTED),
            finds=("env-client-server-split STRIPE_KEY",),
        ),
        Example(
            "a file of constants that both sides read",
            env(A, SET, LISTED),
            not_=("env-client-server-split",),
        ),
        Example(
            "only the server reads a name that goes to browsers",
            env(
                replace(PUBLIC, server_alone=True),
                file(PROD, "VITE_URL"),
                file(EXAMPLE, "VITE_URL"),
            ),
            finds=("env-client-server-split VITE_URL",),
        ),
        Example(
            "the same, where other names are put together at run time",
            env(
                replace(PUBLIC, server_alone=True),
                file(PROD, "VITE_URL"),
                file(EXAMPLE, "VITE_URL"),
                RunTime(place="app.ts:9"),
            ),
            not_=("env-client-server-split",),
        ),
        Example("neither code nor files", env(), state=State.NOT_APPLICABLE),
        Example(
            "half of the folder was read",
            env(A, SET, LISTED, missed=("20 s",)),
            state=State.UNKNOWN,
        ),
        Example(
            "an env file that cannot be read",
            env(A, SET, LISTED, file("b.env", problem="it cannot be read")),
            state=State.UNKNOWN,
        ),
    ],
)
