"""Whether what was found is good: pure functions from facts to outcomes, registered on import."""

from launchready_tui.checks import (
    addresses,
    cloudflare,
    cloudflare_zone,
    dns,
    env,
    host,
    protection,
    redirects,
    repo,
    site,
    tls,
    traffic,
)

__all__ = [
    "addresses",
    "cloudflare",
    "cloudflare_zone",
    "dns",
    "env",
    "host",
    "protection",
    "redirects",
    "repo",
    "site",
    "tls",
    "traffic",
]
