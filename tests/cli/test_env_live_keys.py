"""`env verify --live` and `rotate … --call` for keys of AWS and for Redis, as people start them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_door import Ended, launchready
from servers.pki import Pki
from servers.redis import Redis, running_redis
from servers.scripted import Desk, running_script
from servers.sts import Sts

STS, CACHE = "sts.amazonaws.com", "cache.acme.test"
ID, OLD_ID = "AKIA" + "Q7XH4R2V2W7Z3K6N", "AKIA" + "M5BC2D7F3G4H6J2K"
SECRET, OLD = (
    "Q7XH4R9V2W8Z3K6N/abc" + "defgh+jkmnpqrstuvwyz",
    "zM5BC+D7FGHJ/KLMNPQR" + "STvwxyz2345678abcdef",
)
WORD = "wo" + "rd-7Kq2xZ9"
USERS = (f"user default on >{WORD} ~* &* +@all", f"user app on >{WORD} ~app:* +@read +acl")
VALUES = (ID, OLD_ID, SECRET, OLD, WORD)
NAME = "AWS_SECRET_ACCESS_KEY"


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def sts() -> Sts:
    return Sts({ID: SECRET})


@pytest.fixture
def desk(pki: Pki, sts: Sts) -> Iterator[Desk]:
    with running_script(sts.answer, pki.good(STS)) as running:
        yield running


@pytest.fixture(scope="module")
def cache(pki: Pki) -> Iterator[Redis]:
    with running_redis(pki.good(CACHE), USERS, WORD) as running:
        yield running


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    repo, root = tmp_path / "repo", tmp_path / "sprint"
    repo.mkdir()
    (repo / ".env.production").write_text(
        f"AWS_ACCESS_KEY_ID={ID}\n{NAME}={SECRET}\nAWS_REGION=eu-central-1\n"
        f"REDIS_URL=rediss://:{WORD}@{CACHE}\nOPEN_REDIS_URL=redis://:{WORD}@{CACHE}\n"
        f"MYSQL_URL=mysql://app:{WORD}@db.acme.test/app\n"
    )
    ended = launchready("new", root, "--domain", "acme.test", "--by", "Anna", "--repo", repo,
                        "--consent", "active")  # fmt: skip
    assert ended.code == 0, ended.err
    return root


def clean(sprint: Path, ended: Ended) -> Ended:
    """Nothing of a value is in what was printed or kept."""
    kept = [p.read_text("utf-8", "replace") for p in (sprint / ".launchready").rglob("*.*")]
    for text in (*kept, ended.out, ended.err):
        for value in VALUES:
            assert not any(value[at : at + 6] in text for at in range(len(value) - 5))
        assert "Traceback" not in text
    return ended


def live(sprint: Path, how: list[str], *names: str) -> Ended:
    asked = [part for name in names for part in ("--live", name)]
    return clean(sprint, launchready("env", "verify", sprint, *asked, "--by", "Ben", "--yes", *how))


def door(pki: Pki, host: str, port: int) -> list[str]:
    way = {STS: 443, CACHE: 6379}[host]
    return ["--ca", str(pki.ca), "--connect", f"{host}:{way}=127.0.0.1:{port}"]


def test_a_key_of_aws_is_asked_whose_it_is(sprint: Path, pki: Pki, desk: Desk, sts: Sts) -> None:
    ended = live(sprint, door(pki, STS, desk.port), NAME)
    assert ended.code == 0, ended.err
    assert f"{NAME} (prod): to sts.amazonaws.com port 443 goes one GET that asks" in ended.err
    assert "a key laid out as a trap would raise its alarm" in " ".join(ended.err.split())
    assert "it works. HTTP 200 from sts.amazonaws.com: it is the key of an IAM user" in ended.out
    sts.arns[ID] = "arn:aws:iam::123456789012:root"
    ended = live(sprint, door(pki, STS, desk.port), "AWS_ACCESS_KEY_ID")
    assert "it is the key of the root user of the account" in ended.out
    told = clean(sprint, launchready("env", "verify", sprint))
    assert "blocker  aws-root-key  AWS_ACCESS_KEY_ID (prod)" in told.out


def test_a_secret_of_another_id_is_refused(sprint: Path, pki: Pki, desk: Desk, sts: Sts) -> None:
    sts.keys[ID] = OLD
    ended = live(sprint, door(pki, STS, desk.port), NAME)
    assert (ended.code, "SignatureDoesNotMatch" in ended.out) == (1, True), ended.err


def test_a_redis_user_is_judged_by_what_it_may_do(sprint: Path, pki: Pki, cache: Redis) -> None:
    ended = live(sprint, door(pki, CACHE, cache.port), "REDIS_URL")
    assert ended.code == 0, ended.err
    assert "its user is the one called default, it may use +@all on every key (~*)" in ended.out
    told = clean(sprint, launchready("env", "verify", sprint))
    assert "redis-user-too-wide  REDIS_URL (prod)" in told.out


def test_a_password_without_encryption_stays_here(sprint: Path, pki: Pki) -> None:
    with running_redis(None, USERS, WORD) as plain:
        ended = live(sprint, door(pki, CACHE, plain.port), "OPEN_REDIS_URL")
    assert ended.code == 3, ended.err
    assert "the password is not sent" in ended.err
    assert "redis-cli" in ended.err


def test_a_database_that_is_not_tried_says_what_a_person_does_instead(sprint: Path) -> None:
    ended = live(sprint, [], "MYSQL_URL")
    assert ended.code == 2
    assert "SHOW GRANTS FOR CURRENT_USER;" in ended.err
    assert "launchready env set MYSQL_URL --least-privilege" in ended.err


# ---------------------------------------------------------------- the dead-key proof


@pytest.fixture
def revoked(sprint: Path) -> Path:
    for name in (NAME, "REDIS_URL"):
        for step in (("found", "--evidence", "git 3f2c1ab a.ts:4"), ("replaced",),
                     ("deployed", "--env", "prod"), ("revoked",)):  # fmt: skip
            assert launchready("rotate", name, *step, "--by", "B", cwd=sprint).code == 0
    return sprint


def prove(sprint: Path, name: str, old: str, how: list[str]) -> Ended:
    asked = ("rotate", name, "proven", "--call", "--yes", "--by", "B", *how)
    return clean(sprint, launchready(*asked, cwd=sprint, stdin=old))


def test_a_deleted_key_of_aws_is_proved_dead_by_both_its_halves(
    revoked: Path, pki: Pki, desk: Desk
) -> None:
    ended = prove(revoked, NAME, f"{OLD_ID}:{OLD}\n", door(pki, STS, desk.port))
    assert ended.code == 0, ended.err
    assert "InvalidClientTokenId from sts.amazonaws.com" in ended.err


@pytest.mark.parametrize(
    ("old", "hint"),
    [(OLD, "give both as ID:SECRET"), (f"{ID}:{SECRET}", "still uses"), (SECRET, "still uses")],
    ids=["half a key beside the new one", "the key in use", "half the key in use"],
)
def test_what_would_prove_nothing_of_an_old_key_is_not_sent(
    old: str, hint: str, revoked: Path, pki: Pki, desk: Desk
) -> None:
    ended = prove(revoked, NAME, old, door(pki, STS, desk.port))
    assert (ended.code, desk.asked) == (2, []), ended.err
    assert hint in ended.err


def test_an_old_key_that_lives_or_is_half_known_is_no_proof(
    revoked: Path, pki: Pki, desk: Desk, sts: Sts
) -> None:
    sts.keys[OLD_ID] = OLD
    ended = prove(revoked, NAME, f"{OLD_ID}:{OLD}", door(pki, STS, desk.port))
    assert (ended.code, "still works" in ended.err) == (1, True), ended.err
    ended = prove(revoked, NAME, f"{OLD_ID}:{OLD[::-1]}", door(pki, STS, desk.port))
    assert (ended.code, "may well be alive" in ended.err) == (3, True), ended.err


def test_a_dead_password_of_redis_is_proved_by_its_sign_in(
    revoked: Path, pki: Pki, cache: Redis
) -> None:
    how = door(pki, CACHE, cache.port)
    ended = prove(revoked, "REDIS_URL", f"rediss://app:{WORD}@{CACHE}", how)
    assert (ended.code, "still works" in ended.err) == (1, True), ended.err
    ended = prove(revoked, "REDIS_URL", f"rediss://:{WORD[::-1]}@{CACHE}", how)
    assert ended.code == 0, ended.err
    assert "WRONGPASS from cache.acme.test" in ended.err
