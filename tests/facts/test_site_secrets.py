"""What servers say may hold what lets somebody in: no fact keeps it, so no finding can quote it."""

from __future__ import annotations

from cases.world import hop
from launchready_tui.facts.page import read_page
from launchready_tui.facts.site import CARRIED, without_values

KEY = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
OPAQUE = "Zx9Qw7Lm2Pk5" + "Rt8Vb3Nc6"


def test_a_redirect_keeps_where_it_leads_and_not_what_it_carries() -> None:
    url = f"https://acme.test/cb?lang=en&code={OPAQUE}&token=abc12&next={KEY}"
    seen = without_values(hop(url, 302, location=url))
    for text in (seen.url, seen.header("location")):
        assert text.startswith("https://acme.test/cb?lang=en&code=…&token=")
        assert not any(secret in text for secret in (OPAQUE, KEY, "abc12"))
    assert without_values(hop(f"http://acme.test{CARRIED}")).url.endswith(CARRIED)


def test_headers_and_cookies_keep_their_names() -> None:
    told = {"set_cookie": OPAQUE, "x_api_key": OPAQUE, "authorization": f"Bearer {OPAQUE}"}
    headers = without_values(hop("https://acme.test/", **told)).headers
    assert [name for name, _ in headers] == ["set-cookie", "x-api-key", "authorization"]
    assert OPAQUE not in str(headers)
    (cookie,) = without_values(
        hop("https://acme.test/", set_cookie=f"sid={OPAQUE}; Path=/")
    ).headers
    assert cookie == ("set-cookie", "sid=…; Path=/")


def test_a_page_s_title_is_read_without_the_key_in_it() -> None:
    page = read_page(f"<title>Debug {KEY}</title><meta name=generator content='{KEY}'>")
    assert page.title == "Debug [redacted: Stripe key]"
    assert KEY not in page.generator
