"""redirects.old-urls: each old address arrives at its page, for ever, soon and whole."""

from __future__ import annotations

import itertools
from typing import Any

from cases.examples import Example, examples
from cases.world import DOMAIN
from launchready_tui.checks.redirects import MOST_FINDINGS
from launchready_tui.facts.redirect_map import MapEntry
from launchready_tui.facts.redirects import Arrival, OldUrls, Step
from launchready_tui.model import Outcome, State

OLD = f"https://{DOMAIN}/old"
NEW = f"https://{DOMAIN}/new"
LOGIN = f"https://{DOMAIN}/login?next=%2Fnew"
AD = f"{OLD}?utm_source=mail&gclid=x1"


def arrival(
    *urls: str,
    expected: str = NEW,
    statuses: tuple[int, ...] = (),
    end: int = 200,
    ended: Any = "ok",
    cause: str = "",
    sample: bool = False,
    absent: bool = False,
    **last: Any,
) -> Arrival:
    """An address followed along these; 301 where `statuses` says nothing else."""
    redirects = itertools.chain(statuses, itertools.repeat(301))
    steps = [
        Step(url=url, status=status) for url, status in zip(urls[:-1], redirects, strict=False)
    ]
    status = end if ended == "ok" else 0
    outcome = ended if ended not in ("loop", "long") else "ok"
    final = Step(url=urls[-1], **{"status": status, "outcome": outcome, **last})
    return Arrival(
        entry=MapEntry(old=urls[0], expected=expected),
        steps=(*steps, final),
        ended=ended,
        cause=cause,
        sample=sample,
        absent=absent,
    )


def followed(*arrivals: Arrival) -> tuple[OldUrls]:
    return (OldUrls(name="old-urls.csv", home=DOMAIN, arrivals=arrivals),)


def is_bounded(outcome: Outcome) -> None:
    assert len(outcome.findings) == MOST_FINDINGS
    assert outcome.summary.startswith("201 of 201 old addresses")


MANY = tuple(arrival(f"{OLD}/{n}", end=404) for n in range(201))

test_examples = examples(
    "redirects.old-urls",
    [
        Example(
            "it leads to its page for ever",
            followed(arrival(OLD, NEW)),
            not_=("old-url-broken", "old-url-temporary", "old-url-loop"),
        ),
        Example("without a list a person answers", (OldUrls(),), state=State.UNKNOWN),
        Example("404", followed(arrival(OLD, end=404)), finds=(f"old-url-broken {OLD}",)),
        Example(
            "its redirect ends in an error",
            followed(arrival(OLD, NEW, end=500)),
            finds=(f"old-url-broken {OLD}",),
        ),
        Example(
            "it ends at another page",
            followed(arrival(OLD, f"https://{DOMAIN}/")),
            finds=(f"old-url-broken {OLD}",),
        ),
        Example(
            "it still serves the old page",
            followed(arrival(OLD)),
            finds=(f"old-url-broken {OLD}",),
        ),
        Example(
            "its host is gone from DNS",
            followed(arrival(OLD, ended="unknown", absent=True, cause="does not exist in DNS")),
            finds=(f"old-url-broken {OLD}",),
        ),
        Example(
            "its certificate is not trusted",
            followed(arrival(OLD, ended="tls", cause="the certificate is not trusted: expired")),
            finds=(f"old-url-broken {OLD}",),
        ),
        Example(
            "nothing listens",
            followed(arrival(OLD, ended="refused", cause="nothing listens")),
            finds=(f"old-url-broken {OLD}",),
        ),
        Example(
            "a retired page says gone as the list expects",
            followed(arrival(OLD, expected="gone", end=410)),
            not_=("old-url-broken",),
        ),
        Example(
            "a retired page is still there",
            followed(arrival(OLD, expected="gone")),
            finds=(f"old-url-broken {OLD}",),
        ),
        Example(
            "the page behind a sign-in sends strangers there for now",
            followed(arrival(OLD, NEW, LOGIN, statuses=(301, 302))),
            not_=("old-url-temporary", "old-url-broken"),
        ),
        Example(
            "the sign-in is another company's, which is not followed",
            followed(
                arrival(OLD, NEW, "https://id.example/", statuses=(301, 302), ended="blocked")
            ),
            not_=("old-url-broken",),
        ),
        Example(
            "a sign-in stands before the target: nobody can tell from outside",
            followed(arrival(OLD, LOGIN, statuses=(302,))),
            not_=("old-url-broken", "old-url-temporary"),
            state=State.UNKNOWN,
        ),
        Example(
            "the final slash is added on arrival",
            followed(arrival(OLD, NEW, f"{NEW}/")),
            not_=("old-url-broken", "old-url-long"),
        ),
        Example(
            "the slash is all that differs",
            followed(arrival(OLD, f"{NEW}/")),
            not_=("old-url-broken",),
        ),
        Example(
            "http leads to https first, then to the page, then adds a slash",
            followed(arrival(f"http://{DOMAIN}/old", OLD, NEW, f"{NEW}/")),
            not_=("old-url-long", "old-url-temporary"),
        ),
        Example(
            "three redirects until it arrives",
            followed(arrival(f"http://www.{DOMAIN}/old", f"https://www.{DOMAIN}/old", OLD, NEW)),
            finds=(f"old-url-long http://www.{DOMAIN}/old",),
        ),
        Example(
            "a step back to http",
            followed(arrival(OLD, f"http://{DOMAIN}/x", NEW)),
            finds=(f"old-url-long {OLD}",),
        ),
        Example(
            "302 where it is for ever",
            followed(arrival(OLD, NEW, statuses=(302,))),
            finds=(f"old-url-temporary {OLD}",),
        ),
        Example(
            "308 is for ever",
            followed(arrival(OLD, NEW, statuses=(308,))),
            not_=("old-url-temporary",),
        ),
        Example(
            "a circle",
            followed(arrival(OLD, NEW, ended="loop", cause="it leads back")),
            finds=(f"old-url-loop {OLD}",),
        ),
        Example(
            "a circle that waits for a cookie",
            followed(arrival(OLD, NEW, ended="loop", sets_cookie=True)),
            not_=("old-url-loop",),
            state=State.UNKNOWN,
        ),
        Example(
            "campaign marks are dropped",
            followed(arrival(AD, NEW)),
            finds=(f"old-url-loses-path {AD}",),
        ),
        Example(
            "campaign marks arrive, in another order",
            followed(arrival(AD, f"{NEW}?gclid=x1&utm_source=mail&lang=en")),
            not_=("old-url-loses-path",),
        ),
        Example(
            "an id that the new address does not need",
            followed(arrival(f"{OLD}?id=7", NEW)),
            not_=("old-url-loses-path",),
        ),
        Example(
            "the sample with a mark of ours loses it",
            followed(arrival(OLD, NEW), arrival(f"{OLD}?utm_source=launchready", NEW, sample=True)),
            finds=(f"old-url-loses-path {OLD}?utm_source=launchready",),
        ),
        Example(
            "the sample is of an address that fails by itself",
            followed(arrival(OLD, NEW), arrival(f"{OLD}?utm_source=x", end=404, sample=True)),
            not_=("old-url-broken",),
        ),
        Example(
            "a list without targets: the page works",
            followed(arrival(OLD, expected="")),
            not_=("old-url-broken",),
        ),
        Example(
            "a list without targets: it ends at the front page",
            followed(arrival(OLD, f"https://{DOMAIN}/", expected="")),
            finds=(f"old-url-loses-path {OLD}",),
        ),
        Example(
            "a list without targets: the old front page leads to the new one",
            followed(arrival("https://old.example/", f"https://{DOMAIN}/", expected="")),
            not_=("old-url-loses-path", "old-url-broken"),
        ),
        Example(
            "a list without targets: it ends at somebody else's",
            followed(arrival(OLD, "https://old.example/x", expected="")),
            finds=(f"old-url-broken {OLD}",),
        ),
        Example(
            "the way leaves what was named",
            followed(arrival(OLD, "https://cdn.example/", ended="blocked", cause="not in scope")),
            not_=("old-url-broken",),
            state=State.UNKNOWN,
        ),
        Example(
            "no answer in time",
            followed(arrival(OLD, ended="unknown", cause="no answer")),
            state=State.UNKNOWN,
        ),
        Example(
            "a bot challenge",
            followed(arrival(OLD, end=403, challenge=True)),
            not_=("old-url-broken",),
            state=State.UNKNOWN,
        ),
        Example(
            "a list that is wrong as a whole is told by a count",
            followed(*MANY),
            finds=tuple(f"old-url-broken {OLD}/{n}" for n in range(MOST_FINDINGS)),
            also=is_bounded,
        ),
    ],
)
