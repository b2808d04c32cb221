"""`env verify --live` and `rotate … --call` as a user starts them, against real servers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_door import Ended, launchready
from launchready_tui.facts.trial_postgres import SQL
from servers.pki import Pki
from servers.postgres import Postgres, running_postgres
from servers.processes import free_port
from servers.scripted import Asked, Desk, Reply, running_script

BODY = "Q7XH4R9V2W8Z3K6N" * 2
OLD = "sk_" + "live_" + BODY
NEW = "rk_" + "live_" + BODY[::-1]
WORD = "wo" + "rd-7Kq2xZ9"
STRIPE, DATABASE = "api.stripe.com", "db.acme.test"
ROLES = f"""
CREATE ROLE app LOGIN PASSWORD '{WORD}';
CREATE ROLE boss LOGIN BYPASSRLS PASSWORD '{WORD}';
CREATE DATABASE acme;
"""


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def database(pki: Pki) -> Iterator[Postgres]:
    with running_postgres(pki.good(DATABASE), ROLES) as server:
        yield server


class Provider:
    """Stripe, as far as its answers to a key go."""

    def __init__(self) -> None:
        self.dead = {OLD}
        self.down = False

    def answer(self, asked: Asked, before: int) -> Reply:
        key = asked.headers.get("authorization", "").removeprefix("Bearer ")
        body = json.dumps({"you sent": key}).encode()
        if self.down:
            return Reply(503, {"x-key": key}, body)
        return Reply(401 if key in self.dead else 200, {"x-key": key}, body)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def stripe(pki: Pki, provider: Provider) -> Iterator[Desk]:
    with running_script(provider.answer, pki.good(STRIPE)) as desk:
        yield desk


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    repo, root = tmp_path / "repo", tmp_path / "sprint"
    repo.mkdir()
    (repo / ".env.production").write_text(
        f"STRIPE_SECRET_KEY={NEW}\n"
        f"DATABASE_URL=postgres://app:{WORD}@{DATABASE}/acme?sslmode=verify-full\n"
        f"ADMIN_URL=postgres://boss:{WORD}@{DATABASE}/acme?sslmode=verify-full\n"
    )
    ended = launchready("new", root, "--domain", "acme.test", "--by", "Anna", "--repo", repo,
                        "--consent", "active")  # fmt: skip
    assert ended.code == 0, ended.err
    return root


def clean(sprint: Path, *ended: Ended) -> None:
    """Nothing of a value is in what was printed or kept, nor in a traceback."""
    kept = [p.read_text("utf-8", "replace") for p in (sprint / ".launchready").rglob("*.*")]
    for text in (*kept, *(e.out + e.err for e in ended)):
        for value in (BODY, BODY[::-1], WORD):
            assert not any(value[at : at + 6] in text for at in range(len(value) - 5))
        assert "Traceback" not in text


def door(pki: Pki, stripe: Desk | None = None, database: Postgres | None = None) -> list[str]:
    ports = {
        f"{STRIPE}:443": stripe.port if stripe else free_port(),
        f"{DATABASE}:5432": database.port if database else free_port(),
    }
    pins = [f"{host}=127.0.0.1:{port}" for host, port in ports.items()]
    return ["--ca", str(pki.ca), *(part for pin in pins for part in ("--connect", pin))]


def live(sprint: Path, how: list[str], *names: str, yes: bool = True) -> Ended:
    asked = [part for name in names for part in ("--live", name)]
    ended = launchready("env", "verify", sprint, *asked, "--by", "Ben", *how,
                        *(["--yes"] if yes else []))  # fmt: skip
    clean(sprint, ended)
    return ended


def test_a_key_and_a_database_are_tried_and_kept_as_evidence(
    sprint: Path, pki: Pki, stripe: Desk, database: Postgres
) -> None:
    ended = live(sprint, door(pki, stripe, database), "STRIPE_SECRET_KEY", "DATABASE_URL")
    assert ended.code == 0, ended.err
    assert "STRIPE_SECRET_KEY (prod): to api.stripe.com port 443 goes one GET" in ended.err
    assert "credentials-live: Try a credential once" in ended.err
    key, base = ended.out.splitlines()
    assert "it works. HTTP 200 from api.stripe.com" in key
    assert "it works. signed in at db.acme.test (TLSv1.3)" in base
    shown = launchready("env", "verify", sprint)
    assert "tried 20" in shown.out
    assert "DATABASE_URL" in shown.out
    kept = sorted(p.name for p in (sprint / ".launchready" / "trials").iterdir())
    assert kept == ["prod.DATABASE_URL.toml", "prod.STRIPE_SECRET_KEY.toml"]
    proofs = [p.read_text() for p in (sprint / ".launchready" / "evidence").glob("*.txt")]
    assert any("Request: GET api.stripe.com /v1/account -> 200 (active)" in t for t in proofs)
    assert launchready("verify", cwd=sprint).code == 0
    clean(sprint, shown)


def test_a_database_in_parts_is_tried_by_its_password(
    sprint: Path, pki: Pki, database: Postgres
) -> None:
    (sprint.parent / "repo" / ".env.production").write_text(
        f"PGHOST={DATABASE}\nPGUSER=boss\nPGPASSWORD={WORD}\nPGDATABASE=acme\n"
        "PGSSLMODE=verify-full\n"
    )
    ended = live(sprint, door(pki, None, database), "PGPASSWORD")
    assert ended.code == 0, ended.err
    assert "it works. signed in at db.acme.test (TLSv1.3)" in ended.out
    shown = launchready("env", "verify", sprint)
    clean(sprint, shown)
    assert "db-superuser  PGPASSWORD" in shown.out
    assert "tried 20" in shown.out


def test_a_refused_key_fails_the_item_until_another_is_tried(
    sprint: Path, pki: Pki, stripe: Desk, provider: Provider
) -> None:
    provider.dead.add(NEW)
    assert live(sprint, door(pki, stripe), "STRIPE_SECRET_KEY").code == 1
    shown = launchready("env", "verify", sprint)
    assert "cred-refused  STRIPE_SECRET_KEY (prod)" in shown.out
    provider.dead.discard(NEW)
    assert live(sprint, door(pki, stripe), "STRIPE_SECRET_KEY").code == 0
    assert "cred-refused" not in launchready("env", "verify", sprint).out
    clean(sprint, shown)


def test_the_role_of_a_database_is_judged_by_what_it_may_do(
    sprint: Path, pki: Pki, database: Postgres
) -> None:
    ended = live(sprint, door(pki, database=database), "ADMIN_URL")
    assert "steps over row level security" in ended.out
    assert "db-superuser  ADMIN_URL (prod)" in launchready("env", "verify", sprint).out


def test_a_database_that_cannot_be_reached_is_left_to_a_person(sprint: Path, pki: Pki) -> None:
    ended = live(sprint, door(pki), "DATABASE_URL")
    assert ended.code == 3
    assert "not known. " in ended.out
    assert "SELECT r.rolsuper, r.rolcreatedb" in ended.err


def test_what_a_person_asked_the_database_counts_as_well(
    sprint: Path, database: Postgres, tmp_path: Path
) -> None:
    file = tmp_path / "answer.txt"
    for role, says in (("boss", "steps over row level"), ("app", "it works")):
        file.write_text(database.sql(f"SET SESSION AUTHORIZATION {role};\n{SQL}"))
        ended = launchready("env", "verify", sprint, "--live", "DATABASE_URL", "--by", "Ben",
                            "--answer", f"@{file}")  # fmt: skip
        assert ended.code == 0, ended.err
        assert says in ended.out
        told = launchready("env", "verify", sprint).out
        assert ("db-superuser  DATABASE_URL" in told) == (role == "boss")
    ended = launchready("env", "verify", sprint, "--live", "DATABASE_URL", "--by", "Ben",
                        "--answer", "all fine")  # fmt: skip
    assert ended.code == 2
    assert "one row of nine cells" in ended.err


def test_json_and_a_value_from_a_variable(sprint: Path, pki: Pki, stripe: Desk) -> None:
    ended = launchready(
        "env", "verify", sprint, "--live", "STRIPE_SECRET_KEY", "--by", "Ben", "--yes",
        "--key", "STRIPE_SECRET_KEY=GIVEN", "--format", "json", *door(pki, stripe),
        env={"GIVEN": OLD},
    )  # fmt: skip
    assert ended.code == 1, ended.err
    (told,) = json.loads(ended.out)["trials"]
    assert (told["result"], told["detail"]) == ("refused", "HTTP 401 from api.stripe.com")
    clean(sprint, ended)


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        (("--live", "GONE", "--by", "Ben", "--yes"), "no env file of prod holds a value"),
        (("--live", "STRIPE_SECRET_KEY", "--by", "Ben"), "--yes"),
        (("--live", "STRIPE_SECRET_KEY", "--yes"), "--by is empty"),
        (("--live", "STRIPE_SECRET_KEY", "--by", "B", "--yes", "--env", "moon"), "none of dev"),
    ],
)
def test_what_cannot_be_tried_is_said_before_anything_leaves(
    more: tuple[str, ...], hint: str, sprint: Path, pki: Pki, stripe: Desk
) -> None:
    ended = launchready("env", "verify", sprint, *more, *door(pki, stripe))
    assert (ended.code, stripe.asked) == (2, []), ended.err
    assert hint in ended.err
    clean(sprint, ended)


def test_a_passive_consent_does_not_reach(tmp_path: Path, pki: Pki, stripe: Desk) -> None:
    root = tmp_path / "passive"
    (tmp_path / ".env.production").write_text(f"STRIPE_SECRET_KEY={NEW}\n")
    launchready("new", root, "--domain", "acme.test", "--by", "Anna", "--repo", tmp_path,
                "--consent", "passive")  # fmt: skip
    ended = live(root, door(pki, stripe), "STRIPE_SECRET_KEY")
    assert (ended.code, stripe.asked) == (2, [])
    assert "as far as “passive”" in ended.err


# ---------------------------------------------------------------- the dead-key proof


def rotate(sprint: Path, *args: str, stdin: str = "") -> Ended:
    ended = launchready("rotate", "STRIPE_SECRET_KEY", *args, "--by", "Ben", cwd=sprint,
                        stdin=stdin)  # fmt: skip
    clean(sprint, ended)
    return ended


@pytest.fixture
def revoked(sprint: Path) -> Path:
    for step in (
        ("found", "--evidence", "git 3f2c1ab src/pay.ts:4"),
        ("replaced",),
        ("deployed", "--env", "prod"),
        ("revoked",),
    ):
        assert rotate(sprint, *step).code == 0
    return sprint


def test_a_refusal_proves_the_old_key_dead(revoked: Path, pki: Pki, stripe: Desk) -> None:
    ended = rotate(revoked, "proven", "--call", "--yes", *door(pki, stripe), stdin=f"{OLD}\n")
    assert ended.code == 0, ended.err
    (file,) = (revoked / ".launchready" / "rotations").iterdir()
    text = file.read_text()
    assert 'proof = "rejected"' in text
    assert 'proof_detail = "HTTP 401 from api.stripe.com"' in text
    assert len(stripe.asked) == 1


def test_a_key_that_still_works_is_no_proof_and_nothing_is_recorded(
    revoked: Path, pki: Pki, stripe: Desk, provider: Provider
) -> None:
    provider.dead.clear()
    ended = rotate(revoked, "proven", "--call", "--yes", *door(pki, stripe), stdin=OLD)
    assert ended.code == 1
    assert "still works (HTTP 200 from api.stripe.com)" in ended.err
    (file,) = (revoked / ".launchready" / "rotations").iterdir()
    assert 'status = "revoked"' in file.read_text()


def test_a_provider_that_is_down_or_away_proves_nothing(
    revoked: Path, pki: Pki, stripe: Desk, provider: Provider
) -> None:
    provider.down = True
    ended = rotate(revoked, "proven", "--call", "--yes", *door(pki, stripe), stdin=OLD)
    assert ended.code == 3
    assert "Not known: HTTP 503" in ended.err
    ended = rotate(revoked, "proven", "--call", "--yes", *door(pki), stdin=OLD)
    assert ended.code == 3
    (file,) = (revoked / ".launchready" / "rotations").iterdir()
    assert 'status = "revoked"' in file.read_text()


@pytest.mark.parametrize(
    ("given", "more", "hint"),
    [
        (NEW, (), "still uses"),
        ("", (), "nothing was sent"),
        ("plain-word", (), "not known by its name or shape"),
        (OLD, ("--proof", "attested"), "goes with the step proven alone"),
    ],
)
def test_what_could_prove_nothing_is_not_sent(
    given: str, more: tuple[str, ...], hint: str, revoked: Path, pki: Pki, stripe: Desk
) -> None:
    ended = rotate(revoked, "proven", "--call", "--yes", *more, *door(pki, stripe), stdin=given)
    assert (ended.code, stripe.asked) == (2, []), ended.err
    assert hint in ended.err


def test_no_step_is_skipped_by_a_call(sprint: Path, pki: Pki, stripe: Desk) -> None:
    ended = rotate(sprint, "proven", "--call", "--yes", *door(pki, stripe), stdin=OLD)
    assert (ended.code, stripe.asked) == (2, [])
    assert "no open rotation" in ended.err


def test_a_database_password_is_proved_dead_by_its_sign_in(
    sprint: Path, pki: Pki, database: Postgres
) -> None:
    old = f"postgres://app:{WORD[::-1]}@{DATABASE}/acme?sslmode=verify-full"
    for step in (("found", "--evidence", "git 3f2c1ab a.ts:4"), ("replaced",),
                 ("deployed", "--env", "prod"), ("revoked",)):  # fmt: skip
        assert launchready("rotate", "DATABASE_URL", *step, "--by", "B", cwd=sprint).code == 0
    ended = launchready("rotate", "DATABASE_URL", "proven", "--call", "--yes", "--by", "B",
                        *door(pki, database=database), cwd=sprint, stdin=old)  # fmt: skip
    assert ended.code == 0, ended.err
    assert "SQLSTATE 28P01 from db.acme.test" in ended.err
    clean(sprint, ended)
