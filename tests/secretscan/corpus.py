"""A repository with fifty planted secrets and as many look-alikes, made when a test asks for it.

Each stands in a file of its own: in the tree, in the history alone, in an archive, in a bundle.
No value is written out here: prefixes are joined and the rest is drawn, with a fixed seed.
"""

# ruff: noqa: E501  the lines are as long as in the files they stand for
from __future__ import annotations

import base64
import io
import json
import random
import string
import subprocess
import tarfile
import zipfile
from pathlib import Path
from urllib.parse import quote

from servers.processes import program

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
_DRAW = random.Random(20)

PLANTED: list[str] = []
"""Every value that was drawn as a secret."""


def drawn(length: int, letters: str = ALNUM) -> str:
    while True:
        text = "".join(_DRAW.choice(letters) for _ in range(length))
        if any(letter.isdigit() for letter in text) and len(set(text)) > min(length // 4, 8):
            return text


def key(*parts: str, length: int, letters: str = ALNUM) -> str:
    value = "".join(parts) + drawn(length, letters)
    PLANTED.append(value)
    return value


def said(value: str) -> str:
    PLANTED.append(value)
    return value


def token(**claims: object) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    encoded = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts]
    return ".".join((*encoded, drawn(43)))


def pem(kind: str = "RSA ") -> str:
    body = "\n".join(drawn(64) for _ in range(12))
    PLANTED.append(body.splitlines()[3])
    mark = f"{kind}PRIVATE" + " KEY-----"
    return f"-----BEGIN {mark}\n{body}\n-----END {mark}\n"


def uuid() -> str:
    return "-".join(drawn(n, HEX) for n in (8, 4, 4, 4, 12))


HOME_MADE = said("Herbst&" + "Laub#2019")
HOME_KNOWN = said("kran-" + "Fuehrer+77&")
LIVE = "li" + "ve_"
TEST = "te" + "st_"
AT = "db.acme-desk.io"


def tree() -> dict[str, str]:
    """Thirty-eight secrets in files that git tracks."""
    url = "{}://{}:{}@{}/desk".format
    return {
        "src/pay.ts": f'const stripe = new Stripe("{key("sk_", LIVE, length=24)}");\n',
        "src/charge.py": f'API = "{key("rk_", LIVE, length=40)}"\n',
        "src/pay_dev.ts": f'const stripe = new Stripe("{key("sk_", TEST, length=30)}");\n',
        "src/hook.ts": f'const secret = "{key("whs", "ec_", length=32)}";\n',
        "src/admin.ts": f'createClient(url, "{key("sb_", "secret_", length=31)}");\n',
        "src/rls.ts": f'createClient(u, "{said(token(role="service" + "_role", ref="abc"))}");\n',
        "infra/main.tf": f'access_key = "{key("AK", "IA", length=16, letters="ABCDEFGHIJKLMNOP234567")}"\n',
        "infra/aws.ini": f"[a]\naws_secret_access_key = {key(length=40)}\n",
        "ci/release.sh": f"curl -H 'Authorization: token {key('gh', 'p_', length=36)}' x\n",
        "ci/pat.sh": f"export GH={key('github', '_pat_', length=22)}_{drawn(59)}\n",
        "src/mail.ts": f'sg.setApiKey("{key("S", "G.", length=22)}.{drawn(43)}");\n',
        "src/resend.ts": f'new Resend("{key("r", "e_", length=8)}_{drawn(24)}");\n',
        "src/chat.py": f'slack = "{key("xo", "xb-", length=12, letters=string.digits)}-{drawn(12, string.digits)}-{drawn(24)}"\n',
        "src/alert.py": f'post("https://hooks.slack.com/{key("serv", "ices/T", length=9, letters=string.ascii_uppercase + string.digits)}/B{drawn(9, string.ascii_uppercase + string.digits)}/{drawn(24)}")\n',
        "src/llm.ts": f'new OpenAI({{ apiKey: "{key("sk-", "proj-", length=74)}T3BlbkFJ{drawn(74)}" }});\n',
        "src/llm2.py": f'client = Anthropic("{key("sk-", "ant-api03-", length=93)}AA")\n',
        ".npmrc": f"//registry.acme.test/:_authToken={key('np', 'm_', length=36)}\n",
        "keys/server.pem": pem(),
        "keys/deploy": pem("OPENSSH "),
        "keys/service.json": json.dumps({"type": "service_account", "private_key": pem("")}),
        "src/db.ts": f'connect("{url("postgres", "desk", said(drawn(20)), AT)}");\n',
        "src/mongo.js": f'connect("{url("mongodb+srv", "desk", said(drawn(18)), AT)}");\n',
        "src/queue.py": f'redis.from_url("{url("rediss", "default", said(drawn(30)), AT)}")\n',
        "src/smtp.yml": f"mailer: {url('smtp', 'desk', said(drawn(16)), 'mail.acme-desk.io:587')}\n",
        "src/amqp.rb": f'Bunny.new("{url("amqps", "desk", said(drawn(24)), AT)}")\n',
        "src/sms.py": f'TWILIO_AUTH_TOKEN = "{key(length=32, letters=HEX)}"\n',
        "src/post.py": f'POSTMARK_SERVER_TOKEN = "{said(uuid())}"\n',
        "ops/dns.sh": f"export CLOUDFLARE_API_TOKEN={key(length=40)}\n",
        "ops/zone.sh": f"CLOUDFLARE_API_KEY={key(length=37, letters=HEX)}\n",
        "config/auth.yml": f"auth:\n  jwt_secret: {key(length=44)}\n",
        "config/mail.py": f'SMTP_PASSWORD = "{HOME_MADE}"\n',
        "src/session.ts": f'const k = process.env.SESSION_SECRET || "{said("desk" + "-session-19")}";\n',
        "src/gitlab.py": f'token = "{key("gl", "pat-", length=20)}"\n',
        ".env.staging": f"DEBUG=1\nADMIN_PASSWORD={said('Hafen!' + 'Becken7')}\n",
        "old/settings.properties": f"db.password={said('Trossen' + '-Lager_88x')}\n",
        "src/known.ts": f'login("desk", "{HOME_KNOWN}");\n',
        "src/known64.ts": f'const a = "{base64.b64encode(f"desk:{HOME_KNOWN}".encode()).decode()}";\n',
        "src/knownurl.ts": f'fetch("/login?p={quote(HOME_KNOWN, safe="")}");\n',
    }


def gone() -> dict[str, str]:
    """Six that were committed and deleted again."""
    return {
        "gone/pay.ts": f'const k = "{key("sk_", LIVE, length=24)}";\n',
        "gone/db.py": f'URL = "mysql://desk:{said(drawn(20))}@{AT}/desk"\n',
        "gone/ci.sh": f"GH={key('gh', 'p_', length=36)}\n",
        "gone/mail.py": f'MAIL_PASSWORD = "{said("Moewen" + "&Nest_4")}"\n',
        "gone/id_rsa": pem(),
        "gone/known.txt": f"the password is {HOME_KNOWN} of course, gone\n",
    }


def branch() -> dict[str, str]:
    """One on a branch that nobody merged."""
    return {"branch/hook.ts": f'const s = "{key("whs", "ec_", length=32)}";\n'}


def archived() -> dict[str, str]:
    """Two in a zip, one in a tar."""
    return {
        "zip/release.sh": f"GH={key('gh', 'p_', length=36)}\n",
        "zip/db.ts": f'connect("postgres://desk:{said(drawn(20))}@{AT}/desk");\n',
        "tar/pay.ts": f'const k = "{key("sk_", LIVE, length=24)}";\n',
    }


def bundled() -> dict[str, str]:
    """Two in what a build put out, which git ignores."""
    filler = "function a(b,c){return b+c}" * 400
    return {
        "dist/app.js": f'{filler}var k="{said(token(role="service" + "_role", ref="xyz"))}";{filler}',
        "dist/pay.js": f'{filler}var k="{key("sk_", LIVE, length=99)}";{filler}',
    }


ENV = f"KNOWN_PASSWORD={HOME_KNOWN}\nPUBLIC_URL=https://acme-desk.io\nLOG=info\n"


def lookalikes() -> dict[str, str]:
    """Fifty that are none, by the kind of look they have."""
    uri = "postgres://{}:{}@{}/app".format
    hexes = drawn(40, HEX)
    return {
        "like/stripe-public.ts": f'loadStripe("{"pk_" + LIVE}{drawn(24)}");\n',
        "like/stripe-x.ts": f'const k = "{"sk_" + LIVE}xxxxxxxxxxxxxxxxxxxxxxxx";\n',
        "like/stripe-doc.md": f"Set `STRIPE_KEY` to `{'sk_' + TEST}your_key_goes_here_please`\n",
        "like/stripe-name.ts": f'if (k.startsWith("{"sk_" + LIVE}")) go();\n',
        "like/anon.ts": f'createClient(u, "{token(role="anon", iss="supabase", ref="abc")}");\n',
        "like/session.http": f"Cookie: s={token(sub='u1', exp=1_600_000_000)}\n",
        "like/jwtio.md": f"{token(sub='1234567890', name='John Doe', iat=1516239022)}\n",
        "like/publishable.ts": f'createClient(u, "{"sb_pub" + "lishable_"}{drawn(31)}");\n',
        "like/posthog.ts": f'posthog.init("{"ph" + "c_"}{drawn(43)}");\n',
        "like/mapbox.ts": f'accessToken = "{"p" + "k.eyJ"}1IjoiYWNtZSJ9.{drawn(22)}";\n',
        "like/firebase.ts": f'const c = {{ apiKey: "{"AI" + "za"}{drawn(35)}", authDomain: "a.firebaseapp.com" }};\n',
        "like/google.env.ts": f'const NEXT_PUBLIC_MAPS_KEY = "{"AI" + "za"}{drawn(35)}";\n',
        "like/sentry.ts": f'Sentry.init({{ dsn: "https://{drawn(32, HEX)}@o1.ingest.sentry.io/2" }});\n',
        "like/aws.md": "aws_access_key_id = " + "AKIA" + "IOSFODNN7EXAMPLE\n",
        "like/aws-secret.md": "aws_secret_access_key = "
        + "wJalrXUtnFEMI/K7MDENG/bPxRfiCY"
        + "EXAMPLEKEY\n",
        "like/signed.txt": f"https://s3.test/f?X-Amz-Credential={'AK' + 'IA'}{drawn(16, 'ABCDEFGHIJKLMNOP234567')}%2F\n",
        "like/pem-header.py": 'HEAD = "-----BEGIN RSA ' + 'PRIVATE KEY-----"\n',
        "like/public.pem": "-----BEGIN PUBLIC KEY-----\n"
        + "\n".join(drawn(64) for _ in range(5))
        + "\n",
        "like/cert.pem": "-----BEGIN CERTIFICATE-----\n"
        + "\n".join(drawn(64) for _ in range(9))
        + "\n",
        "like/local.ts": f'connect("{uri("postgres", drawn(12), "localhost:5432")}");\n',
        "like/compose.yml": f"services:\n  web:\n    environment:\n      DATABASE_URL: {uri('app', drawn(12), 'db:5432')}\n",
        "like/url-template.ts": "connect(`postgres://${user}:${password}@${host}/app`);\n",
        "like/url-caps.md": "postgres://USER:PASSWORD@HOST:5432/NAME\n",
        "like/url-weak.md": uri("postgres", "password", "db.acme-desk.io") + "\n",
        "like/url-example.md": uri("user", "pass" + "word123", "example.com") + "\n",
        "like/url-port.ts": 'const u = "https://acme-desk.io:8443/@team/page";\n',
        "like/actions.yml": "env:\n  API_TOKEN: ${{ secrets.API_TOKEN }}\n  PASSWORD: ${PASSWORD}\n",
        "like/reference.ts": "const password = process.env.DB_PASSWORD;\nconst token = config.apiToken;\n",
        "like/reference.py": 'password = os.environ["DB_PASSWORD"]\ntoken = get_token("acme-desk-2024")\n',
        "like/op.yml": "password: op://vault/item/field1\nsecret_key: vault:kv/data/app#k3y\n",
        "like/labels.json": '{"password": "Passwort", "token": "Zugangs-Token", "passwordHint": "8+ Zeichen"}\n',
        "like/errors.ts": 'const e = { password: "must-have-8-characters", token: "auth.errors.token_1" };\n',
        "like/fields.html": '<input type="password" name="new-password" autocomplete="current-password">\n',
        "like/selector.ts": 'const password = "#password-input2";\nconst secret = ".secret-field-3";\n',
        "like/types.ts": "interface A { password: string; token: Promise<string>; apiKey?: string }\n",
        "like/route.ts": 'const passwordResetUrl = "/reset/password?x=1a2b3c4d5e";\n',
        "like/template.conf": "DB_URL=postgres://app:{{secret:24:APP_DB}}@db.acme-desk.io/app\n",
        "like/change.yml": "db:\n  password: changeme\n  secret_key: change-me-please-1\n",
        "like/placeholder.env.ts": 'const apiKey = "<your-api-key-123>";\nconst secret = "REPLACE_ME_123456";\n',
        ".env.example": "STRIPE_SECRET_KEY=\nSMTP_PASSWORD=your-password\nJWT_SECRET=change-me\n",
        "like/package-lock.json": f'{{"integrity": "sha512-{base64.b64encode(drawn(64).encode()).decode()}"}}\n',
        "like/go.sum": f"acme.test/x v1.2.3 h1:{base64.b64encode(drawn(32).encode()).decode()}\n",
        "like/commit.txt": f"commit {hexes}\nparent {drawn(40, HEX)}\n",
        "like/uuid.ts": f'const id = "{uuid()}"; const requestId = "{uuid()}";\n',
        "like/image.css": f"a {{ background: url(data:image/png;base64,{base64.b64encode(drawn(300).encode()).decode()}) }}\n",
        "like/hash.py": f'SHA256 = "{drawn(64, HEX)}"\nETAG = "{drawn(32, HEX)}"\n',
        "like/public-key.ts": f'const publicKey = "{drawn(40)}"; const siteKey = "{"6L"}{drawn(38)}";\n',
        "like/dev-fallback.ts": 'const s = process.env.NODE_ENV === "development" ? "dev" : process.env.X;\n',
        "tests/auth.test.ts": 'login("ana", { password: "Tr0ub4dor&' + '3x" });\n',
        "like/encrypted.yml": f"password: ENC[AES256_GCM,data:{drawn(24)},iv:x]\n",
        "like/csrf.html": f'<meta name="csrf-token-name" content="x"><i data-nonce="{drawn(22)}"></i>\n',
    }


class Made:
    """The repository on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git = program("git")
        root.mkdir(parents=True)
        self.run("init", "-q", "-b", "main")
        self.secrets = {**tree(), **gone(), **branch(), **archived(), **bundled()}
        self.innocent = lookalikes()

    def run(self, *asked: str) -> None:
        person = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.test")
        subprocess.run(
            [self.git, "-C", str(self.root), *person, *asked], check=True, capture_output=True
        )

    def write(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if path.startswith("old/"):
                file.write_bytes(text.encode("utf-16"))
            else:
                file.write_text(text, "utf-8")

    def commit(self, message: str) -> None:
        self.run("add", "-A")
        self.run("commit", "-qm", message)


def planted(root: Path) -> Made:
    made = Made(root)
    of = made.secrets
    (root / ".gitignore").write_text(".env\ndist/\n")
    made.write({path: text for path, text in of.items() if path.startswith("gone/")})
    made.commit("Start")
    made.run("rm", "-rq", "gone")
    made.run("commit", "-qm", "Clean up")
    made.run("checkout", "-qb", "idea")
    made.write({path: text for path, text in of.items() if path.startswith("branch/")})
    made.commit("An idea")
    made.run("checkout", "-q", "main")
    elsewhere = ("gone/", "branch/", "zip/", "tar/", "dist/")
    made.write({path: text for path, text in of.items() if not path.startswith(elsewhere)})
    made.write(made.innocent)
    _archives(root, of, made.innocent)
    made.commit("The desk")
    made.run("gc", "-q")
    made.write({path: text for path, text in of.items() if path.startswith("dist/")})
    made.write(
        {
            f"dist/{path.replace('/', '-')}.js": text
            for path, text in made.innocent.items()
            if path.endswith(".ts") and not path.startswith("tests/")
        }
    )
    (root / ".env").write_text(ENV)
    return made


def _archives(root: Path, secrets: dict[str, str], innocent: dict[str, str]) -> None:
    with zipfile.ZipFile(root / "backup.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in secrets.items():
            if path.startswith("zip/"):
                archive.writestr(path, text)
        for path, text in list(innocent.items())[:20]:
            archive.writestr(f"zip/{path}", text)
    with tarfile.open(root / "export.tar.gz", "w:gz") as tar:
        for path, text in secrets.items():
            if path.startswith("tar/"):
                member = tarfile.TarInfo(path)
                member.size = len(text.encode())
                tar.addfile(member, io.BytesIO(text.encode()))
