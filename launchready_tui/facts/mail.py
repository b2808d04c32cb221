"""Whether a domain sends and receives mail, by whom, and where its records are published.

A service is found by what a person named, by a package or a variable in the code, by an include of
SPF, or by the servers that take mail. Found in DNS is not yet "in use": an old include stays long
after the service is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts import tables
from launchready_tui.facts.env import EnvNames
from launchready_tui.facts.env_files import EnvFiles
from launchready_tui.facts.mail_flaws import causes_of
from launchready_tui.facts.mail_lookup import lookup_of
from launchready_tui.facts.mail_names import ReturnPath, from_domains, provider, return_paths
from launchready_tui.facts.providers import dns_provider
from launchready_tui.facts.repo import RepoFacts
from launchready_tui.facts.tables import ProviderRow
from launchready_tui.given import Target
from launchready_tui.mailauth.dmarc import walk
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.mailauth.spf import is_spf, parse
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.network import Network

How = Literal["given", "code", "spf", "mx", "bounces"]


class MailSender(Record, frozen=True, kw_only=True):
    """A service, or an address of an own server, and how it was found.

    `certain`: a person or the code names it, so the product uses it.
    """

    id: str
    label: str
    how: How
    where: str

    @property
    def certain(self) -> bool:
        return self.how in ("given", "code")


class Panel(Record, frozen=True, kw_only=True):
    """Where the records are published: the zone, and who runs its DNS, as far as it is known."""

    zone: str = ""
    provider: str = ""
    apex: str = "@"


class MailSetup(Fact, frozen=True, kw_only=True):
    """`domains` are those of From. `sends` is None where neither a person nor DNS says so."""

    domains: tuple[str, ...]
    senders: tuple[MailSender, ...] = ()
    return_paths: tuple[ReturnPath, ...] = ()
    panel: Panel = Panel()
    sends: bool | None = None
    receives: bool | None = None
    null_mx: bool = False
    causes: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        return self.domains[0]

    @property
    def in_use(self) -> tuple[MailSender, ...]:
        """The services that the product is known to use."""
        return tuple(sender for sender in self.senders if sender.certain)


@fact(limit=45.0)
async def mail_setup(
    net: Network,
    target: Target,
    repo: RepoFacts | Unknown,
    env: EnvNames | Unknown,
    files: EnvFiles | Unknown,
) -> MailSetup:
    """Ask for all of it at once; what the code says was read before."""
    with net.log.side_by_side():
        return await setup_of(lookup_of(net), target, _in_code(repo, env, files))


async def setup_of(lookup: Lookup, target: Target, in_code: Sequence[MailSender] = ()) -> MailSetup:
    """What DNS, a person and the code say together. Never raises."""
    domains = from_domains(target)
    domain = domains[0]
    texts, mx, dmarc, paths, panel = await asyncio.gather(
        lookup(domain, "TXT"),
        lookup(domain, "MX"),
        walk(lookup, domain),
        return_paths(lookup, domain, target),
        _panel(lookup, domain),
    )
    spf = [text for text in texts.records if is_spf(text)]
    null = bool(mx.records) and all(r.partition(" ")[2].strip(". ") == "" for r in mx.records)
    found = [
        *_given(target),
        *in_code,
        *_included(spf),
        *_delivered(mx.records),
        *_bouncing(paths),
    ]
    senders = tuple({sender.id: sender for sender in reversed(found)}.values())[::-1]
    certain = any(sender.certain for sender in senders) or bool(target.mail.addresses)
    unknown = [reply.cause for reply in (texts, mx) if reply.status == "failed"]
    nobody = bool(spf) and all(not _lets_in(text) for text in spf)
    silent = not spf and not mx.records and not dmarc.found and not paths and not dmarc.cause
    sends: bool | None = True
    if target.traits.get("sends_email") is not True and not certain:
        if unknown:
            sends = None
        elif null or silent or (nobody and not mx.records):
            sends = False
    return MailSetup(
        domains=domains,
        senders=senders,
        return_paths=paths,
        panel=panel,
        sends=sends,
        receives=None if mx.status == "failed" else bool(mx.records) and not null,
        null_mx=null,
        causes=causes_of(unknown),
    )


async def _panel(lookup: Lookup, domain: str) -> Panel:
    """The nearest name above that has nameservers of its own, and who runs them."""
    labels = domain.split(".")
    names = [".".join(labels[at:]) for at in range(max(1, len(labels) - 1))]
    replies = await asyncio.gather(*(lookup(name, "NS") for name in names))
    at = next((at for at, reply in enumerate(replies) if reply.records), None)
    if at is None:
        return Panel(zone=domain)
    row = dns_provider(replies[at].records)
    return Panel(zone=names[at], provider=row.label if row else "", apex=row.apex if row else "@")


# ---------------------------------------------------------------- who sends


def _given(target: Target) -> list[MailSender]:
    found = []
    for id in target.mail.senders:
        row = provider(id)
        label = row.label if row else id
        found.append(MailSender(id=id, label=label, how="given", where="launchready.toml"))
    return found


def _in_code(
    repo: RepoFacts | Unknown, env: EnvNames | Unknown, files: EnvFiles | Unknown
) -> list[MailSender]:
    found = []
    packages = repo.known if isinstance(repo, RepoFacts) else ()
    names: dict[str, str] = {}
    if isinstance(files, EnvFiles):
        names |= {e.name: f.path for f in files.files for e in f.entries if not e.placeholder}
    if isinstance(env, EnvNames):
        names |= {u.name: u.places[0] for u in env.used if u.places and not u.only_tests}
    for row in tables.mail_providers():
        package = next((k for k in packages if k.direct and k.name in row.packages), None)
        name = next((n for n in names if any(fnmatchcase(n, p) for p in row.env)), "")
        if package is not None:
            where = f"the package {package.name} in {package.where}"
        elif name:
            where = f"{name} in {names[name]}"
        else:
            continue
        found.append(MailSender(id=row.id, label=row.label, how="code", where=where))
    return found


def _included(records: list[str]) -> list[MailSender]:
    found = []
    for text in records:
        record = parse(text)
        targets = [m.domain.lower() for m in record.mechanisms if m.name == "include"]
        targets += [record.redirect.value.lower()] if record.redirect else []
        for target in targets:
            for row in tables.mail_providers():
                if tables.ends_with(target, row.spf):
                    where = f"include:{target}"
                    found.append(MailSender(id=row.id, label=row.label, how="spf", where=where))
    return found


def _delivered(records: tuple[str, ...]) -> list[MailSender]:
    """Who has the mailboxes sends people's mail too."""
    hosts = [record.partition(" ")[2].strip(". ").lower() for record in records]
    return [
        MailSender(id=row.id, label=row.label, how="mx", where=f"MX {host}")
        for host in hosts
        for row in tables.mail_providers()
        if tables.ends_with(host, row.mx)
    ]


def _bouncing(paths: tuple[ReturnPath, ...]) -> list[MailSender]:
    rows: list[tuple[ReturnPath, ProviderRow | None]] = [(p, provider(p.provider)) for p in paths]
    return [
        MailSender(id=row.id, label=row.label, how="bounces", where=f"bounces at {path.name}")
        for path, row in rows
        if row is not None
    ]


def _lets_in(text: str) -> bool:
    """Whether a record lets anybody send."""
    return any(m.qualifier == "+" for m in parse(text).mechanisms)
