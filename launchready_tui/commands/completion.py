"""`launchready completion`: the script that teaches a shell our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from launchready_tui.commands.output import emit


@click.command(
    "completion",
    epilog="""\b
Examples:
  launchready completion bash > ~/.launchready.bash   then source it
  launchready completion zsh > ~/.zfunc/_launchready  with ~/.zfunc in fpath
  launchready completion fish > ~/.config/fish/completions/launchready.fish""",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the completion script for SHELL."""
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(ctx.find_root().command, {}, "launchready", "_LAUNCHREADY_COMPLETE")
    # Not .source(): it starts the user's bash to ask for its version.
    emit(script.source_template % script.source_vars())
    return 0
