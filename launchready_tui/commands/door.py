"""The options that say how to reach the network, shared by the commands that do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from launchready_tui.network import Options

F = TypeVar("F", bound=Callable[..., Any])


def door_options(command: F) -> F:
    """Add --resolver, --ca and --connect."""
    for option in (
        click.option(
            "--connect",
            metavar="HOST:PORT=IP:PORT",
            multiple=True,
            help="Connect there instead; HOST may be a name, an address or *. May be repeated.",
        ),
        click.option(
            "--ca",
            metavar="FILE",
            default="",
            help="Trust the certificate authorities in this PEM file too.",
        ),
        click.option(
            "--resolver",
            metavar="IP:PORT",
            default="",
            help="Ask this DNS server instead of the system's.",
        ),
    ):
        command = option(command)
    return command


def options_of(resolver: str, ca: str, connect: tuple[str, ...]) -> Options:
    """The options as one value; a mistake in one is told before anything leaves."""
    from launchready_tui.network.options import Options, check_options

    options = Options(resolver=resolver, ca=ca, connect=connect)
    check_options(options)
    return options
