"""DMARC aggregate reports (RFC 9990): who sent mail in a domain's name, and whether it passed.

Reports come from strangers, packed and in XML. Document types are refused, and with them every
entity; what is unpacked is counted while it comes, and a report has as many rows as it may have.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.parsers import expat

MOST_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_TEXT = 1_000
MOST_DEPTH = 20


class BadReport(ValueError):
    """A file that is no report, or one that is made to do harm; the message says which."""


@dataclass(frozen=True, slots=True)
class Row:
    """Mail of one address with one outcome. `spf` and `dkim` are DMARC's view: aligned and passed.

    `spf_domains` and `dkim_domains` are (domain, result) as they were authenticated.
    """

    ip: str
    count: int
    disposition: str
    spf: str
    dkim: str
    header_from: str
    envelope_from: str = ""
    spf_domains: tuple[tuple[str, str], ...] = ()
    dkim_domains: tuple[tuple[str, str, str], ...] = ()
    """(domain, selector, result)."""

    @property
    def passed(self) -> bool:
        return "pass" in (self.spf, self.dkim)


@dataclass(frozen=True, slots=True)
class Report:
    organisation: str
    identifier: str
    begin: datetime | None
    end: datetime | None
    domain: str
    policy: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """All rows of one address, added up."""

    ip: str
    count: int
    passed: int
    spf_domains: tuple[str, ...]
    dkim_domains: tuple[str, ...]
    selectors: tuple[str, ...]
    dispositions: tuple[str, ...]


def unpacked(data: bytes) -> bytes:
    """The XML of a file: as it is, from gzip, or the one file of a zip archive.

    Raises:
        BadReport: It cannot be unpacked, or grows beyond the limit.
    """
    if data[:2] == b"\x1f\x8b":
        return _inflated(data)
    if data[:4] == b"PK\x03\x04":
        return _from_zip(data)
    if len(data) > MOST_UNPACKED:
        raise BadReport(f"larger than {MOST_UNPACKED >> 20} MiB")
    return data


def parse(data: bytes) -> Report:
    """Read a report: XML, gzip or zip.

    Raises:
        BadReport: It is no report, or not a safe one.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(unpacked(data), True)
    except expat.ExpatError as error:
        raise BadReport(f"no XML: {expat.ErrorString(error.code)} in line {error.lineno}") from None
    return reader.report()


def senders(reports: Iterable[Report]) -> tuple[Sender, ...]:
    """Every address over all reports, the busiest first."""
    by_ip: defaultdict[str, list[Row]] = defaultdict(list)
    for report in reports:
        for row in report.rows:
            by_ip[row.ip].append(row)
    found = [_sender(ip, rows) for ip, rows in by_ip.items()]
    return tuple(sorted(found, key=lambda sender: (-sender.count, sender.ip)))


def _sender(ip: str, rows: list[Row]) -> Sender:
    return Sender(
        ip=ip,
        count=sum(row.count for row in rows),
        passed=sum(row.count for row in rows if row.passed),
        spf_domains=_sorted(d for row in rows for d, _ in row.spf_domains),
        dkim_domains=_sorted(d for row in rows for d, _, _ in row.dkim_domains),
        selectors=_sorted(s for row in rows for _, s, _ in row.dkim_domains),
        dispositions=_sorted(row.disposition for row in rows),
    )


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _inflated(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(31)
    try:
        plain = unpacker.decompress(data, MOST_UNPACKED + 1)
    except zlib.error as error:
        raise BadReport("the gzip file is broken") from error
    if len(plain) > MOST_UNPACKED:
        raise BadReport(f"unpacked it is larger than {MOST_UNPACKED >> 20} MiB")
    return plain


def _from_zip(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info for info in archive.infolist() if not info.is_dir()]
            wanted = [info for info in names if info.filename.lower().endswith(".xml")] or names
            if not wanted:
                raise BadReport("the zip file is empty")
            with archive.open(wanted[0]) as file:
                plain = file.read(MOST_UNPACKED + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadReport("the zip file is broken or locked") from error
    if len(plain) > MOST_UNPACKED:
        raise BadReport(f"unpacked it is larger than {MOST_UNPACKED >> 20} MiB")
    return plain


@dataclass(slots=True)
class _Reader:
    """Collects from one element after the other; names are taken without their namespace."""

    path: list[str] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)
    row: dict[str, str] = field(default_factory=dict)
    signature: dict[str, str] = field(default_factory=dict)
    spf: list[tuple[str, str]] = field(default_factory=list)
    dkim: list[tuple[str, str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    said: str = ""

    def doctype(self, *_: object) -> None:
        raise BadReport("it declares a document type, which a report has no use for")

    def start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if not self.path and local != "feedback":
            raise BadReport(f"its first element is “{local[:40]}”, not feedback")
        if len(self.path) >= MOST_DEPTH:
            raise BadReport("its elements stand too deep in each other")
        self.path.append(local)
        self.said = ""
        if local == "record":
            self.row, self.spf, self.dkim = {}, [], []
        elif local in ("spf", "dkim") and "auth_results" in self.path:
            self.signature = {}

    def text(self, text: str) -> None:
        if len(self.said) < MOST_TEXT:
            self.said += text[:MOST_TEXT]

    def end(self, _: str) -> None:
        local = self.path.pop()
        value, self.said = self.said.strip()[:MOST_TEXT], ""
        parent = self.path[-1] if self.path else ""
        if local == "record" and len(self.rows) < MOST_ROWS:
            self.rows.append(self._row())
        elif parent in ("spf", "dkim") and "auth_results" in self.path:
            self.signature[local] = value
        elif parent == "auth_results" and local in ("spf", "dkim"):
            self._authenticated(local)
        elif "record" in self.path:
            self.row[f"{parent}.{local}"] = value
        else:
            self.head[f"{parent}.{local}"] = value

    def _authenticated(self, method: str) -> None:
        given = self.signature
        domain, result = given.get("domain", "").lower(), given.get("result", "").lower()
        if method == "spf":
            self.spf.append((domain, result))
        else:
            self.dkim.append((domain, given.get("selector", ""), result))

    def _row(self) -> Row:
        given = self.row
        count = given.get("row.count", "0")
        return Row(
            ip=given.get("row.source_ip", ""),
            count=int(count) if count.isascii() and count.isdigit() and len(count) < 12 else 0,
            disposition=given.get("policy_evaluated.disposition", "").lower(),
            spf=given.get("policy_evaluated.spf", "").lower(),
            dkim=given.get("policy_evaluated.dkim", "").lower(),
            header_from=given.get("identifiers.header_from", "").lower(),
            envelope_from=given.get("identifiers.envelope_from", "").lower(),
            spf_domains=tuple(self.spf[:20]),
            dkim_domains=tuple(self.dkim[:20]),
        )

    def report(self) -> Report:
        head = self.head
        if "policy_published.domain" not in head:
            raise BadReport("it names no domain whose policy it is about")
        return Report(
            organisation=head.get("report_metadata.org_name", ""),
            identifier=head.get("report_metadata.report_id", ""),
            begin=_instant(head.get("date_range.begin", "")),
            end=_instant(head.get("date_range.end", "")),
            domain=head["policy_published.domain"].lower(),
            policy=head.get("policy_published.p", "").lower(),
            rows=tuple(self.rows),
        )


def _instant(text: str) -> datetime | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        return None
    return datetime.fromtimestamp(int(text), UTC)
