"""The debug pages of frameworks, recognised by their own words: only their names are kept.

Each sign is something that a framework shows to developers and never to visitors: a page that
says "not found" or "something went wrong" in its own words has none of them.
"""

from __future__ import annotations

import re

MOST_READ = 200_000

_SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Django debug page", ("DEBUG = True</code>",)),
    ("Django debug page", ("Using the URLconf defined in", "Django tried these URL patterns")),
    ("Werkzeug debugger", ("Werkzeug Debugger",)),
    ("Werkzeug debugger", ("__debugger__=yes",)),
    ("Rails debug page", ("Rails.root:",)),
    ("Rails debug page", ("Action Controller: Exception caught",)),
    ("Laravel debug page", ("window.ignite(",)),
    ("Laravel debug page", ("vendor/laravel/framework/src/Illuminate",)),
    ("Laravel debug page", ("Whoops, looks like something went wrong.", "Exception")),
    ("Symfony debug page", ("Symfony\\Component\\HttpKernel\\Exception", "exception-message")),
    ("Symfony profiler", ("sf-toolbar", "_profiler")),
    ("Express stack trace", ("node_modules/express/lib/",)),
    ("Express stack trace", ("node_modules/router/",)),
    ("Next.js development server", ("/_next/static/development/",)),
    ("Next.js development server", ("__nextjs_original-stack-frame",)),
    ("Next.js development server", ("/_next/static/chunks/react-refresh",)),
    ("webpack development server", ("webpack-dev-server/client",)),
    ("ASP.NET developer page", ("An unhandled exception occurred while processing the request.",
                                "rawExceptionDetails")),
    ("ASP.NET stack trace", ("Server Error in '", "Stack Trace:", "Version Information:")),
    ("Phoenix debug page", ("Phoenix.Router.NoRouteError",)),
    ("Spring stack trace", ("Whitelabel Error Page", "at org.springframework")),
    ("Go stack trace", ("goroutine 1 [running]:",)),
    ("Python stack trace", ("Traceback (most recent call last)", "File &quot;")),
    ("Python stack trace", ("Traceback (most recent call last)", 'File "')),
    ("PHP error", ("Fatal error", "Stack trace:", "#0 ")),
)  # fmt: skip
"""A name, and the words that must all be there."""

_PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "Vite development server",
        "/@vite/client",
        re.compile(r"<script[^<>]{0,200}[\"'][^\"'<>]{0,100}/@vite/client[\"']"),
    ),
    (
        "Node.js stack trace",
        ":",
        re.compile(r"\bat (?:[^\n<>()/]{1,80} \()?[^\s<>()]{2,200}\.[cm]?[jt]s:\d{1,6}:\d{1,6}"),
    ),
    (
        "Java stack trace",
        ".java:",
        re.compile(r"\bat [\w.$]{3,200}\([A-Za-z0-9_$]{1,100}\.java:\d{1,6}\)"),
    ),
    (
        "Ruby stack trace",
        ".rb:",
        re.compile(r"/[\w./-]{1,200}\.rb:\d{1,6}:in [`']"),
    ),
)


def debug_marks(body: str) -> tuple[str, ...]:
    """The names of the debug pages that a body is, or holds."""
    body = body[:MOST_READ]
    found = [name for name, words in _SIGNS if all(word in body for word in words)]
    found += [name for name, hint, p in _PATTERNS if hint in body and p.search(body)]
    return tuple(dict.fromkeys(found))
