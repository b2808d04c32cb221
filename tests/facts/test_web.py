"""Which hosts serve pages of their own, and what they say of one that does not exist."""

from __future__ import annotations

from cases.world import DOMAIN, TARGET, dns, hop, name, starts, visit, way
from facts.company import Company
from launchready_tui.facts.dns import dns_setup
from launchready_tui.facts.site import CARRIED, HostPages, canonical_starts, host_pages
from launchready_tui.facts.web import missing_pages, web_hosts
from launchready_tui.given import Target, Web
from launchready_tui.network import Scope, open_network

APP = f"app.{DOMAIN}"


async def test_a_host_that_sends_everybody_on_serves_no_pages() -> None:
    seen = await web_hosts(dns(), starts(), HostPages(pages=()), TARGET)
    assert [host.host for host in seen.hosts] == [DOMAIN]
    assert seen.app == DOMAIN


async def test_a_front_page_that_leads_to_a_sign_in_elsewhere_still_is_one() -> None:
    front = way(f"https://{APP}/", "https://login.example/authorize", status=302)
    seen = await web_hosts(dns(), starts(), HostPages(pages=(front,)), TARGET)
    assert [host.host for host in seen.hosts] == [DOMAIN, APP]
    assert seen.app == APP


async def test_a_challenge_makes_a_host_untold_and_a_person_names_the_app() -> None:
    desk = f"desk.{DOMAIN}"
    held = visit(hop(f"https://{desk}/", 403, cf_mitigated="challenge"))
    target = Target(domain=DOMAIN, web=Web(app=f"https://{desk}/"))
    seen = await web_hosts(dns(name(desk)), starts(), HostPages(pages=(held,)), target)
    assert seen.gaps == (f"{desk}: a bot challenge answered instead of the site",)
    assert [host.host for host in seen.able] == [DOMAIN]
    assert seen.app == desk


async def test_the_address_that_the_starts_carried_is_asked_at_the_other_hosts_only(
    company: Company,
) -> None:
    target = Target(domain=DOMAIN)
    scope = Scope(hosts=company.scope, named=company.scope)
    async with open_network(scope, company.options) as net:
        zone = await dns_setup(net, target)
        pages = await host_pages(net, zone, target)
        web = await web_hosts(zone, await canonical_starts(net, zone, target), pages, target)
        before = len(net.log.entries)
        gone = await missing_pages(net, web)
        asked = [request for request in net.log.entries[before:] if request.method == "GET"]
    assert {host.host for host in web.able} >= {DOMAIN, APP}
    others = [host.host for host in web.able if host.host not in (DOMAIN, f"www.{DOMAIN}")]
    assert sorted(request.host for request in asked) == sorted(others)
    assert len(gone.pages) == len(web.able)
    visit_there = gone.of(APP)
    assert visit_there is not None
    assert visit_there.url == f"https://{APP}{CARRIED}"
    assert visit_there.page is not None
