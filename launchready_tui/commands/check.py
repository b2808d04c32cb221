"""`launchready check`: look, judge and report, for terminals and for pipelines."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui import __version__
from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.opened import complete_item, opened
from launchready_tui.commands.output import emit, refuse_unwritable, say, write_whole
from launchready_tui.commands.permits import permit_options
from launchready_tui.commands.refusal import Refused
from launchready_tui.commands.reporting import report_options

if TYPE_CHECKING:
    from launchready_tui.commands.looking import Asking, Look
    from launchready_tui.exports.report import Baseline
    from launchready_tui.given import Target
    from launchready_tui.network import Options

NOT_KEPT = 2

EPILOG = """\b
Examples:
  launchready check                          the sprint of this folder
  launchready check --domain acme.com        once, recording nothing
  launchready check --only tls.certificate,dns.apex
  launchready check --format json -o report.json
  launchready check --baseline report.json --new-only
  launchready check --facts-out facts.json   and later, offline:
  launchready check --facts facts.json
  launchready check --active cors-preflight --key test-session=TEST_SESSION

A check is passive: DNS, TLS handshakes, GET and HEAD, to the domain, the names below it and the
hosts of --url. --active adds probes that send more: each is told with its limits before anything
leaves, and has to be allowed, on the terminal or with --yes; in a sprint the consent has to go as
far. stdout is data, stderr tells how far it is.

\b
Exit codes:
  0  met, or validly accepted
  1  an item fails at or above --fail-on
  2  usage or configuration
  3  nothing fails, but a blocker is unknown, in error or unanswered
     (--allow-unknown lifts it)"""


@click.command("check", epilog=EPILOG)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--domain", default="", metavar="D", help="Check this domain once, without a sprint.")
@click.option("--repo", default="", metavar="P", help="The folder of the code (with --domain).")
@click.option("--url", "urls", multiple=True, metavar="U", help="Another address (with --domain).")
@click.option("--stage", "stages", multiple=True, metavar="N", help="Only this stage: 1 to 7.")
@click.option("--only", multiple=True, metavar="ID", shell_complete=complete_item)
@click.option("--skip", multiple=True, metavar="ID", shell_complete=complete_item)
@permit_options
@door_options
@click.option("--facts-out", metavar="F", help="Save the gathered facts, redacted.")
@click.option("--facts", metavar="F", help="Judge saved facts again; nothing leaves this machine.")
@click.option("--baseline", metavar="F", help="A JSON report: what it holds does not fail again.")
@click.option("--new-only", is_flag=True, help="List only what is not in the baseline.")
@report_options(
    "text",
    "json",
    "junit",
    unknown="a blocker is not known",
    more="From medium on a clause of the minimum bar is broken.",
)
def command(
    directory: str | None,
    domain: str,
    repo: str,
    urls: tuple[str, ...],
    stages: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
    active: tuple[str, ...],
    yes: bool,
    keys: tuple[str, ...],
    facts_out: str | None,
    facts: str | None,
    baseline: str | None,
    new_only: bool,
    form: str,
    output: str | None,
    fail_on: str,
    allow_unknown: bool,
) -> int:
    """Check the sprint of DIR (this folder), or a domain once."""
    from launchready_tui.catalogue import load
    from launchready_tui.commands.gate import exit_code
    from launchready_tui.commands.looking import Asking
    from launchready_tui.commands.permits import secrets_of, wanted_probes
    from launchready_tui.commands.selection import selected
    from launchready_tui.model import Severity

    _refuse_mixtures(directory, domain, repo, urls, facts, baseline, new_only)
    if facts and (active or keys):
        raise Refused("--facts sends nothing: leave --active and --key away.")
    if yes and not active:
        raise Refused("--yes allows what --active names: name it.")
    for file in (facts_out, output):
        refuse_unwritable(file)
    known = _baseline(baseline) if baseline else None
    options = options_of(resolver, ca, connect)
    catalogue = load()
    wanted = selected(catalogue, stages, only, skip)
    asking = Asking(
        items=wanted,
        probes=wanted_probes(catalogue, active, wanted),
        secrets=secrets_of(keys),
        yes=yes,
    )
    target = _target(domain, repo, urls) if domain else None
    look = _look(directory, target, facts, options, asking)
    if facts_out:
        _save_facts(look, facts_out)
    emit(_rendered(look, form, wanted, known, new_only), output)
    if look.trouble:
        say(look.trouble)
        return NOT_KEPT
    return exit_code(
        [v for v in look.verdict.items.values() if wanted is None or v.item.id in wanted],
        fail_on=Severity(fail_on),
        allow_unknown=allow_unknown,
        baseline=known,
    )


def _refuse_mixtures(
    directory: str | None,
    domain: str,
    repo: str,
    urls: tuple[str, ...],
    facts: str | None,
    baseline: str | None,
    new_only: bool,
) -> None:
    """Say which options do not go together, before anything is done."""
    if domain and directory:
        raise Refused("DIR is the folder of a sprint and --domain checks without one: give one.")
    if domain and facts:
        raise Refused("--facts knows its domain: leave --domain away.")
    if (repo or urls) and not domain:
        raise Refused("--repo and --url go with --domain; a sprint has them in launchready.toml.")
    if new_only and not baseline:
        raise Refused("--new-only needs a --baseline to compare with.")


def _look(
    directory: str | None,
    target: Target | None,
    facts: str | None,
    options: Options,
    asking: Asking,
) -> Look:
    from launchready_tui.commands import looking
    from launchready_tui.sprint.store import find_sprint

    if target is not None:
        return looking.once(target, options, asking)
    if not facts:
        with opened(directory, options=options) as session:
            return looking.in_sprint(session, asking)
    with ExitStack() as stack:
        session_or_none = None
        if directory or find_sprint(Path.cwd()):
            session_or_none = stack.enter_context(opened(directory, read_only=True))
        return looking.again(Path(facts), options, asking.items, session_or_none)


def _target(domain: str, repo: str, urls: tuple[str, ...]) -> Target:
    """The target of a check without a sprint, held to the rules of a sprint's."""
    from launchready_tui.domain import domain_of, url_of
    from launchready_tui.given import Target

    folder = Path(repo).absolute() if repo else None
    if folder is not None and not folder.is_dir():
        raise Refused(f"--repo {repo}: there is no such folder.")
    return Target(
        domain=domain_of(domain),
        repo=str(folder) if folder else "",
        urls=tuple(url_of(url) for url in urls),
    )


def _baseline(file: str) -> Baseline:
    from launchready_tui.exports import json

    try:
        return json.baseline(Path(file).read_bytes())
    except OSError as error:
        raise Refused(f"--baseline {file}: {error.strerror}.") from None
    except json.NotAReport as error:
        raise Refused(
            f"--baseline {file}: {error}. Expected a report of check --format json."
        ) from None


def _save_facts(look: Look, file: str) -> None:
    from launchready_tui.exports import factsfile
    from launchready_tui.facts import saved
    from launchready_tui.sprint.evidence import redacted

    facts = redacted(saved.encode(look.facts), "json", look.known)
    text = factsfile.encode(facts, look.target, at=look.at, version=__version__)
    write_whole(Path(file), text)


def _rendered(
    look: Look,
    form: str,
    wanted: Collection[str] | None,
    known: Baseline | None,
    new_only: bool,
) -> str:
    from launchready_tui.exports import json, junit, report, text

    if form == "text":
        return text.render(
            look.verdict,
            look.target,
            at=look.at,
            requests=sum(look.counts.values()),
            items=wanted,
            baseline=known,
            new_only=new_only,
        )
    told = report.report(
        look.verdict,
        look.target,
        version=__version__,
        at=look.at,
        requests=look.counts,
        items=wanted,
        baseline=known,
        new_only=new_only,
    )
    return junit.render(told) if form == "junit" else json.render(told)
