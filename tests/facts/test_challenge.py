"""A bot rule that answered instead of the site is told from a site that merely has one."""

from __future__ import annotations

from typing import Any

import pytest

from cases.world import hop, visit
from launchready_tui.facts.challenge import challenged
from launchready_tui.network.seen import Hop

URL = "https://acme.test/"
PASSED_ON = "5-17009424-17011001 PNNN RT(1388193526625 4677) q(0 0 0 -1) r(1 1) U10000"
HELD_BACK = "9-13403829-0 0NNN RT(1458508183120 16) q(0 -1 -1 -1) r(0 -1) B10(4,289,0) U18"


@pytest.mark.parametrize(
    ("status", "headers", "vendor"),
    [
        (403, {"cf_mitigated": "challenge"}, "Cloudflare"),
        (429, {"x_vercel_mitigated": "challenge"}, "Vercel"),
        (403, {"x_vercel_mitigated": "deny"}, "Vercel"),
        (202, {"x_amzn_waf_action": "challenge"}, "AWS WAF"),
        (405, {"x_amzn_waf_action": "captcha"}, "AWS WAF"),
        (403, {"x_datadome": "protected", "x_dd_b": "1"}, "DataDome"),
        (403, {"server": "DataDome"}, "DataDome"),
        (403, {"server": "AkamaiGHost"}, "Akamai"),
        (403, {"x_iinfo": HELD_BACK, "x_cdn": "Imperva"}, "Imperva"),
        (403, {"x_sucuri_block": "BAP02"}, "Sucuri"),
    ],
)
def test_what_a_vendor_sends_when_it_steps_in(
    status: int, headers: dict[str, Any], vendor: str
) -> None:
    held = hop(URL, status, **headers)
    assert challenged(held) == vendor
    assert visit(held).challenged
    assert visit(held).challenger == vendor


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {"server": "cloudflare", "cf_ray": "1-FRA"}),
        (403, {"server": "cloudflare", "cf_ray": "1-FRA"}),
        (200, {"x_datadome": "protected"}),
        (403, {"x_datadome": "protected"}),
        (301, {"server": "AkamaiGHost"}),
        (404, {"x_iinfo": PASSED_ON}),
        (403, {"x_iinfo": PASSED_ON}),
        (202, {}),
        (429, {"retry_after": "30"}),
        (200, {"x_amzn_waf_action": ""}),
    ],
)
def test_what_stands_on_ordinary_answers_too(status: int, headers: dict[str, Any]) -> None:
    assert challenged(hop(URL, status, **headers)) == ""


def test_what_was_never_answered_was_not_challenged() -> None:
    assert challenged(Hop(url=URL, method="GET", outcome="unknown", cause="time-out")) == ""
