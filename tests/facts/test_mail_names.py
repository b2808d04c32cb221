"""Which domain stands in From where nobody says so."""

from __future__ import annotations

import pytest

from launchready_tui.facts.mail_names import from_domains
from launchready_tui.given import Mail, Target


@pytest.mark.parametrize(
    ("target", "domains"),
    [
        (Target(domain="acme.com"), ("acme.com",)),
        (Target(domain="app.acme.com"), ("acme.com",)),
        (Target(domain="app.acme.co.uk"), ("acme.co.uk",)),
        (Target(domain="app.acme.com", only=True), ("app.acme.com",)),
        (Target(domain="acme.vercel.app"), ("acme.vercel.app",)),
        (
            Target(domain="app.acme.com", mail=Mail(addresses=("a@m.acme.com", "b@m.acme.com"))),
            ("m.acme.com",),
        ),
    ],
)
def test_the_domain_in_from(target: Target, domains: tuple[str, ...]) -> None:
    assert from_domains(target) == domains
