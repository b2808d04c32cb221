"""The admin's work on mail: in the zone, at the mail service, in the code, and on the policy.

A letter that was wrong is sent again once it is mended: it lies in the inbox then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from launchready_tui.demo import mail_faults
from launchready_tui.demo.mail_faults import CREW, DESK_KEY, GOOGLE_MX, put_text, text_at
from launchready_tui.demo.mail_letters import DOMAIN, SANDBOX, MailFault
from launchready_tui.demo.mail_sink import OWN_ADDRESS, OWN_HOST
from launchready_tui.demo.registry import registering

if TYPE_CHECKING:
    from launchready_tui.demo.admin import Bench
    from launchready_tui.given import MailKind

WEEK = 604_800
CODE = "berthdesk/mail.py"
Repair = Callable[["Bench"], str]
REPAIRS: dict[str, Repair] = {}
_repairs = registering(REPAIRS)


# ---------------------------------------------------------------- SPF


@_repairs("spf-multiple-records")
def _one_record(bench: Bench) -> str:
    zone = bench.company.zone
    found = zone.get(DOMAIN, "TXT")
    kept = [v for v in found.values if not v.startswith('"v=spf1')] if found else []
    text = "v=spf1 include:_spf.google.com mx ~all"
    zone.put(DOMAIN, "TXT", 3600, f'"{text}"', *kept)
    return f"{DOMAIN} has one SPF record now: {text}."


@_repairs("spf-too-many-lookups", "spf-target-broken")
def _fewer_lookups(bench: Bench) -> str:
    zone = bench.company.zone
    found = zone.get(CREW, "TXT")
    kept = [v for v in found.values if not v.startswith('"v=spf1')] if found else []
    text = "v=spf1 include:_spf.google.com include:amazonses.com mx ~all"
    zone.put(CREW, "TXT", 3600, f'"{text}"', *kept)
    return f"{CREW} names only who sends for it now, with four lookups: {text}."


@_repairs("spf-subdomain-missing")
def _record_for_bounces(bench: Bench) -> str:
    text = "v=spf1 include:amazonses.com ~all"
    put_text(bench.company.zone, bench.subject, text)
    return f"{bench.subject} now says: {text}."


# ---------------------------------------------------------------- DKIM


@_repairs("dkim-rsa-short")
def _longer_key(bench: Bench) -> str:
    key = mail_faults.make_key(mail_faults.GOOD_BITS)
    mail_faults.publish(bench.company.zone, bench.subject, key, "v=DKIM1; k=rsa; ")
    return f"{bench.subject} has a new key of {mail_faults.GOOD_BITS} bits."


@_repairs("dkim-testing-flag")
def _no_test(bench: Bench) -> str:
    zone = bench.company.zone
    put_text(zone, DESK_KEY, text_at(zone, DESK_KEY).replace("t=y; ", ""))
    return f"{DESK_KEY} says no longer that it is a test (t=y)."


# ---------------------------------------------------------------- DMARC


@_repairs("dmarc-none-no-rua")
def _have_reports(bench: Bench) -> str:
    text = f"v=DMARC1; p=none; rua=mailto:dmarc@{DOMAIN}"
    put_text(bench.company.zone, bench.subject, text)
    return f"{bench.subject} now says: {text}. It is raised once the reports are clean."


@_repairs("dmarc-rua-unauthorised")
def _allow_reports(bench: Bench) -> str:
    name = f"{CREW}._report._dmarc.dmarc-digest.test"
    put_text(bench.company.zone, name, "v=DMARC1")
    return f"The report service says at {name} that it takes reports about {CREW}."


# ---------------------------------------------------------------- receiving


@_repairs("mx-no-fcrdns")
def _reverse_name(bench: Bench) -> str:
    from ipaddress import ip_address

    name = ip_address(OWN_ADDRESS).reverse_pointer
    bench.company.zone.put(name, "PTR", 3600, f"{OWN_HOST}.")
    return f"{OWN_ADDRESS} is called {OWN_HOST} in reverse too."


@_repairs("mta-sts-tlsrpt-absent")
def _ask_for_reports(bench: Bench) -> str:
    domain = bench.subject.partition(".")[2]
    text = f"v=TLSRPTv1; rua=mailto:tls@{DOMAIN}"
    put_text(bench.company.zone, f"_smtp._tls.{domain}", text)
    return f"Whoever cannot encrypt mail to {domain} now reports it to tls@{DOMAIN}."


@_repairs("mx-bad-target")
def _real_target(bench: Bench) -> str:
    bench.company.zone.put(bench.subject, "MX", 3600, f"10 {GOOGLE_MX}.", f"20 {OWN_HOST}.")
    return f"Mail to {bench.subject} goes to {GOOGLE_MX} and {OWN_HOST}, which are no aliases."


@_repairs("mta-sts-mx-uncovered")
def _every_server(bench: Bench) -> str:
    service = bench.company.mail
    service.policy = mail_faults.policy(GOOGLE_MX, OWN_HOST, age=mail_faults.age_of(service))
    return f"The policy at {bench.subject} names {OWN_HOST} too."


@_repairs("mta-sts-stale")
def _kept_a_week(bench: Bench) -> str:
    service = bench.company.mail
    service.policy = mail_faults.policy(*mail_faults.hosts_of(service), age=WEEK)
    return f"The policy at {bench.subject} is kept for a week now."


@_repairs("mta-sts-unfetchable")
def _plain_id(bench: Bench) -> str:
    zone = bench.company.zone
    put_text(zone, bench.subject, "v=STSv1; id=20250616T1")
    put_text(zone, f"_smtp._tls.{DOMAIN}", f"v=TLSRPTv1; rua=mailto:tls@{DOMAIN}")
    return f"The id at {bench.subject} has letters and digits only, and failures are reported."


# ---------------------------------------------------------------- the code and the letters


@_repairs("dmarc-sandbox-from")
def _own_sender(bench: Bench) -> str:
    return _in_code(bench, f"onboarding@{SANDBOX}", f"invites@{DOMAIN}")


@_repairs("mail-from-elsewhere")
def _own_domain(bench: Bench) -> str:
    return _in_code(bench, bench.subject, f"alerts@{DOMAIN}")


def _in_code(bench: Bench, old: str, new: str) -> str:
    text = bench.repository.read(CODE).replace(old, new)
    bench.repository.change(f"Send as {new}", {CODE: text})
    return f"{CODE} sends as {new} now."


SAID: dict[MailFault, str] = {
    "dkim-not-own-domain": "notices are signed with the company's own key",
    "dkim-signature-weak": "the signature covers the whole text",
    "mail-from-sandbox": f"invites come from invites@{DOMAIN}",
    "mail-not-aligned": "notices are signed with the company's own key",
    "mail-return-path-of-provider": f"bounces of notices come back to send.{DOMAIN}",
    "reset-link-not-canonical": "the link of the reset leads to the app",
}


@_repairs(*SAID)
def _send_again(bench: Bench) -> str:
    code, service = cast("MailFault", bench.code), bench.company.mail
    service.wrong.discard(code)
    kind = cast("MailKind", bench.subject.partition(":")[0])
    service.send(kind)
    path = service.inbox / f"{kind}.eml"
    return f"Mended: {SAID[code]}. The {kind} was sent again: give {path}."
