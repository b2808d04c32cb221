"""Every special address is known for what it is, in every disguise."""

from __future__ import annotations

import pytest

from launchready_tui.network.addresses import Kind, kind_of


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("93.184.216.34", Kind.PUBLIC),
        ("2606:4700::1111", Kind.PUBLIC),
        ("2600:1901::1", Kind.PUBLIC),
        ("127.0.0.1", Kind.LOOPBACK),
        ("127.255.0.9", Kind.LOOPBACK),
        ("::1", Kind.LOOPBACK),
        ("10.1.2.3", Kind.PRIVATE),
        ("172.31.0.1", Kind.PRIVATE),
        ("172.32.0.1", Kind.PUBLIC),
        ("192.168.1.1", Kind.PRIVATE),
        ("100.64.0.1", Kind.PRIVATE),
        ("fd12::1", Kind.PRIVATE),
        ("169.254.169.254", Kind.METADATA),
        ("169.254.170.2", Kind.METADATA),
        ("168.63.129.16", Kind.METADATA),
        ("100.100.100.200", Kind.METADATA),
        ("192.0.0.192", Kind.METADATA),
        ("fd00:ec2::254", Kind.METADATA),
        ("fd20:ce::254", Kind.METADATA),
        ("169.254.1.1", Kind.LINK_LOCAL),
        ("fe80::1", Kind.LINK_LOCAL),
        ("192.0.2.7", Kind.DOCUMENTATION),
        ("2001:db8::7", Kind.DOCUMENTATION),
        ("0.0.0.0", Kind.NOWHERE),
        ("255.255.255.255", Kind.NOWHERE),
        ("224.0.0.1", Kind.NOWHERE),
        ("::", Kind.NOWHERE),
        ("ff02::1", Kind.NOWHERE),
        ("::ffff:127.0.0.1", Kind.LOOPBACK),
        ("::ffff:169.254.169.254", Kind.METADATA),
        ("64:ff9b::a9fe:a9fe", Kind.METADATA),
        ("64:ff9b:1::a9fe:a9fe", Kind.NOWHERE),
        ("2002:7f00:1::", Kind.LOOPBACK),
        ("::10.0.0.1", Kind.PRIVATE),
    ],
)
def test_an_address_is_known_for_what_it_is(address: str, kind: Kind) -> None:
    assert kind_of(address) is kind


def test_only_private_places_can_be_asked_for() -> None:
    assert {kind for kind in Kind if kind.needs_a_word} == {Kind.PRIVATE, Kind.LOOPBACK}
    assert all(kind.what for kind in Kind)
