"""mail.system-mails: the three mails arrived, signed, aligned, with links that lead to the app."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.proof_world import LINK, key_record, mail, mails, proof, zone
from cases.world import MOMENT
from launchready_tui.checks.mail_proof import FRESH
from launchready_tui.given import ProvenMails, Target
from launchready_tui.model import Outcome, Severity, State

BOUNCE = (
    b"From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\r\nTo: hello@acme.test\r\n"
    b"Subject: failure\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
    b"550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n"
    b"550 5.7.26 gsmtp\r\n"
)
PASTED = b"The response was:\n\n452-4.2.2 The recipient's inbox is out of storage. gsmtp"
FOREIGN = mail(signers=("esp.test",), return_path="x@bounces.esp.test")
EQUAL_ONLY = zone(**{"s1._domainkey.acme.test": [{"TXT": f"{key_record()}; t=s"}]})
BULK = (
    "Precedence: bulk\r\nList-Unsubscribe: <https://app.acme.test/u>\r\n"
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
)
CODE = "reset-link-not-canonical"


def settled(outcome: Outcome) -> None:
    assert outcome.proven


def severity(wanted: Severity | None) -> object:
    def check(outcome: Outcome) -> None:
        assert [finding.severity for finding in outcome.findings] == [wanted]

    return check


def invite(data: bytes, **how: object) -> tuple[ProvenMails]:
    return (mails(proof(data, **how)),)  # type: ignore[arg-type]


def one(says: str, data: bytes, *finds: str, not_: tuple[str, ...] = (), **more: object) -> Example:
    """An example about the invite alone; the other two are in order."""
    given = {key: more.pop(key) for key in ("folder", "target", "dns", "receivers", "kind", "days")
             if key in more}  # fmt: skip
    facts = (*invite(data, **given), MOMENT)
    return Example(says, facts, finds, not_, **more)  # type: ignore[arg-type]


test_examples = examples(
    "mail.system-mails",
    [
        one("all three arrived as they should", mail(), not_=("mail-in-spam",), also=settled),
        Example(
            "one kind is still to come",
            (ProvenMails(proofs=(proof(), proof(kind="reset"))), MOMENT),
            not_=("mail-refused", "mail-in-spam"),
            state=State.UNKNOWN,
        ),
        one("a proof of last month", mail(), days=FRESH.days + 1, state=State.UNKNOWN),
        one("found in spam", mail(), "mail-in-spam invite", folder="spam"),
        one("refused by Gmail", BOUNCE, "mail-refused invite", also=severity(None)),
        one(
            "a full mailbox, to be tried again",
            PASTED,
            "mail-refused invite",
            also=severity(Severity.HIGH),
        ),
        # ------------------------------------------------------------ signatures
        one(
            "signed by the service only",
            FOREIGN,
            "dkim-not-own-domain invite: acme.test",
            "mail-not-aligned invite: acme.test",
        ),
        one(
            "signed by the service and by us",
            mail(signers=("esp.test", "acme.test"), return_path="x@bounces.esp.test"),
            not_=("dkim-not-own-domain", "mail-not-aligned"),
            also=settled,
        ),
        one(
            "not signed at all, but sent by a permitted server",
            mail(signers=()),
            "dkim-not-own-domain invite: acme.test",
            not_=("mail-not-aligned", "dkim-signature-fails"),
        ),
        one(
            "changed on the way, after it was signed",
            mail(changed=True),
            "dkim-signature-fails invite: s=s1 d=acme.test",
            receivers=(),
        ),
        one(
            "changed by whoever copied it: the receiver saw it pass",
            mail(changed=True),
            not_=("dkim-signature-fails",),
            also=settled,
        ),
        one(
            "changed by whoever copied it, and nothing else speaks for it",
            mail(changed=True, return_path="x@bounces.esp.test"),
            not_=("dkim-signature-fails", "mail-not-aligned", "dkim-not-own-domain"),
            state=State.UNKNOWN,
        ),
        one(
            "the text may be added to",
            mail(tags="l=0; "),
            "dkim-signature-weak invite: s=s1 d=acme.test",
        ),
        one(
            "the end of a signature is ahead",
            mail(tags="x=1900000000; "),
            not_=("dkim-signature-weak",),
        ),
        one(
            "the signature has expired",
            mail(tags="x=1700000000; "),
            "dkim-signature-weak invite: s=s1 d=acme.test",
        ),
        one(
            "From is not signed",
            mail(names="to:subject"),
            "dkim-signature-weak invite: s=s1 d=acme.test",
            also=severity(Severity.BLOCKER),
        ),
        one(
            "the key allows equal names only, and the signer is below",
            mail(tags="i=@app.acme.test; "),
            "dkim-subdomain-flag invite: s=s1 d=acme.test",
            dns=EQUAL_ONLY,
        ),
        one(
            "the key allows equal names only, and they are equal",
            mail(tags="i=@acme.test; "),
            not_=("dkim-subdomain-flag",),
            dns=EQUAL_ONLY,
        ),
        # ------------------------------------------------------------ links
        one(
            "the link leads to localhost",
            mail(link="http://localhost:3000/reset?token=x"),
            f"{CODE} invite: localhost",
            also=severity(None),
        ),
        one(
            "the link leads to a preview",
            mail(link="https://acme-git-main-team.vercel.app/x"),
            f"{CODE} invite: acme-git-main-team.vercel.app",
        ),
        one(
            "the link leads to a private address",
            mail(link="http://10.1.2.3/reset"),
            f"{CODE} invite: 10.1.2.3",
        ),
        one(
            "the login provider hands people on to localhost",
            mail(link="https://ref.supabase.co/auth/v1/verify?redirect_to=http://localhost:3000"),
            f"{CODE} invite: localhost",
        ),
        one(
            "the login provider hands people on to the app",
            mail(link="https://ref.supabase.co/auth/v1/verify?redirect_to=https://app.acme.test/"),
            not_=(CODE,),
        ),
        one(
            "without encryption",
            mail(link="http://app.acme.test/reset"),
            f"{CODE} invite: app.acme.test",
            also=severity(Severity.HIGH),
        ),
        one(
            "a click counter of the mail service",
            mail(link="https://click.esp.test/c/abc"),
            not_=(CODE,),
            state=State.UNKNOWN,
        ),
        one(
            "a click counter that says where it leads",
            mail(link="https://click.esp.test/c?url=https%3A%2F%2Fapp.acme.test%2Fx"),
            not_=(CODE,),
            also=settled,
        ),
        one(
            "an address in the markup that nobody opens",
            mail(link=f"{LINK} http://www.w3.org/1999/xhtml"),
            not_=(CODE,),
        ),
        one(
            "the app itself lives at the host's name",
            mail(link="https://acme-git-main-team.vercel.app/x"),
            not_=(CODE,),
            target=Target(domain="acme-git-main-team.vercel.app"),
        ),
        # ------------------------------------------------------------ who sends
        one(
            "the login service's built-in mailer",
            mail(sender="Acme <noreply@mail.app.supabase.io>", signers=()),
            "builtin-mailer-in-production invite: mail.app.supabase.io",
            "dkim-not-own-domain invite: mail.app.supabase.io",
            "mail-not-aligned invite: mail.app.supabase.io",
        ),
        one(
            "a name that only sounds like it",
            mail(sender="Acme supabase.io <hello@acme.test>"),
            not_=("builtin-mailer-in-production",),
        ),
        Example(
            "an invite needs no way to unsubscribe",
            (mails(proof(mail(more="Precedence: bulk\r\n"))), MOMENT),
            not_=("mail-unsubscribe-missing",),
        ),
        Example(
            "a notice to many that cannot be left",
            (mails(proof(mail(more="Precedence: bulk\r\n"), kind="notification")), MOMENT),
            ("mail-unsubscribe-missing notification: List-Unsubscribe",),
        ),
        Example(
            "a notice to many that can be left with one click",
            (mails(proof(mail(more=BULK), kind="notification")), MOMENT),
            not_=("mail-unsubscribe-missing",),
        ),
        one(
            "no DMARC record, and aligned all the same",
            mail(),
            dns=zone(**{"_dmarc.acme.test": []}),
            not_=("mail-not-aligned",),
        ),
    ],
)
