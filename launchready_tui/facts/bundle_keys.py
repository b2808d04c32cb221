"""Keys in shipped code: which are private, which are public by design, and which are no keys.

Words are never matched: comments of libraries say `service_role` and `sk_live_` too. What is
private shows in the decoded payload of a token, or in a provider's own shape with enough random
characters behind it. No value leaves this module but the keys that are public by design, and those
into the sheet's memory only.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

from launchready_tui.facts.env_values import secret_in
from launchready_tui.facts.shipped import Hit, Sheet

_TOKEN = re.compile(rb"eyJ[\w-]{8,1000}\.(eyJ[\w-]{8,4000})\.[\w-]{10,1000}")
_REFERENCE = re.compile(r"[a-z0-9]{8,40}")
_SHAPES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(shape), words)
    for shape, words in (
        (rb"whsec_[A-Za-z0-9+/=]{24,100}", "a webhook signing secret (whsec_…)"),
        (rb"ghp_[A-Za-z0-9]{36,255}", "a GitHub access token (ghp_…)"),
        (rb"github_pat_[A-Za-z0-9_]{50,255}", "a GitHub access token (github_pat_…)"),
        # Class names start with sk- as well, in small letters only.
        (rb"sk-(?=[\w-]{0,120}[A-Z])[\w-]{32,200}", "an AI provider's key (sk-…)"),
        (rb"glpat-[\w-]{20,60}", "a GitLab access token (glpat-…)"),
        (rb"GOCSPX-[\w-]{24,60}", "a Google OAuth client secret (GOCSPX-…)"),
        (rb"xox[abprs]-[A-Za-z0-9-]{20,200}", "a Slack token (xox…)"),
        (rb"SG\.[\w-]{16,64}\.[\w-]{30,80}", "a SendGrid key (SG.…)"),
    )
)
_STRIPE = re.compile(rb"([psr])k_(live|test)_([A-Za-z0-9+/_=-]{10,400})")
_PUBLISHABLE = re.compile(rb"sb_(secret|publishable)_[\w-]{16,100}")
_POSTHOG = re.compile(rb"phc_[A-Za-z0-9]{20,60}")
_AWS = re.compile(rb"AKIA[A-Z0-9]{16}(?![A-Z0-9])")
_AWS_SECRET = re.compile(rb"[\"'`](?![0-9a-f]{40})[A-Za-z0-9/+]{40}[\"'`]")
_GOOGLE = re.compile(rb"AIza[\w-]{35}(?![\w-])")
_PEM = re.compile(rb"PRIVATE KEY-----(?:\s|\\+[nr]){0,4}[A-Za-z0-9+/=]{48,}")
_SETTING = re.compile(
    rb"[\"']?([A-Z][A-Z0-9_]{2,60})[\"']?\s{0,2}[:=]\s{0,2}[\"'`]([^\"'`\\\s]{6,300})[\"'`]"
)
_PROMISES = re.compile(r"SECRET|PASSWORD|PASSWD|PRIVATE_KEY|SERVICE_ROLE|DATABASE_URL")
_PAGE_S_OWN = re.compile(r"CSRF|XSRF|NONCE|CAPTCHA|PUBLISHABLE|PUBLIC|TTL|LENGTH|RESET|ROUTE|PATH")
_CROSSED_OUT = re.compile(r"(?i)x{4}|\*{3}|example|placeholder|your|dummy|redacted|0{8}|1234567")
_FIREBASE = (b"authDomain", b"firebaseapp.com", b"messagingSenderId", b"storageBucket")
_NEAR = 600


def token(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """A JSON web token: who it speaks for stands in its payload, in base64."""
    if window[at - 3 : at] in (b"pk.", b"sk."):
        _mapbox(sheet, window, at, start)
        return
    match = _TOKEN.match(window, at)
    if not match or re.match(rb"[\w-]", window[at - 1 : at]):
        return
    claims = _decoded(match[1])
    reference = str(claims.get("ref", ""))
    if not _REFERENCE.fullmatch(reference):
        reference = ""
    role = claims.get("role")
    if role == "service_role":
        demo = claims.get("iss") == "supabase-demo"
        words = "a token with the role service_role"
        words += ", of the local demo" if demo else f" of project {reference}" if reference else ""
        sheet.hit(
            Hit(
                kind="service-key",
                detail=words,
                at=start + at,
                platform="supabase",
                name=reference,
                sure=not demo,
            )
        )
    elif role == "anon" and str(claims.get("iss", "")).startswith("supabase"):
        _project(sheet, start + at, "supabase", reference, "anon key")
        sheet.keys.setdefault(reference, match[0].decode("ascii"))


def _decoded(payload: bytes) -> dict[str, object]:
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}


def _mapbox(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    match = re.compile(rb"eyJ[\w-]{20,400}\.[\w-]{16,60}").match(window, at)
    if not match:
        return
    if window[at - 3 : at] == b"sk.":
        sheet.hit(Hit(kind="secret", detail="a Mapbox secret token (sk.…)", at=start + at - 3))
    else:
        _project(sheet, start + at - 3, "mapbox", "", "public token")


def marked(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """A key with a provider's own mark; the needle stands inside the mark."""
    word = at
    while word > at - 12 and re.match(rb"\w", window[word - 1 : word]):
        word -= 1
    if stripe := _STRIPE.match(window, word):
        _stripe(sheet, stripe, start + word)
    elif supabase := _PUBLISHABLE.match(window, word):
        if not _random(supabase[0]):
            return
        if supabase[1] == b"secret":
            words = "a Supabase secret key (sb_secret_…)"
            sheet.hit(Hit(kind="service-key", detail=words, at=start + word, platform="supabase"))
        else:
            _project(sheet, start + word, "supabase", "", "publishable key")
            sheet.keys.setdefault("", supabase[0].decode("ascii"))
    elif (posthog := _POSTHOG.match(window, word)) and _random(posthog[0]):
        _project(sheet, start + word, "posthog", "", "project key")
    else:
        for shape, words in _SHAPES:
            match = shape.match(window, word)
            if match and _random(match[0]):
                sheet.hit(Hit(kind="secret", detail=words, at=start + word))
                return


def _stripe(sheet: Sheet, match: re.Match[bytes], at: int) -> None:
    """Stripe and Clerk mark their keys alike; Clerk's public one is its host in base64."""
    letter, mode, rest = match[1], match[2].decode(), match[3]
    if letter == b"p":
        if host := _clerk_host(rest):
            _project(sheet, at, "clerk", host, "publishable key", mode)
        elif re.match(rb"[A-Za-z0-9]{20}", rest) and _random(rest):
            _project(sheet, at, "stripe", "", "publishable key", mode)
    elif re.match(rb"[A-Za-z0-9]{16}", rest) and _random(rest):
        mark = f"{letter.decode()}k_{mode}_…"
        sheet.hit(
            Hit(
                kind="secret" if mode == "live" else "test-secret",
                detail=f"a secret key of Stripe or Clerk, {mode} mode ({mark})",
                at=at,
            )
        )


def _clerk_host(rest: bytes) -> str:
    """The host in a Clerk key, which ends in a dollar sign; empty for any other key."""
    try:
        plain = base64.b64decode(rest.rstrip(b"=") + b"=" * (-len(rest.rstrip(b"=")) % 4))
        host = plain.decode("ascii")
    except (ValueError, binascii.Error):
        return ""
    host = host.removesuffix("$") if host.endswith("$") else ""
    return host if re.fullmatch(r"[a-z0-9.-]{4,100}", host) and "." in host else ""


def of_clouds(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """Amazon's and Google's keys: the first is only half of one, the second is often public."""
    if re.match(rb"[A-Za-z0-9_]", window[at - 1 : at]):
        return
    near = window[max(0, at - _NEAR) : at + _NEAR]
    if (aws := _AWS.match(window, at)) and _random(aws[0]) and b"EXAMPLE" not in aws[0]:
        if b"X-Amz-" in window[max(0, at - 200) : at]:
            return  # a signed address names the key's id, and is made to be passed on
        whole = bool(_AWS_SECRET.search(near))
        words = "an AWS access key (AKIA…)" if whole else "the id of an AWS access key (AKIA…)"
        sheet.hit(Hit(kind="secret", detail=words, at=start + at, sure=whole))
    elif _GOOGLE.match(window, at):
        if any(sign in near for sign in _FIREBASE):
            return  # Firebase's apiKey is public by design
        words = "a Google key (AIza…) in code that calls Gemini"
        sheet.google_key(Hit(kind="maybe-secret", detail=words, at=start + at, sure=False))


def pem(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """A private key with its content; libraries ship the header alone."""
    if _PEM.match(window, at):
        sheet.hit(Hit(kind="secret", detail="a private key (PEM)", at=start + at))


def setting(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """`"SMTP_PASSWORD": "…"` in a list of settings that pages load."""
    match = _SETTING.match(window, at)
    if not match:
        return
    name, value = match[1].decode("ascii"), match[2].decode("utf-8", "replace")
    if not _PROMISES.search(name) or _PAGE_S_OWN.search(name) or value.startswith(("pk_", "eyJ")):
        return
    if secret_in(name, value) == "real":
        words = f"a value for {name}"
        sheet.hit(Hit(kind="named-secret", detail=words, at=start + at, name=name))


def _project(sheet: Sheet, at: int, platform: str, name: str, detail: str, mode: str = "") -> None:
    sheet.hit(Hit(kind="id", detail=detail, at=at, platform=platform, name=name, mode=mode))


def _random(value: bytes) -> bool:
    """Whether a key was drawn and not typed: enough different characters, and a digit.
    `sk_live_xxxxxxxx` and `sk-your-key-goes-here` were not."""
    text = value.decode("ascii", "replace")
    return (
        len(set(text)) >= 10
        and any(letter.isdigit() for letter in text)
        and not _CROSSED_OUT.search(text)
    )
