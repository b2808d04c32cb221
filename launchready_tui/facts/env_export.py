"""The values of an env file or of a host's export, in memory, for as long as somebody compares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from launchready_tui.facts import dotenv_raw
from launchready_tui.facts.env_kept import Found

MOST_VALUES = 2_000
_NAMES = ("key", "name", "variable")


def values_of(data: bytes, environment: str, source: str) -> tuple[Found, ...]:
    """NAME=value lines, a JSON object, or a list of objects with a name and a value. Total; where
    an export gives names alone there is nothing.
    """
    raw = dotenv_raw.read(data)
    if raw.encoding == "binary":
        return ()
    text = dotenv_raw.text_of(data)
    if text.lstrip()[:1] in ("{", "["):
        pairs = list(_pairs(text))
    else:
        pairs = [(line.name, line.value) for line in raw.lines if line.joined]
    last = dict(pairs[: MOST_VALUES * 2])
    found = [Found(name, value, environment, source) for name, value in last.items()]
    return tuple(found[:MOST_VALUES])


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(data, dict):
        inner = data.get("envs") or data.get("env") or data.get("variables")
        data = inner if isinstance(inner, dict | list) else data
    if isinstance(data, dict):
        yield from ((name, value) for name, value in data.items() if isinstance(value, str))
    for one in data if isinstance(data, list) else ():
        pair = _pair(one)
        if pair:
            yield pair


def _pair(one: Any) -> tuple[str, str] | None:
    """Of one entry: `{"key": …, "value": …}`, or the same inside `envVar`."""
    if not isinstance(one, dict):
        return None
    one = one.get("envVar", one)
    if not isinstance(one, dict):
        return None
    name = next((one[key] for key in _NAMES if isinstance(one.get(key), str)), None)
    value = one.get("value")
    return (name, value) if isinstance(name, str) and isinstance(value, str) else None
