"""A domain's mail at a real nameserver: one good company, and one for each fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from facts.mail_broken import BROKEN, NOTHING, running_companies
from facts.mail_company import OUTSIDE, domain, txt
from launchready_tui.commands.mail import catalogue, target_of
from launchready_tui.facts import saved
from launchready_tui.given import Mail, Told
from launchready_tui.model import Level, Outcome, State
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import Answered, Question, look
from launchready_tui.sprint.launchfile import checked_mail
from network.hostile import hostile_dns
from servers.knot import running_knot
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port
from servers.smtp import Manner, running_smtp

ITEMS = catalogue().items


@pytest.fixture(scope="module")
def options() -> Iterator[Options]:
    with running_companies() as served:
        yield served


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


async def looked(options: Options, name: str, says: Mail = NOTHING) -> Answered:
    question = Question(
        items=ITEMS,
        target=replace(target_of(name), mail=checked_mail(says)),
        told=Told(),
        scope=Scope(hosts=(name,), named=(name,), level=Level.PASSIVE, by="Ana"),
        options=options,
    )
    return await look(question)


def found(answered: Answered) -> set[str]:
    outcomes = answered.run.outcomes.values()
    told = {f"{f.code} {f.subject}" for outcome in outcomes for f in outcome.findings}
    return {one for one in told if not one.startswith(("spf-notes", "dmarc-no-ruf"))}


async def test_a_good_company_passes(options: Options) -> None:
    answered = await looked(options, "good.test", Mail(senders=("google",)))
    assert found(answered) == set()
    states = {id: outcome.state for id, outcome in answered.run.outcomes.items()}
    assert set(states.values()) == {State.PASS}, answered.run.outcomes
    assert {request.level for request in answered.requests} == {"passive"}
    not_run = [seen.value for seen in answered.run.outcomes["mail.transport"].seen]
    assert any(value.startswith("not run here") for value in not_run)


@pytest.mark.parametrize("label", BROKEN)
async def test_a_fault_is_found_and_nothing_else(options: Options, label: str) -> None:
    company = BROKEN[label]
    answered = await looked(options, f"{label}.test", company.says)
    assert found(answered) == set(company.found), answered.run.outcomes
    for outcome in answered.run.outcomes.values():
        assert outcome.state is not State.ERROR, outcome
        for finding in outcome.findings:
            assert "host field" in finding.params["publish"]


SHOWN_ELSEWHERE = {
    "dmarc-own-sender-fails": "a report of a receiver",
    "dkim-unknown": "none of the guessed selectors is there: unknown, and no fault",
    "dkim-key-old-shared": "one key at several domains of one company, or a person's word",
    "mail-from-elsewhere": "an address in the code of the app",
    "spf-notes": "remarks; see what `found` leaves out",
    "dmarc-no-ruf": "a remark; see what `found` leaves out",
    "mta-sts-mx-uncovered": "POLICIES, below: a policy has to be served",
    "mta-sts-stale": "POLICIES, below",
    "smtp-no-starttls": "MAIL_SERVERS, below: a mail server has to answer",
    "smtp-cert": "MAIL_SERVERS, below",
}


def test_every_fault_that_dns_shows_has_its_broken_company() -> None:
    items = ("mail.spf", "mail.dkim", "mail.dmarc", "mail.alignment", "mail.receiving")
    codes = {
        fault.code
        for item in ITEMS
        if item.id in (*items, "mail.transport")
        for fault in item.faults
    }
    shown = {one.partition(" ")[0] for company in BROKEN.values() for one in company.found}
    assert codes - shown == set(SHOWN_ELSEWHERE)


async def test_facts_can_be_kept_and_judged_again(options: Options) -> None:
    answered = await looked(options, "good.test", Mail(senders=("google",)))
    again = await looked(options, "good.test", Mail(senders=("google",)))
    assert saved.encode(answered.run.facts) == saved.encode(again.run.facts)
    assert saved.decode(saved.encode(answered.run.facts)) == dict(answered.run.facts)


@pytest.mark.parametrize("way", ["servfail", "refused", "silent"])
async def test_a_nameserver_that_fails_says_nothing_about_the_domain(way: str) -> None:
    with hostile_dns({}, default=way) as resolver:
        answered = await looked(Options(resolver=resolver, dns_wait=0.05), "acme.test")
    assert found(answered) == set()
    for id, outcome in answered.run.outcomes.items():
        assert outcome.state is State.UNKNOWN, (id, outcome)
        assert resolver in outcome.cause, (id, outcome.cause)


HEAD = "default_type text/plain; location /"


def served(mode: str = "enforce", mx: str = "mx.safe.test", age: int = 604_800) -> str:
    """A policy as nginx hands it out."""
    return (
        f"{HEAD} {{ return 200 'version: STSv1\\nmode: {mode}\\nmx: {mx}\\nmax_age: {age}\\n'; }}"
    )


POLICIES = {
    "is served as it should be": (served(), ()),
    "covers the server by a star": (served(mx="*.safe.test"), ()),
    "is redirected": (f"{HEAD} {{ return 302 https://safe.test/; }}", ("mta-sts-unfetchable",)),
    "comes as a page": (served().replace("plain", "html"), ("mta-sts-unfetchable",)),
    "is not there": (f"{HEAD} {{ return 404 'no'; }}", ("mta-sts-unfetchable",)),
    "names another server": (served(mx="mx.old.test"), ("mta-sts-mx-uncovered",)),
    "holds for an hour": (served(age=3600), ("mta-sts-stale",)),
    "was switched off": (served(mode="none"), ("mta-sts-stale",)),
}
SAFE = "\n".join(
    [
        domain("safe", mx=("1 mx.safe",), more=("mx.safe A 127.0.0.33",)),
        "mta-sts.safe A 127.0.0.34",
        txt("_mta-sts.safe", "v=STSv1; id=1"),
    ]
)
MAIL_SERVERS: dict[str, tuple[Manner, str, tuple[str, ...]]] = {
    "encrypts under its own name": ("tls", "mx.safe.test", ()),
    "encrypts under another name": ("tls", "mx.other.test", ("smtp-cert",)),
    "offers no encryption": ("plain", "mx.safe.test", ("smtp-no-starttls",)),
    "has no time": ("busy", "mx.safe.test", ()),
    "hangs up": ("hangs up", "mx.safe.test", ()),
}


async def transport(pki: Pki, policy: str, manner: Manner, name: str) -> Outcome:
    """What is said of safe.test with such a policy and such a mail server."""
    web, mail = pki.good("mta-sts.safe.test"), pki.good(name)
    port = free_port()
    server = (
        f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {web.chain};"
        f" ssl_certificate_key {web.key}; {policy} }}"
    )
    zones = {"test": SAFE, **OUTSIDE}
    with running_knot(zones) as knot, running_nginx(server), running_smtp(manner, mail) as smtp:
        pins = (f"mta-sts.safe.test:443=127.0.0.1:{port}", f"mx.safe.test:25=127.0.0.1:{smtp}")
        answered = await looked(Options(resolver=knot, ca=str(pki.ca), connect=pins), "safe.test")
    return answered.run.outcomes["mail.transport"]


@pytest.mark.parametrize("way", POLICIES)
async def test_a_policy_is_fetched_and_held_against_the_servers(way: str, pki: Pki) -> None:
    policy, codes = POLICIES[way]
    outcome = await transport(pki, policy, "tls", "mx.safe.test")
    assert tuple(f.code for f in outcome.findings) == codes, outcome
    spoken = next(seen for seen in outcome.seen if seen.label == "STARTTLS mx.safe.test")
    assert spoken.value.startswith("trusted, TLSv1.")


@pytest.mark.parametrize("way", MAIL_SERVERS)
async def test_a_mail_server_is_asked_itself(way: str, pki: Pki) -> None:
    manner, name, codes = MAIL_SERVERS[way]
    outcome = await transport(pki, served(), manner, name)
    assert tuple(f.code for f in outcome.findings) == codes, outcome


def bytes_of(zone: str) -> str:
    """Text that is not ASCII, as a zone file spells it."""
    return "".join(
        c if c.isascii() else "".join(f"\\{byte:03d}" for byte in c.encode()) for c in zone
    )


HOSTILE = {
    "many": "\n".join(
        [
            domain(
                "many", spf=("v=spf1 " + " ".join(f"include:n{n}.many.test" for n in range(300)),)
            ),
            *(
                txt(
                    f"n{n}.many",
                    " ".join(["v=spf1", *(f"include:n{n + m}.many.test" for m in (1, 2, 3))]),
                )
                for n in range(300)
            ),
        ]
    ),
    "smart": domain(
        "smart", spf=("v=spf1 include:“a.test” ~all",), dmarc=("v=DMARC1; p=“reject”",)
    ),
    "escapes": domain("escapes", spf=("v=spf1 a:\\027[31mx ~all",), google="v=DKIM1; p=\\027[2J"),
    "long": domain("long", spf=("v=spf1 " + "x" * 9_000 + " ~all",)),
}


@pytest.mark.parametrize("label", HOSTILE)
async def test_records_that_nobody_should_publish_end_nothing(label: str) -> None:
    with running_knot({"test": bytes_of(HOSTILE[label]), **OUTSIDE}) as knot:
        answered = await looked(Options(resolver=knot), f"{label}.test")
    assert any(one.startswith("spf-") for one in found(answered))
    assert len(answered.requests) < 250
    assert not any(o.state is State.ERROR for o in answered.run.outcomes.values())
    assert "\x1b" not in str(answered.run)
