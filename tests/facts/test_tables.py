"""The tables load, say where they come from, and recognise what they should."""

from __future__ import annotations

import re

import pytest

from cases.world import DOMAIN, HOME, NOW, answer, dns, name, starts, way
from launchready_tui.facts import tables
from launchready_tui.facts.cloudflare import Cloudflare, cloudflare
from launchready_tui.facts.host import Platforms, platforms
from launchready_tui.facts.providers import dns_provider, mailboxes, senders
from launchready_tui.facts.site import CanonicalStarts, HostPages
from launchready_tui.facts.traffic import traffic_path
from launchready_tui.given import Saying, Target, Told
from launchready_tui.model import Unknown

NONE = HostPages(pages=())
APP = f"app.{DOMAIN}"


def test_every_row_names_its_source_and_is_known_by_one_id() -> None:
    rows = tables.hosts()
    assert len({row.id for row in rows}) == len(rows) >= 60
    for row in rows:
        assert row.source.startswith("https://")
        assert row.suffixes or row.headers or row.addresses
        assert all(tables.ends_with(end, row.suffixes) for end in (*row.dev_only, *row.claimable))
        assert all(re.compile(pattern) for pattern in row.previews)


def test_a_suffix_ends_at_a_dot() -> None:
    assert tables.ends_with("acme.vercel.app", ("vercel.app",)) == "vercel.app"
    assert tables.ends_with("notvercel.app", ("vercel.app",)) == ""


@pytest.mark.parametrize(
    ("host", "label"),
    [
        ("acme-git-main-team.vercel.app", "Vercel"),
        ("acme-a1b2c3d4e-team.vercel.app", "Vercel"),
        ("deploy-preview-7--acme.netlify.app", "Netlify"),
        ("acme-pr-12.onrender.com", "Render"),
        ("acme-pr-3.up.railway.app", "Railway"),
        ("preview--acme.lovable.app", "Lovable"),
        ("pr-4.d1234.amplifyapp.com", "AWS Amplify"),
        ("0a1b2c3d.acme.pages.dev", "Cloudflare Pages"),
    ],
)
async def test_a_preview_is_known_by_its_name(host: str, label: str) -> None:
    told = await place(alias=(host,))
    assert told.previews == ((host, label),)


@pytest.mark.parametrize(
    "host",
    [
        "acme.vercel.app",
        "my-dashboard-app.vercel.app",
        "cname.vercel-dns.com",
        "acme.netlify.app",
        "acme.onrender.com",
        "acme-production.up.railway.app",
        "acme.pages.dev",
    ],
)
async def test_a_production_name_is_no_preview(host: str) -> None:
    told = await place(alias=(host,))
    assert told.platform
    assert not told.previews
    assert not told.dev


async def test_a_tunnel_is_known() -> None:
    assert (await place(alias=("a1b2.ngrok-free.app",))).dev == (("a1b2.ngrok-free.app", "ngrok"),)


async def test_a_redirect_to_a_preview_counts_as_leading_there() -> None:
    visits = starts(way(HOME, "https://acme-git-main-team.vercel.app/", ended="blocked"))
    told = (await platforms(dns(), visits, NONE)).of(DOMAIN)
    assert told is not None
    assert told.previews


async def test_a_redirect_to_a_tunnel_counts_as_leading_there() -> None:
    visits = starts(way(HOME, "https://a1b2.ngrok-free.app/", ended="blocked"))
    told = (await platforms(dns(), visits, NONE)).of(DOMAIN)
    assert told is not None
    assert told.dev == (("a1b2.ngrok-free.app", "ngrok"),)


@pytest.mark.parametrize(
    "origin", ["*", "null", "https://app.acme.test", "https://acme.vercel.app"]
)
async def test_only_tunnels_and_development_hosts_count_as_admitted(origin: str) -> None:
    visits = starts(way(HOME, access_control_allow_origin=origin))
    told = (await platforms(dns(), visits, NONE)).of(DOMAIN)
    assert told is not None
    assert told.admits == ()


async def test_a_tunnel_that_may_read_answers_is_seen() -> None:
    visits = starts(way(HOME, access_control_allow_origin="https://a1b2.ngrok-free.app"))
    told = (await platforms(dns(), visits, NONE)).of(DOMAIN)
    assert told is not None
    assert told.admits == (("a1b2.ngrok-free.app", "ngrok"),)


async def place(**how: object):  # type: ignore[no-untyped-def]
    told = await platforms(dns(name(APP, "93.184.216.34", **how)), starts(), NONE)  # type: ignore[arg-type]
    return told.of(APP)


async def test_headers_tell_the_host_where_names_do_not() -> None:
    told = (await platforms(dns(), starts(way(HOME, x_vercel_id="fra1::x")), NONE)).of(DOMAIN)
    assert told is not None
    assert (told.label, told.by) == ("Vercel", "header x-vercel-id")


async def edge(records: object, visits: CanonicalStarts | None = None) -> Cloudflare:
    return await cloudflare(records, visits or starts(), NONE)  # type: ignore[arg-type]


AT_CLOUDFLARE = answer(DOMAIN, "NS", "ada.ns.cloudflare.com", "bob.ns.cloudflare.com")
PROXIED = name(DOMAIN, "104.16.1.1", wanted="the domain itself")


@pytest.mark.parametrize(
    ("records", "state"),
    [
        (dns(PROXIED, ns=AT_CLOUDFLARE), "proxied"),
        (dns(ns=AT_CLOUDFLARE), "dns-only"),
        (dns(PROXIED), "foreign"),
        (dns(), "none"),
        (dns(ns=answer(DOMAIN, "NS", outcome="unknown", cause="SERVFAIL")), "unknown"),
        (
            dns(name(DOMAIN, "104.16.1.1", alias=("acme.onrender.com",)), ns=AT_CLOUDFLARE),
            "dns-only",
        ),
        (dns(name(DOMAIN, "104.16.1.1", alias=("acme.test.cdn.cloudflare.net",))), "proxied"),
    ],
    ids=["proxied", "grey", "a platform's", "none", "unknown", "grey alias", "partial zone"],
)
async def test_who_cloudflare_belongs_to(records: object, state: str) -> None:
    told = (await edge(records)).of(DOMAIN)
    assert told is not None
    assert told.state == state


@pytest.mark.parametrize(
    ("servers", "label"),
    [
        (("ada.ns.cloudflare.com", "bob.ns.cloudflare.com"), "Cloudflare"),
        (("ns-1.awsdns-00.com", "ns-1025.awsdns-01.co.uk"), "Amazon Route 53"),
        (("ns01.domaincontrol.com",), "GoDaddy"),
    ],
)
def test_a_dns_provider_is_known_by_its_servers(servers: tuple[str, ...], label: str) -> None:
    row = dns_provider(servers)
    assert row is not None
    assert row.label == label


def test_servers_of_two_providers_are_nobodys() -> None:
    assert dns_provider(("ada.ns.cloudflare.com", "ns01.domaincontrol.com")) is None


def test_mailboxes_and_senders_are_told_apart() -> None:
    assert mailboxes(("1 aspmx.l.google.com", "5 alt1.aspmx.l.google.com")) == "Google"
    assert mailboxes(("0 .",)) == "no mailboxes"
    assert mailboxes(()) == ""
    text = ("google-site-verification=x", "v=spf1 include:amazonses.com include:sendgrid.net -all")
    assert senders(text) == ("Amazon SES", "SendGrid")


async def test_a_persons_word_overrides_what_was_seen_and_carries_the_name() -> None:
    told = Told(sayings=(Saying(key="host", value="Hetzner \x1b[31m", by="Ana", at=NOW),))
    seen = Platforms(places=())
    path = await traffic_path(
        Target(domain=DOMAIN), told, dns(), seen, Unknown(cause="x"), Unknown(cause="x")
    )
    part = path.of("host")
    assert (part.value, part.by) == ("Hetzner \\x1b[31m", "Ana")
    assert "Hetzner" in path.sentence


async def test_nothing_known_is_a_sentence_too() -> None:
    nothing = Unknown(cause="offline")
    path = await traffic_path(Target(domain=DOMAIN), Told(), nothing, nothing, nothing, nothing)
    assert path.sentence == (
        "acme.test → unknown proxy → unknown host → unknown framework;"
        " mail unknown; DNS unknown; registrar unknown"
    )
