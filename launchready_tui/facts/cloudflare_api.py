"""The owner's zone at Cloudflare, read with the owner's token: settings, records, rules.

Plain GETs of the owner's own configuration, about 25 of them. What the token may not read is kept
as not read, with the permission it would need: it is never taken for "off".
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from launchready_tui.engine import fact
from launchready_tui.facts.cloudflare_client import (
    HOST,
    Api,
    Form,
    NoToken,
    Reply,
    flag,
    form_of,
    number,
    text,
    when,
)
from launchready_tui.facts.cloudflare_rules import (
    CACHE,
    CONFIG,
    CUSTOM,
    FLOODS,
    LIMITS,
    MANAGED,
    PAGE_RULES,
    Rule,
    page_rules_of,
    rules_of,
)
from launchready_tui.facts.cloudflare_zone import (
    CloudflareZone,
    DnsRecord,
    NotRead,
    Setting,
    Token,
    Zone,
)
from launchready_tui.facts.dns import DnsSetup
from launchready_tui.facts.threads import aside
from launchready_tui.given import Keys, Target
from launchready_tui.model import CouldNotTell, Unknown
from launchready_tui.network import Network
from launchready_tui.rung import VaultError
from launchready_tui.secret import Secret

KEY = "cloudflare-token"
NO_TOKEN = "no Cloudflare token in the vault: `launchready vault set cloudflare-token`"
SECONDS = 45.0
RECORDS_A_PAGE = 500
MOST_PAGES = 8
ONE_BY_ONE = ("ssl", "always_use_https", "min_tls_version", "development_mode", "security_header")
"""Settings that are asked for by name where the list of all of them is gone."""

PHASES = {
    MANAGED: "Zone WAF Read",
    CUSTOM: "Zone WAF Read",
    LIMITS: "Zone WAF Read",
    CACHE: "Cache Settings Read",
    FLOODS: "Zone WAF Read",
    CONFIG: "Config Settings Read",
    "http_request_dynamic_redirect": "Single Redirect Read",
    "http_request_origin": "Origin Read",
    "http_response_headers_transform": "Transform Rules Read",
}
"""The phases of rules, and what a token needs to read each."""
ELSE = {
    "bot_management": ("Bot Management Read", "/bot_management"),
    "dnssec": ("DNS Read", "/dnssec"),
    "universal_ssl": ("SSL and Certificates Read", "/ssl/universal/settings"),
    "certificate_packs": ("SSL and Certificates Read", "/ssl/certificate_packs?status=all"),
    "origin_pulls": ("SSL and Certificates Read", "/origin_tls_client_auth/settings"),
}
Missed = tuple[NotRead, ...]
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REDUNDANT = {"id", "modified_on", "editable", "zone_tag", "zone_name", "created_on", "key_tag"}


@fact(limit=SECONDS)
async def cloudflare_zone(
    net: Network, keys: Keys, target: Target, dns: DnsSetup | Unknown
) -> CloudflareZone:
    token = await held_token(keys)
    name = dns.zone if isinstance(dns, DnsSetup) and dns.zone else target.domain
    return (await read_zone(net, token, name))[0]


async def held_token(keys: Keys) -> Secret:
    """The token of the vault. Raises CouldNotTell without one."""
    try:
        token = await aside(lambda: keys.get(KEY))
    except VaultError as error:
        raise CouldNotTell(str(error)) from None
    if not token:
        raise CouldNotTell(NO_TOKEN)
    return token


async def read_zone(
    net: Network, token: Secret, name: str, *, with_file: bool = False
) -> tuple[CloudflareZone, str]:
    """The zone called `name`, and its zone file where that is asked for.

    A global key goes nowhere: it may do everything, so nothing is sent with it.
    """
    try:
        form = form_of(token)
    except NoToken as error:
        raise CouldNotTell(str(error)) from None
    if form == "global":
        missed = NotRead(part="zone", cause="a global API key is refused, nothing was sent with it")
        return CloudflareZone(token=Token(form=form), not_read=(missed,)), ""
    net.admit(HOST)
    api = Api(net, token)
    with net.log.side_by_side():
        zone, account, judged, nowhere = await _who(api, form, name)
        if zone is None:
            return CloudflareZone(token=judged, not_read=nowhere), ""
        (
            (settings, unset),
            (records, unlisted),
            (rules, unruled),
            (more, unseen),
            file,
        ) = await asyncio.gather(
            _settings(api, zone),
            _records(api, zone),
            _rules(api, zone),
            _else(api, zone),
            api.text(f"/zones/{zone.id}/dns_records/export") if with_file else _nothing(),
        )
        if not judged.verified and account:
            judged = await _verified_by(api, account, judged)
    unfiled = _missed("zone file", "DNS Read", file, str) if with_file else ()
    found = CloudflareZone(
        token=judged,
        zone=zone,
        settings=tuple(sorted((*settings, *more), key=lambda s: s.id)),
        records=records,
        rules=rules,
        not_read=(*unset, *unlisted, *unruled, *unseen, *unfiled),
    )
    return found, file.result if isinstance(file.result, str) else ""


async def _nothing() -> Reply:
    return Reply()


# ---------------------------------------------------------------- the token and its zone


async def _who(api: Api, form: Form, name: str) -> tuple[Zone | None, str, Token, Missed]:
    """The zone, its account's id, the token, and why there is no zone.

    A token for one zone may ask for that zone by its name, and is refused the list of all zones.
    """
    account_owned = form == "account"
    verify, named, listed, accounts, user = await asyncio.gather(
        _nothing() if account_owned else api.get("/user/tokens/verify"),
        api.get(f"/zones?name={quote(name, safe='')}"),
        api.get("/zones?per_page=5"),
        _nothing() if account_owned else api.get("/accounts?per_page=1"),
        _nothing() if account_owned else api.get("/user"),
    )
    fields = verify.fields()
    status = text(fields.get("status"), 40)
    if status in ("disabled", "expired"):
        raise CouldNotTell(f"the Cloudflare token is {status}: make a new one, for three days")
    rows = [row for row in named.rows() if row.get("name") == name]
    zone = _zone(rows[0]) if rows else None
    if zone is None and not verify.read:
        if not verify.status:
            raise CouldNotTell(f"Cloudflare's API could not be asked: {verify.cause}")
        raise CouldNotTell(f"Cloudflare does not accept the token: {verify.cause}")
    id = text(fields.get("id"), 64)
    own = await api.get(f"/user/tokens/{id}") if _ID.fullmatch(id) else Reply(cause="not asked")
    wide = {"the user": user.fields(), "accounts": accounts.rows(), "tokens": own.fields()}
    token = Token(
        form=form,
        verified=status == "active",
        expires=when(fields.get("expires_on")),
        zones=max(listed.total, len(listed.rows())),
        reads=tuple(what for what, held in wide.items() if held),
        changes=_changes(own.fields()),
    )
    held = rows[0].get("account") if rows else None
    account = text(held.get("id"), 64) if isinstance(held, dict) else ""
    if named.read and zone is None:
        named = replace(named, cause=f"the token sees no zone called {name}", denied=True)
    return (
        zone,
        account if _ID.fullmatch(account) else "",
        token,
        _missed("zone", "Zone Read", named, list),
    )


async def _verified_by(api: Api, account: str, token: Token) -> Token:
    """A token that belongs to an account is verified there."""
    fields = (await api.get(f"/accounts/{account}/tokens/verify")).fields()
    active = fields.get("status") == "active"
    return replace(token, verified=active, expires=when(fields.get("expires_on")))


def _zone(row: dict[str, Any]) -> Zone | None:
    id = row.get("id")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        return None
    plan = row.get("plan")
    servers = [*_strings(row.get("name_servers")), *_strings(row.get("vanity_name_servers"))]
    return Zone(
        id=id,
        name=text(row.get("name"), 255),
        status=text(row.get("status"), 40),
        type=text(row.get("type"), 40),
        plan=text(plan.get("legacy_id"), 40) if isinstance(plan, dict) else "",
        paused=flag(row.get("paused")),
        name_servers=tuple(server.lower().rstrip(".") for server in servers),
    )


def _changes(own: dict[str, Any]) -> tuple[str, ...]:
    """Names of permissions that are not for reading, out of a token's own policies."""
    policies = own.get("policies")
    groups = [
        group
        for policy in (policies if isinstance(policies, list) else ())
        if isinstance(policy, dict) and isinstance(policy.get("permission_groups"), list)
        for group in policy["permission_groups"]
        if isinstance(group, dict)
    ]
    names = {text(group.get("name"), 80) for group in groups[:200]}
    return tuple(sorted(name for name in names if name and not name.endswith("Read")))


def _strings(value: Any) -> list[str]:
    return [text(one, 255) for one in value[:20]] if isinstance(value, list) else []


# ---------------------------------------------------------------- its parts


def _missed(part: str, needs: str, reply: Reply, shape: type = dict) -> Missed:
    if reply.read and isinstance(reply.result, shape):
        return ()
    if reply.read:
        return (NotRead(part=part, cause="the answer is not what Cloudflare documents"),)
    return (NotRead(part=part, cause=reply.cause, needs=needs if reply.denied else ""),)


async def _settings(api: Api, zone: Zone) -> tuple[tuple[Setting, ...], Missed]:
    whole = await api.get(f"/zones/{zone.id}/settings")
    if whole.absent or whole.status in (405, 410):
        asked = await asyncio.gather(
            *(api.get(f"/zones/{zone.id}/settings/{id}") for id in ONE_BY_ONE)
        )
        unread = next((reply for reply in asked if not reply.read), None)
        whole = unread or replace(asked[0], result=[reply.fields() for reply in asked])
    settings = tuple(s for row in whole.rows() if (s := _setting(row)) is not None)
    return settings, _missed("settings", "Zone Settings Read", whole, list)


def _setting(row: dict[str, Any]) -> Setting | None:
    id = text(row.get("id"), 80)
    value = _value(id, row.get("value"))
    return Setting(id=id, value=value, since=when(row.get("modified_on"))) if id else None


def _value(id: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = value.get("strict_transport_security") if id == "security_header" else value
        return _flat(inner) if isinstance(inner, dict) else ""
    if isinstance(value, list):
        return ", ".join(text(one, 80) for one in value[:20] if isinstance(one, str))
    if isinstance(value, bool):
        return "on" if value else "off"
    return text(value, 200) if isinstance(value, str) else str(number(value))


def _flat(fields: Mapping[str, Any]) -> str:
    """`enabled=true, max_age=31536000`: scalars only, in their order."""
    shown = [
        f"{text(key, 60)}={str(value).lower() if isinstance(value, bool) else value}"
        for key, value in list(fields.items())[:30]
        if isinstance(value, bool | int) and key not in _REDUNDANT and number(value, -1) >= -1
    ]
    return ", ".join(shown)


async def _records(api: Api, zone: Zone) -> tuple[tuple[DnsRecord, ...], Missed]:
    path = f"/zones/{zone.id}/dns_records?per_page={RECORDS_A_PAGE}"
    reply = await api.listed(path, MOST_PAGES)
    found = (_record(row) for row in reply.rows())
    records = sorted(
        (r for r in found if r.name and r.type), key=lambda r: (r.name, r.type, r.content)
    )
    missed = _missed("DNS records", "DNS Read", reply, list)
    if reply.read and reply.pages > MOST_PAGES:
        cause = f"the first {len(records)} of {reply.total or 'more'} were read"
        missed = (NotRead(part="DNS records", cause=cause),)
    return tuple(records), missed


def _record(row: dict[str, Any]) -> DnsRecord:
    return DnsRecord(
        name=text(row.get("name"), 255).lower(),
        type=text(row.get("type"), 12),
        content=text(row.get("content"), 1_000),
        proxied=flag(row.get("proxied")),
        proxiable=flag(row.get("proxiable")),
        ttl=number(row.get("ttl"), 1),
        since=when(row.get("modified_on")),
    )


async def _rules(api: Api, zone: Zone) -> tuple[tuple[Rule, ...], Missed]:
    """A phase without an entry point (404) has no rules, which is an answer."""
    *replies, pages = await asyncio.gather(
        *(api.get(f"/zones/{zone.id}/rulesets/phases/{phase}/entrypoint") for phase in PHASES),
        api.get(f"/zones/{zone.id}/pagerules?status=active"),
    )
    rules: list[Rule] = []
    missed: list[NotRead] = []
    for (phase, needs), reply in zip(PHASES.items(), replies, strict=True):
        rules += rules_of(phase, reply.result) if reply.read else ()
        missed += () if reply.absent else _missed(phase, needs, reply)
    rules += page_rules_of(pages.result) if pages.read else ()
    missed += () if pages.absent else _missed(PAGE_RULES, "Page Rules Read", pages, list)
    return tuple(rules), tuple(missed)


async def _else(api: Api, zone: Zone) -> tuple[Iterable[Setting], Missed]:
    """What is not among the settings, told as if it were."""
    replies = await asyncio.gather(
        *(api.get(f"/zones/{zone.id}{path}") for _, path in ELSE.values())
    )
    settings = [
        Setting(id=part, value=told, since=when(reply.fields().get("modified_on")))
        for part, reply in zip(ELSE, replies, strict=True)
        if reply.read and (told := _told(part, reply))
    ]
    missed = [
        entry
        for (part, (needs, _)), reply in zip(ELSE.items(), replies, strict=True)
        for entry in _missed(part, needs, reply, list if part == "certificate_packs" else dict)
        if not reply.absent
    ]
    return settings, tuple(missed)


def _told(part: str, reply: Reply) -> str:
    if part == "certificate_packs":
        return ", ".join(_packs(reply.rows()))
    if part == "dnssec":
        return text(reply.fields().get("status"), 40)
    return _flat(reply.fields())


def _packs(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows[:10]:
        yield f"{text(row.get('type'), 40)} {text(row.get('status'), 40)}".strip()
