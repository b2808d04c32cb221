"""Two looks at an unchanged site are one and the same fact, whatever its answers count and time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cases.world import DOMAIN, dns, hop, starts
from launchready_tui.facts.cache_signs import cache_head
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.host import platforms
from launchready_tui.facts.site import visit
from launchready_tui.facts.tables import HostRow, hosts
from launchready_tui.facts.volatile import GONE, steady, steady_value
from launchready_tui.model import Unknown
from launchready_tui.network import Options, Scope, open_network
from servers.scripted import Asked, Reply, running_script

URL = f"http://{DOMAIN}"
FIRST = datetime(2026, 5, 1, 12, 0, 5, tzinfo=UTC)


def changing(asked: Asked, n: int) -> Reply:
    """An answer whose every number, time and name of a machine is another one each time."""
    now = FIRST + timedelta(seconds=7 * n)
    said = format_datetime(now, usegmt=True)
    hexes = f"{n + 10:x}" * 32
    uuid = f"{n:08x}-1111-4222-8333-{n:012x}"
    headers = {
        "Date": said,
        "Expires": format_datetime(now + timedelta(hours=1), usegmt=True),
        "Last-Modified": said,
        "ETag": f'W/"{hexes}"',
        "Age": str(n + 1),
        "CF-Ray": f"{hexes[:16]}-AMS",
        "X-Request-Id": uuid,
        "X-Correlation-ID": str(n),
        "X-Amz-Cf-Id": f"{hexes}==",
        "Fly-Request-Id": f"01{n}-ams",
        "X-Vercel-Id": f"fra1::iad1::{n}",
        "Rndr-Id": f"{hexes[:8]}-{n}",
        "X-Azure-Ref": f"2026{n}Z-x",
        "Traceparent": f"00-{hexes}-{hexes[:16]}-01",
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": str(100 - n),
        "X-RateLimit-Reset": str(1_800_000_000 + n),
        "RateLimit": f'"default";r={100 - n};t={n}',
        "Retry-After": str(n),
        "X-Runtime": f"0.0{n}",
        "Server-Timing": f"db;dur={n}, cfL4;desc={n}",
        "X-Served-By": f"cache-ams-{n}",
        "X-Timer": f"S{n}.1,VS0",
        "X-Cache-Hits": str(n),
        "X-Iinfo": f"6-{n}-0 0NNN RT({n} 0) q(0 -1 -1 -1) r(0 -1) B15(4,200,0) U18",
        "Via": f"1.1 {hexes}.cloudfront.net (CloudFront)",
        "X-Trace-Of-Ours": uuid,
        "Set-Cookie": f"sid={hexes}; Expires={format_datetime(now + timedelta(days=7))}; Secure",
        "Content-Security-Policy": f"script-src 'nonce-{hexes}'",
        "Content-Type": "text/html",
        "Server": "nginx",
    }
    return Reply(headers=headers, body=b"<title>Desk</title>")


async def test_two_looks_at_a_site_that_counts_and_times_are_equal() -> None:
    with running_script(changing) as desk:
        pins = (f"{DOMAIN}:80=127.0.0.1:{desk.port}",)
        seen = []
        for _ in range(2):
            scope = Scope(hosts=(DOMAIN,), named=(DOMAIN,))
            async with open_network(scope, Options(connect=pins)) as net:
                seen.append(await visit(net, f"{URL}/"))
        assert desk.count("/") == 2
    one, other = seen
    assert one == other
    (answer,) = one.hops
    told = {name: answer.header(name) for name, _ in answer.headers}
    assert told["server"] == "nginx"
    assert told["x-ratelimit-limit"] == "100"
    assert told["x-ratelimit-remaining"] == told["cf-ray"] == told["age"] == GONE
    assert told["server-timing"] == "db, cfL4"
    assert told["via"] == "1.1 ….cloudfront.net (CloudFront)"
    assert "x-request-id" in told


def test_what_checks_make_of_a_header_stays_the_same() -> None:
    old = hop(f"{URL}/", age="12", cache_control="public, max-age=60")
    assert cache_head(steady(old)) == cache_head(old)
    assert cache_head(steady(hop(f"{URL}/", age="0"))).kept == ""
    held = hop(f"{URL}/", 403, x_iinfo="6-1-0 0NNN RT(1 2) q(0 -1 -1 -1) r(0 -1) B15(4,2,0) U18")
    assert challenged(steady(held)) == challenged(held) == "Imperva"


@pytest.mark.parametrize("row", hosts(), ids=lambda row: row.id)
def test_every_header_that_names_a_platform_still_does(row: HostRow) -> None:
    for header in row.headers:
        name, colon, start = header.partition(": ")
        kept = steady_value(name, start or "Zx9Qw7Lm2Pk5")
        assert kept.lower().startswith(start.lower()) if colon else kept


async def test_a_platform_is_recognised_by_a_header_whose_value_went() -> None:
    seen = starts()
    front = seen.starts[2]
    marked = steady(hop(front.url, x_vercel_id="fra1::iad1::9"))
    told = replace(seen, starts=(replace(front, hops=(marked,)),))
    (place, *_) = (await platforms(dns(), told, Unknown(cause="none"))).places
    assert place.platform == "vercel"


@given(st.text(max_size=40), st.text(max_size=300))
def test_any_header_is_made_steady_once_and_for_all(name: str, value: str) -> None:
    kept = steady_value(name.lower(), value)
    assert steady_value(name.lower(), kept) == kept
    assert bool(kept) == bool(value) or name.lower() == "server-timing"
