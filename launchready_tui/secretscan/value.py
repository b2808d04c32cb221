"""Whether a text could be a secret that somebody uses, judged by the text alone.

No secret: placeholders, references, calls, patterns, paths, words with a mark between them,
captions in other scripts, and the examples that standards and manuals print.
"""

from __future__ import annotations

import re
import unicodedata

from launchready_tui import redact_names
from launchready_tui.facts.env_values import is_placeholder, secret_in
from launchready_tui.secretscan.engine import entropy
from launchready_tui.secretscan.rules import pack

_CROSSED_OUT = re.compile(
    r"x{4}|_x{3}$|\*{3}|\.{3}|…|example|placeholder|(?<![a-z])(?:your|dummy|sample|fake|redacted|insert"
    r"|yourpass\w*|replace|changeme|change[-_]me|todo|foobar)(?![a-z])|0{6}|1234567|abcdefg"
    r"|deadbeef|abc123|123abc|_here$",
    re.IGNORECASE,
)
_CALL_OR_REFERENCE = re.compile(
    r"^[A-Za-z_$][\w.$]*\(|\$\{|\{\{|<%|#\{|^\$|\.\$\d|^%\w*%?$|^\{[^{}]*\}$|^\(.*\)$|^@[\w.-]+@?$"
    r"|^<.*>$|^\[.*\]$|^!\w|^\*\w+$|^&\w+[(.]?|%\(\w+\)[sd]|%[sd](?![A-Za-z0-9])|</?\w+>"
    r"|\[[^\]]*-[^\]]*\]|\{[A-Za-z_][\w.]*[}(!:\[]"  # a pattern, an interpolation
    r"|^(?:process|import|os|self|this|config|settings|secrets|env|var|local|data|module)\."
    r"|^[),;:]|^\+\w+[(,.]",  # code between the end of one quoted text and the start of the next
)
_WORDS_ONLY = re.compile(r"_*[^\W\d_]+(?:[._:/@-](?:[^\W\d_]+|v?\d{1,2}))*[.:!?,;*]?\d?")
_PHRASE = re.compile(r"(?:[A-Za-z]{1,12}\d{0,4}[._-]){2,}(?:[A-Za-z]{1,12}\d{0,4}|\d{1,4})\.?")
"""Words with a mark between them, which no machine draws."""
_JOINT = re.compile(
    r"[._:/@|\\,#%()-]+|(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\D)(?=\d)|(?<=\d)(?=\D)"
)
"""Between the words of `X-Amz-Date`, `bdc1ChargeTotal` and `AWS::MSK::Secret`."""
_NUMBERED = re.compile(
    r"(?:(?:[a-z]+|[A-Z]+|v)?\d{0,3}[a-z]{0,5}|\d{1,8}[A-Za-z]?)"
    r"(?:[._/:-]{1,2}(?:(?:[a-z]+|[A-Z]+)\d{0,3}[a-z]{0,5}|\d{1,8}[A-Za-z]?))+"
    r"|(?:[A-Z][a-z]+)+(?:(?:::|[/:])(?:[A-Z][a-z]+)+(?:-\d+)*)+"
)
"""Words and numbers with a mark between them: `gpt-3.5-turbo-0301`, `OS-OAUTH1:request`."""
_TECHNICAL = re.compile(
    r"sha\d+|md5|o?auth\d|utf-?\d+|iso-?\d+(?:-\d+)?|base\d\d|b64|aes-?\d*|[ehpr]s(?:256|384|512)"
    r"|a(?:128|192|256)\w{3}|ed25519|ipv?[46]|http2|x509|pkcs\d+|s3|ec2|k8s|i18n|l10n|win32|x86|amd64"
    r"|arm64|[23]fa|v\d+",
    re.IGNORECASE,
)
"""Digits that belong to a term of the trade."""
_SETTING = re.compile(r"[?&]?[A-Za-z_-]+=.")
_FILE = re.compile(
    r"\.(?:html?|php|[cm]?jsx?|tsx?|css|py|rb|json|ya?ml|xml|txt|md|pdf|png|jpe?g|svg|sock|pem|crt|key)$"
)
_ESCAPED = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})")
"""A letter as code writes it where the keyboard has none."""
_HASHED = re.compile(
    r"(?i:scram-sha|pbkdf2|argon2|scrypt|bcrypt|sha\d+[:$-]|md5[:$-])|\{[A-Z0-9.-]{3,20}\}|\$?(?:1|2[abxy]?|[56y])\$"
)
"""What a password was turned into, or the digest of a file."""
_SELECTOR = re.compile(r"[#.][A-Za-z][\w-]*")
_PATH = re.compile(r"(?:\.{0,2}/|~/|[A-Za-z]:\\|#/)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]*)?$")


def drawn(value: str) -> bool:
    """Whether a key was drawn and not typed: `sk_live_xxxxxxxx` and `your-key-here` were not."""
    if crossed_out(value) or redact_names.is_placeholder(value):
        return False
    if value.startswith("re_") and (value.islower() or not re.search(r"\d", value)):
        return False  # words with underscores between them
    return len(set(value)) >= min(8, len(value) // 2)


def crossed_out(value: str) -> bool:
    """Whether it only stands for one, or is an example that a standard prints."""
    return bool(_CROSSED_OUT.search(value)) or any(text in value for text in pack().examples)


def refers(value: str) -> bool:
    """Whether it is code, or says where the value is: a call, a template, `$NAME`."""
    return bool(_CALL_OR_REFERENCE.search(value))


def is_phrase(value: str) -> bool:
    return bool(_PHRASE.fullmatch(value))


def home_made(name: str, value: str) -> bool:
    """Whether a value of no known form could be a secret; `name` is the setting's."""
    if "://" in value or not drawn(value) or is_placeholder(name.upper(), value):
        return False
    if value.startswith(("eyJ", "AIza")) or refers(value) or _PATH.match(value):
        return False
    if _HASHED.match(value):
        return False
    value = _ESCAPED.sub("", value)
    if value.isalpha():
        mixed = not value.islower() and not value.isupper()
        return mixed and len(value) >= 24 and entropy(value) >= 4.3
    if _WORDS_ONLY.fullmatch(value) or _SELECTOR.fullmatch(value) or _INSTANT.match(value):
        return False
    if of_words(value) or not _latin(value):
        return False
    return secret_in("SECRET", value) == "real"


def chosen(value: str) -> bool:
    """Whether it can be told from prose and identifiers by itself, whatever stands before it."""
    value = _ESCAPED.sub("", value)
    plain = _TECHNICAL.sub("", value)
    digits = sum(letter.isdigit() for letter in plain)
    letters = sum(letter.isalpha() for letter in plain)
    if len(value) < 8 or letters < 3 or not digits:
        return False
    if _SETTING.match(value) or _FILE.search(value):
        return False
    return home_made("PASSWORD", value) and not _NUMBERED.fullmatch(value)


def of_words(value: str) -> bool:
    """Whether it is an identifier: whole words, with one digit at most among them."""
    pieces = [piece for piece in _JOINT.split(value) if piece]
    words = [piece for piece in pieces if piece.isalpha()]
    numbers = [piece for piece in pieces if piece.isdigit()]
    if len(words) + len(numbers) < len(pieces) or sum(map(len, numbers)) > 1 or not words:
        return False
    return sum(map(len, words)) / len(words) >= 2.5


def _latin(value: str) -> bool:
    """Whether its letters are of the script that passwords are typed in; captions may not be."""
    return all(
        letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
        for letter in value
        if letter.isalpha()
    )
