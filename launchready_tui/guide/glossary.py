"""Acronyms in plain words. The guide explains those it uses, and no others."""

from __future__ import annotations

import re

MEANINGS = {
    "A": "a DNS record that leads a name to an IPv4 address",
    "AAAA": "a DNS record that leads a name to an IPv6 address",
    "AI": "artificial intelligence: here, a language model that takes part in the app",
    "ALIAS": "a provider's own record that acts as an alias where no CNAME may stand",
    "ANAME": "the same as ALIAS, at other providers",
    "API": "application programming interface: how programs talk to the app",
    "AWS": "Amazon Web Services, a cloud",
    "AXFR": "the request for a whole DNS zone at once",
    "BIMI": "a logo beside the sender's name, for domains that let nobody forge them",
    "CA": "certificate authority: who vouches for a certificate",
    "CAA": "a DNS record that names the authorities which may issue certificates",
    "CDN": "content delivery network: copies of pages kept near their readers",
    "CI": "continuous integration: a machine that builds and tests each change",
    "CLI": "command-line interface",
    "CNAME": "a DNS record that makes one name an alias of another",
    "CORS": "cross-origin resource sharing: which other websites may call the app",
    "CPU": "the processor of a server",
    "CSP": "content security policy: what a page may load",
    "CSRF": "cross-site request forgery: another site acting with a user's login",
    "CSV": "a table as plain text",
    "CVE": "a publicly listed security hole",
    "DANE": "keys of mail servers that a signed zone vouches for, in TLSA records",
    "DDOS": "distributed denial of service: many machines flooding one",
    "DKIM": "DomainKeys Identified Mail: a signature that proves which domain sent a mail",
    "DMARC": "what receivers shall do with mail that fails SPF and DKIM",
    "DNS": "domain name system: leads names to servers",
    "DNSSEC": "signatures that protect DNS answers",
    "DS": "a record at the registry that says with which key a zone is signed",
    "GET": "the request that reads a page",
    "HEAD": "the request that reads a page's headers only",
    "HSTS": "HTTP strict transport security: browsers use encryption only",
    "HTML": "the language of web pages",
    "HTTP": "how browsers and servers talk; HTTPS is the same, encrypted",
    "HTTPS": "HTTP over an encrypted connection",
    "IAM": "identity and access management: the users and roles of an AWS account",
    "ID": "identifier",
    "IP": "Internet protocol; an IP address is a server's number",
    "JSON": "a text format in which programs exchange data",
    "JWT": "JSON web token: a signed statement of who somebody is",
    "MFA": "multi-factor authentication: a second proof beside the password",
    "MTA-STS": "a policy that makes mail servers use encryption",
    "MX": "a DNS record that names a domain's mail servers",
    "MYSQL": "MySQL, a database program",
    "NS": "a DNS record that names a domain's name servers",
    "OCSP": "how a certificate's authority says that it still holds",
    "ORM": "object-relational mapping: how code talks to the database",
    "OTP": "one-time password",
    "PII": "personally identifiable information",
    "PTR": "a DNS record that leads an address back to a name",
    "RFC": "request for comments: an Internet standard",
    "RLS": "row-level security: the database itself decides who sees which record",
    "RPO": "recovery point objective: how much data may be lost",
    "RSA": "the kind of key that every receiver of mail can check",
    "RTO": "recovery time objective: how long recovery may take",
    "SDK": "software development kit",
    "SHA": "secure hash algorithm: a fingerprint of data",
    "SLA": "service-level agreement",
    "SMS": "text message to a phone",
    "SMTP": "how mail travels between servers",
    "SOA": "a DNS record that describes a zone",
    "SPF": "Sender Policy Framework: which servers may send mail for a domain",
    "SQL": "the language of databases",
    "SSH": "secure shell: a login on another machine",
    "SSL": "the former name of TLS, still used in many settings pages",
    "SSO": "single sign-on: one login for several services",
    "STARTTLS": "how two mail servers switch to encryption",
    "SVG": "a picture made of shapes, which stays sharp at any size",
    "TLD": "top-level domain, such as com",
    "TLS": "transport layer security: the encryption behind https",
    "TLSA": "a DNS record that names the key of a server",
    "TTL": "time to live: the seconds for which others may keep a DNS record",
    "TXT": "a DNS record that holds text",
    "UI": "user interface",
    "URL": "the address of a page",
    "UTC": "coordinated universal time: the time at longitude zero",
    "UTF": "in UTF-8: how text is written in bytes today",
    "VPN": "virtual private network",
    "WAF": "web application firewall: rules that stop hostile requests",
    "XSS": "cross-site scripting: foreign code running in a page",
}

WORDS = {"DRAFT", "GO", "NO", "NO-GO", "NOT", "YET", "KNOWN", "WITH", "ACCEPTED", "RISK", "RISKS"}
"""Words in capitals that stand for themselves."""

_CODE = re.compile(
    r"^(`{3,})text\n.*?^\1$"  # a fence
    r"|(`+)(?!`)[^\n]*?(?<!`)\2(?!`)"  # a span; none of ours runs over a line
    r"|\\[!-/:-@\[-`{-~]",  # an escaped character, such as a backtick that opens nothing
    re.DOTALL | re.MULTILINE,
)
_ACRONYM = re.compile(r"(?<![\w/.])[A-Z](?:[A-Z]+|[a-z]?[A-Z]+)(?:-STS)?(?=s?\b)")
_LINKS = re.compile(r"<https://[^>]*>|\]\([^)]*\)")


def acronyms(markdown: str) -> tuple[str, ...]:
    """The acronyms of a text, outside code and addresses, in the order of the alphabet.

    A part of a longer name, such as VITE_API_URL, is none.
    """
    prose = _LINKS.sub(" ", _CODE.sub(" ", markdown.replace("\\_", "_")))
    found = {match.upper() for match in _ACRONYM.findall(prose)}
    return tuple(sorted(found - WORDS))


def explained(markdown: str) -> tuple[str, ...]:
    """The acronyms of a text that have a meaning here, and those which these meanings use."""
    known = {entry for entry in acronyms(markdown) if entry in MEANINGS}
    waiting = list(known)
    while waiting:
        for entry in acronyms(MEANINGS[waiting.pop()]):
            if entry in MEANINGS and entry not in known:
                known.add(entry)
                waiting.append(entry)
    return tuple(sorted(known))


def unexplained(markdown: str) -> tuple[str, ...]:
    """Acronyms that no meaning is known for."""
    return tuple(entry for entry in acronyms(markdown) if entry not in MEANINGS)
