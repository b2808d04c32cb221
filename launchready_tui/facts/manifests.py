"""Reading what a project depends on from its manifests and lock files, whatever shape they are in.

A manifest says what is wanted, a lock file what was really installed: only the second has versions
that a published hole can be compared with.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any, Literal

from launchready_tui.facts import toml
from launchready_tui.model import Record

Ecosystem = Literal["npm", "python", "ruby", "php"]


class Package(Record, frozen=True, kw_only=True):
    """A dependency as one file names it. `exact` versions are installed ones."""

    ecosystem: Ecosystem
    name: str
    version: str = ""
    exact: bool = False
    direct: bool = False


# No pattern may begin with what also matches line ends: it would run once from every empty line,
# and a pattern that runs cannot be stopped.
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)")
_PNPM_IMPORT = re.compile(
    r"^ {6}'?([@\w./-]+)'?:\n {8}specifier: [^\n]*\n {8}version: (\d[\w.\-+]*)", re.MULTILINE
)
_PNPM_PACKAGE = re.compile(r"^ {2}'?/?((?:@[\w.-]+/)?[\w.-]+)[@/](\d[\w.\-+]*)", re.MULTILINE)
_YARN = re.compile(r'^"?((?:@[\w.-]+/)?[\w.-]+)@[^\n]*:\n\s+version:? "?(\d[^"\s]*)', re.MULTILINE)
_BUN = re.compile(r'^[ \t]+"[^"\n]+": \["((?:@[\w.-]+/)?[\w.-]+)@(\d[^"]*)"', re.MULTILINE)
_GEM = re.compile(r"^ {4}([\w.-]+) \((\d[\w.\-]*)\)", re.MULTILINE)
_GEM_WANTED = re.compile(
    r"""^[ \t]*gem[ \t(]+["']([\w.-]+)["'](?:\s*,\s*["']([^"']*)["'])?""", re.MULTILINE
)

LOCKS = frozenset(
    [
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "Pipfile.lock",
        "Gemfile.lock",
        "composer.lock",
    ]
)
MANIFESTS = frozenset(["package.json", "pyproject.toml", "Pipfile", "Gemfile", "composer.json"])
_REQUIREMENTS = re.compile(r"requirements[\w.-]*\.(?:txt|in)")


def is_manifest(name: str) -> bool:
    return name in MANIFESTS or name in LOCKS or bool(_REQUIREMENTS.fullmatch(name))


def packages(name: str, text: str) -> tuple[list[Package], str]:
    """The dependencies a file names, and what is wrong with it where it cannot be read."""
    try:
        return list(_read(name, text)), ""
    except json.JSONDecodeError as error:
        return [], f"line {error.lineno}: {error.msg[:1].lower()}{error.msg[1:]}"
    except tomllib.TOMLDecodeError as error:
        return [], str(error)
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError):
        return [], "it is not written as its tool writes it"


def _read(name: str, text: str) -> Iterator[Package]:
    if name == "package.json":
        yield from _direct("npm", json.loads(text), ("dependencies", "devDependencies"))
    elif name in ("package-lock.json", "npm-shrinkwrap.json"):
        yield from _npm_lock(json.loads(text))
    elif name in ("pnpm-lock.yaml", "yarn.lock", "bun.lock"):
        patterns = {"pnpm-lock.yaml": (_PNPM_IMPORT, _PNPM_PACKAGE), "yarn.lock": (_YARN,)}
        for pattern in patterns.get(name, (_BUN,)):
            for found in pattern.finditer(text):
                yield Package(ecosystem="npm", name=found[1], version=found[2], exact=True)
    elif name in ("poetry.lock", "uv.lock", "pdm.lock"):
        for entry in toml.read(text).get("package", []):
            yield _installed("python", entry["name"], entry.get("version", ""))
    elif name == "Pipfile.lock":
        for entry, value in json.loads(text).get("default", {}).items():
            yield _installed("python", entry, str(value.get("version", "")).lstrip("="))
    elif name == "composer.lock":
        for entry in json.loads(text).get("packages", []):
            yield _installed("php", entry["name"], str(entry.get("version", "")).lstrip("v"))
    elif name == "composer.json":
        yield from _direct("php", json.loads(text), ("require",))
    elif name == "Gemfile.lock":
        for found in _GEM.finditer(text):
            yield Package(ecosystem="ruby", name=found[1], version=found[2], exact=True)
    elif name == "Gemfile":
        for found in _GEM_WANTED.finditer(text):
            yield _wanted("ruby", found[1], found[2] or "")
    elif name == "pyproject.toml":
        yield from _pyproject(toml.read(text))
    elif name == "Pipfile":
        for entry, value in toml.read(text).get("packages", {}).items():
            yield _wanted("python", entry, value if isinstance(value, str) else "")
    else:
        for line in text.splitlines():
            match = _REQUIREMENT.match(line)
            if match:
                yield _wanted("python", match[1], match[2].strip())


def _direct(
    ecosystem: Ecosystem, data: dict[str, Any], tables: tuple[str, ...]
) -> Iterator[Package]:
    for table in tables:
        for name, wanted in data.get(table, {}).items():
            yield _wanted(ecosystem, name, str(wanted))


def _npm_lock(data: dict[str, Any]) -> Iterator[Package]:
    for path, entry in data.get("packages", {}).items():
        name = path.rpartition("node_modules/")[2]
        if "node_modules/" in path and path.count("node_modules/") == 1:
            yield _installed("npm", name, entry.get("version", ""))
    for name, entry in data.get("dependencies", {}).items() if "packages" not in data else ():
        yield _installed("npm", name, entry.get("version", ""))


def _pyproject(data: dict[str, Any]) -> Iterator[Package]:
    project = data.get("project", {})
    lines = [*project.get("dependencies", [])]
    for group in (project.get("optional-dependencies", {}), data.get("dependency-groups", {})):
        for entries in group.values():
            lines += [entry for entry in entries if isinstance(entry, str)]
    for line in lines:
        match = _REQUIREMENT.match(line)
        if match:
            yield _wanted("python", match[1], match[2].strip())
    poetry = data.get("tool", {}).get("poetry", {})
    for name, wanted in poetry.get("dependencies", {}).items():
        yield _wanted("python", name, wanted if isinstance(wanted, str) else "")


_PINNED = re.compile(r"^(?:==?=?\s*)?v?(\d+(?:\.\d+)+[\w.\-+]*)$")


def _wanted(ecosystem: Ecosystem, name: str, spec: str) -> Package:
    """What a manifest asks for. Only a spec that is one version says what is installed."""
    pinned = _PINNED.match(spec.strip())
    return Package(
        ecosystem=ecosystem,
        name=canonical(ecosystem, name),
        version=pinned[1] if pinned else spec.strip()[:40],
        exact=bool(pinned),
        direct=True,
    )


def _installed(ecosystem: Ecosystem, name: str, version: object) -> Package:
    return Package(
        ecosystem=ecosystem, name=canonical(ecosystem, name), version=str(version), exact=True
    )


def canonical(ecosystem: Ecosystem, name: str) -> str:
    """Python package names are equal up to case, dots, dashes and underscores."""
    return re.sub(r"[-_.]+", "-", name).lower() if ecosystem == "python" else name
