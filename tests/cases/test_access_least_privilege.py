"""access.least-privilege: credentials that open too much, and those nobody has judged."""

from __future__ import annotations

from cases.env_world import NOW, RANDOM, credentials, record, records
from cases.examples import Example, examples
from cases.test_env_verified import LIVE, TEST, db, likely, supabase
from launchready_tui.facts.credentials import Credentials
from launchready_tui.model import Confidence, Fact, Outcome, Severity, State
from launchready_tui.records.env_record import EnvVariables

RESTRICTED = "rk_" + "live_" + "51Hq8KzLmN2pQr"
PASS = "-----BEGIN {}PRIVATE KEY-----\\n{}\\n-----END {}PRIVATE KEY-----"
BODY = RANDOM * 4
OLD = "Proc-Type: 4,ENCRYPTED\\n"
HEX = "0123456789abcdef0123456789abcdef01234"
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def seen(known: EnvVariables | None = None, **files: str) -> tuple[Fact, ...]:
    return (credentials(**files), known or records(), NOW)


def asks(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is None
    assert "nobody has said" in outcome.summary


def mild(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.REVIEW


def blocker(outcome: Outcome) -> None:
    assert outcome.findings[0].severity in (None, Severity.BLOCKER)


def pem(label: str = "", body: str = BODY) -> str:
    return PASS.format(label, body, label)


def known(name: str, basis: str = "attested") -> EnvVariables:
    return records(record(name, least_privilege="sends mail only", privilege_basis=basis))


test_databases = examples(
    "access.least-privilege",
    [
        Example(
            "the app signs in as postgres",
            seen(prod=f"DATABASE_URL={db('db.acme.example/a', 'postgres')}"),
            finds=("db-superuser DATABASE_URL (prod)",),
            also=likely,
        ),
        Example(
            "the owner of a project behind a pooler",
            seen(preview=f"DATABASE_URL={db('pool.acme.example/a', 'postgres.abcdefgh')}"),
            finds=("db-superuser DATABASE_URL (preview)",),
        ),
        Example(
            "root of a MySQL server, with a driver in the scheme",
            seen(prod=f"DATABASE_URL={db('db.acme.example/a', 'root', scheme='mysql+pymysql')}"),
            finds=("db-superuser DATABASE_URL (prod)",),
        ),
        Example(
            "sa of a SQL Server",
            seen(prod=f"DATABASE_URL='sqlserver://db.acme.example;user=sa;password={RANDOM}'"),
            finds=("db-superuser DATABASE_URL (prod)",),
        ),
        Example(
            "postgres in the shared file, at a far host",
            seen(any=f"DATABASE_URL={db('db.acme.example/a', 'postgres')}"),
            finds=("db-superuser DATABASE_URL (any)",),
            also=mild,
        ),
        Example(
            "postgres on a developer's computer",
            seen(dev=f"DATABASE_URL={db('localhost/a', 'postgres')}"),
            not_=("db-superuser",),
        ),
        Example(
            "a user that is only called like one",
            seen(
                known("DATABASE_URL"),
                prod=f"DATABASE_URL={db('db.acme.example/a', 'admin_reports')}",
            ),
            not_=("db-superuser", "cred-privilege-unknown"),
        ),
        Example(
            "what a database user may do is asked",
            seen(prod=f"DATABASE_URL={db('db.acme.example/a')}"),
            finds=("cred-privilege-unknown DATABASE_URL (prod)",),
            also=asks,
        ),
    ],
)

test_keys = examples(
    "access.least-privilege",
    [
        Example(
            "a full key of Stripe",
            seen(prod=f"STRIPE_SECRET_KEY={LIVE}"),
            finds=("cred-over-privileged STRIPE_SECRET_KEY (prod)",),
        ),
        Example(
            "a restricted key of Stripe",
            seen(prod=f"STRIPE_SECRET_KEY={RESTRICTED}"),
            not_=("cred-over-privileged", "cred-privilege-unknown"),
        ),
        Example(
            "a full key of the test mode",
            seen(dev=f"STRIPE_SECRET_KEY={TEST}"),
            not_=("cred-over-privileged", "cred-privilege-unknown"),
        ),
        Example(
            "a classic token of GitHub",
            seen(dev="GITHUB_TOKEN=" + "ghp_" + RANDOM),
            finds=("cred-over-privileged GITHUB_TOKEN (dev)",),
        ),
        Example(
            "a fine-grained token of GitHub",
            seen(known("GITHUB_TOKEN"), prod="GITHUB_TOKEN=" + "github_pat_" + RANDOM),
            not_=("cred-over-privileged",),
        ),
        Example(
            "the account token of Postmark",
            seen(prod=f"POSTMARK_ACCOUNT_TOKEN={UUID}"),
            finds=("cred-over-privileged POSTMARK_ACCOUNT_TOKEN (prod)",),
        ),
        Example(
            "a public name before a key that opens everything",
            seen(prod=f"SUPABASE_ANON_KEY={supabase()}"),
            finds=("cred-over-privileged SUPABASE_ANON_KEY (prod)",),
        ),
        Example(
            "a key that opens everything by design is asked about",
            seen(prod=f"SUPABASE_SERVICE_KEY={supabase()}"),
            finds=("cred-privilege-unknown SUPABASE_SERVICE_KEY (prod)",),
            not_=("cred-over-privileged",),
            also=asks,
        ),
        Example(
            "Cloudflare's global key in its old form",
            seen(prod=f"CLOUDFLARE_API_KEY={HEX}"),
            finds=("cred-global-key CLOUDFLARE_API_KEY (prod)",),
            also=blocker,
        ),
        Example(
            "Cloudflare's global key in its new form",
            seen(prod="CF_KEY=" + "cfk_" + "a1B2" * 12),
            finds=("cred-global-key CF_KEY (prod)",),
        ),
        Example(
            "a token of Cloudflare, and the id of an account",
            seen(
                known("CF_API_TOKEN"),
                prod="CF_API_TOKEN=" + "cfut_" + "a1B2" * 12 + f"\nCF_ACCOUNT_ID={HEX[:32]}",
            ),
            not_=("cred-global-key",),
        ),
        Example(
            "a key of AWS that never ends",
            seen(prod="AWS_ACCESS_KEY_ID=" + "AKIA" + "Q3EGRT7XKZ5MNB2D"),
            finds=("cred-long-lived AWS_ACCESS_KEY_ID (prod)",),
        ),
        Example(
            "a temporary key of AWS",
            seen(
                known("AWS_ACCESS_KEY_ID"),
                prod="AWS_ACCESS_KEY_ID=" + "ASIA" + "Q3EGRT7XKZ5MNB2D",
            ),
            not_=("cred-long-lived",),
        ),
        Example(
            "the user name of a mail login at Amazon",
            seen(prod="SMTP_USERNAME=" + "AKIA" + "Q3EGRT7XKZ5MNB2D"),
            not_=("cred-long-lived",),
        ),
        Example(
            "a private key without a passphrase",
            seen(prod=f'SAML_PRIVATE_KEY="{pem()}"'),
            finds=("cred-unencrypted-key SAML_PRIVATE_KEY (prod)",),
        ),
        Example(
            "a private key with a passphrase",
            seen(prod=f'SAML_PRIVATE_KEY="{pem("ENCRYPTED ")}"'),
            not_=("cred-unencrypted-key",),
        ),
        Example(
            "a private key with a passphrase, in its old form",
            seen(prod=f'SAML_PRIVATE_KEY="{pem("RSA ", OLD + BODY)}"'),
            not_=("cred-unencrypted-key",),
        ),
    ],
)

test_questions = examples(
    "access.least-privilege",
    [
        Example(
            "a mail key whose rights nobody wrote down",
            seen(prod=f"MAIL_API_KEY={RANDOM}"),
            finds=("cred-privilege-unknown MAIL_API_KEY (prod)",),
            also=asks,
        ),
        Example(
            "words without a basis are no answer",
            seen(known("MAIL_API_KEY", "unknown"), prod=f"MAIL_API_KEY={RANDOM}"),
            finds=("cred-privilege-unknown MAIL_API_KEY (prod)",),
        ),
        Example(
            "somebody wrote it down",
            seen(known("MAIL_API_KEY"), prod=f"MAIL_API_KEY={RANDOM}"),
            not_=("cred-privilege-unknown",),
        ),
        Example(
            "a signing secret opens nothing at anybody's",
            seen(prod=f"JWT_SECRET={RANDOM}"),
            not_=("cred-privilege-unknown",),
        ),
        Example(
            "production has a value of its own beside the shared file",
            seen(prod=f"MAIL_API_KEY={RANDOM}", any=f"MAIL_API_KEY={RANDOM}"),
            finds=("cred-privilege-unknown MAIL_API_KEY (prod)",),
        ),
        Example(
            "a database beside the app, in the shared file",
            seen(any=f"DATABASE_URL={db('localhost/a')}"),
            not_=("cred-privilege-unknown",),
        ),
        Example(
            "a developer's key",
            seen(dev=f"MAIL_API_KEY={RANDOM}"),
            not_=("cred-privilege-unknown",),
        ),
        Example("no env file", (Credentials(), records(), NOW), state=State.UNKNOWN),
    ],
)
