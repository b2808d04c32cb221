"""Response headers whose values facts keep: those that some check or table reads.

Of every other header only the name is kept. Its value may be anything, a token of a session or of
a debugging tool among it, and most such values are others at each request.
"""

from __future__ import annotations

PREFIXES = ("access-control-", "ratelimit", "x-ratelimit-", "x-rate-limit-")
READ = frozenset(
    {
        "age",
        "alt-svc",
        "cache-control",
        "cache-status",
        "cdn-cache",
        "cdn-cache-control",
        "cf-cache-status",
        "cf-mitigated",
        "cloudflare-cdn-cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "expires",
        "location",
        "permissions-policy",
        "pragma",
        "referrer-policy",
        "retry-after",
        "server",
        "strict-transport-security",
        "surrogate-control",
        "vary",
        "vercel-cdn-cache-control",
        "via",
        "x-amzn-waf-action",
        "x-aspnet-version",
        "x-aspnetmvc-version",
        "x-cache",
        "x-cache-lookup",
        "x-cache-status",
        "x-content-type-options",
        "x-frame-options",
        "x-iinfo",
        "x-nextjs-cache",
        "x-powered-by",
        "x-proxy-cache",
        "x-render-routing",
        "x-robots-tag",
        "x-sucuri-block",
        "x-vercel-cache",
        "x-vercel-mitigated",
    }
)
GONE = "…"


def kept(name: str, value: str) -> str:
    """The value as far as a fact may keep it, before secrets are looked for in it."""
    if name == "server-timing":
        return ", ".join(metric.partition(";")[0].strip() for metric in value.split(","))
    return value if name in READ or name.startswith(PREFIXES) else GONE
