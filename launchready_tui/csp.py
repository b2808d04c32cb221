"""Content security policies as browsers read them: Content Security Policy Level 3, and no more.

Several policies intersect: what one of them forbids is forbidden. So a weakness counts only where
every policy has it. Total and linear: a policy is whatever a server sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from launchready_tui.model import Record

MOST_POLICIES = 20
MOST_DIRECTIVES = 60
MOST_SOURCES = 400
_BLANK = "\t\n\f\r "
_NOT_IN_META = {"frame-ancestors", "report-uri", "sandbox"}
"""Directives that browsers ignore in a meta element."""
_ANY = {"*", "http:", "https:", "data:"}
"""Sources that let in a script of anybody."""
_FALL_BACK = {
    "script-src-elem": ("script-src", "default-src"),
    "script-src": ("default-src",),
    "object-src": ("default-src",),
}
Weakness = Literal[
    "open-scripts", "unsafe-inline", "wildcard", "no-object-src", "no-base-uri", "no-form-action"
]


class Policy(Record, frozen=True, kw_only=True):
    """One policy: its directives in order, each name once, in lower case."""

    directives: tuple[tuple[str, tuple[str, ...]], ...]

    def of(self, name: str) -> tuple[str, ...] | None:
        """The sources of a directive; None where the policy does not have it."""
        return next((sources for own, sources in self.directives if own == name), None)

    def sources(self, name: str) -> tuple[str, ...] | None:
        """The sources that govern `name`, also by a directive it falls back to."""
        for directive in (name, *_FALL_BACK.get(name, ())):
            if (own := self.of(directive)) is not None:
                return own
        return None


def in_headers(values: Iterable[str]) -> tuple[Policy, ...]:
    """The policies of a response: one header may hold several, joined by commas."""
    texts = [text for value in values for text in value.split(",")]
    return _policies(texts, ())


def in_meta(contents: Iterable[str]) -> tuple[Policy, ...]:
    """The policies of a page's meta elements, without what has no effect there."""
    texts = [text for content in contents for text in content.split(",")]
    return _policies(texts, _NOT_IN_META)


def _policies(texts: Sequence[str], ignored: Iterable[str]) -> tuple[Policy, ...]:
    read = (_policy(text, frozenset(ignored)) for text in texts[:MOST_POLICIES])
    return tuple(policy for policy in read if policy.directives)


def _policy(text: str, ignored: frozenset[str]) -> Policy:
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.split(";", MOST_DIRECTIVES)[:MOST_DIRECTIVES]:
        name, _, value = part.strip(_BLANK).replace("\t", " ").partition(" ")
        name = name.lower()
        if name and name not in ignored:
            sources = tuple(source.lower() for source in value.split()[:MOST_SOURCES])
            directives.setdefault(name, sources)  # the first one counts, section 2.2.1
    return Policy(directives=tuple(directives.items()))


def weaknesses(policies: Sequence[Policy]) -> tuple[Weakness, ...]:
    """What all policies together still leave open to a script that somebody smuggled in."""
    if not policies:
        return ()
    found: list[Weakness] = []
    if all(policy.sources("script-src-elem") is None for policy in policies):
        found.append("open-scripts")
    else:
        if all(_allows_inline(policy) for policy in policies):
            found.append("unsafe-inline")
        if all(_allows_anybody(policy) for policy in policies):
            found.append("wildcard")
    if all(_opens(policy.sources("object-src")) for policy in policies):
        found.append("no-object-src")
    if all(policy.of("base-uri") is None for policy in policies):
        found.append("no-base-uri")
    if all(policy.of("form-action") is None for policy in policies):
        found.append("no-form-action")
    return tuple(found)


def _allows_inline(policy: Policy) -> bool:
    """`unsafe-inline` beside a nonce, a hash or `strict-dynamic` is ignored by browsers."""
    sources = policy.sources("script-src-elem")
    if sources is None:
        return True
    strict = any(_is_nonce(s) or _is_hash(s) or s == "'strict-dynamic'" for s in sources)
    return "'unsafe-inline'" in sources and not strict


def _allows_anybody(policy: Policy) -> bool:
    """`strict-dynamic` makes browsers ignore hosts and schemes, and `*` with them."""
    sources = policy.sources("script-src-elem")
    return sources is None or ("'strict-dynamic'" not in sources and _opens(sources))


def _opens(sources: tuple[str, ...] | None) -> bool:
    return sources is None or bool(_ANY & {*sources})


def _is_nonce(source: str) -> bool:
    return source.startswith("'nonce-") and len(source) > len("'nonce-'")


def _is_hash(source: str) -> bool:
    return source.startswith(("'sha256-", "'sha384-", "'sha512-"))


def frames(policies: Sequence[Policy]) -> Literal["", "none", "some", "any"]:
    """Who may show the page inside another: by `frame-ancestors` of headers; empty without any.

    "some" are the page's own site and named others.
    """
    lists = [own for policy in policies if (own := policy.of("frame-ancestors")) is not None]
    if not lists:
        return ""
    limited = [own for own in lists if not (_ANY & {*own})]
    if not limited:
        return "any"
    return "none" if any(own in ((), ("'none'",)) for own in limited) else "some"


def framed_by_others(policies: Sequence[Policy]) -> bool:
    """Whether foreign sites are named that may show the page: it is made to be embedded."""
    lists = [own for policy in policies if (own := policy.of("frame-ancestors")) is not None]
    return bool(lists) and all(
        any(source not in ("'self'", "'none'") for source in own) for own in lists
    )


def upgrades(policies: Sequence[Policy]) -> bool:
    """Whether browsers turn the page's http addresses into https ones."""
    return any(policy.of("upgrade-insecure-requests") is not None for policy in policies)


def reaches(policies: Sequence[Policy]) -> tuple[str, ...]:
    """The hosts that scripts of the page may talk to, as far as a policy names them."""
    named = [s for policy in policies for s in policy.of("connect-src") or ()]
    hosts = (source.partition("://")[2] or source for source in named if "." in source)
    return tuple(dict.fromkeys(h.partition("/")[0].partition(":")[0] for h in hosts))


def without_nonces(text: str) -> str:
    """The policy with its nonces blanked: they change with every answer, and are secrets of it."""
    kept: list[str] = []
    for index, piece in enumerate(text.split("'nonce-")):
        kept.append(piece if not index else f"'nonce-…'{piece.partition(chr(39))[2]}")
    return "".join(kept)
