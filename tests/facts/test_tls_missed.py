"""An address that is not tried is told, or it would count as one in order."""

from __future__ import annotations

from msgspec.structs import replace

from cases.world import ADDRESS, DOMAIN, answer, name, silent
from launchready_tui.facts.tls import MOST_ADDRESSES, missed_of


def test_a_type_of_address_that_nobody_would_tell_is_missed() -> None:
    half = replace(name(DOMAIN, ADDRESS), aaaa=silent(DOMAIN, "AAAA"))
    assert missed_of(half) == (half.aaaa.cause,)
    assert missed_of(name(DOMAIN, ADDRESS)) == ()


def test_addresses_beyond_what_is_tried_are_counted() -> None:
    records = [f"93.184.216.{number}" for number in range(1, MOST_ADDRESSES + 3)]
    crowd = replace(name(DOMAIN, ADDRESS), a=answer(DOMAIN, "A", *records))
    assert missed_of(crowd) == ("2 more addresses not tried",)
