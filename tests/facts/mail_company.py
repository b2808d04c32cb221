"""A good company's records, to be changed one at a time, and what lies outside of it.

What lies outside (`_spf.google.com` …) is served beside it, or the walk would end at a refusal.
"""

from __future__ import annotations

from cases.mail_world import DMARC, KEY

SPF = "v=spf1 include:_spf.google.com ~all"


def txt(name: str, text: str) -> str:
    pieces = [text[at : at + 250] for at in range(0, len(text), 250)]
    quoted = " ".join('"' + piece.replace('"', '\\"').replace(";", "\\;") + '"' for piece in pieces)
    return f"{name} TXT {quoted}"


def domain(
    label: str,
    *,
    spf: tuple[str, ...] = (SPF,),
    dmarc: tuple[str, ...] | None = None,
    mx: tuple[str, ...] = ("1 smtp.google.com.",),
    google: str = KEY,
    tls_reports: bool = True,
    more: tuple[str, ...] = (),
) -> str:
    """The records of a domain in order, but for what is given."""
    usual = (DMARC.replace("acme.test", f"{label}.test"),)
    lines = [f"{label} A 192.0.2.80", *(f"{label} MX {record}" for record in mx)]
    lines += [txt(label, text) for text in spf]
    lines += [txt(f"_dmarc.{label}", text) for text in (usual if dmarc is None else dmarc)]
    lines += [txt(f"google._domainkey.{label}", google)] if google else []
    reports = f"v=TLSRPTv1; rua=mailto:t@{label}.test"
    lines += [txt(f"_smtp._tls.{label}", reports)] if tls_reports else []
    return "\n".join([*lines, *more])


def rua(label: str) -> str:
    return f"rua=mailto:d@{label}.test; ruf=mailto:d@{label}.test"


GOOD = domain(
    "good",
    mx=("10 mx1.good", "20 mx2.good"),
    more=("mx1.good A 127.0.0.31", "mx2.good A 127.0.0.32"),
)
OUTSIDE = {
    "com": "\n".join(
        [
            'google TXT "x"',
            '_spf.google TXT "v=spf1 ip4:35.190.247.0/24 ~all"',
            "smtp.google A 142.250.1.27",
            "split.mail.protection.outlook A 52.101.1.1",
            'amazonses TXT "v=spf1 ip4:199.255.192.0/22 -all"',
            "feedback-smtp.eu-west-1.amazonses A 52.101.1.2",
        ]
    ),
    "in-addr.arpa": "31.0.0.127 PTR mx1.good.test.\n32.0.0.127 PTR mx2.good.test.\n"
    "33.0.0.127 PTR mx.dane.test.\n",
}
