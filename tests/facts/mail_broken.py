"""A broken company for each fault of mail that DNS shows, all in one knot: the zone `test`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cases.mail_world import ED_KEY, KEY, OTHER_KEY, SHORT_KEY
from facts.mail_company import GOOD, OUTSIDE, SPF, domain, rua, txt
from launchready_tui.given import Mail
from launchready_tui.network import Options
from servers.knot import running_knot

NOTHING = Mail()


@dataclass(frozen=True)
class Broken:
    """A company's records, what has to be found in them ("code subject"), what its owner says."""

    zone: str
    found: tuple[str, ...]
    says: Mail = NOTHING


VALUE = KEY.partition("p=")[2]
S1 = Mail(selectors=("s1",))
MANY = " ".join(f"ip4:52.1.{n}.7" for n in range(40))
RUF = "ruf=mailto:d@badrua.test"
TODAY = date.today()
CHAIN = (
    "\n".join(txt(f"c{n}.chain", f"v=spf1 include:c{n + 1}.chain.test ~all") for n in range(1, 12))
    + "\n"
    + txt("c12.chain", "v=spf1 ip4:93.184.216.34 ~all")
)
BROKEN: dict[str, Broken] = {
    "nospf": Broken(domain("nospf", spf=()), ("spf-missing nospf.test",)),
    "twospf": Broken(
        domain("twospf", spf=(SPF, "v=spf1 -all")), ("spf-multiple-records twospf.test",)
    ),
    "odd": Broken(
        domain("odd", spf=("v=spf1; include:_spf.google.com ~all",)),
        ("spf-unrecognised odd.test",),
    ),
    "typo": Broken(
        domain("typo", spf=("v=spf1 inlcude:_spf.google.com ~all",)),
        ("spf-syntax typo.test",),
    ),
    "chain": Broken(
        domain("chain", spf=("v=spf1 include:c1.chain.test ~all",)) + "\n" + CHAIN,
        ("spf-too-many-lookups chain.test",),
    ),
    "void": Broken(
        domain("void", spf=("v=spf1 a:a1.void.test a:a2.void.test a:a3.void.test ~all",)),
        ("spf-void-lookups void.test",),
    ),
    "dead": Broken(
        domain("dead", spf=("v=spf1 include:gone.dead.test ~all",)),
        ("spf-target-broken dead.test",),
    ),
    "loop": Broken(
        domain("loop", spf=("v=spf1 include:loop.test ~all",)),
        ("spf-target-broken loop.test",),
    ),
    "open": Broken(domain("open", spf=("v=spf1 +all",)), ("spf-allows-everyone open.test",)),
    "noend": Broken(
        domain("noend", spf=("v=spf1 include:_spf.google.com",)),
        ("spf-no-final-policy noend.test",),
    ),
    "wide": Broken(
        domain("wide", spf=("v=spf1 ip4:52.0.0.0/8 ~all",)),
        ("spf-range-too-wide wide.test",),
    ),
    "inner": Broken(
        domain("inner", spf=("v=spf1 ip4:10.0.0.0/8 ~all",)),
        ("spf-private-range inner.test",),
    ),
    "ptr": Broken(domain("ptr", spf=("v=spf1 ptr ~all",)), ("spf-ptr ptr.test",)),
    "legacy": Broken(
        domain("legacy", more=("legacy TYPE99 \\# 12 0B763D73706631202D616C6C",)),
        ("spf-legacy legacy.test",),
    ),
    "exp": Broken(domain("exp", spf=(f"{SPF} exp=why.exp.test",)), ("spf-exp-missing exp.test",)),
    "parked": Broken(
        "parked A 192.0.2.80\nparked MX 0 .",
        ("spf-parked-open parked.test", "dmarc-missing _dmarc.parked.test"),
    ),
    "revoked": Broken(
        domain("revoked", google="v=DKIM1; p="),
        ("dkim-key-revoked google._domainkey.revoked.test",),
        Mail(selectors=("google",)),
    ),
    "short": Broken(
        domain("short", google=SHORT_KEY), ("dkim-rsa-short google._domainkey.short.test",)
    ),
    "torn": Broken(
        domain("torn", google=f"v=DKIM1; p={VALUE[:201]}"),
        ("dkim-key-unparsable google._domainkey.torn.test",),
    ),
    "tested": Broken(
        domain("tested", google=f"v=DKIM1; t=y; p={VALUE}"),
        ("dkim-testing-flag google._domainkey.tested.test",),
    ),
    "edonly": Broken(
        domain("edonly", google=ED_KEY), ("dkim-ed25519-only _domainkey.edonly.test",)
    ),
    "twokeys": Broken(
        domain("twokeys", more=(txt("google._domainkey.twokeys", OTHER_KEY),)),
        ("dkim-several-records google._domainkey.twokeys.test",),
    ),
    "wild": Broken(
        domain("wild", google="", more=(txt("*._domainkey.wild", KEY),)),
        ("dkim-wildcard *._domainkey.wild.test",),
    ),
    "nodmarc": Broken(domain("nodmarc", dmarc=()), ("dmarc-missing _dmarc.nodmarc.test",)),
    "twodmarc": Broken(
        domain("twodmarc", dmarc=("v=DMARC1; p=none", "v=DMARC1; p=reject")),
        ("dmarc-multiple _dmarc.twodmarc.test",),
    ),
    "apexdmarc": Broken(
        domain("apexdmarc", spf=(SPF, "v=DMARC1; p=reject"), dmarc=()),
        ("dmarc-wrong-place apexdmarc.test",),
    ),
    "lower": Broken(
        domain("lower", dmarc=("v=dmarc1; p=reject",)),
        ("dmarc-unrecognised _dmarc.lower.test",),
    ),
    "blind": Broken(
        domain("blind", dmarc=("v=DMARC1; p=none; ruf=mailto:a@blind.test",)),
        ("dmarc-none-no-rua _dmarc.blind.test",),
    ),
    "watching": Broken(
        domain("watching", dmarc=(f"v=DMARC1; p=none; {rua('watching')}",)),
        ("dmarc-none _dmarc.watching.test",),
    ),
    "below": Broken(
        domain("below", dmarc=(f"v=DMARC1; p=reject; sp=none; {rua('below')}",)),
        ("dmarc-subdomain-open _dmarc.below.test",),
    ),
    "pct": Broken(
        domain("pct", dmarc=(f"v=DMARC1; p=reject; pct=10; {rua('pct')}",)),
        ("dmarc-pct-ignored _dmarc.pct.test",),
    ),
    "away": Broken(
        domain(
            "away", dmarc=("v=DMARC1; p=reject; rua=mailto:a@good.test; ruf=mailto:a@good.test",)
        ),
        ("dmarc-rua-unauthorised _dmarc.away.test",),
    ),
    "nomx": Broken(domain("nomx", mx=()), ("mx-missing nomx.test",)),
    "nullmx": Broken(
        domain("nullmx", mx=("0 .", "10 smtp.google.com.")),
        ("mx-null-mixed nullmx.test", "mx-single nullmx.test"),
    ),
    "badmx": Broken(
        domain("badmx", mx=("1 alias.badmx",), more=("alias.badmx CNAME mx1.good",)),
        ("mx-bad-target badmx.test", "mx-single badmx.test"),
    ),
    "split": Broken(
        domain("split", mx=("1 smtp.google.com.", "2 split.mail.protection.outlook.com.")),
        ("mx-two-vendors split.test",),
    ),
    "sts": Broken(
        domain("sts", more=(txt("_mta-sts.sts", "v=STSv1; id=1"),)),
        ("mta-sts-unfetchable mta-sts.sts.test",),
    ),
    "logo": Broken(
        domain(
            "logo",
            dmarc=(f"v=DMARC1; p=none; {rua('logo')}",),
            more=(txt("default._bimi.logo", "v=BIMI1; l=https://logo.test/a.svg"),),
        ),
        ("bimi-no-effect default._bimi.logo.test", "dmarc-none _dmarc.logo.test"),
    ),
    "dane": Broken(
        domain(
            "dane",
            mx=("1 mx.dane",),
            more=("mx.dane A 127.0.0.33", f"_25._tcp.mx.dane TLSA 3 1 1 {'ab' * 32}"),
        ),
        ("dane-broken _25._tcp.mx.dane.test", "mx-single dane.test"),
    ),
    "bounce": Broken(
        domain("bounce", more=("send.bounce MX 10 feedback-smtp.eu-west-1.amazonses.com.",)),
        ("spf-subdomain-missing send.bounce.test",),
    ),
    "glued": Broken(
        domain("glued", spf=(), more=('glued TXT "v=spf1 include:_spf.google.com" "~all"',)),
        ("spf-strings-glued glued.test", "spf-no-final-policy glued.test"),
    ),
    "near": Broken(
        domain("near", spf=("v=spf1 include:c4.chain.test ~all",)),
        ("spf-lookups-near-limit near.test",),
    ),
    "other": Broken(
        domain("other"),
        (
            "spf-sender-not-covered other.test",
            "dkim-key-missing selector1._domainkey.other.test",
            "dkim-key-missing selector2._domainkey.other.test",
        ),
        Mail(senders=("microsoft",)),
    ),
    "alias": Broken(
        domain("alias", more=("send.alias CNAME nobody.alias",)),
        ("spf-cname-hides-txt send.alias.test",),
        Mail(return_path=("send.alias.test",)),
    ),
    "both": Broken(
        domain("both", spf=("v=spf1 redirect=_spf.google.com ~all",)),
        ("spf-redirect-ignored both.test",),
    ),
    "after": Broken(
        domain("after", spf=("v=spf1 ~all include:_spf.google.com",)),
        ("spf-terms-after-all after.test",),
    ),
    "elevenmx": Broken(
        domain(
            "elevenmx",
            spf=("v=spf1 mx:in.elevenmx.test ~all",),
            more=tuple(f"in.elevenmx MX {n} mx1.good" for n in range(11)),
        ),
        ("spf-mx-over-10 elevenmx.test",),
    ),
    "size": Broken(
        domain(
            "size", spf=(" ".join(["v=spf1", *(f"ip4:52.1.{n}.7" for n in range(40)), "~all"]),)
        ),
        ("spf-size size.test",),
    ),
    "twice": Broken(
        domain("twice", spf=("v=spf1 include:_spf.google.com include:_spf.google.com ~all",)),
        ("spf-duplicate-term twice.test",),
    ),
    "nokey": Broken(domain("nokey"), ("dkim-key-missing s1._domainkey.nokey.test",), S1),
    "doubled": Broken(
        domain("doubled", more=(txt("s1._domainkey.doubled.test.doubled", KEY),)),
        ("dkim-name-doubled s1._domainkey.doubled.test",),
        S1,
    ),
    "dangling": Broken(
        domain("dangling", more=("s1._domainkey.dangling CNAME s1.gone.dangling",)),
        ("dkim-cname-dangling s1._domainkey.dangling.test",),
        S1,
    ),
    "lastv": Broken(
        domain("lastv", google=f"k=rsa; v=DKIM1; p={VALUE}"),
        ("dkim-key-unusable google._domainkey.lastv.test",),
    ),
    "gtag": Broken(
        domain("gtag", google=f"v=DKIM1; g=*; p={VALUE}"),
        ("dkim-legacy-tag google._domainkey.gtag.test",),
    ),
    "norua": Broken(
        domain("norua", dmarc=("v=DMARC1; p=reject; ruf=mailto:d@norua.test",)),
        ("dmarc-no-rua _dmarc.norua.test",),
    ),
    "badrua": Broken(
        domain(
            "badrua",
            dmarc=(f"v=DMARC1; p=reject; rua=mailto:d@in.badrua.test; {RUF}",),
        ),
        ("dmarc-rua-bad _dmarc.badrua.test",),
    ),
    "weaknp": Broken(
        domain("weaknp", dmarc=(f"v=DMARC1; p=reject; np=quarantine; {rua('weaknp')}",)),
        ("dmarc-np-weak _dmarc.weaknp.test",),
    ),
    "trial": Broken(
        domain("trial", dmarc=(f"v=DMARC1; p=reject; t=y; {rua('trial')}",)),
        ("dmarc-testing _dmarc.trial.test",),
    ),
    "suffix": Broken(
        domain("suffix", dmarc=(f"v=DMARC1; p=reject; psd=y; {rua('suffix')}",)),
        ("dmarc-psd _dmarc.suffix.test",),
    ),
    "early": Broken(
        domain("early"),
        ("dmarc-reject-too-early _dmarc.early.test",),
        Mail(dmarc_since=TODAY),
    ),
    "sandbox": Broken(
        domain("sandbox"),
        ("dmarc-sandbox-from onboarding@resend.dev",),
        Mail(addresses=("onboarding@resend.dev", "hello@sandbox.test")),
    ),
    "lone": Broken(
        domain("lone", google=""),
        ("dmarc-alignment lone.test", "dkim-key-missing resend._domainkey.lone.test"),
        Mail(senders=("resend",)),
    ),
    "strict": Broken(
        domain(
            "strict",
            dmarc=(f"v=DMARC1; p=reject; aspf=s; adkim=s; {rua('strict')}",),
            more=(txt("send.strict", SPF),),
        ),
        (
            "dmarc-strict-mismatch _dmarc.strict.test",
            "dkim-key-missing resend._domainkey.strict.test",
            "spf-sender-not-covered send.strict.test",
        ),
        Mail(senders=("resend",), return_path=("send.strict.test",)),
    ),
    "nowhere": Broken(
        domain("nowhere", mx=("0 .",)),
        ("mx-null-on-sender nowhere.test", "dmarc-rua-bad _dmarc.nowhere.test"),
        Mail(addresses=("hello@nowhere.test",)),
    ),
    "single": Broken(
        domain("single", mx=("10 mx1.good",)),
        ("mx-single single.test",),
    ),
    "ties": Broken(
        domain("ties", mx=("10 mx1.good", "10 mx2.good")),
        ("mx-preference-ties ties.test",),
    ),
    "noptr": Broken(
        domain("noptr", mx=("10 mx1.good", "20 in.noptr"), more=("in.noptr A 127.0.0.35",)),
        ("mx-no-fcrdns in.noptr.test",),
    ),
    "silent": Broken(
        domain("silent", tls_reports=False),
        ("mta-sts-tlsrpt-absent _mta-sts.silent.test",),
    ),
}


@contextlib.contextmanager
def running_companies() -> Iterator[Options]:
    """Serve all of them until the block ends."""
    zone = "\n".join([GOOD, *(company.zone for company in BROKEN.values())])
    with running_knot({"test": zone, **OUTSIDE}) as resolver:
        yield Options(resolver=resolver, dns_wait=0.5, connect_timeout=0.5)
