"""cache.public: files and public pages may be kept as long as they should, and no longer."""

from __future__ import annotations

from cases.cache_world import FRONT, SCRIPT, caching, head, static
from cases.examples import Example, examples
from cases.world import DOMAIN
from launchready_tui.facts.caching import PublicCaching
from launchready_tui.model import Outcome, State

PLAIN = f"https://app.{DOMAIN}/app.js"
DAYS = "public, max-age=604800"


def says_for_a_person(outcome: Outcome) -> None:
    assert not outcome.proven


def names_the_edge(outcome: Outcome) -> None:
    assert "the edge may show it for 7 days" in outcome.findings[0].observed


def tells_a_hit(outcome: Outcome) -> None:
    assert any("cf-cache-status: HIT" in line.value for line in outcome.seen)


test_examples = examples(
    "cache.public",
    [
        Example(
            "files for a year, compressed, and a page that asks each time",
            (caching(),),
            not_=("static-not-immutable", "no-compression", "page-cached-long"),
            also=says_for_a_person,
        ),
        Example("a hit is told", (caching(),), also=tells_a_hit),
        Example(
            "a hashed file is kept for minutes",
            (caching(static(head=head(cache_control="public, max-age=600"))),),
            finds=(f"static-not-immutable {SCRIPT}",),
        ),
        Example(
            "a hashed file says nothing of caches",
            (caching(static(head=head())),),
            finds=(f"static-not-immutable {SCRIPT}",),
        ),
        Example(
            "a hashed file is kept for a year without the word immutable",
            (caching(static(head=head(cache_control="max-age=31536000"))),),
            not_=("static-not-immutable",),
        ),
        Example(
            "a file whose name stays is asked for each time",
            (caching(static(PLAIN, hashed=False, head=head(cache_control="no-cache"))),),
            not_=("static-not-immutable",),
        ),
        Example(
            "a large script comes as it is",
            (caching(static(encoding="")),),
            finds=(f"no-compression {SCRIPT}",),
        ),
        Example(
            "a script below a kilobyte comes as it is",
            (caching(static(encoding="", large=False)),),
            not_=("no-compression",),
        ),
        Example(
            "what is no text comes as it is",
            (caching(static(encoding="", text=False)),),
            not_=("no-compression",),
        ),
        Example(
            "a script has a copy for each cookie",
            (caching(static(head=head(cache_control="max-age=31536000", vary="Cookie, Origin"))),),
            finds=(f"vary-splits-cache {SCRIPT}",),
        ),
        Example(
            "a script has a copy for each request",
            (caching(static(head=head(cache_control="max-age=31536000", vary="*"))),),
            finds=(f"vary-splits-cache {SCRIPT}",),
        ),
        Example(
            "a script has a copy for each way of compressing it",
            (caching(static(head=head(cache_control="max-age=31536000", vary="Accept-Encoding"))),),
            not_=("vary-splits-cache",),
        ),
        Example(
            "browsers show the page for a week",
            (caching(page_head=head(cache_control=DAYS)),),
            finds=(f"page-cached-long {FRONT}",),
        ),
        Example(
            "the edge keeps the page for a week",
            (caching(page_head=head(cache_control="s-maxage=604800", cf_cache_status="HIT")),),
            finds=(f"page-cached-long {FRONT}",),
            also=names_the_edge,
        ),
        Example(
            "no edge heeds what a page allows it",
            (caching(page_head=head(cache_control="s-maxage=604800", cf_cache_status="DYNAMIC")),),
            not_=("page-cached-long",),
        ),
        Example(
            "a platform empties its own cache at each deployment",
            (
                caching(
                    page_head=head(cache_control="s-maxage=604800", x_vercel_cache="HIT"),
                    managed=True,
                ),
            ),
            not_=("page-cached-long",),
        ),
        Example(
            "the page is kept for five minutes",
            (caching(page_head=head(cache_control="public, max-age=300")),),
            not_=("page-cached-long",),
        ),
        Example(
            "strangers get no page, so none is kept",
            (caching(page="", page_head=head(cache_control=DAYS)),),
            not_=("page-cached-long",),
        ),
        Example(
            "a file that is not there says nothing",
            (caching(static(status=404, head=head(), encoding="")),),
            not_=("static-not-immutable", "no-compression"),
        ),
        Example(
            "a file did not come in time",
            (caching(static(cause="no answer within 8 s")),),
            state=State.UNKNOWN,
        ),
        Example(
            "a challenge answers instead of the app",
            (PublicCaching(host="app.acme.test", cause="app.acme.test: a bot challenge"),),
            state=State.UNKNOWN,
        ),
    ],
)
