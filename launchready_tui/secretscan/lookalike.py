"""Which hits are secrets, how bad each is, and which only look like one.

Left alone: placeholders, references to a setting, calls, keys that are public by design, addresses
of the developer's own machine, examples of documentation, and made-up values in tests.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass

from launchready_tui import redact_names
from launchready_tui.facts.env_values import secret_in
from launchready_tui.secretscan import names
from launchready_tui.secretscan.engine import Hit
from launchready_tui.secretscan.found import Sort
from launchready_tui.secretscan.rules import SETTINGS, Rule, Severity, by_id, pack
from launchready_tui.secretscan.value import (
    chosen,
    crossed_out,
    drawn,
    home_made,
    is_phrase,
    refers,
)

NEAR = 2_000
"""How many bytes around a hit are looked at."""
LONGEST_WRITTEN = 1_000
"""A longer line was written by a machine."""
_IDS = {
    "hex": re.compile(r"[0-9A-Fa-f-]{16,}"),
    "uuid": re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
}
_IN_QUERY = re.compile(rb"[?&][\w-]+=\Z")
ALLOW = re.compile(rb"launchready:allow[ \t]+\S.{7,}")
"""With a reason, in the line of the hit; a key of a live form cannot be allowed."""

_TESTS = re.compile(
    r"(?:^|[/!])(?:tests?|__tests__|specs?|fixtures?|testdata|__mocks__|mocks?|e2e|cypress)/"
    r"|(?:^|[/!])(?:test_|conftest)[^/]*$|[._-](?:test|spec)\.\w+$",
    re.IGNORECASE,
)
_SEALED = b"encryptedData:"
_LINE_START = re.compile(
    r"\s*(?:export\s+|-\s+|ENV\s+|ARG\s+|set\s+|env\s*=\s*|//\S*:)?[\"']?$", re.IGNORECASE
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s\"'`<>]{3,600}")
_PEM_BODY = re.compile(
    rb"(?:\s|\\+[nr]|[\"'+]|(?:Proc-Type|DEK-Info)[^\n]*){0,12}[A-Za-z0-9+/=]{40}"
)
_DIGEST = re.compile(rb"(?:sha(?:1|256|384|512)|md5|etag|checksum|digest|integrity)[=:-][\"']?\Z")
_ENCODED = re.compile(rb"[A-Za-z0-9+/]*")
_ENCODED_END = re.compile(rb"[A-Za-z0-9+/]+\Z")
_FIREBASE = (b"authDomain", b"firebaseapp", b"messagingSenderId", b"storageBucket", b"maps.goog")
_BROWSERS = re.compile(
    rb"(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|GATSBY|VITE|PUBLIC)_\w*$"
)
_GUARDED = re.compile(r"NODE_ENV|development|(?<![a-z])(?:DEBUG|isDev|is_dev|DEV)(?![a-z])")
_NOTHING = re.compile(
    r"^(?:none|null|nil|undefined|true|false|unset|missing|.*(?:required|not set|missing).*)$",
    re.IGNORECASE,
)
_PUBLIC = ("pk_", "pk.", "sb_publishable_", "phc_")
_PUBLIC_NAME = re.compile(r"CSRF|XSRF|NONCE|CAPTCHA|PUBLISHABLE|ANON", re.IGNORECASE)


BY_FORM = "a key of the kind"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a hit is, in words; `live` cannot be explained away by a comment."""

    sort: Sort
    what: str
    severity: Severity
    sure: bool
    name: str = ""

    @property
    def live(self) -> bool:
        return self.severity == "blocker" and self.sure


def in_tests(path: str) -> bool:
    return bool(_TESTS.search(path))


def judge(hit: Hit, content: bytes, path: str) -> Judged | None:
    """What a hit is, or None for what only looks like a secret."""
    value = hit.value.reveal()
    rule = by_id().get(hit.rule) if hit.ours else None
    if hit.rule in pack().public or value.startswith(_PUBLIC):
        return None
    if rule and rule.near:
        return _near(rule, hit, value, content, path)
    if rule and rule.typed:
        return None if _by_machine(hit, content) else _typed(rule, value, path)
    if rule and rule.sort in _BY_SORT:
        return _BY_SORT[rule.sort](rule, hit, value, content, path)
    if hit.rule in ("generic-credential-uri", "curl-auth-user", "curl-auth-header"):
        return _address(by_id()["credential-url"], hit, value, content, path)
    if rule and rule.coded:
        return _coded(rule, value, path)
    if not drawn(value):
        return None
    if value.startswith("eyJ"):
        return _token(value, path)
    if value.startswith("AIza"):
        return _google(hit, content, path)
    if hit.rule == "private-key" or "PRIVATE KEY" in value:
        return _private_key(hit, content, path)
    if value.startswith(("AKIA", "ASIA")) and b"X-Amz-" in _around(content, hit.start, 300):
        return None  # a signed address names the key's id, and is made to be passed on
    if _within_encoded(hit, content) or is_phrase(value) or _digest(hit, content):
        return None
    return _shape(rule, hit, value, path)


def _sealed(hit: Hit, value: str, content: bytes) -> bool:
    """A sealed secret of Kubernetes: only the cluster can open it."""
    before = content[max(0, hit.start - NEAR) : hit.start]
    return value.startswith("Ag") and len(value) > 100 and _SEALED in before


def _digest(hit: Hit, content: bytes) -> bool:
    """`sha256=…`, as lists of files print it."""
    return bool(_DIGEST.search(content, max(0, hit.start - 12), hit.start))


def _within_encoded(hit: Hit, content: bytes) -> bool:
    """Whether the hit is a piece of much longer base64: what a short prefix finds in there."""
    if hit.nested or hit.ours:
        return False
    before = _ENCODED_END.search(content, max(0, hit.start - 200), hit.start)
    after = _ENCODED.match(content, hit.end, hit.end + 200)
    reach = (hit.start - before.start() if before else 0) + (len(after[0]) if after else 0)
    return reach >= 120


def _shape(rule: Rule | None, hit: Hit, value: str, path: str) -> Judged:
    what = rule.what if rule else f"{BY_FORM} {hit.rule}"
    severity: Severity = rule.severity if rule else "blocker" if hit.sure else "high"
    if "_test_" in value or in_tests(path):
        severity = "low"
    return Judged("shape", what, severity, hit.sure and not in_tests(path))


def _token(value: str, path: str) -> Judged | None:
    """A JSON web token: who it speaks for, and until when, stands in its payload."""
    claims = _claims(value)
    if claims is None or claims.get("iss") == "supabase-demo" or claims.get("sub") == "1234567890":
        return None
    role = claims.get("role")
    if role == "anon":
        return None  # made to be in the page
    if role == "service_role":
        what = "a token with the role service_role, which steps over all row-level rules"
        return Judged("shape", what, "blocker", sure=True)
    if in_tests(path) or isinstance(claims.get("exp"), int | float):
        return None  # a session that ends by itself
    return Judged("shape", "a JSON web token that never ends", "medium", sure=False)


def _claims(value: str) -> dict[str, object] | None:
    parts = value.split(".")
    if len(parts) < 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1][:6_000] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        return None
    return claims if isinstance(claims, dict) else None


def _coded(rule: Rule, value: str, path: str) -> Judged | None:
    """A login in base64: only what it says tells it from any other word behind `Basic`."""
    try:
        login = base64.b64decode(value, validate=True).decode()
    except ValueError:
        return None
    user, colon, password = login.partition(":")
    if not (user and colon and login.isprintable()) or in_tests(path):
        return None
    if " " in password or not home_made("PASSWORD", password):
        return None  # `Aladdin:open sesame` is the example of the standard
    return Judged("named", rule.what, rule.severity, sure=True)


def _google(hit: Hit, content: bytes, path: str) -> Judged | None:
    """Google's keys are public in a browser and paid for on a server; the form does not tell."""
    if any(sign in _around(content, hit.start, 600) for sign in _FIREBASE) or in_tests(path):
        return None
    before = content[max(0, hit.start - 120) : hit.start].rstrip(b" =:\"'`")
    if _BROWSERS.search(before):
        return None
    return Judged("shape", "a Google key that may open paid APIs", "medium", sure=False)


def _private_key(hit: Hit, content: bytes, path: str) -> Judged | None:
    """A private key with its content; libraries and documents show the header alone."""
    header = content.find(b"-----", hit.start + 10, hit.start + 100)
    if not hit.nested and (header < 0 or not _PEM_BODY.match(content, header + 5)):
        return None
    tests = in_tests(path)
    return Judged("shape", "a private key", "low" if tests else "blocker", sure=not tests)


def _address(rule: Rule, hit: Hit, value: str, content: bytes, path: str) -> Judged | None:
    url = value if "://" in value else _address_around(hit, content)
    login, _, host = url.rpartition("@")
    password = login.rpartition(":")[2]
    if in_tests(path) or secret_in("URL", url) != "real" or crossed_out(password):
        return None
    if "ingest." in host or redact_names.is_placeholder(host) or _shouted(url):
        return None
    if re.search(r":[^@]*[{}$]|%s|:(?:\+|\s)", url.partition("://")[2]):
        return None  # a template
    name = names.of(_before(hit, content)) if "://" in value else ""
    return Judged("url", rule.what, rule.severity, sure=True, name=name)


def _shouted(url: str) -> bool:
    """`postgres://USER:PASSWORD@HOST/NAME`"""
    login = url.partition("://")[2].partition("@")[0]
    return login.isupper() and login.replace(":", "").replace("_", "").isalpha()


def _address_around(hit: Hit, content: bytes) -> str:
    start, line = _line(content, hit.start)
    for match in _ADDRESS.finditer(line):
        if match.start() <= hit.start - start < match.end():
            return match[0]
    return ""


def _named(rule: Rule, hit: Hit, value: str, content: bytes, path: str) -> Judged | None:
    """A value whose name promises a secret: in code only a quoted one counts."""
    name = names.of(_before(hit, content))
    if not name or not redact_names.says_secret(name) or in_tests(path):
        return None
    if names.is_another(name) or _sealed(hit, value, content):
        return None
    quoted = rule.id.startswith("quoted")
    if not quoted and _in_template(hit, content):
        return None
    if not quoted and not (SETTINGS.search(path) and _opens_line(hit, content, name)):
        return None
    if not home_made(name, value):
        return None
    return Judged("named", rule.what, rule.severity, sure=True, name=name)


def _typed(rule: Rule, value: str, path: str) -> Judged | None:
    """A value that its surroundings call a password: `Server=db;Password=…`, `define('KEY', …)`."""
    if in_tests(path) or not home_made("PASSWORD", value):
        return None
    return Judged("named", rule.what, rule.severity, sure=True)


def _near(rule: Rule, hit: Hit, value: str, content: bytes, path: str) -> Judged | None:
    """A value behind a word for a secret: it counts where it convinces by itself."""
    if in_tests(path) or path.endswith(".map") or not chosen(value):
        return None
    if _sealed(hit, value, content) or _by_machine(hit, content) or _digest(hit, content):
        return None
    if rule.prose and _IN_QUERY.search(content, max(0, hit.start - 80), hit.start):
        return None  # a parameter of an address, which is asked about by itself
    if any(_IDS[form].fullmatch(value) for form in rule.ids):
        return None
    word = names.last_word(_before(hit, content))
    if names.is_another(word) or redact_names.says_about(word):
        return None
    name = names.of(_before(hit, content))  # the word before may be another value, and is not told
    if not redact_names.says_secret(name):
        name = ""
    return Judged("named", rule.what, rule.severity, sure=True, name=name)


def _fallback(rule: Rule, hit: Hit, value: str, content: bytes, path: str) -> Judged | None:
    """Behind `||`, `??` or a comma: without the setting, everybody knows the key."""
    line = _line(content, hit.start)[1]
    if in_tests(path) or _NOTHING.match(value) or refers(value):
        return None
    if _GUARDED.search(line) or _PUBLIC_NAME.search(line) or value.startswith(("/", "http")):
        return None
    return Judged("fallback", rule.what, rule.severity, sure=True)


def _public_name(rule: Rule, hit: Hit, value: str, content: bytes, path: str) -> Judged | None:
    if in_tests(path) or not redact_names.says_secret(value.partition("_")[2]):
        return None
    if _PUBLIC_NAME.search(value) or redact_names.says_secret(value) is False:
        return None
    return Judged("public-name", rule.what, rule.severity, sure=False, name=value)


_BY_SORT = {
    "url": _address,
    "named": _named,
    "fallback": _fallback,
    "public-name": _public_name,
}


# ---------------------------------------------------------------- around a hit


def _by_machine(hit: Hit, content: bytes) -> bool:
    """In a line that no person wrote, or whose token is made to be read: a badge, a picture."""
    start, end = _ends(content, hit.start)
    line = content[start:end]
    return len(line) > LONGEST_WRITTEN or b"badge" in line or b"?alt=media&" in line


def allowed(hit: Hit, content: bytes) -> bool:
    """Whether the line explains itself: `launchready:allow a key of the sandbox`."""
    start, end = _ends(content, hit.start)
    return bool(ALLOW.search(content, start, end))


def _before(hit: Hit, content: bytes) -> str:
    """The line of a hit up to it."""
    start, _ = _ends(content, hit.start)
    return content[start : hit.start].decode("utf-8", "replace")


def _in_template(hit: Hit, content: bytes) -> bool:
    """Inside `{{…}}`, where a template says what to fill in: `{{secret:24:NAME}}`."""
    start, _ = _ends(content, hit.start)
    before = content[start : hit.start]
    return before.rfind(b"{{") > before.rfind(b"}}")


def _opens_line(hit: Hit, content: bytes, name: str) -> bool:
    start, _ = _ends(content, hit.start)
    before = content[start : hit.start].decode("utf-8", "replace")
    return bool(_LINE_START.match(before[: before.rfind(name)])) or " " not in before.strip()


def _line(content: bytes, at: int) -> tuple[int, str]:
    start, end = _ends(content, at)
    return start, content[start:end].decode("latin-1")


def _ends(content: bytes, at: int) -> tuple[int, int]:
    low, high = max(0, at - NEAR), min(len(content), at + NEAR)
    start = content.rfind(b"\n", low, at) + 1 or low
    end = content.find(b"\n", at, high)
    return start, high if end < 0 else end


def _around(content: bytes, at: int, reach: int) -> bytes:
    return content[max(0, at - reach) : at + reach]
