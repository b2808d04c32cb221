"""Take secrets out of text before it is written anywhere: by shape, by name, and by known value.

Total and linear: no pattern starts twice in the same run of characters, so ten megabytes made to
hurt cost seconds and not years. An unusual secret may pass: shapes and names are all there is to go
by. Too much hidden is a nuisance, too little is a leak; where it is one or the other, it is hidden.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

from launchready_tui.redact_names import is_placeholder, says_secret
from launchready_tui.secret import Secret

WHOLE_WORD_BELOW = 8
"""A known value shorter than this is only replaced where it stands alone."""
SHORTEST_KNOWN = 3

_START = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))"
"""The start of a word, also behind the written-out line break of a JSON string."""

_Pattern = re.Pattern[str]
SHAPES: tuple[tuple[str, tuple[str, ...], _Pattern], ...] = tuple(
    (kind, needles, re.compile(pattern))
    for kind, needles, pattern in (
        ("Stripe key", ("_live_", "_test_"), r"[sr]k_(?:live|test)_[A-Za-z0-9_]{10,}+"),
        ("webhook secret", ("whsec_",), r"whsec_[A-Za-z0-9+/_=-]{10,}+"),
        (
            "AWS key",
            ("AKIA", "ASIA"),
            r"(?<![A-Z0-9])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Z0-9])"
            r"(?:[\s,;:|\"']{1,5}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=]))?",
        ),
        ("GitHub token", ("github_pat_",), r"github_pat_[A-Za-z0-9_]{20,}+"),
        ("GitHub token", ("gh",), r"gh[pousr]_[A-Za-z0-9_]{20,}+"),
        ("GitLab token", ("glpat-",), r"glpat-[\w-]{18,}+"),
        ("Slack token", ("xox", "xapp-"), r"x(?:ox[abceoprs]|app)-[A-Za-z0-9-]{10,}+"),
        (
            "Slack webhook",
            ("hooks.slack.com/",),
            r"(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[A-Za-z0-9/_-]{10,}+",
        ),
        (
            "Discord webhook",
            ("/api/webhooks/",),
            r"(?<=/api/webhooks/)\d{10,}+/[\w-]{20,}+",
        ),
        ("Google key", ("AIza",), r"AIza[\w-]{35}"),
        ("Google OAuth secret", ("GOCSPX-",), r"GOCSPX-[\w-]{20,}+"),
        ("Google token", ("ya29.",), rf"{_START}ya29\.[\w-]{{20,}}+"),
        ("SendGrid key", ("SG.",), rf"{_START}SG\.[\w-]{{16,}}+\.[\w-]{{16,}}+"),
        ("Mailgun key", ("key-",), rf"{_START}key-[0-9a-f]{{32}}(?![0-9a-f])"),
        ("Resend key", ("re_",), rf"{_START}re_[A-Za-z0-9]{{6,20}}_[A-Za-z0-9]{{16,}}+"),
        ("Twilio key", ("SK",), rf"{_START}SK[0-9a-f]{{32}}(?![0-9a-f])"),
        ("AI provider key", ("sk-",), rf"{_START}sk-[\w-]{{20,}}+"),
        ("Supabase secret", ("sb_secret_", "sbp_"), r"sb(?:_secret|p)_[\w-]{16,}+"),
        ("Cloudflare token", ("cf",), rf"{_START}cf(?:ut|at|k)_[\w-]{{20,}}+"),
        (
            "platform token",
            ("vcp_", "napi_", "npm_", "dop_v1_", "shpat_", "hf_", "rnd_", "sntry", "phx_", "pypi-"),
            rf"{_START}(?:vcp_|napi_|npm_|dop_v1_|shpat_|hf_|rnd_|sntry[su]_|phx_|pypi-)"
            r"[A-Za-z0-9_=+/-]{20,}+",
        ),
        ("age key", ("AGE-SECRET-KEY-1",), r"AGE-SECRET-KEY-1[0-9A-Z]{50,}+"),
    )
)
"""What a secret is called, what stands in every text that holds one, and its form."""
NEEDS_A_DIGIT = frozenset({"AI provider key", "platform token", "Cloudflare token"})
"""Shapes that a hyphenated phrase could have: `sk-` stands in many of them."""

_PEM = re.compile(
    r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----"
    r"(?:(?:[^-]++|-(?!----))*+-----END [A-Z0-9 ]{0,60}-----"
    r"|(?:(?:\s|\\+[nr])*+[A-Za-z0-9+/=]{16,}+)++)"
)
_TOKEN = re.compile(r"eyJ[\w-]*+(?:\.[\w-]*+)*+")
_ADDRESS = re.compile(r"://[^\s\"'<>`]*+")
_USERINFO = re.compile(r"([^:/?#@\[]*+):(?!\d{1,5}(?:[/?#,;)]|\Z))(.+)@", re.DOTALL)
_PARAMETER = re.compile(
    r"(?i)([?&#](?:code|key|sig|signature|otp|token_hash|x-amz-signature|x-amz-security-token)=)"
    r"[^&#\s\"'<>\\]{6,}+"
)
_LOGIN = re.compile(r"""((?:^|\s)(?:-u|--user)[ =]{1,4}["']?[^\s:"']{1,100}:)([^\s"']{1,400})""")
"""curl's `-u name:password`."""
_HEADER = re.compile(
    r"(?i)(?<![\w-])(authorization|proxy-authorization|cookie|set-cookie|x-api-key|apikey"
    r"|x-auth-token|x-access-token|x-csrf-token)(?![\w-])(\\*[\"']?\s{0,3}[:=,]\s{0,3})"
)
_SCHEME = re.compile(r"(?i)(?:bearer|basic|digest|token|apikey|aws4-hmac-sha256)[ \t]++")
_BEARER = re.compile(r"(?i)(?<![\w-])(bearer[ \t]{1,4})([A-Za-z0-9._~+/=-]{12,}+)")
_NAMED = re.compile(
    r"(?<![\w.-])((?:(?i:api|secret|access|private|auth|signing|service) )?[\w.-]{2,}+)"
    r"(\\{0,3}[\"'\]]{0,2}[ \t]{0,4}(?:=>|:=|==?|:)[ \t]{0,4})"
)
_QUOTED = re.compile(r"(?P<quote>[\"'`])(?P<value>(?:(?!(?P=quote))[^\\\r\n]|\\.)*+)")
_QUOTED_AGAIN = re.compile(r"\\+[\"'](?P<value>(?:[^\\\"'\r\n]++|\\(?![\"']))*+)")
"""A value in the quotes of a JSON text that is itself a string of another one."""
_BARE = re.compile(r"(?:[^\s\"'`&<>,;)}\]|\\]++|[,;)}\]|](?=[^\s\"'`&<>,;)}\]|])|\\(?![nrt\"']))++")
_WORD = re.compile(r"[^\s\"'`]++")
_REST_OF_LINE = re.compile(r"(?:[^\r\n\\]++|\\(?![nr]))*+")
_UNTIL = {"'": re.compile(r"[^'\r\n]*+"), '"': re.compile(r"[^\"\r\n]*+")}
_COOKIE_ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "samesite", "priority", "version", "comment"}
)


def redact(text: str, known: Iterable[Secret] = ()) -> str:
    """The text with every secret replaced by `[redacted: what it was]`.

    Args:
        text: Anything a person pasted or a server said.
        known: Values of the vault: replaced wherever they stand, also in base64 and URL form.
    """
    text = _without_known(text, known)
    if "eyJ" in text:
        text = _TOKEN.sub(_token, text)
    for kind, needles, shape in SHAPES:
        if any(needle in text for needle in needles):
            text = shape.sub(functools.partial(_shaped, kind), text)
    if "PRIVATE KEY" in text:
        text = _PEM.sub(lambda match: _mark(match[1].lower()), text)
    if "://" in text:
        text = _ADDRESS.sub(_address, text)
    text = _PARAMETER.sub(lambda match: match[1] + _mark("token"), text)
    text = _scan(_HEADER, text, _header)
    text = _BEARER.sub(_bearer, text)
    text = _LOGIN.sub(lambda match: match[1] + _mark("password"), text)
    return _scan(_NAMED, text, _named)


def without_carried(text: str) -> str:
    """An address, or a text with some, without the long values of their queries."""
    return _CARRIED.sub(r"\1…", text)


_CARRIED = re.compile(r"([?&][^\s=&#?\"'<>]{1,100}=)[^\s&#\"'<>]{16,}")


def holds(text: str, known: Iterable[Secret]) -> bool:
    """Whether a known value stands in the text, in any of the forms that `redact` knows."""
    return any(form in text for form in forms(known))


def redact_header(name: str, value: str) -> str:
    """A header's value: of a cookie the value goes and its attributes stay."""
    lead = f"{name}: "
    if not _HEADER.fullmatch(lead):
        return redact(value)
    return redact(lead + value).removeprefix(lead)


def _mark(kind: str) -> str:
    return f"[redacted: {kind}]"


# ---------------------------------------------------------------- by shape


def _shaped(kind: str, match: re.Match[str]) -> str:
    if kind in NEEDS_A_DIGIT and not re.search(r"\d", match[0]):
        return match[0]
    return _mark(kind)


def _token(match: re.Match[str]) -> str:
    """A JSON Web Token, with the role it grants where that is one we know."""
    parts = match[0].split(".")
    if len(parts) < 2 or any(len(part) < 8 for part in parts[:2]):
        return match[0]
    if len(parts) == 2 and not parts[1].startswith("eyJ"):
        return match[0]
    role = _role(parts[1])
    return _mark(f"JSON web token, {role}" if role else "JSON web token")


def _role(payload: str) -> str:
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload[:4096] + "=" * (-len(payload) % 4)))
        role = claims.get("role", "")
    except (ValueError, AttributeError, RecursionError, binascii.Error):
        return ""
    return role if role in ("service_role", "anon", "authenticated") else ""


def _address(match: re.Match[str]) -> str:
    """Hide every `user:password@` of a run of addresses; a port is no password."""
    head, *addresses = match[0].split("://")
    return "://".join([head, *map(_without_password, addresses)])


def _without_password(address: str) -> str:
    match = _USERINFO.match(address)
    if not match or is_placeholder(match[2]):
        return address
    return f"{match[1]}:{_mark('password')}@{address[match.end() :]}"


def _bearer(match: re.Match[str]) -> str:
    return match[0] if is_placeholder(match[2]) else match[1] + _mark("credential")


# ---------------------------------------------------------------- by name

_Reading = tuple[int, int, str] | None
"""Where a value begins and ends, and what stands there instead; None for nothing to hide."""


def _scan(pattern: _Pattern, text: str, read: Callable[[str, re.Match[str]], _Reading]) -> str:
    """Replace what `read` finds behind each match, going on behind it."""
    kept: list[str] = []
    done = 0
    for match in pattern.finditer(text):
        if match.start() >= done and (found := read(text, match)):
            start, end, instead = found
            kept += (text[done:start], instead)
            done = end
    kept.append(text[done:])
    return "".join(kept)


def _header(text: str, match: re.Match[str]) -> _Reading:
    """The value of a header that carries a credential, to the end of its line or its quotes."""
    opening = text[match.start() - 1 : match.start()]
    own = _quoted(text, match.end()) if opening in _UNTIL else None
    if "," in match[2] and own is None:
        return None  # a comma joins a name and its value only where both are quoted
    start = own[0] if own else match.end()
    cookie = "cookie" in match[1].lower()
    if not cookie and (scheme := _SCHEME.match(text, start)):
        start = scheme.end()
    elif not cookie and own is None and _is_sentence(text, start):
        return None
    end = own[1] if own else _span(_UNTIL.get(opening, _REST_OF_LINE), text, start)[1]
    value = text[start:end]
    if is_placeholder(value.strip()):
        return start, end, value
    return start, end, _cookies(value) if cookie else _mark("credential")


def _is_sentence(text: str, start: int) -> bool:
    """`Authorization: checked with two accounts` is no credential: those are one word."""
    end = _span(_WORD, text, start)[1]
    return text[end : end + 1] in (" ", "\t") and text[end + 1 : end + 2].isalpha()


def _cookies(value: str) -> str:
    """Names and attributes stay: `session=[redacted: cookie]; Secure; HttpOnly`."""
    parts = []
    for part in value.split(";"):
        name, equals, held = part.partition("=")
        hidden = equals and held.strip() and name.strip().lower() not in _COOKIE_ATTRIBUTES
        parts.append(f"{name}={_mark('cookie')}" if hidden else part)
    return ";".join(parts)


def _named(text: str, match: re.Match[str]) -> _Reading:
    """The value of a setting whose name promises a secret."""
    if not says_secret(match[1]):
        return None
    span = _quoted(text, match.end()) or _unquoted(text, match)
    if span is None:
        return None
    start, end = span
    value = text[start:end].strip()
    if len(value) < SHORTEST_KNOWN or is_placeholder(value):
        return None
    return start, end, _mark("secret")


def _quoted(text: str, start: int) -> tuple[int, int] | None:
    match = _QUOTED.match(text, start) or _QUOTED_AGAIN.match(text, start)
    return match.span("value") if match else None


def _unquoted(text: str, match: re.Match[str]) -> tuple[int, int] | None:
    start = match.end()
    if _starts_line(text, match.start()):
        if "=" in match[2] and match[1].isupper():
            return _span(_REST_OF_LINE, text, start)
        word = _WORD
    else:
        word = _BARE
    start, end = _span(word, text, start)
    return None if ":" in match[2] and _is_prose(text, start, end) else (start, end)


def _span(pattern: _Pattern, text: str, start: int) -> tuple[int, int]:
    match = pattern.match(text, start)
    return match.span() if match else (start, start)


def _starts_line(text: str, start: int) -> bool:
    """Whether a setting opens its line, as in a .env file, also behind `export`."""
    near = max(0, start - 20)
    before = text[near:start]
    line = before.rpartition("\n")
    if not line[1] and near:
        return False
    return line[2].strip() in ("", "export", "-", "set")


def _is_prose(text: str, start: int, end: int) -> bool:
    """`The token: nobody has it.` A plain word or a number is a value only where it ends a line."""
    word = text[start:end].rstrip(".")
    if not (word.isalpha() and word.islower()) and not (word.isdigit() and len(word) < 5):
        return False
    return text[end : end + 1] not in ("", "\n", "\r", "\\")


# ---------------------------------------------------------------- by value


def _without_known(text: str, known: Iterable[Secret]) -> str:
    for form in forms(known):
        if form not in text:
            continue
        if len(form) < WHOLE_WORD_BELOW:
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", _mark("known value"), text)
        else:
            text = text.replace(form, _mark("known value"))
    return text


def forms(known: Iterable[Secret]) -> list[str]:
    """Each value as it may stand somewhere, longest first; very short ones would hit all text."""
    found: set[str] = set()
    for secret in known:
        value = secret.reveal()
        if len(value) < SHORTEST_KNOWN:
            continue
        content = value.encode("utf-8", "surrogatepass")
        found |= {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
        found |= {quote(content, safe=""), quote(content), quote_plus(content)}
        if len(value) >= WHOLE_WORD_BELOW:
            found |= {content.hex(), content.hex().upper(), *_base64_forms(content)}
    return sorted(found, key=lambda form: (-len(form), form))


def _base64_forms(content: bytes) -> Iterable[str]:
    """What is the same in every base64 text that holds the content, at each of three alignments."""
    for lead, cut in ((0, 0), (1, 2), (2, 3)):
        whole = base64.b64encode(b"\0" * lead + content).decode().rstrip("=")
        end = len(whole) - (1 if (lead + len(content)) % 3 else 0)
        yield whole[cut:end]
        yield whole[cut:end].replace("+", "-").replace("/", "_")
