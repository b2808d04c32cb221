"""How mail authentication asks DNS in a run: through the door, byte for byte."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from launchready_tui.mailauth.lookup import Lookup, Reply
from launchready_tui.network import Network
from launchready_tui.network.seen import Answer

_ANSWERED: WeakKeyDictionary[Network, dict[tuple[str, str], Reply]] = WeakKeyDictionary()
"""What a run's mail questions brought: an audit asks most of them several times."""


def lookup_of(net: Network) -> Lookup:
    """The run's resolver as the mail library wants it. Each question leaves once per run."""
    answered = _ANSWERED.setdefault(net, {})

    async def lookup(name: str, rdtype: str) -> Reply:
        reply = answered.get((name, rdtype))
        if reply is None:
            reply = answered[name, rdtype] = await _asked(net, name, rdtype)
        return reply

    return lookup


async def _asked(net: Network, name: str, rdtype: str) -> Reply:
    if rdtype != "TXT":
        answer = await net.lookup(name, rdtype)
        return _reply(answer, answer.records)
    answer, texts = await net.texts(name)
    # servers turn the order of records at every answer
    return _reply(answer, tuple(sorted(text.decode("latin-1") for text in texts)))


def _reply(answer: Answer, records: tuple[str, ...]) -> Reply:
    if answer.outcome == "unknown":
        return Reply("failed", cause=answer.cause)
    if answer.outcome == "ok":
        return Reply("found", records)
    return Reply("gone" if answer.outcome == "nxdomain" else "absent")
