"""Users, sessions and work orders in one SQLite file.

Passwords are kept as scrypt digests, session tokens as SHA-256 digests: a stolen copy of the file
opens no session.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .settings import SESSION_HOURS

STATES = ("open", "in progress", "done")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    name TEXT PRIMARY KEY, salt BLOB NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
    digest BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES people(name), ends REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, berth TEXT NOT NULL, state TEXT NOT NULL,
    changed_by TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS orders_by_state ON orders(state, id);
"""


@dataclass(frozen=True, slots=True)
class Order:
    id: int
    title: str
    berth: str
    state: str
    changed_by: str


class Records:
    """The database. Safe to share between the threads of one process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def healthy(self) -> bool:
        try:
            return self._rows("SELECT 1") == [(1,)]
        except sqlite3.Error:
            return False

    # ------------------------------------------------------------ people and sessions

    def add_person(self, name: str, password: str) -> None:
        salt = secrets.token_bytes(16)
        self._rows(
            "INSERT OR REPLACE INTO people VALUES (?, ?, ?)", name, salt, _digest(password, salt)
        )

    def knows(self, name: str, password: str) -> bool:
        """Whether this is the person's password. Takes as long for names nobody has."""
        rows = self._rows("SELECT salt, digest FROM people WHERE name = ?", name)
        salt, digest = rows[0] if rows else (b"nobody-has-this!", b"")
        return hmac.compare_digest(_digest(password, salt), digest)

    def open_session(self, person: str) -> str:
        token = secrets.token_urlsafe(32)
        ends = time.time() + SESSION_HOURS * 3600
        self._rows("DELETE FROM sessions WHERE ends < ?", time.time())
        self._rows("INSERT INTO sessions VALUES (?, ?, ?)", _hashed(token), person, ends)
        return token

    def person_of(self, token: str) -> str:
        """Whose session a token opens, or an empty string."""
        rows = self._rows(
            "SELECT person FROM sessions WHERE digest = ? AND ends > ?",
            _hashed(token),
            time.time(),
        )
        return str(rows[0][0]) if rows else ""

    def end_session(self, token: str) -> None:
        self._rows("DELETE FROM sessions WHERE digest = ?", _hashed(token))

    # ------------------------------------------------------------ work orders

    def orders(self, limit: int = 200) -> tuple[Order, ...]:
        rows = self._rows("SELECT * FROM orders ORDER BY state != 'open', id LIMIT ?", limit)
        return tuple(Order(*row) for row in rows)

    def order(self, number: int) -> Order | None:
        rows = self._rows("SELECT * FROM orders WHERE id = ?", number)
        return Order(*rows[0]) if rows else None

    def add_order(self, title: str, berth: str, person: str) -> int:
        rows = self._rows(
            "INSERT INTO orders (title, berth, state, changed_by) VALUES (?, ?, 'open', ?)"
            " RETURNING id",
            title,
            berth,
            person,
        )
        return int(rows[0][0])

    def change_order(self, number: int, title: str, berth: str, state: str, person: str) -> bool:
        rows = self._rows(
            "UPDATE orders SET title = ?, berth = ?, state = ?, changed_by = ? WHERE id = ?"
            " RETURNING id",
            title,
            berth,
            state,
            person,
            number,
        )
        return bool(rows)

    def delete_order(self, number: int) -> bool:
        return bool(self._rows("DELETE FROM orders WHERE id = ? RETURNING id", number))

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**13, r=8, p=1)


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
