"""Keys of AWS: their parts beside each other, and what the answer says of them."""

from __future__ import annotations

import pytest

from launchready_tui.credentials.aws import (
    AwsKey,
    NoKey,
    identity_of,
    is_part,
    is_whole,
    key_of,
    part_of,
)

ID, OTHER = "AKIA" + "Q7XH4R2V2W7Z3K6N", "ASIA" + "Q7XH4R2V2W7Z3K6N"
SECRET, TOKEN = "Q7XH4R9V2W8Z3K6N/abc" + "defgh+jkmnpqrstuvwyz", "Fwo" + "T" * 60
WHOLE = f"{ID}:{SECRET}"
BESIDE = {"AWS_ACCESS_KEY_ID": ID, "AWS_SECRET_ACCESS_KEY": SECRET}


def key(name: str = "AWS_SECRET_ACCESS_KEY", value: str = SECRET, **beside: str) -> AwsKey:
    return key_of(name, value, {**BESIDE, **beside})


@pytest.mark.parametrize(
    ("name", "value", "beside"),
    [
        ("AWS_SECRET_ACCESS_KEY", SECRET, {"AWS_ACCESS_KEY_ID": ID}),
        ("AWS_ACCESS_KEY_ID", ID, {"AWS_SECRET_ACCESS_KEY": SECRET}),
        ("S3_SECRET", SECRET, {"S3_ACCESS_KEY": ID}),
        ("aws_s3_secret_access_key", SECRET, {"aws_s3_access_key_id": ID}),
        ("ANY", WHOLE, {}),
    ],
)
def test_the_other_half_is_found_beside_it(name: str, value: str, beside: dict[str, str]) -> None:
    held = key_of(name, value, beside)
    assert (held.id, held.secret.reveal(), held.token) == (ID, SECRET, None)
    assert SECRET not in repr(held) and ID not in repr(held)


def test_a_temporary_key_takes_its_token_along() -> None:
    beside = {"AWS_ACCESS_KEY_ID": OTHER, "AWS_SESSION_TOKEN": TOKEN}
    held = key_of("AWS_SECRET_ACCESS_KEY", SECRET, beside)
    assert held.token is not None and held.token.reveal() == TOKEN
    assert held.kind == "aws-temporary-key-id"
    assert key_of("X", f"{OTHER}:{SECRET}:{TOKEN}", {}).token == held.token


@pytest.mark.parametrize(
    ("region", "host", "signs_for"),
    [
        ("", "sts.amazonaws.com", "us-east-1"),
        ("eu-central-1", "sts.amazonaws.com", "us-east-1"),
        ("ap-southeast-2", "sts.amazonaws.com", "us-east-1"),
        ("cn-northwest-1", "sts.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"),
        ("us-gov-west-1", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
    ],
)
def test_accounts_apart_are_asked_about_where_they_are_known(
    region: str, host: str, signs_for: str
) -> None:
    held = key(AWS_REGION=region)
    assert (held.host, held.signs_for) == (host, signs_for)
    assert key(AWS_DEFAULT_REGION=region).host == host


@pytest.mark.parametrize(
    ("name", "value", "beside", "why"),
    [
        ("AWS_SECRET_ACCESS_KEY", SECRET, {}, "ID:SECRET"),
        ("AWS_ACCESS_KEY_ID", ID, {"S3_SECRET": SECRET}, "ID:SECRET"),
        ("AWS_ACCESS_KEY_ID", ID, {"AWS_SECRET_ACCESS_KEY": "changeme"}, "not of the form"),
        ("AWS_SECRET_ACCESS_KEY", SECRET, {"AWS_ACCESS_KEY_ID": "minioadmin"}, "not of the form"),
        ("AWS_ACCESS_KEY_ID", OTHER, BESIDE, "session token is not here"),
        ("ANY", f"{OTHER}:{SECRET}", {}, "session token is not here"),
        ("X", WHOLE, {"AWS_SESSION_TOKEN": "short", "AWS_REGION": "evil.test/?"}, "none that can"),
        ("X", WHOLE, {"AWS_REGION": "auto"}, "none that can"),
        ("X", WHOLE, {"AWS_ENDPOINT_URL": "http://localhost:4566"}, "AWS_ENDPOINT_URL"),
        ("S3_SECRET_KEY", SECRET, {"S3_ACCESS_KEY": ID, "S3_ENDPOINT": "fsn1.acme.test"},
         "another service"),
    ],
)  # fmt: skip
def test_what_is_no_whole_key_of_aws_says_why(
    name: str, value: str, beside: dict[str, str], why: str
) -> None:
    with pytest.raises(NoKey, match=why) as raised:
        key_of(name, value, beside)
    assert SECRET not in str(raised.value) and ID not in str(raised.value)


def test_other_settings_beside_it_do_not_matter() -> None:
    held = key(
        AWS_ENDPOINT_URL_S3="https://s3.eu-central-1.amazonaws.com",
        SENTRY_ENDPOINT="https://sentry.test",
        AWS_ENDPOINT_URL="",
    )
    assert held.host == "sts.amazonaws.com"


def test_a_whole_key_is_told_and_taken_apart() -> None:
    assert is_whole(WHOLE) and is_whole(f"{OTHER}:{SECRET}:{TOKEN}")
    assert not is_whole(ID) and not is_whole(f"postgres:{SECRET}") and not is_whole(f"{ID}:short")
    assert part_of("AWS_SECRET_ACCESS_KEY", WHOLE) == SECRET
    assert part_of("AWS_ACCESS_KEY_ID", WHOLE) == ID
    assert part_of("AWS_SESSION_TOKEN", f"{OTHER}:{SECRET}:{TOKEN}") == TOKEN
    assert part_of("AWS_SECRET_ACCESS_KEY", SECRET) == SECRET
    assert is_part("AWS_ACCESS_KEY_ID", ID) and is_part("AWS_SECRET_ACCESS_KEY", SECRET)
    assert not is_part("AWS_REGION", "eu-central-1") and not is_part("COLOUR", "blue")


# ---------------------------------------------------------------- the answer


def known(arn: str) -> str:
    return (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
        f"<GetCallerIdentityResult><Arn>{arn}</Arn></GetCallerIdentityResult>"
        "</GetCallerIdentityResponse>"
    )


def error(code: str, message: str = "no") -> str:
    return (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
        "</Error></ErrorResponse>"
    )


@pytest.mark.parametrize(
    ("arn", "whose", "root"),
    [
        ("arn:aws:iam::123456789012:root", "the root user", True),
        ("arn:aws-cn:iam::123456789012:root", "the root user", True),
        ("arn:aws:iam::123456789012:user/root", "an IAM user", False),
        ("arn:aws:iam::123456789012:user/team/app", "an IAM user", False),
        ("arn:aws:sts::123456789012:assumed-role/app/i-01", "a role", False),
        ("arn:aws:sts::123456789012:federated-user/ana", "a federated user", False),
    ],
)
def test_whose_key_it_is(arn: str, whose: str, root: bool) -> None:
    said = identity_of(200, known(arn))
    assert (said.means, said.root) == ("works", root)
    assert said.whose.startswith(whose)
    assert "123456789012" not in repr(said)


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken"])
def test_the_documented_codes_are_a_refusal(code: str) -> None:
    said = identity_of(403, error(code))
    assert (said.means, said.code) == ("refused", code)


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (403, error("SignatureDoesNotMatch", "Signature expired: 2015 is earlier"), "clock"),
        (403, error("SignatureDoesNotMatch", "Signature not yet current: 2099"), "clock"),
        (400, error("RequestExpired"), "clock"),
        (403, error("AccessDenied"), "nothing of the key"),
        (400, error("Throttling"), "nothing of the key"),
        (500, error("InvalidClientTokenId"), "nothing of the key"),
        (200, error("InvalidClientTokenId"), "nothing of the key"),
        (403, known("arn:aws:iam::123456789012:root"), "nothing of the key"),
        (200, known("arn:evil:iam::123456789012:root"), "nothing of the key"),
        (200, known("arn:aws:iam::123456789012:rooted"), "nothing of the key"),
        (200, known("arn:aws:iam::123456789012:"), "nothing of the key"),
        (200, "<html>" + known("arn:aws:iam::123456789012:root"), "nothing of the key"),
        (403, "<html>" + error("InvalidClientTokenId"), "nothing of the key"),
        (200, "", "nothing of the key"),
        (403, "<ErrorResponse>" * 4_000, "nothing of the key"),
        (403, '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + error("ExpiredToken"),
         "nothing of the key"),
    ],
)  # fmt: skip
def test_any_other_answer_says_nothing_of_the_key(status: int, body: str, cause: str) -> None:
    said = identity_of(status, body)
    assert said.means == "unknown"
    assert cause in said.cause
