"""`launchready demo`: the wizard, or all checks without it, on a flawed company on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from launchready_tui.commands.output import emit, say
from launchready_tui.commands.refusal import Refused


@click.command(
    "demo",
    epilog="""\b
Examples:
  launchready demo                          the wizard; f has a fault mended
  launchready demo --headless --out out/    check all, export, keep the score

Nothing leaves 127.0.0.0/8. Headless it ends with 0 only where every planted fault was found and
nothing innocent was flagged.""",
)
@click.option("--headless", is_flag=True, help="Run the checks without the wizard.")
@click.option("--out", metavar="DIR", help="Where the sprint and the guide are left (headless).")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(headless: bool, out: str | None, form: str) -> int:
    """Try launchready on a practice company with planted faults."""
    if headless and not out:
        raise Refused("--headless needs --out DIR, the folder to leave sprint and guide in.")
    if out and not headless:
        raise Refused("--out goes with --headless; the wizard's demo leaves nothing behind.")
    try:
        if headless:
            return _headless(Path(out or ".").absolute(), form)
        import launchready_screens

        return launchready_screens.run(Path.cwd(), demo=True)
    except ModuleNotFoundError as error:
        if error.name not in ("starlette", "uvicorn", "h2"):
            raise
        raise Refused(
            f"the demo needs {error.name}, which is not installed.\n"
            "Install the extra: pip install 'launchready-tui[demo]'"
        ) from None


def _headless(out: Path, form: str) -> int:
    from launchready_tui.demo import headless

    return headless.run(out, lambda text: emit(f"{text}\n"), narrate=say, as_json=form == "json")
