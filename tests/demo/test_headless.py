"""The whole demo without a terminal, and what a repair does to the next check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launchready_tui.demo import Lab, headless
from launchready_tui.demo.headless import found_in, give_mails, permits_of, recheck_all
from launchready_tui.demo.repository import made_up
from launchready_tui.demo.score import score
from launchready_tui.demo.sprint import begin
from launchready_tui.demo.truth import read_truth
from launchready_tui.model import Level
from launchready_tui.session import Session

ROOT = Path(__file__).parents[2]
LEAKED = (
    ("FORMER_GATEWAY_TOKEN", 40),
    ("MAP_TILES_TOKEN", 36),
    ("NOTICES_DB", 24),
    ("PUSH_API_KEY", 32),
    ("REFUND_KEY", 24),
    ("STRIPE_LIVE", 24),
    ("STRIPE_TEST", 24),
)
"""Made-up values of the shift notices, in code, history, build output or settings files."""


class Told:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, text: str) -> None:
        self.lines.append(text)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def session(own_lab: Lab, tmp_path: Path) -> Iterator[Session]:
    opened = begin(own_lab, tmp_path / "sprint", by="a test", level=Level.ACTIVE)
    yield opened
    opened.close()


def test_it_finds_all_that_is_planted_and_nothing_else(tmp_path: Path) -> None:
    said, told = Told(), Told()
    code = headless.run(tmp_path / "out", said, narrate=told)
    count = len(read_truth().unloaded().planted)
    assert f"{count} planted · {count} found · 0 missed · 0 of" in said.text
    assert "nobody planted" not in said.text
    assert code == 0
    assert "NO-GO" in said.lines[0]
    assert (tmp_path / "out/HANDOVER.md").read_text().startswith("#")
    assert (tmp_path / "out/sprint/launchready.toml").exists()
    assert [path.name for path in sorted((tmp_path / "out/lab").iterdir())] == [
        "inbox",
        "repository",
    ]


def test_neither_sprint_nor_guide_holds_a_planted_value(tmp_path: Path) -> None:
    headless.run(tmp_path, Told())
    values = [made_up("API_TOKEN", 40), made_up("TIDE_API_KEY", 32)]
    assert all(v in (tmp_path / "lab/repository/.env.production").read_text() for v in values)
    values += [made_up("rota ROTA_API_KEY", 24), made_up("supabase service_role", 43)]
    values += [made_up(*one) for one in LEAKED]
    kept = [tmp_path / "HANDOVER.md", *(tmp_path / "sprint").rglob("*")]
    assert len(kept) > 5
    for path in filter(Path.is_file, kept):
        data = path.read_bytes()
        assert not any(value.encode() in data for value in values), path


def test_a_second_run_takes_a_new_folder_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    said, told = Told(), Told()
    assert headless.run(tmp_path, said, narrate=told, as_json=True) == 0
    assert "is not empty" in told.text
    assert (tmp_path / "run-2/HANDOVER.md").exists()
    assert (tmp_path / "mine.txt").read_text() == "keep me"
    summary = json.loads(said.text)
    assert summary["guide"] == str(tmp_path / "run-2/HANDOVER.md")
    assert summary["score"]["missed"] == summary["score"]["unexpected"] == []
    assert summary["planted"] == len(summary["score"]["found"])
    assert headless.run(tmp_path, Told()) == 0
    assert (tmp_path / "run-3/HANDOVER.md").exists()


def test_a_file_in_the_way_is_told_and_nothing_is_touched(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    told = Told()
    assert headless.run(tmp_path / "out", Told(), narrate=told) == headless.CANNOT_RUN
    assert "is a file; name a folder" in told.text
    assert (tmp_path / "out").read_text() == "mine"


def test_nothing_is_sent_anywhere_but_to_this_computer(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "places = set()\n"
        "def hook(event, args):\n"
        "    if event in ('socket.connect', 'socket.sendto', 'socket.bind'):\n"
        "        if isinstance(args[1], tuple): places.add(str(args[1][0]))\n"
        "    elif event in ('socket.getaddrinfo', 'socket.gethostbyname'):\n"
        "        if args[0]: places.add(str(args[0]))\n"
        "sys.addaudithook(hook)\n"
        "from pathlib import Path\n"
        "from launchready_tui.demo import headless\n"
        "assert headless.run(Path(sys.argv[1]), lambda text: None) == 0\n"
        "print(sorted(places))\n"
    )
    done = _python(code, str(tmp_path / "out"), path=os.environ["PATH"])
    assert done.stderr == ""
    assert done.stdout.strip() == "['127.0.0.1']"


def test_without_git_it_says_so_and_misses_nothing_that_could_be_there(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from launchready_tui.demo import headless\n"
        "sys.exit(headless.run(Path(sys.argv[1]), print, narrate=print))\n"
    )
    done = _python(code, str(tmp_path / "out"), path="/nonexistent")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "git is not installed" in done.stdout
    assert "secret-committed" not in done.stdout


def _python(code: str, argument: str, *, path: str) -> subprocess.CompletedProcess[str]:
    """A run without a terminal, a home or a keyring."""
    return subprocess.run(
        [sys.executable, "-c", code, argument],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": path, "HOME": "/nonexistent", "LAUNCHREADY_VAULT": "memory"},
        timeout=60,
    )


def test_a_repair_shows_as_before_and_after(session: Session) -> None:
    recheck_all(session)
    found = session.outcomes["tls.certificate"].findings
    assert "www.harbour-ops.test" in {f.subject for f in found if f.code == "cert-wrong-host"}
    said = session.lab_fix("cert-wrong-host", "www.harbour-ops.test")
    assert "www.harbour-ops.test" in said
    recheck_all(session, ["tls.certificate"])
    before = session.before("tls.certificate")
    assert before is not None
    assert "cert-wrong-host" in {finding.code for finding in before.findings}
    after = session.outcomes["tls.certificate"].findings
    assert "cert-wrong-host" not in {finding.code for finding in after}
    assert len(after) == len(found) - 1


def test_neither_record_nor_guide_holds_the_test_users_secrets(
    session: Session, own_lab: Lab, tmp_path: Path
) -> None:
    recheck_all(session, permits=permits_of(session))
    session.export(tmp_path)
    secrets = [own_lab.company.password, own_lab.company.api_token]
    for name in session.keychain.names():
        held = session.keychain.get(name)
        assert held is not None
        secrets.append(held.reveal().splitlines()[-1].rpartition("=")[2])
    assert len(secrets) == 5
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) > 5
    for path in kept:
        assert not any(secret.encode() in path.read_bytes() for secret in secrets), path


def test_the_sprint_names_the_apps_addresses_as_its_owner_would(session: Session) -> None:
    web = session.target.web
    assert web.app == "https://app.harbour-ops.test/"
    assert web.heavy.endswith("/v1/statistics")
    assert len(web.private) == len(web.webhooks) == 2
    assert session.target.redirects.endswith("old-urls.csv")
    assert session.keychain.names() == ("cloudflare-token", "test-login", "test-session")


def test_load_is_not_put_on_the_app_by_itself(session: Session) -> None:
    assert "noisy-neighbour" not in permits_of(session).probes
    assert "login-burst" in permits_of(session).probes


def test_after_all_repairs_a_check_finds_nothing(session: Session, own_lab: Lab) -> None:
    for fault in own_lab.truth.planted:
        session.lab_fix(fault.code, fault.subject)
    give_mails(session, own_lab)
    recheck_all(session, permits=permits_of(session))
    result = score(found_in(session.outcomes), own_lab.truth)
    assert (result.found, result.flagged, result.unexpected) == ((), (), ())
    items = {fault.item for fault in own_lab.truth.unloaded().planted}
    assert {session.outcomes[item].state.value for item in items} == {"pass"}


def test_every_planted_fault_stands_under_the_item_that_finds_it(session: Session) -> None:
    for fault in read_truth().planted:
        item, declared = session.catalogue.fault(fault.code)
        assert (item.id, declared.code) == (fault.item, fault.code)
    for alike in read_truth().lookalikes:
        session.catalogue.fault(alike.code)
