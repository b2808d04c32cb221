"""Going straight to an address: the app, a refusal, another page, mail, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cases.cloudflare_world import account
from cases.examples import judge
from cases.world import DOMAIN, NO_MORE, answer, dns, name, served, web
from launchready_tui.facts.cloudflare import Cloudflare, CloudflareHost
from launchready_tui.facts.dns import DnsSetup
from launchready_tui.facts.origin import OriginLooks, origin_looks
from launchready_tui.facts.origin_candidates import candidates, spf_addresses
from launchready_tui.facts.site import visit
from launchready_tui.facts.web import WebHost, WebHosts
from launchready_tui.given import Target, Web
from launchready_tui.model import State, Unknown
from launchready_tui.network import Options, Scope, open_network
from network.hostile import hostile_tls
from servers.knot import running_knot
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

APP = f"app.{DOMAIN}"
FRONT, OPEN, GUARDED, OTHER, CLIENT, SELF, PLAIN, SHUT = (f"127.0.0.{n}" for n in range(2, 10))
FLOOD = "127.0.0.10"
PROXY = "104.16.1.1"
ZONE = f"""\
@ NS ns1.{DOMAIN}.
ns1 A 127.0.0.1
@ A {PROXY}
app A {PROXY}
direct A {OPEN}
mail A {OTHER}
"""
SITE = '"<!doctype html><title>Desk</title><script src=/a-1.js></script><p>Desk</p>"'
TLS_ADDRESSES = (FRONT, OPEN, GUARDED, OTHER, CLIENT, SELF)


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Options]:
    pki = Pki(tmp_path_factory.mktemp("origin"))
    good, own = pki.good(APP, DOMAIN), pki.self_signed(APP)
    ports = {address: free_port(address) for address in (*TLS_ADDRESSES, SHUT)}
    plain = free_port(PLAIN)

    def server(address: str, body: str, papers: object = good) -> str:
        return (
            f"server {{ listen {address}:{ports[address]} ssl; default_type text/html;"
            f" ssl_certificate {papers.chain}; ssl_certificate_key {papers.key}; {body} }}"  # type: ignore[attr-defined]
        )

    site = f"location / {{ return 200 {SITE}; }}"
    bodies = (
        server(FRONT, f"add_header cf-ray 8c1f-AMS always; {site}"),
        server(OPEN, site),
        server(GUARDED, "location / { return 403; }"),
        server(OTHER, 'location / { return 200 "<title>Welcome to nginx!</title>"; }'),
        server(CLIENT, f"ssl_client_certificate {pki.ca}; ssl_verify_client on; {site}"),
        server(SELF, site, own),
        f"server {{ listen {PLAIN}:{plain}; default_type text/html; {site} }}",
    )
    with hostile_tls("flood") as flood:
        pins = [f"{address}:443={address}:{ports[address]}" for address in ports]
        pins += [f"{PLAIN}:443={PLAIN}:{ports[SHUT]}", f"{PLAIN}:80={PLAIN}:{plain}"]
        pins += [f"{FLOOD}:443=127.0.0.1:{flood}", f"{FLOOD}:80=127.0.0.1:{flood}"]
        pins += [f"{APP}:443={FRONT}:{ports[FRONT]}"]
        with running_nginx("\n".join(bodies)), running_knot({DOMAIN: ZONE}) as resolver:
            yield Options(resolver=resolver, ca=str(pki.ca), connect=tuple(pins))


def records(**more: object) -> DnsSetup:
    """A zone whose web names all lead to Cloudflare."""
    return dns(*(name(host, PROXY) for host in (DOMAIN, f"www.{DOMAIN}", APP)), **more)


NO_TOKEN = Unknown(cause="no token")
PROXIED = Cloudflare(zone="yes", hosts=(CloudflareHost(host=APP, state="proxied"),))


async def looked(options: Options, *given_: str) -> OriginLooks:
    target = Target(domain=DOMAIN, web=Web(origin_addresses=given_))
    async with open_network(Scope(hosts=(DOMAIN,), named=(DOMAIN,)), options) as net:
        front = WebHost(host=APP, front=await visit(net, f"https://{APP}/"))
        these = WebHosts(hosts=(front,), app=APP)
        return await origin_looks(net, records(), PROXIED, these, NO_MORE, target, NO_TOKEN)


def came(fact: OriginLooks) -> dict[str, str]:
    return {look.candidate.address: look.came for look in fact.looks}


async def test_a_record_beside_the_proxy_leads_around_it(options: Options) -> None:
    fact = await looked(options)
    assert came(fact)[OPEN] == "same"
    assert came(fact)[OTHER] == "other"
    outcome = judge("edge.origin", PROXIED, fact)
    assert [finding.code for finding in outcome.findings] == [
        "cf-origin-bypass",
        "dns-origin-exposed",
    ]


@pytest.mark.parametrize(
    ("address", "how"),
    [
        (OPEN, "same"),
        (GUARDED, "no"),
        (OTHER, "other"),
        (CLIENT, "no"),
        (SELF, "untrusted"),
        (PLAIN, "same"),
        (SHUT, "closed"),
        (FRONT, "other"),
        (FLOOD, "unknown"),
    ],
)
async def test_what_answers_at_a_given_address_is_told_apart(
    options: Options, address: str, how: str
) -> None:
    fact = await looked(options, address)
    assert came(fact)[address] == how
    if address == SELF:
        assert fact.looks[0].named
    if address == PLAIN:
        assert fact.looks[0].told == "over http"


async def test_a_server_that_refuses_everybody_is_sound(options: Options) -> None:
    fact = await looked(options, GUARDED)
    mine = OriginLooks(hosts=fact.hosts, looks=fact.looks[:1])
    assert judge("edge.origin", PROXIED, mine).state is State.PASS


async def test_no_more_than_four_addresses_are_tried(options: Options) -> None:
    fact = await looked(options, GUARDED, OTHER, CLIENT, SHUT, SELF)
    assert len(fact.looks) == 4
    assert [candidate.address for candidate in fact.left_out] == [SELF, OPEN]


async def test_nothing_leaves_where_no_host_passes_cloudflare(options: Options) -> None:
    none = Cloudflare(zone="no", hosts=(CloudflareHost(host=APP, state="none"),))
    async with open_network(Scope(hosts=(DOMAIN,)), options) as net:
        target = Target(domain=DOMAIN)
        fact = await origin_looks(net, records(), none, web(), NO_MORE, target, NO_TOKEN)
        assert net.log.entries == ()
    assert fact == OriginLooks(hosts=())


async def test_a_front_page_behind_a_challenge_is_compared_with_nothing(options: Options) -> None:
    these = web(served(APP, cause="a bot challenge answered instead of the site"))
    async with open_network(Scope(hosts=(DOMAIN,)), options) as net:
        fact = await origin_looks(
            net, records(), PROXIED, these, NO_MORE, Target(domain=DOMAIN), NO_TOKEN
        )
    assert fact.looks == ()
    assert fact.causes == (f"{APP}: a bot challenge answered instead of the site",)


async def test_candidates_are_published_or_given_and_never_a_proxys_own(options: Options) -> None:
    zone = records(
        mx=answer(DOMAIN, "MX", f"10 mail.{DOMAIN}", "20 aspmx.l.google.com"),
        txt=answer(DOMAIN, "TXT", f"v=spf1 ip4:{SHUT} ip4:93.184.0.0/16 ip4:{PROXY} -all"),
    )
    target = Target(domain=DOMAIN, web=Web(origin_addresses=(GUARDED,)))
    async with open_network(Scope(hosts=(DOMAIN,)), options) as net:
        found = await candidates(net, zone, NO_MORE, target, NO_TOKEN)
        behind = account()  # its proxied record leads to an address that no public record shows
        kept = replace(
            behind, records=(replace(behind.records[0], content=CLIENT), behind.records[1])
        )
        more = await candidates(net, zone, NO_MORE, target, kept)
    assert [c.address for c in more if c.sources[0].how == "zone"] == [CLIENT]
    assert {c.address: [s.how for s in c.sources] for c in found} == {
        GUARDED: ["given"],
        OPEN: ["record"],
        OTHER: ["mx"],
        SHUT: ["spf"],
    }


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("v=spf1 ip4:192.0.2.1 -all", ("192.0.2.1",)),
        ("v=spf1 +ip4:192.0.2.1/32 ip4:192.0.2.1 ~all", ("192.0.2.1",)),
        ("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::1 include:x.test -all", ()),
        ("v=spf1 ip4:999.0.2.1 -all", ()),
        ("ip4:192.0.2.1", ()),
    ],
)
def test_single_addresses_of_an_spf_record(text: str, addresses: tuple[str, ...]) -> None:
    assert spf_addresses(text) == addresses


@given(st.text(max_size=500))
def test_no_text_upsets_it(text: str) -> None:
    spf_addresses(f"v=spf1 {text}")
