"""What the listed API addresses answer to a plain read: whether they answer, and their limits."""

from __future__ import annotations

from launchready_tui.engine import fact
from launchready_tui.facts.private import AnonymousPage, AnonymousPages
from launchready_tui.facts.site import without_secrets
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network.seen import Hop


class ApiAnswer(Record, frozen=True, kw_only=True):
    """One address by itself: where it leads is not looked at. Status 0: no answer, for `cause`;
    `challenge` is whose bot rule answered. `hop` has the headers that are judged."""

    url: str
    status: int = 0
    challenge: str = ""
    announced: tuple[str, ...] = ()
    hop: Hop | None = None
    cause: str = ""


class ApiAnswers(Fact, frozen=True, kw_only=True):
    answers: tuple[ApiAnswer, ...]


@fact
async def api_answers(pages: AnonymousPages, target: Target) -> ApiAnswers:
    """Nothing is sent: a stranger's reads of all named addresses tell of the API's too."""
    named = {without_secrets(url) for url in target.web.api}
    return ApiAnswers(answers=tuple(_answer(page) for page in pages.pages if page.url in named))


def _answer(page: AnonymousPage) -> ApiAnswer:
    hop = page.first
    sent_on = hop is not None and 300 <= hop.status < 400
    answered = hop is not None and hop.outcome == "ok" and (sent_on or page.ended == "ok")
    return ApiAnswer(
        url=page.url,
        status=hop.status if hop else 0,
        challenge=page.first_challenge,
        announced=page.announced,
        hop=hop if answered else None,
        cause="" if answered else page.cause,
    )
