"""Whether an expression of Cloudflare's rule language reaches an address, as far as one can say.

Three answers: yes, no, and None where only Cloudflare could tell: a regular expression, a named
list, a cookie, the visitor's country. Total and bounded: an expression is at most 4,096 characters
long by Cloudflare's own rule, and nothing foreign is run as a pattern.
https://developers.cloudflare.com/ruleset-engine/rules-language/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

LONGEST = 4_096
DEEPEST = 40
LONGEST_PATTERN = 300
"""Of a value with stars: its length and the address's are multiplied."""
Truth = bool | None
Value = str | None
"""What a field or a function comes to; None where only Cloudflare knows."""

_TOKEN = re.compile(
    r"\s*+(?:"
    r"(?P<raw>r(?P<hash>#{0,3})\"(?P<inner>.*?)\"(?P=hash))"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*+\")"
    r"|(?P<mark>==|!=|>=|<=|&&|\|\||\^\^|[(){}\[\],~!<>*])"
    r"|(?P<word>[^\s\"(){}\[\],~!<>=&|^*]++)"
    r")",
    re.DOTALL,
)
_SAYS_SECRET = (
    "http.request.headers",
    "http.request.uri.args",
    "http.request.uri.query",
    "http.request.body",
)
_SAYS_COOKIE = ("http.cookie", "http.request.cookies")
_COOKIE_NAME = re.compile(r"[A-Za-z_.-]{1,40}=?")
_COMPARES: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "!=": lambda a, b: a != b,
    "contains": lambda a, b: b in a,
}
_NUMBERS = ("lt", "le", "gt", "ge", "<", "<=", ">", ">=")


class _CannotRead(Exception):
    """The expression is none, or one that this reader does not know."""


def reaches(expression: str, url: str, method: str = "GET") -> Truth:
    """Whether a request for this address fits the expression."""
    if len(expression) > LONGEST:
        return None
    try:
        return _Reader(_tokens(expression), _fields(url, method)).whole()
    except (_CannotRead, ValueError):
        return None


def fits(pattern: str, url: str) -> bool:
    """Whether a page rule's pattern (`*acme.test/*`) fits an address; its scheme may be left out.

    A pattern longer than Cloudflare's own ones fits nothing.
    """
    rest = url if "://" in pattern else url.partition("://")[2]
    return len(pattern) <= LONGEST_PATTERN and _wildcard(pattern.lower(), rest.lower()[:LONGEST])


def asks_for_cookies(expression: str) -> bool:
    return any(name in expression for name in _SAYS_COOKIE)


def without_values(expression: str) -> str:
    """The expression as it may be shown: what a header or a parameter is compared with is left
    out, since some rules let in whoever knows a secret value. A cookie's name stays."""
    text = expression[:LONGEST].rstrip()
    shown: list[str] = []
    field, before, at = "", "", 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:  # a string that does not end: nobody knows what it is
            return "".join((*shown, "…"))
        at = match.end()
        word = match["word"] or ""
        held = match["text"] or match["raw"]
        if "." in word and word[0].isalpha():
            field = word
        hides = held is not None and before != "[" and _hides(field, held)
        shown.append(match[0].replace(held, '"…"') if hides and held else match[0])
        before = match["mark"] or word or "text"
    return "".join(shown)


def _hides(field: str, held: str) -> bool:
    if field.startswith(_SAYS_COOKIE):
        return not _COOKIE_NAME.fullmatch(held.strip('"'))
    return field.startswith(_SAYS_SECRET)


# ---------------------------------------------------------------- reading


class _Token:
    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text


def _tokens(expression: str) -> list[_Token]:
    tokens: list[_Token] = []
    at, text = 0, expression.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _CannotRead
        at = match.end()
        if match["raw"] is not None:
            tokens.append(_Token("text", match["inner"]))
        elif match["text"] is not None:
            tokens.append(_Token("text", re.sub(r"\\(.)", r"\1", match["text"][1:-1])))
        elif match["mark"] is not None:
            tokens.append(_Token("mark", match["mark"]))
        else:
            tokens.append(_Token("word", match["word"]))
    return tokens


def _fields(url: str, method: str) -> dict[str, str]:
    parts = urlsplit(url)
    path = parts.path or "/"
    name = path.rpartition("/")[2]
    return {
        "http.host": parts.netloc.lower(),
        "http.request.uri.path": path,
        "raw.http.request.uri.path": path,
        "http.request.uri.path.extension": name.rpartition(".")[2].lower() if "." in name else "",
        "http.request.uri": f"{path}?{parts.query}" if parts.query else path,
        "http.request.full_uri": url if parts.path else f"{url}/",
        "http.request.method": method,
        "ssl": "true" if parts.scheme == "https" else "false",
        "true": "true",
        "false": "false",
    }


class _Reader:
    """Recursive descent over one expression: `or` under `xor` under `and` under `not`."""

    def __init__(self, tokens: list[_Token], fields: dict[str, str]) -> None:
        self._tokens = tokens
        self._fields = fields
        self._at = 0
        self._depth = 0

    def whole(self) -> Truth:
        truth = self._either()
        if self._at != len(self._tokens):
            raise _CannotRead
        return truth

    def _either(self) -> Truth:
        truth = self._one_of()
        while self._takes("or", "||"):
            more = self._one_of()
            truth = True if truth or more else None if None in (truth, more) else False
        return truth

    def _one_of(self) -> Truth:
        truth = self._all()
        while self._takes("xor", "^^"):
            more = self._all()
            truth = None if truth is None or more is None else truth != more
        return truth

    def _all(self) -> Truth:
        truth = self._not()
        while self._takes("and", "&&"):
            more = self._not()
            truth = False if truth is False or more is False else _both(truth, more)
        return truth

    def _not(self) -> Truth:
        turned = False
        while self._takes("not", "!"):
            turned = not turned
        truth = self._single()
        return truth if truth is None or not turned else not truth

    def _single(self) -> Truth:
        if not self._takes("("):
            return self._comparison()
        self._depth += 1
        if self._depth > DEEPEST:
            raise _CannotRead
        truth = self._either()
        self._insist(")")
        self._depth -= 1
        return truth

    def _comparison(self) -> Truth:
        held = self._operand()
        for sign, compare in _COMPARES.items():
            if self._takes(sign):
                return self._compared(held, compare)
        if self._takes("strict"):
            self._insist("wildcard")
            return self._compared(held, _starred)
        if self._takes("wildcard"):
            return self._compared(held, lambda a, b: _starred(a.lower(), b.lower()))
        if self._takes("in"):
            return self._among(held)
        if self._takes("matches", "~", *_NUMBERS):
            self._next()
            return None
        return None if held is None else held == "true"

    def _compared(self, held: Value, compare: Callable[[str, str], bool]) -> Truth:
        value = self._next().text
        return None if held is None else compare(held, value)

    def _among(self, held: Value) -> Truth:
        if not self._takes("{"):
            self._next()  # a named list, whose entries only Cloudflare has
            return None
        values = []
        while not self._takes("}"):
            values.append(self._next().text)
            self._takes(",")
        return None if held is None else held in values

    def _operand(self) -> Value:
        token = self._next()
        if token.kind == "text":
            return token.text
        if token.kind == "mark":
            raise _CannotRead
        if self._takes("("):
            return self._function(token.text)
        known = self._fields.get(token.text)
        while self._takes("["):
            known = None
            while not self._takes("]"):
                self._next()
        return known

    def _function(self, name: str) -> Value:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _CannotRead
        values: list[Value] = []
        while not self._takes(")"):
            values.append(self._argument())
            self._takes(",")
        self._depth -= 1
        known = [value for value in values if value is not None]
        if len(known) != len(values):
            return None
        match name, known:
            case "lower", [text]:
                return text.lower()
            case "upper", [text]:
                return text.upper()
            case "starts_with", [text, start]:
                return "true" if text.startswith(start) else "false"
            case "ends_with", [text, end]:
                return "true" if text.endswith(end) else "false"
        return None

    def _argument(self) -> Value:
        truth_or_value = self._operand()
        here = self._tokens[self._at].text if self._at < len(self._tokens) else ""
        if here not in (",", ")"):  # a comparison inside any() and its like
            while self._at < len(self._tokens) and self._tokens[self._at].text not in (",", ")"):
                self._next()
            return None
        return truth_or_value

    def _takes(self, *texts: str) -> bool:
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind != "text" and token.text in texts:
                self._at += 1
                return True
        return False

    def _insist(self, text: str) -> None:
        if not self._takes(text):
            raise _CannotRead

    def _next(self) -> _Token:
        if self._at >= len(self._tokens):
            raise _CannotRead
        self._at += 1
        return self._tokens[self._at - 1]


def _both(one: Truth, other: Truth) -> Truth:
    return None if one is None or other is None else one and other


def _starred(text: str, pattern: str) -> bool:
    if len(pattern) > LONGEST_PATTERN:
        raise _CannotRead
    return _wildcard(pattern, text)


def _wildcard(pattern: str, text: str) -> bool:
    """Whether a pattern with stars fits the whole text."""
    at = star = mark = 0
    place, starred = 0, False
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            starred, star, mark = True, at, place
            at += 1
        elif at < len(pattern) and pattern[at] == text[place]:
            at, place = at + 1, place + 1
        elif starred:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return all(letter == "*" for letter in pattern[at:])
