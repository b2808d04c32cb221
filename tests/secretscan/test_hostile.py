"""Content and repositories made to hurt: a scan says what it left out, and never raises."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
import tarfile
import threading
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.secret_scan import secret_scan
from launchready_tui.given import NO_PRINTS, Target
from launchready_tui.records.env_record import Rotations
from launchready_tui.secret import Secret
from launchready_tui.secretscan.content import BLOCK, Leftovers, of_bytes
from launchready_tui.secretscan.engine import Reduced
from launchready_tui.secretscan.found import SecretScan
from launchready_tui.secretscan.known import KnownValues, settings
from launchready_tui.secretscan.lookalike import judge
from launchready_tui.secretscan.search import Search, scan_folder
from secretscan.corpus import ALNUM, drawn, key, pem
from servers.processes import program

ENGINE = Reduced()
LIVE = key("sk_", "li" + "ve_", length=24)


def stream(content: bytes, path: str = "file.ts") -> SecretScan:
    search = Search(ENGINE, KnownValues(()))
    search.stream(path, io.BytesIO(content))
    return search.result()


def places(scan: SecretScan) -> list[str]:
    return [leak.subject for leak in scan.leaks]


def git(root: Path, *asked: str) -> None:
    person = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.test")
    command = [program("git"), "-C", str(root), *person, "-c", "protocol.file.allow=always"]
    subprocess.run([*command, *asked], check=True, capture_output=True)


def repo(root: Path, **files: str) -> Path:
    root.mkdir(exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    for name, text in files.items():
        (root / name).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    return root


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_key_is_found_in_every_encoding_at_its_line(coding: str) -> None:
    text = "const a = 1;\n" * 40 + f'const k = "{LIVE}";\n'
    assert places(stream(text.encode(coding))) == ["file.ts:41"]


def test_a_file_larger_than_memory_allows_is_read_in_blocks() -> None:
    line = b"const a = 'nothing to see';\n"
    before = line * (BLOCK // len(line) * 6)
    content = before + f'k = "{LIVE}"\n'.encode()
    tracemalloc.start()
    found = stream(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert places(found) == [f"file.ts:{before.count(10) + 1}"]
    assert peak < 150 * 1024**2


@pytest.mark.parametrize("shift", range(-40, 41, 8))
def test_a_key_across_the_border_of_two_blocks_is_found_once(shift: int) -> None:
    content = b"\n" * (BLOCK + shift - 20) + LIVE.encode() + b"\n" * 100
    assert places(stream(content)) == [f"file.ts:{BLOCK + shift - 19}"]


def test_a_binary_file_shows_keys_by_their_form_only() -> None:
    content = bytes(range(256)) * 20 + f'\0{LIVE}\0 password = "Tr0ub4dor&3x"\0'.encode()
    assert [leak.rule for leak in stream(content, "a.bin").leaks] == ["stripe-secret-key"]


@given(st.binary(max_size=3_000), st.sampled_from(["a.ts", ".env", "a.zip", "a.yml"]))
def test_no_bytes_break_a_scan(content: bytes, path: str) -> None:
    stream(content, path)
    for head in (b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xff\xfe"):
        stream(head + content, path)


@given(st.text(max_size=500))
def test_no_text_breaks_the_reading_of_a_hit(text: str) -> None:
    content = f'{text}password = "{text}" {LIVE} postgres://{text}@x'.encode("utf-8", "replace")
    for hit in ENGINE.scan(content, "a.py"):
        judge(hit, content, "a.py")
    list(settings(text))


def test_archives_are_read_within_limits_and_never_onto_the_disk(tmp_path: Path) -> None:
    inner, outer, bomb = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:gz") as tar:
        member = tarfile.TarInfo("../../way/out.ts")
        member.size = len(LIVE)
        tar.addfile(member, io.BytesIO(LIVE.encode()))
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.tgz", inner.getvalue())
    assert places(stream(outer.getvalue(), "a.zip")) == ["a.zip!/inner.tgz!/../../way/out.ts:1"]
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * (70 * 1024**2))
    found = stream(bomb.getvalue(), "b.zip")
    assert found.gaps == ("b.zip!/zeros: only its first 64 MiB were read",)
    left = Leftovers()
    list(of_bytes("c.zip", outer.getvalue()[:60], left))
    assert "cannot be opened" in left.told[0]


def test_links_lead_neither_out_nor_round_in_circles(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "secret.ts").write_text(LIVE)
    root = repo(tmp_path / "repo", **{"a.ts": "1"})
    (root / "loop").symlink_to(root)
    (root / "out").symlink_to(mine)
    (root / "file.ts").symlink_to(mine / "secret.ts")
    (root / "sub").mkdir()
    (root / "sub" / "secret.ts").write_text("1")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "two")
    (root / "sub" / "secret.ts").unlink()
    (root / "sub").rmdir()
    (root / "sub").symlink_to(mine)
    assert places(scan_folder(root, ENGINE)) == []
    (root / ".git").rename(tmp_path / "elsewhere")
    assert places(scan_folder(root, ENGINE)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text_and_pipes_do_not_stop_it(tmp_path: Path) -> None:
    root = repo(tmp_path / "repo", **{"a.ts": "1"})
    Path(os.fsdecode(os.fsencode(root) + b"/b\xff\n\x1b[31m.ts")).write_text(LIVE)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "two")
    (root / "a.ts").unlink()
    os.mkfifo(root / "a.ts")
    (found,) = scan_folder(root, ENGINE).leaks
    assert found.where == "tree"
    assert "\x1b" not in found.path and "\n" not in found.path


def test_every_kind_of_repository_says_what_it_could_read(tmp_path: Path) -> None:
    root = repo(tmp_path / "repo", **{"a.ts": LIVE})
    git(root, "rm", "-q", "a.ts")
    git(root, "commit", "-qm", "gone")
    whole = scan_folder(root, ENGINE)
    assert whole.history == "whole" and whole.leaks[0].where == "history"
    git(tmp_path, "clone", "-q", "--bare", str(root), "bare")
    bare = scan_folder(tmp_path / "bare", ENGINE, history=False)
    assert bare.history == "whole" and len(bare.leaks) == 1
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "shallow")
    shallow = scan_folder(tmp_path / "shallow", ENGINE)
    assert shallow.history == "part" and "git fetch --unshallow" in shallow.gaps[0]
    git(root, "worktree", "add", "-q", str(tmp_path / "other"))
    assert scan_folder(tmp_path / "other", ENGINE).history == "whole"
    (tmp_path / "plain").mkdir()
    assert scan_folder(tmp_path / "plain", ENGINE).history == "none"
    git(root, "submodule", "add", "-q", str(tmp_path / "bare"), "module")
    git(root, "commit", "-qm", "module")
    assert any("submodule" in gap for gap in scan_folder(root, ENGINE).gaps)


def test_an_empty_repository_has_no_secret(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    git(tmp_path / "new", "init", "-q")
    scan = scan_folder(tmp_path / "new", ENGINE)
    assert scan.leaks == () and scan.gaps == ()


def test_settings_of_the_repository_run_no_program(tmp_path: Path) -> None:
    root = repo(tmp_path / "repo", **{"a.ts": "1", ".gitattributes": "* diff=evil filter=evil\n"})
    for name in ("core.fsmonitor", "diff.evil.textconv", "filter.evil.smudge", "core.pager"):
        git(root, "config", name, f"touch {tmp_path}/ran")
    scan_folder(root, ENGINE)
    assert not (tmp_path / "ran").exists()


def test_a_file_that_git_holds_and_the_folder_does_not_is_missed_unless_the_history_is_read(
    tmp_path: Path,
) -> None:
    root = repo(tmp_path / "repo", **{"a.ts": "1", "b.ts": LIVE})
    (root / "b.ts").unlink()
    assert "the history has them" in scan_folder(root, ENGINE, history=False).gaps[0]
    whole = scan_folder(root, ENGINE)
    assert whole.gaps == () and whole.leaks[0].where == "history"


def test_a_broken_repository_is_read_as_files_and_said_to_be_broken(tmp_path: Path) -> None:
    root = repo(tmp_path / "repo", **{"a.ts": LIVE})
    (root / ".git" / "index").write_bytes(b"DIRC broken")
    scan = scan_folder(root, ENGINE, history=False)
    assert places(scan) == ["a.ts:1"]
    assert "git could not list" in scan.gaps[0]
    for pack in (root / ".git" / "objects").rglob("*"):
        if pack.is_file():
            pack.chmod(0o600)
            pack.write_bytes(b"broken")
    assert scan_folder(root, ENGINE).history == "failed"


def test_without_git_an_env_file_is_no_finding_and_the_history_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "Anker-" + drawn(5) + "!7"
    root = repo(tmp_path / "repo", **{"a.ts": LIVE})
    (root / ".env").write_text(f"DB_PASSWORD={password}\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    scan = scan_folder(root, ENGINE)
    assert places(scan) == ["a.ts:1"]
    assert scan.history == "failed" and "is it installed" in scan.gaps[0]


def test_build_output_is_told_as_such_where_no_git_says_what_was_written(tmp_path: Path) -> None:
    for path in ("dist/a.js", "src/b.js"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(LIVE)
    scan = scan_folder(tmp_path, ENGINE)
    assert {leak.path: leak.where for leak in scan.leaks} == {
        "dist/a.js": "build",
        "src/b.js": "tree",
    }


def test_settings_of_the_repository_hide_no_part_of_the_history(tmp_path: Path) -> None:
    """A secret that came with a merge alone, where git is told to show none of merges."""
    root = repo(tmp_path / "repo", **{"a.ts": "1"})
    git(root, "checkout", "-qb", "idea")
    (root / "b.ts").write_text("1")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "idea")
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "--no-commit", "idea")
    (root / "evil.ts").write_text(LIVE)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "merge")
    git(root, "rm", "-q", "evil.ts")
    git(root, "commit", "-qm", "gone")
    git(root, "config", "log.diffMerges", "off")
    git(root, "config", "diff.renames", "copies")
    assert [leak.path for leak in scan_folder(root, ENGINE).leaks] == ["evil.ts"]


def test_a_key_in_the_name_of_a_file_is_not_shown() -> None:
    found = stream(f'password = "{drawn(20)}"\n'.encode(), f"{LIVE}.py")
    assert found.leaks and LIVE not in repr(found)


async def test_the_fact_holds_what_a_scan_of_the_target_finds(tmp_path: Path) -> None:
    root = repo(tmp_path / "repo", **{"a.ts": LIVE})
    fact = await secret_scan(Target(domain="acme.test", repo=str(root)), Rotations(), NO_PRINTS)
    assert [leak.subject for leak in fact.leaks] == ["a.ts:1"]
    assert fact.history == "whole" and not fact.reduced


async def test_a_scan_that_nobody_waits_for_any_more_ends(tmp_path: Path) -> None:
    root = repo(tmp_path / "repo", **{f"a{number}.ts": "1" for number in range(50)})
    target = Target(domain="acme.test", repo=str(root))
    waiting = asyncio.ensure_future(secret_scan(target, Rotations(), NO_PRINTS))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    for thread in threading.enumerate():
        if thread.name == "disk":
            thread.join(30)
            assert not thread.is_alive()


def test_weak_values_are_not_searched_for() -> None:
    given = [("A", "short"), ("B", "aaaaaaaaaaaa"), ("C", "12345678901"), ("D", "changeme-now")]
    known = KnownValues([(name, Secret(value)) for name, value in given])
    assert len(known) == 0
    assert known.refused == ["A", "B", "C", "D"]


def test_a_known_value_is_found_among_others_in_each_spelling() -> None:
    value = "Werft+" + drawn(6) + "&7"
    known = KnownValues([("A_PASSWORD", Secret(value)), ("B", Secret(drawn(30, ALNUM)))])
    content = f"x = {value}; y".encode()
    assert [(number, content[a:b]) for number, a, b in known.find(content)] == [(0, value.encode())]


def test_a_comment_with_a_reason_explains_a_hit_but_no_live_key() -> None:
    line = 'password = "Tr0ub4' + 'dor&3x"  # launchready:allow a sample of the docs\n'
    assert stream(line.encode(), "a.py").allowed == 1
    live = f'k = "{LIVE}"  # launchready:allow it is only ours\n'
    assert len(stream(live.encode(), "a.py").leaks) == 1
    assert stream(pem().encode(), "a.pem").leaks[0].rule == "private-key"
