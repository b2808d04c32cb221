"""The key of fingerprints: in the keyring alone, made once, handed on, renewed, never a check's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from launchready_tui import fingerprint_key
from launchready_tui.facts.env_fingerprint import Fingerprints, same
from launchready_tui.fingerprint_key import FingerprintKey, NotAKey
from launchready_tui.secret import Secret
from launchready_tui.vault import keychain as keychain_module
from launchready_tui.vault.keychain import FINGERPRINT_KEY, Keychain
from launchready_tui.vault.ladder import VaultError
from servers.keyring import LOCKED, ROOT, SILENT, UNLOCKED, in_session, needs_keyring

VALUE = "Xk39dkwQpz81" + "mB7vLr20TuYs"


def test_a_line_that_was_handed_on_is_the_same_key() -> None:
    key = fingerprint_key.new()
    again = fingerprint_key.of_line(Secret(f"  {key.line().reveal()}\n"))
    assert again.digits == key.digits
    assert again.ident == key.ident
    assert re.fullmatch(r"k1-[0-9a-f]{4}", key.ident)
    assert Fingerprints(again).of("A_KEY", VALUE) == Fingerprints(key).of("A_KEY", VALUE)


def test_a_line_that_lost_a_character_is_told() -> None:
    line = fingerprint_key.new().line().reveal()
    turned = line[:-1] + ("0" if line[-1] != "0" else "1")
    for broken in (line[:-1], turned, "", "hello", line.replace("k1", "k0"), f"{line}0"):
        with pytest.raises(NotAKey) as refused:
            fingerprint_key.of_line(Secret(broken))
        assert line[8:] not in str(refused.value)


def test_another_key_has_another_generation_and_other_fingerprints() -> None:
    first = fingerprint_key.new()
    second = fingerprint_key.new(first)
    assert second.ident.startswith("k2-")
    prints = [Fingerprints(key).of("A_KEY", VALUE) for key in (first, second)]
    assert not same(*prints)
    assert fingerprint_key.key_of(prints[0]) == first.ident


def test_weak_is_equal_to_nothing() -> None:
    assert not same("weak", "weak")
    assert not same("", "")
    assert Fingerprints(fingerprint_key.new()).of("A_SECRET", "abc") == "weak"
    address = "postgres://app:{}@db.acme.example/acme"
    prints = Fingerprints(fingerprint_key.new())
    assert prints.of("DATABASE_URL", address.format("kZ93qW")) == "weak"
    assert prints.of("DATABASE_URL", address.format(VALUE)) != "weak"


def test_no_check_is_given_the_key_and_no_list_names_it() -> None:
    keychain = Keychain("acme.test")
    keychain.put(FINGERPRINT_KEY, fingerprint_key.new().kept())
    keychain.put("test-session", Secret("something"))
    assert keychain.names() == ("test-session",)
    assert keychain.get(FINGERPRINT_KEY) is None
    assert keychain.keys().get(FINGERPRINT_KEY) is None
    assert keychain.keys().names() == ("test-session",)
    assert keychain.fingerprint_key() is not None


def test_without_a_keyring_no_key_is_made() -> None:
    keychain = Keychain("acme.test")
    assert keychain.insist_on_key() is None
    assert keychain.fingerprint_key() is None
    assert keychain.why_no_key == ""


def test_what_something_else_put_there_is_no_key_and_costs_no_other_secret() -> None:
    keychain = Keychain("acme.test")
    keychain.put(FINGERPRINT_KEY, Secret("a note"))
    keychain.put("test-session", Secret("something"))
    assert keychain.fingerprint_key() is None
    assert "not one that launchready wrote" in keychain.why_no_key
    assert keychain.get("test-session") is not None


def test_while_another_process_changes_the_key_one_is_told_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keychain_module, "LOCK_SECONDS", 0.1)
    one, other = Keychain("acme.test"), Keychain("acme.test")
    with one._one_at_a_time(), pytest.raises(VaultError, match="try again"):
        other.keep_key(fingerprint_key.new())
    other.keep_key(fingerprint_key.new())
    assert other.fingerprint_key() is not None


def test_a_key_shows_itself_nowhere() -> None:
    key = FingerprintKey(1, Secret("0f" * 32))
    for shown in (repr(key), f"{key}", str(key), repr(Fingerprints(key))):
        assert "0f0f" not in shown


# ---------------------------------------------------------------- a real keyring

SPRINT = f"""
import os, subprocess, sys
sys.path[:0] = [{str(ROOT / "tests")!r}, {str(ROOT / "screens")!r}]
from pathlib import Path
from cli_door import launchready
home = Path(os.environ["HOME"])
VALUE = "Xk39dkwQpz81" + "mB7vLr20TuYs"
app, sprint = home / "app", home / "sprint"
app.mkdir()
(app / ".env.production").write_text(f"MAIL_TOKEN={{VALUE}}\\n")
(app / ".env.staging").write_text(f"MAIL_TOKEN={{VALUE}}\\n")

def run(*args, code=0, **more):
    ended = launchready(*args, cwd=sprint if sprint.exists() else home, **more)
    assert ended.code == code, (args, ended)
    assert VALUE not in ended.out + ended.err
    assert "Traceback" not in ended.err
    return ended

def kept():
    return (sprint / ".launchready/env/MAIL_TOKEN.toml").read_text()

run("new", sprint, "--domain", "acme.example", "--by", "Anna", "--consent", "passive",
    "--repo", app)
"""


@needs_keyring
def test_a_key_is_made_handed_on_taken_over_and_renewed(tmp_path: Path) -> None:
    done = in_session(
        SPRINT
        + """
assert "no key yet" in run("env", "key", "export", code=2).err
run("env", "map", "--record", "--by", "Anna")
line = run("env", "key", "export").out.strip()
first = line.partition(":")[0]
assert f'fp = "{first}:' in kept(), kept()
assert line.partition(":")[2] not in kept()
assert "fingerprint-key" not in run("vault", "list").out
assert "env key" in run("vault", "set", "fingerprint-key", stdin="x", code=2).err

assert "say so with --yes" in run("env", "key", "renew", code=2).err
told = run("env", "key", "renew", "--yes").err
assert first in told and "not compared" in told, told
second = run("env", "key", "export").out.partition(":")[0]
assert second.startswith("k2-")
assert f"Fingerprints of key {first} are on record" in run("env", "map").err
(app / ".env.staging").unlink()
gap = run("check", "--only", "env.separation", "--format", "json", code=0).out
assert f"key {first}" in gap and "env map --record" in gap, gap

assert "is here already" in run("env", "key", "import", stdin=run("env", "key", "export").out).err
assert "say so with --yes" in run("env", "key", "import", stdin=line, code=2).err
run("env", "key", "import", "--yes", stdin=line)
assert "Fingerprints of key" not in run("env", "map").err
checked = run("check", "--only", "env.separation", code=1).out
assert "the env map, by .env.staging" in " ".join(checked.split()), checked
assert "not a key of fingerprints" in run("env", "key", "import", stdin=line[:-1], code=2).err
journal = (sprint / ".launchready/journal.jsonl").read_text()
assert f"key of fingerprints {second} instead of {first}" in journal
assert line.partition(":")[2] not in journal

assert "fingerprint-key" in run("vault", "purge", "--yes").err
assert "no key yet" in run("env", "key", "export", code=2).err
print("done")
        """,
        tmp_path,
        UNLOCKED,
    )
    assert done.stdout == "done\n", done.stdout + done.stderr


@needs_keyring
def test_two_processes_that_find_no_key_make_one(tmp_path: Path) -> None:
    done = in_session(
        SPRINT
        + """
program = (
    "from launchready_tui.vault.keychain import Keychain;"
    "print(Keychain('acme.example').insist_on_key().ident)"
)
both = [
    subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    for _ in range(3)
]
idents = {one.communicate()[0] for one in both}
assert len(idents) == 1, idents
print("one")
        """,
        tmp_path,
        UNLOCKED,
    )
    assert done.stdout == "one\n", done.stdout + done.stderr


TROUBLE = (
    SPRINT
    + """
run("env", "map", "--record", "--by", "Anna")
assert 'same_as = [\\n    "preview",\\n]' in kept(), kept()
assert "fp =" not in kept()
assert "no key yet" in run("env", "key", "export", code=2).err
assert "fingerprints end with each run" in run("env", "key", "renew", code=2).err
of_a_colleague = 'fp = "k1-9f3a:7c1d90ab34ef"'
(sprint / ".launchready/env/MAIL_TOKEN.toml").write_text(
    kept().replace('same_as = [\\n    "preview",\\n]', of_a_colleague)
)
(app / ".env.staging").write_text("MAIL_TOKEN=other-8dK3mQ0pLx2")
run("env", "map", "--record", "--by", "Anna")
assert of_a_colleague in kept(), kept()
(app / ".env.production").unlink()
gap = run("check", "--only", "env.separation", "--format", "json").out
assert "k1-9f3a" in gap, gap
print("went on")
"""
)


@needs_keyring
@pytest.mark.parametrize("start", [LOCKED, ":", SILENT], ids=["locked", "absent", "silent"])
def test_a_keyring_in_trouble_costs_the_fingerprints_and_nothing_else(
    tmp_path: Path, start: str
) -> None:
    done = in_session(TROUBLE, tmp_path, start)
    assert done.stdout == "went on\n", done.stdout + done.stderr
