"""Databases in parts: the address that several settings stand for together."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.credentials.address import address
from launchready_tui.credentials.kinds import kind_of
from launchready_tui.credentials.parts import Database, databases

WORD = st.text(min_size=1, max_size=40).map(str.strip).filter(bool)


@dataclass(frozen=True)
class Given:
    name: str
    value: str


def of(**settings: str) -> list[Database[Given]]:
    return list(databases(Given(name, value) for name, value in settings.items()))


def one(**settings: str) -> str:
    (found,) = of(**settings)
    return found.address


def test_what_begins_alike_is_one_address() -> None:
    (found,) = of(
        DB_CONNECTION="pgsql", DB_HOST="db.acme.test", DB_PORT="5433", DB_DATABASE="acme",
        DB_USERNAME="app", DB_PASSWORD="kept",
    )  # fmt: skip
    assert found.address == "postgres://app:kept@db.acme.test:5433/acme"
    assert found.names == ("DB_HOST", "DB_USERNAME", "DB_PASSWORD")


def test_each_beginning_is_a_database_of_its_own() -> None:
    found = of(
        PGHOST="a.test", PGUSER="app", MYSQL_HOST="b.test", APP_DB_HOST="c.test", APP_DB_USER="me"
    )
    assert [held.address for held in found] == [
        "postgres://app@a.test/",
        "mysql://b.test/",
        "database://me@c.test/",
    ]


@pytest.mark.parametrize(
    ("settings", "scheme"),
    [
        ({"DB_ENGINE": "django.db.backends.postgresql"}, "postgres"),
        ({"DB_DRIVER": "postgresql+psycopg2"}, "postgres"),
        ({"DB_DIALECT": "mariadb"}, "mysql"),
        ({"DB_TYPE": "mssql", "DB_PORT": "5432"}, "mssql"),
        ({"DB_PORT": "3306"}, "mysql"),
        ({"DB_PORT": "4711"}, "database"),
        ({}, "database"),
    ],
)
def test_the_kind_of_server_is_told_by_a_setting_or_the_port(
    settings: dict[str, str], scheme: str
) -> None:
    text = one(DB_HOST="db.acme.test", DB_USER="app", **settings)
    assert text.startswith(f"{scheme}://")
    kind = kind_of("DB_USER", text)
    assert kind is not None
    assert kind.family == "database"


def test_encryption_comes_along() -> None:
    assert one(PGHOST="a.test", PGSSLMODE="require") == "postgres://a.test/?sslmode=require"
    assert one(REDIS_HOST="a.test", REDIS_TLS="true") == "redis://a.test/?ssl=true"
    ca = "/etc/ca.pem"
    assert one(MYSQL_HOST="a.test", MYSQL_ATTR_SSL_CA=ca).endswith("?sslca=%2Fetc%2Fca.pem")


@pytest.mark.parametrize(
    "settings",
    [
        {"DB_USER": "app", "DB_PASSWORD": "x"},
        {"POSTGRES_USER": "postgres", "POSTGRES_PASSWORD": "x", "POSTGRES_DB": "a"},
        {"DB_HOST": "", "DB_PASSWORD": "x"},
        {"DB_HOST": "null", "DB_PASSWORD": "x"},
        {"DB_CONNECTION": "sqlite", "DB_HOST": "127.0.0.1"},
        {"DB_HOST": "https://db.acme.test", "DB_USER": "app"},
        {"DB_HOST": "${HOST}", "DB_USER": "app"},
        {"SMTP_HOST": "mail.acme.test", "SMTP_USER": "db"},
        {"HOST": "0.0.0.0", "PORT": "5432", "USER": "postgres"},
        {"DBT_HOST": "a.test", "CLOUDBASE_HOST": "b.test"},
    ],
)
def test_what_leads_to_no_host_is_no_database(settings: dict[str, str]) -> None:
    assert of(**settings) == []


@pytest.mark.parametrize("nothing", ["null", "", " None "])
def test_a_password_that_says_that_there_is_none_is_no_login(nothing: str) -> None:
    (found,) = of(REDIS_HOST="cache.acme.test", REDIS_PASSWORD=nothing)
    assert (found.login, found.address) == ((), "redis://cache.acme.test/")


@pytest.mark.parametrize(
    ("host", "port", "read"),
    [
        ("db.acme.test", "5432", ("db.acme.test", 5432)),
        ("db.acme.test:6432", "5432", ("db.acme.test", 6432)),
        ("::1", "5432", ("::1", 5432)),
        ("[2001:db8::1]:5433", "", ("2001:db8::1", 5433)),
        ("/cloudsql/acme:eu:one", "", ("/cloudsql/acme:eu:one", None)),
        ("db.acme.test", "many", ("db.acme.test", None)),
    ],
)
def test_hosts_of_every_form(host: str, port: str, read: tuple[str, int | None]) -> None:
    held = address(one(PGHOST=host, PGPORT=port, PGUSER="app"))
    assert held is not None
    assert (held.host, held.port) == read


@given(user=WORD, password=WORD, name=WORD)
def test_whatever_stands_in_a_setting_arrives_whole(user: str, password: str, name: str) -> None:
    text = one(DB_HOST="db.acme.test", DB_USER=user, DB_PASSWORD=password, DB_NAME=name)
    held = address(text)
    assert held is not None
    assert (held.user, held.password, held.host) == (user, password, "db.acme.test")


@given(st.dictionaries(st.text(max_size=60), st.text(max_size=60), max_size=6))
def test_any_settings_give_an_answer(settings: dict[str, str]) -> None:
    of(**settings)
