"""Whether a GraphQL address tells strangers the whole shape of the API (introspection)."""

from __future__ import annotations

import asyncio
import re

from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Permits, Target
from launchready_tui.model import Fact, Level
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched

PROBE = "graphql-introspection"
PATHS = ("/graphql", "/api/graphql")
MOST = 6
QUESTION = b'{"query":"query{__schema{queryType{name}}}"}'
BODY = 4_096
_SCHEMA = re.compile(r'"__schema"\s{0,20}:\s{0,20}\{\s{0,20}"queryType"')


class Introspection(Fact, frozen=True, kw_only=True):
    """The addresses that were asked, and those of them that answered with their schema."""

    asked: tuple[str, ...]
    open: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


@fact
async def introspection(
    net: Network, web: WebHosts, target: Target, permits: Permits
) -> Introspection:
    """One small query for the schema, to the usual addresses and those that a person named."""
    permits.insist(PROBE)
    named = [url for url in target.web.api if "graphql" in url.lower()]
    hosts = dict.fromkeys([web.app, *map(host_of, target.web.api)])
    usual = [f"https://{host}{path}" for host in hosts if web.of(host) for path in PATHS]
    urls = list(dict.fromkeys([*named, *usual]))[:MOST]
    with net.log.side_by_side():
        answers = await asyncio.gather(*(_ask(net, url) for url in urls))
    pairs = list(zip(map(without_secrets, urls), answers, strict=True))
    return Introspection(
        asked=tuple(url for url, _ in pairs),
        open=tuple(url for url, answer in pairs if _tells(answer)),
        unanswered=tuple(
            f"{url}: {_why_not(answer)}"
            for url, answer in pairs
            if answer.ended != "ok" or challenged(answer.last)
        ),
    )


async def _ask(net: Network, url: str) -> Fetched:
    return await net.fetch(
        url,
        method="POST",
        follow=False,
        headers={"content-type": "application/json", "accept": "application/json"},
        content=QUESTION,
        body_limit=BODY,
        level=Level.ACTIVE,
    )


def _why_not(answer: Fetched) -> str:
    if challenged(answer.last):
        return "a bot challenge answered instead of the API"
    return answer.cause or answer.last.cause or answer.ended


def _tells(answer: Fetched) -> bool:
    return answer.ended == "ok" and answer.status == 200 and bool(_SCHEMA.search(answer.body))
