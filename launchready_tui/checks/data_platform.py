"""What the data platform tells strangers: rows of tables, and whether they may sign up."""

from __future__ import annotations

import re

from launchready_tui.engine import check
from launchready_tui.facts.data_platform import DataPlatform, OpenDatabase, SignUp, TableRows
from launchready_tui.facts.scripts import ShippedScripts
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import judged, not_applicable, unknown
from launchready_tui.text import plural

_FOR_ALL = {"avatar", "avatars", "logo", "logos", "public", "assets", "static", "icons", "branding"}


@check("access.data-platform")
def data_platform(data: DataPlatform, shipped: ShippedScripts, target: Target) -> Outcome:
    """Nobody reads a table or a database without signing in."""
    if not data.projects:
        unread = [s.url for s in shipped.scripts if s.read in ("part", "unknown")]
        if unread or shipped.left_out or shipped.lazy_left_out:
            return unknown("not all of the code was read that could name a data platform")
        return not_applicable("no data platform shows in the code that pages load")
    public = set(target.web.public_tables)
    findings = [_readable(r) for r in data.rows if r.rows and r.table not in public]
    findings += [_open(found) for found in data.databases if found.state == "open"]
    findings += [_bucket(name) for name in shipped.buckets if _holds_more(name, public)]
    gaps = [
        f"{row.host}/{row.table}: {row.cause or 'no row shows, which may be an empty table'}"
        for row in data.rows
        if row.state == "unknown" or (row.state == "counted" and not row.rows)
    ]
    gaps += [
        f"{found.host}: {found.cause or 'nothing is in it, so its rules do not show'}"
        for found in data.databases
        if found.state in ("unknown", "empty")
    ]
    gaps += [f"not tried: it asks for data; allow “{probe}”" for probe in data.untried]
    asked = len(data.rows) + len(data.databases)
    if not asked and not gaps:
        gaps.append("the code names no table that could be asked for")
    return judged(
        tuple(findings),
        clean=f"a stranger reads nothing of {plural(asked, 'table')} that the code names",
        seen=(*_projects(data), *_rows_seen(data, public), *map(_database_seen, data.databases)),
        gaps=tuple(dict.fromkeys(gaps)),
    )


@check("access.signup")
def signup(data: DataPlatform | Unknown, target: Target) -> Outcome:
    """Whether the login service lets strangers create an account."""
    if target.traits.get("public_signup") is True:
        return not_applicable("anybody is meant to sign up, by your own word")
    if isinstance(data, Unknown):
        return unknown(data.cause)
    seen = tuple(Seen(label=s.host, value=_said(s), source="GET settings") for s in data.sign_up)
    findings = tuple(_open_sign_up(sign) for sign in data.sign_up if sign.state == "open")
    gaps = [f"{sign.host}: {sign.cause}" for sign in data.sign_up if sign.state == "unknown"]
    if not data.sign_up:
        gaps.append("no login service was recognised that tells; try it by hand")
    return judged(
        findings,
        clean="the login service says that sign-up is closed",
        seen=seen,
        gaps=tuple(gaps),
    )


def _holds_more(bucket: str, public: set[str]) -> bool:
    """Whether a bucket may hold what is not for everybody: pictures of the app itself are."""
    return bucket not in public and not set(re.split(r"[-_]", bucket.lower())) & _FOR_ALL


def _bucket(name: str) -> Finding:
    return Finding(
        code="storage-bucket-public",
        subject=f"storage bucket {name}",
        observed=f"the code fetches files of {name} without any key",
        params={"bucket": name},
        confidence=Confidence.LIKELY,
    )


def _readable(row: TableRows) -> Finding:
    return Finding(
        code="supabase-rls-disabled",
        probe="supabase-rows",
        subject=f"{row.host}/{row.table}",
        observed=f"with the public key alone {plural(row.rows, 'row')} of {row.table} can be read",
        params={"table": row.table, "host": row.host},
    )


def _open(found: OpenDatabase) -> Finding:
    return Finding(
        code="firebase-open-rules",
        probe="firebase-shallow",
        subject=found.host,
        observed=f"without signing in {found.host} shows {plural(found.keys, 'top-level key')}",
        params={"host": found.host},
    )


def _open_sign_up(sign: SignUp) -> Finding:
    ways = ", ".join(sign.ways[:6])
    sure = "; addresses are not confirmed by mail" if sign.unconfirmed else ""
    return Finding(
        code="open-signup-internal-tool",
        subject=sign.host,
        observed=f"{sign.host} says disable_signup is false; accounts are made by {ways}{sure}",
        params={"host": sign.host},
    )


def _said(sign: SignUp) -> str:
    if sign.state == "unknown":
        return f"could not be told: {sign.cause}"
    ways = ", ".join(sign.ways[:6])
    return f"sign-up is {sign.state}{f', by {ways}' if ways else ''}"


def _projects(data: DataPlatform) -> tuple[Seen, ...]:
    return tuple(
        Seen(label=name.partition(" ")[0], value=name.partition(" ")[2], source="shipped code")
        for name in data.projects
    )


def _rows_seen(data: DataPlatform, public: set[str]) -> tuple[Seen, ...]:
    words = {"refused": "refused", "absent": "not offered", "unknown": "could not be told"}
    return tuple(
        Seen(
            label=row.table,
            value=words.get(row.state)
            or f"{plural(row.rows, 'row')} readable"
            + (", public by your own word" if row.table in public else ""),
            source=f"HEAD {row.host}",
        )
        for row in data.rows
    )


def _database_seen(found: OpenDatabase) -> Seen:
    value = found.cause or {"open": "answers everybody", "closed": "refuses strangers"}.get(
        found.state, found.state
    )
    return Seen(label=found.host, value=value, source="GET")
