"""What is wrong with the DMARC record that holds for a domain, or with its absence (RFC 9989)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from launchready_tui.mailauth.dmarc.record import POLICIES, REMOVED, Policy, Record
from launchready_tui.mailauth.dmarc.walk import Found, Walk, walk
from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.lookup import Lookup, Reply

MOST_REPORT_HOSTS = 5
_LOOKS_LIKE = re.compile(r"^[\s\"'\ufeff]*v\s*=\s*dmarc1", re.IGNORECASE)
_STRENGTH = {policy: number for number, policy in enumerate(POLICIES)}


@dataclass(frozen=True, slots=True)
class ReportHost:
    """A host that reports are sent to. `allows`: it says that it takes reports about the domain,
    which only a host outside of it has to say (RFC 9990 section 4).
    """

    host: str
    outside: bool
    allows: Reply
    mail: Reply


@dataclass(frozen=True, slots=True)
class Published:
    """What stands in DNS about a domain's DMARC, in the right places and in wrong ones."""

    walk: Walk
    own: Reply
    """TXT at the domain's own `_dmarc`."""
    apex: Reply
    nested: Reply
    doubled: Reply
    hosts: tuple[ReportHost, ...] = ()

    @property
    def domain(self) -> str:
        return self.walk.start


async def fetch(lookup: Lookup, domain: str) -> Published:
    """Ask for all of it at once, and for report hosts after the record that names them."""
    found, own, apex, nested, doubled = await asyncio.gather(
        walk(lookup, domain),
        lookup(f"_dmarc.{domain}", "TXT"),
        lookup(domain, "TXT"),
        lookup(f"_dmarc._dmarc.{domain}", "TXT"),
        lookup(f"_dmarc.{domain}.{domain}", "TXT"),
    )
    held = found.policy
    hosts: list[ReportHost] = []
    if held is not None:
        names = list(dict.fromkeys(report.host for report in held.record.rua if report.host))
        asked = names[:MOST_REPORT_HOSTS]
        hosts = list(await asyncio.gather(*(_host(lookup, held.domain, name) for name in asked)))
    return Published(found, own, apex, nested, doubled, tuple(hosts))


async def _host(lookup: Lookup, domain: str, host: str) -> ReportHost:
    outside = host != domain and not host.endswith(f".{domain}")
    mail, allows = await asyncio.gather(
        lookup(host, "MX"), lookup(f"{domain}._report._dmarc.{host}", "TXT") if outside else _none()
    )
    return ReportHost(host=host, outside=outside, allows=allows, mail=mail)


async def _none() -> Reply:
    return Reply("absent")


def audit(published: Published) -> tuple[Flaw, ...]:
    """Every flaw, worst first. Where the walk had an answer that failed, absence is not told."""
    found = published.walk
    if found.several:
        places = ", ".join(f"_dmarc.{name}" for name in found.several)
        observed = f"more than one record stands at {places}, so none of them counts"
        return (Flaw("dmarc-multiple", f"_dmarc.{found.several[0]}", observed),)
    held = found.policy
    if held is None:
        return () if found.cause else tuple(_absent(published))
    return tuple(flaw for judge in _JUDGES for flaw in judge(published, held, held.record))


def notes(published: Published) -> tuple[Flaw, ...]:
    """What is worth knowing of the record that holds and is no fault."""
    held = published.walk.policy
    if published.walk.cause or held is None or held.record.ruf:
        return ()
    observed = "no ruf: failure reports are not asked for, and few receivers send any"
    return (Flaw("dmarc-no-ruf", f"_dmarc.{held.domain}", observed),)


# ---------------------------------------------------------------- no record


def _absent(published: Published) -> Iterable[Flaw]:
    at = f"_dmarc.{published.domain}"
    odd = [text for text in published.own.records if _LOOKS_LIKE.match(text) or "p=" in text]
    misplaced = [
        (place, text)
        for place, reply in (
            (published.domain, published.apex),
            (f"_dmarc._dmarc.{published.domain}", published.nested),
            (f"_dmarc.{published.domain}.{published.domain}", published.doubled),
        )
        for text in reply.records
        if _LOOKS_LIKE.match(text)
    ]
    if odd:
        observed = f"“{odd[0][:100]}” is not read as DMARC: it must begin with “v=DMARC1;”"
        yield Flaw("dmarc-unrecognised", at, observed, publish=_respelt(odd[0]))
    elif misplaced:
        place, text = misplaced[0]
        yield Flaw(
            "dmarc-wrong-place", place, f"the record stands at {place}, not at {at}", publish=text
        )
    else:
        publish = f"v=DMARC1; p=none; rua=mailto:dmarc@{published.domain}"
        observed = f"no record at {at}, nor at any name above it"
        yield Flaw("dmarc-missing", at, observed, publish=publish)


def _respelt(text: str) -> str:
    plain = re.sub(r"[\"'\ufeff\u201c\u201d]", "", text).strip().replace(",p=", ";p=")
    pairs = [pair.strip() for pair in re.split(r"[;]|,\s*(?=[a-z]+\s*=)", plain) if "=" in pair]
    rest = [pair for pair in pairs if not re.match(r"v\s*=", pair, re.IGNORECASE)]
    return "; ".join(["v=DMARC1", *rest])


# ---------------------------------------------------------------- the policy


def _policy(published: Published, held: Found, record: Record) -> Iterable[Flaw]:
    at = f"_dmarc.{held.domain}"
    reported = any(report.host for report in record.rua)
    if record.own == "none":
        if reported:
            yield Flaw("dmarc-none", at, "p=none: forged mail is reported, and delivered")
        else:
            observed = "p=none without rua: neither protection nor reports"
            better = _with_rua(record, held.domain)
            yield Flaw("dmarc-none-no-rua", at, observed, publish=better)
        return
    if not reported:
        observed = f"p={record.own} without rua: nobody sees what is refused"
        yield Flaw("dmarc-no-rua", at, observed, publish=_with_rua(record, held.domain))
    others = (("sp", record.sub_policy), ("np", record.missing_policy))
    weak = [f"{tag}=none" for tag, policy in others if policy == "none"]
    if weak:
        observed = f"{' and '.join(weak)} while p={record.own}: names below are open to forgery"
        yield Flaw("dmarc-subdomain-open", at, observed)
    elif _STRENGTH[record.missing] < _STRENGTH["reject"]:
        observed = f"names that do not exist get {record.missing}, p={record.own}"
        yield Flaw("dmarc-np-weak", at, observed, publish=_with_tag(record, "np", "reject"))
    if record.testing:
        observed = f"t=y: receivers apply {_less(record.own)} instead of {record.own}"
        yield Flaw("dmarc-testing", at, observed)


def _tags(published: Published, held: Found, record: Record) -> Iterable[Flaw]:
    at = f"_dmarc.{held.domain}"
    if record.psd == "y":
        observed = "psd=y says that this is a registry's name"
        yield Flaw("dmarc-psd", at, observed)
    idle = [r.uri for r in record.rua if "!" in r.uri][:1]
    idle += ["fo="] if record.tags.has("fo") and not record.ruf else []
    gone = [tag.name for tag in record.tags.tags if tag.name in REMOVED]
    if idle and not gone:
        observed = f"{', '.join(idle)} means nothing (RFC 9989)"
        yield Flaw("dmarc-pct-ignored", at, observed, severity="low", publish=_without(record))
    if gone:
        percent = record.tags.get("pct")
        bites = percent not in (None, "100") and record.own != "none"
        observed = f"{', '.join(f'{name}=' for name in gone)} means nothing any more (RFC 9989)"
        severity = "medium" if bites else "low"
        yield Flaw("dmarc-pct-ignored", at, observed, severity=severity, publish=_without(record))


# ---------------------------------------------------------------- reports


def _reports(published: Published, held: Found, record: Record) -> Iterable[Flaw]:
    at = f"_dmarc.{held.domain}"
    bad = [report.uri for report in record.rua if not report.host]
    fine = [report for report in record.rua if report.host]
    if bad:
        observed = f"“{bad[0][:100]}” is no mail address: mailto:name@domain is expected"
        yield Flaw("dmarc-rua-bad", at, observed, severity="low" if fine else "")
    for host in published.hosts:
        if _takes_no_mail(host.mail):
            observed = f"reports go to {host.host}, which takes no mail"
            yield Flaw("dmarc-rua-bad", at, observed, params={"host": host.host})
        if host.outside and host.allows.status in ("absent", "gone"):
            name = f"{held.domain}._report._dmarc.{host.host}"
            observed = f"{host.host} does not say that it takes reports about {held.domain}"
            yield Flaw(
                "dmarc-rua-unauthorised", at, observed, params={"host": host.host, "name": name}
            )


def _takes_no_mail(mail: Reply) -> bool:
    if mail.status == "found":
        return all(record.partition(" ")[2].strip(". ") == "" for record in mail.records)
    return mail.status == "gone"


_JUDGES: tuple[Callable[[Published, Found, Record], Iterable[Flaw]], ...] = (
    _policy,
    _reports,
    _tags,
)


# ---------------------------------------------------------------- records to publish


def _with_rua(record: Record, domain: str) -> str:
    return _with_tag(record, "rua", f"mailto:dmarc@{domain}")


def _with_tag(record: Record, name: str, value: str) -> str:
    pairs = [(tag.name, tag.value) for tag in record.tags.tags if tag.name != name]
    return _joined([*pairs, (name, value)])


def _without(record: Record) -> str:
    idle = (*REMOVED, *(() if record.ruf else ("fo",)))
    pairs = [(tag.name, tag.value) for tag in record.tags.tags if tag.name not in idle]
    return _joined([(n, re.sub(r"![0-9]+[kmgt]?", "", v) if n == "rua" else v) for n, v in pairs])


def _joined(pairs: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{name}={value}" for name, value in pairs)


def _less(policy: Policy) -> str:
    return POLICIES[max(0, _STRENGTH[policy] - 1)]
