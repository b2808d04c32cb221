"""env.tracked: no settings file with secrets is under version control."""

from __future__ import annotations

from base64 import b64decode

from cases.examples import Example, examples
from launchready_tui.facts.env_files import EnvFile, EnvFiles, environment_of, parsed
from launchready_tui.model import Outcome, Severity, State

RANDOM = b64decode("cTdHeFI5dkwyd1pwNEtzOE5tMVRiNUpjM1lk").decode()
"""Random letters that look like a key and are none."""
LIVE = "_".join(("sk", "live", RANDOM))
TEST = "_".join(("sk", "test", RANDOM))


def held(text: str, path: str = ".env.production", *, tracked: bool = True) -> tuple[EnvFiles]:
    file = EnvFile(
        path=path, environment=environment_of(path), entries=parsed(text), tracked=tracked
    )
    return (EnvFiles(files=(file,), git="repository"),)


def nameless(outcome: Outcome) -> None:
    assert RANDOM not in repr(outcome)
    assert "STRIPE_SECRET_KEY" in outcome.findings[0].observed


def only_high(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.HIGH


FOUND = ("secret-committed .env.production",)
NOT = ("secret-committed",)
DATABASE = "postgres://app:{}@{}/app"

test_examples = examples(
    "env.tracked",
    [
        Example("a live key", held(f"STRIPE_SECRET_KEY={LIVE}"), finds=FOUND, also=nameless),
        Example("a home-made password", held("SMTP_PASSWORD=Tr0ub4dor&3"), finds=FOUND),
        Example(
            "a database address with its password",
            held(f"DATABASE_URL={DATABASE.format(RANDOM, 'db.acme.test')}"),
            finds=FOUND,
        ),
        Example(
            "a key of the test mode", held(f"STRIPE_SECRET_KEY={TEST}"), finds=FOUND, also=only_high
        ),
        Example(
            "the same file, not tracked", held(f"STRIPE_SECRET_KEY={LIVE}", tracked=False), not_=NOT
        ),
        Example(
            "an example file with placeholders",
            held("STRIPE_SECRET_KEY=your-secret-key\nTOKEN=change-me\nX_SECRET=\n", ".env.example"),
            not_=NOT,
        ),
        Example(
            "an example file with a real key is no example",
            held(f"STRIPE_SECRET_KEY={LIVE}", ".env.example"),
            finds=("secret-committed .env.example",),
        ),
        Example(
            "settings that are no secrets",
            held("PUBLIC_URL=https://acme.test\nLOG_LEVEL=info"),
            not_=NOT,
        ),
        Example(
            "the database of the developer's own machine",
            held(f"DATABASE_URL={DATABASE.format('postgres', 'localhost')}"),
            not_=NOT,
        ),
        Example(
            "a password for a service of the compose file",
            held(f"DATABASE_URL={DATABASE.format(RANDOM, 'db')}"),
            not_=NOT,
        ),
        Example("values that are encrypted", held(f"API_SECRET=encrypted:{RANDOM}"), not_=NOT),
        Example("values that lie in a store", held("API_SECRET=op://vault/item/field"), not_=NOT),
        Example(
            "a key that is meant for browsers", held(f"NEXT_PUBLIC_API_KEY={RANDOM}"), not_=NOT
        ),
        Example("the path of a key file", held("PRIVATE_KEY=./keys/signing.pem"), not_=NOT),
        Example(
            "the folder is no repository",
            (EnvFiles(files=(), git="none", git_cause="none"),),
            state=State.UNKNOWN,
        ),
        Example(
            "git is not installed",
            (EnvFiles(files=(), git="missing", git_cause="git is not installed"),),
            state=State.UNKNOWN,
        ),
        Example("git holds no env file", (EnvFiles(files=(), git="repository"),)),
    ],
)
