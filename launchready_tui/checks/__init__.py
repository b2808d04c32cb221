"""Whether what was found is good: pure functions from facts to outcomes, registered on import."""

from launchready_tui.checks import (
    addresses,
    cloudflare,
    delegation,
    dns,
    env,
    host,
    redirects,
    repo,
    security,
    site,
    tls,
    traffic,
)

__all__ = [
    "addresses",
    "cloudflare",
    "delegation",
    "dns",
    "env",
    "host",
    "redirects",
    "repo",
    "security",
    "site",
    "tls",
    "traffic",
]
