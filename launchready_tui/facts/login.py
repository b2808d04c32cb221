"""One login by the test user: whether the session's id changes there and dies at sign-out.

A person allows it for the run. What it sends: the sign-in page, the filled form, a private page
as nobody, as the user and with the ids from before the login, the sign-out, the private page with
the ended session; and one more login where another gatherer needs a session that lives.
"""

from __future__ import annotations

import re
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenger
from launchready_tui.facts.cookie_lines import cookie_lines
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.likeness import marked, same_page
from launchready_tui.facts.login_form import FORM, FilledForm, way_out
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.threads import aside
from launchready_tui.facts.visitor import Entrance, Visitor, find_entrance
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Keys, Permits, Target
from launchready_tui.model import CouldNotTell, Fact
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched
from launchready_tui.secret import Secret

PROBE = "login-flow"
KEY = "test-login"
SESSION = "test-session"
NO_ACCOUNT = (
    "store a test user with `launchready vault set test-login`: the name, and below it the password"
)
_SESSION_NAME = re.compile(r"(?i)sess|sid|auth|token|jwt|identity|login|remember")
_OTHER_NAME = re.compile(r"(?i)csrf|xsrf|__cf|^_ga|awsalb|consent")

Told = Literal["yes", "no", "untold"]


class LoginFlow(Fact, frozen=True, kw_only=True):
    """How signing in and out went; names of cookies, and never what they hold."""

    login: str
    by: Literal["form", "json"]
    before: tuple[str, ...] = ()
    """Cookies a visitor had before signing in."""
    after: tuple[str, ...] = ()
    """Cookies that signing in set."""
    kept: tuple[str, ...] = ()
    """Of `before`, those that look like a session and kept their value."""
    set_cookies: tuple[str, ...] = ()
    """The Set-Cookie lines of the login, without values."""
    private: str = ""
    """The page by which it was told who is signed in; empty where none was named."""
    old_id_inside: Told = "untold"
    """The ids from before the login open the private page after it."""
    logout: str = ""
    logout_status: int = 0
    ended_id_inside: Told = "untold"
    """The session opens the private page after signing out."""
    gaps: tuple[str, ...] = ()


@fact(limit=45)
async def login_flow(
    net: Network, web: WebHosts, target: Target, permits: Permits, keys: Keys
) -> LoginFlow:
    """At most 24 requests (twelve as a rule), one after the other; a refusal ends it."""
    permits.insist(PROBE)
    user, password = await _account(keys)
    home = host_of(target.web.login) or web.app
    if not home:
        raise CouldNotTell("no host of the domain serves pages")
    front = web.of(home)
    fallback = front.front.last.url if front and front.front.last else ""
    flow = _Flow(net, home, target, fallback, user, password)
    seen = await flow.told()
    if flow.private and not await aside(lambda: keys.get(SESSION)):
        keys.lent[SESSION] = await flow.living_session()
    return seen


async def _account(keys: Keys) -> tuple[str, Secret]:
    held = await aside(lambda: keys.get(KEY))
    user, _, password = (held.reveal() if held else "").strip().partition("\n")
    if not user.strip() or not password.strip():
        raise CouldNotTell(NO_ACCOUNT)
    return user.strip(), Secret(password.strip())


class _Flow:
    """The steps of one login, in order. What it holds is gone with it."""

    def __init__(
        self, net: Network, home: str, target: Target, fallback: str, user: str, password: Secret
    ) -> None:
        self.net = net
        self.home = home
        self.target = target
        self.fallback = fallback
        self.user = user
        self.password = password
        own = [url for url in target.web.private if host_of(url) == home]
        self.private = own[0] if own else ""
        self.nobody: Fetched | None = None

    async def told(self) -> LoginFlow:
        visitor = Visitor(self.net, self.home)
        entrance = await find_entrance(visitor, self.target.web.login, self.fallback)
        before = dict(visitor.jar)
        answers = await self._sign_in(visitor, entrance)
        lines = [line for a in answers for hop in a.hops for line in cookie_lines(hop)]
        gaps: list[str] = []
        page = await self._proof(visitor, answers)
        kept = [
            name for name in before if _is_session(name) and visitor.jar.get(name) == before[name]
        ]
        old: Told = "untold"
        if self.private:
            old = "no" if not before else await self._opens(Visitor(self.net, self.home, before))
        else:
            gaps.append(
                "launchready.toml names no private page, so nobody can tell who is signed in"
            )
        mine = visitor.copy()
        out, status = await self._sign_out(visitor, page, answers[-1])
        ended: Told = "untold"
        if not out:
            gaps.append("no way to sign out was found; name it as logout under [web]")
        elif status >= 400:
            gaps.append(f"{out}: signing out answers {status}")
        elif self.private:
            ended = await self._opens(mine)
        return LoginFlow(
            login=without_secrets(entrance.url),
            by=entrance.by,
            before=tuple(sorted(before)),
            after=tuple(sorted({line.partition("=")[0] for line in lines} - {""})),
            kept=tuple(sorted(kept)),
            set_cookies=tuple(dict.fromkeys(lines)),
            private=without_secrets(self.private),
            old_id_inside=old,
            logout=out,
            logout_status=status,
            ended_id_inside=ended,
            gaps=tuple(gaps),
        )

    async def living_session(self) -> Secret:
        """A session for the other gatherers; the first one ended with its sign-out."""
        visitor = Visitor(self.net, self.home)
        entrance = await find_entrance(visitor, self.target.web.login, self.fallback)
        await self._sign_in(visitor, entrance)
        return Secret(next(iter(visitor.headers().values()), ""))

    async def _sign_in(self, visitor: Visitor, entrance: Entrance) -> list[Fetched]:
        """The answer to the filled form, and the pages it leads to on the same host."""
        content, kind = entrance.filled(self.user, self.password.reveal())
        answer = await visitor.post(entrance.url, content, kind)
        challenge = challenger(answer.hops)
        if answer.ended != "ok" or challenge:
            raise CouldNotTell("signing in was not answered" if not challenge else
                               "a bot challenge answered instead of the sign-in")  # fmt: skip
        if answer.status >= 400:
            raise CouldNotTell(f"signing in answers {answer.status}")
        if entrance.by == "json":
            visitor.take_token(answer.body)
        return [answer, *await visitor.led_on(answer)]

    async def _proof(self, visitor: Visitor, answers: list[Fetched]) -> str:
        """A page that only the signed-in see. Raises where nobody is signed in."""
        if not self.private:
            if not visitor.headers():
                raise CouldNotTell("signing in set no cookie and gave no token")
            return answers[-1].body
        self.nobody = await Visitor(self.net, self.home).get(self.private)
        if marked(self.nobody.body, self.target.web.markers):
            raise CouldNotTell("strangers open the private page as well")
        inside = await visitor.get(self.private)
        if not self._is_inside(inside):
            raise CouldNotTell(
                f"after signing in {without_secrets(self.private)} does not open"
                f" (it answers {inside.status}); check the account under {KEY}"
            )
        return inside.body

    async def _opens(self, visitor: Visitor) -> Told:
        answer = await visitor.get(self.private)
        if answer.ended != "ok" or answer.status == 429 or answer.status >= 500:
            return "untold"
        return "yes" if self._is_inside(answer) else "no"

    def _is_inside(self, answer: Fetched) -> bool:
        """Whether the private page came as its user gets it, and not as a stranger does."""
        if answer.ended != "ok" or answer.status != 200 or self.nobody is None:
            return False
        if marked(answer.body, self.target.web.markers) or self.nobody.status != 200:
            return True
        return bool(answer.body.strip()) and not same_page(answer.body, self.nobody.body)

    async def _sign_out(self, visitor: Visitor, page: str, last: Fetched) -> tuple[str, int]:
        """Where signing out leads, and what it answered; empty where no way was found."""
        here = self.private or last.url
        found = way_out(page, here) or way_out(last.body, last.url)
        told = self.target.web.logout
        if found and host_of(found.action) == self.home and (not told or found.action == told):
            answer = await _leave(visitor, found)
            return without_secrets(found.action), answer.status
        if not told:
            return "", 0
        answer = await _leave(visitor, FilledForm(told, "post"))
        if answer.status in (404, 405):
            answer = await _leave(visitor, FilledForm(told, "get"))
        return without_secrets(told), answer.status


async def _leave(visitor: Visitor, way: FilledForm) -> Fetched:
    if way.method == "post":
        return await visitor.post(way.action, way.content("", ""), FORM)
    return await visitor.get(way.action)


def _is_session(name: str) -> bool:
    return bool(_SESSION_NAME.search(name)) and not _OTHER_NAME.search(name)
