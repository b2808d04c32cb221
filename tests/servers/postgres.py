"""A real PostgreSQL server on 127.0.0.1 with TLS, SCRAM and the roles a test names."""

from __future__ import annotations

import contextlib
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from servers.pki import Papers
from servers.processes import free_port, running

_ACCESS = """\
local all postgres trust
hostssl locked all 127.0.0.1/32 reject
hostssl all trusting 127.0.0.1/32 trust
hostssl all hashed 127.0.0.1/32 md5
hostssl all open 127.0.0.1/32 password
host all all 127.0.0.1/32 scram-sha-256
"""


@dataclass(frozen=True)
class Postgres:
    port: int
    sql: Callable[[str], str]
    """Runs statements as the server's owner, and brings what psql prints."""


def binaries() -> Path:
    """Where initdb and its like are; the test is skipped where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed here")
    return found[-1].parent


@functools.cache
def _owner() -> str:
    """Who runs the server: PostgreSQL refuses root."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    pytest.skip("PostgreSQL refuses to run as root, and there is no other user here")


@contextlib.contextmanager
def running_postgres(papers: Papers | None, statements: str) -> Iterator[Postgres]:
    """Serve until the block ends; without papers it offers no encryption."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        with _served(folder, papers, statements) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _served(folder: Path, papers: Papers | None, statements: str) -> Iterator[Postgres]:
    where, port, data = binaries(), free_port(), folder / "data"
    as_root = os.geteuid() == 0
    run = functools.partial(
        subprocess.run, check=True, capture_output=True, text=True, timeout=120, cwd=folder
    )
    as_owner = ["setpriv", f"--reuid={_owner()}", "--clear-groups", "--"] if as_root else []
    if as_root:
        shutil.chown(folder, _owner())
    run(
        [*as_owner, where / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N",
         "--locale=C", "-E", "UTF8"]
    )  # fmt: skip
    settings = [
        "listen_addresses = '127.0.0.1'", f"port = {port}", f"unix_socket_directories = '{folder}'",
        "fsync = off", "max_connections = 20", "shared_buffers = 16MB",
    ]  # fmt: skip
    if papers is not None:
        for name, file in (("server.crt", papers.chain), ("server.key", papers.key)):
            (data / name).write_bytes(file.read_bytes())
            (data / name).chmod(0o600)
            if as_root:
                shutil.chown(data / name, _owner())
        settings.append("ssl = on")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\n".join(settings) + "\n")
    access = _ACCESS if papers is not None else _ACCESS.replace("hostssl", "host")
    (data / "pg_hba.conf").write_text(access, "utf-8")

    def sql(text: str) -> str:
        asked = [where / "psql", "-h", folder, "-p", str(port), "-U", "postgres", "-d", "postgres",
                 "-v", "ON_ERROR_STOP=1", "-qAtX", "-f", "-"]  # fmt: skip
        return str(run([*map(str, asked)], input=text).stdout)

    def ready() -> bool:
        asked = [where / "pg_isready", "-q", "-h", str(folder), "-p", str(port)]
        return subprocess.run(asked, check=False).returncode == 0

    command = [*as_owner, str(where / "postgres"), "-D", str(data)]
    with running(command, folder / "out.log", ready):
        sql(statements)
        yield Postgres(port, sql)
        run([*as_owner, where / "pg_ctl", "-D", data, "stop", "-m", "immediate", "-W"])
