"""A real Redis server on 127.0.0.1, with the users a test names, over TLS or without."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from servers.pki import Papers
from servers.processes import free_port, program, running


@dataclass(frozen=True)
class Redis:
    port: int
    ask: Callable[..., str]
    """Sends one command as the user boss, over the server's own socket."""


@contextlib.contextmanager
def running_redis(papers: Papers | None, users: Sequence[str], boss: str) -> Iterator[Redis]:
    """Serve until the block ends.

    Args:
        papers: For TLS alone; None for none.
        users: Lines of an ACL file, such as "user app on >word ~* +@all". One user, boss, is added.
        boss: Its password.
    """
    server, client = program("redis-server"), program("redis-cli")
    folder, port = Path(tempfile.mkdtemp(prefix="redis-")), free_port()
    socket = folder / "socket"
    lines = [*users, f"user boss on >{boss} ~* &* +@all"]
    (folder / "users.acl").write_text("\n".join(lines) + "\n", "utf-8")
    tls = ["--port", str(port)]
    if papers:
        tls = ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no",
               "--tls-cert-file", str(papers.chain), "--tls-key-file", str(papers.key),
               "--tls-ca-cert-file", str(papers.chain)]  # fmt: skip

    def ask(*words: str) -> str:
        command = [client, "-s", str(socket), "--user", "boss", "--pass", boss, "--no-auth-warning"]
        done = subprocess.run(
            [*command, *words], check=True, capture_output=True, text=True, timeout=20
        )
        return done.stdout.strip()

    def ready() -> bool:
        with contextlib.suppress(subprocess.CalledProcessError):
            return ask("PING") == "PONG"
        return False

    command = [server, *tls, "--bind", "127.0.0.1", "--unixsocket", str(socket), "--dir",
               str(folder), "--save", "", "--aclfile", str(folder / "users.acl"),
               "--protected-mode", "no"]  # fmt: skip
    try:
        with running(command, folder / "out.log", ready):
            yield Redis(port, ask)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
