"""Whether mail to a domain travels encrypted: MTA-STS, TLS reporting, DANE, STARTTLS; and BIMI.

Mail servers are greeted on port 25 where that lies in the authorised scope and the way is open;
where not, that part is told as not run, and is neither a pass nor a fault.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from launchready_tui.engine import fact
from launchready_tui.facts.mail_dmarc import dmarc_name
from launchready_tui.facts.mail_flaws import MailFlaw, causes_of, kept, shown
from launchready_tui.facts.mail_lookup import lookup_of
from launchready_tui.facts.mail_names import from_domains
from launchready_tui.given import StsEdition, Target
from launchready_tui.mailauth import bimi, dane, mta_sts, mx
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched, Greeting

MOST_GREETED = 5
Greet = Callable[[str], Awaitable[Greeting]]


class TransportName(Record, frozen=True, kw_only=True):
    """Of one domain in From.

    `mode` is that of the MTA-STS policy, empty without one; `dane` the hosts with TLSA records;
    `greetings` what the mail servers said.
    """

    domain: str
    mode: str = ""
    id: str = ""
    """The id= of the MTA-STS record."""
    digest: str = ""
    """Of the policy; empty where it could not be had."""
    reports: str = ""
    dane: tuple[str, ...] = ()
    bimi: str = ""
    hosts: tuple[str, ...] = ()
    greetings: tuple[Greeting, ...] = ()
    flaws: tuple[MailFlaw, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def insisted(self) -> bool:
        """Whether senders are told to insist on a certificate that fits."""
        return self.mode == "enforce" or bool(self.dane)


class MailTransport(Fact, frozen=True, kw_only=True):
    names: tuple[TransportName, ...]

    def editions(self, at: datetime) -> tuple[StsEdition, ...]:
        """The policies that were seen, for telling later whether one was edited."""
        return tuple(
            StsEdition(domain=one.domain, id=one.id, digest=one.digest, at=at)
            for one in self.names
            if one.id and one.digest
        )


@fact(limit=40.0)
async def mail_transport(net: Network, target: Target) -> MailTransport:
    """Every domain in From. A server that takes mail for several is greeted once."""
    greeted: dict[str, asyncio.Task[Greeting]] = {}

    async def greet(host: str) -> Greeting:
        if host not in greeted:
            greeted[host] = asyncio.create_task(net.greet(host))
        return await greeted[host]

    with net.log.side_by_side():
        names = await asyncio.gather(
            *(
                transport_of(lookup_of(net), domain, _offered(net, domain), greet)
                for domain in from_domains(target)
            )
        )
    return MailTransport(names=tuple(names))


async def transport_of(
    lookup: Lookup, domain: str, offer: Awaitable[mta_sts.Offered], greet: Greet
) -> TransportName:
    """All of it at once. Never raises.

    Args:
        lookup: Asks DNS.
        domain: Whose mail it is.
        offer: What comes of the policy's address.
        greet: Greets a mail server.
    """
    record, reports, offered, logo, dmarc, servers = await asyncio.gather(
        lookup(f"_mta-sts.{domain}", "TXT"),
        lookup(f"_smtp._tls.{domain}", "TXT"),
        offer,
        bimi.fetch(lookup, domain),
        dmarc_name(lookup, domain),
        _servers(greet, lookup, domain),
    )
    exchange, vouched, greetings = servers
    hosts = list(mx.names(exchange))
    sts = mta_sts.audit(domain, record, reports, offered, hosts)
    if not hosts:
        sts = tuple(flaw for flaw in sts if flaw.code != "mta-sts-tlsrpt-absent")
    shown_by = {
        greeting.host: [
            dane.Shown(one.certificate, one.key, one.certificate_512, one.key_512)
            for one in greeting.shown
        ]
        for greeting in greetings
    }
    policy = mta_sts.parse_policy(offered.text) if offered.text else None
    marks = () if dmarc.causes else bimi.audit(logo, enforced=dmarc.enforced)
    failed = [one.cause for one in (record, reports, logo.reply) if one.status == "failed"]
    failed += [one.tlsa.cause for one in vouched if one.tlsa.status == "failed"]
    announced = next(filter(mta_sts.is_sts_record, record.records), "")
    return TransportName(
        domain=domain,
        id=shown(mta_sts.parse_record(announced).id, 40) if announced else "",
        digest=mta_sts.digest(policy) if policy else "",
        mode=policy.mode if policy and record.records else "",
        reports=shown(next(iter(filter(mta_sts.is_tls_reporting, reports.records)), "")),
        dane=tuple(one.host for one in vouched if one.tlsa.records),
        bimi=shown(logo.record),
        hosts=tuple(hosts),
        greetings=greetings,
        flaws=kept([*sts, *dane.audit(vouched, shown_by), *marks]),
        causes=causes_of([*failed, offered.cause, *exchange.causes]),
    )


async def _servers(
    greet: Greet, lookup: Lookup, domain: str
) -> tuple[mx.Exchange, tuple[dane.Vouched, ...], tuple[Greeting, ...]]:
    """The mail servers, and what is known of each only once it is named."""
    exchange = await mx.fetch(lookup, domain)
    hosts = mx.names(exchange)[:MOST_GREETED]
    vouched, greetings = await asyncio.gather(
        dane.fetch(lookup, hosts), asyncio.gather(*(greet(host) for host in hosts))
    )
    return exchange, vouched, tuple(greetings)


async def _offered(net: Network, domain: str) -> mta_sts.Offered:
    """The policy at its well-known address: 200, by itself, as plain text (RFC 8461, 3.3)."""
    host = f"mta-sts.{domain}"
    four, six = await net.addresses(host)
    if not (four.records or six.records):
        return mta_sts.Offered(cause=four.cause or six.cause)
    fetched = await net.fetch(
        f"https://{host}/.well-known/mta-sts.txt",
        follow=False,
        body_limit=mta_sts.MOST_POLICY + 1,
    )
    return read_offer(fetched)


def read_offer(fetched: Fetched) -> mta_sts.Offered:
    """What came of a policy's address."""
    if fetched.ended in ("unknown", "blocked"):
        return mta_sts.Offered(cause=f"{fetched.url}: {fetched.cause or fetched.last.cause}")
    if fetched.ended == "tls":
        return mta_sts.Offered(trouble=f"its certificate is not trusted: {fetched.last.cause}")
    if fetched.ended == "refused":
        return mta_sts.Offered(trouble="nothing listens at its address")
    kind = fetched.last.header("content-type").partition(";")[0].strip().lower()
    if 300 <= fetched.status < 400:
        where = fetched.last.header("location")[:100]
        return mta_sts.Offered(trouble=f"it is redirected to {where}, which senders do not follow")
    if fetched.status != 200:
        return mta_sts.Offered(trouble=f"it answers {fetched.status}")
    if kind != "text/plain":
        return mta_sts.Offered(trouble=f"it comes as {kind or 'nothing named'}, not text/plain")
    if fetched.truncated or len(fetched.body) > mta_sts.MOST_POLICY:
        return mta_sts.Offered(trouble="it is longer than 64 KB")
    return mta_sts.Offered(text=fetched.body or " ")
