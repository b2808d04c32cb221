"""Whether what was found is good: pure functions from facts to outcomes, registered on import."""

from launchready_tui.checks import (
    addresses,
    cloudflare,
    data_platform,
    dns,
    env,
    host,
    redirects,
    repo,
    scripts,
    sign_in,
    site,
    tls,
    traffic,
)

__all__ = [
    "addresses",
    "cloudflare",
    "data_platform",
    "dns",
    "env",
    "host",
    "redirects",
    "repo",
    "scripts",
    "sign_in",
    "site",
    "tls",
    "traffic",
]
