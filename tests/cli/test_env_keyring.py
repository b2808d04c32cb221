"""Recording and rotating with a key that rests in a real keyring; afterwards no value is left."""

from __future__ import annotations

from pathlib import Path

from servers.keyring import ROOT, UNLOCKED, in_session, needs_keyring

FLOW = f"""
import json, os, sys
sys.path[:0] = [{str(ROOT / "tests")!r}, {str(ROOT / "screens")!r}]
from pathlib import Path
from cli.test_env import PROD, STAGING, VALUES, git, insist_on_silence, run

home = Path(os.environ["HOME"])
app, sprint = home / "app", home / "sprint"
KEY, NEW = "STRIPE_SECRET_KEY", "sk_" + "live_" + "99Zz8KzLmN2pQrStUv"
OLD = VALUES[KEY]
VALUES["NEW"] = NEW
app.mkdir()
(app / ".env.production").write_text(PROD)
(app / ".env.staging").write_text(STAGING)
git(app, "init", "-q")
(app / "pay.ts").write_text(f'const key = "{{OLD}}";\\n')
git(app, "add", "pay.ts")
git(app, "commit", "-qm", "first")
(app / "pay.ts").write_text("const key = process.env.STRIPE_SECRET_KEY;\\n")
(app / ".gitignore").write_text(".env*\\n")
git(app, "add", "-A")
git(app, "commit", "-qm", "second")
assert run("new", sprint, "--domain", "acme.example", "--by", "Anna", "--consent", "passive",
           "--repo", app).code == 0

def done(*args, code=0, stdin=""):
    ended = run(*args, "--by", "Anna", stdin=stdin, cwd=sprint)
    assert ended.code == code, (args, ended)
    return ended.err

def found(*items):
    told = json.loads(run("check", "--only", ",".join(items), "--format", "json", cwd=sprint).out)
    return {{(one["code"], one["severity"]): one["observed"] for one in told["findings"]}}

def text(folder):
    files = sorted((sprint / ".launchready" / folder).iterdir())
    return "".join(path.read_text() for path in files)
"""


@needs_keyring
def test_a_rotation_is_held_against_what_stands_where(tmp_path: Path) -> None:
    done = in_session(
        FLOW
        + """
assert "fingerprints of key k1-" in done("env", "map", "--record")
done("env", "import", "-", "--environment", "preview", "--source", "vercel",
     stdin=json.dumps({KEY: OLD, "MAIL_TOKEN": VALUES["MAIL_TOKEN"]}))
assert 'source = "vercel"' in text("env") and 'shape = "sk_live"' in text("env")
assert ("secret-in-history", "blocker") in found("secrets.scan")
separation = found("env.separation")
assert "by vercel" in separation["env-same-secret", "blocker"], separation

done("rotate", KEY, "found", "--evidence", "git pay.ts:1", "--env", "prod", "--env", "preview")
assert "old_fp" in text("rotations")
assert "is the old one" in done("rotate", KEY, "replaced", "--value", stdin=OLD, code=2)
assert "is not set" in done("rotate", KEY, "replaced", "--value-from-env", "NO_SUCH", code=2)
assert "two steps" in done("rotate", KEY, "deployed", "--value", stdin=OLD, code=2)
done("rotate", KEY, "replaced", "--value", stdin=NEW)
assert "new_fp" in text("rotations")

assert "prod still holds the old value" in done("rotate", KEY, "deployed", code=2)
(app / ".env.production").write_text(PROD.replace(OLD, NEW))
assert "preview still holds the old value" in done("rotate", KEY, "deployed", code=2)
done("env", "import", "-", "--environment", "preview", "--source", "vercel",
     stdin=f"{KEY}={NEW}\\n")
done("rotate", KEY, "deployed")
(app / ".env.staging").write_text(f"LEGACY_KEY={OLD}\\n")
partial = found("secrets.rotation")["rotation-partial", "high"]
assert ".env.staging:1 (preview, LEGACY_KEY)" in partial, partial
(app / ".env.staging").unlink()
done("rotate", KEY, "revoked")
assert ("rotation-partial", "high") not in found("secrets.rotation")
other = "sk_" + "live_" + "11Aa8KzLmN2pQrStUv"
ended = run("rotate", KEY, "proven", "--call", "--yes", "--by", "Anna", stdin=other, cwd=sprint)
assert "not the value that was to be replaced" in ended.err and ended.code != 0, ended
done("rotate", KEY, "proven", "--proof", "rejected", "--detail", "HTTP 401")
assert ("secret-in-history", "blocker") in found("secrets.scan")
done("rotate", KEY, "closed", "--owner", "Ben")
scanned = found("secrets.scan")
assert "this very value was replaced" in scanned["secret-in-history", "info"], scanned
assert ("secret-in-history", "blocker") not in scanned

run("export", sprint, "-o", sprint / "HANDOVER.md")
files = [path for path in sprint.rglob("*") if path.is_file()]
assert len(files) > 8
for path in files:
    insist_on_silence(str(path), path.read_bytes())
print("silent")
        """,
        tmp_path,
        UNLOCKED,
    )
    assert done.stdout == "silent\n", done.stdout + done.stderr
