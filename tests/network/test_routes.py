"""Where connections may go: scope, private places, and what --connect changes."""

from __future__ import annotations

import pytest

from launchready_tui.model import Level
from launchready_tui.network import Options, Scope
from launchready_tui.network.routes import Addresses, Barred, Nameserver, Routes
from launchready_tui.network.scope import level_of
from launchready_tui.network.seen import Answer


def zone(**records: str) -> Addresses:
    """Names (with `__` for dots) to addresses, separated by blanks; "?" cannot be told."""
    known = {name.replace("__", "."): text.split() for name, text in records.items()}

    async def addresses(host: str) -> tuple[Answer, Answer]:
        found = known.get(host)
        if found is None:
            return tuple(Answer(name=host, rdtype=t, outcome="nxdomain") for t in ("A", "AAAA"))  # type: ignore[return-value]
        if found == ["?"]:
            return tuple(
                Answer(name=host, rdtype=t, outcome="unknown", cause="no answer")
                for t in ("A", "AAAA")
            )  # type: ignore[return-value]
        four, six = [x for x in found if ":" not in x], [x for x in found if ":" in x]
        return (
            Answer(name=host, rdtype="A", outcome="ok", records=tuple(four)),
            Answer(name=host, rdtype="AAAA", outcome="ok", records=tuple(six)),
        )

    return addresses


PUBLIC = "93.184.216.34"
ZONE = zone(
    shop__example=PUBLIC,
    app__shop__example="10.0.0.7",
    half__shop__example=f"10.0.0.7 {PUBLIC}",
    meta__shop__example="169.254.169.254",
    broken__shop__example="?",
    many__shop__example="93.184.216.1 93.184.216.2 93.184.216.3 2606:4700::1",
    intra__corp="10.1.0.1",
    login__intra__corp="10.1.0.2",
    outside__example=PUBLIC,
    doc__shop__example="192.0.2.1",
)
SCOPE = Scope(hosts=("shop.example", "intra.corp"), named=("shop.example", "intra.corp"))


def routes(scope: Scope = SCOPE, **options: object) -> Routes:
    return Routes(scope, Options(**options), ZONE)  # type: ignore[arg-type]


async def dialled(
    host: str, port: int = 443, address: str = "", given: Routes | None = None
) -> tuple[str, ...] | str:
    """The endpoints that would be dialled, or why none."""
    ways = await (given or routes()).to(host, port, address)
    return ways.cause if isinstance(ways, Barred) else tuple(str(way.to) for way in ways)


async def test_a_host_in_scope_with_a_public_address_is_dialled_there() -> None:
    assert await dialled("Shop.Example.") == (f"{PUBLIC}:443",)


async def test_a_few_addresses_are_tried_the_old_protocol_first() -> None:
    assert await dialled("many.shop.example") == (
        "93.184.216.1:443",
        "93.184.216.2:443",
        "93.184.216.3:443",
    )


@pytest.mark.parametrize("host", ["outside.example", "badshop.example", "example", "93.184.216.34"])
async def test_nothing_outside_the_scope_is_dialled(host: str) -> None:
    assert "not in the authorised scope" in await dialled(host)


async def test_a_private_address_behind_a_public_name_is_not_dialled() -> None:
    assert await dialled("app.shop.example") == (
        "app.shop.example leads to 10.0.0.7, a private address"
    )


async def test_of_several_addresses_only_those_that_may_be_are_dialled() -> None:
    assert await dialled("half.shop.example") == (f"{PUBLIC}:443",)


async def test_a_private_host_is_dialled_when_a_person_typed_it() -> None:
    typed = Scope(hosts=("shop.example",), named=("app.shop.example",))
    assert await dialled("app.shop.example", given=routes(typed)) == ("10.0.0.7:443",)
    assert await dialled("intra.corp") == ("10.1.0.1:443",)


async def test_names_below_a_typed_private_host_are_dialled_too() -> None:
    assert await dialled("login.intra.corp") == ("10.1.0.2:443",)


@pytest.mark.parametrize("resolver", ["", "127.0.0.1:53"])
async def test_metadata_and_documentation_addresses_are_never_dialled(resolver: str) -> None:
    typed = Scope(hosts=("shop.example",), named=("meta.shop.example", "doc.shop.example"))
    given = routes(typed, resolver=resolver)
    assert "hand out credentials" in await dialled("meta.shop.example", given=given)
    assert "nothing can answer" in await dialled("doc.shop.example", given=given)
    assert "hand out credentials" in await dialled(
        "shop.example", address="169.254.169.254", given=given
    )


async def test_a_resolver_on_loopback_opens_private_places() -> None:
    assert await dialled("app.shop.example", given=routes(resolver="127.0.0.1:5353")) == (
        "10.0.0.7:443",
    )


async def test_connect_decides_by_address_then_by_host_then_for_everything() -> None:
    given = routes(
        connect=(
            "10.0.0.7:443=127.0.0.1:1001",
            "shop.example:443=127.0.0.1:1002",
            "shop.example:443=127.0.0.2:1002",
            "*:8080=127.0.0.1:1003",
        )
    )
    assert await dialled("app.shop.example", given=given) == ("127.0.0.1:1001",)
    assert await dialled("shop.example", given=given) == ("127.0.0.1:1002", "127.0.0.2:1002")
    assert await dialled("nowhere.shop.example", 8080, given=given) == ("127.0.0.1:1003",)
    assert await dialled("shop.example", 80, given=given) == (f"{PUBLIC}:80",)
    assert "not in the authorised scope" in await dialled("outside.example", 8080, given=given)


async def test_a_mapped_address_keeps_its_name_in_what_is_shown() -> None:
    given = routes(connect=("169.254.169.254:443=127.0.0.1:1001",))
    ways = await given.to("meta.shop.example", 443)
    assert not isinstance(ways, Barred)
    assert (ways[0].address, str(ways[0].to)) == ("169.254.169.254", "127.0.0.1:1001")


async def test_a_name_that_leads_nowhere_says_so() -> None:
    assert await dialled("gone.shop.example") == (
        "gone.shop.example does not exist in DNS (NXDOMAIN)"
    )
    assert await dialled("broken.shop.example") == "no answer"


def test_a_server_is_asked_directly_only_where_that_is_allowed() -> None:
    away = routes(connect=("192.0.2.53:53=127.0.0.1:5353",))
    mapped = away.server("192.0.2.53")
    assert isinstance(mapped, Nameserver)
    assert (mapped.shown, str(mapped.to)) == ("192.0.2.53:53", "127.0.0.1:5353")
    assert isinstance(away.server("9.9.9.9"), Nameserver)
    for refused in ("10.0.0.1", "127.0.0.1:5353", "169.254.169.254", "ns.example"):
        assert isinstance(away.server(refused), Barred), refused
    assert isinstance(routes(resolver="127.0.0.1:5353").server("127.0.0.2:53"), Nameserver)
    assert isinstance(routes(resolver="10.0.0.1").server("10.0.0.1"), Nameserver)


def test_the_passive_level_sends_what_changes_nothing() -> None:
    def goes(scope: Scope, method: str, asked: Level = Level.PASSIVE) -> bool:
        return scope.reaches(level_of(method, asked))

    assert goes(SCOPE, "GET")
    assert goes(SCOPE, "HEAD")
    assert not goes(SCOPE, "POST")
    assert not goes(SCOPE, "get it all")
    assert not goes(SCOPE, "GET", Level.ACTIVE)
    active = Scope(hosts=(), level=Level.ACTIVE)
    assert goes(active, "POST")
    assert not goes(active, "GET", Level.LOAD)


def test_scope_reads_hosts_in_any_spelling() -> None:
    scope = Scope(hosts=("MÜNCHEN.example.", "10.0.0.7"))
    assert scope.covers("www.xn--mnchen-3ya.example")
    assert scope.covers("10.0.0.7")
    assert not scope.covers("1.10.0.0.7")
    assert not scope.covers("")
    assert not Scope(hosts=("",)).covers("")


def test_a_top_level_name_in_the_scope_opens_nothing_below_it() -> None:
    scope = Scope(hosts=("com", "intranet"))
    assert scope.covers("intranet")
    assert not scope.covers("acme.com")
