"""The credentials of a folder: real files, and nothing of their values in the fact."""

from __future__ import annotations

from pathlib import Path

from launchready_tui.facts import credentials, env_files
from launchready_tui.facts.saved import decode, encode

BODY = "Xk39dkwQpz81" + "mB7vLr20TuYs"
LIVE = "sk_" + "live_" + BODY


def look(folder: Path) -> credentials.Credentials:
    return credentials.look(folder, env_files.look(folder))


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", ".").replace("_in_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_kinds_and_places_are_told_and_no_value(tmp_path: Path) -> None:
    text = f"# keys\nSTRIPE_SECRET_KEY={LIVE}\nMAIL_TOKEN={BODY}\nCOLOUR=blue\n"
    write(tmp_path, __env__production=text)
    seen = look(tmp_path)
    assert [(one.name, one.place, one.judged.kind) for one in seen.found] == [
        ("MAIL_TOKEN", ".env.production:3", ""),
        ("STRIPE_SECRET_KEY", ".env.production:2", "stripe-secret"),
    ]
    assert seen.files == 1
    saved = encode({"Credentials": seen})
    assert decode(saved) == {"Credentials": seen}
    for at in range(len(BODY) - 5):
        assert BODY[at : at + 6] not in repr(seen) + saved.decode()


def test_examples_tests_references_and_placeholders_are_not_judged(tmp_path: Path) -> None:
    key = f"STRIPE_SECRET_KEY={LIVE}\n"
    write(tmp_path, __env__example=key, __env__test=key, tests_in___env=key)
    write(tmp_path, __env="A_TOKEN=${OTHER_TOKEN}\nB_TOKEN=changeme\nC_TOKEN=\n")
    seen = look(tmp_path)
    assert seen.found == ()
    assert seen.files == 1


def test_what_could_not_be_read_is_missed(tmp_path: Path) -> None:
    (tmp_path / ".env.production").write_bytes(bytes(range(9)) * 40)
    seen = look(tmp_path)
    assert seen.files == 0
    assert any("no text" in gap for gap in seen.missed)


def test_a_hostile_file_is_judged_in_the_time_of_its_size(tmp_path: Path) -> None:
    pooled = "postgres://postgres:postgres@pool.acme.test:6543/x"
    write(tmp_path, __env="".join(f"A{i}_TOKEN={pooled}?a={i}\n" for i in range(4_000)))
    seen = look(tmp_path)
    assert len(seen.found) == credentials.MOST
    assert any("were judged" in gap for gap in seen.missed)
