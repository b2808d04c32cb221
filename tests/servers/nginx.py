"""A real web server (nginx) with the configuration a test gives it."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from servers.processes import accepts, program, running

_CONFIG = """\
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/tmp;
    proxy_temp_path {folder}/tmp;
    fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp;
    scgi_temp_path {folder}/tmp;
{body}
}}
"""
_LISTEN = re.compile(r"listen\s+(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):(\d+)")


@contextlib.contextmanager
def running_nginx(config_body: str) -> Iterator[Path]:
    """Run nginx until the block ends; yields the folder with its access.log.

    Args:
        config_body: What stands inside `http { }`. Each `listen` names address and port (see
            `processes.free_port`), and is waited for.
    """
    nginx = program("nginx")
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        # Started as root, nginx would give its workers to a user who may not read the test's files.
        user = "user root;" if os.geteuid() == 0 else ""
        config = folder / "nginx.conf"
        config.write_text(_CONFIG.format(user=user, folder=folder, body=config_body), "utf-8")
        ends = [(host.strip("[]"), int(port)) for host, port in _LISTEN.findall(config_body)]
        command = [nginx, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config)]
        with running(command, folder / "out.log", lambda: all(accepts(*end) for end in ends)):
            yield folder
