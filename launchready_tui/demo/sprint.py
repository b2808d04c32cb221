"""A sprint about the lab: its launchready.toml knows the app, and its keychain the test user."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.demo.lab import Lab
from launchready_tui.model import Level

if TYPE_CHECKING:
    from launchready_tui.session import Session


def begin(lab: Lab, root: Path, *, by: str, level: Level) -> Session:
    """Create and open it. Nobody's keyring is used: the secrets live as long as the session."""
    import msgspec
    import tomli_w

    from launchready_tui.demo.mail_faults import ROLL_OUT_DAYS
    from launchready_tui.secret import Secret
    from launchready_tui.session import Session
    from launchready_tui.sprint.launchfile import NAME

    Session.create(
        root,
        domain=lab.domain,
        repo=str(lab.repo),
        client=lab.client,
        urls=lab.urls,
        by=by,
        level=level,
    ).close()
    said = {key: value for key, value in msgspec.to_builtins(lab.web).items() if value}
    path = root / NAME
    told = path.read_text(encoding="utf-8").replace("[web]\n", f"[web]\n{tomli_w.dumps(said)}", 1)
    since = (datetime.now(UTC) - timedelta(days=ROLL_OUT_DAYS)).date()
    mail = {k: v for k, v in msgspec.to_builtins(lab.mail).items() if v} | {"dmarc_since": since}
    told = told.replace("[mail]\n", f"[mail]\n{tomli_w.dumps(mail)}", 1)
    old = os.path.relpath(lab.old_addresses, root.resolve())
    told = told.replace('# redirects = "old-urls.csv"\n', tomli_w.dumps({"redirects": old}), 1)
    path.write_text(told, encoding="utf-8")
    session = Session.open(root, lab.options, by=by, fixer=lab.fix)
    session.inbox = lab.inbox
    for name, value in lab.secrets.items():
        session.keychain.put(name, Secret(value))
    return session
