"""DKIM: the keys that are published can be used, and somebody knows which they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from launchready_tui.checks.mail_findings import findings_of, judged_mail
from launchready_tui.engine import check
from launchready_tui.facts.mail import MailSetup
from launchready_tui.facts.mail_dkim import DkimAudit, DkimKey, DkimName
from launchready_tui.facts.mail_flaws import MailFlaw
from launchready_tui.given import Moment, Target
from launchready_tui.model import Outcome, Seen
from launchready_tui.outcomes import not_applicable

YEAR = timedelta(days=366)


@check("mail.dkim")
def dkim(audit: DkimAudit, mail: MailSetup, target: Target, moment: Moment) -> Outcome:
    """Each selector in use holds one key that receivers accept."""
    if mail.sends is False:
        return not_applicable(f"{mail.domain} sends no mail, so nothing is signed")
    flaws = [flaw for name in audit.names for flaw in name.flaws]
    if any(name.usable and name.bounces for name in audit.names):
        flaws = [flaw for flaw in flaws if flaw.code != "dkim-unknown"]
    flaws += _shared(audit)
    flaws += _old(audit, target, moment)
    gaps = tuple(f"{n.domain}: {c}" for n in audit.names for c in n.causes if not n.usable)
    gaps += tuple(
        f"{name.domain}: only keys that were revoked are known; name the selector in use"
        for name in audit.names
        if name.keys and not name.usable and not name.bounces and not name.wildcard
    )
    keys = [f"{key.selector} ({_described(key)})" for n in audit.names for key in n.usable]
    return judged_mail(
        findings_of(flaws, mail),
        clean=f"keys are published: {', '.join(keys[:6])}",
        seen=tuple(line for name in audit.names for line in _seen(name)),
        gaps=gaps,
    )


def _shared(audit: DkimAudit) -> Iterable[MailFlaw]:
    """The same key at several domains: whoever has one of them signs for all. A service that
    publishes it by an alias changes it by itself."""
    holders: dict[str, list[str]] = {}
    for name in audit.names:
        for key in name.usable:
            if key.mark and not key.alias and not name.bounces:
                holders.setdefault(key.mark, []).append(f"{key.selector}._domainkey.{name.domain}")
    for places in holders.values():
        homes = {place.partition("._domainkey.")[2] for place in places}
        if len(homes) > 1:
            yield MailFlaw(
                code="dkim-key-old-shared",
                at=places[0],
                observed=f"the same key stands at {' and '.join(places[:3])}",
            )


def _old(audit: DkimAudit, target: Target, moment: Moment) -> Iterable[MailFlaw]:
    """Keys as old as a person says; what a service publishes by an alias it replaces by itself."""
    since = target.mail.dkim_since
    if since is None or moment.at.date() - since <= YEAR:
        return
    for name in audit.names:
        own = [key.selector for key in name.usable if not key.alias]
        if own:
            yield MailFlaw(
                code="dkim-key-old-shared",
                at=f"{own[0]}._domainkey.{name.domain}",
                observed=f"the key is in use since {since:%Y-%m-%d}, says launchready.toml",
            )


def _seen(name: DkimName) -> list[Seen]:
    lines = [
        Seen(label=f"{key.selector}._domainkey", value=_described(key), source=name.domain)
        for key in name.keys
    ]
    if not name.keys and name.tried:
        tried = ", ".join(name.tried[:20])
        lines.append(Seen(label="Selectors tried", value=tried, source=name.domain))
    return lines


def _described(key: DkimKey) -> str:
    if not key.kind:
        return "could not be asked" if key.standing == "failed" else "no key"
    what = f"{key.kind.upper()} {key.bits}" if key.kind == "rsa" else key.kind
    return f"{what}, by {key.alias}" if key.alias else what
