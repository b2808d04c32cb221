"""What servers say may let somebody in: none of it may rest in anything that is kept or shown.

A company plants a secret of its own in every place where a server can say one. Then everything
that a sprint leaves behind is searched for each of them, in the ways that bytes are written down.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from cli_door import launchready
from launchready_tui.catalogue import load
from servers.fronted import API, APP, DOMAIN, running_front
from servers.scripted import Asked, Reply

NOISY = "noisy-neighbour"
PLACES: dict[str, str] = {}
"""By secret, where it is planted."""


def planted(place: str) -> str:
    """A secret without a shape, as sessions and passwords are."""
    secret = "Lr7" + base64.b32encode(place.encode()).decode().rstrip("=").swapcase()[-24:] + "9Zq"
    PLACES[secret] = place
    return secret


def shaped(place: str) -> str:
    """A key that its issuer gave a shape, as it stands in texts where only that can tell."""
    key = "sk_" + "live_" + planted(place)
    PLACES[key] = place
    return key


COOKIE, BEFORE = planted("a cookie"), planted("a cookie before the login")
PAGE = f"""<!doctype html><html><head><title>Desk {shaped("a title")}</title>
<meta name=generator content="Desk {shaped("a generator")}">
<meta name=csrf-token content="{planted("a meta tag")}">
<meta http-equiv="content-security-policy" content="script-src 'nonce-{planted("a nonce")}'">
<link rel=preload as=script href="/late.js?token={planted("a preload")}">
<script src="/app.js?key={planted("a script address")}"></script>
<script>window.__ENV = {{"STRIPE_SECRET_KEY": "{shaped("an inline script")}",
"ADMIN_PASSWORD": "{planted("an inline setting")}"}};</script>
</head><body><!-- password: {planted("a comment")} -->
<form method=post action="/login?state={planted("a form's address")}">
<input type=hidden name=csrf value="{planted("a hidden field")}">
<input name=email type=email><input name=password type=password></form>
<p>Username: admin Password: {planted("a printed password")}</p>
<p>{planted("a text")}</p><a href="/reset/{planted("a link")}">x</a></body></html>"""
MAP = json.dumps(
    {
        "version": 3,
        "sources": [f"src/{shaped('a source path')}.ts"],
        "sourcesContent": [f'const password = "{planted("source code")}"'],
        "mappings": "AAAA",
    }
)
SCRIPT = f"""const a = "{shaped("a script")}"; const dbPassword = "{planted("a named setting")}";
fetch("/api/orders?access_token={planted("an address that is called")}");
fetch("https://{API}/v1/{planted("a path that is called")}/items");
const db = "postgres://admin:{planted("a database address")}@db.{DOMAIN}/prod";
//# sourceMappingURL=app.js.map?sig={planted("a map's address")}"""
PEOPLE = json.dumps(
    [
        {"email": f"{who}@acme.test", "phone": "1", "token": planted("API JSON"), "name": who}
        for who in ("ann", "ben", "cem")
    ]
)
ENV = f"DATABASE_URL=postgres://u:{planted('.env')}@db/x\nSTRIPE_KEY={shaped('.env key')}\nA_B=1\n"
FILES = {
    "/app.js": ("text/javascript", SCRIPT),
    "/late.js": ("text/javascript", f'export const t = "{planted("a late script")}"'),
    "/app.js.map": ("application/json", MAP),
    "/.env": ("text/plain", ENV),
    "/.npmrc": ("text/plain", f"//packages.acme.test/:_authToken={planted('.npmrc')}\n"),
    "/robots.txt": ("text/plain", f"User-agent: *\nDisallow: /x?key={planted('robots.txt')}\n"),
    "/metrics": ("text/plain", f'# HELP up\nup{{key="{planted("metrics")}"}} 1\n'),
    "/openapi.json": ("application/json", f'{{"openapi": "3", "x": "{planted("openapi")}"}}'),
    "/api/orders": ("application/json", PEOPLE),
    "/api/auth/session": ("application/json", f'{{"token": "{planted("a session answer")}"}}'),
    "/api/auth/providers": (
        "application/json",
        json.dumps({"x": {"callbackUrl": f"https://{APP}/cb?code={planted('a callback')}"}}),
    ),
    "/graphql": ("application/json", f'{{"errors": "{planted("a GraphQL answer")}"}}'),
}
HEADERS = {
    "set-cookie": f"session={COOKIE}; Path=/; Secure; Partitioned={planted('an attribute')}",
    "x-api-key": planted("a header"),
    "authorization": f"Bearer {planted('an Authorization header')}",
    "server": f"desk/1.2 {shaped('the Server header')}",
    "x-powered-by": f"Desk {shaped('X-Powered-By')}",
    "content-security-policy": f"script-src 'nonce-{planted('a CSP nonce')}'; report-uri"
    f" https://r.{DOMAIN}/?key={planted('a report address')}",
    "link": f"</x?sig={planted('a Link header')}>; rel=preload",
    "access-control-allow-origin": f"https://{APP}/?k={planted('a CORS header')}",
    "etag": f'"{planted("an ETag")}"',
    "x-debug-token": planted("a debug token"),
    "www-authenticate": f'Basic realm="{shaped("a realm")}"',
    "ratelimit-policy": f'"{shaped("a limit")}";q=100',
    "server-timing": f'db;desc="{planted("a timing")}"',
}
SENT_ON = {"/login/start": f"https://{APP}/cb?code={planted('a redirect')}#at={planted('a hash')}"}
MISSING = (
    f"<title>Error {shaped('an error title')}</title>Traceback (most recent call last)"
    f'  File "x.py" password={planted("a stack trace")}'
)


def answer(asked: Asked, before: int) -> Reply:
    path = asked.path.partition("?")[0]
    if asked.method == "POST" and path == "/login":
        to = f"/inside?welcome={planted('a welcome')}"
        sent = {**HEADERS, "location": to, "set-cookie": f"session={COOKIE}2; Secure"}
        return Reply(303, sent, planted("a login's body").encode())
    if path in SENT_ON:
        return Reply(302, {**HEADERS, "location": SENT_ON[path]}, b"")
    if path in FILES:
        kind, body = FILES[path]
        return Reply(200, {**HEADERS, "content-type": kind}, body.encode())
    html = {**HEADERS, "content-type": "text/html"}
    if path in ("/", "/inside", "/orders", "/login", "/admin"):
        return Reply(200, html, PAGE.encode())
    return Reply(404, html, MISSING.encode())


ZONE = f"""\
@ TXT "key {shaped("a TXT record's key")}"
_dmarc TXT "v=DMARC1; p=none; rua=mailto:{planted("a mail address")}@{DOMAIN}"
"""
LAUNCH = f"""
schema = 1
domain = "{DOMAIN}"

[web]
app = "https://{APP}"
private = ["/orders", "/inside"]
api = ["/api/orders"]
login = "/login"
markers = ["Ann of Desk"]
"""
SESSION, PASSWORD = planted("the test session"), planted("the test user's password")


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """Everything a run leaves: files, the report, the guide, what was said."""
    folder = tmp_path_factory.mktemp("secrets")
    sprint = folder / "sprint"
    probes = ",".join(probe.id for probe in load().active if probe.id != NOISY)
    keys = ("--key", "test-session=S", "--key", "test-login=L")
    env = {
        "S": f"session={SESSION}",
        "L": f"ann@{DOMAIN}\n{PASSWORD}",
        "HOME": str(folder),
        "LAUNCHREADY_VAULT": "memory",
    }
    with running_front(answer, folder, ZONE) as front:
        made = launchready("new", sprint, "--domain", DOMAIN, "--by", "Ann", "--consent", "active")
        assert made.code == 0, made.err
        (sprint / "launchready.toml").write_text(LAUNCH, "utf-8")
        done = launchready(
            "check", "--active", probes, "--yes", *keys, "--facts-out", folder / "facts.json",
            "--format", "json", "-o", folder / "report.json", *front.flags, cwd=sprint, env=env,
            seconds=200,
        )  # fmt: skip
        assert done.code in (1, 3), done.err
        guide = launchready("export", "-o", folder / "guide", cwd=sprint, env=env)
        status = launchready("status", cwd=sprint, env=env)
        text = launchready("check", "--facts", folder / "facts.json", env=env)
    said = {
        f"what {name} said": (ended.out + ended.err).encode()
        for name, ended in (("check", done), ("export", guide), ("status", status), ("text", text))
    }
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for base in (sprint, folder / "guide")
        for path in base.rglob("*")
        if path.is_file()
    }
    for name in ("facts.json", "report.json"):
        files[name] = (folder / name).read_bytes()
    yield files | said


def forms(secret: str) -> dict[str, bytes]:
    """The ways a text may stand in a file."""
    raw = secret.encode()
    return {
        "plain": raw,
        "base64": base64.b64encode(raw)[: len(raw) * 4 // 3 - 2],
        "url-encoded": quote(secret, safe="").encode(),
        "hex": raw.hex().encode(),
        "backwards": raw[::-1],
        "utf-16": secret.encode("utf-16-le"),
    }


@pytest.mark.slow
def test_the_company_was_looked_at(left_behind: dict[str, bytes]) -> None:
    report = json.loads(left_behind["report.json"])
    codes = json.dumps(report)
    for code in ("exposed-secret-file", "bundle-secret", "source-maps-public", "no-auth"):
        assert code in codes, code
    assert any(name.startswith("sprint/.launchready/runs") for name in left_behind)
    assert "guide/HANDOVER.md" in left_behind


@pytest.mark.slow
def test_no_secret_that_a_server_said_is_left_anywhere(left_behind: dict[str, bytes]) -> None:
    found = sorted(
        {
            f"{place}: {form} in {name}"
            for secret, place in PLACES.items()
            for form, written in forms(secret).items()
            for name, content in left_behind.items()
            if written in content
        }
    )
    assert not found, "\n".join(found)
