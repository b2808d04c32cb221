"""The test user's session: pasted into the vault, or come by through a login of this run.

Its value is lent to the other gatherers of the run (`Keys.lent`) and stands in no fact. It goes to
the host it belongs to, over https, and nowhere else.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.login import LoginFlow
from launchready_tui.facts.threads import aside
from launchready_tui.given import Keys, Target
from launchready_tui.model import CouldNotTell, Fact, Unknown
from launchready_tui.secret import Secret

KEY = "test-session"
MISSING = "paste a test user's session with `launchready vault set test-session`"
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,8000}[\x21-\x7e])?")
_BEARER = re.compile(r"(?i)bearer +\S")
_COOKIE = re.compile(r"(?i)cookie:\s*")


class OwnSession(Fact, frozen=True, kw_only=True):
    """That there is a session, of which kind, and where it came from; never what it is."""

    kind: Literal["cookie", "token"]
    source: Literal["vault", "login"]


@fact
async def own_session(keys: Keys, target: Target, login: LoginFlow | Unknown) -> OwnSession:
    """From the vault where a person put one, else from the login that was allowed in this run."""
    held = await aside(lambda: keys.get(KEY))
    source: Literal["vault", "login"] = "vault"
    if not held:
        if not (lent := keys.lent.get(KEY)):
            failed = login.cause if isinstance(login, Unknown) else ""
            tried = failed and not failed.startswith("not tried")
            raise CouldNotTell(f"{MISSING}; the login failed: {failed}" if tried else MISSING)
        held, source = lent, "login"
    value = _COOKIE.sub("", held.reveal().strip(), count=1)
    if not _HEADER_VALUE.fullmatch(value):
        raise CouldNotTell(f"the value under {KEY} is not one line of plain characters")
    token = bool(_BEARER.match(value))
    if not token and "=" not in value:
        raise CouldNotTell(f"the value under {KEY} is neither name=value nor Bearer and a token")
    keys.lent[KEY] = Secret(value)
    return OwnSession(kind="token" if token else "cookie", source=source)


def session_headers(keys: Keys) -> dict[str, str]:
    """The header that carries the session. Only for a request to its own host."""
    held = keys.lent.get(KEY)
    if held is None:
        raise CouldNotTell(MISSING)
    value = held.reveal()
    return {"authorization" if _BEARER.match(value) else "cookie": value}


def home_of_session(target: Target) -> str:
    """The one host the session belongs to, as the person named it."""
    return host_of(target.web.app) or next(map(host_of, target.web.private), "")


def barred(url: str, target: Target) -> str:
    """Why the session may not be sent to this address; empty where it may."""
    if urlsplit(url).scheme != "https":
        return f"{url}: a session is not sent without encryption"
    home = home_of_session(target)
    if host_of(url) != home:
        return f"{url}: the test session belongs to {home} and is sent nowhere else"
    return ""
