"""Which names promise a secret, and which values are none: a reference, a placeholder, nothing."""

from __future__ import annotations

import functools
import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET_WORD = re.compile(
    r"(?:secret|token|password|passwd|passwort|passphrase|passcode|apikey|privatekey|accesskey"
    r"|credentials?)$|^(?:pwd|psk|dsn)$"
)
_WITH_KEY = re.compile(
    r"(?:^|_)(?:(?:api|secret|private|access|signing|encryption|master|auth|service|account"
    r"|webhook|shared|deploy|license)_key|service_role)(?:_|$)"
)
_NEVER = re.compile(r"(?:^|_)(?:public|publishable|anon|site|max|min)(?:_|$)")
_ABOUT = re.compile(
    r"_(?:ur[li]|endpoint|ttl|type|expir\w*|lifetime|length|name|id|count|limit|algorithm|issuer"
    r"|host|port|enabled|path|file|policy|field|hint|header|version|required|resets?|rotat\w+|age"
    r"|at|date|format|prefix|usage|store|manager|page)$"
)
"""As the last word these say that the value is something about the secret."""
_STAGE = re.compile(r"(?:_(?:\d+|test|live|prod|production|dev|staging|old|new))+$")

_PLACEHOLDER = re.compile(
    r"""^\W*+$ | ^(?:(.)\1{2,})$ | ^<[^<>]*>$ | ^\[redacted | ^•+$
    | ^(?:your|insert|replace|enter|add|paste|put)[-_ ] | ^change[-_ ]?(?:me|this)
    | ^(?:xx+|todo|tbd|fixme|dummy|sample|example|placeholder|redacted|hidden|masked
       |none|null|nil|undefined|true|false|yes|no|ok|done|set|unset|missing|required|optional
       |empty|string|str|n/a|rotated|revoked|changed|gone|dead|removed|expired)[.,;]?$""",
    re.IGNORECASE | re.VERBOSE,
)
_REFERENCE = re.compile(
    r"^(?:\$\{|\$\(|\$[A-Za-z_]|\{\{|%[A-Za-z_]+%$|<%|process\.env|import\.meta|os\.environ"
    r"|(?:os\.)?getenv|env\(|config\.|settings\.|secrets\.|op://|vault:|ssm:|arn:aws:|encrypted:"
    r"|ENC\[|sops:|secretref:|doppler:)"
)


@functools.lru_cache(maxsize=4096)
def says_secret(name: str) -> bool:
    """Whether a name promises a secret: smtpPassword does, PASSWORD_RESET_URL does not."""
    if len(name) > 200:
        return True  # nobody names a setting so; whoever does, hides something
    words = _STAGE.sub("", "_".join(word.lower() for word in _WORDS.findall(name)))
    if _ABOUT.search(words) or _NEVER.search(words):
        return False
    if any(_SECRET_WORD.search(word) for word in words.split("_")) or words.endswith("_pass"):
        return True
    return bool(_WITH_KEY.search(words))


def says_about(name: str) -> bool:
    """Whether a name promises something about a secret: its lifetime, its address, its format."""
    words = "_".join(word.lower() for word in _WORDS.findall(name[:200]))
    return bool(_ABOUT.search(words) or _NEVER.search(words))


def is_placeholder(value: str) -> bool:
    """Whether a value only stands for one: empty, crossed out, `<your key>`, `${NAME}`."""
    return bool(_PLACEHOLDER.match(value) or _REFERENCE.match(value))
