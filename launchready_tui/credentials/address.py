"""Addresses of databases: who signs in, with what kind of password, over which kind of connection.

What comes out is a code and fixed words. No host, no name and no password is in them, but for the
names of the well-known owners' accounts.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from launchready_tui.credentials.flaw import Flaw
from launchready_tui.credentials.parts import UNNAMED

POSTGRES = frozenset(["postgres", "postgresql", "cockroachdb"])
OWNERS = frozenset(
    ["admin", "administrator", "doadmin", "postgres", "rdsadmin", "root", "sa", "superuser"]
)
"""Accounts that own a database server by its maker's or a provider's custom."""
_OWN_MACHINE = re.compile(
    r"localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|host\.docker\.internal|.*\.localhost", re.DOTALL
)
_PRIVATE_ENDINGS = (".internal", ".local", ".lan", ".svc", ".flycast", ".home.arpa")
_TRIVIAL = re.compile(
    r"(?:my|super|the|db|app)?[-_.]?(?:secret|password|passwd|passw[0o]rd|p@ssw[0o]rd|pass|postgres"
    r"|postgresql|mysql|mariadb|mongo|mongodb|redis|root|admin|administrator|test|testing|dev|demo"
    r"|guest|user|default|example|sample|qwerty|letmein|welcome|changeme|changeit|foobar|abc|docker"
    r")[-_.!]?\d{0,4}!?|\d{1,10}|(.)\1*",
    re.IGNORECASE | re.DOTALL,
)
_REFERENCE = re.compile(r"\$\{|\{\{|^\$|^<.*>$|^%\(|^\[.*\]$", re.DOTALL)
LEAST_LENGTH = 8
_TLS_MODES = frozenset(["encrypt", "requiressl", "ssl", "ssl-mode", "sslmode", "tls", "usessl"])
"""Parameters that switch encryption on or off, without _; what stands for off is `_OFF`."""
_TLS_SIGNS = frozenset(["sslaccept", "sslidentity", "sslca", "ssl-ca"])
"""Parameters that only make sense on an encrypted connection."""
_OFF = frozenset(["0", "allow", "disable", "disabled", "false", "no", "off", "prefer", "preferred"])
_ENCRYPTED = frozenset(
    ["mongodb+srv", "mssql", "prisma", "rediss", "sqlserver", "valkeys", UNNAMED]
)
"""Schemes whose clients encrypt unless they are told not to, or may do so for all that is known."""
_DIRECT_NAME = re.compile(r"(?:^|_)(?:DIRECT|MIGRAT\w*|UNPOOLED|NON_?POOLING|SHADOW)(?:_|$)")
POOLER_PORT = 6543


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """The parts of a database's address, in memory."""

    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    database: str
    params: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> str:
        """The scheme without its driver; mongodb+srv and prisma+postgres are no drivers."""
        if self.scheme == "mongodb+srv":
            return self.scheme
        return "prisma" if self.scheme.startswith("prisma") else self.scheme.partition("+")[0]

    @property
    def own_machine(self) -> bool:
        return not self.host or self.host.startswith("/") or bool(_OWN_MACHINE.fullmatch(self.host))

    @property
    def private(self) -> bool:
        """A machine that only neighbours reach: a service of a compose file, a private network."""
        if self.own_machine:
            return True
        try:
            return not ipaddress.ip_address(self.host).is_global
        except ValueError:
            return "." not in self.host or self.host.endswith(_PRIVATE_ENDINGS)

    @property
    def pooled(self) -> bool:
        """Whether a connection is handed to somebody else after each transaction."""
        if self.kind not in POSTGRES:
            return False
        told = any(key == "pgbouncer" and value.lower() == "true" for key, value in self.params)
        return told or self.port == POOLER_PORT or "-pooler." in self.host

    @property
    def template(self) -> bool:
        """Whether it still says USER:PASSWORD, or leaves the password to another setting."""
        if _REFERENCE.search(self.password) or _REFERENCE.search(self.user):
            return True
        words = (self.user, self.password)
        return all(word.isalpha() and word.isupper() for word in words)


def address(value: str) -> Address | None:
    """The parts of an address; None for what cannot be read as one."""
    try:
        parts = urlsplit(value.strip())
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return None
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    params = {_key(key): text for key, text in query}
    if ";" in parts.netloc + parts.path and not login:
        return _semicolons(parts.scheme, parts.netloc + parts.path)
    host, port = _host(hosts)
    return Address(
        scheme=parts.scheme,
        user=unquote(user),
        password=unquote(password),
        host=params.get("host", "") or host,
        port=port,
        database=unquote(parts.path.strip("/")),
        params=tuple(params.items()),
    )


def _key(key: str) -> str:
    return key.lower().replace("_", "")


def _host(hosts: str) -> tuple[str, int | None]:
    """The first of several hosts, in small letters, and its port."""
    first = unquote(hosts.split(",")[0]).lower()
    if first.startswith("["):
        host, _, rest = first[1:].partition("]")
        port = rest.removeprefix(":")
    else:
        host, _, port = first.partition(":")
    return host, int(port) if re.fullmatch(r"[0-9]{1,5}", port) else None


def _semicolons(scheme: str, text: str) -> Address:
    """`sqlserver://host:1433;database=…;user=…`, as SQL Server's drivers write it."""
    first, *rest = text.split(";")[:100]
    pairs = {_key(k.strip()): v.strip() for k, _, v in (part.partition("=") for part in rest)}
    host, port = _host(first.strip("/"))
    return Address(
        scheme=scheme,
        user=pairs.get("user", ""),
        password=pairs.get("password", "").strip("{}"),
        host=host,
        port=port,
        database=pairs.get("database", ""),
        params=tuple(pairs.items()),
    )


def flaws(name: str, held: Address, environment: str, *, elsewhere_tls: bool) -> Iterator[Flaw]:
    """What is wrong with an address where it is used.

    Args:
        elsewhere_tls: Another setting of the environment (PGSSLMODE) asks for encryption.
    """
    if held.template:
        return
    yield from _user(held, environment)
    yield from _password(held, environment)
    if not held.private and not elsewhere_tls:
        yield from _encryption(held)
    if held.pooled and _DIRECT_NAME.search(name.upper()):
        what = "a pooler's address under a name for direct connections"
        yield Flaw(code="db-pooler-for-migrations", what=what)


def wants_direct(name: str) -> bool:
    return bool(_DIRECT_NAME.search(name.upper()))


def _user(held: Address, environment: str) -> Iterator[Flaw]:
    """Only by its name: the attributes of the role are not seen."""
    user = held.user.partition(".")[0] if held.user.startswith("postgres.") else held.user
    if held.kind in ("redis", "rediss", "prisma") or user.lower() not in OWNERS:
        return
    if environment == "dev" or (environment == "any" and held.private):
        return
    yield Flaw(code="db-superuser", what=f"the app signs in as {user.lower()}", sure=False)


def _password(held: Address, environment: str) -> Iterator[Flaw]:
    if not held.password or held.kind == "prisma":
        return
    if held.private and environment != "prod":
        return  # it opens what runs on the same machine
    what = ""
    if held.password.lower() == held.user.lower():
        what = "the password is the user's name"
    elif held.password.lower() == held.database.lower():
        what = "the password is the database's name"
    elif _TRIVIAL.fullmatch(held.password):
        what = "the password is one that everybody tries first"
    elif len(held.password) < LEAST_LENGTH:
        what = f"the password is shorter than {LEAST_LENGTH} characters"
    if what:
        yield Flaw(code="db-weak-password", what=what, lesser=held.private)


def _encryption(held: Address) -> Iterator[Flaw]:
    modes = {key: value.lower() for key, value in held.params if key in _TLS_MODES}
    off = next((key for key, value in modes.items() if value in _OFF), "")
    if off:
        said = "does not insist on encryption" if modes[off][:1] in "ap" else "switches it off"
        yield Flaw(code="db-no-tls", what=f"{off} {said}")
    signs = _TLS_SIGNS & {key for key, _ in held.params}
    if not modes and not signs and held.kind not in _ENCRYPTED:
        yield Flaw(code="db-no-tls", what="the address asks for no encryption", sure=False)
