"""The zone at Cloudflare as files: what would be needed to build it again. Pure."""

from __future__ import annotations

from typing import Any

import msgspec
import tomli_w

from launchready_tui.facts.cloudflare_rules import Rule
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.model import Record


class ExportFile(Record, frozen=True, kw_only=True):
    name: str
    text: str

    @property
    def ext(self) -> str:
        return self.name.rpartition(".")[2]


def files(zone: CloudflareZone, zone_file: str) -> tuple[ExportFile, ...]:
    """What was read, one file a kind; what was not read has none.

    The zone file keeps the proxied flags only in comments, so the records come as JSON too.
    """
    made = [
        ExportFile(name="zone.bind", text=zone_file) if zone_file else None,
        ExportFile(name="records.json", text=_records(zone)) if _has(zone, "DNS records") else None,
        ExportFile(name="settings.toml", text=_settings(zone)) if _has(zone, "settings") else None,
        ExportFile(name="rules.toml", text=_rules(zone)) if zone.zone else None,
    ]
    return tuple(file for file in made if file is not None)


def _has(zone: CloudflareZone, part: str) -> bool:
    """Whether a part was read; of very many records the first were."""
    some = part == "DNS records" and bool(zone.records)
    return zone.zone is not None and (some or not zone.gap(part))


def _records(zone: CloudflareZone) -> str:
    rows = [msgspec.to_builtins(record) for record in zone.records]
    return msgspec.json.format(msgspec.json.encode(rows), indent=1).decode() + "\n"


def _settings(zone: CloudflareZone) -> str:
    table: dict[str, Any] = {"zone": _zone(zone)}
    table["settings"] = {
        setting.id: {"value": setting.value, **({"since": setting.since} if setting.since else {})}
        for setting in zone.settings
    }
    return tomli_w.dumps(table)


def _rules(zone: CloudflareZone) -> str:
    table: dict[str, Any] = {"zone": _zone(zone), "rule": [_rule(rule) for rule in zone.rules]}
    unread = [entry.told for entry in zone.not_read]
    return tomli_w.dumps({"not_readable": unread, **table})


def _zone(zone: CloudflareZone) -> dict[str, Any]:
    assert zone.zone is not None
    held = msgspec.to_builtins(zone.zone)
    return {key: held[key] for key in ("name", "status", "type", "plan", "name_servers")}


def _rule(rule: Rule) -> dict[str, Any]:
    told: dict[str, Any] = {
        "phase": rule.phase,
        "name": rule.name,
        "action": rule.action,
        "expression": rule.reach,
        "enabled": rule.enabled,
    }
    if rule.since:
        told["since"] = rule.since
    if rule.settings:
        told["parameters"] = dict(rule.settings)
    if rule.limit:
        limit = rule.limit
        told["limit"] = {
            "requests": limit.requests,
            "seconds": limit.period,
            "held_for": limit.timeout,
            "counted_by": list(limit.by),
        }
    return told
