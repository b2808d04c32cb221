"""SPF (RFC 7208): who may send for a domain."""

from launchready_tui.mailauth.spf.evaluate import Evaluation, evaluate
from launchready_tui.mailauth.spf.syntax import Mechanism, Modifier, Problem, Record, is_spf, parse

__all__ = [
    "Evaluation",
    "Mechanism",
    "Modifier",
    "Problem",
    "Record",
    "evaluate",
    "is_spf",
    "parse",
]
