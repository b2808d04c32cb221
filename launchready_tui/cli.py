"""The command line's front door: which commands there are, and how the process ends.

A command's module is imported when the command is used, so that `--help` and completion are quick.
Exit codes: 0 met · 1 a fault · 2 usage or configuration · 3 not known · 130 interrupted.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from launchready_tui import __version__
from launchready_tui.front import COMMANDS, MODULES, help_text

USAGE = 2
INTERRUPTED = 130
OUR_FAULT = 70
"""Not 1: a crash of ours is no fault of the client's launch."""


class LazyGroup(click.Group):
    """Knows its commands by name and imports one when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = MODULES.get(cmd_name, cmd_name)
        module = importlib.import_module(f"launchready_tui.commands.{name}")
        found = module.command
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        given = args[0]
        if given not in COMMANDS and not given.startswith("-"):
            import difflib

            near = difflib.get_close_matches(given, COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"There is no command {given!r}.{hint}")
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        return help_text().rstrip("\n")


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="launchready")
@click.option("--dir", "directory")
@click.option("--read-only", is_flag=True)
@click.option("--resolver", default="")
@click.option("--ca", default="")
@click.option("--connect", multiple=True)
@click.pass_context
def cli(
    ctx: click.Context,
    directory: str | None,
    read_only: bool,
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
) -> int:
    """Without a command: the wizard. The page of help is front.py's."""
    if ctx.invoked_subcommand:
        return 0
    from launchready_tui.commands.wizard import wizard

    return wizard(directory, read_only=read_only, resolver=resolver, ca=ca, connect=connect)


def run(args: Sequence[str] | None = None) -> int:
    """Run the command line; its exit code. Prints what went wrong, in words, on stderr."""
    try:
        result: Any = cli.main(
            args=list(args) if args is not None else None,
            prog_name="launchready",
            standalone_mode=False,
        )
    except click.UsageError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        click.echo(f"launchready: {error.format_message()}", err=True)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("launchready: interrupted", err=True)
        return INTERRUPTED
    except Exception as error:
        return _explained(error)
    return result if isinstance(result, int) else 0


def _explained(error: Exception) -> int:
    """Errors of our own are sentences for the user; any other is our bug and says so."""
    from launchready_tui.commands.output import say

    if type(error).__module__.startswith("launchready_tui."):
        say(str(error))
        return USAGE
    if isinstance(error, OSError) and error.filename is not None:
        say(f"{error.filename}: {error.strerror or error}")
        return USAGE
    import traceback

    say(f"our bug, not yours: {type(error).__name__}: {error}")
    for frame in traceback.extract_tb(sys.exc_info()[2])[-4:]:
        click.echo(f"  {frame.filename}:{frame.lineno} in {frame.name}", err=True)
    return OUR_FAULT
