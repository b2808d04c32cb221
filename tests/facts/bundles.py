"""Shipped JavaScript as builds leave it, with keys put together when the test runs."""

from __future__ import annotations

import base64
import json
import random

REF = "abcdefghijklmnopqrst"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def drawn(length: int, seed: int = 1) -> str:
    """Random letters and digits, the same at every run."""
    dice = random.Random(seed)
    return "a1" + "".join(dice.choice(LETTERS) for _ in range(length - 2))


def coded(value: object) -> str:
    content = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def token(role: str, issuer: str = "supabase", ref: str = REF) -> str:
    claims = {"iss": issuer, "ref": ref, "role": role, "iat": 1_700_000_000, "exp": 2_015_000_000}
    return f"{coded({'alg': 'HS256', 'typ': 'JWT'})}.{coded(claims)}.{drawn(43)}"


def clerk(mode: str, host: str) -> str:
    return f"pk_{mode}_" + base64.b64encode(f"{host}$".encode()).decode().rstrip("=")


SERVICE, ANON = token("service_role"), token("anon")
LIVE, TEST = "sk_" + "live_" + drawn(24), "sk_" + "test_" + drawn(24, 2)
SECRETS = {
    "Supabase secret": "sb_" + "secret_" + drawn(31),
    "Stripe": LIVE,
    "restricted Stripe": "rk_" + "live_" + drawn(24, 3),
    "AI provider": "sk-" + "proj-" + drawn(48, 4),
    "AI provider, older": "sk-" + drawn(48, 5),
    "GitHub": "ghp_" + drawn(36, 6),
    "GitHub, newer": "github_" + "pat_" + drawn(82, 7),
    "GitLab": "glpat" + "-" + drawn(20, 8),
    "Slack": "xox" + "b-" + drawn(50, 9),
    "SendGrid": "SG" + "." + drawn(22, 10) + "." + drawn(43, 11),
    "Google OAuth": "GOCSPX" + "-" + drawn(28, 12),
    "webhook": "whsec" + "_" + drawn(32, 13),
    "PEM": "-----BEGIN " + "PRIVATE KEY-----\\n" + drawn(64, 14) + "\\n" + drawn(64, 15),
    "database": "postgres" + "://desk:" + drawn(16, 16) + "@db.acme.test:5432/desk",
    "Slack hook": "https://hooks.slack.com/" + "services/T0A1B2C3D/B0A1B2C3D/" + drawn(24, 17),
}
LIBRARIES = (
    "w F(`Unexpected error`,e)}}}};let xi={url:`http://localhost:9999`,storageKey:`supabase.auth"
    '.token`,autoRefreshToken:!0};const s=t.sidecarUrl||"http://localhost:8969/stream";var n=e&&'
    'window.location.href||"http://localhost",Me=new URL("http://localhost");'
    'buildRequest(){return{requestUri:"http://localhost",returnSecureToken:!0}}'
    '"url: "http://localhost:4318"===R?a:b,V=`${R}/v1/traces`'
    "// Server-side only: the service_role key, sk_live_… and sb_secret_… never go into a page\n"
    'throw Error("expected format: pk_test_... or pk_live_...");const re=/sk_live_[A-Za-z0-9]{24}/,'
    'h="-----BEGIN PRIVATE KEY-----",c="sk-spinner sk-folding-cube-container-wrapper-2";'
)
"""What libraries ship that looks like a fault, and none of it is."""


def minified(size: int, *planted: str) -> bytes:
    """A bundle of about `size` bytes with texts planted in it at even distances."""
    line = (
        "function Qe(e,t){return e.map((n=>n.id===t.id?Object.assign({},n,{open:!n.open}):n))}const"
        ' Ae=r.createContext(null);e.exports={name:"desk",v:1.25,_a:[0x1f,2e3]};t.d(n,{Z:()=>Ke});'
    )
    filler = (line * (size // len(line) // (len(planted) + 1) + 1)).encode()
    filler = filler[: size // (len(planted) + 1)]
    return filler + b"".join(f';var z{n}="{text}";'.encode() + filler
                             for n, text in enumerate(planted))  # fmt: skip
