"""How things are found out: one module per source. Importing this package registers them all."""

from launchready_tui.facts import (
    certificate_names,
    cloudflare,
    dangling,
    dns,
    env,
    env_files,
    host,
    nameservers,
    redirects,
    repo,
    site,
    tls,
    traffic,
    web,
    wellknown,
)

__all__ = [
    "certificate_names",
    "cloudflare",
    "dangling",
    "dns",
    "env",
    "env_files",
    "host",
    "nameservers",
    "redirects",
    "repo",
    "site",
    "tls",
    "traffic",
    "web",
    "wellknown",
]
