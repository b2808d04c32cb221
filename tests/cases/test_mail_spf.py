"""mail.spf: one sound record at every name that mail is sent from, and it names the senders."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.mail_world import DOMAIN, FAILS, GOOD, PARKED, SPF, mail, spf, zone
from launchready_tui.facts.mail import MailSender
from launchready_tui.given import Mail
from launchready_tui.model import Outcome, Severity, State

GOOGLE = "include:_spf.google.com"
NO_MAILBOXES = {DOMAIN: {"MX": (), "TXT": ["site-verification=1"]}}
POSTMARK = MailSender(id="postmark", label="Postmark", how="code", where="POSTMARK_TOKEN in .env")
SERVERS = {f"h{n}.acme.test": {"A": [f"198.51.100.{n}"]} for n in range(12)}


def chain(count: int, end: str = "ip4:198.51.100.9") -> dict[str, dict[str, list[str]]]:
    """Includes that lead into each other: i1 … iN."""
    held = {}
    for number in range(1, count + 1):
        inner = f"include:i{number + 1}.test" if number < count else end
        held[f"i{number}.test"] = {"TXT": [f"v=spf1 {inner} ~all"]}
    return held


def leads(target: str, text: str) -> dict[str, dict[str, list[str]]]:
    return {DOMAIN: {"TXT": [f"v=spf1 include:{target} ~all"]}, target: {"TXT": [text]}}


def has(severity: Severity, code: str = "") -> object:
    def check(outcome: Outcome) -> None:
        found = [f for f in outcome.findings if not code or f.code == code]
        assert found
        assert found[0].severity is severity

    return check


def publishes(text: str, host: str = "“@”") -> object:
    def check(outcome: Outcome) -> None:
        params = outcome.findings[0].params
        assert params["record"] == text
        assert text in params["publish"]
        assert f"host field {host}" in params["publish"]
        assert "At Cloudflare" in params["publish"]

    return check


def remarks(*words: str) -> object:
    def check(outcome: Outcome) -> None:
        told = " ".join(seen.value for seen in outcome.seen)
        assert all(word in told for word in words), told

    return check


NOTE = f"spf-notes {DOMAIN}"
BOUNCE_NOTE = "spf-notes send.acme.test"
NOTES = (NOTE, BOUNCE_NOTE)


def plain(says: str, held: object, *not_: str, **more: object) -> Example:
    return Example(says, mail(held), not_=not_, **more)  # type: ignore[arg-type]


def wrong(says: str, text: str, *codes: str, note: bool = True, **more: object) -> Example:
    finds = [f"{code} {DOMAIN}" for code in codes]
    finds += [NOTE] if note else []
    extra = more.pop("zone", {})
    held = zone({DOMAIN: {"TXT": [text]}, **extra})  # type: ignore[dict-item]
    return Example(says, mail(held), finds=(*finds, BOUNCE_NOTE), **more)  # type: ignore[arg-type]


test_examples = examples(
    "mail.spf",
    [
        plain(
            "people's mailboxes and the app's service are both named",
            GOOD,
            "spf-missing",
            "spf-no-final-policy",
            "spf-notes",
            "spf-exp-missing",
            also=remarks("~all is fine", "1 lookup of 10"),
        ),
        # ------------------------------------------------ there is one record
        Example(
            "a domain with mailboxes has no record",
            mail(zone({DOMAIN: {"TXT": ["site-verification=1"]}})),
            finds=(f"spf-missing {DOMAIN}", BOUNCE_NOTE),
            also=publishes("v=spf1 mx ~all"),
        ),
        plain(
            "all bounces go to a name of their own, and nobody has a mailbox here",
            zone(NO_MAILBOXES),
            "spf-missing",
        ),
        plain(
            "the name is an alias for one that holds the record",
            zone({DOMAIN: {"CNAME": ["host.test"], "TXT": [SPF]}, "host.test": {"TXT": [SPF]}}),
            "spf-missing",
            "spf-cname-hides-txt",
        ),
        Example(
            "DNS fails for the domain",
            mail(zone({DOMAIN: {FAILS: ()}})),
            not_=("spf-missing",),
            state=State.UNKNOWN,
        ),
        Example(
            "two records",
            mail(spf(SPF, "v=spf1 include:amazonses.com -all")),
            finds=(f"spf-multiple-records {DOMAIN}", BOUNCE_NOTE),
            also=publishes("v=spf1 include:_spf.google.com include:amazonses.com -all"),
        ),
        plain("beside other TXT and spf2.0 there is one", spf(SPF, "x=1"), "spf-multiple-records"),
        Example(
            "a semicolon hides the record",
            mail(spf("v=spf1; include:_spf.google.com ~all")),
            finds=(f"spf-unrecognised {DOMAIN}", BOUNCE_NOTE),
            also=publishes(SPF),
        ),
        plain("a token for verification", spf(SPF, "spf-verification=v=spf1"), "spf-unrecognised"),
        # ------------------------------------------------ grammar
        wrong("a term is misspelt", f"v=spf1 inlcude:_spf.google.com {GOOGLE} ~all", "spf-syntax"),
        plain(
            "capitals, blanks and unknown modifiers are legal",
            spf(f"V=SPF1   {GOOGLE}  x-note=a.b ~ALL "),
            "spf-syntax",
        ),
        wrong(
            "two strings were joined without a blank",
            f"v=spf1 {GOOGLE}ip4:192.88.99.1 {GOOGLE} ~all",
            "spf-strings-glued",
        ),
        plain("a long name that is one term", spf(f"v=spf1 {GOOGLE} ~all"), "spf-strings-glued"),
        # ------------------------------------------------ limits
        Example(
            "eleven lookups, and nobody is matched before the eleventh",
            mail(zone({**leads("i1.test", ""), **chain(11)})),
            finds=(f"spf-too-many-lookups {DOMAIN}", *NOTES),
        ),
        Example(
            "eleven lookups, and every sender found matches before",
            mail(
                zone(
                    {
                        DOMAIN: {"TXT": ["v=spf1 include:near.test include:far.test ~all"]},
                        "near.test": {"TXT": ["v=spf1 ip4:198.51.100.1 ~all"]},
                        "far.test": {
                            "TXT": [
                                "v=spf1 ip4:198.51.100.2 "
                                + " ".join(f"a:h{n}.acme.test" for n in range(9))
                                + " ~all"
                            ]
                        },
                        **SERVERS,
                    }
                )
            ),
            finds=(f"spf-too-many-lookups {DOMAIN}", *NOTES),
            also=has(Severity.HIGH, "spf-too-many-lookups"),  # type: ignore[arg-type]
        ),
        plain(
            "twenty addresses and the hosts of an mx cost no lookups",
            spf("v=spf1 mx " + " ".join(f"ip4:192.88.99.{n}" for n in range(20)) + " ~all"),
            "spf-too-many-lookups",
            "spf-lookups-near-limit",
        ),
        Example(
            "nine lookups",
            mail(zone({**leads("i1.test", ""), **chain(9)})),
            finds=(f"spf-lookups-near-limit {DOMAIN}", *NOTES),
        ),
        wrong(
            "three names that lead nowhere",
            "v=spf1 a:x1.acme.test a:x2.acme.test a:x3.acme.test ~all",
            "spf-void-lookups",
        ),
        Example(
            "three names that cannot be asked",
            mail(
                zone(
                    {
                        DOMAIN: {"TXT": ["v=spf1 a:x1.test a:x2.test a:x3.test ~all"]},
                        **{f"x{n}.test": {FAILS: ()} for n in (1, 2, 3)},
                    }
                )
            ),
            not_=("spf-void-lookups",),
            state=State.UNKNOWN,
        ),
        wrong(
            "an include that does not exist", "v=spf1 include:gone.test ~all", "spf-target-broken"
        ),
        Example(
            "an include that cannot be asked",
            mail(
                zone({DOMAIN: {"TXT": ["v=spf1 include:ill.test ~all"]}, "ill.test": {FAILS: ()}})
            ),
            not_=("spf-target-broken",),
            state=State.UNKNOWN,
        ),
        plain(
            "an include with macros cannot be followed",
            spf("v=spf1 include:%{i}._x.acme.test ~all"),
            "spf-target-broken",
            also=remarks("holds macros"),
        ),
        Example(
            "an mx term with eleven servers",
            mail(
                zone(
                    {
                        DOMAIN: {"TXT": ["v=spf1 mx:many.test ~all"]},
                        "many.test": {"MX": [f"10 h{n}.acme.test" for n in range(11)]},
                        **SERVERS,
                    }
                )
            ),
            finds=(f"spf-mx-over-10 {DOMAIN}", *NOTES),
        ),
        Example(
            "an mx term with ten servers",
            mail(
                zone(
                    {
                        DOMAIN: {"TXT": ["v=spf1 mx:many.test ~all"]},
                        "many.test": {"MX": [f"10 h{n}.acme.test" for n in range(10)]},
                        **SERVERS,
                    }
                )
            ),
            not_=("spf-mx-over-10",),
        ),
        wrong(
            "a record of 600 bytes",
            f"v=spf1 {GOOGLE} " + " ".join(f"ip4:192.88.{n}.0/24" for n in range(40)) + " ~all",
            "spf-size",
        ),
        plain("a short record", spf(SPF), "spf-size"),
        # ------------------------------------------------ who is let in
        wrong("+all", f"v=spf1 {GOOGLE} +all", "spf-allows-everyone", note=False),
        wrong("ip4:0.0.0.0/0", f"v=spf1 ip4:0.0.0.0/0 {GOOGLE} ~all", "spf-allows-everyone"),
        Example(
            "an include that ends in +all",
            mail(zone(leads("open.test", "v=spf1 +all"))),
            finds=(f"spf-allows-everyone {DOMAIN}", *NOTES),
        ),
        plain(
            "an open record is refused by name",
            zone(
                {
                    DOMAIN: {"TXT": [f"v=spf1 -include:open.test {GOOGLE} ~all"]},
                    "open.test": {"TXT": ["v=spf1 +all"]},
                }
            ),
            "spf-allows-everyone",
        ),
        wrong("no all", f"v=spf1 {GOOGLE}", "spf-no-final-policy", note=False),
        wrong(
            "?all",
            f"v=spf1 {GOOGLE} ?all",
            "spf-no-final-policy",
            note=False,
            not_=("spf-allows-everyone",),
        ),
        plain(
            "an include without all is normal",
            zone({"_spf.google.com": {"TXT": ["v=spf1 ip4:35.190.247.0/24"]}}),
            "spf-no-final-policy",
        ),
        wrong("a /8", f"v=spf1 ip4:52.0.0.0/8 {GOOGLE} ~all", "spf-range-too-wide"),
        plain(
            "a wide range inside a service's include",
            zone({"_spf.google.com": {"TXT": ["v=spf1 ip4:52.0.0.0/8 ~all"]}}),
            "spf-range-too-wide",
        ),
        wrong("a private address", f"v=spf1 ip4:10.1.2.3 {GOOGLE} ~all", "spf-private-range"),
        plain(
            "a public address", spf(f"v=spf1 ip4:93.184.216.34 {GOOGLE} ~all"), "spf-private-range"
        ),
        # ------------------------------------------------ the senders
        Example(
            "the record of the return-path does not name the service that uses it",
            mail(zone({"send.acme.test": {"TXT": ["v=spf1 ip4:93.184.216.34 ~all"]}})),
            finds=("spf-sender-not-covered send.acme.test", *NOTES),
            also=publishes("v=spf1 ip4:93.184.216.34 include:amazonses.com ~all", "“send”"),  # type: ignore[arg-type]
        ),
        Example(
            "an own server that receivers do not let in",
            mail(given=Mail(senders=("203.0.113.9",))),
            finds=(f"spf-sender-not-covered {DOMAIN}", *NOTES),
        ),
        Example(
            "bounces go to a name of the service",
            mail(code=[POSTMARK]),
            not_=("spf-sender-not-covered",),
            also=remarks("SPF will not align"),  # type: ignore[arg-type]
        ),
        Example(
            "a return-path without a record",
            mail(zone({"send.acme.test": {"TXT": ()}})),
            finds=("spf-subdomain-missing send.acme.test", NOTE),
            also=publishes("v=spf1 include:amazonses.com ~all", "“send”"),  # type: ignore[arg-type]
        ),
        Example(
            "a sub-domain that stands in From only",
            mail(
                zone({"news.acme.test": {"A": ["192.0.2.8"]}}),
                given=Mail(addresses=("hi@acme.test", "hi@news.acme.test")),
            ),
            not_=("spf-subdomain-missing", "spf-missing"),
        ),
        Example(
            "an alias hides the record",
            mail(
                zone({DOMAIN: None, "shop.test": {"A": ["192.0.2.9"]}})
                | {DOMAIN: {"CNAME": ["shop.test"]}},
                code=[],
                given=Mail(),
                traits={"sends_email": True},
            ),
            finds=(f"spf-cname-hides-txt {DOMAIN}", BOUNCE_NOTE),
        ),
        # ------------------------------------------------ no mail at all
        Example(
            "a parked domain that says nothing",
            mail(zone({DOMAIN: {"TXT": ()}}, PARKED), code=[], given=Mail()),
            finds=(f"spf-parked-open {DOMAIN}",),
            also=publishes("v=spf1 -all"),  # type: ignore[arg-type]
        ),
        Example(
            "a parked domain that says so",
            mail(PARKED, code=[], given=Mail()),
            not_=("spf-parked-open", "spf-missing"),
        ),
        plain("a domain that sends", GOOD, "spf-parked-open"),
        # ------------------------------------------------ better left out
        wrong("ptr", f"v=spf1 ptr {GOOGLE} ~all", "spf-ptr"),
        plain(
            "a name that begins with ptr", spf(f"v=spf1 a:ptr.acme.test {GOOGLE} ~all"), "spf-ptr"
        ),
        wrong(
            "a redirect beside all",
            "v=spf1 redirect=_spf.google.com ~all",
            "spf-redirect-ignored",
        ),
        plain("a redirect alone", spf("v=spf1 redirect=_spf.google.com"), "spf-redirect-ignored"),
        wrong("a term behind all", f"v=spf1 ~all {GOOGLE}", "spf-terms-after-all"),
        plain("a modifier behind all", spf(f"v=spf1 {GOOGLE} ~all x=y"), "spf-terms-after-all"),
        wrong("an include twice", f"v=spf1 {GOOGLE} {GOOGLE} ~all", "spf-duplicate-term"),
        plain(
            "a host that two services reach",
            zone(
                {
                    DOMAIN: {"TXT": ["v=spf1 include:one.test include:two.test ~all"]},
                    "one.test": {"TXT": ["v=spf1 ip4:198.51.100.1 ~all"]},
                    "two.test": {"TXT": ["v=spf1 ip4:198.51.100.1 ~all"]},
                }
            ),
            "spf-duplicate-term",
        ),
        Example(
            "spf2.0 beside the record",
            mail(spf(SPF, "spf2.0/pra include:_spf.google.com ~all")),
            finds=(f"spf-legacy {DOMAIN}", *NOTES),
            not_=("spf-multiple-records",),
        ),
        plain("no record of the old type", GOOD, "spf-legacy"),
        wrong("exp leads nowhere", f"v=spf1 {GOOGLE} ~all exp=why.acme.test", "spf-exp-missing"),
        plain(
            "exp leads to a text",
            zone(
                {
                    DOMAIN: {"TXT": [f"{SPF} exp=why.acme.test"]},
                    "why.acme.test": {"TXT": ["ask us"]},
                }
            ),
            "spf-exp-missing",
        ),
    ],
)
