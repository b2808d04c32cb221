"""A real authoritative DNS server (Knot) with the zones a test gives it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from servers.processes import free_port, program, running

_CONFIG = """\
server:
  listen: {address}@{port}
  rundir: {folder}/run
  pidfile: {folder}/run/knot.pid
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: {folder}/run/db
log:
  - target: stderr
    any: warning
acl:
  - id: all
    address: 127.0.0.0/8
    action: transfer
template:
  - id: default
    storage: {folder}/zones
    file: "%s.zone"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: off
zone:
"""


@contextlib.contextmanager
def running_knot(
    zones: Mapping[str, str],
    *,
    address: str = "127.0.0.1",
    signed: Collection[str] = (),
    transfers: bool = False,
) -> Iterator[str]:
    """Serve zones until the block ends; yields "IP:PORT".

    Args:
        zones: By origin ("example.test"), the records of the zone file. `$ORIGIN`, `$TTL 300`, an
            SOA and an NS record are added where they are missing.
        address: The loopback address to listen on.
        signed: Origins of zones to sign (DNSSEC) with keys of their own.
        transfers: Hand every zone to anybody (AXFR).
    """
    knotd = program("knotd")
    port = free_port(address)
    with tempfile.TemporaryDirectory(prefix="knot-") as name:
        folder = Path(name)
        (folder / "run" / "db").mkdir(parents=True)
        (folder / "zones").mkdir()
        config = _CONFIG.format(address=address, port=port, folder=folder)
        for origin, records in zones.items():
            zone = folder / "zones" / f"{origin}.zone"
            zone.write_text(zone_file(origin, records), "utf-8")
            config += f"  - domain: {origin}\n"
            config += "    dnssec-signing: on\n" if origin in signed else ""
            config += "    acl: all\n" if transfers else ""
        (folder / "knot.conf").write_text(config, "utf-8")
        first = next(iter(zones), "")
        with running(
            [knotd, "-c", str(folder / "knot.conf")],
            folder / "knot.log",
            lambda: _answers(address, port, first),
        ):
            yield f"{address}:{port}"


def zone_file(origin: str, records: str) -> str:
    """A zone file with what every zone needs."""
    lines = [f"$ORIGIN {origin}.", "$TTL 300"]
    if " SOA " not in records:
        lines.append(f"@ SOA ns1.{origin}. hostmaster.{origin}. 1 3600 900 1209600 300")
    if "@ NS " not in records:
        lines.append(f"@ NS ns1.{origin}.")
    return "\n".join([*lines, records, ""])


def _answers(address: str, port: int, origin: str) -> bool:
    query = dns.message.make_query(f"{origin}.", "SOA")
    with contextlib.suppress(OSError, dns.exception.DNSException):
        return bool(dns.query.udp(query, address, 0.5, port).answer)
    return False
