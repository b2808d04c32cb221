"""access.data-platform: strangers read nothing of what the browser talks to."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.js_world import FIREBASE, SUPABASE, data, database, rows, script, shipped
from cases.world import DOMAIN, TARGET
from launchready_tui.facts.data_platform import DataPlatform
from launchready_tui.given import Target, Web
from launchready_tui.model import Fact, Outcome, State


def facts(found: DataPlatform, target: Target = TARGET, *buckets: str) -> tuple[Fact, ...]:
    return (found, shipped(buckets=buckets), target)


FINE = data(rows=(rows("orders", 0, "refused"),))


def not_settled(outcome: Outcome) -> None:
    assert not outcome.proven


def names_the_permission(outcome: Outcome) -> None:
    assert "allow “supabase-rows”" in outcome.cause


def names_the_line(outcome: Outcome) -> None:
    assert f"add https://{SUPABASE} to urls" in outcome.cause


BARRED = f"not asked: add https://{SUPABASE} to urls in launchready.toml"

test_examples = examples(
    "access.data-platform",
    [
        Example(
            "tables refuse strangers, and others are not offered",
            facts(data(rows=(rows("orders", 0, "refused"), rows("old", 0, "absent")))),
            not_=("supabase-rls-disabled",),
            also=not_settled,
        ),
        Example(
            "a stranger counts the rows of a table",
            facts(data(rows=(rows("orders", 812), rows("people", 0, "refused")))),
            finds=(f"supabase-rls-disabled {SUPABASE}/orders",),
        ),
        Example(
            "files of a bucket are fetched without a key",
            facts(FINE, TARGET, "invoices"),
            finds=("storage-bucket-public storage bucket invoices",),
        ),
        Example(
            "pictures that everybody sees anyway",
            facts(FINE, TARGET, "avatars", "site-logos", "public"),
            not_=("storage-bucket-public",),
        ),
        Example(
            "a bucket that everybody is meant to read",
            facts(FINE, Target(domain=DOMAIN, web=Web(public_tables=("manuals",))), "manuals"),
            not_=("storage-bucket-public",),
        ),
        Example(
            "a table that everybody is meant to read",
            facts(
                data(rows=(rows("products", 40),)),
                Target(domain=DOMAIN, web=Web(public_tables=("products",))),
            ),
            not_=("supabase-rls-disabled",),
        ),
        Example(
            "no rows show: the table may be empty",
            facts(data(rows=(rows("orders", 0),))),
            not_=("supabase-rls-disabled",),
            state=State.UNKNOWN,
        ),
        Example(
            "nobody allowed to count",
            facts(data(untried=("supabase-rows",))),
            not_=("supabase-rls-disabled",),
            state=State.UNKNOWN,
            also=names_the_permission,
        ),
        Example(
            "the project is outside of what was authorised",
            facts(data(rows=(rows("orders", 0, "unknown", BARRED),))),
            state=State.UNKNOWN,
            also=names_the_line,
        ),
        Example(
            "the code names no table",
            facts(data()),
            state=State.UNKNOWN,
        ),
        Example(
            "an open Firebase database",
            facts(data(projects=(f"firebase {FIREBASE}",), databases=(database("open", 7),))),
            finds=(f"firebase-open-rules {FIREBASE}",),
        ),
        Example(
            "a Firebase database that refuses, and one that is not there",
            facts(data(databases=(database("closed"), database("absent")))),
            not_=("firebase-open-rules",),
        ),
        Example(
            "a Firebase database that answers and is empty",
            facts(data(databases=(database("empty"),))),
            not_=("firebase-open-rules",),
            state=State.UNKNOWN,
        ),
        Example(
            "no data platform shows", facts(DataPlatform(projects=())), state=State.NOT_APPLICABLE
        ),
        Example(
            "none shows in what was read, and not all was",
            (DataPlatform(projects=()), shipped(script(), left_out=9), TARGET),
            state=State.UNKNOWN,
        ),
    ],
)
