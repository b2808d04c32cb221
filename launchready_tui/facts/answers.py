"""What an answer is, seen by a stranger: data, a page with something on it, a login, or a shell.

Pure and total: a body goes in, and counts come out. Nothing of it is kept.
"""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from launchready_tui.facts.exposure_rows import is_html
from launchready_tui.facts.page import Page, read_page
from launchready_tui.model import Record

Kind = Literal["", "json", "html", "file", "other"]

DEEPEST = 12
MOST_READ = 262_144
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,4000}>")
_CELL = re.compile(r"<td[\s>]", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_FILES = ("text/csv", "application/pdf", "spreadsheet", "ms-excel", "application/zip")
_SIGN_IN = re.compile(
    r"\b(?:sign|log)[ -]?in\b|\blogin\b|\bpasswords?\b|\banmelden\b|\beinloggen\b|\bpasswort\b"
    r"|\bconnexion\b|\biniciar sesi[oó]n\b|\baccedi\b|\binloggen\b|\bzaloguj\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"user|e-?mail|login|account|identifier", re.IGNORECASE)
_ABOUT = re.compile(
    r"errors?|message|detail|msg|status|ok|success|code|version|uptime|time\w*|date|csrf\w*"
    r"|\w*login\w*|redirect\w*|nonce|health\w*|ready|alive|commit|build\w*|region|env\w*|service"
    r"|name|title|type|instance|trace\w*|request_?id|checks|documentation_?url|expires\w*",
    re.IGNORECASE,
)
"""Keys that speak of the answer, or of the machine, and not of anybody's records."""
_PERSON = re.compile(
    r'"(e-?_?mail\w*|phone\w*|mobile|first_?name|last_?name|surname|full_?name|birth\w*|iban'
    r"|salary|address_?line\w*|street|passport\w*|tax_?id|password\w*|customer_?(?:id|name))"
    r'"\s{0,5}:\s{0,5}(?:"[^"]|\d)',
    re.IGNORECASE,
)


class Looks(Record, frozen=True, kw_only=True):
    """An answer in counts. `markers` are the tester's own words found in it."""

    kind: Kind = ""
    markers: int = 0
    data: bool = False
    """JSON that holds more than words about itself, or a file to download."""
    personal: int = 0
    """Different fields about people, or mail addresses, whichever are more."""
    login: bool = False
    """It asks who is there."""
    text: int = 0
    """Characters a visitor would read before any script ran."""
    cells: int = 0
    """Table cells and forms that send something, other than a login's."""
    title: str = ""
    shell: str = ""


def looks(body: str, content_type: str = "", markers: tuple[str, ...] = ()) -> Looks:
    body = body[:MOST_READ]
    found = sum(1 for word in markers if word and word.lower() in body.lower())
    kind = _kind(body, content_type.lower())
    if kind == "html":
        return _page(body, found)
    personal = max(len({m[1].lower() for m in _PERSON.finditer(body)}), len({*_mails(body)}))
    data = kind == "file" and bool(body.strip() or "csv" not in content_type.lower())
    if kind == "json":
        data = _says_something(_parsed(body), DEEPEST)
    return Looks(kind=kind, markers=found, data=data, personal=personal)


def _kind(body: str, content_type: str) -> Kind:
    if any(name in content_type for name in _FILES):
        return "file"
    start = body.lstrip()[:1]
    if start in ("{", "[") and not is_html(body):
        return "json"
    if is_html(body) or "html" in content_type:
        return "html"
    return "other" if body.strip() else ""


def _page(body: str, markers: int) -> Looks:
    page = read_page(body)
    text = visible(body)
    posts = [f for f in page.forms if f.method == "post" and not f.password]
    cells = len(_CELL.findall(body)) + sum(1 for form in posts if len(form.fields) > 1)
    return Looks(
        kind="html",
        markers=markers,
        login=_asks_who(page, text),
        text=len(text),
        cells=cells,
        title=page.title,
        shell=page.shell,
    )


def _asks_who(page: Page, text: str) -> bool:
    forms = any(form.password or any(map(_WHO.search, form.fields)) for form in page.forms)
    return forms or bool(_SIGN_IN.search(page.title) or _SIGN_IN.search(text[:5_000]))


def visible(body: str) -> str:
    """What a page says in words, without what its scripts would add."""
    for name in ("script", "style", "template"):
        body = _without(body, name)
    return " ".join(_TAG.sub(" ", body).split())


def _without(body: str, name: str) -> str:
    """The body without one kind of element, in one pass."""
    lower = body.lower()
    kept: list[str] = []
    end = 0
    while (start := lower.find(f"<{name}", end)) >= 0:
        kept.append(body[end:start])
        closed = lower.find(f"</{name}", start)
        if closed < 0:
            return "".join(kept)
        end = closed
    return "".join([*kept, body[end:]])


def _mails(body: str) -> set[str]:
    return {match[0].lower() for match in _MAIL.finditer(body)} if "@" in body else set()


def _parsed(body: str) -> Any:
    """The JSON value; where it was cut off or is none, what can be said of its start."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return {"cut": 1} if len(body) >= MOST_READ else None


def _says_something(value: Any, deep: int) -> bool:
    """Whether a value holds records: an empty list, `{"user": null}` or an error hold none."""
    if deep == 0:
        return True
    if isinstance(value, dict):
        rest = [held for key, held in value.items() if not _ABOUT.fullmatch(key)]
        return any(_says_something(held, deep - 1) for held in rest)
    if isinstance(value, list):
        return any(not isinstance(x, dict) or _says_something(x, deep - 1) for x in value if x)
    return bool(value) and not isinstance(value, bool)
