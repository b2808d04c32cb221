"""When a burst of tries has met resistance, and when it has told nothing. Pure.

A single answer says little: 403 may be a missing form token, a captcha may be part of every page,
and "too many attempts" may stand in a script. What counts is what changed since the first try.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import Literal

from launchready_tui.model import Record
from launchready_tui.text import plural

MOST = 20
"""Tries at one route."""
STEADY_TRIES = 3
"""Delays are compared with those of the first tries …"""
LATE_TRIES = 4
"""… and as many of the last ones must all be longer."""

By = Literal["", "429", "403", "challenge", "captcha", "lock-out", "delay"]

_HELD = re.compile(
    r"too many (?:\w{1,20} ){0,3}(?:attempts|requests|tries|logins|failures)"
    r"|rate.?limit"
    r"|(?:account|user|login)[^.<>{}]{0,40}\b(?:locked|blocked|suspended)"
    r"|temporarily (?:locked|blocked|disabled)"
    r"|try again (?:later|in (?:a few|\d))"
    r"|zu viele (?:versuche|anfragen|anmeldeversuche|fehlversuche)|konto[^.<>{}]{0,40}gesperrt"
    r"|trop de (?:tentatives|requêtes|demandes)|demasiad[oa]s (?:intentos|solicitudes)",
    re.IGNORECASE,
)
_CAPTCHA = re.compile(r"captcha|turnstile", re.IGNORECASE)
_FORM_TOKEN = re.compile(r"csrf|xsrf|authenticity.?token", re.IGNORECASE)


class Reply(Record, frozen=True, kw_only=True):
    """One answer, as far as the next try depends on it. Status 0: there was none, for `cause`."""

    status: int = 0
    seconds: float = 0.0
    challenge: str = ""
    held: tuple[str, ...] = ()
    """Phrases that tell of a lock-out, in lower case."""
    captcha: bool = False
    form_token: bool = False
    location: str = ""
    cause: str = ""
    final: bool = False
    """There was no answer and there will be none: out of scope, no certificate, nobody listens."""


class End(Record, frozen=True, kw_only=True):
    """What ended a burst: resistance (`by`), a cause why it tells nothing (`gap`), or neither."""

    by: By = ""
    gap: str = ""


def words_of(text: str) -> tuple[tuple[str, ...], bool, bool]:
    """Lock-out phrases, whether a captcha is spoken of, and whether a form token is."""
    held = sorted({found.lower() for found in _HELD.findall(text)})
    return tuple(held[:10]), bool(_CAPTCHA.search(text)), bool(_FORM_TOKEN.search(text))


def ended(replies: Sequence[Reply]) -> End | None:
    """Why a burst is over, or None where another try follows."""
    first, last = replies[0], replies[-1]
    if grows([reply.seconds for reply in replies]):
        return End(by="delay")
    if last.status == 0:
        return _silent(replies)
    if last.challenge:
        return End(by="challenge")
    if last.status == 429:
        return End(by="429")
    if last.status == 423 or _newly(first, last, alone=len(replies) == 1):
        return End(by="lock-out")
    if last.captcha and 400 <= last.status < 500:
        return End(by="captcha")
    if len(replies) > 1 and last.status == 403 != first.status:
        return End(by="403")
    gap = _nothing_tried(last, len(replies))
    return End(gap=gap) if gap else None


def spent(replies: Sequence[Reply]) -> End:
    """What it means that all tries were made and none of them ended it."""
    if any(reply.captcha for reply in replies):
        return End(gap="it carries a captcha: see that nobody gets past without solving it")
    return End()


def grows(seconds: Sequence[float]) -> bool:
    """Whether answers come later and later, by far more than a slow line or a busy moment adds."""
    if len(seconds) < STEADY_TRIES + LATE_TRIES:
        return False
    early, late = seconds[:STEADY_TRIES], seconds[-LATE_TRIES:]
    base = median(early)
    return min(late) > max(early) and median(late) >= max(3 * base, base + 1.0)


def _silent(replies: Sequence[Reply]) -> End | None:
    last, count = replies[-1], len(replies)
    if count == 1 or last.final:
        return End(gap=last.cause or "no answer")
    if replies[-2].status == 0:
        told = plural(count - 2, "try", "tries")
        return End(gap=f"no answers any more after {told}: a block, or the app is down")
    return None


def _newly(first: Reply, last: Reply, *, alone: bool) -> bool:
    """Words of a lock-out that the first answer did not have, or an error that begins with them."""
    if alone:
        return bool(last.held) and 400 <= last.status < 500
    return bool(set(last.held) - set(first.held))


def _nothing_tried(last: Reply, count: int) -> str:
    """Why nothing can be said from an answer like this, or an empty string."""
    if last.status == 419 or (last.status == 403 and count == 1):
        return f"it refuses the first try ({last.status}), probably for want of its form's token"
    if last.status in (404, 405, 410, 415, 501):
        return f"nothing takes tries there ({last.status}): name the address the form posts to"
    if last.status in (301, 307, 308):
        return f"it leads on to {last.location or 'another address'}: name that one"
    if last.status == 503 and count > 1:
        return (
            f"it answers 503 after {plural(count - 1, 'try', 'tries')}, as a limiter does and as an"
            " overloaded app does: let the limiter answer 429"
        )
    if last.status >= 500:
        return f"it answers {last.status}"
    return ""
