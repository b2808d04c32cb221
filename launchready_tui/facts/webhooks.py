"""What the addresses that other services call answer: to a look, and to a call nobody signed."""

from __future__ import annotations

import asyncio

from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.page import read_page
from launchready_tui.facts.site import without_secrets
from launchready_tui.given import Permits, Target
from launchready_tui.model import Fact, Level, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched

UNSIGNED = "webhook-unsigned"
MOST = 10
BODY = 65_536


class Called(Record, frozen=True, kw_only=True):
    """One request and its answer. Status 0: no answer, for `cause`."""

    status: int = 0
    location: str = ""
    challenge: str = ""
    page: bool = False
    """A web page came, with a title or scripts: what people see, not what a service is told."""
    cause: str = ""


class Hook(Record, frozen=True, kw_only=True):
    """A listed webhook: a HEAD to it, and an empty POST without a signature where allowed."""

    url: str
    knock: Called
    unsigned: Called | None = None


class WebhookAnswers(Fact, frozen=True, kw_only=True):
    hooks: tuple[Hook, ...]
    tried: bool = False
    """A person allowed the unsigned calls."""


@fact
async def webhook_answers(net: Network, target: Target, permits: Permits) -> WebhookAnswers:
    tried = permits.allows(UNSIGNED)
    urls = target.web.webhooks[:MOST]
    with net.log.side_by_side():
        hooks = await asyncio.gather(*(_hook(net, url, tried=tried) for url in urls))
    return WebhookAnswers(hooks=tuple(hooks), tried=tried)


async def _hook(net: Network, url: str, *, tried: bool) -> Hook:
    knock = called(await net.fetch(url, method="HEAD", follow=False))
    unsigned = called(await _posted(net, url)) if tried else None
    return Hook(url=without_secrets(url), knock=knock, unsigned=unsigned)


async def _posted(net: Network, url: str) -> Fetched:
    return await net.fetch(
        url,
        method="POST",
        follow=False,
        headers={"content-type": "application/json"},
        content=b"{}",
        body_limit=BODY,
        level=Level.ACTIVE,
    )


def called(fetched: Fetched) -> Called:
    """An answer without its body, and without what its address may carry."""
    hop = fetched.last
    cut = fetched.ended != "ok" and 200 <= hop.status < 300
    if hop.outcome != "ok" or cut:  # whether it is a page shows in the body
        return Called(cause=without_secrets(hop.cause or fetched.cause or "no answer"))
    return Called(
        status=hop.status,
        location=without_secrets(hop.header("location")[:500]),
        challenge=challenged(hop),
        page=_is_page(hop.header("content-type"), fetched.body),
    )


def _is_page(kind: str, body: str) -> bool:
    if "html" not in kind.lower():
        return False
    page = read_page(body)
    return bool(page.title or page.scripts)
