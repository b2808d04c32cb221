"""What the listed API addresses answer to a plain read: whether they answer, and their limits."""

from __future__ import annotations

import asyncio

from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.site import without_secrets
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Hop

MOST = 4


class ApiAnswer(Record, frozen=True, kw_only=True):
    """One address. Status 0: no answer, for `cause`; `challenge` is whose bot rule answered."""

    url: str
    status: int = 0
    challenge: str = ""
    announced: tuple[str, ...] = ()
    cause: str = ""


class ApiAnswers(Fact, frozen=True, kw_only=True):
    answers: tuple[ApiAnswer, ...]


@fact
async def api_answers(net: Network, target: Target) -> ApiAnswers:
    with net.log.side_by_side():
        found = await asyncio.gather(*(_asked(net, url) for url in target.web.api[:MOST]))
    return ApiAnswers(answers=tuple(found))


async def _asked(net: Network, url: str) -> ApiAnswer:
    fetched = await net.fetch(url, follow=False, body_limit=0)
    hop = fetched.last
    return ApiAnswer(
        url=without_secrets(url),
        status=hop.status,
        challenge=challenged(hop),
        announced=announced(hop),
        cause=without_secrets(hop.cause or fetched.cause) if hop.outcome != "ok" else "",
    )


def announced(hop: Hop) -> tuple[str, ...]:
    """The headers that tell of a rate limit; with the value where that is the limit itself.

    What is left of it, and until when, changes with each look and is left out.
    """
    return tuple(
        sorted(
            {
                f"{name}: {value[:60]}" if name.endswith(("-limit", "-policy")) else name
                for name, value in hop.headers
                if name == "retry-after" or name.startswith(_PREFIXES) or name == "ratelimit"
            }
        )
    )


_PREFIXES = ("ratelimit-", "x-ratelimit-", "x-rate-limit-")
