"""What a hit's surroundings, its file and what is packed inside it say about it."""

from __future__ import annotations

import io

from launchready_tui.secretscan.engine import Reduced
from launchready_tui.secretscan.known import KnownValues
from launchready_tui.secretscan.search import Search
from secretscan.other_corpus import drawn, packed, word


def rules(path: str, text: str) -> list[str]:
    search = Search(Reduced(), KnownValues([]))
    search.stream(path, io.BytesIO(f"{text}\n".encode()))
    return [leak.rule for leak in search.result().leaks]


def test_a_basic_header_is_judged_by_the_password_inside_it() -> None:
    header = "Authorization: Basic {}".format
    assert rules("a.http", header(packed(f"desk:{word()}"))) == ["basic-login"]
    for login in ("desk:", "desk:password", "a phrase of words", "desk:${PASSWORD_1}"):
        assert rules("a.http", header(packed(login))) == []


def test_a_line_of_a_pgpass_file_is_a_password_only_in_such_a_file() -> None:
    line = f"db1.acme.test:6432:desk:desk:{word()}"
    assert rules("home/.pgpass", line) == ["pgpass-line"]
    assert rules("notes.txt", line) == []


def test_a_sealed_secret_is_left_alone_and_an_open_one_is_not() -> None:
    sealed = f"spec:\n  encryptedData:\n    password: Ag{drawn(150)}"
    assert rules("a.yaml", sealed) == []
    assert rules("a.yaml", sealed.replace("encryptedData", "stringData")) == ["plain-secret"]


def test_the_caption_of_a_field_is_no_secret_and_the_field_is() -> None:
    value = word()
    assert rules("a.ts", f'passwordLabel = "{value}"') == []
    assert rules("a.ts", f'password = "{value}"') == ["quoted-secret"]


def test_a_password_on_a_command_line_is_told_from_the_word_of_a_manual() -> None:
    command = "docker login -u desk -p {} packages.acme.test".format
    assert rules("a.sh", command(word())) == ["command-login"]
    assert rules("a.md", command("yourpassword123")) == []


def test_a_key_crossed_out_in_short_is_left_alone_and_one_with_an_x_is_not() -> None:
    line = "STRIPE_SECRET_KEY={}".format
    assert rules(".env.example", line("sk_" + "live_xxx")) == []
    assert rules(".env.example", line("sk_" + "live_" + drawn(20) + "xxx")) != []


def test_a_value_that_a_pipeline_fills_in_is_left_alone() -> None:
    assert rules("a.yml", "password: ((desk_pw_1))") == []
    assert rules("a.yml", f"password: {word()}") == ["plain-secret"]


def test_a_password_in_a_table_is_told_and_its_heading_is_not() -> None:
    table = "| Service | User | Password |\n|---|:--|---|\n| Portal | admin | {} |".format
    assert rules("README.md", table(f"`{word()}`")) == ["table-password"]
    for value in (
        "see the vault",
        "`<your password>`",
        "$PORTAL_PASSWORD_1",
        "at least 12 letters",
    ):
        assert rules("README.md", table(value)) == []


def test_a_password_in_an_export_is_told() -> None:
    export = "name,url,username,password\ndesk,https://desk.acme.test,ana@acme.test,{}".format
    assert rules("logins.csv", export(word())) == ["csv-password"]
    assert rules("logins.csv", export("unchanged")) == []
