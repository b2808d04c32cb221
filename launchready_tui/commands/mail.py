"""`launchready mail`: a domain's mail from outside, and the parts of it that receivers work out.

`mail DOMAIN` audits; what else stands behind `mail` is a command of its own, imported when used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from launchready_tui import __version__
from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.output import emit, refuse_unwritable
from launchready_tui.commands.reporting import report_options

if TYPE_CHECKING:
    from launchready_tui.catalogue import Catalogue
    from launchready_tui.commands.looking import Look
    from launchready_tui.given import Target

SUBCOMMANDS = {
    "spf": "launchready_tui.commands.mail_ask:spf",
    "dmarc": "launchready_tui.commands.mail_ask:dmarc",
    "verify": "launchready_tui.commands.mail_message:verify",
    "report": "launchready_tui.commands.mail_reports:report",
    "sender": "launchready_tui.commands.mail_reports:sender",
    "send": "launchready_tui.commands.mail_send:send",
}
"""By name, where the command is."""
_WORDS = {
    "spf": "What receivers say of an address that sends for somebody.",
    "dmarc": "Which policy holds for a domain, and what is aligned with it.",
    "verify": "Read a received message: signatures, sender, links.",
    "report": "Read DMARC reports: who sends, and what passes.",
    "sender": "Say whose a sender of the reports is.",
    "send": "Send one test mail from here.",
}
ITEMS = (
    "mail.spf",
    "mail.dkim",
    "mail.dmarc",
    "mail.alignment",
    "mail.receiving",
    "mail.transport",
)
AUDIT = "audit"

EPILOG = """\b
Examples:
  launchready mail acme.com
  launchready mail acme.com --selector s1 --selector resend
  launchready mail acme.com --sender resend --from hello@acme.com
  launchready mail acme.com --format json -o mail.json
  launchready mail acme.test --resolver 127.0.0.1:5353

Asked are DNS, the MTA-STS policy, and the mail servers of the domain itself on
port 25 (EHLO, STARTTLS, QUIT; no mail). Where port 25 is closed on the way out
that part is told as not run. DKIM selectors cannot be listed: those of the
services found and the usual ones are tried, --selector names yours.

\b
Other commands, each with --help: launchready mail spf, dmarc, verify, report,
sender, send

\b
Exit codes:
  0  met
  1  an item fails at or above --fail-on
  2  usage or configuration
  3  nothing fails, but a blocker is unknown (--allow-unknown lifts it)"""


class MailGroup(click.Group):
    """Whatever is no command of its own is the domain to audit."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == AUDIT:
            return audit
        if cmd_name not in SUBCOMMANDS:
            return None
        module, _, function = SUBCOMMANDS[cmd_name].partition(":")
        found = getattr(importlib.import_module(module), function)
        assert isinstance(found, click.Command)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = (*SUBCOMMANDS, AUDIT, *ctx.help_option_names)
        if args and args[0] not in known:
            args = [AUDIT, *args]
        return super().parse_args(ctx, args or ["--help"])

    def get_help(self, ctx: click.Context) -> str:
        inner = click.Context(audit, info_name=ctx.info_name, parent=ctx.parent)
        return audit.get_help(inner)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names without importing what they stand for, and the options of the audit."""
        names = [
            CompletionItem(name, help=words)
            for name, words in _WORDS.items()
            if name.startswith(incomplete)
        ]
        return [*names, *audit.shell_complete(ctx, incomplete)]


@click.command(AUDIT, epilog=EPILOG)
@click.argument("domain", metavar="DOMAIN")
@click.option("--selector", "selectors", metavar="S", multiple=True, help="A DKIM selector (s=).")
@click.option("--sender", "senders", metavar="ID", multiple=True, help="Who sends: resend, ses …")
@click.option("--from", "addresses", metavar="ADDRESS", multiple=True, help="What stands in From.")
@door_options
@report_options("text", "json", "junit", unknown="a blocker is not known")
def audit(
    domain: str,
    selectors: tuple[str, ...],
    senders: tuple[str, ...],
    addresses: tuple[str, ...],
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
    form: str,
    output: str | None,
    fail_on: str,
    allow_unknown: bool,
) -> int:
    """Audit the mail of DOMAIN from outside: SPF, DKIM, DMARC, servers, encryption."""
    from launchready_tui.commands import looking
    from launchready_tui.commands.gate import exit_code
    from launchready_tui.model import Severity

    refuse_unwritable(output)
    options = options_of(resolver, ca, connect)
    target = target_of(domain, selectors, senders, addresses)
    [look] = looking.together([target], options, catalogue())
    emit(_rendered(look, form), output)
    return exit_code(
        look.verdict.items.values(), fail_on=Severity(fail_on), allow_unknown=allow_unknown
    )


command = MailGroup("mail", help="Audit a domain's mail from outside.", epilog=EPILOG)
"""The group, as cli.py looks for it."""


def target_of(
    domain: str,
    selectors: tuple[str, ...] = (),
    senders: tuple[str, ...] = (),
    addresses: tuple[str, ...] = (),
) -> Target:
    """The domain with what was said of its mail, held to the rules of launchready.toml."""
    from launchready_tui.domain import domain_of
    from launchready_tui.given import Mail, Target
    from launchready_tui.sprint.launchfile import checked_mail

    mail = Mail(selectors=selectors, senders=senders, addresses=addresses)
    return Target(domain=domain_of(domain), mail=checked_mail(mail), only=True)


def catalogue() -> Catalogue:
    """The items of mail that can be seen from outside. The machine's word is the answer: there is
    nobody to confirm it.
    """
    from msgspec.structs import replace

    from launchready_tui.catalogue import load
    from launchready_tui.commands.looking import narrowed
    from launchready_tui.model import Kind

    whole = load()
    return narrowed(whole, (replace(whole.item(id), kind=Kind.PROBE) for id in ITEMS))


def _rendered(look: Look, form: str) -> str:
    from launchready_tui.exports import json, junit, report, text

    if form == "text":
        requests = sum(look.counts.values())
        whole = text.render(look.verdict, look.target, at=look.at, requests=requests)
        return whole + _steps(look)
    told = report.report(
        look.verdict, look.target, version=__version__, at=look.at, requests=look.counts
    )
    return junit.render(told) if form == "junit" else json.render(told)


def _steps(look: Look) -> str:
    """How each fault is mended, with records as they are pasted: not broken into lines."""
    lines = []
    for risk in look.verdict.risks:
        lines += ["", f"{risk.title}: {risk.subject} ({risk.code})"]
        lines += [f"  - {step}" for step in risk.fix]
    return "\n".join(["", "HOW TO MEND IT", *lines, ""]) if lines else ""
