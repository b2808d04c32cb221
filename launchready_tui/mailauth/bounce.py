"""A bounce in words: which provider refused, why, and what helps first.

The provider is found before the code is read: Gmail uses numbers that mean something else in the
registry (RFC 3463, 7372, 7505).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MOST_LENGTH = 100_000
Provider = Literal["gmail", "microsoft", "yahoo", ""]

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<!\d)([45]\d\d)[ -]")
_FIELD = re.compile(
    r"^(Status|Diagnostic-Code|Remote-MTA|Final-Recipient)\s*:\s*(.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_PROVIDERS: tuple[tuple[Provider, tuple[str, ...]], ...] = (
    ("gmail", ("gsmtp", "google.com", "gmail.com", "gcdp")),
    ("microsoft", ("protection.outlook.com", "outlook.com", "office365", "hotmail.com")),
    ("yahoo", ("[tss", "yahoodns", "yahoo.com", "yahoo", "[bl")),
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce says. `final`: it will not be tried again; None where no code says so.

    `cause` and `fix` are a sentence each; both empty where nothing known is in the text.
    """

    provider: Provider
    status: str
    """The enhanced code, such as 5.7.26."""
    reply: str
    """The three-digit code, such as 550."""
    final: bool | None
    cause: str
    fix: str


def decode(text: str) -> Bounce:
    """Read a pasted bounce. Never raises."""
    text = text[:MOST_LENGTH]
    fields = " ".join(value for _, value in _FIELD.findall(text))
    status = _first(_STATUS, fields) or _first(_STATUS, text)
    reply = _REPLY.search(fields) or _REPLY.search(text)
    provider = _provider(text.lower())
    cause, fix = _meaning(provider, status, text.lower())
    first = status[:1] or (reply[1][:1] if reply else "")
    return Bounce(
        provider=provider,
        status=status,
        reply=reply[1] if reply else "",
        final=None if not first else first == "5",
        cause=cause,
        fix=fix,
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


def _provider(lower: str) -> Provider:
    return next((name for name, signs in _PROVIDERS if any(s in lower for s in signs)), "")


def _meaning(provider: Provider, status: str, lower: str) -> tuple[str, str]:
    detail = status.partition(".")[2]
    for known, details, fits, cause, fix in _MEANINGS:
        if known in ("", provider) and detail in details and fits(lower):
            return cause, fix
    return "", ""


def _any(lower: str) -> bool:
    return True


def _says(*words: str) -> Callable[[str], bool]:
    return lambda lower: any(word in lower for word in words)


_Meaning = tuple[Provider, tuple[str, ...], Callable[[str], bool], str, str]
_MEANINGS: tuple[_Meaning, ...] = (
    ("gmail", ("7.26",), _says("dmarc"),
     "Gmail refused it because of the domain's own DMARC policy: nothing aligned passed.",
     "Let the sending service sign with your domain (DKIM), or use your domain as return-path."),
    ("gmail", ("7.26",), _says("spf", "hard fail", "hardfail"),
     "Gmail refused it because SPF says that this server may not send.",
     "Add the sending service to the SPF record of the return-path's domain."),
    ("gmail", ("7.26",), _any,
     "Gmail refused it because neither SPF nor DKIM passed.",
     "Set up SPF and DKIM for the service that sends, and try again."),
    ("gmail", ("7.27",), _any, "Gmail says that SPF did not pass.",
     "Add the sending service to the SPF record of the return-path's domain."),
    ("gmail", ("7.30",), _any, "Gmail says that DKIM did not pass.",
     "Publish the key the sending service gave you, and turn its signing on."),
    ("gmail", ("7.31", "7.40"), _any, "Gmail misses a DMARC record with a policy.",
     "Publish v=DMARC1; p=none; with a rua address at _dmarc."),
    ("gmail", ("7.32",), _any, "Gmail says that the From domain is not aligned.",
     "Sign with the From domain, or use a return-path below it."),
    ("gmail", ("7.23", "7.25"), _any,
     "Gmail says that the sending address has no matching reverse name (PTR).",
     "Let whoever runs the sending server set its PTR record, or send through a service."),
    ("gmail", ("7.29",), _any, "Gmail was sent to without encryption.",
     "Turn on TLS at the sending server."),
    ("gmail", ("7.28", "7.0"), _any, "Gmail holds mail back because of its rate or reputation.",
     "Slow down, and look at the complaints of the last days in Postmaster Tools."),
    ("gmail", ("7.1",), _says("gcdp"), "A rule of the recipient's own Google Workspace refused it.",
     "Ask the recipient's administrator to allow your domain."),
    ("microsoft", ("7.515",), _any,
     "Outlook.com refused it: SPF, DKIM and DMARC must all pass, and one did not.",
     "Look at the end of the text (Spf= Dkim= DMARC=) and mend the one that is not Pass."),
    ("microsoft", ("7.509",), _any,
     "Exchange Online refused it: DMARC failed, and your own policy says reject.",
     "Align SPF or DKIM with the From domain."),
    ("microsoft", ("1.10",), _any, "There is no such recipient at Microsoft.",
     "Correct the address."),
    ("microsoft", ("4.1",), _any, "The recipient's domain at Microsoft refuses this recipient.",
     "Ask the recipient's administrator; the address may not exist there."),
    ("microsoft", ("7.23",), _any, "Microsoft says that SPF did not pass.",
     "Add the sending service to the SPF record."),
    ("yahoo", ("7.9",), _any, "Yahoo refused it: authentication failed, or DMARC forbids it.",
     "Let SPF or DKIM pass with the From domain."),
    ("yahoo", ("7.0",), _says("tss04", "[tss"),
     "Yahoo holds mail back because of volume or complaints.",
     "Slow down; it is tried again by itself."),
    ("yahoo", ("7.1",), _says("[bl"), "Yahoo has the sending address on a block list.",
     "Ask the sending service for another address, and for removal from the list."),
    ("", ("7.20", "7.21", "7.22"), _any, "No DKIM signature was accepted.",
     "Publish the key the sending service gave you, and sign with the From domain."),
    ("", ("7.23",), _any, "SPF did not pass.", "Add the sending service to the SPF record."),
    ("", ("7.24",), _any, "The SPF record could not be evaluated.",
     "Mend the SPF record: it has an error, or too many lookups."),
    ("", ("7.25",), _any, "The sending address has no matching reverse name (PTR).",
     "Let whoever runs the sending server set it."),
    ("", ("7.26",), _any, "Several authentication checks failed.",
     "Mend SPF and DKIM for the service that sends."),
    ("", ("7.27",), _any, "The From domain says that it takes no mail (null MX).",
     "Publish a real MX for the From domain."),
    ("", ("1.10",), _says("null mx", "does not accept mail"),
     "The recipient's domain takes no mail (null MX).", "Correct the address."),
    ("", ("1.1", "1.10"), _any, "There is no such mailbox.", "Correct the address."),
    ("", ("1.2", "1.8"), _any, "The domain of an address does not exist.", "Correct the address."),
    ("", ("2.2",), _any, "The mailbox is full.", "Wait, or reach the person another way."),
    ("", ("3.4",), _any, "The message is too large.", "Send it without attachments."),
    ("", ("4.1", "4.2", "4.4", "4.7"), _any, "The network or the other server did not answer.",
     "Wait: it is tried again; if it stays, look at the MX record of the recipient."),
    ("", ("7.1",), _any, "The receiving server's rules refused it.",
     "Read the words behind the code: they name the rule."),
)  # fmt: skip
