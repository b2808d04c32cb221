"""Which sites may read the app's answers from a browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec.structs import replace

from launchready_tui.checks.tls import merged
from launchready_tui.engine import check
from launchready_tui.facts.cors import (
    PROBE,
    Allowed,
    CorsAnswers,
    CorsPath,
    CorsPreflights,
    is_listed,
)
from launchready_tui.given import Target
from launchready_tui.model import Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.outcomes import judged, unknown
from launchready_tui.text import plural, safe


@check("cors.origins")
def origins(answers: CorsAnswers, preflights: CorsPreflights | Unknown, target: Target) -> Outcome:
    """Proven only where the API's addresses were named and asked about changes too."""
    if answers.cause:
        return unknown(answers.cause)
    findings: list[Finding] = []
    gaps: list[str] = []
    seen: list[Seen] = []
    asked = preflights.paths if isinstance(preflights, CorsPreflights) else ()
    for path in (*answers.paths, *asked):
        told = [answer for answer in path.answers if not answer.cause]
        found = _judged(path, told, target)
        if path in asked:
            found = [replace(finding, probe=PROBE) for finding in found]
        findings += found
        if path in answers.paths:
            gaps += [f"{path.url}: {a.cause}" for a in path.answers if a.cause][:1]
            seen.append(_line(path, told))
    seen += [_changes(preflights), *_left(answers)]
    named = bool(target.web.api or target.web.private)
    if not named:
        seen.append(Seen(label="API", value="no address is named under [web] in launchready.toml"))
    where = plural(len(answers.paths), "address", "addresses")
    whole = isinstance(preflights, CorsPreflights) and not preflights.left_out
    return judged(
        merged(findings),
        clean=f"no foreign origin is let in at {where}",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys(gaps)),
        proven=named and whole and not answers.left_out and _all_told(asked),
    )


def _all_told(paths: tuple[CorsPath, ...]) -> bool:
    return all(not answer.cause for path in paths for answer in path.answers)


def _judged(path: CorsPath, told: list[Allowed], target: Target) -> list[Finding]:
    """The worst of an address: a foreign origin that is let in makes the rest details."""
    let_in = [a for a in told if a.reflected and not is_listed(a.origin.value, target.web.origins)]
    strangers = [a for a in let_in if a.origin.who == "stranger"]
    if signed := [a for a in strangers if a.credentials]:
        return [_finding("cors-reflect-credentials", path, signed)]
    found: list[Finding] = []
    weak = [a for a in let_in if a.credentials and a.origin.who in ("opaque", "plain", "leftover")]
    below = [a for a in let_in if a.credentials and a.origin.who == "below"]
    if weak:
        found.append(_finding("cors-weak-origin", path, weak))
    elif below:
        found.append(_finding("cors-weak-origin", path, below, Severity.LOW))
    if strangers and path.private:
        found.append(_finding("cors-reflect-private", path, strangers))
    if starred := [a for a in told if a.allow == "*" and a.credentials]:
        found.append(_finding("cors-wildcard-credentials", path, starred[:1]))
    if without := _without_vary(told):
        found.append(_finding("cors-vary-missing", path, without[:1]))
    return found


def _without_vary(told: list[Allowed]) -> list[Allowed]:
    """Answers that differ by who asks, may be kept by a cache, and do not tell it so."""
    reads = [a for a in told if a.method == "GET"]
    if len({answer.allow for answer in reads}) < 2:
        return []
    return [answer for answer in reads if not answer.varies and answer.storable]


def _finding(
    code: str, path: CorsPath, answers: list[Allowed], severity: Severity | None = None
) -> Finding:
    first = answers[0]
    names = ", ".join(dict.fromkeys(a.origin.value for a in answers))
    slips = "; ".join(dict.fromkeys(a.origin.slip for a in answers if a.origin.slip))
    signed = ", with credentials" if first.credentials else ""
    answered = f"{first.method} with Origin {names} is answered {first.allow or 'nothing'}{signed}"
    return Finding(
        code=code,
        subject=path.url,
        observed=safe(f"{answered} ({slips})" if slips else answered, one_line=True, limit=500),
        params={"origin": first.origin.value, "path": urlsplit(path.url).path},
        severity=severity,
    )


def _line(path: CorsPath, told: list[Allowed]) -> Seen:
    allowed = sorted({f"{a.allow}{' with credentials' if a.credentials else ''}" for a in told
                      if a.allow})  # fmt: skip
    value = "; ".join(allowed) or "no origin is let in"
    return Seen(
        label=path.url, value=f"{value} ({plural(len(told), 'origin')} tried)", source="GET"
    )


def _changes(preflights: CorsPreflights | Unknown) -> Seen:
    label = "leave to change things"
    if isinstance(preflights, Unknown):
        return Seen(label=label, value=preflights.cause)
    count = sum(len(path.answers) for path in preflights.paths)
    return Seen(label=label, value=plural(count, "question"), source="OPTIONS")


def _left(answers: CorsAnswers) -> list[Seen]:
    if not answers.left_out:
        return []
    return [Seen(label="not asked", value=", ".join(answers.left_out))]
