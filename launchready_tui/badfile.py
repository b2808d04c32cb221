"""Reading TOML that people write: every way it can be wrong becomes one sentence that helps.

`read_toml` is the only reader. Whatever lies at a path (nothing, a folder, a device, bytes that are
no text, broken TOML, a key nobody knows) becomes a `BadFile` that names the file, the line where it
is known, the key, what was expected there and, where something is close, what was probably meant.
"""

from __future__ import annotations

import datetime
import difflib
import enum
import os
import re
import stat
import threading
import types
import typing
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar, Union

import msgspec
import msgspec.structs
import tomli

from launchready_tui.text import safe

MAX_BYTES = 1024 * 1024
"""A checklist or a record is a few kilobytes; more is a mistake or an attack."""

_ONE_AT_A_TIME = threading.Lock()
"""msgspec learns a type when it is first read into; two threads that do so at once crash it."""

T = TypeVar("T")
Step = str | int
Where = tuple[Step, ...]
"""A place in a document: keys and list positions, such as ("item", 3, "title")."""


class BadFile(Exception):
    """A file that cannot be used, in words for the person who wrote it."""

    def __init__(
        self,
        file: Path | str,
        expected: str,
        *,
        line: int | None = None,
        key: str = "",
        suggestion: str = "",
    ) -> None:
        self.file = Path(file)
        self.line = line
        self.key = safe(key, one_line=True, limit=200)
        self.expected = safe(expected, one_line=True, limit=400)
        self.suggestion = safe(suggestion, one_line=True, limit=300)
        super().__init__(self.message)

    @property
    def message(self) -> str:
        place = safe(str(self.file), one_line=True, limit=500)
        if self.line is not None:
            place += f", line {self.line}"
        if self.key:
            place += f", {self.key}"
        return f"{place}: {self.expected}." + (f" {self.suggestion}" if self.suggestion else "")


class Document:
    """A parsed file that still knows its lines, so that what is wrong with it can be pointed at."""

    def __init__(self, path: Path, text: str, data: dict[str, Any]) -> None:
        self.path = path
        self.text = text
        self.data = data

    def decode(self, type: type[T]) -> T:
        """Decode strictly: unknown keys, missing keys and wrong types are refused."""
        try:
            with _ONE_AT_A_TIME:
                return msgspec.convert(
                    self.data, type, builtin_types=_TOML_TYPES, str_keys=True, strict=True
                )
        except msgspec.ValidationError as error:
            raise self._explained(str(error), type) from None
        except RecursionError:
            raise BadFile(self.path, "the values are nested too deeply to be read") from None

    def bad(self, where: Where, expected: str, suggestion: str = "") -> BadFile:
        """A `BadFile` that points at a place of this document."""
        return BadFile(
            self.path,
            expected,
            line=_line_of(self.text, where),
            key=self._label(where),
            suggestion=suggestion,
        )

    def _label(self, where: Where) -> str:
        """`item[mail.spf].title`: list entries go by their own name where they have one."""
        label = ""
        for depth, step in enumerate(where, start=1):
            if isinstance(step, str):
                label += f".{step}" if label else step
            else:
                label += f"[{_own_name(self._at(where[:depth])) or step + 1}]"
        return label

    def _explained(self, message: str, type: Any) -> BadFile:
        """Say a decoder's error in our words, with the place and what is close to it."""
        what, _, path = message.partition(" - at `")
        where = _steps(path.rstrip("`"))
        if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL):
            known = [field.encode_name for field in _fields(_type_at(type, where))]
            return self.bad(
                (*where, unknown[1]), "this key is not known here", close(unknown[1], known)
            )
        if missing := re.fullmatch(r"Object missing required field `(.*)`", what):
            there = self._at(where)
            near = close(missing[1], there) if isinstance(there, dict) else ""
            fault = self.bad(where, f"the key {missing[1]} is missing", near)
            return fault if where else BadFile(self.path, fault.expected, suggestion=near)
        if what.startswith("Invalid enum value"):
            allowed = _values(_type_at(type, where))
            given = self._at(where)
            return self.bad(
                where,
                f"expected one of {', '.join(allowed)}, found {_shown(given)}",
                close(str(given), allowed),
            )
        if wrong := re.fullmatch(r"Expected `(.*)`, got `(.*)`", what):
            return self.bad(where, f"expected {_plain(wrong[1])}, found {_plain(wrong[2])}")
        return self.bad(where, what[:1].lower() + what[1:])

    def _at(self, where: Where) -> Any:
        value: Any = self.data
        for step in where:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def read_toml(path: Path, type: type[T]) -> T:
    """Read a TOML file into a type, strictly. Raises `BadFile` and nothing else."""
    return read_document(path).decode(type)


def read_document(path: Path) -> Document:
    """Read and parse a TOML file. Raises `BadFile` and nothing else."""
    return parse(path, text_of(path, bytes_of(path)))


def parse(path: Path, text: str) -> Document:
    """Parse the TOML text of a file. Raises `BadFile` and nothing else."""
    try:
        return Document(path, text, tomli.loads(text))
    except tomli.TOMLDecodeError as error:
        raise _broken(path, text, str(error)) from None
    except RecursionError:
        raise BadFile(path, "the values are nested too deeply to be read") from None
    except (ValueError, OverflowError) as error:  # a number of thousands of digits, a 25th hour
        raise BadFile(path, f"a value cannot be read: {error}") from None


def close(given: str, known: Iterable[str]) -> str:
    """`Did you mean severity?`, or nothing when nothing is near."""
    near = difflib.get_close_matches(given[:200], list(known), n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else ""


# ---------------------------------------------------------------- bytes to text


def bytes_of(path: Path, most: int = MAX_BYTES) -> bytes:
    """The content of a regular file. A device or a pipe behind a link would never end."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise BadFile(path, "there is no such file") from None
    except PermissionError:
        raise BadFile(
            path, "this file may not be read", suggestion="Give your user the right to read it."
        ) from None
    except IsADirectoryError:
        raise BadFile(path, "expected a file, found a folder") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise BadFile(path, f"this file cannot be opened: {_reason(error)}") from None
    try:
        return _content(path, handle, most)
    except OSError as error:
        raise BadFile(path, f"this file cannot be read: {_reason(error)}") from None
    finally:
        os.close(handle)


def _content(path: Path, handle: int, most: int) -> bytes:
    mode = os.fstat(handle).st_mode
    if stat.S_ISDIR(mode):
        raise BadFile(path, "expected a file, found a folder")
    if not stat.S_ISREG(mode):
        raise BadFile(path, "expected a plain file, found a device or a pipe")
    content = bytearray()
    while chunk := os.read(handle, most + 1 - len(content)):
        content += chunk
    if len(content) > most:
        raise too_large(path, most)
    return bytes(content)


def too_large(path: Path, most: int = MAX_BYTES) -> BadFile:
    limit = f"{most // (1024 * 1024)} MiB"
    return BadFile(path, f"this file is larger than {limit}; a file of this kind is far smaller")


def text_of(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(
            path,
            "expected UTF-8 text, found bytes of another encoding",
            line=content.count(b"\n", 0, error.start) + 1,
            suggestion="Save the file as UTF-8.",
        ) from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _broken(path: Path, text: str, message: str) -> BadFile:
    """A syntax error, with its line taken out of the parser's sentence."""
    at = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    line = int(at[1]) if at and at[1] else len(text.splitlines()) or 1
    what = message[: at.start()] if at else message
    column = f" (column {at[2]})" if at and at[2] else ""
    given = text.split("\n")[line - 1] if text else ""
    key = _KEY.match(given)
    return BadFile(
        path,
        f"this is not valid TOML: {what[:1].lower()}{what[1:]}{column}",
        line=line,
        key=key[1] if key else "",
        suggestion=_mended(given, what, key[1] if key else "key"),
    )


def _mended(given: str, what: str, key: str) -> str:
    """What was probably meant on a line that the parser refuses."""
    value = given.partition("=")[2].strip()
    if "overwrite" in what:
        return f"{key} is there twice: keep one of them."
    if value.startswith(('"', "'")) and value.count(value[0]) == 1:
        return f"Close the quote, as in {key} = {value}{value[0]}"
    if not value and "=" in given:
        return f'Give it a value, as in {key} = "…", or put a # in front of the line.'
    if re.fullmatch(r"[^\W\d][^\[\]{}\"'#,]*", value) and value not in ("true", "false"):
        return f'Text stands in quotes, as in {key} = "{value}"'
    return "Expected key = value; look for a quote or bracket that is missing here or above."


# ---------------------------------------------------------------- where in the text


_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_QUOTES = re.compile(r'"""|' + "'''")


def _line_of(text: str, where: Where) -> int | None:
    """The line of a place, or of the nearest thing above it; None when the file is empty of it."""
    table: Where = ()
    seen: dict[Where, int] = {}
    counts: dict[Where, int] = {}
    inside = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if header := _HEADER.match(line):
            table = _opened(header[1] == "[[", _parts(header[2]), counts)
            seen.setdefault(table, number)
        elif key := _KEY.match(line):
            seen.setdefault((*table, *_parts(key[1])), number)
        for quotes in _QUOTES.findall(line):
            inside = "" if inside == quotes else inside or quotes
    for length in range(len(where), 0, -1):
        if where[:length] in seen:
            return seen[where[:length]]
    return None


def _opened(repeated: bool, parts: Sequence[str], counts: dict[Where, int]) -> Where:
    """The place a header opens, counting the tables of each list."""
    where: Where = ()
    for part in parts[:-1]:
        where = (*where, part)
        if where in counts:
            where = (*where, counts[where])
    where = (*where, parts[-1])
    if repeated:
        counts[where] = counts.get(where, -1) + 1
        return (*where, counts[where])
    return where


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)] or [dotted]


# ---------------------------------------------------------------- what a decoder meant


_TOML_TYPES = (datetime.datetime, datetime.date, datetime.time)
_PLAIN = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
    "datetime": "a date with a time",
    "date": "a date",
    "time": "a time",
}


def _plain(kind: str) -> str:
    return " or ".join(_PLAIN.get(part.strip(), part.strip()) for part in kind.split("|"))


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _own_name(value: object) -> str:
    if isinstance(value, dict):
        for key in ("id", "code", "name"):
            if isinstance(value.get(key), str):
                return typing.cast(str, value[key])
    return ""


def _steps(path: str) -> Where:
    """`$.item[0].title` as steps, up to a key of free choice: there msgspec only says `[...]`."""
    known = path.partition("[...]")[0]
    return tuple(key or int(index) for key, index in re.findall(r"\.([\w-]+)|\[(\d+)\]", known))


def _fields(kind: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    try:
        return msgspec.structs.fields(kind)
    except TypeError:
        return ()


def _type_at(kind: Any, where: Where) -> Any:
    """The type a place is decoded into, or None where it cannot be told."""
    for step in where:
        kind = _bare(kind)
        if isinstance(step, int):
            inner = typing.get_args(kind)
            kind = inner[0] if inner else None
        elif typing.get_origin(kind) is dict:
            kind = typing.get_args(kind)[1]
        else:
            kind = next((f.type for f in _fields(kind) if f.encode_name == step), None)
    return _bare(kind)


def _bare(kind: Any) -> Any:
    """The one type of `X | None`."""
    if typing.get_origin(kind) in (Union, types.UnionType):
        kinds = [k for k in typing.get_args(kind) if k is not type(None)]
        return kinds[0] if len(kinds) == 1 else kind
    return kind


def _values(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return [str(member.value) for member in kind]
    return [str(value) for value in typing.get_args(kind)]
