"""A TLS look at one host against sslyze and testssl.sh, side by side on one nginx of this machine.

Ours is what a check does, in a process that runs already: against `sslyze --certinfo` the
certificate with its chain, verified; against `testssl.sh -p -S` the versions as well. Each
program is timed as it runs, with its start. Wanted: ours at least 50× faster.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from launchready_tui.network import Options, Scope, open_network
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

HOST = "acme.test"
SCOPE = Scope(hosts=(HOST,), named=(HOST,))
ROUNDS = 9
INSTALL = {
    "sslyze": "pip install sslyze",
    "testssl.sh": "apt-get install testssl.sh, or git clone https://github.com/testssl/testssl.sh",
}


async def _certificate(options: Options) -> None:
    async with open_network(SCOPE, options) as net:
        shaken = await net.handshake(HOST)
    assert shaken.outcome == "trusted", shaken


async def _versions_too(options: Options) -> None:
    async with open_network(SCOPE, options) as net:
        shaken = await net.handshake(HOST)
        versions = await net.versions(HOST, chosen=shaken.version)
    assert shaken.outcome == "trusted", shaken
    assert {offer.version for offer in versions} >= {"TLSv1", "TLSv1.1", shaken.version}


LOOKS = {"sslyze": _certificate, "testssl.sh": _versions_too}
"""What of ours does the work of each program."""


def timed(deed: Callable[[], object]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def others(port: int, ca: Path) -> dict[str, Sequence[str]]:
    """The commands, by the name of the program that has to be there."""
    at = f"127.0.0.1:{port}"
    return {
        "sslyze": ("sslyze", "--certinfo", "--sni", HOST, at),
        "testssl.sh": (
            *("testssl.sh", "-p", "-S", "--quiet", "--color", "0", "--warnings", "off"),
            *("--ip", "127.0.0.1", "--add-ca", str(ca), f"{HOST}:{port}"),
        ),
    }


def found(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name.removesuffix(".sh"))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        pki = Pki(Path(name))
        papers = pki.good(HOST)
        port = free_port()
        body = f"""
  server {{ listen 127.0.0.1:{port} ssl; server_name {HOST};
    ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};
    location / {{ return 200 "here"; }} }}
"""
        options = Options(ca=str(pki.ca), connect=(f"{HOST}:443=127.0.0.1:{port}",))
        with running_nginx(body):
            for name, command in others(port, pki.ca).items():
                look = LOOKS[name]
                asyncio.run(look(options))
                ours = statistics.median(
                    timed(lambda look=look: asyncio.run(look(options))) for _ in range(ROUNDS)
                )
                print(f"a look of ours as at {name}: {ours * 1000:.1f} ms")
                program = found(name)
                if program is None:
                    print(f"{name} is not installed, so not compared: {INSTALL[name]}")
                    continue
                theirs = timed(
                    lambda argv=(program, *command[1:]): subprocess.run(
                        argv, capture_output=True, check=False, stdin=subprocess.DEVNULL
                    )
                )
                print(f"{name}: {theirs:.1f} s: {theirs / ours:.0f}× ours (wanted ≥ 50×)")


if __name__ == "__main__":
    main()
