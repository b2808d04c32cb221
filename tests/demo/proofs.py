"""Whether a planted fault is really there, as seen without any of our checks.

One proof a fault code: a function of the lab and the subject. The same proofs hold before a repair
and fail after it.
"""

from __future__ import annotations

import json
import ssl
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime

import dns.rcode

from demo import proofs_env, proofs_mail, proofs_names, proofs_web
from demo.raw import (
    Browser,
    ask,
    believed,
    certificate,
    chosen_protocol,
    environment,
    speaks,
    tracked,
    values,
)
from launchready_tui.demo import Lab
from launchready_tui.demo.registry import registering

Proof = Callable[[Lab, str], bool]
PROOFS: dict[str, Proof] = {
    **proofs_env.PROOFS,
    **proofs_mail.PROOFS,
    **proofs_names.PROOFS,
    **proofs_web.PROOFS,
}
proves = registering(PROOFS)


def life_left(lab: Lab, host: str) -> float:
    shown = certificate(lab, host)
    whole = shown.not_valid_after_utc - shown.not_valid_before_utc
    return (shown.not_valid_after_utc - datetime.now(UTC)) / whole


@proves("cert-wrong-host")
def wrong_host(lab: Lab, subject: str) -> bool:
    return "Hostname mismatch" in believed(lab, subject)


@proves("cert-expiring")
def expiring(lab: Lab, subject: str) -> bool:
    return believed(lab, subject) == "" and life_left(lab, subject) < 1 / 10


@proves("cert-expired")
def expired(lab: Lab, subject: str) -> bool:
    return "expired" in believed(lab, subject)


@proves("cert-chain-incomplete")
def incomplete(lab: Lab, subject: str) -> bool:
    assert "harbour lab" in certificate(lab, subject).issuer.rfc4514_string().lower()
    return "unable to get local issuer" in believed(lab, subject)


@proves("tls-old-version")
def old_version(lab: Lab, subject: str) -> bool:
    assert speaks(lab, subject, ssl.TLSVersion.TLSv1_2)
    return speaks(lab, subject, ssl.TLSVersion.TLSv1)


@proves("https-refused")
def refused(lab: Lab, subject: str) -> bool:
    assert Browser(lab).get(f"http://{subject}/").status in (200, 301)
    try:
        believed(lab, subject)
    except ConnectionRefusedError:
        return True
    return False


@proves("http2-absent")
def no_http2(lab: Lab, subject: str) -> bool:
    return chosen_protocol(lab, subject) != "h2"


@proves("production-on-preview")
def on_preview(lab: Lab, subject: str) -> bool:
    return "-pr-" in values(ask(lab, subject, "A"), "CNAME")[0]


@proves("framework-known-rce")
def old_framework(lab: Lab, subject: str) -> bool:
    package, version = subject.split()
    assert (lab.repo / "site/app/page.tsx").exists()
    lock = json.loads((lab.repo / "site/package-lock.json").read_text())
    return bool(lock["packages"][f"node_modules/{package}"]["version"] == version)


@proves("host-config-broken")
def not_toml(lab: Lab, subject: str) -> bool:
    try:
        tomllib.loads((lab.repo / subject).read_text())
    except tomllib.TOMLDecodeError:
        return True
    return False


@proves("address-differs")
def differs(lab: Lab, subject: str) -> bool:
    addresses = values(ask(lab, subject, "A"), "A")
    browser = Browser(lab)
    health = {browser.get(f"https://{subject}/healthz", address=a).body for a in addresses}
    serials = {certificate(lab, subject, a).serial_number for a in addresses}
    assert len(health) == len(serials)
    return len(health) > 1


@proves("ttl-before-cutover")
def long_ttl(lab: Lab, subject: str) -> bool:
    return ask(lab, subject, "A").answer[0].ttl >= 86_400


@proves("ttl-tiny")
def short_ttl(lab: Lab, subject: str) -> bool:
    return ask(lab, subject, "A").answer[0].ttl < 60


@proves("dns-name-missing")
def missing(lab: Lab, subject: str) -> bool:
    return ask(lab, subject, "A").rcode() == dns.rcode.NXDOMAIN


@proves("takeover-claimable")
def dangling(lab: Lab, subject: str) -> bool:
    found = ask(lab, subject, "A")
    return bool(values(found, "CNAME")) and found.rcode() == dns.rcode.NXDOMAIN


@proves("redirect-temporary")
def temporary(lab: Lab, subject: str) -> bool:
    return Browser(lab).get(subject).status == 302


@proves("redirect-first-hop-other-host")
def never_secure_itself(lab: Lab, subject: str) -> bool:
    own = subject.replace("http:", "https:")
    return own not in [url for url, _ in Browser(lab).hops(subject)[:2]]


@proves("redirect-loses-path")
def loses_path(lab: Lab, subject: str) -> bool:
    return not Browser(lab).get(f"{subject}old/page?x=1").location.endswith("/old/page?x=1")


@proves("redirect-long")
def long_way(lab: Lab, subject: str) -> bool:
    hops = Browser(lab).hops(subject)
    assert hops[-1][1] == 200
    return len(hops) > 3


@proves("env-missing")
def unset(lab: Lab, subject: str) -> bool:
    settings = (lab.repo / "berthdesk/settings.py").read_text()
    assert f'os.environ["{subject}"]' in settings
    assert subject not in (lab.repo / "render.yaml").read_text()
    return subject not in environment(lab, ".env.production")


@proves("env-no-reference")
def unread(lab: Lab, subject: str) -> bool:
    sources = "".join(path.read_text() for path in lab.repo.rglob("*.py"))
    assert subject not in sources
    return subject in environment(lab, ".env.production")


@proves("env-undocumented")
def undocumented(lab: Lab, subject: str) -> bool:
    return subject not in environment(lab, ".env.example")


@proves("env-empty")
def empty(lab: Lab, subject: str) -> bool:
    return environment(lab, ".env.production")[subject] == ""


@proves("env-placeholder")
def placeholder(lab: Lab, subject: str) -> bool:
    return environment(lab, ".env.production")[subject] == "changeme"


@proves("secret-committed")
def committed(lab: Lab, subject: str) -> bool:
    assert len(environment(lab, subject)["API_TOKEN"]) == 40
    return subject in tracked(lab)
