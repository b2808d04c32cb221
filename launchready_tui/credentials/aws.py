"""A key of AWS: its two or three parts, where it is asked about, and what the answer says of it.

The one call that any key may make is GetCallerIdentity of the Security Token Service:
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.credentials.kinds import kind_of
from launchready_tui.model import Record
from launchready_tui.secret import Secret

KINDS = frozenset(["aws-access-key-id", "aws-secret-key", "aws-temporary-key-id"])
QUERY: Mapping[str, str] = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
_ID_NAMES = ("ACCESS_KEY_ID", "ACCESS_KEY", "KEY_ID")
_SECRET_NAMES = ("SECRET_ACCESS_KEY", "ACCESS_KEY_SECRET", "SECRET_KEY", "SECRET")
_TOKEN_NAMES = ("SESSION_TOKEN", "SECURITY_TOKEN")
_ENDINGS = sorted((*_ID_NAMES, *_SECRET_NAMES, *_TOKEN_NAMES), key=len, reverse=True)
_ID = re.compile(r"A[KS]IA[A-Z2-7]{16}")
_SECRET = re.compile(r"[A-Za-z0-9/+]{40}")
_TOKEN = re.compile(r"[A-Za-z0-9/+=]{16,4096}")
_GIVEN = re.compile(r"(A[KS]IA[A-Z2-7]{16}):([A-Za-z0-9/+]{40})(?::([A-Za-z0-9/+=]{16,4096}))?")
_MAIN = re.compile(r"(?:af|ap|ca|eu|il|me|mx|sa|us)-(?:north|south|east|west|central){1,2}-\d")
_CHINA = re.compile(r"cn-(?:north|northwest)-1")
_GOVERNMENT = re.compile(r"us-gov-(?:east|west)-1")
_ELSEWHERE = re.compile(r"(?:^|_)ENDPOINT(?:_URL)?(?:_\w+)?$")
HALF = (
    "a key of AWS is an id and a secret that belong together, and one of the two is not here; give"
    " both as ID:SECRET, a temporary one as ID:SECRET:TOKEN"
)


class NoKey(Exception):
    """Why there is no whole key of AWS, in words that hold nothing of it."""


@dataclass(frozen=True, slots=True, repr=False)
class AwsKey:
    """A key with all its parts. `region` is empty where no setting names one."""

    id: str
    secret: Secret
    token: Secret | None = None
    region: str = ""

    @property
    def kind(self) -> str:
        return "aws-temporary-key-id" if self.id.startswith("ASIA") else "aws-access-key-id"

    @property
    def signs_for(self) -> str:
        """The region that a signature is made for."""
        return self.region if self._apart else "us-east-1"

    @property
    def host(self) -> str:
        """Who knows the key. Accounts of China and GovCloud are known to nobody else."""
        if not self._apart:
            return "sts.amazonaws.com"
        china = ".cn" if self.region.startswith("cn-") else ""
        return f"sts.{self.region}.amazonaws.com{china}"

    @property
    def _apart(self) -> bool:
        return bool(_CHINA.fullmatch(self.region) or _GOVERNMENT.fullmatch(self.region))


def is_whole(value: str) -> bool:
    """Whether a value is a key with all its parts, ID:SECRET or ID:SECRET:TOKEN."""
    return bool(_GIVEN.fullmatch(value.strip()))


def part_of(name: str, value: str) -> str:
    """The part of a whole key that a setting of this name holds; any other value as it is."""
    given = _GIVEN.fullmatch(value.strip())
    if given is None:
        return value
    named, id, secret, token = name.upper(), given[1], given[2], given[3]
    if named.endswith(_TOKEN_NAMES):
        return token or ""
    return secret if "SECRET" in named else id


def is_part(name: str, value: str) -> bool:
    """Whether a setting holds a part of a key; one alone says nothing of the others."""
    kind = kind_of(name, value)
    return (kind is not None and kind.id in KINDS) or name.upper().endswith(_TOKEN_NAMES)


def key_of(name: str, value: str, beside: Mapping[str, str]) -> AwsKey:
    """The key that a part belongs to, with what stands beside it. Raises NoKey."""
    known = {key.upper(): text.strip() for key, text in beside.items()}
    region = known.get("AWS_REGION") or known.get("AWS_DEFAULT_REGION") or ""
    if region and not any(way.fullmatch(region) for way in (_MAIN, _CHINA, _GOVERNMENT)):
        raise NoKey("the region that is set beside it is none that can be asked from here")
    stem = _stem(name)
    for key, text in known.items():
        ours = key.startswith(("AWS_", stem or "AWS_"))
        if ours and _ELSEWHERE.search(key) and text and ".amazonaws.com" not in text:
            raise NoKey(f"{key} beside it sends its calls to another service than AWS")
    if given := _GIVEN.fullmatch(value.strip()):
        id, secret, token = given[1], given[2], given[3] or ""
    else:

        def first(names: tuple[str, ...]) -> str:
            return next((known[stem + one] for one in names if known.get(stem + one)), "")

        own = value.strip()
        id = own if _ID.fullmatch(own) else first(_ID_NAMES)
        secret = own if _SECRET.fullmatch(own) else first(_SECRET_NAMES)
        token = first(_TOKEN_NAMES)
    return _whole(id, secret, token, region)


def _stem(name: str) -> str:
    named = name.upper()
    ending = next((one for one in _ENDINGS if named.endswith(one)), "")
    return named[: len(named) - len(ending)] if ending else named


def _whole(id: str, secret: str, token: str, region: str) -> AwsKey:
    if not (id and secret):
        raise NoKey(HALF)
    if not (_ID.fullmatch(id) and _SECRET.fullmatch(secret)):
        raise NoKey("id and secret beside each other are not of the form that AWS gives out")
    if token and not _TOKEN.fullmatch(token):
        raise NoKey("the session token beside it is not of the form that AWS gives out")
    if id.startswith("ASIA") and not token:
        raise NoKey("it is a temporary key, and its session token is not here")
    return AwsKey(id, Secret(secret), Secret(token) if token else None, region)


# ---------------------------------------------------------------- what the answer says

REFUSALS = frozenset(
    ["ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "SignatureDoesNotMatch"]
)
"""https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, and for the signature
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html"""
OTHER_HALF = "SignatureDoesNotMatch"
"""AWS knows the id and the secret is another one: the id's own secret may well be alive."""
_TOO_LATE = frozenset(["RequestExpired", "RequestTimeTooSkewed"])
_XML = r"\s*(?:<\?xml[^>]{0,100}\?>\s*)?"
_ERROR = re.compile(
    _XML + r"<ErrorResponse\b.{0,2000}?<Code>\s*([A-Za-z.]{3,60})\s*</Code>(.{0,2000})", re.DOTALL
)
_KNOWN = re.compile(
    _XML + r"<GetCallerIdentityResponse\b.{0,2000}?<Arn>\s*arn:aws[a-z-]{0,12}:(?:iam|sts)::\d{12}:"
    r"(root|user|assumed-role|federated-user)(?:/[^<]{1,500})?\s*</Arn>",
    re.DOTALL,
)
_CLOCK = re.compile(r"Signature (?:expired|not yet current)")
_WHOSE = {
    "root": "the root user of the account",
    "user": "an IAM user",
    "assumed-role": "a role that somebody took on",
    "federated-user": "a federated user",
}


class Identity(Record, frozen=True, kw_only=True):
    """What the answer says. `whose` in words; `code` is the error's, where it is one of ours."""

    means: Literal["works", "refused", "unknown"]
    whose: str = ""
    root: bool = False
    code: str = ""
    cause: str = ""


def identity_of(status: int, body: str) -> Identity:
    """Total: what is not as AWS documents it is unknown."""
    if status == 200 and (known := _KNOWN.match(body)):
        return Identity(means="works", whose=_WHOSE[known[1]], root=known[1] == "root")
    error = _ERROR.match(body)
    if error is None or status not in (400, 401, 403):
        return Identity(means="unknown", cause="which says nothing of the key")
    code = error[1]
    if code in _TOO_LATE or (code == OTHER_HALF and _CLOCK.search(error[2])):
        return Identity(means="unknown", cause="which says that this computer's clock is wrong")
    if code in REFUSALS:
        return Identity(means="refused", code=code)
    return Identity(means="unknown", cause="which says nothing of the key")
