"""The addresses that the code puts into From: read where a line says that it is about a sender."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from launchready_tui.engine import fact
from launchready_tui.facts.env_files import ENV_FILE
from launchready_tui.facts.mail_flaws import shown
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import Found, Walk, root_of, text_of
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record

MOST_ADDRESSES = 50
LONGEST_LINE = 2_000
_CODE = re.compile(
    r"\.(?:[cm]?[jt]sx?|py|rb|php|go|java|kt|rs|cs|exs?|scala|vue|svelte|ya?ml|toml|json|ini|cfg"
    r"|conf|properties)$"
)
_NOT_CODE = re.compile(
    r"(?:^|/)(?:package-lock\.json|pnpm-lock\.yaml|composer\.lock|[^/]*\.lock)$"
    r"|(?:^|/)(?:tests?|__tests__|specs?|e2e|cypress|fixtures|examples?|docs?|stories|__mocks__)/"
    r"|[._-](?:test|spec|stories)\.[cm]?[jt]sx?$|(?:^|/)test_[^/]*\.py$|_test\.\w+$"
)
_EXAMPLE = re.compile(r"example|sample|template|\.dist$|\.test$|\.ci$", re.IGNORECASE)
_SAYS_FROM = re.compile(
    r"(?<![a-z])(?:set_?)?(?:mail|email|smtp|default|resend|sendgrid|postmark|ses|notification)?_?-?\.?"
    r"(?:from|sender)(?:_?-?(?:e?mail|address|addr|name))?\b[\"']?\s*(?:=>|[:=(,])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9._%+-]{1,64}@((?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24})(?![\w-])"
)


class CodeAddress(Record, frozen=True, kw_only=True):
    """An address in a line that names a sender, and where that line stands."""

    address: str
    domain: str
    where: str


class MailAddresses(Fact, frozen=True, kw_only=True):
    """Addresses in code and env files; those of tests and examples are left out."""

    addresses: tuple[CodeAddress, ...]
    missed: tuple[str, ...] = ()


@fact(limit=35.0)
async def mail_addresses(target: Target) -> MailAddresses:
    root = root_of(target)
    return await aside(functools.partial(look, root))


def look(root: Path) -> MailAddresses:
    walk = Walk(root)
    found: dict[str, CodeAddress] = {}
    for file in walk:
        if not _may_say(file):
            continue
        data = walk.read(file)
        if data is None or b"@" not in data:
            continue
        for address in addresses_in(text_of(data), file.shown):
            if len(found) < MOST_ADDRESSES:
                found.setdefault(address.address, address)
    return MailAddresses(addresses=tuple(found.values()), missed=walk.missed)


def addresses_in(text: str, where: str) -> list[CodeAddress]:
    """Addresses behind a word that says From, on the same line. Never raises."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if "@" not in line or len(line) > LONGEST_LINE:
            continue
        says = _SAYS_FROM.search(line)
        match = _ADDRESS.search(line, says.end()) if says else None
        if match:
            found.append(
                CodeAddress(
                    address=shown(match[0].lower()),
                    domain=match[1].lower(),
                    where=f"{where}:{number}",
                )
            )
    return found


def _may_say(file: Found) -> bool:
    if ENV_FILE.fullmatch(file.name):
        return not _EXAMPLE.search(file.name)
    return bool(_CODE.search(file.path)) and not _NOT_CODE.search(file.path)
