"""cloudflare.settings: what the account says, and a token that could say too much."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cases.cache_world import caching, head
from cases.cloudflare_world import (
    LOGIN_LIMIT,
    SERVERS,
    account,
    cached,
    edge,
    page_rule,
    runs,
    token,
    zone,
)
from cases.examples import Example, examples
from cases.world import (
    DOMAIN,
    MOMENT,
    NOW,
    answer,
    dns,
    handshake,
    hop,
    offers,
    starts,
    tls,
    visit,
)
from launchready_tui.facts.cloudflare_rules import MANAGED
from launchready_tui.facts.cloudflare_zone import CloudflareZone, NotRead
from launchready_tui.given import Target, Web
from launchready_tui.model import Fact, Outcome, Severity, State, Unknown

PRIVATE = f"https://{DOMAIN}/orders"
TARGET = Target(domain=DOMAIN, web=Web(private=(PRIVATE,)))
HERE = dns(ns=answer(DOMAIN, "NS", *SERVERS))
KEPT = caching(page=f"https://{DOMAIN}/", page_head=head(cf_cache_status="HIT"))
OLD = tls(handshake(), versions=offers("TLSv1", "TLSv1.2"))
PLAIN = starts(visit(hop(f"http://{DOMAIN}/", 200)))


def at(*facts: Fact) -> tuple[Fact, ...]:
    """The account in order, and everything a check may ask beside it."""
    usual: tuple[Fact, ...] = (account(), edge(), tls(handshake()), starts(), HERE, TARGET, MOMENT)
    kept = {type(fact): fact for fact in usual} | {type(fact): fact for fact in facts}
    return tuple(kept.values())


def wide(**changes: Any) -> tuple[Fact, ...]:
    return at(account(token=token(**changes)))


def proven(outcome: Outcome) -> None:
    assert outcome.proven


def asks(words: str) -> Any:
    def also(outcome: Outcome) -> None:
        assert words in outcome.cause
        assert not outcome.proven

    return also


def is_(severity: Severity | None) -> Any:
    def also(outcome: Outcome) -> None:
        assert outcome.findings[0].severity is severity

    return also


WIDE = ("cf-token-wide cloudflare-token",)
WAF = (f"cf-waf-off {DOMAIN}",)
TLS = (f"cf-min-tls {DOMAIN}",)
NOT_HERE = (f"cf-zone-not-active {DOMAIN}",)
CACHED = ("cf-cache-everything Cache",)
EVERYTHING = "true"
GLOBAL = CloudflareZone(
    token=token(form="global", verified=False, expires=None, zones=0),
    not_read=(NotRead(part="zone", cause="a global API key is refused"),),
)

test_examples = examples(
    "cloudflare.settings",
    [
        Example("all is in order", at(), also=proven, not_=("cf-token-wide", "cf-min-tls")),
        Example(
            "no token in the vault",
            (Unknown(cause="no Cloudflare token in the vault"), edge(), TARGET, MOMENT),
            state=State.UNKNOWN,
        ),
        Example(
            "no Cloudflare, so no token is missed",
            (edge("none", zone="no"), TARGET, MOMENT),
            state=State.NOT_APPLICABLE,
        ),
        # ---------------------------------------------------------- the token
        Example("it sees other zones too", wide(zones=3), finds=WIDE),
        Example("it reads the user", wide(reads=("the user",)), finds=WIDE),
        Example("it may write", wide(changes=("DNS Write",)), finds=WIDE),
        Example("it never ends", wide(expires=None), finds=WIDE),
        Example("it lasts a year", wide(expires=NOW + timedelta(days=365)), finds=WIDE),
        Example("a global key", at(GLOBAL), finds=WIDE),
        Example(
            "it lasts three days and may list no zones",
            wide(zones=0, expires=NOW + timedelta(days=3)),
            not_=("cf-token-wide",),
        ),
        Example(
            "its end is not known, which is no long life",
            wide(verified=False, expires=None),
            not_=("cf-token-wide",),
            state=State.UNKNOWN,
            also=asks("when it ends is not known"),
        ),
        # ---------------------------------------------------------- firewall
        Example("no rule set runs", at(account(LOGIN_LIMIT)), finds=WAF),
        Example("the rule set only logs", at(account(runs(overrides__action="log"))), finds=WAF),
        Example("all its rules are off", at(account(runs(overrides__enabled="false"))), finds=WAF),
        Example(
            "the free plan runs its rules unseen",
            at(account(LOGIN_LIMIT, zone=zone(plan="free"))),
            not_=("cf-waf-off",),
        ),
        Example(
            "the token may not read the rules: not off",
            at(account(LOGIN_LIMIT, not_read=(MANAGED,))),
            not_=("cf-waf-off",),
            state=State.UNKNOWN,
            also=asks("not readable: the token needs"),
        ),
        Example(
            "a rule of the whole account may run one",
            at(account(LOGIN_LIMIT, zone=zone(plan="enterprise"))),
            not_=("cf-waf-off",),
            state=State.UNKNOWN,
        ),
        # ---------------------------------------------------------- settings
        Example("TLS 1.0 is accepted", at(account(min_tls_version="1.0")), finds=TLS),
        Example(
            "handshakes have told it already: only a remark here",
            at(account(min_tls_version="1.0"), OLD),
            finds=TLS,
            also=is_(Severity.LOW),
        ),
        Example(
            "settings are not readable: not off",
            at(account(not_read=("settings",))),
            not_=("cf-min-tls", "cf-development-mode", "cf-always-https-off"),
            state=State.UNKNOWN,
        ),
        Example(
            "development mode, since weeks",
            at(account(development_mode="on")),
            finds=(f"cf-development-mode {DOMAIN}",),
        ),
        Example(
            "development mode, since ten minutes",
            at(account(development_mode="on", since=NOW - timedelta(minutes=10))),
            not_=("cf-development-mode",),
        ),
        Example(
            "pages come over http, and the switch is off",
            at(account(always_use_https="off"), PLAIN),
            finds=(f"cf-always-https-off {DOMAIN}",),
        ),
        Example(
            "the switch is off, but the app redirects",
            at(account(always_use_https="off")),
            not_=("cf-always-https-off",),
        ),
        # ---------------------------------------------------------- the zone
        Example("it waits", at(account(zone=zone(status="pending"))), finds=NOT_HERE),
        Example("it is delegated elsewhere", at(dns()), finds=NOT_HERE),
        Example(
            "single names point at Cloudflare",
            at(account(zone=zone(type="partial", status="pending")), dns()),
            not_=("cf-zone-not-active",),
        ),
        Example(
            "the nameservers are those of the account's own name",
            at(
                account(zone=zone(name_servers=(*SERVERS, "ns1.acme.test"))),
                dns(ns=answer(DOMAIN, "NS", "ns1.acme.test")),
            ),
            not_=("cf-zone-not-active",),
        ),
        # ---------------------------------------------------------- the cache
        Example(
            "everything, and a private page with it",
            at(account(runs(), cached(EVERYTHING))),
            finds=CACHED,
            also=is_(Severity.HIGH),
        ),
        Example(
            "everything but the private page",
            at(account(runs(), cached('http.request.uri.path ne "/orders"'))),
            finds=CACHED,
            also=is_(None),
        ),
        Example(
            "an old page rule",
            at(account(runs(), page_rule("*acme.test/*", cache_level="cache_everything"))),
            finds=("cf-cache-everything *acme.test/*",),
        ),
        Example(
            "a page rule that looks at the cookie",
            at(
                account(
                    runs(),
                    page_rule(
                        "*acme.test/*",
                        cache_level="cache_everything",
                        bypass_cache_on_cookie="session=.*",
                    ),
                )
            ),
            not_=("cf-cache-everything",),
        ),
        Example(
            "everything, unless the session's cookie is sent",
            at(account(runs(), cached('not http.cookie contains "session"'))),
            not_=("cf-cache-everything",),
        ),
        Example(
            "a later rule takes signed-in people out",
            at(
                account(
                    runs(), cached(EVERYTHING), cached('http.cookie contains "session"', "false")
                )
            ),
            not_=("cf-cache-everything",),
        ),
        Example(
            "an earlier rule does not: the last one wins",
            at(
                account(
                    runs(), cached('http.cookie contains "session"', "false"), cached(EVERYTHING)
                )
            ),
            finds=CACHED,
        ),
        Example(
            "the front page comes out of the cache, and no rule that was read says so",
            at(account(), KEPT),
            not_=("cf-cache-everything",),
            state=State.UNKNOWN,
            also=asks("no rule that was read does"),
        ),
        Example(
            "a rule for public pages alone keeps the front page",
            at(account(runs(), cached('http.request.uri.path eq "/"')), KEPT),
            not_=("cf-cache-everything",),
        ),
        Example(
            "a host of static files",
            at(account(runs(), cached('http.host eq "static.acme.test"'))),
            not_=("cf-cache-everything",),
        ),
        Example(
            "files by their ending",
            at(account(runs(), cached('http.request.uri.path.extension in {"css" "js"}'))),
            not_=("cf-cache-everything",),
        ),
        Example(
            "a rule that is switched off",
            at(account(runs(), cached(EVERYTHING, enabled=False))),
            not_=("cf-cache-everything",),
        ),
        Example(
            "a pattern that only Cloudflare can read",
            at(account(runs(), cached('http.request.uri.path matches "^/pub"'))),
            not_=("cf-cache-everything",),
            state=State.UNKNOWN,
            also=asks("look whether it reaches a private page"),
        ),
    ],
)
