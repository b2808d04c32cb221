"""`launchready rotate NAME proven --call`: the old value is tried once, and has to be refused."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.env_live import NOT_KNOWN, allowed, told_of, waited_for
from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.network import Options
    from launchready_tui.records.env_record import Rotation
    from launchready_tui.secret import Secret

PROVEN, ALIVE = 0, 1
MOST = 65_536


def prove(name: str, directory: str | None, *, by: str, yes: bool, options: Options) -> int:
    """Ask for the old value, show where it goes, and record the step where it is refused."""
    from launchready_tui.recording.trial_recording import NotProven

    with opened(directory, options=options, by=signed(by)) as session:
        session.insist_on_proving(name)
        plan = session.plan_of_old(name, _old_value(name))
        say(told_of(f"the old value of {name}", plan))
        allowed(session, yes=yes)
        ended: list[Rotation | BaseException] = []
        try:
            kept = waited_for(session.proving(name, plan, ended.append, by=by), ended)
        except NotProven as error:
            say(str(error))
            return ALIVE if error.alive else NOT_KNOWN
    say(f"Recorded: {kept.id} is {kept.status}: {kept.proof_detail}.")
    return PROVEN


def _old_value(name: str) -> Secret:
    """What a pipe holds, or what is typed without being shown; kept nowhere."""
    from launchready_tui.secret import Secret

    if sys.stdin.isatty():
        asked = f"The old value of {name} (hidden, kept nowhere)"
        value = click.prompt(asked, hide_input=True, default="", show_default=False, err=True)
    else:
        value = sys.stdin.read(MOST + 1)
    if not value.strip() or len(value) > MOST:
        raise Refused("No old value was given, so nothing was sent.")
    return Secret(value.strip())
