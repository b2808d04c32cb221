"""DMARC (RFC 9989): what a domain asks receivers to do with mail that only claims to be its own."""

from launchready_tui.mailauth.dmarc.evaluate import Alignment, Dmarc, evaluate, policy_of
from launchready_tui.mailauth.dmarc.record import Record, Report, is_dmarc, parse
from launchready_tui.mailauth.dmarc.walk import Found, Walk, names_of, organisational, walk

__all__ = [
    "Alignment",
    "Dmarc",
    "Found",
    "Record",
    "Report",
    "Walk",
    "evaluate",
    "is_dmarc",
    "names_of",
    "organisational",
    "parse",
    "policy_of",
    "walk",
]
