"""Trying keys of AWS against a service that checks each signature by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from launchready_tui.facts.trial_plan import CannotTry, Plan, Tried
from launchready_tui.facts.trials import plan_of
from launchready_tui.network import Options
from launchready_tui.recording.trial_recording import not_proven, sent
from servers.pki import Pki
from servers.scripted import Asked, Reply, running_script
from servers.sts import Sts

ID, OTHER = "AKIA" + "Q7XH4R2V2W7Z3K6N", "ASIA" + "Q7XH4R2V2W7Z3K6N"
SECRET, TOKEN = "Q7XH4R9V2W8Z3K6N/abc" + "defgh+jkmnpqrstuvwyz", "Fwo" + "T/+" * 20
NAME = "AWS_SECRET_ACCESS_KEY"
ROOT = {ID: "arn:aws:iam::123456789012:root"}


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


def plan(value: str = SECRET, name: str = NAME, **beside: str) -> Plan:
    return plan_of(name, value, {"AWS_ACCESS_KEY_ID": ID, **beside})


async def answered(
    pki: Pki, answer: Callable[[Asked, int], Reply], held: Plan
) -> tuple[Tried, list[Asked]]:
    with running_script(answer, pki.good(held.host)) as desk:
        options = Options(ca=str(pki.ca), connect=(f"{held.host}:443=127.0.0.1:{desk.port}",))
        told, requests = await sent(held, options, "Ana")
    text = repr((told, requests, held))
    for value in (ID, OTHER, SECRET, TOKEN):
        assert not any(value[at : at + 8] in text for at in range(len(value) - 7))
    assert [(r.method, r.level, r.path) for r in requests] == [("GET", "active", "/")]
    return told, desk.asked


def test_a_plan_says_what_is_signed_and_where_it_goes() -> None:
    held = plan(AWS_REGION="eu-central-1")
    assert (held.way, held.where) == ("STS", "sts.amazonaws.com port 443")
    assert "GetCallerIdentity" in held.sends
    assert "its secret, which does not leave" in held.sends
    assert held.scope("Ana").named == ()
    assert "China" not in held.sends
    assert "China" in plan().sends
    assert "session token" in plan(f"{OTHER}:{SECRET}:{TOKEN}").sends


@pytest.mark.parametrize("name", [NAME, "AWS_ACCESS_KEY_ID"])
async def test_a_living_key_is_one_signed_get(name: str, pki: Pki) -> None:
    value, beside = (SECRET, {}) if name == NAME else (ID, {NAME: SECRET})
    told, asked = await answered(pki, Sts({ID: SECRET}).answer, plan(value, name, **beside))
    assert told.result == "works"
    assert told.detail == "HTTP 200 from sts.amazonaws.com: it is the key of an IAM user"
    assert told.powers == ()
    (one,) = asked
    assert (one.method, one.body) == ("GET", b"")
    assert one.path == "/?Action=GetCallerIdentity&Version=2011-06-15"
    assert SECRET not in repr(one)
    assert "still works" in not_proven(told)


async def test_the_root_users_key_is_told(pki: Pki) -> None:
    told, _ = await answered(pki, Sts({ID: SECRET}, arns=ROOT).answer, plan())
    assert told.powers == ("it is the key of the root user of the account",)
    assert told.detail == "HTTP 200 from sts.amazonaws.com"


async def test_a_temporary_key_goes_with_its_token(pki: Pki) -> None:
    sts = Sts({OTHER: SECRET}, tokens={OTHER: TOKEN})
    held = plan(AWS_ACCESS_KEY_ID=OTHER, AWS_SESSION_TOKEN=TOKEN)
    assert (await answered(pki, sts.answer, held))[0].result == "works"
    sts.expired.add(OTHER)
    told, _ = await answered(pki, sts.answer, held)
    assert (told.result, told.code) == ("refused", "ExpiredToken")
    assert not_proven(told) == ""


async def test_a_deleted_key_is_refused_and_that_is_a_proof(pki: Pki) -> None:
    told, _ = await answered(pki, Sts({}).answer, plan(f"{ID}:{SECRET}", "X"))
    assert told.result == "refused"
    assert told.detail == "InvalidClientTokenId from sts.amazonaws.com"
    assert not_proven(told) == ""


async def test_another_secret_is_refused_in_use_and_proves_nothing_of_the_id(pki: Pki) -> None:
    told, _ = await answered(pki, Sts({ID: SECRET[::-1]}).answer, plan())
    assert (told.result, told.code) == ("refused", "SignatureDoesNotMatch")
    assert "may well be alive" in not_proven(told)


async def test_a_wrong_clock_says_nothing_of_the_key(pki: Pki) -> None:
    sts = Sts({ID: SECRET}, ahead=timedelta(hours=2))
    told, _ = await answered(pki, sts.answer, plan())
    assert told.result == "unknown"
    assert "clock" in told.detail


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
async def test_accounts_apart_are_signed_for_their_own_region(region: str, pki: Pki) -> None:
    sts = Sts({ID: SECRET}, region=region)
    told, _ = await answered(pki, sts.answer, plan(AWS_REGION=region))
    assert told.result == "works"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(302, {"location": "https://evil.test/"}, b""),
        Reply(200, {}, b"<html>please sign in to the wireless network"),
        Reply(403, {}, b'{"Error": {"Code": "InvalidClientTokenId"}}'),
        Reply(503, {}, b""),
    ],
    ids=["redirect", "portal", "another form", "broken"],
)
async def test_what_says_nothing_of_the_key_stays_unknown(reply: Reply, pki: Pki) -> None:
    told, asked = await answered(pki, lambda asked, before: reply, plan())
    assert (told.result, len(asked)) == ("unknown", 1)
    assert not_proven(told).startswith("Not known")


async def test_nothing_is_signed_for_a_certificate_that_is_not_trusted(
    pki: Pki, tmp_path: Path
) -> None:
    held = plan()
    with running_script(papers=Pki(tmp_path).good(held.host)) as desk:
        options = Options(ca=str(pki.ca), connect=(f"{held.host}:443=127.0.0.1:{desk.port}",))
        told, _ = await sent(held, options, "Ana")
        assert (told.result, desk.asked) == ("unknown", [])


def test_half_a_key_is_not_tried() -> None:
    with pytest.raises(CannotTry, match="ID:SECRET"):
        plan_of(NAME, SECRET, {})
