"""What the repository is: framework and version, host configuration, mail and database packages."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path

from launchready_tui.engine import fact
from launchready_tui.facts import tables
from launchready_tui.facts.host_files import PLATFORM_FILES, HostFile, host_file
from launchready_tui.facts.manifests import LOCKS, Package, is_manifest, packages
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import Walk, root_of, text_of
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.text import safe

LOCK_BYTES = 8 * 1024 * 1024
MOST_DEPTH = 4
MOST_MANIFESTS = 200
_MIDDLEWARE = re.compile(r"(?:.*/)?(?:middleware|proxy)\.[cm]?[jt]s")
_APP_ROUTER = re.compile(r"(?:.*/)?app/(?:.*/)?(?:page|layout|route)\.[cm]?[jt]sx?")


class Known(Record, frozen=True, kw_only=True):
    """A package that a table knows. `exact` versions come from a lock file or a pinned manifest."""

    ecosystem: str
    name: str
    version: str
    exact: bool
    direct: bool
    where: str


class Framework(Record, frozen=True, kw_only=True):
    id: str
    label: str
    version: str
    """Empty where only a range is known."""
    where: str

    @property
    def named(self) -> str:
        return f"{self.label} {self.version}".rstrip()


class RepoFacts(Fact, frozen=True, kw_only=True):
    """The best guess first in `frameworks`: nearest to the top of the folder, then by the table."""

    frameworks: tuple[Framework, ...]
    known: tuple[Known, ...]
    host_files: tuple[HostFile, ...]
    mail: tuple[str, ...]
    databases: tuple[str, ...]
    traits: tuple[str, ...]
    """"middleware", "app-router": what some holes need."""
    problems: tuple[tuple[str, str], ...]
    """Manifests that could not be read: path and reason."""
    missed: tuple[str, ...] = ()


class KnownHoles(Fact, frozen=True, kw_only=True):
    """The table of published ways to take over a server, as it was when this run was made."""

    holes: tuple[tables.HoleRow, ...]


@fact
async def known_holes() -> KnownHoles:
    return KnownHoles(holes=tables.frameworks().hole)


@fact(limit=35.0)
async def repo_facts(target: Target) -> RepoFacts:
    root = root_of(target)
    return await aside(functools.partial(look, root))


def look(root: Path) -> RepoFacts:
    walk = Walk(root)
    known: list[Known] = []
    files: list[HostFile] = []
    problems: list[tuple[str, str]] = []
    traits: set[str] = set()
    manifests = 0
    for file in walk:
        if _MIDDLEWARE.fullmatch(file.path):
            traits.add("middleware")
        elif _APP_ROUTER.fullmatch(file.path):
            traits.add("app-router")
        if file.path.count("/") > MOST_DEPTH:
            continue
        if is_manifest(file.name) and manifests < MOST_MANIFESTS:
            manifests += 1
            data = walk.read(file, LOCK_BYTES if file.name in LOCKS else 1024 * 1024)
            if data is None:
                problems.append((file.shown, "too large or not readable"))
                continue
            found, problem = packages(file.name, text_of(data))
            known += _known(found, file.shown)
            if problem:
                problems.append((file.shown, safe(problem, one_line=True, limit=150)))
        elif file.name.lower() in PLATFORM_FILES:
            entry = host_file(file.path, file.shown, text_of(walk.read(file) or b""))
            files += [entry] if entry else []
    known = _once(known)
    return RepoFacts(
        frameworks=tuple(_frameworks(known)),
        known=tuple(known),
        host_files=tuple(sorted(files, key=lambda f: (f.path.count("/"), f.path))),
        mail=tuple(_labels(known, tables.mail_providers())),
        databases=tuple(_labels(known, tables.frameworks().database)),
        traits=tuple(sorted(traits)),
        problems=tuple(problems),
        missed=walk.missed,
    )


@functools.cache
def _interesting() -> frozenset[str]:
    table = tables.frameworks()
    return frozenset(
        [
            *(row.package for row in table.framework),
            *(row.package for row in table.hole),
            *(package for row in table.database for package in row.packages),
            *(package for row in tables.mail_providers() for package in row.packages),
        ]
    )


def _known(found: Iterable[Package], where: str) -> list[Known]:
    return [
        Known(
            ecosystem=package.ecosystem,
            name=package.name,
            version=safe(package.version, one_line=True, limit=60),
            exact=package.exact,
            direct=package.direct,
            where=where,
        )
        for package in found
        if package.name in _interesting()
    ]


def _once(known: list[Known]) -> list[Known]:
    """Without repetitions, shallow files first."""
    unique = {(k.ecosystem, k.name, k.version, k.direct, k.where): k for k in known}
    return sorted(unique.values(), key=lambda k: (k.where.count("/"), k.where, k.name, k.version))


def _frameworks(known: list[Known]) -> Iterable[Framework]:
    """Frameworks that a manifest asks for, with the installed version nearest to it."""
    found: list[tuple[int, int, Framework]] = []
    for rank, row in enumerate(tables.frameworks().framework):
        for package in known:
            if package.direct and (package.name, package.ecosystem) == (row.package, row.ecosystem):
                framework = Framework(
                    id=row.id,
                    label=row.label,
                    version=_version(package, known),
                    where=package.where,
                )
                found.append((package.where.count("/"), rank, framework))
                break
    return [framework for _, _, framework in sorted(found, key=lambda f: f[:2])]


def _version(package: Known, known: list[Known]) -> str:
    """The version installed for this manifest: its own pin, or the nearest lock file's."""
    folder = package.where.rpartition("/")[0]
    locked = [
        k
        for k in known
        if k.exact
        and (k.name, k.ecosystem) == (package.name, package.ecosystem)
        and f"{folder}/".startswith(f"{k.where.rpartition('/')[0]}/".lstrip("/"))
    ]
    best = max(locked, key=lambda k: (not k.direct, len(k.where.rpartition("/")[0])), default=None)
    return best.version if best else ""


def _labels(
    known: list[Known], rows: Iterable[tables.ProviderRow] | Iterable[tables.DatabaseRow]
) -> list[str]:
    names = {package.name for package in known if package.direct}
    return [row.label for row in rows if names & set(row.packages)]
