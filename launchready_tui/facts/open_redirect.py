"""Whether a login page sends visitors on to any site that a link names."""

from __future__ import annotations

import asyncio
import html
import re
from urllib.parse import urlencode

from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Permits, Target
from launchready_tui.model import Fact, Level, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched

PROBE = "open-redirect"
ELSEWHERE = "launchready-check.example"
"""A name that nobody can register (RFC 2606)."""
PARAMETERS = (
    "next",
    "redirect",
    "redirect_to",
    "redirectTo",
    "return",
    "return_to",
    "returnTo",
    "returnUrl",
    "callbackUrl",
    "continue",
    "dest",
    "url",
)
FORMS = ("https://{host}/", "//{host}/", "/\\{host}/")
"""The plain form, and two that browsers read as another site and careless code as a path."""
PATHS = ("/login", "/signin", "/logout")
MOST_PAGES = 4
BODY = 65_536
_REFRESH = re.compile(
    r"<meta\s[^<>]{0,300}http-equiv\s*=\s*[\"']?refresh[^<>]{0,300}?url\s*=\s*[\"']?([^\"'<>]{1,500})",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?:)?/{2,}(?:[^/?#@]{0,200}@)?([^/:?#]{1,253})", re.IGNORECASE)
_OURS = re.compile(rf"p(\d{{1,2}})\.{re.escape(ELSEWHERE)}")


class OpenRedirect(Record, frozen=True, kw_only=True):
    """A page that went where its address told it to: by which parameter, and to where."""

    page: str
    parameter: str
    form: str


class OpenRedirects(Fact, frozen=True, kw_only=True):
    asked: tuple[str, ...]
    found: tuple[OpenRedirect, ...] = ()
    unanswered: tuple[str, ...] = ()


@fact
async def open_redirects(
    net: Network, web: WebHosts, target: Target, permits: Permits
) -> OpenRedirects:
    """Each login page once for every way to write a foreign address; no redirect is followed."""
    permits.insist(PROBE)
    own = [f"https://{web.app}{path}" for path in PATHS] if web.app else []
    pages = list(dict.fromkeys([*filter(None, [target.web.login]), *own]))[:MOST_PAGES]
    asked = [(page, form) for page in pages for form in FORMS]
    with net.log.side_by_side():
        answers = await asyncio.gather(*(_ask(net, page, form) for page, form in asked))
    found: dict[tuple[str, str], OpenRedirect] = {}
    silent: dict[str, str] = {}
    for (page, form), answer in zip(asked, answers, strict=True):
        shown = without_secrets(page)
        if challenged(answer.last):
            silent.setdefault(shown, f"{shown}: a bot challenge answered")
        elif answer.last.outcome != "ok":
            silent.setdefault(shown, f"{shown}: {answer.cause or answer.last.cause}")
        elif parameter := _obeyed(answer):
            went = OpenRedirect(page=shown, parameter=parameter, form=form.format(host="…"))
            found.setdefault((shown, parameter), went)
    return OpenRedirects(
        asked=tuple(map(without_secrets, pages)),
        found=tuple(found.values()),
        unanswered=tuple(silent.values()),
    )


async def _ask(net: Network, page: str, form: str) -> Fetched:
    values = {
        name: form.format(host=f"p{number}.{ELSEWHERE}") for number, name in enumerate(PARAMETERS)
    }
    joint = "&" if "?" in page else "?"
    return await net.fetch(
        f"{page}{joint}{urlencode(values)}", follow=False, body_limit=BODY, level=Level.ACTIVE
    )


def _obeyed(answer: Fetched) -> str:
    """The parameter whose foreign host a browser would now ask; empty where it would not."""
    targets = [answer.last.header("location")]
    if answer.status == 200:
        targets += [html.unescape(match[1]) for match in _REFRESH.finditer(answer.body)]
    for target in targets:
        match = _OURS.fullmatch(leads_to(target))
        if match and int(match[1]) < len(PARAMETERS):
            return PARAMETERS[int(match[1])]
    return ""


def leads_to(location: str) -> str:
    """The host that a browser reads from a redirect's target; empty for a path of its own site."""
    text = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    match = _HOST.match(text)
    return match[1].lower() if match else ""
