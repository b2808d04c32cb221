"""From a sprint on disk to the guide's state: dated by the record, with names and never values."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from guide_sprint import CATALOGUE, make_ignored
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.dns import DnsSetup, NameRecords
from launchready_tui.facts.env import EnvNames, Used
from launchready_tui.facts.env_files import EnvEntry, EnvFile, EnvFiles
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.guide import written
from launchready_tui.guide.gathered import state_of
from launchready_tui.guide.handover import handover
from launchready_tui.guide.state import GuideState
from launchready_tui.model import Attestation, Consent, Fact, Level, Note, Unknown
from launchready_tui.network.seen import Alias, Answer, Certificate, Handshake
from launchready_tui.sprint.store import Store
from launchready_tui.verdict import judge

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "acme", domain="acme.test", client="Acme", by="Anna")
    store.consent(Consent(by="Anna", at=AT, level=Level.PASSIVE, hosts=("acme.test",)))
    return store


def gathered(store: Store, facts: dict[str, Fact] | None = None) -> GuideState:
    return state_of(
        CATALOGUE,
        store,
        facts or {},
        lambda at: judge(CATALOGUE, store.target, {}, store.attestations(), {}, at),
    )


def answer(name: str, rdtype: str, *records: str, **more: object) -> Answer:
    outcome = "ok" if records else "nodata"
    given = {"outcome": outcome, "target": name, "records": records, "ttl": 300, **more}
    return Answer(name=name, rdtype=rdtype, **given)  # type: ignore[arg-type]


def dns() -> DnsSetup:
    apex = NameRecords(
        name="acme.test",
        a=answer("acme.test", "A", "192.0.2.1"),
        aaaa=answer("acme.test", "AAAA"),
        wanted="the domain itself",
    )
    www = NameRecords(
        name="www.acme.test",
        a=answer(
            "www.acme.test",
            "A",
            "192.0.2.9",
            target="edge.host.test",
            chain=(Alias(name="www.acme.test", target="edge.host.test", ttl=60),),
        ),
        aaaa=answer("www.acme.test", "AAAA"),
    )
    silent = NameRecords(
        name="api.acme.test",
        a=answer("api.acme.test", "A", outcome="unknown", cause="192.0.2.53 did not answer"),
        aaaa=answer("api.acme.test", "AAAA"),
    )
    absent = NameRecords(
        name="admin.acme.test",
        a=answer("admin.acme.test", "A"),
        aaaa=answer("admin.acme.test", "AAAA"),
    )
    nothing = answer("acme.test", "CAA")
    return DnsSetup(
        domain="acme.test",
        zone="acme.test",
        names=(apex, www, silent, absent),
        probe=absent,
        probe_text=nothing,
        probe_mail=nothing,
        ns=answer("acme.test", "NS", "ns1.host.test"),
        soa=nothing,
        mx=answer("acme.test", "MX", "10 mx.host.test"),
        txt=answer("acme.test", "TXT", "v=spf1 -all"),
        caa=nothing,
        max_ttl=300,
    )


def test_the_guide_is_dated_by_the_newest_record_and_not_by_the_clock(store: Store) -> None:
    assert gathered(store).at == AT
    later = AT.replace(month=4)
    store.note(Note(id="1", at=later, by="Ben", item="dns.apex", text="moved"))
    assert gathered(store).at == later
    assert "2 April 2026" in handover(gathered(store))


def test_a_hit_that_was_set_aside_comes_along_and_dates_the_guide(store: Store) -> None:
    at = AT.replace(year=2027)
    store.ignore(
        replace(make_ignored("docs"), at=at, reason="the made-up password of our tutorial")
    )
    state = gathered(store)
    assert [one.path for one in state.ignored.hits] == ["docs"]
    assert state.at == at
    assert "no longer counts**: it has expired" in handover(state)


def test_the_same_record_gives_the_same_guide_when_opened_again(store: Store) -> None:
    evidence = store.add_evidence("make rollback", "txt")
    store.attest(
        Attestation(
            item="deploy.rollback-notes", by="Ben", at=AT, says="pass", evidence=(evidence,)
        )
    )
    first = handover(gathered(store, {"DnsSetup": dns()}))
    store.close()
    again = Store.open(store.root, read_only=True)
    assert handover(gathered(again, {"DnsSetup": dns()})) == first
    assert "make rollback" in first


def test_records_are_listed_with_their_aliases_and_what_could_not_be_told(store: Store) -> None:
    lines = {
        (entry.name, entry.rdtype, entry.value, entry.cause)
        for entry in gathered(store, {"DnsSetup": dns()}).dns
    }
    assert lines == {
        ("acme.test", "A", "192.0.2.1", ""),
        ("www.acme.test", "CNAME", "edge.host.test", ""),
        ("edge.host.test", "A", "192.0.2.9", ""),
        ("api.acme.test", "A", "", "192.0.2.53 did not answer"),
        ("acme.test", "NS", "ns1.host.test", ""),
        ("acme.test", "MX", "10 mx.host.test", ""),
        ("acme.test", "TXT", "v=spf1 -all", ""),
    }


def test_names_that_only_a_certificate_told_are_listed_too(store: Store) -> None:
    found = NameRecords(
        name="jobs.acme.test",
        a=answer("jobs.acme.test", "A", "192.0.2.70", ttl=20),
        aaaa=answer("jobs.acme.test", "AAAA"),
    )
    facts: dict[str, Fact] = {
        "DnsSetup": dns(),
        "CertificateNames": CertificateNames(names=(found,), hosts=()),
    }
    assert ("jobs.acme.test", "A", "192.0.2.70", 20) in [
        (entry.name, entry.rdtype, entry.value, entry.ttl) for entry in gathered(store, facts).dns
    ]


def leaf(ends: datetime) -> Certificate:
    return Certificate(
        subject="", issuer="", names=(), not_before=AT, not_after=ends, serial="", sha256="", key=""
    )


def shaken(outcome: str, *chain: Certificate) -> Handshake:
    return Handshake(host="h", address="192.0.2.1", port=443, outcome=outcome, chain=chain)  # type: ignore[arg-type]


def test_a_certificate_ends_on_the_earliest_day_that_browsers_accept(store: Store) -> None:
    may, june = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    good = HostTls(
        host="acme.test", handshakes=(shaken("trusted", leaf(june)), shaken("trusted", leaf(may)))
    )
    bad = HostTls(host="bad.acme.test", handshakes=(shaken("untrusted", leaf(may)),))
    silent = HostTls(host="silent.acme.test", handshakes=(shaken("unknown"),), cause="timed out")
    state = gathered(store, {"TlsHosts": TlsHosts(hosts=(good, bad, silent))})
    assert [(ends.host, ends.day) for ends in state.certificates] == [("acme.test", may.date())]
    cut = HostTls(host="cut.acme.test", handshakes=(shaken("trusted"),))
    assert gathered(store, {"TlsHosts": TlsHosts(hosts=(cut,))}).certificates == ()


def test_variables_are_listed_by_name_with_where_they_were_seen(store: Store) -> None:
    facts: dict[str, Fact] = {
        "EnvNames": EnvNames(
            used=(
                Used(name="API_KEY", strength="plain", places=("src/a.ts:3", "src/b.ts:4")),
                Used(name="TEST_ONLY", strength="plain", places=("t.ts:1",), only_tests=True),
            ),
            run_time=(),
            mentioned=(),
            declared=(),
        ),
        "EnvFiles": EnvFiles(
            files=(
                EnvFile(
                    path=".env.example",
                    environment="example",
                    entries=(EnvEntry(name="API_KEY", line=1), EnvEntry(name="OLD", line=2)),
                ),
            ),
            git="none",
        ),
    }
    assert [(entry.name, entry.where) for entry in gathered(store, facts).env] == [
        ("API_KEY", "read in src/a.ts:3, src/b.ts:4; set in .env.example"),
        ("OLD", "set in .env.example"),
    ]


def test_a_fact_that_could_not_be_told_leaves_its_section_with_a_reason(store: Store) -> None:
    state = gathered(store, {"DnsSetup": Unknown(cause="the resolver is silent")})
    assert state.dns == ()
    assert "None recorded, because no check has read the DNS records yet." in handover(state)


def test_evidence_that_was_edited_is_not_quoted(store: Store) -> None:
    evidence = store.add_evidence("make rollback", "txt")
    store.attest(Attestation(item="logs.review", by="B", at=AT, says="pass", evidence=(evidence,)))
    path = store.folder / "evidence" / f"{evidence}.txt"
    path.write_text("rm -rf /")
    assert gathered(store).texts == {}


@pytest.mark.parametrize("out", ["", "folder", "guide.md", "deep/er/guide.MD"])
def test_the_guide_goes_into_a_folder_or_a_named_file_with_its_checksum(
    out: str, tmp_path: Path
) -> None:
    path = written.write(tmp_path / out, "# x\n")
    assert path == tmp_path / out / ("" if out.lower().endswith(".md") else "HANDOVER.md")
    assert written.trouble(path) == ""
    path.write_text("# y\n")
    assert "changed after it was exported" in written.trouble(path)
    path.with_name(f"{path.name}.sha256").unlink()
    assert "no checksum" in written.trouble(path)
    path.unlink()
    assert "cannot be read" in written.trouble(path)
