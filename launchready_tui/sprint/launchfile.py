"""`launchready.toml`: what the sprint is about. People write it; the tool creates it once."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

import tomli_w
from msgspec.structs import replace

from launchready_tui.badfile import BadFile, close, read_toml
from launchready_tui.domain import BadInput, domain_of, url_of
from launchready_tui.given import Mail, Target, Web
from launchready_tui.model import Record
from launchready_tui.network.hosts import BadHost, place_of
from launchready_tui.sprint import atomic
from launchready_tui.text import safe

NAME = "launchready.toml"
SUBMISSION = 587
"""The port at which programs hand mail over (RFC 6409)."""


class LaunchFile(Record, frozen=True, kw_only=True):
    """The keys of launchready.toml. `repo` and `redirects` are relative to the file."""

    schema: Literal[1]
    domain: str
    client: str = ""
    repo: str = ""
    urls: tuple[str, ...] = ()
    environments: tuple[str, ...] = ("dev", "preview", "prod")
    traits: dict[str, bool] = {}
    redirects: str = ""
    web: Web = Web()
    mail: Mail = Mail()


def find_sprint(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds a launchready.toml."""
    start = start.absolute()
    return next((f for f in (start, *start.parents) if (f / NAME).is_file()), None)


def read_target(root: Path) -> Target:
    """What launchready.toml in `root` says. Raises BadFile with what to mend."""
    path = root / NAME
    given = read_toml(path, LaunchFile)
    try:
        domain = domain_of(given.domain)
        urls = tuple(url_of(url) for url in given.urls)
        web = _web(given.web, domain)
        mail = checked_mail(given.mail)
    except BadInput as error:
        key = error.field
        raise BadFile(
            path, error.message.rstrip("."), key=key, suggestion=error.suggestion
        ) from None
    return Target(
        domain=domain,
        client=safe(given.client, one_line=True, limit=100),
        repo=os.path.normpath(root / given.repo) if given.repo else "",
        urls=urls,
        environments=given.environments,
        traits=given.traits,
        redirects=os.path.normpath(root.absolute() / given.redirects) if given.redirects else "",
        web=web,
        mail=mail,
    )


def check_traits(root: Path, target: Target, known: Collection[str]) -> None:
    """A trait that nothing asks for is a slip of the pen: it would silently change nothing."""
    strange = next((name for name in target.traits if name not in known), None)
    if strange is not None:
        raise BadFile(
            root / NAME,
            f"expected one of {', '.join(sorted(known))}",
            key=f"traits.{strange}",
            suggestion=close(strange, known),
        )


_ONE = ("login", "logout", "reset", "signup", "invite", "heavy")
_MANY = ("private", "api", "webhooks")
_SELECTOR = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,120}[A-Za-z0-9_])?")
_SENDER = re.compile(r"[a-z][a-z0-9-]{1,40}")


def _web(given: Web, domain: str) -> Web:
    """[web] with every bare path read against `app`. Raises BadInput for what is no address."""
    app = url_of(given.app) if given.app else f"https://{domain}"

    def whole(key: str, address: str) -> str:
        try:
            return url_of(urljoin(app, address) if address.startswith("/") else address)
        except BadInput as error:
            raise BadInput(f"web.{key}", error.message, error.suggestion) from None

    one = {key: whole(key, value) for key in _ONE if (value := getattr(given, key))}
    many = {key: tuple(whole(key, a) for a in getattr(given, key)) for key in _MANY}
    words = {"markers": tuple(word for word in map(str.strip, given.markers) if word)}
    return replace(given, app=app if given.app else "", **one, **many, **words)


def checked_mail(given: Mail) -> Mail:
    """[mail] in lower case, checked. Raises BadInput for what cannot be used."""
    for key, addresses in (("mail.from", given.addresses), ("mail.reply_to", given.reply_to)):
        for address in addresses:
            local, at, domain = address.rpartition("@")
            if not (local and at):
                raise BadInput(key, f"{address!r} is no mail address", "hello@example.com")
            _domain_at(key, domain)
    for selector in given.selectors:
        if not _SELECTOR.fullmatch(selector):
            raise BadInput("mail.selectors", f"{selector!r} is no DKIM selector", "s1")
    return Mail(
        senders=tuple(_sender(sender) for sender in given.senders),
        addresses=tuple(address.strip().lower() for address in given.addresses),
        selectors=tuple(selector.lower() for selector in given.selectors),
        reply_to=tuple(address.strip().lower() for address in given.reply_to),
        dmarc_since=given.dmarc_since,
        dkim_since=given.dkim_since,
        smtp=_smtp(given.smtp),
        return_path=tuple(_domain_at("mail.return_path", name) for name in given.return_path),
    )


def _smtp(text: str) -> str:
    """HOST or HOST:PORT of the mail service, in lower case."""
    if not text.strip():
        return ""
    try:
        host, port = place_of(text.strip(), SUBMISSION)
    except BadHost as error:
        raise BadInput("mail.smtp", str(error), "smtp.resend.com:587") from None
    return f"{host}:{port}"


def _sender(text: str) -> str:
    """A provider's id, or the address of a mail server."""
    sender = text.strip().lower()
    if _SENDER.fullmatch(sender):
        return sender
    try:
        return str(ipaddress.ip_address(sender))
    except ValueError:
        raise BadInput(
            "mail.senders", f"{text!r} is neither a service nor an IP address", "resend"
        ) from None


def _domain_at(key: str, text: str) -> str:
    try:
        return domain_of(text)
    except BadInput as error:
        raise BadInput(key, error.message, error.suggestion) from None


def create(root: Path, *, domain: str, repo: str, client: str, urls: tuple[str, ...]) -> None:
    """Write launchready.toml into `root`. Raises BadInput for what cannot be used."""
    path = root / NAME
    if path.exists():
        raise BadInput(
            "folder",
            f"{safe(str(root), one_line=True)} already holds a sprint.",
            "Open it with `launchready`, or choose another folder.",
        )
    name = domain_of(domain)
    addresses = tuple(dict.fromkeys(url_of(url) for url in urls if url.strip()))
    folder = _repo_folder(root, repo)
    atomic.write(path, _template(name, client.strip(), folder, addresses).encode())


def _repo_folder(root: Path, repo: str) -> str:
    """The code's folder relative to the sprint's. Raises BadInput if it cannot be read."""
    if not repo.strip():
        return ""
    folder = Path(repo.strip()).expanduser().absolute()
    shown = safe(str(folder), one_line=True)
    if not folder.exists():
        raise BadInput("repo", f"there is no folder {shown}.", "Give the folder of the code.")
    if not folder.is_dir():
        raise BadInput("repo", f"{shown} is a file.", "Give the folder that holds it.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise BadInput("repo", f"{shown} may not be read.", "Check its permissions.")
    try:
        return os.path.relpath(folder.resolve(), root.resolve())
    except ValueError:  # another drive has no relative path
        return str(folder.resolve())


def _template(domain: str, client: str, repo: str, urls: tuple[str, ...]) -> str:
    def line(key: str, value: object) -> str:
        return tomli_w.dumps({key: value}).rstrip("\n")

    return f"""\
# What this launch is about. Yours to edit: launchready reads this file and never rewrites it.
schema = 1

# The domain people type, without www.
{line("domain", domain)}

# Whom the sprint is for, as it stands on the handover guide.
{line("client", client)}

# The folder of the code, relative to this file. Empty: nothing about the code can be checked.
{line("repo", repo)}

# Other addresses that belong to the launch, such as a preview.
{line("urls", list(urls))}

environments = ["dev", "preview", "prod"]

# A list of old addresses and where each should lead, relative to this file, for stage 3.
# redirects = "old-urls.csv"

# The app's own addresses; a bare path is read against `app`. What is not told is looked for, or
# left out of the check that would need it.
[web]
# app = "https://app.{domain}"
# private = ["/orders", "/api/orders"]     # only a signed-in person may see these
# markers = ["test.user@example.com"]      # words that only the test user's own pages carry
# api = ["/api/health"]
# login = "/login"                         # where the form posts to; also: reset, signup, invite
# logout = "/logout"                       # where signing out leads
# webhooks = ["/webhooks/payments"]
# origins = ["https://partner.example"]    # other sites that may call the API from a browser
# public_tables = ["products"]             # tables that strangers are meant to read
# origin_addresses = ["203.0.113.7"]       # the server behind the CDN

# The product's mail. What is not told is looked for in DNS and in the code.
[mail]
# from = ["invites@{domain}"]              # what stands in From
# senders = ["resend"]                     # who sends: resend, ses, google …, or a server's address
# selectors = ["resend"]                   # DKIM: the s= of a signature
# return_path = ["send.{domain}"]          # where bounces go
# reply_to = ["help@{domain}"]             # where answers go, if not to From
# dmarc_since = 2026-01-15                 # when today's DMARC record was published
# dkim_since = 2026-01-15                  # when the oldest DKIM key in use was made
# smtp = "smtp.resend.com:587"             # where test mails are handed over

# What is true of this launch; false takes the items that do not apply out of the count.
[traits]
# sends_email = true
# payments = false                         # no money is taken yet: test keys of payments may stay
"""
