"""MTA-STS (RFC 8461) and TLS-RPT (RFC 8460): whether mail to a domain must come encrypted."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.lookup import Reply
from launchready_tui.mailauth.tags import read_tags

MOST_POLICY = 65_536
SHORTEST_AGE = 86_400
_ID = re.compile(r"[A-Za-z0-9]{1,32}")

Mode = Literal["enforce", "testing", "none", ""]


@dataclass(frozen=True, slots=True)
class StsRecord:
    """The TXT record at `_mta-sts.`: it says that a policy exists and which edition."""

    id: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """The policy file. `problems` say which lines are wrong; `max_age` is in seconds."""

    mode: Mode
    mx: tuple[str, ...]
    max_age: int
    problems: tuple[str, ...] = ()


def is_sts_record(text: str) -> bool:
    return text.replace(" ", "").lower().startswith("v=stsv1;")


def parse_record(text: str) -> StsRecord:
    """Read the TXT record. Never raises."""
    tags = read_tags(text)
    problems = []
    if tags.get("v") != "STSv1":
        problems.append(f"v={tags.get('v') or ''} is not STSv1")
    identifier = tags.get("id") or ""
    if not _ID.fullmatch(identifier):
        problems.append("id= is not 1 to 32 letters and digits")
    return StsRecord(id=identifier, problems=tuple(problems))


def parse_policy(text: str) -> StsPolicy:
    """Read the policy file. Never raises."""
    values: dict[str, str] = {}
    mx: list[str] = []
    problems: list[str] = []
    for line in text[:MOST_POLICY].splitlines()[:1_000]:
        key, colon, value = line.partition(":")
        key, value = key.strip().lower(), value.strip()
        if not line.strip():
            continue
        if not colon:
            problems.append(f"“{line.strip()[:60]}” is no line of a policy")
        elif key == "mx":
            mx.append(value.lower().rstrip("."))
        else:
            values.setdefault(key, value)
    mode = values.get("mode", "").lower()
    age = values.get("max_age", "")
    if values.get("version") != "STSv1":
        problems.append("version is not STSv1")
    if mode not in ("enforce", "testing", "none"):
        problems.append(f"mode “{mode}” is not enforce, testing or none")
    if not (age.isascii() and age.isdigit() and len(age) <= 10):
        problems.append("max_age is no number of seconds")
    problems += [f"mx: {name} is an address, not a name" for name in mx if _is_address(name)]
    if not mx and mode != "none":
        problems.append("no mx is named")
    known: Mode = "enforce" if mode == "enforce" else "testing" if mode == "testing" else ""
    return StsPolicy(
        mode="none" if mode == "none" else known,
        mx=tuple(mx),
        max_age=int(age) if age.isascii() and age.isdigit() and len(age) <= 10 else 0,
        problems=tuple(problems),
    )


def digest(policy: StsPolicy) -> str:
    """What a policy says, as 16 characters: blanks, comments and the order of lines left aside."""
    said = f"{policy.mode}\n{policy.max_age}\n{' '.join(sorted(policy.mx))}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def uncovered(policy: StsPolicy, hosts: Sequence[str]) -> tuple[str, ...]:
    """The mail servers that no pattern of the policy covers: every one is looked at (4.1)."""
    return tuple(
        host
        for host in hosts
        if not any(_fits(pattern, host.lower().rstrip(".")) for pattern in policy.mx)
    )


def _fits(pattern: str, host: str) -> bool:
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:] and not host.startswith(".")
    return host == pattern


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class TlsReporting:
    """The TXT record at `_smtp._tls.`: where failures of encryption are reported to."""

    addresses: tuple[str, ...]
    problems: tuple[str, ...] = ()


def is_tls_reporting(text: str) -> bool:
    return text.replace(" ", "").lower().startswith("v=tlsrptv1;")


def parse_tls_reporting(text: str) -> TlsReporting:
    """Read the TXT record. Never raises."""
    tags = read_tags(text)
    addresses = [a.strip() for a in (tags.get("rua") or "").split(",") if a.strip()][:20]
    problems = [f"{a} is neither mailto: nor https:" for a in addresses if not _reports(a)]
    if tags.get("v") != "TLSRPTv1":
        problems.append(f"v={tags.get('v') or ''} is not TLSRPTv1")
    if not addresses:
        problems.append("rua= names nobody")
    return TlsReporting(addresses=tuple(addresses), problems=tuple(problems))


def _reports(address: str) -> bool:
    lower = address.lower()
    return lower.startswith(("mailto:", "https:")) and len(lower) > len("mailto:")


# ---------------------------------------------------------------- judging


@dataclass(frozen=True, slots=True)
class Offered:
    """What came of the policy's address.

    `text` is the policy where it came as the standard asks (3.3); `trouble` why it is none;
    `cause` why it could not be asked for. All three empty: nothing is at that address.
    """

    text: str = ""
    trouble: str = ""
    cause: str = ""


def audit(
    domain: str, record: Reply, reports: Reply, offered: Offered, hosts: Sequence[str]
) -> tuple[Flaw, ...]:
    """Every flaw. What could not be asked is none.

    Args:
        domain: Whose mail it is.
        record: TXT of `_mta-sts.`
        reports: TXT of `_smtp._tls.`
        offered: The policy's address.
        hosts: The domain's mail servers, all of them.
    """
    return tuple(_flaws(domain, record, reports, offered, hosts))


def _flaws(
    domain: str, record: Reply, reports: Reply, offered: Offered, hosts: Sequence[str]
) -> Iterable[Flaw]:
    at = f"_mta-sts.{domain}"
    found = [text for text in record.records if is_sts_record(text)]
    there = bool(offered.text or offered.trouble)
    if not found and not there:
        told = record.status != "failed" and reports.status != "failed" and not offered.cause
        if told and not any(map(is_tls_reporting, reports.records)):
            observed = "neither MTA-STS nor TLS reporting is published"
            better = f"v=TLSRPTv1; rua=mailto:tls@{domain}"
            params = {"name": f"_smtp._tls.{domain}"}
            yield Flaw("mta-sts-tlsrpt-absent", at, observed, publish=better, params=params)
        return
    if not found:
        if record.status != "failed":
            observed = f"a policy is offered, and no record at {at} says so"
            yield Flaw("mta-sts-unfetchable", at, observed, publish="v=STSv1; id=1")
        return
    if len(found) > 1:
        observed = f"{len(found)} records stand at {at}, so none counts"
        yield Flaw("mta-sts-unfetchable", at, observed, publish=found[0])
    elif problems := parse_record(found[0]).problems:
        better = "v=STSv1; id=1"
        yield Flaw("mta-sts-unfetchable", at, "; ".join(problems), publish=better)
    if offered.text:
        yield from _policy(domain, parse_policy(offered.text), hosts)
    elif not offered.cause:
        place = f"https://mta-sts.{domain}/.well-known/mta-sts.txt"
        observed = f"the policy cannot be had: {offered.trouble or f'nothing is at {place}'}"
        yield Flaw("mta-sts-unfetchable", f"mta-sts.{domain}", observed)


def _policy(domain: str, policy: StsPolicy, hosts: Sequence[str]) -> Iterable[Flaw]:
    at = f"mta-sts.{domain}"
    left_out = uncovered(policy, hosts) if policy.mode in ("enforce", "testing") else ()
    if left_out:
        observed = f"mode {policy.mode}, and no mx: line covers {', '.join(left_out[:4])}"
        severity = "" if policy.mode == "enforce" else "medium"
        lines = "\n".join(f"mx: {host}" for host in hosts)
        params = {"policy": lines, "host": left_out[0]}
        yield Flaw("mta-sts-mx-uncovered", at, observed, severity=severity, params=params)
    stale = list(policy.problems)
    if policy.mode == "none":
        stale.append("mode none: the policy is switched off and was left there")
    elif 0 < policy.max_age < SHORTEST_AGE:
        stale.append(f"max_age is {policy.max_age} s, less than a day: it protects nobody for long")
    if stale:
        yield Flaw("mta-sts-stale", at, "; ".join(stale[:4]))
