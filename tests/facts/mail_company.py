"""A good company and a broken one for each fault, in one knot: the zone `test` holds them all.

`BROKEN` maps a label to its records and the faults that have to be found, as "code subject". What
lies outside (`_spf.google.com` …) is served beside it, or the walk would end at a refusal.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from cases.mail_world import DMARC, ED_KEY, KEY, OTHER_KEY, SHORT_KEY
from launchready_tui.network import Options
from servers.knot import running_knot

VALUE = KEY.partition("p=")[2]
SPF = "v=spf1 include:_spf.google.com ~all"


def txt(name: str, text: str) -> str:
    pieces = [text[at : at + 250] for at in range(0, len(text), 250)]
    quoted = " ".join('"' + piece.replace('"', '\\"').replace(";", "\\;") + '"' for piece in pieces)
    return f"{name} TXT {quoted}"


def domain(
    label: str,
    *,
    spf: tuple[str, ...] = (SPF,),
    dmarc: tuple[str, ...] | None = None,
    mx: tuple[str, ...] = ("1 smtp.google.com.",),
    google: str = KEY,
    more: tuple[str, ...] = (),
) -> str:
    """The records of a domain in order, but for what is given."""
    usual = (DMARC.replace("acme.test", f"{label}.test"),)
    lines = [f"{label} A 192.0.2.80", *(f"{label} MX {record}" for record in mx)]
    lines += [txt(label, text) for text in spf]
    lines += [txt(f"_dmarc.{label}", text) for text in (usual if dmarc is None else dmarc)]
    lines += [txt(f"google._domainkey.{label}", google)] if google else []
    lines.append(txt(f"_smtp._tls.{label}", f"v=TLSRPTv1; rua=mailto:t@{label}.test"))
    return "\n".join([*lines, *more])


def rua(label: str) -> str:
    return f"rua=mailto:d@{label}.test; ruf=mailto:d@{label}.test"


GOOD = domain(
    "good",
    mx=("10 mx1.good", "20 mx2.good"),
    more=("mx1.good A 127.0.0.31", "mx2.good A 127.0.0.32"),
)
CHAIN = (
    "\n".join(txt(f"c{n}.chain", f"v=spf1 include:c{n + 1}.chain.test ~all") for n in range(1, 12))
    + "\n"
    + txt("c12.chain", "v=spf1 ip4:93.184.216.34 ~all")
)
BROKEN: dict[str, tuple[str, tuple[str, ...]]] = {
    "nospf": (domain("nospf", spf=()), ("spf-missing nospf.test",)),
    "twospf": (domain("twospf", spf=(SPF, "v=spf1 -all")), ("spf-multiple-records twospf.test",)),
    "odd": (
        domain("odd", spf=("v=spf1; include:_spf.google.com ~all",)),
        ("spf-unrecognised odd.test",),
    ),
    "typo": (
        domain("typo", spf=("v=spf1 inlcude:_spf.google.com ~all",)),
        ("spf-syntax typo.test",),
    ),
    "chain": (
        domain("chain", spf=("v=spf1 include:c1.chain.test ~all",)) + "\n" + CHAIN,
        ("spf-too-many-lookups chain.test",),
    ),
    "void": (
        domain("void", spf=("v=spf1 a:a1.void.test a:a2.void.test a:a3.void.test ~all",)),
        ("spf-void-lookups void.test",),
    ),
    "dead": (
        domain("dead", spf=("v=spf1 include:gone.dead.test ~all",)),
        ("spf-target-broken dead.test",),
    ),
    "loop": (
        domain("loop", spf=("v=spf1 include:loop.test ~all",)),
        ("spf-target-broken loop.test",),
    ),
    "open": (domain("open", spf=("v=spf1 +all",)), ("spf-allows-everyone open.test",)),
    "noend": (
        domain("noend", spf=("v=spf1 include:_spf.google.com",)),
        ("spf-no-final-policy noend.test",),
    ),
    "wide": (
        domain("wide", spf=("v=spf1 ip4:52.0.0.0/8 ~all",)),
        ("spf-range-too-wide wide.test",),
    ),
    "inner": (
        domain("inner", spf=("v=spf1 ip4:10.0.0.0/8 ~all",)),
        ("spf-private-range inner.test",),
    ),
    "ptr": (domain("ptr", spf=("v=spf1 ptr ~all",)), ("spf-ptr ptr.test",)),
    "legacy": (
        domain("legacy", more=("legacy TYPE99 \\# 12 0B763D73706631202D616C6C",)),
        ("spf-legacy legacy.test",),
    ),
    "exp": (domain("exp", spf=(f"{SPF} exp=why.exp.test",)), ("spf-exp-missing exp.test",)),
    "parked": (
        "parked A 192.0.2.80\nparked MX 0 .",
        ("spf-parked-open parked.test", "dmarc-missing _dmarc.parked.test"),
    ),
    "revoked": (domain("revoked", google="v=DKIM1; p="), ()),
    "short": (domain("short", google=SHORT_KEY), ("dkim-rsa-short google._domainkey.short.test",)),
    "torn": (
        domain("torn", google=f"v=DKIM1; p={VALUE[:201]}"),
        ("dkim-key-unparsable google._domainkey.torn.test",),
    ),
    "tested": (
        domain("tested", google=f"v=DKIM1; t=y; p={VALUE}"),
        ("dkim-testing-flag google._domainkey.tested.test",),
    ),
    "edonly": (domain("edonly", google=ED_KEY), ("dkim-ed25519-only _domainkey.edonly.test",)),
    "twokeys": (
        domain("twokeys", more=(txt("google._domainkey.twokeys", OTHER_KEY),)),
        ("dkim-several-records google._domainkey.twokeys.test",),
    ),
    "wild": (
        domain("wild", google="", more=(txt("*._domainkey.wild", KEY),)),
        ("dkim-wildcard *._domainkey.wild.test",),
    ),
    "nodmarc": (domain("nodmarc", dmarc=()), ("dmarc-missing _dmarc.nodmarc.test",)),
    "twodmarc": (
        domain("twodmarc", dmarc=("v=DMARC1; p=none", "v=DMARC1; p=reject")),
        ("dmarc-multiple _dmarc.twodmarc.test",),
    ),
    "apexdmarc": (
        domain("apexdmarc", spf=(SPF, "v=DMARC1; p=reject"), dmarc=()),
        ("dmarc-wrong-place apexdmarc.test",),
    ),
    "lower": (
        domain("lower", dmarc=("v=dmarc1; p=reject",)),
        ("dmarc-unrecognised _dmarc.lower.test",),
    ),
    "blind": (
        domain("blind", dmarc=("v=DMARC1; p=none; ruf=mailto:a@blind.test",)),
        ("dmarc-none-no-rua _dmarc.blind.test",),
    ),
    "watching": (
        domain("watching", dmarc=(f"v=DMARC1; p=none; {rua('watching')}",)),
        ("dmarc-none _dmarc.watching.test",),
    ),
    "below": (
        domain("below", dmarc=(f"v=DMARC1; p=reject; sp=none; {rua('below')}",)),
        ("dmarc-subdomain-open _dmarc.below.test",),
    ),
    "pct": (
        domain("pct", dmarc=(f"v=DMARC1; p=reject; pct=10; {rua('pct')}",)),
        ("dmarc-pct-ignored _dmarc.pct.test",),
    ),
    "away": (
        domain(
            "away", dmarc=("v=DMARC1; p=reject; rua=mailto:a@good.test; ruf=mailto:a@good.test",)
        ),
        ("dmarc-rua-unauthorised _dmarc.away.test",),
    ),
    "nomx": (domain("nomx", mx=()), ("mx-missing nomx.test",)),
    "nullmx": (domain("nullmx", mx=("0 .", "10 smtp.google.com.")), ("mx-null-mixed nullmx.test",)),
    "badmx": (
        domain("badmx", mx=("1 alias.badmx",), more=("alias.badmx CNAME mx1.good",)),
        ("mx-bad-target badmx.test", "mx-single badmx.test"),
    ),
    "split": (
        domain("split", mx=("1 smtp.google.com.", "2 split.mail.protection.outlook.com.")),
        ("mx-two-vendors split.test",),
    ),
    "sts": (
        domain("sts", more=(txt("_mta-sts.sts", "v=STSv1; id=1"),)),
        ("mta-sts-unfetchable mta-sts.sts.test",),
    ),
    "logo": (
        domain(
            "logo",
            dmarc=(f"v=DMARC1; p=none; {rua('logo')}",),
            more=(txt("default._bimi.logo", "v=BIMI1; l=https://logo.test/a.svg"),),
        ),
        ("bimi-no-effect default._bimi.logo.test", "dmarc-none _dmarc.logo.test"),
    ),
    "dane": (
        domain(
            "dane",
            mx=("1 mx.dane",),
            more=("mx.dane A 127.0.0.33", f"_25._tcp.mx.dane TLSA 3 1 1 {'ab' * 32}"),
        ),
        ("dane-broken _25._tcp.mx.dane.test", "mx-single dane.test"),
    ),
    "bounce": (
        domain("bounce", more=("send.bounce MX 10 feedback-smtp.eu-west-1.amazonses.com.",)),
        ("spf-subdomain-missing send.bounce.test",),
    ),
}
OUTSIDE = {
    "com": "\n".join(
        [
            'google TXT "x"',
            '_spf.google TXT "v=spf1 ip4:35.190.247.0/24 ~all"',
            "smtp.google A 142.250.1.27",
            "split.mail.protection.outlook A 52.101.1.1",
            'amazonses TXT "v=spf1 ip4:199.255.192.0/22 -all"',
            "feedback-smtp.eu-west-1.amazonses A 52.101.1.2",
        ]
    ),
    "in-addr.arpa": "31.0.0.127 PTR mx1.good.test.\n32.0.0.127 PTR mx2.good.test.\n"
    "33.0.0.127 PTR mx.dane.test.\n",
}


@contextlib.contextmanager
def running_companies() -> Iterator[Options]:
    """Serve all of them until the block ends."""
    zone = "\n".join([GOOD, *(records for records, _ in BROKEN.values())])
    with running_knot({"test": zone, **OUTSIDE}) as resolver:
        yield Options(resolver=resolver, dns_wait=0.5, connect_timeout=0.5)
