"""Whether what was found is good: pure functions from facts to outcomes, registered on import."""

from launchready_tui.checks import (
    addresses,
    caching,
    cloudflare,
    cors,
    dns,
    env,
    host,
    limits,
    redirects,
    repo,
    session,
    site,
    tls,
    traffic,
    tries,
    webhooks,
)

__all__ = [
    "addresses",
    "caching",
    "cloudflare",
    "cors",
    "dns",
    "env",
    "host",
    "limits",
    "redirects",
    "repo",
    "session",
    "site",
    "tls",
    "traffic",
    "tries",
    "webhooks",
]
