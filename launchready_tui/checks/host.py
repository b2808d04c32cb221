"""Where the app runs: a place made for production, or one that will vanish."""

from __future__ import annotations

from launchready_tui.engine import check
from launchready_tui.facts.host import Place, Platforms
from launchready_tui.given import Target, Told
from launchready_tui.model import Finding, Outcome, Seen
from launchready_tui.outcomes import judged


@check("host.platform")
def platform(places: Platforms, told: Told, target: Target) -> Outcome:
    """The domain leads to a production deployment on a host we can name."""
    own = [place for place in places.places if not place.given]
    findings = [finding for place in own for finding in (*_faults(place), *_asleep(place))]
    said = told.get("host")
    named = sorted({place.label for place in own if place.label})
    gaps: list[str] = []
    if not said and not named:
        causes = [place.cause for place in own if place.cause]
        gaps.append(
            causes[0]
            if causes
            else f"nothing at {target.domain} tells which host it runs on;"
            " say it under traffic path"
        )
    where = f"{said.value} (says {said.by})" if said else " and ".join(named)
    return judged(
        tuple(findings),
        clean=f"runs at {where}",
        seen=tuple(seen for place in places.places for seen in _seen(place)),
        gaps=tuple(gaps),
    )


def _faults(place: Place) -> list[Finding]:
    if place.dev:
        name, label = place.dev[0]
        return [
            Finding(
                code="dev-server-public",
                subject=place.host,
                observed=f"{place.host} leads to {name}, which {label} gives to unfinished work",
                params={"to": name, "platform": label},
            )
        ]
    if place.admits:
        name, label = place.admits[0]
        return [
            Finding(
                code="dev-server-public",
                subject=place.host,
                observed=f"{place.host} lets pages of {name} read its answers (CORS), which {label}"
                " gives to unfinished work",
                params={"to": name, "platform": label},
            )
        ]
    if place.previews:
        name, label = place.previews[0]
        return [
            Finding(
                code="production-on-preview",
                subject=place.host,
                observed=f"{place.host} leads to {name}, a preview at {label}",
                params={"to": name, "platform": label},
            )
        ]
    return []


def _asleep(place: Place) -> list[Finding]:
    if not place.asleep:
        return []
    return [
        Finding(
            code="free-plan-pauses",
            subject=place.host,
            observed=f"{place.host} had to be woken up for a visit ({place.asleep})",
            params={"platform": place.label or "the host"},
        )
    ]


def _seen(place: Place) -> list[Seen]:
    if place.cause and not place.signs:
        return [Seen(label=place.host, value=f"could not be told: {place.cause}")]
    if not place.signs:
        return [Seen(label=place.host, value="no host recognised")]
    return [Seen(label=place.host, value=sign.label, source=sign.seen) for sign in place.signs]
