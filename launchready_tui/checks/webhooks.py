"""Whether calls from machines arrive and strangers' calls are refused: webhooks and jobs."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from launchready_tui.engine import check
from launchready_tui.facts.api import ApiAnswers
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.jobs import JobAnswers, ScheduledJobs
from launchready_tui.facts.web import WebHosts
from launchready_tui.facts.webhooks import UNSIGNED, Called, Hook, WebhookAnswers
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import judged, not_applicable
from launchready_tui.text import plural


@check("webhooks.reachable")
def reachable(
    hooks: WebhookAnswers, api: ApiAnswers | Unknown, web: WebHosts | Unknown, target: Target
) -> Outcome:
    """Each listed address answers by itself, unhindered, and refuses what nobody signed."""
    findings: list[Finding] = []
    gaps: list[str] = []
    for hook in hooks.hooks:
        found = _judged(hook)
        findings += [found] if found else []
        gap = "" if found else _gap(hook)
        gaps += [f"{hook.url}: {gap}"] if gap else []
    findings += _held_apis(api)
    findings += _warnings(hooks, web, target)
    if not hooks.hooks:
        gaps.append("no webhook is known; list them under [web] webhooks in launchready.toml")
    return judged(
        tuple(findings),
        clean=f"{plural(len(hooks.hooks), 'webhook')} answered at the address itself",
        seen=tuple(_seen(hooks)),
        gaps=tuple(gaps),
    )


def _judged(hook: Hook) -> Finding | None:
    """The one thing that is wrong with a webhook. What a POST met counts more than a look."""
    answers = [call for call in (hook.unsigned, hook.knock) if call and call.status]
    if not answers:
        return None
    answer = answers[0]
    if vendor := answer.challenge:
        return _challenge(hook.url, vendor)
    if 300 <= answer.status < 400:
        sure = answer is hook.unsigned or _same_place(hook.url, answer.location)
        return Finding(
            code="webhook-wrong-secret-or-redirected",
            subject=hook.url,
            observed=f"it answers {answer.status} and leads to {answer.location or 'nowhere'}",
            params={"to": _target(hook.url, answer.location)},
            confidence=Confidence.CONFIRMED if sure else Confidence.LIKELY,
        )
    if answer is hook.unsigned and 200 <= answer.status < 300 and not answer.page:
        return Finding(
            code="webhook-fails-open",
            probe="webhook-unsigned",
            subject=hook.url,
            observed=f"an empty call without a signature was answered {answer.status}",
        )
    return None


def _challenge(url: str, vendor: str) -> Finding:
    return Finding(
        code="cf-challenge-on-api",
        subject=url,
        observed=f"a bot challenge of {vendor} answered instead of the app",
        params={"vendor": vendor},
    )


def _held_apis(api: ApiAnswers | Unknown) -> list[Finding]:
    answers = api.answers if isinstance(api, ApiAnswers) else ()
    return [_challenge(answer.url, answer.challenge) for answer in answers if answer.challenge]


def _warnings(hooks: WebhookAnswers, web: WebHosts | Unknown, target: Target) -> list[Finding]:
    """Pages that challenge us, where nothing shows that the webhooks beside them are spared."""
    silent = {host_of(h.url) for h in hooks.hooks if not (h.knock.status or h.unsigned)}
    unlisted = not hooks.hooks and target.traits.get("webhooks") is True
    return [
        Finding(
            code="bot-rules-block-webhooks",
            subject=host.host,
            observed=f"its pages are behind a bot challenge of {host.front.challenger}",
            params={"vendor": host.front.challenger},
            confidence=Confidence.LIKELY,
        )
        for host in (web.hosts if isinstance(web, WebHosts) else ())
        if host.front.challenged and (unlisted or host.host in silent)
    ]


def _gap(hook: Hook) -> str:
    """Why a webhook without a finding still is not known to work."""
    answer = hook.unsigned or hook.knock
    if not answer.status:
        return answer.cause or "no answer"
    if answer is not hook.unsigned:
        return ""
    if answer.page and answer.status < 300:
        return "it answers a call with a web page, so nothing takes webhooks there"
    if answer.status in (404, 405, 410):
        return f"nothing takes a POST there ({answer.status})"
    if answer.status >= 500:
        return f"it neither takes nor refuses an unsigned call, it fails ({answer.status})"
    return ""


def _same_place(url: str, location: str) -> bool:
    """A move between http and https, with and without www or the final slash."""
    try:
        one, other = urlsplit(url), urlsplit(_target(url, location))
    except ValueError:
        return False
    return one.path.rstrip("/") == other.path.rstrip("/")


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _seen(hooks: WebhookAnswers) -> list[Seen]:
    seen = []
    for hook in hooks.hooks:
        seen.append(Seen(label=hook.url, value=_told(hook.knock), source="HEAD"))
        if hook.unsigned is not None:
            seen.append(Seen(label=hook.url, value=_told(hook.unsigned), source="unsigned POST"))
    if hooks.hooks and not hooks.tried:
        value = f"not tried: allow “{UNSIGNED}” for one run"
        seen.append(Seen(label="a call without a signature", value=value))
    return seen


def _told(call: Called) -> str:
    if not call.status:
        return call.cause or "no answer"
    page = ", a web page" if call.page else ""
    challenge = f", challenge by {call.challenge}" if call.challenge else ""
    return f"{call.status}{f' → {call.location}' if call.location else ''}{page}{challenge}"


@check("jobs.alive")
def alive(jobs: ScheduledJobs, answers: JobAnswers | Unknown) -> Outcome:
    """The host calls each job's own address, and the job asks who is calling."""
    if not jobs.jobs:
        if jobs.missed:
            return judged((), clean="", gaps=jobs.missed)
        return not_applicable("the repository schedules no calls at its host (vercel.json)")
    findings: list[Finding] = []
    gaps: list[str] = list(jobs.missed)
    seen: list[Seen] = []
    for job in jobs.jobs:
        call = answers.of(job.path) if isinstance(answers, JobAnswers) else None
        told, gap = _job_fault(call, slash=job.slash) if call or job.slash else ("", "")
        if told:
            sure = Confidence.CONFIRMED if call else Confidence.LIKELY
            findings.append(
                Finding(
                    code="cron-silently-dead",
                    probe="cron-call" if call else "",
                    subject=f"{job.where} {job.path}",
                    observed=told,
                    params={"path": job.path},
                    confidence=sure,
                )
            )
        gaps += [f"{job.path}: {gap}"] if gap else []
        seen.append(Seen(label=job.path, value=_told(call) if call else "named", source=job.where))
    if isinstance(answers, Unknown):
        seen.append(Seen(label="a call without the secret", value=answers.cause))
    return judged(
        tuple(findings),
        clean=f"{plural(len(jobs.jobs), 'scheduled job')} at an address of its own",
        seen=tuple(seen),
        gaps=tuple(gaps),
    )


def _job_fault(call: Called | None, *, slash: bool) -> tuple[str, str]:
    """What is wrong with a job, and what could not be told of it; one of the two at most."""
    if call is None or not call.status:
        told = "the file's trailingSlash rule redirects this path (308)" if slash else ""
        return told, "" if slash or call is None else call.cause or "no answer"
    if call.challenge:
        return "", f"a bot challenge of {call.challenge} answered instead of the app"
    if 300 <= call.status < 400:
        return f"it answers {call.status} and leads to {call.location}: no scheduler follows", ""
    if 200 <= call.status < 300:
        return f"a call without the secret was answered {call.status}: anybody can run it", ""
    if call.status in (401, 403):
        return "", ""
    return "", f"it answers {call.status} to a call without the secret, which proves nothing"
