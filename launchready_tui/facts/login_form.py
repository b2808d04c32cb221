"""The form that signs people in, with the hidden values the server wants back, and the way out.

Read tag by tag with patterns that cannot run away. What is found holds one-time values and stays
with the login that asked for it: it is no fact, and none of it may become part of one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlencode, urljoin

FORM = "application/x-www-form-urlencoded"
MOST_READ = 300_000
MOST_FIELDS = 40
_TAG = re.compile(r"<(/?)(form|input|button|a)(?![a-zA-Z0-9])([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""([a-zA-Z-]{1,40})(?:\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?"""
)
_USER = re.compile(r"user|e-?mail|login|name|account|benutzer", re.IGNORECASE)
_OUT = re.compile(
    r"(?:log|sign)[-_ ]?(?:out|off)|abmelden|/sessions?/(?:destroy|end)", re.IGNORECASE
)


class FilledForm:
    """A form as it would be sent: where to, how, and its fields. Its repr shows no values."""

    def __init__(self, action: str, method: str) -> None:
        self.action = action
        self.method = method
        self.fields: list[tuple[str, str]] = []
        self.user = ""
        self.passwords: list[str] = []

    def __repr__(self) -> str:
        return f"FilledForm({self.method}, {len(self.fields)} fields)"

    def add(self, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        if not name or len(self.fields) >= MOST_FIELDS:
            return
        if kind == "password":
            self.passwords.append(name)
        elif kind in ("hidden", "submit"):
            self.fields.append((name, given.get("value", "")))
        elif kind in ("text", "email") and (not self.user or not _USER.search(self.user)):
            self.user = name if not self.user or _USER.search(name) else self.user

    @property
    def signs_in(self) -> bool:
        """One password and a name: two passwords are a registration or a change."""
        return len(self.passwords) == 1 and bool(self.user)

    def content(self, user: str, password: str) -> bytes:
        """The filled form, as browsers send it."""
        own = [(self.user, user), (self.passwords[0], password)] if self.signs_in else []
        return urlencode([*self.fields, *own]).encode()


def login_form(body: str, base: str) -> FilledForm | None:
    """The first form of a page that asks for a name and one password."""
    return next((form for form in _forms(body, base) if form.signs_in), None)


def way_out(body: str, base: str) -> FilledForm | None:
    """The form or link of a page that signs out, by where it leads."""
    forms = (form for form in _forms(body, base) if _OUT.search(form.action))
    if found := next(forms, None):
        return found
    for _, name, rest in _tags(body):
        href = _given(rest).get("href", "") if name == "a" else ""
        if href and _OUT.search(href):
            return FilledForm(_joined(base, href), "get")
    return None


def _forms(body: str, base: str) -> list[FilledForm]:
    found: list[FilledForm] = []
    inside = False
    for closing, name, rest in _tags(body):
        if name == "form":
            inside = not closing
            if inside:
                given = _given(rest)
                method = "post" if given.get("method", "").lower() == "post" else "get"
                found.append(FilledForm(_joined(base, given.get("action", "")), method))
        elif inside and not closing and name in ("input", "button"):
            given = _given(rest)
            if name == "button":
                given.setdefault("type", "submit")
            found[-1].add(given)
    return found[:20]


def _tags(body: str) -> Iterator[tuple[bool, str, str]]:
    for tag in _TAG.finditer(body[:MOST_READ]):
        yield bool(tag[1]), tag[2].lower(), tag[3]


def _given(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest):
        value = html.unescape(match[2] or match[3] or match[4] or "")
        found.setdefault(match[1].lower(), value)
    return found


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return base
