"""Which code runs in the browser and which on the server, where the repository says so for sure.

Sure of the browser: a file that opens with "use client", and the source folder of an app that a
build turns into pages alone (create-react-app, or Vite with no server framework beside it). Sure
of the server: folders and names that frameworks run there only. All else may be either.
"""

from __future__ import annotations

import re
from typing import Literal

from launchready_tui.facts.env_values import built_in

Side = Literal["client", "server", ""]
SCRIPTS = (
    *(".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"),
    *(".vue", ".svelte", ".astro"),
)
_DIRECTIVE = re.compile(
    r"\A(?:\s++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+[\"']use (client|server)[\"']"
)
_SERVER = re.compile(
    r"(?:^|/)(?:server|pages/api)/"
    r"|(?:^|/)app/(?:[^/]+/)*route\.[cm]?[jt]sx?$"
    r"|(?:^|/)(?:middleware|instrumentation|hooks\.server)\.[cm]?[jt]s$"
    r"|(?:^|/)\+(?:server|page\.server|layout\.server)\.[jt]s$"
    r"|\.server\.[cm]?[jt]sx?$"
    r"|^(?:api|functions|netlify/functions|supabase/functions)/"
)
_EITHER = re.compile(
    r"(?:^|/)(?:server|api|functions?|workers?|node|scripts?|electron|main|preload|ssr|lib/server)/"
    r"|(?:entry-server|\.server|\.worker|\.config)\."
)
"""Inside an app of pages: parts that may run elsewhere all the same."""
_OTHERS = re.compile(
    r'"(?:next|nuxt|astro|gatsby|@sveltejs/kit|@remix-run/[\w-]+|@react-router/dev|vike|waku'
    r"|vite-plugin-ssr|@tanstack/(?:react|solid)-start|@solidjs/start|solid-start|@analogjs/[\w-]+"
    r'|@builder\.io/qwik-city|@qwik\.dev/router|electron|@crxjs/[\w-]+|express|fastify|hono|koa)"'
)
"""Packages beside which a source folder need not be all pages."""
_VITE = re.compile(r'"vite"\s*:')
_REACT_SCRIPTS = re.compile(r'"react-scripts"\s*:')
_UNSURE = re.compile(
    r"\bcreateEnv\(|\bz\s*\.object\(|typeof (?:window|document)|import\.meta\.env\.SSR"
)
"""A list for both sides, or code that asks where it runs."""
_CONFIG = re.compile(
    r"(?:^|/)(?:(?:next|vite|vitest|nuxt|astro|svelte|webpack|rspack|rsbuild|craco|babel|app|expo)"
    r"\.config\.\w+|craco\.config\.\w+|\.babelrc(?:\.\w+)?|app\.json)$"
)
_HANDS_OVER = re.compile(r"envPrefix|\bdefine\b|EnvironmentPlugin|DefinePlugin|plugin-environment")
_PAGE = re.compile(r"<script[^>]{0,200}\bsrc=[\"']\.?/?src/", re.IGNORECASE)
_WORD = re.compile(r"[A-Z][A-Z0-9_]{2,}")


class Sides:
    """Told of every file's text; asked when all were seen."""

    def __init__(self) -> None:
        self._apps: set[str] = set()
        self._pages: set[str] = set()
        self._mixed: set[str] = set()
        self._configured: set[str] = set()
        self._elsewhere: set[str] = set()
        self._said: dict[str, Side] = {}

    def see(self, path: str, text: str) -> None:
        folder, _, name = path.rpartition("/")
        if name == "package.json":
            if _OTHERS.search(text):
                self._mixed.add(folder)
            if _VITE.search(text):
                self._apps.add(folder)
            if _REACT_SCRIPTS.search(text):  # its page names no script
                self._apps.add(folder)
                self._pages.add(folder)
        elif name == "index.html" and _PAGE.search(text):
            self._pages.add(folder)
        elif _CONFIG.search(path):
            self._configured.update(_WORD.findall(text))
            if _HANDS_OVER.search(text):
                self._mixed.add(folder)
        if path.endswith(SCRIPTS) and _UNSURE.search(text):
            self._said[path] = ""
        elif path.endswith(SCRIPTS) and (said := _DIRECTIVE.match(text)):
            self._said[path] = "client" if said[1] == "client" else "server"
        script = path.endswith(SCRIPTS)
        if path.endswith((".html", ".mdx")) or (script and self.of(path) != "server"):
            self._elsewhere.update(name for name in _WORD.findall(text) if built_in(name))

    def of(self, path: str) -> Side:
        """Where a file runs; empty where that is not sure."""
        if not path.endswith(SCRIPTS):
            return "" if path.endswith((".prisma", ".yml", ".yaml")) else "server"
        if path in self._said:
            return self._said[path]
        if self._in_pages(path):
            return "" if _EITHER.search(path) else "client"
        return "server" if _SERVER.search(path) else ""

    def settled(self, name: str) -> bool:
        """Whether nothing but the code decides where a name is read: no build hands it over."""
        return name not in self._configured

    def outside_server(self, name: str) -> bool:
        """Whether a public name stands in any file that is not the server's alone."""
        return name in self._elsewhere

    def _in_pages(self, path: str) -> bool:
        before, source, _ = f"/{path}".partition("/src/")
        folder = before.removeprefix("/")
        return bool(source) and folder in (self._apps & self._pages) - self._mixed
