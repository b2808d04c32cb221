"""Several launchready that write to one keyring at the same time."""

from __future__ import annotations

from pathlib import Path

from servers.keyring import UNLOCKED, in_session, needs_keyring

WRITERS = """
    import subprocess, sys
    from launchready_tui.vault.ladder import Vault
    one = (
        "import sys\\n"
        "from launchready_tui.vault.keyring_rung import KeyringRung\\n"
        "from launchready_tui.secret import Secret\\n"
        "rung = KeyringRung('acme')\\n"
        "for number in range(10):\\n"
        "    rung.set(f'{sys.argv[1]}-{number}', Secret('abcdefgh'))\\n"
        "rung.delete(f'{sys.argv[1]}-0')\\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", one, name]) for name in ("ANNA", "BEN", "CARA")
    ]
    assert [writer.wait() for writer in started] == [0, 0, 0]
    print(*Vault.open("acme").list())
"""


@needs_keyring
def test_processes_that_write_at_once_lose_no_name(tmp_path: Path) -> None:
    done = in_session(WRITERS, tmp_path, UNLOCKED)
    wanted = [f"{name}-{number}" for name in ("ANNA", "BEN", "CARA") for number in range(1, 10)]
    assert done.stdout.split() == wanted, done.stderr
