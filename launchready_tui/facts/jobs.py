"""Scheduled jobs that the host calls by an address: which the repository names, and whether a
stranger's call is refused there.

The call is not a look: an unguarded job runs, for a HEAD too (frameworks serve it with the GET).
So it wants a person's leave.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from launchready_tui.engine import fact
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import Walk, root_of, text_of
from launchready_tui.facts.web import WebHosts
from launchready_tui.facts.webhooks import Called, called
from launchready_tui.given import Permits, Target
from launchready_tui.model import CouldNotTell, Fact, Level, Record
from launchready_tui.network import Network
from launchready_tui.text import safe

PROBE = "cron-call"
MOST = 10
MOST_DEPTH = 3


class Job(Record, frozen=True, kw_only=True):
    """A path that the host calls on a schedule.

    `slash`: the file's own rule about final slashes redirects this very path.
    """

    path: str
    where: str
    slash: bool = False


class ScheduledJobs(Fact, frozen=True, kw_only=True):
    jobs: tuple[Job, ...]
    missed: tuple[str, ...] = ()


class JobAnswers(Fact, frozen=True, kw_only=True):
    """What each path answers to a call without the secret; `host` is where it was called."""

    host: str
    answers: tuple[tuple[str, Called], ...]

    def of(self, path: str) -> Called | None:
        return next((answer for known, answer in self.answers if known == path), None)


@fact(limit=35.0)
async def scheduled_jobs(target: Target) -> ScheduledJobs:
    return await aside(functools.partial(look, root_of(target)))


@fact
async def job_answers(
    net: Network, jobs: ScheduledJobs, web: WebHosts, permits: Permits
) -> JobAnswers:
    permits.insist(PROBE)
    if not web.app:
        raise CouldNotTell("no host of the app was seen, so there is nowhere to call")
    return await called_at(net, f"https://{web.app}", jobs)


async def called_at(net: Network, root: str, jobs: ScheduledJobs) -> JobAnswers:
    """Call each path once, one after the other."""
    paths = list(dict.fromkeys(job.path for job in jobs.jobs))[:MOST]
    answers = []
    for path in paths:
        fetched = await net.fetch(f"{root}{path}", method="HEAD", follow=False, level=Level.ACTIVE)
        answers.append((path, called(fetched)))
    return JobAnswers(host=root.partition("://")[2], answers=tuple(answers))


def look(root: Path) -> ScheduledJobs:
    walk = Walk(root)
    jobs: list[Job] = []
    for file in walk:
        if file.name == "vercel.json" and file.path.count("/") <= MOST_DEPTH:
            jobs += jobs_in(text_of(walk.read(file) or b""), file.shown)
    return ScheduledJobs(jobs=tuple(jobs[:MOST]), missed=walk.missed)


def jobs_in(text: str, where: str) -> list[Job]:
    """The jobs of a vercel.json. A broken file is repo.host-config's to tell."""
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return []
    crons = data.get("crons") if isinstance(data, dict) else None
    if not isinstance(crons, list):
        return []
    paths = [entry.get("path") for entry in crons[:100] if isinstance(entry, dict)]
    return [
        Job(
            path=safe(path, one_line=True, limit=300),
            where=where,
            slash=_redirected(path, data.get("trailingSlash")),
        )
        for path in paths
        if isinstance(path, str) and path.startswith("/") and not path.startswith("//")
    ]


def _redirected(path: str, rule: object) -> bool:
    """Whether `trailingSlash` sends this path elsewhere; paths that look like files are left."""
    bare = path.partition("?")[0]
    if rule is True:
        return not bare.endswith("/") and "." not in bare.rpartition("/")[2]
    return rule is False and len(bare) > 1 and bare.endswith("/")
