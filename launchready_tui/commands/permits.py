"""Active probes and secrets on the command line: told before anything is sent, and confirmed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from launchready_tui.commands.output import agreed, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.catalogue import Catalogue
    from launchready_tui.model import ActiveProbe
    from launchready_tui.secret import Secret

F = TypeVar("F", bound=Callable[..., Any])
WIDTH = 78


def complete_probe(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Ids of active probes for the shell's completion."""
    from launchready_tui.catalogue import load

    known = [CompletionItem(probe.id, help=probe.title) for probe in load().active]
    every = CompletionItem("all", help="every active probe")
    return [item for item in (*known, every) if item.value.startswith(incomplete)]


def permit_options(command: F) -> F:
    """Add --active, --yes and --key."""
    for option in (
        click.option(
            "--key",
            "keys",
            metavar="NAME=ENVVAR",
            multiple=True,
            help="Take a secret from an environment variable, for this run.",
        ),
        click.option("--yes", is_flag=True, help="Allow what --active names without being asked."),
        click.option(
            "--active",
            metavar="ID[,ID…]|all",
            multiple=True,
            shell_complete=complete_probe,
            help="Also send these probes; `launchready active` lists them.",
        ),
    ):
        command = option(command)
    return command


def wanted_probes(
    catalogue: Catalogue, given: Sequence[str], items: Collection[str] | None
) -> tuple[ActiveProbe, ...]:
    """The probes of --active that tell something of the chosen items.

    Raises UnknownProbe, or Refused for one that was named and would tell nothing.
    """
    from launchready_tui import authority

    if given and not any(text.strip(" ,") for text in given):
        raise Refused("--active is empty: name a probe, or “all”. `launchready active` lists them.")
    named = authority.probes_of(catalogue, given)
    if items is None:
        return named
    useful = tuple(probe for probe in named if set(probe.items) & set(items))
    idle = next((probe for probe in named if probe not in useful), None)
    if idle is not None and not any(authority.ALL in text.split(",") for text in given):
        raise Refused(
            f"--active {idle.id} tells of {', '.join(idle.items)}, which --stage, --only or"
            " --skip leave out."
        )
    return useful


def confirm(probes: Sequence[ActiveProbe], held: Collection[str], *, yes: bool) -> None:
    """Tell each plan on stderr and have it allowed. Raises Refused where nobody says yes."""
    if not probes:
        return
    what = "this active probe" if len(probes) == 1 else f"these {len(probes)} active probes"
    say(f"asked to send {what}:")
    click.echo("\n" + "\n".join(plan_lines(probes, held)), err=True)
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused("Nothing was sent: nobody is here to allow it. Add --yes once you have read.")
    if not agreed("Send this, for this one run?"):
        raise Refused("Nothing was sent.")


def plan_lines(probes: Iterable[ActiveProbe], held: Collection[str]) -> Iterable[str]:
    """Each probe with what it sends, where and how much; and the secrets it needs."""
    import textwrap

    from launchready_tui import authority

    for probe in probes:
        yield f"{probe.id}: {probe.title}"
        for label, words in (*authority.plan_of(probe), *_needed(probe, held)):
            yield from textwrap.wrap(
                words,
                WIDTH,
                initial_indent=f"  {label:<9} ",
                subsequent_indent=" " * 12,
                break_long_words=False,
                break_on_hyphens=False,
            )
        yield ""


def _needed(probe: ActiveProbe, held: Collection[str]) -> Iterable[tuple[str, str]]:
    told = [f"{name} ({'there' if name in held else 'missing'})" for name in probe.keys]
    if told:
        yield "Secrets", ", ".join(told)
        missing = [name for name in probe.keys if name not in held]
        if missing:
            yield (
                "",
                f"Without it this stays unknown: launchready vault set {missing[0]}, or"
                f" --key {missing[0]}=VARIABLE",
            )


def secrets_of(given: Sequence[str]) -> dict[str, Secret]:
    """The secrets of --key. A value on the command line would stand in every process list."""
    from launchready_tui.secret import Secret

    found: dict[str, Secret] = {}
    for text in given:
        name, equals, variable = (part.strip() for part in text.partition("="))
        if not (name and equals and variable):
            raise Refused("--key: expected NAME=ENVVAR, such as --key test-session=TEST_SESSION.")
        if variable not in os.environ:
            # What was given may be the secret itself: it is not repeated.
            raise Refused(
                f"--key {name}=…: there is no environment variable of that name. Give the name of"
                " the variable that holds the secret, never the secret."
            )
        if not os.environ[variable].strip():
            raise Refused(f"--key {name}=…: that environment variable is empty.")
        found[name] = Secret(os.environ[variable])
    return found
