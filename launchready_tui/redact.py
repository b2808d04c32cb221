"""Take secrets out of text before it is written anywhere: by shape, by name, and by known value.

Total and linear: every pattern has bounded repetition and a literal to start from. An unusual
secret may pass; what is written about that in SECURITY.md stands.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote

from launchready_tui.secret import Secret

_PEM = re.compile(
    r"-----BEGIN ([A-Z ]{0,30}PRIVATE KEY)-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}-----)?"
)
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("JSON web token", re.compile(r"\beyJ[\w-]{8,4000}\.[\w-]{8,8000}\.[\w-]{8,2000}")),
    ("Stripe key", re.compile(r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,200}")),
    ("webhook secret", re.compile(r"\bwhsec_[A-Za-z0-9+/=]{10,200}")),
    ("AWS key id", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})")),
    ("GitLab token", re.compile(r"\bglpat-[\w-]{18,100}")),
    ("Slack token", re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,250}")),
    (
        "Slack webhook",
        re.compile(r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{10,200}"),
    ),
    ("Google key", re.compile(r"\bAIza[\w-]{35}")),
    ("Google OAuth secret", re.compile(r"\bGOCSPX-[\w-]{20,60}")),
    ("SendGrid key", re.compile(r"\bSG\.[\w-]{16,64}\.[\w-]{16,128}")),
    ("Mailgun key", re.compile(r"\bkey-[0-9a-f]{32}\b")),
    ("Resend key", re.compile(r"\bre_[A-Za-z0-9]{6,20}_[A-Za-z0-9]{16,64}")),
    ("Postmark or Twilio key", re.compile(r"\bSK[0-9a-f]{32}\b")),
    ("AI provider key", re.compile(r"\bsk-(?:ant-|proj-|svcacct-)?[\w-]{20,300}")),
    ("Supabase secret", re.compile(r"\bsb_secret_[\w-]{16,100}")),
    ("Cloudflare token", re.compile(r"\bcf(?:ut|at|k)_[\w-]{20,100}")),
    ("npm token", re.compile(r"\bnpm_[A-Za-z0-9]{30,60}")),
    ("age key", re.compile(r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,70}")),
)
_URL_PASSWORD = re.compile(
    r"(\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@'\"<>]{0,200}):([^\s/@'\"<>]{1,400})@"
)
_HEADER = re.compile(
    r"(?im)^([ \t>]{0,10}(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-auth-[a-z-]{1,20})"
    r"([ \t]{0,4}:[ \t]{0,4})([^\r\n]{1,8000})"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)[ \t]{1,4}([A-Za-z0-9._~+/=-]{12,4000})")
_ASSIGNED = re.compile(
    r"(?i)([\w.-]{0,60}(?:secret|passw(?:or)?d|passphrase|token|api_?key|private_?key|credential"
    r"|access_?key|auth_?key|signing_?key|dsn)[\w.-]{0,40}[\"']?[ \t]{0,4}(?:=|:)[ \t]{0,4})"
    r"(\"[^\"\r\n]{6,4000}\"|'[^'\r\n]{6,4000}'|[^\s\"',;&}\]]{6,4000})"
)
_TOKEN_PARAMETER = re.compile(
    r"(?i)([?&#](?:token|code|key|secret|sig|signature|access_token|refresh_token|confirmation_token"
    r"|token_hash)=)([^&#\s\"'<>]{6,2000})"
)
_PLAIN = re.compile(
    r"(?i)^[\"']?(?:\[redacted|\*{3,}|x{4,}|changeme|change-me|placeholder|your[-_]|example|none|null"
    r"|true|false|undefined|required|missing|<|\$\{|\{\{|process\.env|os\.environ|import\.meta)"
)


def redact(text: str, known: Iterable[Secret] = ()) -> str:
    """The text with every secret replaced by `[redacted: what it was]`.

    Args:
        text: Anything a person pasted or a server said.
        known: Values of the vault: replaced wherever they stand, also in base64 and URL form.
    """
    for form in _forms(known):
        text = text.replace(form, "[redacted: a value of the vault]")
    text = _PEM.sub(r"[redacted: \1]", text)
    for kind, shape in _SHAPES:
        text = shape.sub(f"[redacted: {kind}]", text)
    text = _URL_PASSWORD.sub(r"\1:[redacted: password]@", text)
    text = _HEADER.sub(r"\1\2[redacted: credential]", text)
    text = _BEARER.sub(r"\1 [redacted: credential]", text)
    text = _TOKEN_PARAMETER.sub(r"\1[redacted: token]", text)
    return _ASSIGNED.sub(_assigned, text)


def _assigned(match: re.Match[str]) -> str:
    name, value = match[1], match[2]
    if _PLAIN.match(value) or "[redacted" in value:
        return match[0]
    return f"{name}[redacted: value]"


def _forms(known: Iterable[Secret]) -> list[str]:
    """Each value as it may stand somewhere, longest first; short ones would hit innocent text."""
    forms: set[str] = set()
    for secret in known:
        value = secret.reveal()
        if len(value) < 6:
            continue
        encoded = value.encode()
        forms |= {
            value,
            quote(value, safe=""),
            base64.b64encode(encoded).decode(),
            base64.urlsafe_b64encode(encoded).decode().rstrip("="),
            encoded.hex(),
        }
    return sorted(forms, key=len, reverse=True)
