"""Finding the names of environment variables in source code, line by line and honestly.

Static and without a tokenizer: a quote inside a regular expression must not hide what follows it.
What is put together at run time cannot be seen, so that it happens is recorded instead.
"""

from __future__ import annotations

import re

from launchready_tui.facts.reference import Reference, Strength
from launchready_tui.facts.settings_classes import settings_fields
from launchready_tui.model import Record

_N = r"([A-Za-z_][A-Za-z0-9_]*)"
_Q = r"""["'`]"""
MOST_PER_FILE = 2_000
LONGEST_LINE = 5_000


class Dynamic(Record, frozen=True, kw_only=True):
    """A name put together at run time; `prefix` is what of it stands in the code."""

    line: int
    prefix: str = ""


class Form(Record, frozen=True, kw_only=True):
    """One way a language reads the environment: the pattern's group 1 is the name."""

    pattern: str
    strength: Strength = "plain"


def _forms(*forms: tuple[str, Strength]) -> tuple[tuple[re.Pattern[str], Strength], ...]:
    return tuple((re.compile(pattern), strength) for pattern, strength in forms)


_JS = _forms(
    (rf"process\.env\??\.{_N}(?!\s*\()", "plain"),
    (rf"process\.env\??\.?\[\s*{_Q}{_N}{_Q}\s*\]", "plain"),
    (rf"import\.meta\.env\??\.{_N}", "plain"),
    (rf"import\.meta\.env\[\s*{_Q}{_N}{_Q}\s*\]", "plain"),
    (rf"Bun\.env\.{_N}", "plain"),
    (rf"(?:Deno\.|\b)env\.get\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"\bconfigService\.get(?:<[^>()]*>)?\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"\bconfigService\.getOrThrow(?:<[^>()]*>)?\(\s*{_Q}{_N}{_Q}", "required"),
    (r"\bc\.env\.([A-Z][A-Z0-9_]*)", "plain"),
    (rf"\bgetSecret\(\s*{_Q}{_N}{_Q}", "plain"),
    (r"^\s*([A-Z][A-Z0-9_]+)\s*:\s*z\s*\.", "required"),
)
_IMPORTED = _forms((r"(?<![\w.$])env\??\.([A-Z][A-Z0-9_]*)\b", "plain"))
"""Where `env` itself is imported, from Cloudflare's runtime or SvelteKit."""
_IMPORTS_IT = re.compile(
    r"import\s*(?:type\s*)?\{[^{}]{0,500}\benv\b[^{}]{0,500}\}\s*from\s*"
    r"[\"'](?:cloudflare:workers|\$env/dynamic/\w+)[\"']"
)
_PYTHON = _forms(
    (rf"\benviron\[\s*[rbuf]?{_Q}{_N}{_Q}\s*\](?!\s*=[^=])", "required"),
    (rf"\benviron\.get\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"\bgetenv\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"\benv(?:\.(?:str|int|bool|float|url|list|json|db|cache|path|dict|decimal|db_url))?"
     rf"\(\s*{_Q}{_N}{_Q}", "required"),
    (r"""(?<![.\w])config\(\s*["']([A-Z][A-Z0-9_]*)["']""", "required"),
)  # fmt: skip
_RUBY = _forms(
    (rf"\bENV\[\s*{_Q}{_N}{_Q}\s*\](?!\s*=[^=])", "plain"),
    (rf"\bENV\.fetch\(?\s*{_Q}{_N}{_Q}", "required"),
)
_PHP = _forms(
    (rf"\bgetenv\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"\$_ENV\[\s*{_Q}{_N}{_Q}\s*\]", "plain"),
    (
        r"\$_SERVER\[\s*[\"'](?!(?:HTTP|REQUEST|SERVER|REMOTE|SCRIPT|DOCUMENT|CONTENT|REDIRECT|PHP|AUTH"
        r"|CONTEXT|SSL|GATEWAY)_|QUERY_STRING|PATH_|ORIG_|UNIQUE_ID|HTTPS\b)([A-Z][A-Z0-9_]*)[\"']",
        "plain",
    ),
    (rf"(?<![\w>:])env\(\s*{_Q}{_N}{_Q}", "plain"),
)
_GO = _forms(
    (rf"\bos\.(?:Getenv|LookupEnv)\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"""\benv:"{_N}""", "plain"),
)
_OTHERS = _forms(
    (rf"\bSystem\.getenv\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"\b(?:env|dotenvy)::var(?:_os)?\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"(?<![\w_])env!\(\s*{_Q}{_N}{_Q}", "required"),
    (rf"\boption_env!\(\s*{_Q}{_N}{_Q}", "default"),
    (rf"\bGetEnvironmentVariable\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"\bSystem\.get_env\(\s*{_Q}{_N}{_Q}", "plain"),
    (rf"\bSystem\.fetch_env!\(\s*{_Q}{_N}{_Q}", "required"),
)
_PRISMA = _forms((rf"\benv\(\s*{_Q}{_N}{_Q}\s*\)", "required"))
_COMPOSE = _forms((r"\$\{([A-Z_][A-Z0-9_]*)(?:\}|:?\?)", "required"),
                  (r"\$\{([A-Z_][A-Z0-9_]*):?[-+]", "default"))  # fmt: skip

LANGUAGES: dict[str, tuple[tuple[re.Pattern[str], Strength], ...]] = {
    **dict.fromkeys(
        [".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro"],
        _JS,
    ),
    ".py": _PYTHON,
    **dict.fromkeys([".rb", ".rake", ".ru", ".erb"], _RUBY),
    ".php": _PHP,
    ".go": _GO,
    **dict.fromkeys([".java", ".kt", ".rs", ".cs", ".ex", ".exs", ".scala"], _OTHERS),
    ".prisma": _PRISMA,
    "compose": _COMPOSE,
}
_COMMENT = re.compile(r"^\s*(?://|#(?!\{)|\*|/\*|<!--|--\s)")
_FALLBACK = re.compile(r"^\s*[\])]?\s*(?:\|\||\?\?|\bor\b)")
_NAMED_ARGUMENT = re.compile(r"\s*,\s*\w+\s*=(?!=)")
_DEFAULT = re.compile(r"\bdefault\s*=")
_ARGUMENT = re.compile(r"^\s*,\s*[^)\s]|^\s*\)\s*(?:\{|do\b)")
"""A second argument, or a block: what a call falls back to."""
_COMPARED = re.compile(r"^\s*[\])]?\s*(?:\?(?![.?])|[!=]==?)")
"""`X === "on"` and `X ? a : b` say what happens without it."""
_CHAINED = re.compile(r"\.(?:optional|default|nullish)\(")
_UNPACKED = re.compile(
    r"(?:const|let|var)\s*\{([^{}]{0,2000})\}\s*=\s*(?:process|import\.meta|Bun)\.?env\b"
)
_SVELTE = re.compile(
    r"import\s*\{([^{}]{0,2000})\}\s*from\s*[\"'](?:\$env/static/\w+|astro:env/\w+)[\"']"
)
_PIECE = re.compile(rf"\s*(?:type\s+)?{_N}\s*(?:(?::|\bas\b)\s*\w+)?\s*(=)?")
_AT_RUN_TIME = re.compile(
    r"""(?:process\.env|import\.meta\.env|Bun\.env)\[(?!\s*["'`][A-Za-z_]\w*["'`]\s*\])
        \s*(?:[`"'](?P<js>[A-Za-z_]\w*)?)?
    | \b(?:environ(?:\.get)?|getenv)\s*[\[(](?!\s*["'][A-Za-z_]\w*["'])
        \s*(?:[rf]?["'](?P<py>[A-Za-z_]\w*)?)?
    | \bENV(?:\.fetch)?[\[(](?!\s*["'][A-Za-z_]\w*["'])\s*(?:["'](?P<rb>[A-Za-z_]\w*)?)?
    | (?:(?<!\}\ )(?<!\})=|\(|,|\.\.\.)\s*process\.env\s*(?:[;,)}]|$)
    | \benviron\.(?:items|keys|copy)\(|\bin\s+os\.environ\b|\bdict\(os\.environ""",
    re.VERBOSE,
)


WORDS = ("env", "configservice", "decouple", "$_server")
"""One of these, in small letters, stands in every file that reads the environment."""


def may_read(text: str, kind: str) -> bool:
    """Whether it is worth looking through a file's lines."""
    small = text.lower()
    return kind == "compose" or any(word in small for word in WORDS)


def references(text: str, kind: str) -> tuple[tuple[Reference, ...], tuple[Dynamic, ...]]:
    """The names a file of a kind (its extension, or "compose") reads, and reads at run time."""
    forms = known = LANGUAGES[kind]
    if forms is _JS and _IMPORTS_IT.search(text):
        forms = (*_JS, *_IMPORTED)
    found: list[Reference] = []
    dynamic: list[Dynamic] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LONGEST_LINE or len(found) >= MOST_PER_FILE or _COMMENT.match(line):
            continue
        for pattern, strength in forms:
            for match in pattern.finditer(line):
                how = _strength(strength, match[0], line[match.end() :], kind)
                found.append(Reference(name=match[1], line=number, strength=how))
        if known in (_JS, _PYTHON, _RUBY):
            for match in _AT_RUN_TIME.finditer(line):
                prefix = match["js"] or match["py"] or match["rb"] or ""
                dynamic.append(Dynamic(line=number, prefix=prefix))
    if known is _JS:
        found += _unpacked(text)
    if kind == ".py" and "BaseSettings" in text:
        found += settings_fields(text)
    return tuple(found), tuple(dynamic[:MOST_PER_FILE])


def _strength(strength: Strength, text: str, rest: str, kind: str) -> Strength:
    """What follows a reference says whether there is a fallback."""
    if strength == "default" or kind == "compose":
        return strength
    if _FALLBACK.match(rest):
        return "default"
    if "(" in text and _ARGUMENT.match(rest):
        named = kind == ".py" and _NAMED_ARGUMENT.match(rest)  # `cast=bool` is no fallback
        return strength if named and not _DEFAULT.search(rest) else "default"
    if strength == "plain" and _COMPARED.match(rest):
        return "default"
    if rest.lstrip().startswith(("!.", "!;", "!,", "!)", "! ")) or rest.strip() == "!":
        return "required"
    if kind != ".py" and strength == "required" and _CHAINED.search(rest):
        return "default"
    return strength


def _unpacked(text: str) -> list[Reference]:
    """`const { A, B: b = "d" } = process.env`, and imports of names from the environment."""
    found = []
    for pattern in (_UNPACKED, _SVELTE):
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            for piece in match[1].split(",")[:200]:
                name = _PIECE.match(piece)
                if name and name[1] != "getSecret":
                    how: Strength = "default" if name[2] else "plain"
                    found.append(Reference(name=name[1], line=line, strength=how))
    return found
