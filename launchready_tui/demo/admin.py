"""The lab's admin: repairs each planted fault where it lies, and says what was done.

Records, certificates, redirects and files really change; the next check sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from launchready_tui.demo import admin_env, admin_mail, admin_names, admin_web, pki
from launchready_tui.demo import company as harbour
from launchready_tui.demo.company import Company
from launchready_tui.demo.edge import Redirect
from launchready_tui.demo.registry import registering
from launchready_tui.demo.repository import Repository, made_up


@dataclass(frozen=True, slots=True)
class Bench:
    """What the admin works on."""

    company: Company
    repository: Repository
    subject: str
    code: str


FIXED_NEXT = "15.1.9"
"""The first release of its line without CVE-2025-55182."""

Repair = Callable[[Bench], str]
REPAIRS: dict[str, Repair] = {
    **admin_env.REPAIRS,
    **admin_mail.REPAIRS,
    **admin_names.REPAIRS,
}


def repair(company: Company, repository: Repository, code: str, subject: str) -> str:
    """Repair the planted `code` at `subject`; a sentence says what was done."""
    if code in admin_web.SAID:
        return admin_web.repaired(company, code, subject)
    return REPAIRS[code](Bench(company, repository, subject, code))


_repairs = registering(REPAIRS)


# ---------------------------------------------------------------- certificates and TLS


@_repairs("cert-wrong-host", "cert-expiring", "cert-expired", "cert-chain-incomplete")
def _new_certificate(bench: Bench) -> str:
    host = bench.subject.partition(":")[0]
    bench.company.present(bench.company.front, host)
    return f"{host} now presents its own certificate, with its chain, for another 72 days."


@_repairs("tls-old-version")
def _new_versions_only(bench: Bench) -> str:
    context = bench.company.old.context
    assert context is not None
    pki.refuse_old_versions(context)
    return "The old rota server now refuses TLS 1.0 and 1.1."


@_repairs("http2-absent")
def _http2(bench: Bench) -> str:
    context = bench.company.old.context
    assert context is not None
    pki.offer_http2(context)
    return "The old rota server now offers HTTP/2."


@_repairs("address-differs")
def _one_address(bench: Bench) -> str:
    record = bench.company.zone.get(harbour.RENDER, "A")
    if record:
        kept = tuple(a for a in record.values if a != harbour.SECOND_ADDRESS)
        bench.company.zone.put(record.name, record.type, record.ttl, *kept)
    return f"The record of {harbour.SECOND_ADDRESS}, where the old release still ran, is gone."


# ---------------------------------------------------------------- names


@_repairs("ttl-before-cutover", "ttl-tiny")
def _short_life(bench: Bench) -> str:
    zone = bench.company.zone
    for kind in ("CNAME", "A"):
        record = zone.get(bench.subject, kind)
        if record:
            zone.put(record.name, record.type, 300, *record.values)
    return f"Resolvers may now keep the answer for {bench.subject} for 300 seconds."


@_repairs("dns-name-missing")
def _add_name(bench: Bench) -> str:
    company = bench.company
    company.zone.put(bench.subject, "CNAME", 300, f"{harbour.RENDER}.")
    company.front.sites[bench.subject] = company.front.sites[harbour.APP]
    company.plain.sites[bench.subject] = Redirect(f"https://{bench.subject}")
    company.present(company.front, bench.subject)
    company.second.sites[bench.subject] = company.second.sites[harbour.APP]
    company.present(company.second, bench.subject)
    return f"{bench.subject} is now an alias of {harbour.RENDER}, with a certificate."


@_repairs("takeover-claimable")
def _drop_name(bench: Bench) -> str:
    company = bench.company
    company.zone.drop(bench.subject, "CNAME")
    company.name_site(*(name for name in company.site_names if name != bench.subject))
    return f"The alias {bench.subject} is gone, and no certificate names it any more."


@_repairs("production-on-preview")
def _leave_preview(bench: Bench) -> str:
    bench.company.zone.put(bench.subject, "CNAME", 300, f"{harbour.API_RENDER}.")
    return f"{bench.subject} now leads to {harbour.API_RENDER}, the production service."


@_repairs("https-refused")
def _behind_front(bench: Bench) -> str:
    bench.company.zone.put(bench.subject, "A", 300, harbour.SITE_ADDRESSES[0])
    bench.company.plain.sites[bench.subject] = Redirect(f"https://{bench.subject}")
    return f"{bench.subject} moved to the server of the site, which answers https too."


# ---------------------------------------------------------------- redirects


@_repairs(
    "redirect-temporary", "redirect-long", "redirect-first-hop-other-host", "redirect-loses-path"
)
def _direct_redirect(bench: Bench) -> str:
    host = bench.subject.partition("://")[2].partition("/")[0]
    bench.company.plain.sites[host] = Redirect(f"https://{host}")
    return f"http://{host}/ now leads to https://{host}/ at once and for good (301)."


# ---------------------------------------------------------------- the repository


@_repairs("env-missing", "env-empty", "env-placeholder")
def _real_value(bench: Bench) -> str:
    name = bench.subject
    value = {
        "MAIL_FROM": f"desk@{harbour.DOMAIN}",
        "SMTP_URL": f"smtps://mail.{harbour.DOMAIN}:465",
    }.get(name, made_up(name, 40))
    path = ".env.production"
    lines = bench.repository.read(path).splitlines()
    kept = [line for line in lines if not line.startswith(f"{name}=")]
    changed = "\n".join([*kept, f"{name}={value}", ""])
    bench.repository.change(f"Set {name} for production", {path: changed})
    return f"{name} now has a value of its own in {path}."


@_repairs("env-undocumented")
def _document(bench: Bench) -> str:
    path = ".env.example"
    text = bench.repository.read(path).rstrip("\n")
    bench.repository.change(
        f"Name {bench.subject} in the example", {path: f"{text}\n{bench.subject}=your-key\n"}
    )
    return f"{path} now names {bench.subject}."


@_repairs("env-no-reference")
def _drop_variable(bench: Bench) -> str:
    path = ".env.production"
    lines = bench.repository.read(path).splitlines()
    kept = [line for line in lines if not line.startswith(f"{bench.subject}=")]
    bench.repository.change(f"Drop {bench.subject}", {path: "\n".join([*kept, ""])})
    return f"{bench.subject}, which nothing reads, is gone from {path}."


@_repairs("framework-known-rce")
def _upgrade(bench: Bench) -> str:
    old = bench.subject.rpartition(" ")[2]
    paths = ("site/package.json", "site/package-lock.json")
    texts = {path: bench.repository.read(path).replace(old, FIXED_NEXT) for path in paths}
    bench.repository.change(f"Next.js {FIXED_NEXT}", texts)
    return f"The site is built with Next.js {FIXED_NEXT} now, in manifest and lock file."


@_repairs("host-config-broken")
def _mend_file(bench: Bench) -> str:
    text = bench.repository.read(bench.subject).replace("= ams", '= "ams"')
    bench.repository.change(f"Quote the region in {bench.subject}", {bench.subject: text})
    return f"{bench.subject} can be read again: its region stands in quotes."


@_repairs("secret-committed")
def _forget_file(bench: Bench) -> str:
    ignore = bench.repository.read(".gitignore").rstrip("\n")
    bench.repository.change(
        f"Keep {bench.subject} out of the repository",
        {".gitignore": f"{ignore}\n.env.*\n!.env.example\n"},
        untrack=bench.subject,
    )
    bench.repository.forget(bench.subject)
    return (
        f"{bench.subject} is ignored from now on, and gone from the history. Whoever has a copy"
        " still has its values: they have to be replaced all the same."
    )
