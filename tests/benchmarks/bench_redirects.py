"""A list of 1,000 old addresses with 50 ms added to every round trip, against what it must cost.

The least is round trips × latency ÷ parallelism, with the eight connections that the door holds to
a host. Wanted: at most 1.5 times that.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from pathlib import Path

from launchready_tui.facts.redirect_map import read_map
from launchready_tui.facts.redirects import AT_ONCE, follow
from launchready_tui.network import Options, Scope, open_network
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

DELAY = 0.05
ENTRIES = 1_000
HOST = "acme.test"


async def once(options: Options) -> tuple[float, int, int]:
    """Seconds, requests and the round trips of them all."""
    content = "".join(f"/old/{n},/new\n" for n in range(ENTRIES)).encode()
    entries = read_map(Path("old.csv"), content, HOST).entries
    async with open_network(Scope(hosts=(HOST,), named=(HOST,)), options) as net:
        start = time.perf_counter()
        arrivals = await follow(net, entries, 600)
        took = time.perf_counter() - start
        requests = [entry for entry in net.log.entries if entry.method == "GET"]
    assert all(arrival.steps[-1].status == 200 for arrival in arrivals), "a page did not arrive"
    return took, len(requests), sum(request.round_trips for request in requests)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        pki = Pki(Path(name))
        papers = pki.good(HOST)
        port = free_port()
        body = f"""
  absolute_redirect off;
  server {{ listen 127.0.0.1:{port} ssl; server_name {HOST};
    ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};
    location = /new {{ return 200 "new"; }}
    location / {{ return 301 /new$is_args$args; }} }}
"""
        pins = (f"{HOST}:443=127.0.0.1:{port}",)
        with running_nginx(body):
            options = Options(ca=str(pki.ca), connect=pins, delay=DELAY)
            took, requests, trips = asyncio.run(once(options))
    least = trips * DELAY / AT_ONCE
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{ENTRIES} addresses, {requests} requests of {trips / requests:.0f} round trips,"
        f" {AT_ONCE} at once: at least {least:.1f} s; took {took:.1f} s:"
        f" {took / least:.2f}× (wanted ≤ 1.5×); peak {peak:.0f} MiB"
    )


if __name__ == "__main__":
    main()
