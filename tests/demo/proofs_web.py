"""Proofs of the planted faults of the web servers: what a browser or a stranger sees of them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from demo.raw import Answer, Browser
from launchready_tui.demo import Lab
from launchready_tui.demo.registry import registering

Proof = Callable[[Lab, str], bool]
PROOFS: dict[str, Proof] = {}
APP = "https://app.harbour-ops.test"
EVIL = "https://evil.test"
COOKIE = "__Host-desk_session"
proves = registering(PROOFS)


def seen(lab: Lab, url: str, **headers: str) -> Answer:
    return Browser(lab).get(url, headers={k.replace("_", "-"): v for k, v in headers.items()})


def front(lab: Lab, host: str) -> Answer:
    """The page that a visitor of the host ends on."""
    return seen(lab, Browser(lab).hops(f"https://{host}/")[-1][0])


def as_tester(lab: Lab) -> Browser:
    """A browser in which the test user has signed in, beginning with the sign-in page."""
    browser = Browser(lab)
    name, _, password = lab.secrets["test-login"].partition("\n")
    browser.get(f"{APP}/login")
    assert browser.post(f"{APP}/login", name=name, password=password).status == 303
    return browser


def directive(policy: str, name: str) -> list[str]:
    parts = [part.split() for part in policy.split(";")]
    return next((part[1:] for part in parts if part and part[0] == name), [])


@proves("csp-missing")
def no_policy(lab: Lab, subject: str) -> bool:
    return "content-security-policy" not in front(lab, subject).headers


@proves("csp-weak")
def inline_scripts(lab: Lab, subject: str) -> bool:
    policy = front(lab, subject).headers["content-security-policy"]
    return "'unsafe-inline'" in directive(policy, "script-src")


@proves("hsts-partial")
def lost_on_errors(lab: Lab, subject: str) -> bool:
    assert "max-age=31536000" in front(lab, subject).headers["strict-transport-security"]
    error = seen(lab, f"https://{subject}/nothing-here")
    assert error.status == 404
    return "strict-transport-security" not in error.headers


@proves("version-leak")
def tells_version(lab: Lab, subject: str) -> bool:
    return bool(re.search(r"\d+\.\d+", front(lab, subject).headers.get("server", "")))


@proves("cookie-session-insecure")
def readable_cookie(lab: Lab, subject: str) -> bool:
    line = front(lab, subject).headers["set-cookie"]
    assert line.startswith(COOKIE)
    assert "Secure" in line
    return "HttpOnly" not in line


@proves("mixed-content")
def picture_over_http(lab: Lab, subject: str) -> bool:
    return 'src="http://' in front(lab, subject).body


@proves("script-third-party-unpinned")
def unpinned(lab: Lab, subject: str) -> bool:
    tags = re.findall(r'<script src="https://cdn[^>]*>', front(lab, subject).body)
    assert len(tags) == 2
    return not all("integrity=" in tag for tag in tags)


@proves("error-page-soft-404")
def always_there(lab: Lab, subject: str) -> bool:
    return seen(lab, f"https://{subject}/nothing-here").status == 200


@proves("robots-lists-admin")
def names_back_office(lab: Lab, subject: str) -> bool:
    return "Disallow: /backoffice" in seen(lab, f"https://{subject}/robots.txt").body


@proves("exposed-secret-file")
def served_settings(lab: Lab, subject: str) -> bool:
    answer = seen(lab, subject)
    return answer.status == 200 and len(re.findall(r"(?m)^[A-Z_]+=.", answer.body)) >= 2


@proves("exposed-repo")
def served_git(lab: Lab, subject: str) -> bool:
    return seen(lab, subject).body.startswith("ref: refs/")


@proves("ops-endpoint-open")
def served_numbers(lab: Lab, subject: str) -> bool:
    answer = seen(lab, subject)
    return answer.status == 200 and answer.body.startswith("# HELP")


@proves("no-auth")
def people_shown(lab: Lab, subject: str) -> bool:
    answer = seen(lab, subject)
    return answer.status == 200 and len(json.loads(answer.body)["roster"]) == 2


@proves("admin-page-open")
def administers(lab: Lab, subject: str) -> bool:
    answer = seen(lab, subject)
    return answer.status == 200 and "<form" in answer.body


@proves("open-redirect")
def leads_anywhere(lab: Lab, subject: str) -> bool:
    assert seen(lab, f"{subject}?next=/orders").location == "/orders"
    return seen(lab, f"{subject}?next={EVIL}/").location == f"{EVIL}/"


@proves("preview-open")
def open_preview(lab: Lab, subject: str) -> bool:
    answer = front(lab, subject)
    policy = answer.headers["content-security-policy"]
    assert "https://api.harbour-ops.test" in directive(policy, "connect-src")
    return answer.status == 200 and "Berth 2" in answer.body


@proves("cors-reflect-credentials")
def lets_any_site_in(lab: Lab, subject: str) -> bool:
    browser = as_tester(lab)
    headers = browser.get(subject, headers={"Origin": EVIL}).headers
    allowed = headers.get("access-control-allow-origin")
    return allowed == EVIL and headers["access-control-allow-credentials"] == "true"


@proves("cors-vary-missing")
def depends_on_origin(lab: Lab, subject: str) -> bool:
    own, other = seen(lab, subject, Origin=APP), seen(lab, subject, Origin=EVIL)
    assert own.headers["access-control-allow-origin"] == APP
    assert "access-control-allow-origin" not in other.headers
    assert "public" in own.headers["cache-control"]
    return "origin" not in own.headers.get("vary", "").lower()


@proves("static-not-immutable")
def asked_again(lab: Lab, subject: str) -> bool:
    return "immutable" not in seen(lab, subject).headers["cache-control"]


@proves("no-compression")
def unpacked(lab: Lab, subject: str) -> bool:
    answer = Browser(lab).head_with(subject, {"Accept-Encoding": "gzip"})
    return "content-encoding" not in answer.headers


@proves("page-cached-long")
def kept_for_a_week(lab: Lab, subject: str) -> bool:
    return seen(lab, subject).headers["cache-control"] == "max-age=604800"


@proves("private-page-cached")
def given_to_others(lab: Lab, subject: str) -> bool:
    url = f"{subject}?shift={len(lab.company.memory.pages)}-of-today"
    assert "audit.tester" in as_tester(lab).get(url).body
    return "audit.tester" in seen(lab, url).body


@proves("session-fixation")
def id_stays(lab: Lab, subject: str) -> bool:
    stranger = Browser(lab)
    stranger.get(subject)
    known = dict(stranger.cookies)
    victim = Browser(lab)
    victim.cookies = dict(known)
    name, _, password = lab.secrets["test-login"].partition("\n")
    assert victim.post(subject, name=name, password=password).status == 303
    assert victim.get(f"{APP}/orders").status == 200
    return stranger.get(f"{APP}/orders").status == 200


@proves("no-rate-limit")
def takes_every_try(lab: Lab, subject: str) -> bool:
    browser = Browser(lab)
    tries = [browser.post(subject, name="lr-nobody", password=f"{n}").status for n in range(8)]
    assert set(tries) <= {401, 429}
    return 429 not in tries


@proves("noisy-client-slows")
def queues(lab: Lab, subject: str) -> bool:
    with ThreadPoolExecutor(4) as threads:
        bodies = threads.map(lambda _: seen(lab, subject).body, range(4))
        return any(json.loads(body)["ahead_of_you"] for body in bodies)


@proves("webhook-wrong-secret-or-redirected")
def moved_webhook(lab: Lab, subject: str) -> bool:
    return Browser(lab).post(subject).status == 308


@proves("auth-secret-or-host-unset")
def cannot_sign_in(lab: Lab, subject: str) -> bool:
    return seen(lab, subject).status == 500


@proves("source-maps-public")
def source_served(lab: Lab, subject: str) -> bool:
    answer = seen(lab, subject)
    return answer.status == 200 and bool(json.loads(answer.body)["sourcesContent"])


@proves("supabase-service-key-in-bundle")
def key_with_all_rights(lab: Lab, subject: str) -> bool:
    tokens = re.findall(r"eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+", seen(lab, subject).body)
    roles = {json.loads(base64.urlsafe_b64decode(t + "=" * (-len(t) % 4)))["role"] for t in tokens}
    assert "anon" in roles
    return "service_role" in roles


@proves("secret-in-public-env-prefix")
def payment_key(lab: Lab, subject: str) -> bool:
    return re.search(r"rk_live_\w{24}", seen(lab, subject).body) is not None


@proves("localhost-api-in-bundle")
def calls_localhost(lab: Lab, subject: str) -> bool:
    return "http://localhost:8000" in seen(lab, subject).body


def _public_key(lab: Lab) -> str:
    script = seen(lab, f"{APP}/static/desk-8c41f2d09a.js").body
    found = re.search(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", script)
    assert found
    return found[0]


@proves("supabase-rls-disabled")
def rows_for_all(lab: Lab, subject: str) -> bool:
    host, _, table = subject.partition("/")
    url = f"https://{host}/rest/v1/{table}"
    assert seen(lab, url).status == 401
    return seen(lab, url, apikey=_public_key(lab)).headers.get("content-range") == "0-0/12"


@proves("open-signup-internal-tool")
def open_sign_up(lab: Lab, subject: str) -> bool:
    answer = seen(lab, f"https://{subject}/auth/v1/settings", apikey=_public_key(lab))
    return not json.loads(answer.body)["disable_signup"]


# ---------------------------------------------------------------- old addresses


@proves("old-url-broken")
def broken(lab: Lab, subject: str) -> bool:
    assert subject in lab.old_addresses.read_text()
    return Browser(lab).hops(subject)[-1][1] == 404


@proves("old-url-loses-path")
def loses_marks(lab: Lab, subject: str) -> bool:
    assert subject in lab.old_addresses.read_text()
    end, status = Browser(lab).hops(subject)[-1]
    assert status == 200
    return not end.endswith("?utm_source=flyer")
