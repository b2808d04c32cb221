"""repo.host-config: the host can read what the repository tells it."""

from __future__ import annotations

from cases.examples import Example, examples
from launchready_tui.facts.host_files import HostFile, host_file
from launchready_tui.facts.repo import RepoFacts
from launchready_tui.model import Outcome, State


def repo(*files: HostFile | None, missed: tuple[str, ...] = ()) -> tuple[RepoFacts]:
    return (
        RepoFacts(
            frameworks=(),
            known=(),
            host_files=tuple(file for file in files if file),
            mail=(),
            databases=(),
            traits=(),
            problems=(),
            missed=missed,
        ),
    )


def read(path: str, text: str) -> HostFile | None:
    return host_file(path, path, text)


def says_the_line(outcome: Outcome) -> None:
    """Python 3.13 points at the comma, earlier versions at what comes after it."""
    assert any(line in outcome.findings[0].observed for line in ("line 1", "line 2"))


BROKEN = ("host-config-broken",)

test_examples = examples(
    "repo.host-config",
    [
        Example("a sound file", repo(read("vercel.json", '{"redirects": []}')), not_=BROKEN),
        Example(
            "JSON with a comma too many",
            repo(read("vercel.json", '{"redirects": [],\n}')),
            finds=("host-config-broken vercel.json",),
            also=says_the_line,
        ),
        Example(
            "TOML without its closing quote",
            repo(read("apps/web/netlify.toml", 'a = 1\nb = "x')),
            finds=("host-config-broken apps/web/netlify.toml",),
        ),
        Example(
            "a format that allows comments",
            repo(read("wrangler.jsonc", '{\n  // our worker\n  "name": "x", /* y */\n}')),
            not_=BROKEN,
        ),
        Example(
            "a thousand brackets",
            repo(read("vercel.json", "[" * 100_000)),
            finds=("host-config-broken vercel.json",),
        ),
        Example(
            "an app.json that belongs to a mobile app",
            repo(read("app.json", '{"expo": {}}')),
            not_=BROKEN,
            state=State.NOT_APPLICABLE,
        ),
        Example("no file at all", repo(), state=State.NOT_APPLICABLE),
        Example("a folder that could not be read", repo(missed=("1 folder",)), state=State.UNKNOWN),
    ],
)
