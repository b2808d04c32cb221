"""What somebody needs at 3 a.m.: is it down, why, how to go back, who has the keys."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.facts.providers import OWN_NAMESERVERS
from launchready_tui.guide.claims import STATES, none_recorded, told
from launchready_tui.guide.markdown import (
    Block,
    Inline,
    bullets,
    code,
    heading,
    jump,
    line,
    paragraph,
    steps,
    together,
    verbatim,
    words,
)
from launchready_tui.guide.state import GuideState, answered
from launchready_tui.verdict import ItemView

ROLLBACK = ("S3.D", "S7.2")
ACCESS = ("S7.1", "S7.3")
ALERTS = ("S7.5", "S5.1", "S5.D")
OWN = ("none", OWN_NAMESERVERS)
"""Parts that have no provider with a status page."""
RESTORE = ("restore", "backup")


def alert_fired(state: GuideState) -> Iterator[Block]:
    """The decision tree, cheapest question first: what to do and how to see that it worked."""
    yield heading(2, "Uptime alert fired")
    yield paragraph(
        Inline("Take the steps in order and stop at the first that explains it."),
        Inline("Write down the time at which you began."),
    )
    yield steps(_tree(state))
    yield heading(3, "Whom the alerts reach, and what was agreed")
    yield from recorded(state, state.covering(*ALERTS), Inline("nobody has answered"))


def _tree(state: GuideState) -> list[Inline]:
    app = app_host(state)
    proxy, host = _part(state, "proxy"), _part(state, "host")
    return [
        line(
            "**Is it real?** Open {} from a phone that is not on the office network. It loads: "
            "the trouble is your network or the monitor; note it and stop. It does not: go on.",
            code(app),
        ),
        line(
            "**Is a provider down?** Open the status page of {}. An incident there: subscribe to "
            "it, tell the users, and do not change anything.",
            together(_providers(state), ", and of "),
        ),
        line(
            "**Does the name resolve?** Run `dig +short {}`, or look it up on any DNS website. "
            "No answer: the domain has expired or a record was removed; sign in at the registrar, "
            "then compare with {}. It worked when the address is back.",
            Inline(app if _plain(app) else "the-domain"),
            jump("Domains and DNS"),
        ),
        Inline(
            "**Is the certificate valid?** A browser warning says what is wrong. Expired or for "
            "another name: renew it at the host, or in the certificate settings of the proxy. It "
            "worked when the page opens without a warning in a private window."
        ),
        _proxy_cannot_reach(proxy, host),
        line(
            "**Another number from 500 to 599?** Was something deployed in the last hour? Yes: {}. "
            "No: is the database up, has it free connections, is a quota or a bill overdue?",
            jump("Roll back and redeploy"),
        ),
        Inline(
            "**A number from 400 to 499, or the page redirects for ever?** 429 or a puzzle: a rate "
            "limit or protection rule is too tight, turn off the newest one. Endless redirects: "
            "the encryption mode of the proxy does not match the host."
        ),
        Inline(
            "**It opens but is slow?** Look at the database's load and at the newest deployment "
            "before anything else."
        ),
        Inline(
            "**Only some users?** Suspect caches, cookies and cross-origin rules: try a private "
            "window, then another account."
        ),
        line(
            "**Fifteen minutes without progress:** call for help, see {}. Then tell the users what "
            "is broken and when they hear again, and write five lines on what happened.",
            jump("Access and ownership"),
        ),
    ]


def app_host(state: GuideState) -> str:
    """The name at which people reach the app; the bare domain where no check has told."""
    entry = _value(state, "entry")
    inside = entry == state.target.domain or entry.endswith(f".{state.target.domain}")
    return entry if inside and _plain(entry) else state.target.domain


def _providers(state: GuideState) -> Iterator[Inline]:
    """Who can have an outage: the parts that somebody else runs."""
    for key, label in (
        ("host", Inline("the host")),
        ("proxy", Inline("the proxy in front of it")),
        ("dns", Inline("the DNS provider")),
    ):
        value = _value(state, key)
        if value not in OWN:
            yield line("{} ({})", label, words(value) if value else Inline("unknown"))


def _proxy_cannot_reach(proxy: Inline, host: Inline) -> Inline:
    if proxy == "none":
        return Inline(
            "**A number from 520 to 530?** Only a proxy answers so, and none was seen in front of "
            "the app: somebody has put one there; ask who."
        )
    return line(
        "**A number from 520 to 530?** The proxy ({}) cannot reach the host: restart the app at "
        "the host ({}) and read its log. It worked when the number is gone twice in a row.",
        proxy,
        host,
    )


def _plain(domain: str) -> bool:
    return domain.replace(".", "").replace("-", "").isalnum() and domain.isascii()


def _part(state: GuideState, key: str) -> Inline:
    value = _value(state, key)
    return words(value) if value else Inline("unknown")


def _value(state: GuideState, key: str) -> str:
    parts = state.traffic.parts if state.traffic else ()
    return next((part.value for part in parts if part.key == key), "")


def roll_back(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Roll back and redeploy")
    yield paragraph(
        Inline("Rolling back does not undo database changes, sent mail or changed DNS records."),
        Inline("Read what was recorded before you start."),
    )
    views = state.covering(*ROLLBACK)
    yield from recorded(
        state,
        tuple(view for view in views if not _restores(view)),
        Inline("nobody has said yet how a deployment is taken back"),
    )
    yield heading(3, "Restoring data")
    yield from recorded(
        state,
        tuple(view for view in state.verdict.items.values() if _restores(view)),
        Inline("nobody has said yet how data is restored"),
    )


def _restores(view: ItemView) -> bool:
    return any(word in view.item.id for word in RESTORE)


def access(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Access and ownership")
    yield from recorded(
        state,
        tuple(
            view
            for view in state.verdict.items.values()
            if set(ACCESS).intersection(view.item.roadmap) or view.item.id.startswith("accounts.")
        ),
        Inline("nobody has said yet who holds which account"),
    )


def recorded(state: GuideState, views: tuple[ItemView, ...], because: Inline) -> Iterator[Block]:
    """Answers with the text they rest on; then what nobody has answered."""
    given = answered(views)
    if not given:
        yield none_recorded(because, views)
        return
    for view in given:
        answer = view.attestation
        assert answer is not None
        yield paragraph(
            line(
                "**{}**: {}, {}.",
                words(view.item.title),
                STATES[view.state],
                told(answer.by, answer.at, answer.evidence),
            ),
            *([words(answer.note)] if answer.note else []),
            *([line("Not current: {}.", words(view.stale))] if view.stale else []),
        )
        for found in answer.evidence:
            if found in state.texts:
                yield verbatim(state.texts[found])
    missing = [view for view in views if not view.attestation and view.item.question]
    if missing:
        yield paragraph(Inline("Not answered, so treat as unknown:"))
        yield bullets(line("{} ({})", words(v.item.title), code(v.item.id)) for v in missing)
