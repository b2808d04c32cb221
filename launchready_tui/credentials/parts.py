"""A database's address in parts: DB_HOST, DB_USER, DB_PASSWORD and DB_NAME, or PGHOST and the rest.

What begins alike belongs together, and is put together into the address it stands for, so that one
judge serves both ways of writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from urllib.parse import quote, urlencode

UNNAMED = "database"
"""The scheme where no setting tells which kind of server it is."""
_SCHEMES = {
    **dict.fromkeys(("pg", "pgsql", "postgres", "postgresql", "psycopg", "psycopg2"), "postgres"),
    **dict.fromkeys(("mysql", "mysql2", "mysqli", "mariadb"), "mysql"),
    **dict.fromkeys(("mssql", "sqlserver", "sqlsrv"), "mssql"),
    **dict.fromkeys(("mongo", "mongodb"), "mongodb"),
    "redis": "redis",
    "valkey": "valkey",
    "cockroachdb": "cockroachdb",
}
_PORTS = {
    "5432": "postgres",
    "6543": "postgres",
    "3306": "mysql",
    "1433": "mssql",
    "27017": "mongodb",
    "6379": "redis",
}
_PARTS = {
    "host": "HOSTNAME|HOST|SERVER",
    "port": "PORT",
    "user": "USERNAME|USER",
    "password": "PASSWORD|PASSWD|PASS|PWD",
    "database": "DATABASE_NAME|DATABASE|DBNAME|NAME|DB",
    "sslmode": "SSL_?MODE",
    "ssl": "USE_SSL|SSL_ENABLED|SSL|USE_TLS|TLS_ENABLED|TLS",
    "sslca": "(?:ATTR_)?SSL_CA(?:_CERT)?|SSLROOTCERT",
    "server": "CONNECTION|DIALECT|ENGINE|TYPE|DRIVER|CLIENT|ADAPTER",
}
_NAME = re.compile(
    r"(?P<prefix>(?:\w*_)?(?:DB|DATABASE|PG|POSTGRES|POSTGRESQL|MYSQL|MARIADB|MSSQL|SQLSERVER|MONGO"
    r"|MONGODB|REDIS|VALKEY)(?:_\w+?)??)_?(?:"
    + "|".join(f"(?P<{part}>{endings})" for part, endings in _PARTS.items())
    + ")"
)
_HOST = re.compile(r"[\w.\-:,\[\]/]{1,300}")
_PORT = re.compile(r"(?:^[^:]+|\]):[0-9]{1,5}$")
_LONGEST = 200
_NONE = frozenset(["null", "none", "nil", "undefined"])
"""What frameworks read as no value at all."""


class Named(Protocol):
    """A setting with its value, in memory."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...


Setting = TypeVar("Setting", bound=Named)


@dataclass(frozen=True, slots=True, repr=False)
class Database(Generic[Setting]):
    """The settings that lead to one database, and the address they stand for, in memory."""

    host: Setting
    user: Setting | None
    password: Setting | None
    address: str

    @property
    def login(self) -> tuple[Setting, ...]:
        """Who signs in, and with what; empty where only a host is told."""
        return tuple(one for one in (self.user, self.password) if one and one.value.strip())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in (self.host, *self.login))


def databases(settings: Iterable[Setting]) -> Iterator[Database[Setting]]:
    """Every database whose host is told, of settings that are used together.

    Of a name that stands there twice the last one counts. A server that is a file (SQLite), and a
    host that is an address by itself, are none.
    """
    groups: dict[str, dict[str, Setting]] = {}
    for setting in settings:
        found = _NAME.fullmatch(setting.name.upper()) if len(setting.name) <= _LONGEST else None
        if setting.value.strip().lower() in _NONE:
            continue
        if found and found.lastgroup:
            groups.setdefault(found["prefix"], {})[found.lastgroup] = setting
    for prefix, held in groups.items():
        host = held.get("host")
        address = _address(prefix, {part: one.value.strip() for part, one in held.items()})
        if host and address:
            yield Database(host, held.get("user"), held.get("password"), address)


def _address(prefix: str, told: dict[str, str]) -> str:
    host, scheme = told.get("host", ""), _scheme(prefix, told)
    if not scheme or not _HOST.fullmatch(host) or "://" in host:
        return ""
    params = {key: told[key] for key in ("sslmode", "ssl", "sslca") if told.get(key)}
    if host.startswith("/"):
        params, host = {"host": host, **params}, ""  # the folder of a socket
    elif host.count(":") > 1 and not host.startswith("["):
        host = f"[{host}]"
    port = told.get("port", "")
    if re.fullmatch(r"[0-9]{1,5}", port) and not _PORT.search(host):
        host = f"{host}:{port}"
    user, password = quote(told.get("user", ""), safe=""), quote(told.get("password", ""), safe="")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    query = f"?{urlencode(params)}" if params else ""
    return f"{scheme}://{login}{host}/{quote(told.get('database', ''), safe='')}{query}"


def _scheme(prefix: str, told: dict[str, str]) -> str:
    """By the setting that says so, else by the names, else by the port. Empty for SQLite."""
    words = re.split(r"[^a-z0-9]+", told.get("server", "").lower())
    if any(word.startswith("sqlite") for word in words):
        return ""
    named = [_SCHEMES[word] for word in (*words, *prefix.lower().split("_")) if word in _SCHEMES]
    return named[0] if named else _PORTS.get(told.get("port", ""), UNNAMED)
