"""A real company's pages, judged from the domain alone: headers, cookies, content, errors."""

from __future__ import annotations

import launchready_tui.checks  # noqa: F401
from facts.company import DOMAIN, Company
from launchready_tui.catalogue import load
from launchready_tui.given import Target, Told
from launchready_tui.model import State
from launchready_tui.network import Scope
from launchready_tui.recheck import Question, look

ITEMS = ("site.headers", "site.cookies", "site.content", "site.errors", "access.previews")


async def test_all_is_judged_on_what_was_fetched_but_for_two_files(company: Company) -> None:
    question = Question(
        items=tuple(load().item(item) for item in ITEMS),
        target=Target(domain=DOMAIN),
        told=Told(),
        scope=Scope(hosts=company.scope, named=company.scope, by="Ana"),
        options=company.options,
    )
    answered = await look(question)
    found = {f"{f.code} {f.subject}" for o in answered.run.outcomes.values() for f in o.findings}
    app = f"app.{DOMAIN}"
    assert found == {
        f"hsts-weak {app}",
        f"csp-missing {app}",
        f"frame-unprotected {app}",
        f"nosniff-missing {app}",
        f"referrer-policy-missing {app}",
        f"permissions-policy-missing {app}",
        f"noindex-missing {app}",
        f"version-leak {app}",
        f"cookie-session-weak {app}",
        f"no-security-txt {DOMAIN}",
    }
    assert not [o for o in answered.run.outcomes.values() if o.state is State.ERROR]
    own = [request for request in answered.requests if request.fact == "WellKnown"]
    assert len(own) == 2
