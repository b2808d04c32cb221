"""How mail authentication asks DNS in a run: through the door, byte for byte."""

from __future__ import annotations

from launchready_tui.mailauth.lookup import Lookup, Reply
from launchready_tui.network import Network
from launchready_tui.network.seen import Answer


def lookup_of(net: Network) -> Lookup:
    """The run's resolver as the mail library wants it. Each question leaves once per run."""

    async def lookup(name: str, rdtype: str) -> Reply:
        if rdtype != "TXT":
            return _reply(answer := await net.lookup(name, rdtype), answer.records)
        answer, texts = await net.texts(name)
        return _reply(answer, tuple(text.decode("latin-1") for text in texts))

    return lookup


def _reply(answer: Answer, records: tuple[str, ...]) -> Reply:
    if answer.outcome == "unknown":
        return Reply("failed", cause=answer.cause)
    if answer.outcome == "ok":
        return Reply("found", records)
    return Reply("gone" if answer.outcome == "nxdomain" else "absent")
