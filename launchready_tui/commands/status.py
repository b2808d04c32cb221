"""`launchready status`: how the launch stands, from the record alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from launchready_tui import __version__
from launchready_tui.commands.opened import opened
from launchready_tui.commands.output import emit

if TYPE_CHECKING:
    from launchready_tui.session import Session


@click.command(
    "status",
    epilog="""\b
Examples:
  launchready status
  launchready status acme --format json | jq .verdict

Nothing is checked and nothing leaves this machine.""",
)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(directory: str | None, form: str) -> int:
    """Show the verdict, the stages and what comes next."""
    with opened(directory, read_only=True) as session:
        emit(_json(session) if form == "json" else _text(session))
    return 0


def _json(session: Session) -> str:
    from launchready_tui.exports import json, report

    return json.render(
        report.report(
            session.verdict,
            session.target,
            version=__version__,
            at=session.seen_at,
            requests=session.counts,
        )
    )


def _text(session: Session) -> str:
    from launchready_tui.text import safe

    verdict, seen = session.verdict, session.seen_at
    checked = f"checked since {seen:%Y-%m-%d %H:%M} UTC" if seen else "not checked yet"
    titles = {stage.number: stage.title for stage in session.catalogue.stages}
    wide = max(map(len, titles.values()), default=0)
    lines = [
        verdict.headline,
        f"  {session.target.domain} · {checked}",
        "",
        f"{'Stage':<{wide + 3}}  {'done':>7}  blockers  faults  you  unknown",
    ]
    for stage in verdict.stages:
        done = f"{stage.done}/{stage.total}"
        counts = (stage.blockers, stage.faults, stage.todo, stage.unknown)
        shown = "".join(
            f"  {count or '–':>{width}}" for count, width in zip(counts, (8, 6, 3, 7), strict=True)
        )
        lines.append(f"{stage.number}  {titles[stage.number]:<{wide}}  {done:>7}{shown}")
    lines += ["", _next(session)]
    return "\n".join(safe(line, one_line=True) for line in lines) + "\n"


def _next(session: Session) -> str:
    """The one thing to do now."""
    from launchready_tui.model import State

    if session.seen_at is None:
        return "Next: launchready check"
    risk = next((risk for risk in session.verdict.risks if not risk.waived), None)
    if risk:
        return f"Next: {risk.title}: {risk.subject} (launchready explain {risk.code})"
    asked = next((v.item for v in session.verdict.items.values() if v.state is State.TODO), None)
    if asked:
        return f"Next: answer {asked.id} (launchready explain {asked.id})"
    return "Next: launchready export -o ."
