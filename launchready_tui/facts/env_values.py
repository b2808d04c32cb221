"""Judging a setting's value without keeping it: is it empty, a placeholder, or a real secret?

The functions here see values and return words about them. No value leaves this module.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Literal
from urllib.parse import urlsplit

Secret = Literal["", "real", "test"]

_SECRET_NAME = re.compile(
    r"SECRET|TOKEN|PASSWORD|PASSWD|(?:^|_)PASS$|(?:^|_)PWD$|PRIVATE|API_?KEY|ACCESS_?KEY"
    r"|SIGNING_?KEY|ENCRYPTION_?KEY|MASTER_?KEY|AUTH_?KEY|SERVICE_ROLE|CREDENTIAL|KEY_BASE",
)
_PUBLIC_NAME = re.compile(
    r"^(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|GATSBY|VITE|PUBLIC)_"
    r"|PUBLISHABLE|ANON_KEY|PUBLIC_KEY|SITE_KEY|(?:TOKEN|PASSWORD|SECRET)_(?:TTL|EXPIR|LENGTH|NAME)"
    r"|_(?:ID|URL|URI|HOST|PORT|ENABLED|EXPIRY|EXPIRES|EXPIRATION|ALGORITHM|ISSUER)$"
)
_PLACEHOLDER = re.compile(
    r"""^[x*.\-_?#]{2,}$ | x{4,} | _x{3}$ | \.{3} | … | ^generate[-_ ] | ^<.*>$
    | ^\[[a-z][\w\ \-]*\]$ | ^\{\{.*\}\}$
    | ^(?:your|insert|replace|enter|put)[-_ ] | ^(?:add|paste)[-_ ]your
    | change[-_ ]?me | (?<![a-z])(?:todo|fixme|tbd|dummy|placeholder|redacted)(?![a-z])
    | (?<![a-z])your[-_ ](?:api|secret|key|token|password|domain|project|signing|access)
    | (?<![\w.-])example\.(?:com|org|net)(?![\w-]) | @example\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WEAK_WORD = re.compile(
    r"^(?:my[-_]?)?(?:super[-_]?)?(?:secret|password|passwd|passw0rd|pass|postgres|mysql|root|admin"
    r"|none|null|nil|undefined|true|false|test|testing|dev|local|example|sample|default|key|token)"
    r"(?:[-_]?(?:key|token|here|123|\d))?$|1234567890|^(?:0+|1+|12345\d*|abc\d*)$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^(?:\$\{|\$\(|\$[A-Za-z_]|\{\{|%[A-Za-z_]+%$|<%|process\.env|import\.meta|os\.environ|getenv"
    r"|op://|vault:|ssm:|arn:aws:|encrypted:|ENC\[|sops:|secretref:|doppler:)"
)
_TEST_KEY = re.compile(r"^(?:sk|rk|whsec)_test_|^test_")
_LOCAL_HOST = re.compile(
    r"^(?:localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|host\.docker\.internal)$"
)
_ADDRESS_WITH_PASSWORD = re.compile(
    r"(?:DATABASE|DB|POSTGRES|PG|MYSQL|MONGO(?:DB)?|REDIS|KV|AMQP|RABBITMQ|SMTP|MAIL(?:ER)?|DIRECT)"
    r"_(?:URL|URI|DSN)$|CONNECTION_STRING"
)
_BUILT_IN = re.compile(
    r"(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|GATSBY|VITE)_"
    r"|PUBLIC_(?!(?:BASE_)?(?:URL|HOST|DOMAIN)$)"  # where a server is, and no build tool's word
)
LEAST_LENGTH = 6
LEAST_ENTROPY = 2.3


def says_secret(name: str) -> bool:
    """Whether a name promises a secret: SMTP_PASSWORD does, NEXT_PUBLIC_TOKEN_URL does not."""
    upper = name.upper()
    return bool(_SECRET_NAME.search(upper)) and not _PUBLIC_NAME.search(upper)


def holds_secret(name: str) -> bool:
    """Whether a setting of this name holds a secret: by its promise, or as an address that
    usually carries a password.
    """
    return says_secret(name) or bool(_ADDRESS_WITH_PASSWORD.search(name.upper()))


def built_in(name: str) -> bool:
    """Whether a build copies the setting into the pages, where everybody reads it."""
    return bool(_BUILT_IN.match(name))


def is_reference(value: str) -> bool:
    """Whether a value only names where the real one is."""
    return bool(_REFERENCE.match(value.strip()))


def is_placeholder(name: str, value: str) -> bool:
    """Whether a value still is what an example file would hold."""
    value = value.strip()
    if not value or _REFERENCE.match(value):
        return False
    return bool(_PLACEHOLDER.search(value) or (says_secret(name) and _WEAK_WORD.search(value)))


def secret_in(name: str, value: str) -> Secret:
    """Whether a value is a secret somebody could use; keys of test modes are told apart."""
    value = value.strip()
    if not value or _REFERENCE.match(value) or is_placeholder(name, value):
        return ""
    if "://" in value:
        return _secret_in_url(value)
    if not says_secret(name) or len(value) < LEAST_LENGTH or _entropy(value) < LEAST_ENTROPY:
        return ""
    if value.startswith(("/", "./", "~/")) and "." in value:
        return ""  # the path of a key file is no key
    return "test" if _TEST_KEY.search(value) else "real"


def _secret_in_url(value: str) -> Secret:
    """A password in an address counts, unless it opens only what runs on the same machine."""
    try:
        parts = urlsplit(value)
        host, password = parts.hostname or "", parts.password or ""
    except ValueError:
        return ""
    if not password or _REFERENCE.match(password) or "${" in password:
        return ""
    if _PLACEHOLDER.search(password) or _WEAK_WORD.search(password):
        return ""
    in_compose = "." not in host and ":" not in host
    return "" if in_compose or _LOCAL_HOST.match(host) else "real"


def _entropy(value: str) -> float:
    """Bits per character."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
