"""Signing for AWS, against the signatures that AWS has published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from launchready_tui.credentials.sigv4 import Signer, query_of, signed_get
from launchready_tui.secret import Secret

AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
SECRET = "wJalrXUtnFEMI/K7MDENG" + "+bPxRfiCYEXAMPLEKEY"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def signer(service: str = "service", token: str = "") -> Signer:
    held = Secret(token) if token else None
    return Signer("AKIDEXAMPLE", Secret(SECRET), "us-east-1", service, held)


@pytest.mark.parametrize(
    ("service", "host", "query", "more", "signature"),
    [
        # get-vanilla and get-vanilla-query-order-key-case of the published test suite
        ("service", "example.amazonaws.com", {}, {},
         "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("service", "example.amazonaws.com", {"Param2": "value2", "Param1": "value1"}, {},
         "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        # the worked example of the AWS General Reference
        ("iam", "iam.amazonaws.com", {"Action": "ListUsers", "Version": "2010-05-08"}, FORM,
         "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
    ],
    ids=["vanilla", "order", "worked example"],
)  # fmt: skip
def test_the_published_signatures_come_out(
    service: str, host: str, query: dict[str, str], more: dict[str, str], signature: str
) -> None:
    headers = signed_get(signer(service), host, query, AT, more)
    assert headers["authorization"].endswith(f"Signature={signature}")
    assert headers["x-amz-date"] == "20150830T123600Z"


def test_a_session_token_is_sent_and_signed() -> None:
    query = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
    token = "Fwo" + "A" * 40 + "/+=="
    headers = signed_get(signer("sts", token), "sts.amazonaws.com", query, AT)
    assert headers["x-amz-security-token"] == token
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token," in headers["authorization"]
    # Reckoned by botocore.auth.SigV4Auth for the same request.
    assert headers["authorization"].endswith(
        "Signature=7e26e84740404e8ade21e04ea690eaf40220e980b718700a5f37e4cd5cebc11a"
    )


def test_the_instant_is_that_of_greenwich_whatever_the_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=9)))
    assert signed_get(signer(), "a.test", {}, there) == signed_get(signer(), "a.test", {}, AT)


def test_what_is_signed_hides_the_secret_and_shows_itself_nowhere() -> None:
    headers = signed_get(signer(token="t" * 20), "a.test", {}, AT)
    assert SECRET[:8] not in repr((headers, signer()))
    assert "AKIDEXAMPLE" not in repr(signer())


def test_a_query_is_encoded_as_it_is_signed() -> None:
    assert query_of({"b": "x y/~", "a": "ü="}) == "a=%C3%BC%3D&b=x%20y%2F~"
