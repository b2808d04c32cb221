"""Builders of what the webhooks and jobs of acme.test answer: in order, unless an example says."""

from __future__ import annotations

from typing import Any

from cases.world import DOMAIN, hop, visit
from launchready_tui.facts.jobs import Job, JobAnswers, ScheduledJobs
from launchready_tui.facts.web import WebHost
from launchready_tui.facts.webhooks import Called, Hook, WebhookAnswers
from launchready_tui.given import Target, Web

APP = f"app.{DOMAIN}"
PAY = f"https://{APP}/webhooks/pay"
LISTED = Target(domain=DOMAIN, web=Web(webhooks=(PAY,)))
HAS_THEM = Target(domain=DOMAIN, traits={"webhooks": True})
NO_WEBHOOKS = WebhookAnswers(hooks=())


def knocked(status: int = 405, location: str = "", **changes: Any) -> Called:
    """What one call met; a look at an address for POST usually meets 405."""
    return Called(status=status, location=location, **changes)


def hooks(
    knock: Called | None = None, unsigned: Called | None = None, url: str = PAY
) -> WebhookAnswers:
    """One listed webhook; `unsigned` is there when somebody allowed it."""
    hook = Hook(url=url, knock=knock or knocked(), unsigned=unsigned)
    return WebhookAnswers(hooks=(hook,), tried=unsigned is not None)


def challenging(host: str = APP, vendor_header: str = "cf_mitigated", status: int = 403) -> WebHost:
    """A host whose front page is a bot challenge."""
    front = visit(hop(f"https://{host}/", status, **{vendor_header: "challenge"}))
    return WebHost(host=host, front=front, cause="a bot challenge answered instead of the site")


def forbidden(host: str = APP) -> WebHost:
    """A host that refuses our country or address, without a challenge."""
    return WebHost(host=host, front=visit(hop(f"https://{host}/", 403)))


DAILY = "/api/cron/daily"


def jobs(*, slash: bool = False, missed: tuple[str, ...] = ()) -> ScheduledJobs:
    job = Job(path=DAILY, where="vercel.json", slash=slash)
    return ScheduledJobs(jobs=(job,), missed=missed)


def answered(status: int = 401, location: str = "", **changes: Any) -> JobAnswers:
    call = Called(status=status, location=location, **changes)
    return JobAnswers(host=APP, answers=((DAILY, call),))
