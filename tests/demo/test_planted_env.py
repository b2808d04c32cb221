"""The lab's settings and secrets: what only looks wrong, and what mending leaves alone."""

from __future__ import annotations

from pathlib import Path

from dotenv.main import DotEnv

from demo.proofs_env import DEV, PROD, PROOFS, STAGING, git, history, line
from demo.raw import environment, tracked
from launchready_tui.demo import Lab
from launchready_tui.demo.admin_env import REPAIRS
from launchready_tui.demo.headless import recheck_all
from launchready_tui.demo.sprint import begin
from launchready_tui.demo.truth import place, read_truth
from launchready_tui.model import Level


def test_every_fault_of_settings_is_planted_proven_and_repaired() -> None:
    assert set(REPAIRS) == set(PROOFS)
    assert set(PROOFS) <= {fault.code for fault in read_truth().planted}


def test_one_repair_leaves_the_other_faults_where_they_are(own_lab: Lab) -> None:
    mine = [fault for fault in own_lab.truth.planted if fault.code in PROOFS]
    for number, fault in enumerate(mine, start=1):
        own_lab.fix(fault.code, fault.subject)
        there = {one.code for one in mine if PROOFS[one.code](own_lab, one.subject)}
        assert there == {one.code for one in mine[number:]}, fault.code


def test_a_secret_of_the_history_is_mended_by_whatever_commit_names_it(own_lab: Lab) -> None:
    before = git(own_lab, "rev-parse", "HEAD")
    said = own_lab.fix("secret-in-history", "0123456789:notices/src/sms.js:3")
    assert "revoked" in said
    assert git(own_lab, "rev-parse", "HEAD") != before
    assert "notices/src/sms.js" in tracked(own_lab)
    assert "gatewayToken" in history(own_lab)


def test_a_place_loses_a_commits_id_and_nothing_else() -> None:
    assert place("0123456789:a/b.js:3") == "a/b.js:3"
    for kept in ("a/b.js:3", "0123456789:3", "https://a.test:443", "deadbeef00.test:443"):
        assert place(kept) == kept


def test_the_settings_files_stay_out_of_git_when_all_is_mended(own_lab: Lab) -> None:
    for fault in own_lab.truth.planted:
        own_lab.fix(fault.code, fault.subject)
    assert not {PROD, STAGING, DEV} & set(tracked(own_lab))
    assert git(own_lab, "status", "--porcelain") == ""
    assert "sk_live_" not in history(own_lab)


def test_comments_of_the_example_files_become_purposes_where_nobody_wrote_one(
    own_lab: Lab, tmp_path: Path
) -> None:
    session = begin(own_lab, tmp_path / "sprint", by="a test", level=Level.PASSIVE)
    try:
        assert session.take_comments() == ()
        recheck_all(session, ["env.names"])
        session.set_variables(["QUEUE_URL"], {"purpose": "said by a person"})
        taken = session.take_comments()
        held = {one.name: one.purpose for one in session.store.variables().variables}
        assert held["API_TOKEN"] == "Machines read work orders with this token."
        assert held["QUEUE_URL"] == "said by a person"
        assert "QUEUE_URL" not in taken
        assert set(taken) | {"QUEUE_URL"} == set(held)
        assert session.take_comments() == ()
    finally:
        session.close()


class TestLookAlikes:
    """Each of these is as innocent as truth.toml says."""

    def test_the_password_in_quotes_is_read_whole(self, lab: Lab) -> None:
        name, _, held = line(lab, f"{PROD}:9").partition("=")
        assert "#" in held
        assert DotEnv(lab.repo / PROD).dict()[name] == held.strip("'")

    def test_staging_and_developers_have_keys_of_the_test_mode(self, lab: Lab) -> None:
        assert line(lab, f"{STAGING}:17").startswith("VITE_FEES_KEY=pk_test_")
        assert line(lab, f"{DEV}:17").startswith("STRIPE_SECRET_KEY=sk_test_")

    def test_what_is_called_preview_is_a_service(self, lab: Lab) -> None:
        assert line(lab, f"{PROD}:5").endswith("//preview-images:8080")
        assert "\n  preview-images:\n" in (lab.repo / "compose.yaml").read_text()

    def test_analytics_have_one_key_on_purpose(self, lab: Lab) -> None:
        held = {environment(lab, path)["POSTHOG_API_KEY"] for path in (PROD, STAGING, DEV)}
        assert len(held) == 1

    def test_git_ignores_the_developers_file(self, lab: Lab) -> None:
        assert git(lab, "check-ignore", DEV).strip() == DEV

    def test_tests_and_development_have_made_up_secrets(self, lab: Lab) -> None:
        assert 'gatewayPassword = "' in line(lab, "notices/tests/sms.test.js:3")
        assert "(development && " in line(lab, "notices/src/sign.js:6")
