"""Which hits of the secret scan are set aside by a record, and which records no longer count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from launchready_tui.model import Finding, Seen
from launchready_tui.records.ignore_record import IgnoredHit
from launchready_tui.secretscan.found import Leak
from launchready_tui.text import plural

STALE = "secret-ignore-stale"


@dataclass(frozen=True, slots=True)
class Sorted:
    """Hits that count, records that set the others aside, and faults of records that do not."""

    leaks: tuple[Leak, ...]
    counting: tuple[IgnoredHit, ...] = ()
    stale: tuple[Finding, ...] = ()


def sort_out(
    leaks: Sequence[Leak], records: Sequence[IgnoredHit], today: date, *, whole: bool
) -> Sorted:
    """`whole`: everything was read, so that a record without a hit is one too many."""
    found = Counter((leak.rule, leak.path) for leak in leaks if not leak.live)
    counting, stale = [], []
    for record in records:
        why = _stale(record, found[record.rule, record.path], today, whole=whole)
        if why:
            stale.append(_finding(record, why))
        elif found[record.rule, record.path]:
            counting.append(record)
    aside = {(record.rule, record.path) for record in counting}
    return Sorted(
        leaks=tuple(leak for leak in leaks if leak.live or (leak.rule, leak.path) not in aside),
        counting=tuple(counting),
        stale=tuple(stale),
    )


def _stale(record: IgnoredHit, hits: int, today: date, *, whole: bool) -> str:
    if today > record.expires:
        return f"it ended on {record.expires}"
    if hits > record.places:
        return f"it speaks for {plural(record.places, 'hit')}, and {hits} stand there now"
    return "nothing is found there any more" if whole and not hits else ""


def _finding(record: IgnoredHit, why: str) -> Finding:
    return Finding(
        code=STALE,
        subject=record.file,
        observed=f"{record.path} ({record.rule}), of {record.owner}: {why}",
        params={"file": record.path, "id": record.id},
    )


def seen(records: Sequence[IgnoredHit]) -> Iterator[Seen]:
    for record in records[:20]:
        yield Seen(
            label="set aside on record",
            value=f"{record.path} ({record.rule}) until {record.expires}: {record.reason}",
            source=record.owner,
        )
    if len(records) > 20:
        yield Seen(label="set aside on record", value=f"{len(records) - 20} more files")
