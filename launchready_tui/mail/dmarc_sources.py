"""Who stands behind the mail of DMARC reports, which of them is a question, and how long all was
in order. Pure.

A sender is named by what authenticated and by nothing it only claims: the service whose domain
passed, else the domain whose signature passed, else the range of its address.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Literal

from launchready_tui.facts import tables
from launchready_tui.facts.dns import registrable
from launchready_tui.model import Fact, Record
from launchready_tui.records.dmarc_record import DmarcReports, KeptReport, ReportRow

WEEK = timedelta(days=7)
SLACK = timedelta(hours=12)
"""Receivers end a day at different hours."""
CLEAN_SHARE = 0.98
"""Of the messages of an own service, how many have to pass."""
MOST_RANGES = 5
BECAME = {"none": "let through", "quarantine": "put into spam", "reject": "refused"}
Standing = Literal["ours", "not ours", "unknown"]


class Source(Record, frozen=True, kw_only=True):
    """All mail of one sender over some reports. `spf` and `dkim` count what passed aligned.

    `standing`: what is set up or what a person said; `why` says which. One whose mail all passed
    is `ours` by that: DNS lets it send.
    """

    key: str
    label: str
    ranges: tuple[str, ...]
    messages: int
    aligned: int
    spf: int
    dkim: int
    dispositions: tuple[str, ...]
    standing: Standing
    why: str = ""

    @property
    def failed(self) -> int:
        return self.messages - self.aligned

    @property
    def became(self) -> str:
        """What receivers did with its mail, in words."""
        return ", ".join(BECAME.get(one, one) for one in self.dispositions) or "not told"

    @property
    def clean(self) -> bool:
        """Whether it speaks for a stricter policy: it passes, or is to be refused."""
        if self.standing == "ours":
            return self.aligned >= CLEAN_SHARE * self.messages
        return self.standing == "not ours"


def senders_of(mail: Fact | None) -> frozenset[str]:
    """What sends the product's mail, as the last run found it: ids of services, own addresses."""
    from launchready_tui.facts.mail import MailSetup

    return frozenset(one.id for one in mail.senders) if isinstance(mail, MailSetup) else frozenset()


def sources(
    reports: Iterable[KeptReport], told: DmarcReports, senders: Collection[str]
) -> tuple[Source, ...]:
    """Every sender of these reports, the busiest first.

    Args:
        reports: Those to add up.
        told: What people said of senders.
        senders: The services in use (ids of checklists/mail-providers.toml) and own addresses.
    """
    rows: dict[str, list[ReportRow]] = {}
    for report in reports:
        for row in report.rows:
            rows.setdefault(_key(row, senders), []).append(row)
    found = [_source(key, held, told, senders) for key, held in rows.items()]
    return tuple(sorted(found, key=lambda one: (-one.messages, one.key)))


def questions(found: Iterable[Source]) -> tuple[Source, ...]:
    """The senders of which somebody has to say whose they are."""
    return tuple(one for one in found if one.standing == "unknown")


def clean_weeks(told: DmarcReports, senders: Collection[str], at: datetime) -> int:
    """Whole weeks up to the newest report in which every sender was known, and ours passed.

    None of them counts once the newest report is two weeks old: it says nothing of today.
    """
    newest = told.newest
    if newest is None or at - newest > 2 * WEEK:
        return 0
    begin, weeks = newest, 0
    while True:
        until = newest - weeks * WEEK
        week = [r for r in told.reports if until - WEEK + SLACK < r.end <= until + SLACK]
        if not week or any(report.left_out for report in week):
            break
        if not all(one.clean for one in sources(week, told, senders)):
            break
        begin = min(begin, *(report.begin for report in week))
        weeks += 1
    return min(weeks, (newest - begin + SLACK) // WEEK)


def network_of(ip: str) -> str:
    """The range an address belongs to: /24, or /48 for IPv6."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return "no address"
    size = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, size), strict=False))


# ---------------------------------------------------------------- whose it is


def _key(row: ReportRow, senders: Collection[str]) -> str:
    if row.ip in senders:
        return row.ip
    names = (*row.dkim_domains, *row.spf_domains)
    for provider in tables.mail_providers():
        if any(tables.ends_with(name, (*provider.spf, *provider.mx)) for name in names):
            return provider.id
    if row.aligned:
        return network_of(row.ip)
    signed = next(iter(row.dkim_domains), "") or next(iter(row.spf_domains), "")
    return registrable(signed) if signed else network_of(row.ip)


def _source(
    key: str, rows: list[ReportRow], told: DmarcReports, senders: Collection[str]
) -> Source:
    messages = sum(row.messages for row in rows)
    aligned = sum(row.messages for row in rows if row.aligned)
    provider = next((row for row in tables.mail_providers() if row.id == key), None)
    standing, why = _standing(key, told, senders, passed=aligned == messages)
    ranges = sorted({network_of(row.ip) for row in rows})
    return Source(
        key=key,
        label=provider.label if provider else key,
        ranges=tuple(ranges[:MOST_RANGES]),
        messages=messages,
        aligned=aligned,
        spf=sum(row.messages for row in rows if row.spf),
        dkim=sum(row.messages for row in rows if row.dkim),
        dispositions=tuple(sorted({row.disposition for row in rows if row.disposition})),
        standing=standing,
        why=why,
    )


def _standing(
    key: str, told: DmarcReports, senders: Collection[str], *, passed: bool
) -> tuple[Standing, str]:
    word = told.word(key)
    if word is not None:
        named = f"{word.who}, says {word.by}" if word.who else f"says {word.by}"
        return word.whose, named
    if key in senders or key in _carriers(senders):
        return "ours", "a service in use"
    if passed:
        return "ours", "all of it passed: your DNS lets it send"
    return "unknown", ""


def _carriers(senders: Collection[str]) -> set[str]:
    """The services by whose servers those in use send: Resend sends by SES."""
    rows = tables.mail_providers()
    lent = {row.include for row in rows if row.id in senders and row.include}
    return {row.id for row in rows for name in lent if tables.ends_with(name, row.spf)}
