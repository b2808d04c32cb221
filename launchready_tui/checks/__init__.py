"""Whether what was found is good: pure functions from facts to outcomes, registered on import."""

from launchready_tui.checks import (
    addresses,
    cloudflare,
    content,
    cookies,
    dns,
    env,
    errors,
    headers,
    host,
    previews,
    redirects,
    repo,
    site,
    tls,
    traffic,
)

__all__ = [
    "addresses",
    "cloudflare",
    "content",
    "cookies",
    "dns",
    "env",
    "errors",
    "headers",
    "host",
    "previews",
    "redirects",
    "repo",
    "site",
    "tls",
    "traffic",
]
