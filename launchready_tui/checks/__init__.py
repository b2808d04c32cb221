"""Whether what was found is good: pure functions from facts to outcomes, registered on import."""

from launchready_tui.checks import (
    access,
    addresses,
    cloudflare,
    dns,
    env,
    exposures,
    host,
    origin,
    redirects,
    repo,
    site,
    tls,
    traffic,
)

__all__ = [
    "access",
    "addresses",
    "cloudflare",
    "dns",
    "env",
    "exposures",
    "host",
    "origin",
    "redirects",
    "repo",
    "site",
    "tls",
    "traffic",
]
