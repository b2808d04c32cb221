"""launchready.toml: written once with its comments, read strictly, never written again."""

from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs import user_state_path

from launchready_tui.badfile import BadFile
from launchready_tui.domain import BadInput
from launchready_tui.sprint import launchfile, recent


def created(root: Path, **more: object) -> str:
    given: dict[str, object] = {"domain": "Acme.Example", "repo": "", "client": "", "urls": ()}
    launchfile.create(root, **{**given, **more})  # type: ignore[arg-type]
    return (root / launchfile.NAME).read_text()


def test_it_explains_itself_and_names_the_code_relative_to_itself(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    text = created(
        tmp_path / "sprint",
        client='Ana "& Sons"',
        repo=str(code),
        urls=("app.acme.example", "https://app.acme.example/", ""),
    )
    assert "# What this launch is about" in text
    assert 'repo = "../code"' in text
    target = launchfile.read_target(tmp_path / "sprint")
    assert target.domain == "acme.example"
    assert target.client == 'Ana "& Sons"'
    assert target.repo == str(code)
    assert target.urls == ("https://app.acme.example/",)
    assert target.environments == ("dev", "preview", "prod")


def test_bare_paths_of_web_are_read_against_the_app(tmp_path: Path) -> None:
    text = created(tmp_path)
    web = """[web]
app = "app.acme.example"
private = ["/orders", "https://api.acme.example/me"]
login = "/login"
markers = ["nadia@acme.example", " "]
"""
    (tmp_path / launchfile.NAME).write_text(text.replace("[web]\n", web))
    seen = launchfile.read_target(tmp_path).web
    assert seen.app == "https://app.acme.example/"
    assert seen.private == ("https://app.acme.example/orders", "https://api.acme.example/me")
    assert seen.login == "https://app.acme.example/login"
    assert seen.markers == ("nadia@acme.example",)
    (tmp_path / launchfile.NAME).write_text(text.replace("[web]\n", '[web]\napi = ["no host"]\n'))
    with pytest.raises(BadFile, match=r"web\.api"):
        launchfile.read_target(tmp_path)


def test_what_is_said_of_mail_is_read_and_checked(tmp_path: Path) -> None:
    text = created(tmp_path)
    told = """[mail]
from = ["Hello@Acme.Example"]
senders = ["Resend", "192.0.2.7"]
selectors = ["S1"]
return_path = ["Send.acme.example."]
reply_to = ["help@acme.example"]
dmarc_since = 2026-01-15
dkim_since = 2026-01-15
smtp = "SMTP.resend.com"
"""
    (tmp_path / launchfile.NAME).write_text(text.replace("[mail]\n", told))
    mail = launchfile.read_target(tmp_path).mail
    assert mail.addresses == ("hello@acme.example",)
    assert mail.senders == ("resend", "192.0.2.7")
    assert mail.selectors == ("s1",)
    assert mail.return_path == ("send.acme.example",)
    assert mail.reply_to == ("help@acme.example",)
    assert mail.dmarc_since
    assert mail.smtp == "smtp.resend.com:587"
    assert mail.dkim_since
    for key, wrong in (
        ("from", '["no address"]'),
        ("senders", '["two words"]'),
        ("selectors", '["a b"]'),
        ("return_path", '["not a name"]'),
        ("smtp", '"smtp.resend.com:mail"'),
        ("smtp", '"not a host"'),
    ):
        bad = text.replace("[mail]\n", f"[mail]\n{key} = {wrong}\n")
        (tmp_path / launchfile.NAME).write_text(bad)
        with pytest.raises(BadFile, match=rf"mail\.{key}"):
            launchfile.read_target(tmp_path)


def test_it_moves_with_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "code").mkdir(parents=True)
    created(tmp_path / "a" / "sprint", repo=str(tmp_path / "a" / "code"))
    (tmp_path / "a").rename(tmp_path / "b")
    assert launchfile.read_target(tmp_path / "b" / "sprint").repo == str(tmp_path / "b" / "code")


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"domain": "https://acme.example/"}, "domain", "Did you mean acme.example?"),
        ({"repo": "/nowhere/at/all"}, "repo", "there is no folder"),
        ({"repo": __file__}, "repo", "is a file"),
        ({"urls": ("ftp://acme.example",)}, "urls", "not a web address"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field_and_nothing_is_written(
    tmp_path: Path, more: dict[str, object], field: str, said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        created(tmp_path / "sprint", **more)
    assert refused.value.field == field
    assert said in str(refused.value)
    assert not (tmp_path / "sprint").exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('clinet = "x"', "Did you mean client?"),
        ("urls = 3", "expected a list"),
        ("urls = ['ftp://x.example']", "not a web address"),
        ("client = ", "line 3"),
        ("[traits]\nsends_email = 'yes'", "expected true or false"),
    ],
)
def test_a_slip_is_told_with_its_line_and_what_was_meant(
    tmp_path: Path, line: str, said: str
) -> None:
    (tmp_path / launchfile.NAME).write_text(f'schema = 1\ndomain = "acme.example"\n{line}\n')
    with pytest.raises(BadFile) as bad:
        launchfile.read_target(tmp_path)
    assert said in str(bad.value)
    assert launchfile.NAME in str(bad.value)


def test_the_sprints_of_late_are_listed_newest_first_while_they_exist(tmp_path: Path) -> None:
    roots = [tmp_path / name for name in ("one", "two", "three")]
    for root in roots:
        created(root)
        recent.add(root)
    recent.add(roots[0])
    assert recent.recent() == (roots[0], roots[2], roots[1])
    (roots[2] / launchfile.NAME).unlink()
    assert recent.recent() == (roots[0], roots[1])


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1}', b"[1]", b"\xff", b'["\\u0000"]'])
def test_a_broken_list_of_sprints_is_an_empty_one(tmp_path: Path, content: bytes) -> None:
    created(tmp_path / "one")
    recent.add(tmp_path / "one")
    file = user_state_path("launchready") / "recent.json"
    file.write_bytes(content)
    assert recent.recent() == ()
    recent.add(tmp_path / "one")
    assert recent.recent() == (tmp_path / "one",)
