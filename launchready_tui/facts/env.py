"""Which environment variables the code reads, against which ones the repository sets or lists."""

from __future__ import annotations

import functools
import itertools
import re
from fnmatch import fnmatchcase
from pathlib import Path

from launchready_tui.engine import fact
from launchready_tui.facts.env_files import ENV_FILE, EnvFiles
from launchready_tui.facts.env_sides import Sides
from launchready_tui.facts.env_values import built_in
from launchready_tui.facts.host_files import Declared, declared_in
from launchready_tui.facts.reference import Reference, Strength
from launchready_tui.facts.references import LANGUAGES, may_read, references
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import MOST_BYTES, Found, Walk, in_tests, root_of, text_of
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record

MOST_PLACES = 5
MOST_NAMES = 2_000
PLATFORM = (
    "PATH",
    "HOME",
    "USER",
    "SHELL",
    "LANG",
    "TZ",
    "PWD",
    "NODE_ENV",
    "CI",
    "PORT",
    "HOST",
    "TERM",
    "HOSTNAME",
    "DEBUG",
    "VERCEL",
    "VERCEL_*",
    "NEXT_RUNTIME",
    "NEXT_PHASE",
    "NETLIFY",
    "NETLIFY_*",
    "CONTEXT",
    "DEPLOY_URL",
    "RENDER",
    "RENDER_*",
    "FLY_*",
    "RAILWAY_*",
    "GITHUB_*",
    "CF_PAGES*",
    "npm_*",
    "PYTHON*",
    "DYNO",
    "TMPDIR",
    "TEMP",
    "LC_ALL",
    "LC_*",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLORTERM",
    "MODE",
    "DEV",
    "PROD",
    "SSR",
    "BASE_URL",
    "RAILS_ENV",
    "RACK_ENV",
    "APP_ENV",
    "FLASK_ENV",
    "DJANGO_SETTINGS_MODULE",
    "AWS_REGION",
    "AWS_LAMBDA_*",
    "K_SERVICE",
    "K_REVISION",
    "GOOGLE_CLOUD_PROJECT",
    "WEBSITE_*",
    "HEROKU_*",
    "PLAYWRIGHT_*",
    "VITEST",
    "JEST_WORKER_ID",
    "ANALYZE",
    "EDITOR",
    "VISUAL",
    "APPDATA",
    "USERPROFILE",
    "SYSTEMROOT",
)
"""Names that a platform or tool sets by itself: not the client's to document."""
_COMPOSE = re.compile(r"(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml")
_TEXT = re.compile(
    r"\.(?:json|jsonc|toml|ya?ml|ini|cfg|conf|sh|bash|zsh|md|html?|xml|properties|gradle|nix|tf)$"
    r"|(?:^|/)(?:Dockerfile[^/]*|Procfile|Makefile|Justfile|\.envrc)$"
)


class Used(Record, frozen=True, kw_only=True):
    """A name that code reads: the strongest way it is read, and where (at most five places)."""

    name: str
    strength: Strength
    places: tuple[str, ...]
    only_tests: bool = False
    in_browser: tuple[str, ...] = ()
    """Places that surely run in the browser, of a name that builds keep on the server."""
    server_alone: bool = False
    """Read by surely nothing but the server, though builds copy a name like this into pages."""


class RunTime(Record, frozen=True, kw_only=True):
    """A place where names are put together at run time."""

    place: str
    prefix: str = ""


class EnvNames(Fact, frozen=True, kw_only=True):
    """Both directions: what code reads, and what files or hosts set."""

    used: tuple[Used, ...]
    run_time: tuple[RunTime, ...]
    mentioned: tuple[str, ...]
    """Names set in env files that stand somewhere in the code without being read there visibly."""
    declared: tuple[Declared, ...]
    missed: tuple[str, ...] = ()

    def reads(self, name: str) -> Used | None:
        return next((used for used in self.used if used.name == name), None)


@fact(limit=35.0)
async def env_names(target: Target, files: EnvFiles) -> EnvNames:
    root = root_of(target)
    set_names = frozenset(name for file in files.files for name in file.names)
    return await aside(functools.partial(look, root, set_names))


def of_platform(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in PLATFORM)


def look(root: Path, set_names: frozenset[str]) -> EnvNames:
    walk = Walk(root)
    found: dict[str, _Gathered] = {}
    run_time: list[RunTime] = []
    declared: list[Declared] = []
    mentioned: set[str] = set()
    sides = Sides()
    for file in walk:
        kind = _kind(file)
        if not kind or ENV_FILE.fullmatch(file.name):
            continue
        if kind == "text" and file.size > MOST_BYTES:
            continue  # data, not code: nothing is lost
        data = walk.read(file)
        if data is None or b"\0" in data[:1_000]:
            continue
        text = text_of(data)
        mentioned |= {name for name in set_names - mentioned if name in text}
        declared += declared_in(file.path, file.shown, text)
        sides.see(file.path, text)
        if kind in LANGUAGES and may_read(text, kind):
            refs, dynamic = references(text, kind)
            for ref in refs:
                if len(found) < MOST_NAMES or ref.name in found:
                    found.setdefault(ref.name, _Gathered()).add(ref, file)
            if not in_tests(file.path):
                run_time += [
                    RunTime(place=f"{file.shown}:{d.line}", prefix=d.prefix) for d in dynamic
                ]
    used = tuple(found[name].told(name, sides) for name in sorted(found) if not of_platform(name))
    return EnvNames(
        used=used,
        run_time=tuple(run_time[:50]),
        mentioned=tuple(sorted(mentioned - set(found))),
        declared=tuple(sorted(set_once(declared), key=lambda d: (d.name, d.where))),
        missed=walk.missed,
    )


def set_once(declared: list[Declared]) -> list[Declared]:
    return list({(entry.name, entry.where): entry for entry in declared}.values())[:MOST_NAMES]


class _Gathered:
    """The references to one name so far."""

    def __init__(self) -> None:
        self.strengths: set[Strength] = set()
        self.places: list[str] = []
        self.files: dict[str, str] = {}
        """The files that are no tests, with the first place in each."""
        self.in_code = False

    def add(self, ref: Reference, file: Found) -> None:
        for_tests = in_tests(file.path)
        if not for_tests and not self.in_code:
            # What only tests read does not speak for the app.
            self.in_code = True
            self.strengths.clear()
            self.places.clear()
        if for_tests and self.in_code:
            return
        self.strengths.add(ref.strength)
        place = f"{file.shown}:{ref.line}"
        if not for_tests:
            self.files.setdefault(file.path, place)
        if place not in self.places and len(self.places) < MOST_PLACES:
            self.places.append(place)

    def told(self, name: str, sides: Sides) -> Used:
        order: tuple[Strength, ...] = ("required", "plain", "default")
        return Used(
            name=name,
            strength=next(s for s in order if s in self.strengths),
            places=tuple(self.places),
            only_tests=not self.in_code,
            in_browser=self._in_browser(name, sides),
            server_alone=self._server_alone(name, sides),
        )

    def _in_browser(self, name: str, sides: Sides) -> tuple[str, ...]:
        if built_in(name) or not sides.settled(name):
            return ()
        places = (place for path, place in self.files.items() if sides.of(path) == "client")
        return tuple(itertools.islice(places, MOST_PLACES))

    def _server_alone(self, name: str, sides: Sides) -> bool:
        if not built_in(name) or not sides.settled(name) or sides.outside_server(name):
            return False
        return bool(self.files) and all(sides.of(path) == "server" for path in self.files)


def _kind(file: Found) -> str:
    """The language of a file, "text" for what may only mention names, empty for the rest."""
    if _COMPOSE.fullmatch(file.name.lower()):
        return "compose"
    _, dot, extension = file.name.lower().rpartition(".")
    if dot and f".{extension}" in LANGUAGES:
        return f".{extension}"
    return "text" if _TEXT.search(file.path) else ""
