"""Fields of pydantic settings classes: the names they read follow from prefix, alias and field."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeVar

from launchready_tui.facts.reference import Reference, Strength

T = TypeVar("T", str, bool)


def settings_fields(text: str) -> list[Reference]:
    """What a file's settings classes read; nothing where it cannot be parsed."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [
        reference
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(_named(b, "BaseSettings") for b in node.bases)
        for reference in _of_class(node)
    ]


def _of_class(node: ast.ClassDef) -> Iterator[Reference]:
    prefix = _said(node, "env_prefix", "")
    exact = _said(node, "case_sensitive", False)
    for field in node.body:
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if field.target.id == "model_config" or _constant_of_class(field):
            continue
        names = _aliases(field) or [f"{prefix}{field.target.id}"]
        needed = _without_default(field) and len(names) == 1  # of several any one will do
        how: Strength = "required" if needed else "default"
        for name in names:
            shown = name if exact else name.upper()
            yield Reference(name=shown, line=field.lineno, strength=how)


def _aliases(field: ast.AnnAssign) -> list[str]:
    """Names that a field gives itself: then no prefix is put before them."""
    if not (isinstance(field.value, ast.Call) and _named(field.value.func, "Field")):
        return []
    given = {keyword.arg: keyword.value for keyword in field.value.keywords}
    value = given.get("validation_alias") or given.get("alias") or given.get("env")
    parts = [value] if value is not None else []
    if isinstance(value, ast.Call) and _named(value.func, "AliasChoices"):
        parts = value.args
    elif isinstance(value, ast.List | ast.Tuple):
        parts = value.elts
    return [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]


def _named(node: ast.expr, name: str) -> bool:
    return (isinstance(node, ast.Name) and node.id == name) or (
        isinstance(node, ast.Attribute) and node.attr == name
    )


def _constant_of_class(field: ast.AnnAssign) -> bool:
    note = field.annotation
    return isinstance(note, ast.Subscript) and _named(note.value, "ClassVar")


def _without_default(field: ast.AnnAssign) -> bool:
    value = field.value
    if value is None:
        return True
    if isinstance(value, ast.Call) and _named(value.func, "Field"):
        if value.args:
            return _is_ellipsis(value.args[0])
        return not {keyword.arg for keyword in value.keywords} & {"default", "default_factory"}
    return _is_ellipsis(value)


def _is_ellipsis(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is ...


def _said(node: ast.ClassDef, option: str, otherwise: T) -> T:
    """An option of a settings class as a literal, wherever it is written."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.keyword) and inner.arg == option:
            value: ast.expr | None = inner.value
        elif isinstance(inner, ast.Assign) and any(_named(t, option) for t in inner.targets):
            value = inner.value
        else:
            continue
        if isinstance(value, ast.Constant) and isinstance(value.value, type(otherwise)):
            return value.value
    return otherwise
