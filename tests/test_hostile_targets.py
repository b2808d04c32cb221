"""A whole passive check with every hostile server as a target: it ends, and accuses nobody.

What a server keeps us from seeing is unknown with its cause; it is not a fault of the company.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from launchready_tui.catalogue import load
from launchready_tui.given import Target, Told
from launchready_tui.model import Level, State
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import RUN_SECONDS, Question, look
from network.hostile import HTTP, TLS, hostile_dns, hostile_http, hostile_tls

DOMAIN = "hostile.test"
LIES = (
    "silent",
    "wrong-id",
    "wrong-question",
    "garbage",
    "servfail",
    "refused",
    "formerr",
    "truncated-closed",
    "truncated-silent",
)
OWN_NAMES = {
    DOMAIN: "servfail",
    f"www.{DOMAIN}": "silent",
    f"app.{DOMAIN}": "wrong-id",
    f"api.{DOMAIN}": "wrong-question",
    f"admin.{DOMAIN}": "truncated-closed",
}


async def test_every_hostile_server_at_once_ends_in_time_and_yields_no_finding(
    tmp_path: Path,
) -> None:
    with contextlib.ExitStack() as stack:
        http = stack.enter_context(hostile_http())
        connect = [http.connect]
        urls = [http.url(path, f"h.{DOMAIN}") for path in HTTP if path != "page"]
        urls += [http.url(f"charset/{c}", f"h.{DOMAIN}") for c in ("zlib", "hex", "rot13", "idna")]
        for how in TLS:
            port = stack.enter_context(hostile_tls(how))
            connect.append(f"tls-{how}.{DOMAIN}:443=127.0.0.1:{port}")
            urls.append(f"https://tls-{how}.{DOMAIN}/")
        names = {f"dns-{lie}.{DOMAIN}": lie for lie in LIES}
        urls += [f"https://{name}/" for name in names]
        resolver = stack.enter_context(hostile_dns({**names, **OWN_NAMES}, default="servfail"))
        started = time.monotonic()
        answered = await look(
            Question(
                items=load().items,
                target=Target(domain=DOMAIN, urls=tuple(urls)),
                told=Told(),
                scope=Scope(hosts=(DOMAIN,), level=Level.PASSIVE, by="a test", named=(DOMAIN,)),
                options=Options(resolver=resolver, connect=tuple(connect)),
            )
        )
    assert time.monotonic() - started < RUN_SECONDS + 5
    outcomes = answered.run.outcomes
    findings = [(f.code, f.subject) for o in outcomes.values() for f in o.findings]
    assert findings == []
    looked = {o.state for item, o in outcomes.items() if not item.startswith(("env", "repo"))}
    assert State.ERROR not in looked
    assert all(o.cause for o in outcomes.values() if o.state is State.UNKNOWN)
    for item in ("tls.certificate", "site.canonical", "dns.apex", "dns.names", "dns.nameservers"):
        assert outcomes[item].state is State.UNKNOWN, (item, outcomes[item])
    assert {r.level for r in answered.requests} == {"passive"}
    assert {r.method for r in answered.requests} <= {"DNS", "TLS", "GET", "HEAD"}
