"""Configuration files of hosting platforms: which there are, can they be read, what they set.

Broken TOML or JSON in a client's folder is something to say, with its line, and nothing to fail on.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from launchready_tui.facts import toml
from launchready_tui.model import Record
from launchready_tui.text import safe


class Declared(Record, frozen=True, kw_only=True):
    """A variable that a host's file or a compose file names: the platform is told to have it."""

    name: str
    where: str


class HostFile(Record, frozen=True, kw_only=True):
    """One configuration file. `problem` says what is wrong with it, with the line; `unread` why
    that cannot be told.
    """

    path: str
    platform: str = ""
    problem: str = ""
    unread: str = ""


PLATFORM_FILES: dict[str, str] = {
    "vercel.json": "vercel",
    "netlify.toml": "netlify",
    "render.yaml": "render",
    "render.yml": "render",
    "fly.toml": "fly",
    "railway.json": "railway",
    "railway.toml": "railway",
    "wrangler.toml": "cloudflare-workers",
    "wrangler.json": "cloudflare-workers",
    "wrangler.jsonc": "cloudflare-workers",
    "firebase.json": "firebase",
    "amplify.yml": "aws-amplify",
    "apprunner.yaml": "aws-apprunner",
    "app.yaml": "gcp-appengine",
    "staticwebapp.config.json": "azure-static",
    "azure-pipelines.yml": "",
    ".replit": "replit",
    "app.json": "heroku",
    "procfile": "",
    "dockerfile": "",
    "docker-compose.yml": "",
    "docker-compose.yaml": "",
    "compose.yaml": "",
    "compose.yml": "",
    "nixpacks.toml": "",
}
"""By name in lower case; an empty platform is a file that many platforms read."""
MOST_DEPTH = 3
_HEROKU = {"addons", "buildpacks", "formation", "env", "scripts", "stack", "environments"}
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RENDER_KEY = re.compile(r"^[ \t]*-[ \t]*key:\s*[\"']?([A-Za-z_]\w*)", re.MULTILINE)
_YAML_PAIR = re.compile(r"^\s*-?\s*[\"']?([A-Z_][A-Z0-9_]*)[\"']?\s*[:=]")
_DOCKER_ENV = re.compile(r"^[ \t]*(?:ENV|ARG)\s+([A-Za-z_]\w*)", re.MULTILINE)
# What is never closed ends with the text, or each of its beginnings would be tried to the end.
_COMMENTS = re.compile(r'("(?:\\.|[^"\\])*(?:"|\\?\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_TRAILING = re.compile(r",(\s*[}\]])")


def host_file(path: str, shown: str, text: str) -> HostFile | None:
    """What a path is as a platform's file, or None if it is none."""
    name = path.rpartition("/")[2].lower()
    if name not in PLATFORM_FILES or path.count("/") > MOST_DEPTH:
        return None
    platform = PLATFORM_FILES[name]
    try:
        data, problem = _decoded(name, text)
    except toml.TooLong as error:
        return HostFile(path=shown, platform=platform, unread=str(error))
    if name == "app.json" and not problem and not (isinstance(data, dict) and _HEROKU & set(data)):
        return None  # Expo and others have an app.json too
    return HostFile(path=shown, platform=platform, problem=problem)


def declared_in(path: str, shown: str, text: str) -> list[Declared]:
    """The variables that a platform's or compose file sets or asks for."""
    name = path.rpartition("/")[2].lower()
    if name in ("render.yaml", "render.yml"):
        names = _RENDER_KEY.findall(text)
    elif "compose" in name and name.endswith((".yml", ".yaml")):
        names = _below_environment(text)
    elif name.startswith("dockerfile"):
        names = _DOCKER_ENV.findall(text)
    elif name in PLATFORM_FILES and name.endswith((".toml", ".json", ".jsonc")):
        try:
            names = _env_tables(_decoded(name, text)[0])
        except toml.TooLong:
            return []
    elif name in ("app.yaml", "apprunner.yaml"):
        names = _below_environment(text)
    else:
        return []
    return [Declared(name=n, where=shown) for n in names if _ENV_NAME.fullmatch(n)]


def _decoded(name: str, text: str) -> tuple[Any, str]:
    """The content of a TOML or JSON file, or what is wrong with it and where. Raises TooLong."""
    try:
        if name.endswith(".toml") or name == ".replit":
            return toml.read(text), ""
        if name.endswith((".json", ".jsonc")):
            if name.endswith(".jsonc"):
                text = _TRAILING.sub(r"\1", _COMMENTS.sub(lambda m: m[1] or "", text))
            return json.loads(text), ""
    except json.JSONDecodeError as error:
        return None, f"line {error.lineno}: {_said(error.msg)}"
    except tomllib.TOMLDecodeError as error:
        return None, _toml_problem(str(error))
    except toml.TooLong:
        raise
    except (RecursionError, ValueError) as error:
        return None, f"it cannot be read: {_said(str(error) or 'nested too deeply')}"
    return None, ""


def _toml_problem(message: str) -> str:
    place = re.search(r"\(at line (\d+), column \d+\)", message)
    what = _said(re.sub(r"\s*\(at .*\)$", "", message))
    return f"line {place[1]}: {what}" if place else f"at its end: {what}"


def _said(text: str) -> str:
    text = safe(text, one_line=True, limit=120)
    return text[:1].lower() + text[1:]


def _env_tables(data: Any, depth: int = 0) -> list[str]:
    """The keys of every table called env, environment or vars, however deep."""
    found: list[str] = []
    if not isinstance(data, dict) or depth > 6:
        return found
    for key, value in data.items():
        if key in ("env", "environment", "vars", "variables") and isinstance(value, dict):
            found += [str(name) for name, inner in value.items() if not _is_stage(inner)]
        found += _env_tables(value, depth + 1)
    return found


def _is_stage(value: Any) -> bool:
    """`[env.production]` of wrangler.toml names a stage, not a variable."""
    return isinstance(value, dict) and not set(value) <= {"description", "required", "value",
                                                         "generator"}  # fmt: skip


def _below_environment(text: str) -> list[str]:
    """Names in the blocks called `environment:` or `env_variables:`, by indentation."""
    found: list[str] = []
    inside = -1
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        if inside >= 0 and (indent > inside or (indent == inside and line.lstrip()[0] == "-")):
            match = _YAML_PAIR.match(line) or re.match(r"^\s*-\s*([A-Z_][A-Z0-9_]*)\s*$", line)
            if match:
                found.append(match[1])
            continue
        inside = indent if re.match(r"\s*(?:environment|env_variables|env):\s*$", line) else -1
    return found
