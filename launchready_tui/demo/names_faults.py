"""What is wrong with the company's names at services of others, and with its Cloudflare account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.demo import cloudflare_api
from launchready_tui.demo.edge import Text
from launchready_tui.demo.nameservers import DOMAIN
from launchready_tui.demo.site_faults import Sound

if TYPE_CHECKING:
    from launchready_tui.demo.cloudflare_api import Account
    from launchready_tui.demo.company import Company

API_HOST = cloudflare_api.HOST
GUIDE = f"guide.{DOMAIN}"
"""Its page at Surge was deleted."""
NOTICES = f"notices.{DOMAIN}"
"""Its page at Surge is alive."""
TRIAL = f"trial.{DOMAIN}"
"""Delegated to a DNS provider where its zone was deleted."""
NAMES = (GUIDE, NOTICES, TRIAL)
"""Only the certificate of the marketing site gives them away."""
SITE_ADDRESS_6 = "2001:db8:10::80"
"""What the site's server has been given, and no record says yet."""


def plant(company: Company) -> Account:
    """Let the two pages answer as Surge does; gives the account as it is."""
    gone = Text("<title>Surge</title><h1>project not found</h1>", status=404)
    alive = Sound(Text("<title>Notices</title><p>Berth 4 is closed until Friday.</p>"))
    for name, page in ((GUIDE, gone), (NOTICES, alive)):
        company.plain.sites[name] = company.front.sites[name] = page
        company.present(company.front, name)
    account = cloudflare_api.as_left(DOMAIN)
    company.front.sites[API_HOST] = account
    company.present(company.front, API_HOST)
    return account
