"""cache.private: nothing of one user's pages reaches another through a cache."""

from __future__ import annotations

from cases.cache_world import (
    AWAY,
    FRONT,
    NAMED,
    ORDERS,
    caching,
    got,
    head,
    mine,
    page,
    pages,
    tricks,
)
from cases.cloudflare_world import account, cached
from cases.examples import Example, examples
from cases.world import DOMAIN, TARGET
from launchready_tui.facts.deception import DeceivedPage, Deceptions
from launchready_tui.facts.private_pages import PrivatePage, Reading
from launchready_tui.model import Confidence, Outcome, Severity, State

CACHED, OPEN = (f"private-page-cached {ORDERS}",), (f"private-cacheable {ORDERS}",)
UNSAID = (f"private-no-cache-control {ORDERS}",)
NOTHING = {"server": "nginx"}
SIGN_IN = got(cf_cache_status="HIT")
SHELL = got(cache_control="public, max-age=300", cf_cache_status="HIT")
HOST = f"app.{DOMAIN}"
NO_SESSION = 'not http.cookie contains "session"'
EVERYTHING = caching(page_head=head(cf_cache_status="HIT"))


def proven(outcome: Outcome) -> None:
    assert outcome.proven


def unproven(outcome: Outcome) -> None:
    assert not outcome.proven


def only_likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


def certain(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED


def is_low(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.LOW


def is_medium(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.MEDIUM


def as_declared(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is None


test_examples = examples(
    "cache.private",
    [
        Example(
            "the user's own pages come to nobody else",
            (NAMED, pages()),
            not_=("private-page-cached", "private-cacheable", "private-no-cache-control"),
            also=proven,
        ),
        Example(
            "a stranger gets the user's data from the address the user had opened",
            (NAMED, pages(page(stranger=mine(cf_cache_status="HIT"), control=AWAY, alike=True))),
            finds=CACHED,
            also=certain,
        ),
        Example(
            "the cache says nothing of itself, and the data tells it",
            (NAMED, pages(page(stranger=mine(), control=AWAY, alike=True))),
            finds=CACHED,
            also=certain,
        ),
        Example(
            "a copy lies at the bare address",
            (NAMED, pages(page(bare=mine(age="40"), control=AWAY))),
            finds=CACHED,
        ),
        Example(
            "somebody else's copy lies at the bare address",
            (NAMED, pages(page(bare=got(cf_cache_status="HIT")))),
            finds=CACHED,
        ),
        Example(
            "an answer broke off on the way",
            (NAMED, pages(page(stranger=Reading(cause="it answers 503")))),
            not_=("private-page-cached",),
            state=State.UNKNOWN,
        ),
        Example(
            "a cache that overlooks queries hands out the data at any address",
            (NAMED, pages(page(bare=mine(x_cache="HIT"), control=mine(x_cache="HIT")))),
            finds=CACHED,
        ),
        Example(
            "the user's page came out of a shared cache",
            (NAMED, pages(page(second=mine(cf_cache_status="HIT")))),
            finds=CACHED,
            also=certain,
        ),
        Example(
            "without a word of the user a hit is likely the user's page",
            (NAMED, pages(page(user=got(), second=got(cf_cache_status="HIT")), marks=False)),
            finds=CACHED,
            also=only_likely,
        ),
        Example(
            "strangers are refused, but not where the user has just been",
            (
                NAMED,
                pages(page(user=got(), stranger=got(), control=AWAY, alike=True), marks=False),
            ),
            finds=CACHED,
        ),
        Example(
            "a shell without user data is kept, and may be",
            (NAMED, pages(page(user=SHELL, bare=SHELL, stranger=SHELL, control=None, alike=True))),
            not_=("private-page-cached", "private-cacheable"),
            also=unproven,
        ),
        Example(
            "the sign-in page that strangers get comes out of a cache",
            (NAMED, pages(page(bare=SIGN_IN, stranger=SIGN_IN, again=SIGN_IN))),
            not_=("private-page-cached",),
        ),
        Example(
            "strangers get the data anyway: another check tells it",
            (NAMED, pages(page(bare=mine(), stranger=mine(), control=mine(), alike=True))),
            not_=("private-page-cached",),
            state=State.UNKNOWN,
        ),
        Example(
            "the page says public",
            (NAMED, pages(page(user=mine(cache_control="public, max-age=60")))),
            finds=OPEN,
            also=as_declared,
        ),
        Example(
            "the page is for shared caches",
            (NAMED, pages(page(user=mine(cache_control="s-maxage=60")))),
            finds=OPEN,
        ),
        Example(
            "the page is private, but not for the edge",
            (
                NAMED,
                pages(page(user=mine(cache_control="private", cdn_cache_control="max-age=60"))),
            ),
            finds=OPEN,
        ),
        Example(
            "the page may be kept because nobody said private",
            (NAMED, pages(page(user=mine(cache_control="max-age=60")))),
            finds=OPEN,
            also=is_medium,
        ),
        Example(
            "the user's browser may keep the page",
            (NAMED, pages(page(user=mine(cache_control="private, max-age=60")))),
            not_=("private-cacheable", "private-no-cache-control"),
        ),
        Example(
            "the page says nothing, and the edge keeps everything",
            (NAMED, pages(page(user=mine(**NOTHING))), EVERYTHING),
            finds=UNSAID,
            also=as_declared,
        ),
        Example(
            "the page says nothing, and Cloudflare would keep it",
            (NAMED, pages(page(user=mine(cf_cache_status="MISS")))),
            finds=UNSAID,
            also=as_declared,
        ),
        Example(
            "the page says nothing, and Cloudflare passes it on",
            (NAMED, pages(page(user=mine(cf_cache_status="DYNAMIC")))),
            finds=UNSAID,
            also=is_low,
        ),
        Example(
            "the page says nothing, and a rule at the edge keeps it, as the account shows",
            (NAMED, pages(page(user=mine(**NOTHING))), account(cached(f'http.host eq "{HOST}"'))),
            finds=UNSAID,
            also=as_declared,
        ),
        Example(
            "the page says nothing, and the rule at the edge leaves signed-in people out",
            (NAMED, pages(page(user=mine(**NOTHING))), account(cached(NO_SESSION))),
            finds=UNSAID,
            also=is_low,
        ),
        Example(
            "a shell says nothing, and holds nothing",
            (NAMED, pages(page(user=got(**NOTHING), stranger=got(**NOTHING), alike=True))),
            not_=("private-no-cache-control",),
        ),
        Example(
            "a disguised page is kept for strangers",
            (NAMED, pages(), tricks("stored", "served", "clean")),
            finds=(f"cache-deception {ORDERS}",),
        ),
        Example(
            "a disguised page is served, and kept by nobody",
            (NAMED, pages(), tricks("clean", "served", "served")),
            finds=(f"cache-deception-possible {ORDERS}",),
        ),
        Example(
            "an address that looks like a file is not there",
            (NAMED, pages(), tricks()),
            not_=("cache-deception", "cache-deception-possible"),
            also=proven,
        ),
        Example(
            "a disguise is told by likeness alone",
            (NAMED, pages(), tricks("stored", "clean", "clean", by_marker=False)),
            finds=(f"cache-deception {ORDERS}",),
            also=only_likely,
        ),
        Example(
            "the disguises could not be tried",
            (NAMED, pages(), Deceptions(pages=(DeceivedPage(url=ORDERS, cause="no answer"),))),
            state=State.UNKNOWN,
        ),
        Example("no page is named", (TARGET, pages()), state=State.UNKNOWN),
        Example("there is no session", (NAMED,), state=State.UNKNOWN),
        Example(
            "the session has ended",
            (NAMED, pages(PrivatePage(url=ORDERS, cause=f"{ORDERS}: answers 401"))),
            state=State.UNKNOWN,
        ),
        Example(
            "there are more pages than were read",
            (NAMED, pages(left_out=(FRONT,))),
            state=State.UNKNOWN,
        ),
    ],
)
