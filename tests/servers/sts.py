"""A Security Token Service that checks signatures by itself, from the documented algorithm.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
It shares no line with what signs: it reads the request as it came, and reckons the other way round.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from servers.scripted import Asked, Reply

_CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([\w-]+)/sts/aws4_request,"
    r" SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)
_SPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


@dataclass
class Sts:
    """`keys` are secrets by id, `arns` whose they are, `expired` the ids that are of no use."""

    keys: dict[str, str]
    region: str = "us-east-1"
    arns: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    ahead: timedelta = timedelta()
    """How far this server's clock is before the other's."""

    def answer(self, asked: Asked, before: int) -> Reply:
        found = _CREDENTIAL.fullmatch(asked.headers.get("authorization", ""))
        if not found:
            return _error(403, "MissingAuthenticationToken", "Request is missing a token")
        ident, day, region, names, signature = found.groups()
        stamp = asked.headers["x-amz-date"]
        secret = self.keys.get(ident)
        token = asked.headers.get("x-amz-security-token", "")
        if secret is None or token != self.tokens.get(ident, ""):
            return _error(403, "InvalidClientTokenId", "The security token is invalid.")
        if ident in self.expired:
            return _error(403, "ExpiredToken", "The security token is expired")
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        now = datetime.now(UTC) + self.ahead
        if abs(now - at) > timedelta(minutes=15):
            return _error(403, "SignatureDoesNotMatch", f"Signature expired: {stamp} is earlier")
        if region != self.region or not {"host", "x-amz-date"} <= {*names.split(";")}:
            return _error(403, "SignatureDoesNotMatch", "Credential should be scoped")
        if not hmac.compare_digest(self._signed(asked, secret, day, names), signature):
            return _error(403, "SignatureDoesNotMatch", f"The signature of {ident} is another one.")
        arn = self.arns.get(ident, "arn:aws:iam::123456789012:user/app")
        return Reply(200, {"content-type": "text/xml"}, _identity(arn))

    def _signed(self, asked: Asked, secret: str, day: str, names: str) -> str:
        path, _, query = asked.path.partition("?")
        pairs = "&".join(sorted(query.split("&")))
        headers = "".join(f"{name}:{asked.headers[name]}\n" for name in names.split(";"))
        body = hashlib.sha256(asked.body).hexdigest()
        whole = f"{asked.method}\n{path}\n{pairs}\n{headers}\n{names}\n{body}"
        scope = f"{day}/{self.region}/sts/aws4_request"
        digest = hashlib.sha256(whole.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{asked.headers['x-amz-date']}\n{scope}\n{digest}"
        key = b"AWS4" + secret.encode()
        for word in (day, self.region, "sts", "aws4_request", text):
            key = hmac.digest(key, word.encode(), "sha256")
        return key.hex()


def _identity(arn: str) -> bytes:
    return (
        f'<GetCallerIdentityResponse xmlns="{_SPACE}">\n  <GetCallerIdentityResult>\n'
        f"    <Arn>{arn}</Arn>\n    <UserId>AIDACKCEVSQ6C2</UserId>\n"
        "    <Account>123456789012</Account>\n  </GetCallerIdentityResult>\n"
        "</GetCallerIdentityResponse>\n"
    ).encode()


def _error(status: int, code: str, message: str) -> Reply:
    body = (
        f'<ErrorResponse xmlns="{_SPACE}">\n  <Error>\n    <Type>Sender</Type>\n'
        f"    <Code>{code}</Code>\n    <Message>{message}</Message>\n  </Error>\n"
        "  <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>\n</ErrorResponse>\n"
    )
    return Reply(status, {"content-type": "text/xml"}, body.encode())
