"""The repository's framework and its host configuration."""

from __future__ import annotations

import re

from launchready_tui.engine import check
from launchready_tui.facts.host import Platforms
from launchready_tui.facts.repo import Known, KnownHoles, RepoFacts
from launchready_tui.facts.tables import HoleRow
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import judged, not_applicable

Version = tuple[tuple[int, ...], bool]
"""Numbers, and whether it is a release (a pre-release sorts before its release)."""


@check("repo.framework")
def framework(repo: RepoFacts, table: KnownHoles, places: Platforms | Unknown) -> Outcome:
    """What the app is built with, and that no published hole lets strangers in."""
    here = {p.platform for p in places.places} if isinstance(places, Platforms) else set()
    findings: dict[tuple[str, str], Finding] = {}
    gaps: list[str] = []
    for package in repo.known:
        for hole in table.holes:
            if not _concerns(hole, package, repo, here):
                continue
            if _inside(package.version, hole, exact=package.exact):
                key = (hole.cve, package.name)
                if package.exact:
                    findings[key] = _hole(package, hole)
                elif not _locked(package, repo):
                    gaps.append(
                        f"{package.where} asks for {package.name} {package.version} and no lock"
                        f" file says which one is installed ({hole.cve})"
                    )
    seen = [
        Seen(label="framework", value=found.named, source=found.where) for found in repo.frameworks
    ]
    gaps += [f"{path} could not be read: {why}" for path, why in repo.problems]
    if not repo.frameworks:
        gaps.append("no framework was recognised; say it under traffic path")
    return judged(
        tuple(findings.values()),
        clean=repo.frameworks[0].named if repo.frameworks else "",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys([*gaps, *repo.missed])),
    )


@check("repo.host-config")
def host_config(repo: RepoFacts) -> Outcome:
    """The files that tell the host how to build can be read."""
    if not repo.host_files and not repo.missed:
        return not_applicable("the repository holds no file for a hosting platform")
    findings = tuple(
        Finding(
            code="host-config-broken",
            subject=file.path,
            observed=f"{file.path}, {file.problem}",
            params={"problem": file.problem},
        )
        for file in repo.host_files
        if file.problem
    )
    return judged(
        findings,
        clean=", ".join(file.path for file in repo.host_files[:4]),
        seen=tuple(
            Seen(label="host file", value=file.path, source=file.platform or "several platforms")
            for file in repo.host_files
        ),
        gaps=(*repo.missed, *(f"{f.path}: {f.unread}" for f in repo.host_files if f.unread)),
    )


def _concerns(hole: HoleRow, package: Known, repo: RepoFacts, here: set[str]) -> bool:
    return (
        (hole.package, hole.ecosystem) == (package.name, package.ecosystem)
        and (not hole.needs or hole.needs in repo.traits)
        and not here & set(hole.not_at)
    )


def _locked(package: Known, repo: RepoFacts) -> bool:
    return any(k.exact and k.name == package.name for k in repo.known)


def _hole(package: Known, hole: HoleRow) -> Finding:
    return Finding(
        code="framework-known-rce",
        subject=f"{package.name} {package.version}",
        observed=f"{package.where}: {package.name} {package.version} has {hole.cve}",
        params={"package": package.name, "fixed": hole.fixed, "cve": hole.cve},
        confidence=Confidence.CONFIRMED,
    )


def _inside(spec: str, hole: HoleRow, *, exact: bool) -> bool:
    """Whether a version, or the lowest one a range allows, lies between `since` and `fixed`."""
    version = parsed(spec if exact else re.sub(r"^[^\d]*", "", spec))
    since, fixed = parsed(hole.since), parsed(hole.fixed)
    return bool(version and since and fixed) and since <= version < fixed  # type: ignore[operator]


def parsed(text: str) -> Version | None:
    """1.2.3 as something that compares; None for what is no version."""
    match = re.match(r"(\d+(?:\.\d+)*)(.*)", text.strip())
    if not match:
        return None
    numbers = tuple(int(part[:9]) for part in match[1].split("."))
    padded = (*numbers, *(0,) * (3 - len(numbers)))
    return padded, not re.match(r"-[a-zA-Z]|[abr]|rc", match[2])
