"""The table of exposures loads strictly, and each row knows what it is about from what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.badfile import BadFile
from launchready_tui.catalogue import data_folder
from launchready_tui.catalogue import load as load_catalogue
from launchready_tui.facts.exposure_rows import exposures, holds_secrets, load, read, top_keys
from launchready_tui.facts.exposures import MOST_A_HOST

ROWS = {row.id: row for row in exposures()}
KEY = "sk_" + "live_" + "51HxYzAbCdEfGhIjKlMnOp"
SHELL = """<!doctype html><html><head><title>Desk</title><script nonce="abc">
window.__CONFIG={"openapi":1};</script></head><body><div id=root></div></body></html>"""
ERROR = "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"
EXAMPLE = "# copy me\nDATABASE_URL=\nSTRIPE_SECRET_KEY=changeme\nNODE_ENV=development\n"

FOUND = {
    "settings": f"# live\nSTRIPE_SECRET_KEY={KEY}\nDATABASE_URL=postgres://desk@db/desk\n",
    "git": "ref: refs/heads/main\n",
    "sql-dump": "--\n-- PostgreSQL database dump\n--\nCREATE TABLE people (id int);\n",
    "sqlite": "SQLite format 3\\x00\\x10",
    "actuator-env": '{"activeProfiles":[],"propertySources":[{"name":"server.ports"',
    "npm-token": "//packages.acme.test/:_authToken=npm_" + "a1B2c3D4e5F6a7B8c9D0e1F2a3B4",
    "aws-credentials": "[default]\naws_access_key_id = " + "AKIA" + "ABCDEFGHIJKLMNOP\n",
    "heap-dump": "JAVA PROFILE 1.0.2\\x00",
    "laravel-log": "[2026-03-01 09:00:00] production.ERROR: no such column",
    "config-json": '{"db": {"password": "' + "p7#kQ2-vX9" + '"}}',
    "telescope": "<html><head><title>Telescope - Desk</title></head></html>",
    "ignition": '{"can_execute_commands":true}',
    "django-debug": "<html><body><div id=djDebug></div></body></html>",
    "phpinfo": "<!DOCTYPE html><head><title>PHP 8.2.1 - phpinfo()</title></head>",
    "metrics": "# HELP http_requests_total Requests\n# TYPE http_requests_total counter\n",
    "pprof": "<html><head><title>/debug/pprof/</title></head>",
    "expvar": '{"cmdline": ["/app"],\n"memstats": {"Alloc":1',
    "server-status": "<!DOCTYPE HTML><html><h1>Apache Server Status for acme.test</h1>",
    "subversion": "12\n",
    "compose": "version: '3'\nservices:\n  web:\n    image: desk\n",
    "firebase": '{"hosting": {"public": "dist"}}',
    "agent-rules": "# Desk\n\n- Deploy with make ship\n- Never touch prod\n",
    "agent-settings": '{"permissions": {"allow": ["Bash"]}}',
    "api-description": '{"openapi":"3.1.0","info":{"title":"Desk"},"paths":{"/people":',
    "api-pages": '<!DOCTYPE html><html><script src="/swagger-ui-bundle.js"></script></html>',
    "package": '{"name":"desk","dependencies":{"react":"19"}}',
    "folder-list": "\\x00\\x00\\x00\\x01Bud1\\x00",
}


def test_every_code_is_a_fault_of_the_item_and_the_short_list_is_short() -> None:
    item = load_catalogue().item("exposure.files")
    assert {row.code for row in exposures()} == {fault.code for fault in item.faults}
    first = [path for row in exposures() for path in row.first]
    every = [path for row in exposures() for path in row.paths]
    assert 6 <= len(first) <= 10
    assert len(every) + 2 <= MOST_A_HOST


@pytest.mark.parametrize("row", ROWS)
def test_a_row_knows_what_it_is_about(row: str) -> None:
    assert read(ROWS[row], FOUND[row]) is not None


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    "body",
    [SHELL, ERROR, "", "Not found", "{}", '{"error":"not found"}', '{"status":"ok"}', "null"],
    ids=["shell", "error page", "empty", "words", "no keys", "error", "health", "null"],
)
def test_a_row_leaves_alone_what_any_address_may_answer(row: str, body: str) -> None:
    assert read(ROWS[row], body) is None


@pytest.mark.parametrize("row", [id for id, row in ROWS.items() if row.shape != "html"])
def test_what_is_no_page_is_not_found_inside_one(row: str) -> None:
    assert read(ROWS[row], f"<!doctype html><html><pre>\n{FOUND[row]}\n</pre></html>") is None


def test_an_example_file_is_no_settings_file() -> None:
    assert read(ROWS["settings"], EXAMPLE) is None
    assert read(ROWS["settings"], "A_KEY=<your key>\nB_TOKEN=${TOKEN}\nPORT=3000\n") is None
    assert read(ROWS["settings"], "ONE_LINE=is no file\n") is None


def test_names_are_kept_and_values_are_not() -> None:
    trace = read(ROWS["settings"], FOUND["settings"])
    assert trace is not None
    assert trace.names == ("STRIPE_SECRET_KEY", "DATABASE_URL")
    assert trace.secrets
    assert KEY not in repr(trace)


def test_a_token_that_is_read_from_elsewhere_is_none() -> None:
    assert read(ROWS["npm-token"], "//packages.acme.test/:_authToken=${NPM_TOKEN}\n") is None


def test_what_browsers_are_given_by_design_is_no_secret() -> None:
    firebase = '{"firebase":{"apiKey":"' + "AIza" + "A1b2C3d4E5" * 3 + 'A1b2C"},"api":"/v1"}'
    assert not holds_secrets(firebase)
    assert read(ROWS["config-json"], firebase) is None


def test_only_the_first_level_of_a_description_counts() -> None:
    assert list(top_keys('{"a":{"openapi":1},"b":[{"c":1}],"d":"e","f')) == ["a", "b", "d"]
    assert read(ROWS["package"], '{"a":{"dependencies":{}}}') is None


def test_administrators_addresses_make_a_description_worse() -> None:
    trace = read(ROWS["api-description"], '{"openapi":"3","paths":{"/api/admin/users":{}}}')
    assert trace is not None
    assert trace.worse


@pytest.mark.parametrize(
    ("line", "worse"),
    [
        ("- Deploy: ssh root@desk", True),
        ("- The database is at 203.0.113.7", True),
        ("- Open http://127.0.0.1:3000", False),
        ("- It listens on 0.0.0.0", False),
    ],
)
def test_instructions_that_name_a_machine_are_worse(line: str, worse: bool) -> None:
    trace = read(ROWS["agent-rules"], f"# Desk\n\n{line}\n")
    assert trace is not None
    assert trace.worse is worse


@given(st.text(max_size=4_096))
def test_no_answer_upsets_a_row(body: str) -> None:
    for row in exposures():
        read(row, body)


@pytest.mark.parametrize("letter", ['{"a":', '"', "{", "\\", "[", "A=\n", "# ", "1.", "ssh "])
def test_a_body_made_to_hurt_ends_soon(letter: str) -> None:
    for row in exposures():
        read(row, "{" + letter * (4_096 // len(letter)))


ENTRY = """\
[[exposure]]
id = "one"
paths = ["/one"]
code = "exposed-config"
shape = "text"
pattern = 'one'
shows = "one"
source = "https://example.com/"
seen = 2026-01-01
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"/one"', '"one"', "starts with /"),
        ('["/one"]', "[]", "paths of this entry"),
        ('["/one"]', '["/one"]\nfirst = ["/two"]', "paths of this entry"),
        ("'one'", "'('", "this is no pattern"),
        ("pattern = 'one'\n", "", "known by a pattern"),
        ('"text"', '"json"', "known by keys"),
        ("https:", "http:", "starts https://"),
        ('"one"\npaths', '"One"\npaths', "each id once"),
        ("seen =", "worse_if = 'x'\nseen =", "come together"),
        ("seen =", "saen =", "Did you mean seen?"),
        ('shape = "text"', 'shape = "txt"', "text"),
    ],
)
def test_a_wrong_entry_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    table = tmp_path / "exposures.toml"
    table.write_text(ENTRY.replace(old, new), "utf-8")
    with pytest.raises(BadFile) as told:
        load(table)
    assert says in told.value.message
    assert "exposures.toml" in told.value.message


def test_a_path_stands_in_one_entry_only(tmp_path: Path) -> None:
    table = tmp_path / "exposures.toml"
    table.write_text(ENTRY + ENTRY.replace('"one"', '"two"', 1), "utf-8")
    with pytest.raises(BadFile):
        load(table)
    assert load(data_folder() / "exposures.toml") == exposures()
