"""What is wrong with one line of an env file: read differently by two programs, or no real value.

Each rule sees a line with its value and says a code; the value stays here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import urlsplit

from launchready_tui.credentials.kinds import PAYMENTS, SIGNS, kind_of
from launchready_tui.credentials.parts import databases
from launchready_tui.credentials.signing import weakness
from launchready_tui.facts.dotenv_raw import RawFile, RawLine
from launchready_tui.facts.env_readers import Reader
from launchready_tui.facts.env_values import is_placeholder, says_secret
from launchready_tui.model import Record
from launchready_tui.text import safe

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEFAULT = re.compile(r"\$\{\w+(?:[-?+]|:[-?+])")
_BRACED = re.compile(r"\$\{\w+\}")
_DOLLAR = re.compile(r"\$[\w$(]")
_SHELL = re.compile(r"[&;()<>|\s{}]")
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----")
_PUBLIC = re.compile(r"(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|GATSBY|VITE|PUBLIC)_")
_SECRET_WORD = re.compile(r"SECRET|PRIVATE|SERVICE_ROLE|PASSWORD|PASSWD")
_PUBLIC_BY_DESIGN = re.compile(r"PUBLISHABLE|ANON|PUBLIC_KEY$|SITE_KEY")
_SECRET_SHAPE = re.compile(
    r"(?:sk|rk)_(?:live|test)_\w{8}|sb_secret_\w{8}|whsec_\w{8}|SG\.[\w-]{8}"
    r"|-----BEGIN [A-Z ]*PRIVATE|ghp_\w{8}|github_pat_\w{8}|xox[bp]-|sk-(?:proj|ant)-"
)
_TEST_MODE = re.compile(r"(?:sk|rk|pk)_test_")
_LIVE_MODE = re.compile(r"(?:sk|rk|pk)_live_")
OF_PAYMENTS = "payments"
"""What a flaw says of a payment provider's key."""
_PROVIDER = re.compile(r"STRIPE|CLERK|PADDLE|RAZORPAY")
_LOCAL = re.compile(r"localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal")
_ELSEWHERE = re.compile(
    r"(?:^|[.\-_])(?:staging|stage|stg|preview|dev|develop|development|test|testing|qa|uat|sandbox)"
    r"[.\-_]|\.(?:local|localhost)$|\.ngrok(?:-free)?\.(?:io|app|dev)$",
    re.IGNORECASE,
)
_NO_TEST = frozenset(["dev.azure.com", "dev.to", "dev.mysql.com"])
"""Hosts of a production's own providers that are only called like a test."""
_BESIDE = re.compile(r"^(?:OTEL|DD|STATSD)_|^NO_PROXY$")
"""Settings of helpers that run on the same machine by design."""
_LISTENS = frozenset(["0.0.0.0", "::"])
"""Where a server listens, not where a client goes."""
_URL_NAME = re.compile(r"_(?:URL|URI|ENDPOINT)$|^(?:URL|BASE_URL|DATABASE_URL)$")
_HOST_NAME = re.compile(r"(?:^|_)(?:(?:PG)?HOST|HOSTNAME|DOMAIN|SERVER)$")
_OWN_ADDRESS = re.compile(
    r"(?:(?:NEXT_PUBLIC|NUXT_PUBLIC|VITE|REACT_APP|PUBLIC)_)?(?:APP|SITE|AUTH|NEXTAUTH|BASE)_URL"
)
"""Settings that hold where the product itself is."""
_DATABASE = re.compile(
    r"(?:postgres(?:ql)?|mysql|mariadb|mongodb|mssql|rediss?|valkeys?|cockroachdb|database)"
    r"(?:\+\w+)?://"
)
_BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*(?::\d+)?(?:/\S*)?")


class Flaw(Record, frozen=True, kw_only=True):
    """A code at a name and a line. `worse` where the name says a secret, or the values differ."""

    code: str
    name: str
    line: int
    worse: bool = False
    what: str = ""


Rule = Callable[[RawLine, frozenset[Reader]], Iterator[str]]


def flaws_of(
    raw: RawFile,
    environment: str,
    readers: Collection[Reader],
    declared: Collection[str] = (),
    own: Collection[str] = (),
) -> tuple[Flaw, ...]:
    """Every flaw of a file.

    Args:
        declared: Names of services that a compose file knows as hosts.
        own: The product's own hosts; empty where nobody named them.
    """
    if raw.encoding == "binary":
        return ()
    found = list(_of_bytes(raw))
    found += [Flaw(code="dotenv-quote-junk", name="", line=line) for line in raw.strange]
    known = frozenset(readers)
    example = environment == "example"
    stores = frozenset(one.host.name for one in databases(raw.lines))
    for line in raw.lines:
        codes = list(_of_writing(line, known))
        if not example:
            codes += _of_value(line)
        if environment == "prod":
            codes += _of_production(line, declared, own, stores)
        sensitive = says_secret(line.name) or _password_in(line.value)
        found += [
            Flaw(code=code, name=_shown(line.name), line=line.line, worse=sensitive)
            for code in dict.fromkeys(codes)
        ]
    found += _twice(raw)
    if not example:
        found += _slashes(raw)
        found += _guessable(raw)
    if environment == "prod":
        found += _modes(raw)
    return tuple(sorted(found, key=lambda flaw: (flaw.line, flaw.code, flaw.name)))


def _shown(name: str) -> str:
    return safe(name, one_line=True, limit=200) if len(name) <= 200 else "a very long name"


def _of_bytes(raw: RawFile) -> Iterator[Flaw]:
    if raw.bom and raw.encoding == "utf-8":
        yield Flaw(code="dotenv-bom", name="", line=1)
    if raw.encoding in ("utf-16", "latin-1"):
        what = "UTF-16" if raw.encoding == "utf-16" else "Latin-1 or another old encoding"
        yield Flaw(code="dotenv-encoding", name="", line=1, what=what)
    if raw.ends != "lf":
        what = {"crlf": "CR LF", "cr": "CR alone", "mixed": "several kinds"}[raw.ends]
        yield Flaw(code="dotenv-line-ends", name="", line=1, what=what)
    if raw.nul:
        yield Flaw(code="dotenv-nul", name="", line=1)


# ---------------------------------------------------------------- how it is written


def _of_writing(line: RawLine, readers: frozenset[Reader]) -> Iterator[str]:
    if not _KEY.fullmatch(line.name):
        yield "dotenv-key-name"
    if not line.joined:
        yield "dotenv-bare"
        return
    if line.joined == ":":
        yield "dotenv-colon"
    elif line.spaced:
        yield "dotenv-spaces"
    if line.open:
        yield "dotenv-quote-junk"
        return
    if line.quote == "`":
        yield "dotenv-backtick"
    if line.quote and "docker" in readers:
        yield "dotenv-docker-quotes"
    yield from _expanded(line, readers)
    if line.quote == '"' and not _PEM.search(line.value):
        inner = line.value.rstrip().removesuffix("\\n")
        if re.search(r"\\[$\"]|\\n", inner):
            yield "dotenv-escape"
    if not line.quote:
        if re.search(r"\S#", line.value):
            yield "dotenv-hash-cut"
        if _SHELL.search(_BRACED.sub("", _DEFAULT.sub("", line.value))):
            yield "dotenv-shell-unsafe"


def _expanded(line: RawLine, readers: frozenset[Reader]) -> Iterator[str]:
    """Single quotes keep a $ for everybody but Python, which opens ${…} in them too."""
    value = re.sub(r"\\\$", "", line.value) if line.quote == '"' else line.value
    if line.quote == "`" or (line.quote == "'" and "python" not in readers):
        return
    if _DEFAULT.search(value):
        yield "dotenv-default-form"
    elif _BRACED.search(value):
        yield "dotenv-interpolation"
    if line.quote != "'" and _DOLLAR.search(value):
        yield "dotenv-dollar"


def _twice(raw: RawFile) -> Iterator[Flaw]:
    first: dict[str, RawLine] = {}
    for line in raw.lines:
        before = first.setdefault(line.name, line)
        if before is not line:
            worse = before.value != line.value and says_secret(line.name)
            what = f"first on line {before.line}"
            yield Flaw(
                code="dotenv-duplicate",
                name=_shown(line.name),
                line=line.line,
                worse=worse,
                what=what,
            )


# ---------------------------------------------------------------- what it holds


def _of_value(line: RawLine) -> Iterator[str]:
    value = line.value
    if line.joined and not value.strip():
        yield "env-empty"
        return
    if not line.joined or line.open:
        return
    if line.quote and (value != value.strip() or value.rstrip().endswith("\\n")):
        if not _PEM.search(value):
            yield "env-whitespace-ends"
    elif not line.quote and value.endswith("\\n"):
        yield "env-whitespace-ends"
    if _wrapped(value.strip()):
        yield "env-wrapping-quotes"
    if is_placeholder(line.name, value):
        yield "env-placeholder"
        return
    if _public_secret(line.name, value):
        yield "secret-public-prefix"
    if _lacks_scheme(line.name.upper(), value):
        yield "env-url-scheme"


def _guessable(raw: RawFile) -> Iterator[Flaw]:
    """Secrets of a team's own that are weak; what still is an example's text is told as that."""
    for line in raw.lines:
        kind = kind_of(line.name, line.value)
        signs = kind is not None and kind.id == SIGNS
        if line.open or is_placeholder(line.name, line.value):
            continue
        if not signs and (kind is not None or not says_secret(line.name)):
            continue
        if weak := weakness(line.name, line.value, of_signing=signs):
            yield Flaw(
                code=weak.code,
                name=_shown(line.name),
                line=line.line,
                worse=not weak.lesser,
                what=weak.what,
            )


def _lacks_scheme(name: str, value: str) -> bool:
    """A host, with a dot or a port, where the name promises an address."""
    if not _URL_NAME.search(name) or name.endswith("_ENDPOINT") or "://" in value:
        return False
    return bool(_BARE_HOST.fullmatch(value) and re.search(r"\.[a-z]|^localhost|:\d", value))


def _wrapped(value: str) -> bool:
    """Quotes that a reader leaves in place; a JSON text that is a string has no quotes inside."""
    if len(value) < 2 or value[0] != value[-1] or value[0] not in "\"'":
        return False
    return value[0] not in value[1:-1]


def _public_secret(name: str, value: str) -> bool:
    """A setting that is built into the page by its name, and secret by its name or its shape."""
    if not _PUBLIC.match(name) or _PUBLIC_BY_DESIGN.search(name):
        return False
    return bool(_SECRET_WORD.search(name) and says_secret(_PUBLIC.sub("", name, count=1))) or bool(
        _SECRET_SHAPE.match(value)
    )


def _password_in(value: str) -> bool:
    return bool(re.match(r"\w[\w+.-]{0,30}://[^\s/@:]*:[^\s/@]+@", value))


def _of_production(
    line: RawLine, declared: Collection[str], own: Collection[str], stores: Collection[str]
) -> Iterator[str]:
    """`stores` are the names of settings that hold a database's host."""
    host = host_in(line.name, line.value.strip())
    if not host or host in declared or host in _NO_TEST or _BESIDE.search(line.name.upper()):
        return
    if host in _LISTENS and "://" not in line.value:
        return
    if _LOCAL.fullmatch(host):
        database = line.name in stores or leads_to_database(line.value)
        yield "db-localhost-in-prod" if database else "env-points-elsewhere"
    elif _ELSEWHERE.search(host) or _not_ours(line.name, host, own):
        yield "env-points-elsewhere"


def _not_ours(name: str, host: str, own: Collection[str]) -> bool:
    """Where the product says it is, and it is not there: sign-in and links then lead elsewhere."""
    if not own or not _OWN_ADDRESS.fullmatch(name.upper()):
        return False
    return not any(host == one or host.endswith(f".{one}") for one in own)


def leads_to_database(value: str) -> bool:
    return bool(_DATABASE.match(value.strip()))


def host_in(name: str, value: str) -> str:
    """The host that a setting leads to; empty where it leads to none."""
    if "://" in value:
        try:
            return (urlsplit(value).hostname or "").lower()
        except ValueError:
            return ""
    upper = name.upper()
    if (_HOST_NAME.search(upper) or _URL_NAME.search(upper)) and _BARE_HOST.fullmatch(value):
        return re.split(r"[:/]", value, maxsplit=1)[0].lower()
    return ""


def _modes(raw: RawFile) -> Iterator[Flaw]:
    """A test key among live ones, or a payment or login provider's test key in production."""
    mixed = any(_LIVE_MODE.match(line.value) for line in raw.lines)
    for line in raw.lines:
        if _TEST_MODE.match(line.value) and (mixed or _PROVIDER.search(line.name.upper())):
            kind = kind_of(line.name, line.value)
            what = OF_PAYMENTS if kind and kind.id.startswith(PAYMENTS) else ""
            yield Flaw(code="env-mode-mismatch", name=_shown(line.name), line=line.line, what=what)


def _slashes(raw: RawFile) -> Iterator[Flaw]:
    """The same address with a slash at its end under one name and without it under another."""
    ends: dict[str, list[RawLine]] = {}
    for line in raw.lines:
        if _URL_NAME.search(line.name.upper()) and re.match(r"https?://", line.value):
            ends.setdefault(line.value.rstrip("/"), []).append(line)
    for same in ends.values():
        if len({line.value.endswith("/") for line in same}) == 2:
            odd = same[-1]
            yield Flaw(
                code="env-url-scheme",
                name=_shown(odd.name),
                line=odd.line,
                what=f"a slash at the end, unlike {_shown(same[0].name)}"
                if odd.value.endswith("/")
                else f"no slash at the end, unlike {_shown(same[0].name)}",
            )
