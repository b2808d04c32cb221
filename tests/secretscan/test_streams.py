"""Logs as they come: piped in, rotated, packed, cut off; in memory that does not grow with them."""

from __future__ import annotations

import bz2
import gzip
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from cli_door import ROOT, environment
from secretscan.corpus import key
from secretscan.test_hostile import places, stream

LIVE = key("sk_", "li" + "ve_", length=24)
PASSWORD = "Moewen" + "&Nest_47"
LINE = '2026-03-01T09:00:00Z INFO 10.0.0.7 "GET /orders?page=2" 200 token refreshed, password ok\n'
MOST_MEMORY = 300 * 1024


@pytest.mark.parametrize("name", ["app.log", "app.log.1", "app.log-20260301", "log/app.log.2"])
def test_a_password_without_quotes_counts_in_a_log(name: str) -> None:
    assert places(stream(f"{LINE}password: {PASSWORD}\n".encode(), name)) == [f"{name}:2"]


@pytest.mark.parametrize("name", ["app.ts", "app.login.ts", "catalog.1.ts"])
def test_and_not_in_code(name: str) -> None:
    assert places(stream(f"{LINE}password: {PASSWORD}\n".encode(), name)) == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
def test_a_packed_log_is_read_to_its_end_however_long(pack: Callable[[bytes], bytes]) -> None:
    lines = 3_500_000
    # No two alike: bzip2 packs what repeats itself seven times slower.
    log = b"".join(b"GET /orders/%07d 200\n" % number for number in range(lines))
    assert len(log) > 66 * 1024**2
    packed = pack(log + f"key {LIVE}\npassword: {PASSWORD}\n".encode())
    ending = "gz" if pack is gzip.compress else "bz2"
    found = stream(packed, f"app.log.{ending}")
    assert places(found) == [f"app.log.{ending}!:{lines + n}" for n in (1, 2)]
    assert found.gaps == ()


def test_of_a_packed_log_that_is_cut_off_the_rest_is_read_and_the_break_told() -> None:
    packed = gzip.compress(f"{LINE * 2_000}key {LIVE}\n".encode())
    found = stream(packed[:-8], "app.log.gz")
    assert places(found) == ["app.log.gz!:2001"]
    assert found.gaps == ("app.log.gz!: it could be read in part only",)


MEASURED = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:])
_, status, used = os.wait4(child.pid, 0)
print(used.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A small process starts it: what a child is said to have used begins with what its parent had."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="other systems do not tell a child's memory")
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other units")
def test_two_hundred_megabytes_are_piped_through_in_little_memory() -> None:
    block = LINE.encode() * 10_000
    times = 200 * 1024**2 // len(block)
    command = [sys.executable, "-m", "launchready_tui", "secrets", "scan", "-"]
    # The first scan of a machine compiles the rules, once: that is not what is measured.
    subprocess.run(command, cwd=ROOT, env=environment(), input=b"x", capture_output=True)
    with subprocess.Popen(
        [sys.executable, "-c", MEASURED, *command],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        for _ in range(times):
            process.stdin.write(block)
        said, narrated = process.communicate(f"key {LIVE}\n".encode())
    assert process.returncode == 1
    assert f"stdin:{times * 10_000 + 1}" in said.decode()
    assert LIVE not in said.decode()
    assert int(narrated.split()[-1]) <= MOST_MEMORY
