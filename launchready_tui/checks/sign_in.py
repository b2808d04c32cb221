"""Whether sign-in can work at all: the login library answers, and people come back to the app."""

from __future__ import annotations

from launchready_tui.engine import check
from launchready_tui.facts import tables
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.sign_in import SESSION, Callback, SignIn
from launchready_tui.facts.site import CanonicalStarts
from launchready_tui.facts.web import MissingPages, WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.network.hosts import below, is_address
from launchready_tui.outcomes import judged, not_applicable, unknown


@check("login.callbacks")
def callbacks(
    sign: SignIn,
    web: WebHosts,
    missing: MissingPages | Unknown,
    starts: CanonicalStarts | Unknown,
    target: Target,
) -> Outcome:
    """Login providers send people back to the one https address of the app."""
    if sign.cause:
        return unknown(f"{sign.app}: {sign.cause}")
    findings: list[Finding] = []
    gaps: list[str] = []
    if sign.session >= 500:
        broken, gap = _session(sign, missing)
        findings += broken
        gaps += gap
    elsewhere = _redirecting(starts, web)
    for callback in sign.callbacks:
        why = _why(callback, sign, elsewhere, target)
        if why:
            findings.append(_astray(callback, sign, *why))
    if not findings and not gaps and not sign.callbacks and not sign.nextauth:
        return not_applicable(
            f"{sign.app} shows no start of a sign-in, and no login library answers"
        )
    return judged(
        _once(findings),
        clean=f"sign-in brings people back to {sign.app}"
        if sign.callbacks
        else f"the login library of {sign.app} answers",
        seen=tuple(
            Seen(
                label=callback.where,
                value=f"{callback.scheme}://{callback.host}{callback.path}",
                source=f"redirect to {callback.to}" if callback.to else "GET",
            )
            for callback in sign.callbacks
        ),
        gaps=tuple(gaps),
    )


def _session(sign: SignIn, missing: MissingPages | Unknown) -> tuple[list[Finding], list[str]]:
    """A session that answers 500; where everything does, that is another fault."""
    if sign.session != 500:
        return [], [f"{sign.app}: {SESSION} answered {sign.session}"]
    made_up = missing.of(sign.app) if isinstance(missing, MissingPages) else None
    if made_up is not None and made_up.status >= 500:
        return [], [f"{sign.app}: every unknown address answers {made_up.status}, this one too"]
    certain = sign.says_configuration or sign.nextauth
    beside = "; so does its list of providers" if sign.providers == 500 else ""
    return [
        Finding(
            code="auth-secret-or-host-unset",
            subject=f"https://{sign.app}{SESSION}",
            observed=f"{SESSION} answers 500 to a visitor who is not signed in{beside}",
            params={"app": sign.app},
            confidence=Confidence.CONFIRMED if certain else Confidence.LIKELY,
        )
    ], []


def _redirecting(starts: CanonicalStarts | Unknown, web: WebHosts) -> set[str]:
    """Own hosts that only lead on to another one: a session begun there is not the app's."""
    if not isinstance(starts, CanonicalStarts):
        return set()
    begun = {host_of(visit.url) for visit in starts.starts}
    return begun - {host.host for host in web.hosts}


def _why(
    callback: Callback, sign: SignIn, elsewhere: set[str], target: Target
) -> tuple[str, Confidence] | None:
    """Why people would not come back to the app; None where they do."""
    host = callback.host
    if _is_local(host):
        return "an address of somebody's own computer", Confidence.CONFIRMED
    if callback.scheme != "https":
        return "an address without encryption", Confidence.CONFIRMED
    if host == sign.app or host == host_of(target.web.app):
        return None
    if host in elsewhere:
        return f"a host that only leads on to {sign.app}", Confidence.CONFIRMED
    if below(host, target.domain):
        return None  # an own host for signing in
    if label := _preview(host):
        return f"a preview or a tunnel at {label}", Confidence.CONFIRMED
    return "a host that is not the app's", Confidence.LIKELY


def _is_local(host: str) -> bool:
    return host == "localhost" or host.endswith((".localhost", ".local")) or is_address(host)


def _preview(host: str) -> str:
    """The platform whose own name this is: not the canonical one, whatever it serves."""
    return next((row.label for row in tables.hosts() if tables.ends_with(host, row.suffixes)), "")


def _astray(callback: Callback, sign: SignIn, why: str, sure: Confidence) -> Finding:
    back = f"{callback.scheme}://{callback.host}{callback.path}"
    return Finding(
        code="oauth-redirect-not-canonical",
        subject=f"https://{sign.app}{callback.where}",
        observed=f"people are sent back to {back}, {why}",
        params={"app": sign.app, "back": back},
        confidence=sure,
    )


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """Twenty providers with one wrong address are one fault."""
    kept: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        kept.setdefault((finding.code, finding.subject), finding)
    return tuple(kept.values())
