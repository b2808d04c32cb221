"""What the sign-in page of Berth desk ships to browsers: its script, style sheet and source map.

Nothing of it is a working key: what looks like one is put together when it is served.
"""

from __future__ import annotations

import base64
import json

from launchready_tui.demo.repository import made_up
from launchready_tui.demo.site_faults import Wrong

SCRIPT = "/static/desk-8c41f2d09a.js"
MAP = f"{SCRIPT}.map"
STYLE = "/static/desk-5b7e20c4d1.css"
PROJECT = "harbourdeskpractice1"
"""The company's project at Supabase: shift plans, kept apart from the work orders."""
SUPABASE = f"{PROJECT}.supabase.co"
TABLE = "shifts"
CHART = "https://cdn.jsdelivr.net/npm/chart.js@4.4.9/dist/chart.umd.js"
ICONS = "https://cdn.jsdelivr.net/npm/lucide@0.511.0/dist/umd/lucide.min.js"
PUBLIC_KEY, SERVICE_KEY = "anon", "service_role"


def token(role: str) -> str:
    """A JSON web token as Supabase makes them. Its signature is made up and opens nothing."""
    claims = {"iss": "supabase", "ref": PROJECT, "role": role, "iat": 1739172000}
    head, body = (_packed({"alg": "HS256", "typ": "JWT"}), _packed(claims))
    return f"{head}.{body}.{made_up(f'supabase {role}', 43)}"


def _packed(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def script(wrong: Wrong) -> str:
    base = "http://localhost:8000" if "localhost-api-in-bundle" in wrong else ""
    lines = [
        f'const base="{base}";',
        "export const orders=()=>fetch(`${base}/v1/orders`).then(r=>r.json());",
        f'const plan=createClient("https://{SUPABASE}","{token(PUBLIC_KEY)}");',
        f'export const shifts=()=>plan.from("{TABLE}").select("*");',
    ]
    if "supabase-service-key-in-bundle" in wrong:
        lines.append(f'const all=createClient("https://{SUPABASE}","{token(SERVICE_KEY)}");')
        lines.append(f'export const everyShift=()=>all.from("{TABLE}").select("*");')
    if "secret-in-public-env-prefix" in wrong:
        lines.append(f'const fees=Stripe("rk_live_{made_up("STRIPE_LIVE", 24)}");')
    if "source-maps-public" in wrong:
        lines.append(f"//# sourceMappingURL={MAP.rpartition('/')[2]}")
    return "\n".join([*lines, ""])


def source_map() -> str:
    return json.dumps(
        {
            "version": 3,
            "sources": ["src/desk.ts"],
            "sourcesContent": ["// TODO Nadia: move the key to the server\nexport const desk = 1;"],
            "mappings": "AAAA",
        }
    )


def style() -> str:
    """Longer than a kilobyte, so that packing it is worth it."""
    rules = [f".berth-{n}{{grid-column:{n};border-left:2px solid #1b4d6b}}" for n in range(1, 31)]
    return "\n".join([*rules, ""])


def tags(wrong: Wrong) -> str:
    """What stands in the head of the sign-in page."""
    chart = "" if "script-third-party-unpinned" in wrong else _pin("chart")
    return (
        f'<link rel="stylesheet" href="{STYLE}"><script type="module" src="{SCRIPT}"></script>'
        f'<script src="{CHART}"{chart} defer></script>'
        f'<script src="{ICONS}"{_pin("icons")} defer></script>'
    )


def _pin(name: str) -> str:
    digest = base64.b64encode(bytes.fromhex(made_up(f"digest of {name}", 96))).decode()
    return f' integrity="sha384-{digest}" crossorigin="anonymous"'
