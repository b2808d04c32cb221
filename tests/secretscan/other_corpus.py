"""A second repository, of other tools' and languages' files: what each line holds is drawn here.

Rules were written to it, so it tells nothing of forms unseen. Every secret and every look-alike stands in a file of its own.
"""

# ruff: noqa: E501  the lines are as long as in the files they stand for
from __future__ import annotations

import base64
import json
import random
import string
import zipfile
from pathlib import Path

from secretscan.corpus import Made
from secretscan.other_lookalikes import lookalikes

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
_DRAW = random.Random(77)
_WORDS = ("Segel", "Hafen", "Kutter", "Moewe", "Tampen", "Anker", "Brise", "Lotse", "Boje", "Kai")


def drawn(length: int, letters: str = ALNUM) -> str:
    text = "".join(_DRAW.choice(letters) for _ in range(length - 1))
    return text + _DRAW.choice("23456789")


def word() -> str:
    """A password that somebody made up."""
    one, two = _DRAW.sample(_WORDS, 2)
    return f"{one}{_DRAW.choice('-+!_.')}{two}{_DRAW.randrange(11, 9999)}"


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def shapes() -> dict[str, str]:
    """Told by their form alone."""
    return {
        "shape/telegram.py": f'BOT = "{drawn(10, "56789")}:{"AA"}{drawn(33)}"\n',
        "shape/telegram.ts": f"fetch(`https://api.telegram.org/bot{drawn(10, '56789')}:{'AA'}{drawn(33)}/getMe`);\n",
        "shape/mailgun.rb": f"Mailgun::Client.new('{'ke' + 'y-'}{drawn(32, HEX)}')\n",
        "shape/sentry.sh": f"sentry-cli --auth-token {'sntr' + 'ys_'}{drawn(80)}\n",
        "shape/laravel.php": f"'key' => env('APP_KEY', '{'base' + '64:'}{packed(drawn(32))}'),\n",
        "shape/laravel.txt": f"APP_KEY={'base' + '64:'}{packed(drawn(32))}\n",
        "shape/azure.cs": f'var c = "DefaultEndpointsProtocol=https;AccountName=desk;Account{"Key"}={drawn(86)}==;";\n',
        "shape/sas.py": f'URL = "https://desk.blob.core.windows.net/a?sv=2022-11-02&sp=rwl&{"si" + "g"}={drawn(43)}%3D"\n',
        "shape/age.txt": f"{'AGE-SECRET' + '-KEY-1'}{drawn(58, string.ascii_uppercase + string.digits)}\n",
        "shape/discord.go": f'url := "https://discord.com/api/{"web" + "hooks"}/{drawn(18, string.digits)}/{drawn(68)}"\n',
        "shape/hugging.py": f'login(token="{"h" + "f_"}{drawn(34)}")\n',
        "shape/digital.tf": f'token = "{"dop" + "_v1_"}{drawn(64, HEX)}"\n',
        "shape/gocspx.json": f'{{"client_secret": "{"GOC" + "SPX-"}{drawn(28)}"}}\n',
        "shape/shopify.rb": f"ShopifyAPI.token = '{'shp' + 'at_'}{drawn(32, HEX)}'\n",
    }


def headers() -> dict[str, str]:
    return {
        "head/bearer.ts": f"fetch(u, {{ headers: {{ Authorization: 'Bearer {drawn(40)}' }} }});\n",
        "head/bearer.py": f'requests.get(u, headers={{"Authorization": "Bearer {drawn(36)}"}})\n',
        "head/basic.go": f'req.Header.Set("Authorization", "Basic {packed(f"desk:{word()}")}")\n',
        "head/basic.conf": f'proxy_set_header Authorization "Basic {packed(f"desk:{word()}")}";\n',
        "head/curl.sh": f'curl -H "Authorization: Bearer {drawn(48)}" https://api.acme.test\n',
        "head/user.sh": f"curl -u desk:{word()} https://api.acme.test/jobs\n",
        "head/user2.sh": f"curl -s --user 'desk:{word()}' https://api.acme.test/jobs\n",
        "head/key.rb": f"req['X-Api-Key'] = '{drawn(40)}'\n",
    }


def configured() -> dict[str, str]:
    """Settings of frameworks: XML, YAML, JSON, properties."""
    return {
        "net/appsettings.json": f'{{"ConnectionStrings": {{"Desk": "Server=db1;Database=desk;User Id=sa;Pass{"word"}={word()};"}}}}\n',
        "net/web.config": f'<add name="Desk" connectionString="Data Source=db1;User ID=desk;Pwd={word()}" />\n',
        "net/smtp.config": f'<network host="mail" userName="desk" password="{word()}" />\n',
        "net/add.config": f'<add key="MailPassword" value="{word()}" />\n',
        "xml/settings.xml": f"<server>\n<id>desk</id>\n<password>{word()}</password>\n</server>\n",
        "xml/bean.xml": f'<property name="password" value="{word()}"/>\n',
        "xml/value.xml": f'<property name="password">\n<value>{word()}</value>\n</property>\n',
        "java/application.properties": f"spring.datasource.password={word()}\n",
        "java/application.yml": f"spring:\n  datasource:\n    username: desk\n    password: {word()}\n",
        "java/quoted.yml": f'mail:\n  password: "{word()}"\n',
        "java/Db.java": f'ds.setPassword("{word()}");\n',
        "java/jdbc.properties": f"url=jdbc:mysql://db1/desk?user=desk&password={word()}\n",
        "java/build.gradle": f"storePassword '{word()}'\n",
        "json/pass.json": f'{{"user": "desk", "pass": "{word()}"}}\n',
        "json/password.json": f'{{\n  "host": "db1",\n  "password": "{word()}"\n}}\n',
        "json/secret.json": f'{{"clientSecret": "{drawn(32)}"}}\n',
        "toml/app.toml": f'[db]\npassword = "{word()}"\n',
        "ini/my.cnf": f"[client]\nuser=desk\npassword={word()}\n",
        "ini/uwsgi.ini": f"env = SECRET_KEY={drawn(50)}\n",
    }


def tools() -> dict[str, str]:
    """Files that tools sign in with, shells, containers and clusters."""
    basic = packed(f"desk:{word()}")
    return {
        "tool/.netrc": f"machine git.acme.test login desk password {word()}\n",
        "tool/lines.netrc": f"machine git.acme.test\n  login desk\n  password {word()}\n",
        "tool/.pgpass": f"db1.acme.test:5432:desk:desk:{word()}\n",
        "tool/.npmrc": f"//packages.acme.test/:_auth{'Token'}={drawn(36)}\n",
        "tool/auth/.npmrc": f"//packages.acme.test/:_password={packed(word())}\n",
        "tool/.dockercfg": f'{{"https://packages.acme.test": {{"auth": "{basic}"}}}}\n',
        "tool/config.json": json.dumps(
            {"auths": {"packages.acme.test": {"auth": basic}}}, indent=1
        ),
        "tool/.pypirc": f"[desk]\nusername = desk\npassword = {word()}\n",
        "sh/export.sh": f"export DB_PASSWORD={word()}\n",
        "sh/prefix.sh": f"PGPASSWORD='{word()}' psql -h db1 desk\n",
        "sh/sshpass.sh": f"sshpass -p '{word()}' ssh desk@db1\n",
        "sh/mysql.sh": f"mysql -u desk -p{word()} desk\n",
        "sh/docker.sh": f"docker login -u desk -p {word()} packages.acme.test\n",
        "tool/default/.netrc": f"default login desk password {word()}\n",
        "ini/redis.conf": f"requirepass {word()}\n",
        "json/task.json": f'{{"name": "DB_PASSWORD", "value": "{word()}"}}\n',
        "xml/entry.xml": f'<entry key="db.password">{word()}</entry>\n',
        "sh/setup.ps1": f'$AdminPassword = "{word()}"\n',
        "docker/Dockerfile": f"FROM scratch\nENV DB_PASSWORD={word()}\n",
        "docker/Dockerfile.old": f"FROM scratch\nENV DB_PASSWORD {word()}\n",
        "docker/compose.yml": f"services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD={word()}\n",
        "docker/compose.map.yaml": f"services:\n  db:\n    environment:\n      MYSQL_ROOT_PASSWORD: {word()}\n",
        "k8s/secret.yaml": f"kind: Secret\ndata:\n  DB_PASSWORD: {packed(word())}\n",
        "k8s/login.yaml": f"apiVersion: v1\nkind: Secret\ndata:\n  username: {packed('desk')}\n  password: {packed(word())}\n",
        "k8s/string.yaml": f"kind: Secret\nstringData:\n  api-key: {drawn(32)}\n",
        "k8s/env.yaml": f"env:\n  - name: DB_PASSWORD\n    value: {word()}\n",
        "tf/db.tf": f'resource "db" "desk" {{\n  password = "{word()}"\n}}\n',
        "tf/prod.tfvars": f'db_password = "{word()}"\n',
        "tf/variable.tf": f'variable "db_password" {{\n  default = "{word()}"\n}}\n',
        "ansible/hosts.ini": f"db1 ansible_user=desk ansible_ssh_pass={word()}\n",
    }


def languages() -> dict[str, str]:
    return {
        "php/wp-config.php": f"define('DB_PASSWORD', '{word()}');\ndefine('AUTH_KEY', '{drawn(60)}');\n",
        "php/space.php": f'define( "DB_PASSWORD", "{word()}" );\n',
        "php/array.php": f"return ['username' => 'desk', 'password' => '{word()}'];\n",
        "php/index.php": f"$config['db_password'] = '{word()}';\n",
        "py/settings.py": f"SECRET_KEY = '{drawn(50)}'\n",
        "py/connect.py": f'psycopg.connect(host="db1", user="desk", password="{word()}")\n',
        "py/environ.py": f'os.environ["DB_PASSWORD"] = "{word()}"\n',
        "rb/database.rb": f"establish_connection(adapter: 'mysql2', password: '{word()}')\n",
        "rb/rocket.rb": f'Mysql.new(:user => "desk", :password => "{word()}")\n',
        "go/db.go": f'opts := &pg.Options{{User: "desk", Password: "{word()}"}}\n',
        "go/setenv.go": f'os.Setenv("DB_PASSWORD", "{word()}")\n',
        "ts/pool.ts": f"new Pool({{ user: 'desk', password: '{word()}' }});\n",
        "ts/mailer.ts": f"auth: {{ user: 'desk', pass: '{word()}' }},\n",
        "rs/db.rs": f'const DB_PASSWORD: &str = "{word()}";\n',
        "vb/db.vb": f'Const DbPassword As String = "{word()}"\n',
        "ts/token.ts": f"const token: string = '{drawn(40)}';\n",
        "ts/axios.ts": f"axios.defaults.headers.common['Authorization'] = 'Bearer {drawn(40)}';\n",
        "py/auth.py": f'requests.get(u, auth=("desk", "{word()}"))\n',
        "py/basic.py": f'HTTPBasicAuth("desk", "{word()}")\n',
        "php/mysqli.php": f"mysqli_connect('db1', 'desk', '{word()}', 'desk');\n",
        "cs/Login.cs": f'new NetworkCredential("desk", "{word()}")\n',
        "sql/role.sql": f"CREATE USER desk WITH PASSWORD '{word()}';\n",
        "sql/user.sql": f"CREATE USER 'desk'@'%' IDENTIFIED BY '{word()}';\n",
        "cs/Db.cs": f'var conn = "Server=db1;Uid=desk;Pwd={word()};";\n',
    }


def elsewhere() -> dict[str, str]:
    """In the history, in an archive, in a bundle."""
    filler = "function a(b,c){return b+c}" * 300
    return {
        "gone/wp-config.php": f"define('DB_PASSWORD', '{word()}');\n",
        "gone/settings.xml": f"<password>{word()}</password>\n",
        "gone/bot.py": f'BOT = "{drawn(10, "56789")}:{"AA"}{drawn(33)}"\n',
        "zip/.netrc": f"machine git.acme.test login desk password {word()}\n",
        "zip/appsettings.json": f'{{"Desk": "Server=db1;User Id=sa;Pass{"word"}={word()};"}}\n',
        "dist/app.js": f'{filler}h={{Authorization:"Bearer {drawn(40)}"}};{filler}',
        "dist/mail.js": f'{filler}m("{"ke" + "y-"}{drawn(32, HEX)}");{filler}',
    }


def other(root: Path) -> Made:
    """The repository on disk."""
    made = Made(root)
    made.secrets = {
        **shapes(),
        **headers(),
        **configured(),
        **tools(),
        **languages(),
        **elsewhere(),
    }
    made.innocent = lookalikes()
    of = made.secrets
    (root / ".gitignore").write_text("dist/\n")
    made.write({path: text for path, text in of.items() if path.startswith("gone/")})
    made.commit("Start")
    made.run("rm", "-rq", "gone")
    made.run("commit", "-qm", "Clean up")
    apart = ("gone/", "zip/", "dist/")
    made.write({path: text for path, text in of.items() if not path.startswith(apart)})
    made.write(made.innocent)
    with zipfile.ZipFile(root / "backup.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in of.items():
            if path.startswith("zip/"):
                archive.writestr(path, text)
    made.commit("The desk")
    made.write({path: text for path, text in of.items() if path.startswith("dist/")})
    return made
