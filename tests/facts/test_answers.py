"""What an answer is: records, words about itself, a login, a frame, or something else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.answers import looks, visible

PEOPLE = '[{"id":1,"email":"ana@acme.test","first_name":"Ana"},{"id":2,"email":"bo@acme.test"}]'


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        '{"user":null}',
        '{"user":null,"expires":"2026-01-01","csrfToken":"abc"}',
        '{"error":{"message":"Unauthorized"}}',
        '{"message":"please sign in","loginUrl":"/login"}',
        '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"no session"}',
        '{"status":"ok","version":"1.2.3","uptime":12,"checks":{"db":"ok"}}',
        '{"authenticated":false}',
        '{"data":[],"total":0}',
        '{"items":[{}]}',
    ],
)
def test_json_that_speaks_of_itself_only_is_no_data(body: str) -> None:
    assert not looks(body, "application/json").data


@pytest.mark.parametrize(
    "body",
    [PEOPLE, '{"total":3}', '{"data":[{"id":1}]}', '["ana"]', '{"me":{"team":"desk"}}'],
)
def test_json_with_records_is_data(body: str) -> None:
    assert looks(body, "application/json").data


def test_fields_about_people_are_counted_and_not_kept() -> None:
    seen = looks(PEOPLE, "application/json", ("Ana", "nobody"))
    assert (seen.kind, seen.personal, seen.markers) == ("json", 2, 1)
    assert "acme" not in repr(seen)


def test_a_file_is_data() -> None:
    assert looks("id,name\n1,Ana\n", "text/csv; charset=utf-8").data
    assert looks("%PDF-1.7", "application/pdf").kind == "file"
    assert not looks("", "text/csv").data


@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html><form><input name=email><input type=password></form>",
        "<!doctype html><form><input name=identifier></form>",
        "<!doctype html><title>Sign in · Desk</title><div id=root></div>",
        "<!doctype html><h1>Bitte anmelden</h1>",
    ],
)
def test_a_page_that_asks_who_is_there(body: str) -> None:
    assert looks(body, "text/html").login


def test_a_table_of_records_is_none() -> None:
    rows = "<tr><td>Ana</td><td>open</td></tr>" * 20
    seen = looks(f"<!doctype html><title>Orders</title><table>{rows}</table>", "text/html")
    assert (seen.kind, seen.login, seen.cells, seen.title) == ("html", False, 40, "Orders")


def test_words_of_scripts_are_not_read_by_visitors() -> None:
    body = "<!doctype html><script>var a='<p>hello</p>'</script><style>p{}</style><p>Hi</p>"
    assert visible(body) == "Hi"
    assert looks(body).text == 2


@given(st.one_of(st.text(max_size=3_000), st.binary(max_size=500).map(str)), st.text(max_size=40))
def test_no_answer_upsets_it(body: str, kind: str) -> None:
    looks(body, kind, ("a", ""))


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_json_upsets_it(value: object) -> None:
    looks(json.dumps(value), "application/json")


@pytest.mark.parametrize(
    "piece", ["[", '{"a":', "<script", "<td", "<!--", "a@", '"email":', "<form><input name=", "</"]
)
def test_a_body_made_to_hurt_ends_soon(piece: str) -> None:
    looks(piece * (262_144 // len(piece)), "text/html")
    looks("{" + piece * (262_144 // len(piece)), "application/json")
