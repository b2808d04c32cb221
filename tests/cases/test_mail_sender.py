"""mail.sender: name, address, return-path and signer side by side, in the domain's own name."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.proof_world import mail, mails, proof
from launchready_tui.given import ProvenMails, Target
from launchready_tui.model import Outcome, State

ELSEWHERE = "Acme <hello@other.test>"


def side_by_side(outcome: Outcome) -> None:
    shown = {seen.label: seen.value for seen in outcome.seen}
    assert shown["invite, name"] == "Acme"
    assert shown["invite, address"] == "hello@acme.test"
    assert shown["invite, Return-Path"] == "send.acme.test"
    assert shown["invite, signed by"] == "acme.test"
    assert not outcome.proven


def one(says: str, data: bytes, *finds: str, not_: tuple[str, ...] = ()) -> Example:
    return Example(says, (mails(proof(data)),), finds, not_)


test_examples = examples(
    "mail.sender",
    [
        Example("all in the domain's own name", (mails(),), also=side_by_side),
        Example("nothing was given", (ProvenMails(),), state=State.UNKNOWN),
        one(
            "a sandbox sends",
            mail(sender="Acme <onboarding@resend.dev>"),
            "mail-from-sandbox invite: resend.dev",
            "mail-return-path-of-provider invite: send.acme.test",
        ),
        one(
            "a private mailbox sends",
            mail(sender="Acme <acme@gmail.com>", return_path="acme@gmail.com"),
            "mail-from-sandbox invite: gmail.com",
        ),
        one(
            "answers go to a private mailbox",
            mail(more="Reply-To: acme@gmail.com\r\n"),
            not_=("mail-from-sandbox",),
        ),
        one(
            "two authors",
            mail(sender="a@acme.test, b@acme.test"),
            "mail-from-not-one invite: From",
            "mail-sender-nameless invite: From",
        ),
        one(
            "a name with a comma in it is one author",
            mail(sender='"Acme, Inc." <hello@acme.test>'),
            not_=("mail-from-not-one", "mail-sender-nameless"),
        ),
        one(
            "another domain than the app's",
            mail(sender=ELSEWHERE, return_path="x@other.test"),
            "mail-from-foreign invite: other.test",
        ),
        one(
            "a domain below the app's",
            mail(sender="Acme <hello@mail.acme.test>"),
            not_=("mail-from-foreign",),
        ),
        Example(
            "the app lives below the domain that sends",
            (mails(proof(target=Target(domain="ops.acme.test"))),),
            not_=("mail-from-foreign",),
        ),
        one("no name", mail(sender="hello@acme.test"), "mail-sender-nameless invite: From"),
        one(
            "bounces go to the service",
            mail(return_path="x@bounces.esp.test"),
            "mail-return-path-of-provider invite: bounces.esp.test",
        ),
        one(
            "bounces go below the own domain",
            mail(return_path="x@em1.acme.test"),
            not_=("mail-return-path-of-provider",),
        ),
    ],
)
