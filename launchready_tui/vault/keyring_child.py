"""The process that talks to the keyring, so that the wizard can outlive a desktop bus that hangs.

Reads one question from standard input and writes one answer to standard output.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

import msgspec

from launchready_tui.vault.keyring_rung import Asked, Told, names_in

ALLOWED = (
    ("darwin", "keyring.backends.macOS", "Keyring", "macOS Keychain"),
    ("win32", "keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Locker"),
    ("", "keyring.backends.SecretService", "Keyring", "Secret Service"),
    ("", "keyring.backends.libsecret", "Keyring", "Secret Service by libsecret"),
    ("", "keyring.backends.kwallet", "DBusKeyring", "KWallet"),
)
"""Back ends that keep what they are given encrypted, with the system they belong to."""
PROBE = "launchready-probe"


def main() -> None:
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    sys.stdout.buffer.write(msgspec.json.encode(answer(asked)))


def answer(asked: Asked) -> Told:
    """Do what was asked with the first allowed back end that works here."""
    backend, name = _backend()
    if backend is None:
        return Told(ok=False, trouble="none is running here")
    try:
        if asked.do == "probe":
            return _probed(backend, name)
        if asked.do == "get":
            return Told(ok=True, value=backend.get_password(asked.service, asked.name))
        if asked.do == "set":
            backend.set_password(asked.service, asked.name, asked.value)
        elif backend.get_password(asked.service, asked.name) is not None:
            backend.delete_password(asked.service, asked.name)
        _list(backend, asked)
    except Exception as error:  # whatever a back end raises: locked, dismissed, gone
        return Told(ok=False, trouble=_trouble(error), backend=name)
    return Told(ok=True, backend=name)


def _list(backend: Any, asked: Asked) -> None:
    """Keep the list of names: no keyring tells what it holds for whom."""
    held = set(names_in(backend.get_password(asked.index, asked.index)))
    wanted = held | {asked.name} if asked.do == "set" else held - {asked.name}
    if wanted:
        if wanted != held:
            backend.set_password(asked.index, asked.index, json.dumps(sorted(wanted)))
    elif backend.get_password(asked.index, asked.index) is not None:
        backend.delete_password(asked.index, asked.index)


def _probed(backend: Any, name: str) -> Told:
    """Readable, writable and unlocked: known only by doing it once, in a place of one's own, for
    another process may be doing the same.
    """
    place = f"{PROBE}-{os.getpid()}"
    backend.set_password(place, "probe", "ok")
    read = backend.get_password(place, "probe")
    backend.delete_password(place, "probe")
    if read != "ok":
        return Told(ok=False, trouble="it did not give back what it was given", backend=name)
    return Told(ok=True, backend=name)


def _backend() -> tuple[Any, str]:
    own = sys.platform if sys.platform in ("darwin", "win32") else ""
    for system, module, cls, name in ALLOWED:
        if system != own:
            continue
        try:
            kind = getattr(importlib.import_module(module), cls)
            if kind.viable:
                return kind(), name
        except Exception:  # a back end without its library fails in its own way: not this one
            continue
    return None, ""


def _trouble(error: Exception) -> str:
    """The kind of refusal, without its message: that may hold what was asked for."""
    name = type(error).__name__
    if name in ("KeyringLocked", "InitError"):
        return "it is locked"
    return f"it failed ({name})"
