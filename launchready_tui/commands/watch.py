"""`launchready watch`: wait for a DNS change, ring, and keep what it was before and after."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.output import emit, refuse_unwritable, say
from launchready_tui.commands.refusal import Refused
from launchready_tui.text import plural
from launchready_tui.watch import TYPES

if TYPE_CHECKING:
    from launchready_tui.watch import Ended, Watch, Watched, WatchEvent

THERE, NOT_THERE = 0, 3
LONGEST = 7 * 86_400
_SPAN = re.compile(r"(\d{1,6})(s|m|h|d)")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}

EPILOG = """\b
Examples:
  launchready watch app.acme.com
  launchready watch app.acme.com CNAME --until acme.onrender.com --for 6h
  launchready watch acme.com A --until 192.0.2.7 --resolver 9.9.9.9
  launchready watch old.acme.com --until gone --format json -o proof.json

It asks this computer's resolver and the zone's own nameservers, or only those of
--resolver, and ends when all that answer say the same new value. A resolver keeps
an old answer as long as its TTL (time to live) says; until when is told. In the
folder of a sprint the values before and after are kept as evidence.

\b
Exit codes:
  0  it is there
  2  usage
  3  it was not there in time"""


@click.command("watch", epilog=EPILOG)
@click.argument("name", metavar="NAME")
@click.argument(
    "rdtype",
    metavar="[TYPE]",
    default="A",
    type=click.Choice(TYPES, case_sensitive=False),
)
@click.option(
    "--until",
    multiple=True,
    metavar="V",
    help="The value to wait for, or gone; any change without it. May be repeated.",
)
@click.option(
    "--resolver",
    "resolvers",
    multiple=True,
    metavar="IP:PORT",
    help="Ask this DNS server, and only those named. May be repeated.",
)
@click.option(
    "--for",
    "span",
    default="2h",
    show_default=True,
    metavar="T",
    help="How long: 90s, 15m, 2h, 1d.",
)
@click.option(
    "--every",
    type=click.FloatRange(min=1),
    metavar="S",
    help="Seconds between two looks; 5 at first and then slower, where nothing is said.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("-o", "--output", metavar="F", help="Write the proof there instead of stdout.")
@click.option("--no-bell", is_flag=True, help="Do not ring when it is there.")
def command(
    name: str,
    rdtype: str,
    until: tuple[str, ...],
    resolvers: tuple[str, ...],
    span: str,
    every: float | None,
    form: str,
    output: str | None,
    no_bell: bool,
) -> int:
    """Wait until the TYPE record (A by default) of NAME changes everywhere."""
    from launchready_tui.exports import watch as rendered
    from launchready_tui.network.options import parse_endpoint
    from launchready_tui.watch import Watched, canonical

    refuse_unwritable(output)
    named = tuple(str(parse_endpoint(resolver)) for resolver in resolvers)
    question = canonical(
        Watched(
            name=name,
            rdtype=rdtype,
            until=until,
            resolvers=named,
            seconds=_seconds(span),
            every=every or 0.0,
        )
    )
    _announce(question, span)
    ended = _watched(question)
    if ended.how == "failed":
        raise Refused(f"it could not be watched: {ended.cause}")
    if ended.how == "there" and not no_bell and sys.stderr is not None and sys.stderr.isatty():
        click.echo("\a", err=True, nl=False)
    render = rendered.render_json if form == "json" else rendered.render_text
    emit(render(ended), output)
    _keep(ended)
    return THERE if ended.how == "there" else NOT_THERE


def _seconds(span: str) -> float:
    """The seconds of "90s", "15m", "2h" or "1d"."""
    found = _SPAN.fullmatch(span.strip().lower())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 0 < seconds <= LONGEST:
        raise Refused(
            f"--for {span}: expected a time up to seven days, such as 90s, 15m, 2h or 1d."
        )
    return float(seconds)


def _announce(question: Watched, span: str) -> None:
    """Say who is asked, before it happens."""
    whom = (
        ", ".join(question.resolvers) or "this computer's resolver and the zone's own nameservers"
    )
    wanted = f" until it is {', '.join(question.until)}" if question.until else ""
    say(
        f"watching {question.rdtype} of {question.name}{wanted} for {span} at most:"
        f" one question a look to {whom}"
    )


def _watched(question: Watched) -> Ended:
    from launchready_tui.commands.stopping import listening
    from launchready_tui.watch import Watch

    watching = Watch(question, _Narrator().told).start()
    with listening() as signals:
        try:
            signals.until(watching)
        except (KeyboardInterrupt, SystemExit):
            _stopped(watching)
            raise
    assert watching.ended is not None
    return watching.ended


def _stopped(watching: Watch) -> None:
    watching.cancel()
    watching.wait(5.0)
    last = watching.ended.after if watching.ended else ()
    said = "; ".join(f"{look.resolver}: {look.value}" for look in last) or "nothing was seen"
    say(f"stopped. At last: {said}")


class _Narrator:
    """What a person who waits wants to hear: the first answers, every change, nothing else."""

    def __init__(self) -> None:
        self.heard: set[tuple[str, str]] = set()

    def told(self, event: WatchEvent) -> None:
        """Called in the watching thread."""
        from launchready_tui.watch import Changed, Looked

        try:
            if isinstance(event, Changed):
                after = ", ".join(event.after) or "gone"
                say(f"{event.at.astimezone():%H:%M:%S} {event.resolver} changed to {after}")
                self.heard.add((event.resolver, after))
            elif isinstance(event, Looked) and (event.resolver, event.value) not in self.heard:
                self.heard.add((event.resolver, event.value))
                until = event.cached_until
                kept = f" (cached there until {until.astimezone():%H:%M})" if until else ""
                say(f"{event.at.astimezone():%H:%M:%S} {event.resolver}: {event.value}{kept}")
        except (OSError, ValueError):
            return  # nobody reads stderr any more: the proof still goes out


def _keep(ended: Ended) -> None:
    """In the folder of a sprint, the proof is evidence and the journal tells of it."""
    from launchready_tui import proof
    from launchready_tui.sprint.store import Store, find_sprint

    root = find_sprint(Path.cwd())
    if root is None:
        return
    store = Store.open(root)
    try:
        if store.read_only:
            say(f"the proof is not kept in the sprint: {store.lock_holder}")
            return
        by = next((consent.by for consent in reversed(store.consents())), "")
        ident = proof.keep(store, ended, by)
        say(f"kept as evidence {ident[:12]} after {plural(ended.requests, 'question')}")
    finally:
        store.close()
