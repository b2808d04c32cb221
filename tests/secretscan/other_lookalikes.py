"""What is no secret and looks like one: documents, labels, forms, references, digests, public keys."""

# ruff: noqa: E501  the lines are as long as in the files they stand for
from __future__ import annotations

import base64
import random
import string

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
_DRAW = random.Random(78)


def drawn(length: int, letters: str = ALNUM) -> str:
    return "".join(_DRAW.choice(letters) for _ in range(length))


def packed(length: int) -> str:
    return base64.b64encode(_DRAW.randbytes(length)).decode()


def uuid() -> str:
    return "-".join(drawn(n, HEX) for n in (8, 4, 4, 4, 12))


def references() -> dict[str, str]:
    """Settings that say where the secret is, and headers that are put together."""
    return {
        "ref/bearer.ts": "headers: { Authorization: `Bearer ${session.accessToken_v2}` }\n",
        "ref/bearer.sh": 'curl -H "Authorization: Bearer ${API_TOKEN}" -H "Authorization: Bearer $TOKEN_2024" x\n',
        "ref/bearer.py": 'headers = {"Authorization": f"Bearer {settings.api_token_for_desk_2}"}\n',
        "ref/format.py": 'headers = {"Authorization": "Bearer {}".format(token), "X-Api-Key": "%s" % key}\n',
        "ref/basic.ts": "Authorization: 'Basic ' + btoa(`${user}:${password}`),\n",
        "ref/bearer.md": "Authorization: Bearer YOUR_ACCESS_TOKEN_GOES_HERE\nAuthorization: Bearer <access_token_from_step_1>\n",
        "ref/openapi.yml": "securitySchemes:\n  basicAuth:\n    type: http\n    scheme: basic\n    description: 'Authorization: Basic credentials-as-in-rfc7617'\n",
        "ref/curl.sh": 'curl -u "$USER:$PASSWORD" x; curl -u ${ID}:${KEY_2} x; curl -u user:password x; curl --user "$(cat f):x" y\n',
        "ref/curl.md": "curl -u <username>:<password> x\ncurl -u your_user:your_password123 x\ncurl -u sk_example_1: x\n",
        "ref/connection.cs": 'var c = $"Server={host};User Id={user};Password={password};";\n',
        "ref/connection.json": '{"Desk": "Server=db;Database=a;Integrated Security=true;", "B": "Server=b;Password=${DB_PASSWORD_1};"}\n',
        "ref/connection.md": "Server=myServerAddress;Database=myDataBase;User Id=myUsername;Password=myPassword;\n",
        "ref/pwd.sh": 'cd "$OLDPWD"; PWD=$(pwd); DIR=${PWD}/build-2024; host=a; pwd=`pwd`\n',
        "ref/pom.xml": "<password>${env.DEPLOY_PASSWORD_1}</password>\n<token>@deploy.token.v2@</token>\n",
        "ref/maven.xml": "<password>{encrypted-by-maven}</password>\n<apiKey>${api.key.2}</apiKey>\n",
        "ref/wp-config.php": "define('DB_PASSWORD', getenv('DB_PASSWORD_1'));\ndefine('AUTH_KEY', getenv_docker('KEY2', 'put your unique phrase here'));\n",
        "ref/wp-sample.php": "define( 'DB_PASSWORD', 'password_here' );\ndefine( 'AUTH_KEY', 'put your unique phrase here' );\n",
        "ref/tf.tf": 'password = var.db_password_v2\npassword = "${var.db_password}"\nsecret_key = data.vault.x["key-1"]\n',
        "ref/tfrandom.tf": "password = random_password.master_1.result\n",
        "ref/k8s.yaml": "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: desk-db-credentials-1\n        key: password-2024\n",
        "ref/k8svalue.yaml": "env:\n  - name: DB_PASSWORD\n    value: $(DB_PASSWORD_FROM_2)\n  - name: PASSWORD_FILE\n    value: /run/secrets/pw1\n",
        "ref/helm.yaml": 'data:\n  password: {{ .Values.db.password | b64enc | quote }}\n  token: "{{ .Values.token2 }}"\n',
        "ref/compose.yml": "environment:\n  - POSTGRES_PASSWORD=${DB_PASSWORD:?set it}\n  - DB_PASSWORD_FILE=/run/secrets/db_1\n",
        "ref/Dockerfile": "ARG NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN\nENV DB_PASSWORD ${DB_PASSWORD}\n",
        "ref/.npmrc": "//packages.acme.test/:_authToken=${NPM_TOKEN_2}\n//b/:_password=${NPM_PASSWORD}\n",
        "ref/ansible.yml": 'ansible_ssh_pass: "{{ vault_ssh_pass_1 }}"\ndb_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n',
        "ref/sealed.yaml": f"kind: SealedSecret\nspec:\n  encryptedData:\n    password: Ag{packed(180)}\n",
        "ref/spring.yml": "spring:\n  datasource:\n    password: ${DB_PASSWORD_2:}\n",
        "ref/jasypt.properties": "spring.datasource.password=ENC(" + packed(30) + ")\n",
        "ref/setenv.go": 'os.Setenv("DB_PASSWORD", cfg.Password2)\nos.Setenv("TOKEN_PATH", "/var/run/token-1")\n',
        "ref/java.java": 'ds.setPassword(env.get("db.password.v2"));\nds.setPassword(properties.getPassword());\n',
        "ref/gradle.gradle": "storePassword System.getenv('STORE_PASSWORD_1')\nkeyPassword keystoreProperties['keyPassword2']\n",
        "ref/actions.yml": "run: docker login -u ${{ github.actor }} -p ${{ secrets.TOKEN_2 }}\nwith:\n  token: ${{ github.token }}\n",
        "ref/sshpass.sh": 'sshpass -p "$SSH_PASSWORD_1" ssh x; sshpass -e ssh y; mkdir -p "build-output-2"\n',
        "ref/azure.cs": 'var c = $"AccountName={name};AccountKey={key};"; var d = "UseDevelopmentStorage=true";\n',
        "ref/azure.md": "AccountKey=<your-account-key-1>;\nhttps://a.blob.core.windows.net/c?sv=2022-11-02&sig=<signature>\n",
        "ref/.netrc.md": "machine api.acme.test login <your-login> password <your-password-1>\n",
        "ref/rfc.md": "`Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==` is the example of RFC 7617\n",
        "ref/mysql.sh": 'mysql -u root -p desk; mysql -u a -p"$DB_PASSWORD_1" b; mysqldump -u a --port=33060 -proot c\n',
        "ref/login.sh": "echo $PW_1 | docker login -u a --password-stdin packages.acme.test; docker login -p $TOKEN_2 x\n",
        "ref/sql.sql": "ALTER USER a WITH PASSWORD :'new_password_1'; CREATE USER b IDENTIFIED BY 'password';\n",
        "ref/calls.py": 'requests.get(u, auth=("user", "pass")); HTTPBasicAuth(user, password_2); auth=("api", os.environ["K1"])\n',
        "ref/types.ts": "const token: string = 'auth.token.key'; let password: string = ''; const apiKey: string = 'YOUR_API_KEY_2';\n",
        "ref/task.json": '{"name": "DB_PASSWORD", "value": "${db_password_1}"}, {"name": "TOKEN", "valueFrom": "arn:aws:ssm:x:1"}\n',
        "ref/redis.conf": "# requirepass foobared\nmasterauth <master-password-1>\nbindpw {{ ldap_password_1 }}\n",
        "ref/prose.md": "Every machine asks for login name and password before it starts, and login there needs a password too.\n",
        "ref/.pgpass.md": "hostname:port:database:username:password\n*:5432:*:app:<password>\n",
    }


def words() -> dict[str, str]:
    """Labels, translations, form fields, validation, types."""
    return {
        "ui/en.json": '{"password": "Password", "pass": "Boarding pass", "auth": "Authentication", "token": "Enter-your-token-2"}\n',
        "ui/de.yml": "de:\n  password: Passwort\n  password_confirmation: Passwort-Wiederholung\n  token: Zugangs-Schlüssel\n  secret: Geheimnis-Nr.1\n",
        "ui/fr.json": '{"passwordLabel": "Mot-de-passe*", "password": "Mot\\u00a0de\\u00a0passe", "newPassword": "Nouveau-mot-de-passe"}\n',
        "ui/strings.xml": '<string name="password">Passwort</string>\n<string name="prompt_password">Passwort_(8+)</string>\n<password>password</password>\n',
        "ui/resx.xml": '<data name="Password" xml:space="preserve"><value>Kennwort:</value></data>\n',
        "ui/form.html": '<input name="password" type="password" value="" placeholder="Passwort-2x">\n<input name="password" value="{{ old.password }}">\n',
        "ui/form.tsx": '<Field name="password" type="password" autoComplete="current-password" id="password-field-1" />\n',
        "ui/label.tsx": '<label htmlFor="password-2">Password</label>; const passwordLabel = "Your password:";\n',
        "ui/django.py": 'password = forms.CharField(widget=forms.PasswordInput)\npassword1 = "new-password1"\n',
        "ui/yup.ts": 'password: yup.string().min(8, "password-too-short-8"), token: z.string().uuid(),\n',
        "ui/errors.go": 'var ErrPassword = errors.New("password: too short (8)")\nconst TokenKey = "ctx.token.key"\n',
        "ui/enum.ts": 'enum K { ApiKey = "api_key", Password = "password_v2", RefreshToken = "refresh_token" }\n',
        "ui/empty.yml": "password: \"\"\nsecret: ''\ntoken: ~\napi_key: null\npassphrase:\n",
        "ui/empty.tf": 'variable "db_password" {\n  type      = string\n  sensitive = true\n  default   = ""\n}\n',
        "ui/tfvar.tf": 'variable "db_password" {\n  description = "Password-of-the-db-1"\n}\nvariable "region" {\n  default = "eu-central-1"\n}\n',
        "ui/schema.json": '{"password": {"type": "string", "format": "password", "minLength": 8}, "token": "string"}\n',
        "ui/schema.xsd": '<xs:element name="password" type="xs:string"/><attribute name="password" value="optional"/>\n',
        "ui/sql.sql": "ALTER TABLE users ADD password VARCHAR(255); SELECT password FROM u WHERE token = 'x';\n",
        "ui/css.css": '.password-field::after { content: "password"; }\ninput[name="password"] { color: #a1b2c3; }\n',
        "ui/test-id.tsx": '<div data-testid="password-input-2" data-token="color.text.2" token="spacing-4-x2" />\n',
        "ui/design.json": '{"token": "color-primary-500", "tokenName": "spacing.lg.2", "secretSauce": "no"}\n',
        "ui/docker.md": "docker run -e POSTGRES_PASSWORD=mysecretpassword -e MYSQL_ROOT_PASSWORD=my-secret-pw db\n",
        "ui/argparse.py": 'p.add_argument("--password", help="password-of-the-user_1", default=None)\n',
        "ui/log.py": 'log.info("password: %s", "***"); print("token: <hidden-token-1>")\n',
        "ui/props.properties": "label.password=Passwort\nerror.password=Passwort\\ ist\\ zu\\ kurz\npassword.min.length=8\n",
        "ui/basic.md": "Use Authorization: Basic authentication-over-tls, or Authorization: Bearer tokens-as-in-rfc6750-section-2.\n",
        "ui/enabled.yml": "auth:\n  password: enabled\n  token: required\n  secret: kubernetes.io/tls\n",
    }


def digests() -> dict[str, str]:
    """Drawn by chance, and public."""
    image = packed(900)
    return {
        "sum/sha.txt": f"{drawn(64, HEX)}  desk.tar.gz\n{drawn(40, HEX)}  desk.zip\n",
        "sum/uuid.json": f'{{"id": "{uuid()}", "requestId": "{uuid()}", "key": "{uuid()}"}}\n',
        "sum/page.html": f'<script src="a.js" integrity="sha512-{packed(64)}"></script>\n',
        "sum/yarn.lock": f'"a@^1":\n  resolved "https://packages.acme.test/a-1.tgz#{drawn(40, HEX)}"\n  integrity sha512-{packed(64)}\n',
        "sum/poetry.lock": f'files = [{{file = "a.whl", hash = "sha256:{drawn(64, HEX)}"}}]\ncontent-hash = "{drawn(64, HEX)}"\n',
        "sum/Cargo.lock": f'name = "token"\nchecksum = "{drawn(64, HEX)}"\n',
        "sum/composer.lock": f'"reference": "{drawn(40, HEX)}", "shasum": "{drawn(40, HEX)}"\n',
        "sum/flake.lock": f'"narHash": "sha256-{packed(32)}", "rev": "{drawn(40, HEX)}"\n',
        "sum/image.ts": f'export const key = "data:image/png;base64,{image}";\n',
        "sum/image.xml": f"<image><data>{image}</data></image>\n",
        "sum/font.css": f"src: url(data:font/woff2;base64,{packed(600)});\n",
        "sum/map.js": f"//# sourceMappingURL=data:application/json;base64,{packed(300)}\n",
        "sum/min.js": "".join(
            f'var {c}=this.{c}||{{pass:"w{c}",token:t("{c}1"),key:"k{c}2"}};' for c in "abcdefgh"
        )
        + "\n",
        "sum/ssh.pub": f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA{packed(33)} ana@desk\n",
        "sum/known_hosts": f"git.acme.test ssh-rsa AAAAB3NzaC1yc2E{packed(270)}\n",
        "sum/public.pem": f"-----BEGIN PUBLIC KEY-----\n{packed(48)}\n{packed(48)}\n-----END PUBLIC KEY-----\n",
        "sum/cert.crt": f"-----BEGIN CERTIFICATE-----\n{packed(48)}\n{packed(48)}\n-----END CERTIFICATE-----\n",
        "sum/ca.yaml": f"clusters:\n- cluster:\n    certificate-authority-data: {packed(200)}\n",
        "sum/jwks.json": f'{{"keys": [{{"kty": "RSA", "kid": "{drawn(27)}", "n": "{drawn(342)}", "e": "AQAB"}}]}}\n',
        "sum/publickey.ts": f'const publicKey = "{drawn(64, HEX)}"; const vapidPublicKey = "B{drawn(86)}";\n',
        "sum/commit.md": f"Fixed in {drawn(40, HEX)}, and Revert {drawn(40, HEX)}\n",
        "sum/key-ref.py": f'cache_key = "desk:{drawn(8, HEX)}"; etag = "{drawn(32, HEX)}"; name = "key-{drawn(8, HEX)}"\n',
        "sum/time.log": "at 1234567890:AAPL closed, 12:30:45 token refreshed in 12ms, key-value-store-2024 up\n",
        "sum/docker.yaml": f"image: packages.acme.test/desk@sha256:{drawn(64, HEX)}\n",
        "sum/aws.md": f"aws_access_key_id = {'AK' + 'IA'}IOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/{'bPxRfiCY'}EXAMPLEKEY\n",
        "sum/stripe.md": f"{'sk_' + 'te' + 'st_'}XXXXXXXXXXXXXXXXXXXXXXXX and {'whs' + 'ec_'}{'.' * 30}\n",
        "sum/htpasswd.md": "htpasswd -c file desk; auth_basic_user_file /etc/nginx/.htpasswd-2;\n",
        "sum/analytics.html": f'<meta name="verification-token" content="{drawn(43)}"><i data-sitekey="6L{drawn(38)}"></i>\n',
        "sum/config.xml": f'<item name="checksum" value="{drawn(40, HEX)}"/><id>{uuid()}</id>\n',
        "sum/configmap.yaml": f"kind: ConfigMap\nbinaryData:\n  logo: {packed(90)}\ndata:\n  mode: {packed(9)}\n",
    }


def lookalikes() -> dict[str, str]:
    return {**references(), **words(), **digests()}
