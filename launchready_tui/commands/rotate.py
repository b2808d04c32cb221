"""`launchready rotate`: the rotation log, step by step, each with its proof."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.day import day
from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.env_record import tell
from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import emit, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.records.env_record import Proof, Rotation, Step, Why
    from launchready_tui.secret import Secret

STEPS = ("found", "replaced", "deployed", "revoked", "proven", "closed")
WHYS = ("exposed", "scheduled", "leaver", "handover", "over-privileged", "shared-across-envs")


@click.command(
    "rotate",
    epilog="""\b
Examples:
  launchready rotate                                   what is on record
  launchready rotate STRIPE_SECRET_KEY found --why exposed \\
      --evidence "git 3f2c1ab src/pay.ts:4" --by Anna
  launchready rotate STRIPE_SECRET_KEY replaced --value --by Anna
  launchready rotate STRIPE_SECRET_KEY deployed --env prod --by Anna
  launchready rotate STRIPE_SECRET_KEY revoked --by Anna
  launchready rotate STRIPE_SECRET_KEY proven --proof rejected \\
      --detail "HTTP 401 from api.stripe.com" --by Anna
  launchready rotate STRIPE_SECRET_KEY proven --call --by Anna
  launchready rotate STRIPE_SECRET_KEY closed --owner Ben --by Anna

The steps are found, replaced, deployed, revoked, proven, closed: none is skipped,
and none can be waived. Names and places only; a value is refused.

Where there is a keyring, a keyed fingerprint of the old and of the new value is
kept: it tells a new value that is the old one, and places that still hold the
old one. Both come from the env files and the env map, or from --value (a hidden
prompt or a pipe, the old value at `found`, the new one at `replaced`).

With --call the old value is asked for, hidden, and tried once where it opened
something. Only a refusal proves it dead: 0 proven, 1 it still works, 3 not known.
Of a key of AWS give both halves: ID:SECRET, a temporary one as ID:SECRET:TOKEN.""",
)
@click.argument("name", metavar="[NAME]", required=False)
@click.argument("step", type=click.Choice(STEPS), required=False)
@click.option("--why", type=click.Choice(WHYS), help="Why it is replaced.")
@click.option("--evidence", default="", metavar="PLACE", help="Where it was found.")
@click.option("--env", "envs", multiple=True, metavar="ENV", help="Where it is used; repeatable.")
@click.option("--owner", default="", metavar="NAME", help="Who replaces it the next time.")
@click.option(
    "--proof",
    type=click.Choice(["rejected", "absent-in-console", "attested"]),
    help="How the old value was seen to be dead.",
)
@click.option("--detail", default="", metavar="TEXT", help="What the provider answered.")
@click.option("--call", is_flag=True, help="Of proven: try the old value, once.")
@click.option("--yes", is_flag=True, help="Of --call: allow it without being asked.")
@click.option("--attested-by", default="", metavar="NAME", help="Who vouches, without a proof.")
@click.option("--value", "ask", is_flag=True, help="Take its fingerprint: asked, or by pipe.")
@click.option("--value-from-env", metavar="VARIABLE", help="The same, from a variable here.")
@click.option("--next-due", type=day, metavar="DAY", help="A day.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--by", default="", metavar="NAME", help="Who writes it down.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
@door_options
def command(
    name: str | None,
    step: Step | None,
    why: Why | None,
    evidence: str,
    envs: tuple[str, ...],
    owner: str,
    proof: Proof | None,
    detail: str,
    attested_by: str,
    ask: bool,
    value_from_env: str | None,
    next_due: date | None,
    form: str,
    by: str,
    directory: str | None,
    call: bool,
    yes: bool,
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
) -> int:
    """List the rotation log, or record the next step of NAME's rotation."""
    from launchready_tui.recording.rotation_steps import StepTaken
    from launchready_tui.records.env_record import BEFORE

    if name is None or step is None:
        return _listed(name, form, directory)
    if call:
        from launchready_tui.commands.rotate_call import prove

        if step != "proven" or proof not in (None, "rejected") or detail:
            raise Refused("--call goes with the step proven alone: it finds the proof by itself.")
        return prove(name, directory, by=by, yes=yes, options=options_of(resolver, ca, connect))
    taken = StepTaken(
        why=why,
        evidence=evidence,
        env=envs,
        owner=owner,
        proof=proof or "",
        detail=detail,
        attested_by=attested_by,
        next_due=next_due,
    )
    value = _value(name, step, ask, value_from_env)
    with opened(directory, by=signed(by)) as session:
        strange = next((e for e in envs if e not in session.target.environments), None)
        if strange:
            known = ", ".join(session.target.environments)
            raise Refused(f"--env {strange}: expected one of {known}.")
        kept, told = session.take_step(name, step, taken, value, by)
    tell(told)
    then = BEFORE[kept.next_step] if kept.next_step else ""
    say(f"Recorded: {kept.id} is {kept.status}. {then}".rstrip())
    return 0


def _value(name: str, step: str, ask: bool, variable: str | None) -> Secret | None:
    from launchready_tui.commands.hidden import hidden, of_variable

    if not ask and variable is None:
        return None
    if step not in ("found", "replaced"):
        raise Refused("A value is asked for at two steps: found, and replaced.")
    if ask and variable is not None:
        raise Refused("Give --value or --value-from-env, not both.")
    if variable is not None:
        return of_variable(variable)
    return hidden(f"The {'old' if step == 'found' else 'new'} value of {name}, not shown")


def _listed(name: str | None, form: str, directory: str | None) -> int:
    from launchready_tui.badfile import close
    from launchready_tui.exports import env

    with opened(directory, read_only=True) as session:
        held: tuple[Rotation, ...] = session.store.rotations().rotations
    some = [one for one in held if name in (None, one.var)]
    if name and not some and form == "text":
        near = close(name, {one.var for one in held})
        say(f"No rotation of {name} is on record. {near}".rstrip())
        return 0
    emit(env.rotation_json(some) if form == "json" else env.rotations_text(some))
    return 0
