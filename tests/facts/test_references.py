"""Names of environment variables are found in code as people write it, and honestly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.references import LANGUAGES, may_read, references

READS = [
    (".ts", "const a = process.env.API_URL;", "API_URL plain"),
    (".ts", 'const a = process.env["API_URL"]', "API_URL plain"),
    (".ts", "const a = process.env.API_URL || 'x'", "API_URL default"),
    (".ts", "const a = process.env.API_URL ?? x", "API_URL default"),
    (".ts", "const a = process.env.API_URL!;", "API_URL required"),
    (
        ".ts",
        "createClient(process.env.URL_A!, process.env.KEY_B!)",
        "URL_A required, KEY_B required",
    ),
    (".ts", "createClient(process.env.URL_A, process.env.KEY_B)", "URL_A plain, KEY_B plain"),
    (".ts", "if (process.env.TRACE === 'on') {", "TRACE default"),
    (".ts", "const x = process.env.TRACE ? 1 : 2", "TRACE default"),
    (".vue", "import.meta.env.VITE_API", "VITE_API plain"),
    (".mjs", 'Deno.env.get("API_URL")', "API_URL plain"),
    (".ts", 'configService.getOrThrow<string>("DB_URL")', "DB_URL required"),
    (".ts", 'this.configService.get("DB_URL", "x")', "DB_URL default"),
    (".ts", "const { A_KEY, B_KEY: b = 'd' } = process.env", "A_KEY plain, B_KEY default"),
    (".ts", "const {\n  A_KEY,\n  B_KEY,\n} = process.env;", "A_KEY plain, B_KEY plain"),
    (".ts", "import { SECRET_ONE } from '$env/static/private'", "SECRET_ONE plain"),
    (".ts", "  DATABASE_URL: z.string().url(),", "DATABASE_URL required"),
    (".ts", "  SENTRY_DSN: z.string().optional(),", "SENTRY_DSN default"),
    (".ts", 'const quote = /"/; const a = process.env.AFTER_QUOTE', "AFTER_QUOTE plain"),
    (".js", "const a = Bun.env.API_URL", "API_URL plain"),
    (".js", "const a = import.meta.env['VITE_API']", "VITE_API plain"),
    (".ts", 'env.get("API_URL")', "API_URL plain"),
    (".ts", "app.get('/', (c) => fetch(c.env.API_URL))", "API_URL plain"),
    (".ts", 'import { env } from "cloudflare:workers";\nfetch(env.API_URL)', "API_URL plain"),
    (
        ".ts",
        "import { env } from '$env/dynamic/private'\nx(env.KEY_A ?? b)",
        "KEY_A default",
    ),
    (".ts", 'import { env } from "./ours";\nfetch(env.API_URL)', ""),
    (".ts", 'import { API_URL, KEY as k } from "astro:env/server"', "API_URL plain, KEY plain"),
    (".ts", 'import { getSecret } from "astro:env/server"\ngetSecret("KEY_A")', "KEY_A plain"),
    (".svelte", "import { PUBLIC_URL } from '$env/static/public'", "PUBLIC_URL plain"),
    (".astro", "const a = import.meta.env.API_URL", "API_URL plain"),
    (".jsx", "<a href={process.env.API_URL}>", "API_URL plain"),
    (".py", 'os.environ["API_URL"]', "API_URL required"),
    (".py", 'from os import environ\nenviron["API_URL"]', "API_URL required"),
    (".py", 'from os import getenv\ngetenv("API_URL")', "API_URL plain"),
    (
        ".py",
        'env.str("KEY_A")\nenv.int("NUM")\nenv.url("URL_A")',
        "KEY_A required, NUM required, URL_A required",
    ),
    (".py", 'DEBUG_SQL = config("DEBUG_SQL", cast=bool)', "DEBUG_SQL required"),
    (".py", 'DEBUG_SQL = config("DEBUG_SQL", cast=bool, default=False)', "DEBUG_SQL default"),
    (".py", "os.environ['API_URL'] = 'x'", ""),
    (".py", 'os.environ.get("API_URL")', "API_URL plain"),
    (".py", 'os.environ.get("API_URL", "x")', "API_URL default"),
    (".py", 'os.getenv("API_URL") or "x"', "API_URL default"),
    (".py", 'if os.getenv("TRACE") == "on":', "TRACE default"),
    (".py", 'env.bool("DEBUG_SQL", default=False)', "DEBUG_SQL default"),
    (".py", 'SECRET = env("SECRET_KEY")', "SECRET_KEY required"),
    (".py", 'config("SECRET_KEY")', "SECRET_KEY required"),
    (".rb", "ENV.fetch('API_URL')", "API_URL required"),
    (".rb", "ENV.fetch('API_URL') { 'x' }", "API_URL default"),
    (".rb", 'ENV["API_URL"] || "x"', "API_URL default"),
    (".php", "env('APP_KEY')", "APP_KEY plain"),
    (".php", "env('APP_KEY', 'x')", "APP_KEY default"),
    (".php", 'getenv("API_URL")', "API_URL plain"),
    (".php", '$_ENV["API_URL"]', "API_URL plain"),
    (".php", "$_SERVER['API_URL'] ?? 'x'", "API_URL default"),
    (".php", "$_SERVER['REQUEST_URI'] . $_SERVER['HTTP_HOST'] . $_SERVER['HTTPS']", ""),
    (".php", "config('app.key')", ""),
    (".go", 'os.Getenv("API_URL")', "API_URL plain"),
    (".go", 'Port int `env:"HTTP_PORT"`', "HTTP_PORT plain"),
    (".go", 'v, ok := os.LookupEnv("API_URL")', "API_URL plain"),
    (".rs", 'env::var("API_URL")', "API_URL plain"),
    (".rs", 'const A: &str = env!("API_URL");', "API_URL required"),
    (".rs", 'dotenvy::var("API_URL")', "API_URL plain"),
    (".kt", 'System.getenv("API_URL") ?: "x"', "API_URL default"),
    (".java", 'System.getenv("API_URL")', "API_URL plain"),
    (".prisma", 'url = env("DATABASE_URL")', "DATABASE_URL required"),
    ("compose", "image: app:${TAG:-latest}", "TAG default"),
    ("compose", "KEY: ${API_KEY}", "API_KEY required"),
    ("compose", "KEY: ${API_KEY:?set it}", "API_KEY required"),
    (".ts", "// process.env.OLD_NAME was here", ""),
    (".py", "# os.environ['OLD_NAME']", ""),
]


@pytest.mark.parametrize(("kind", "code", "expected"), READS, ids=[row[1] for row in READS])
def test_a_reference_is_found_with_what_happens_without_it(
    kind: str, code: str, expected: str
) -> None:
    found, _ = references(code, kind)
    assert ", ".join(f"{ref.name} {ref.strength}" for ref in found) == expected


@pytest.mark.parametrize(
    ("kind", "code", "prefix"),
    [
        (".ts", "process.env[name]", ""),
        (".ts", "process.env[`FEATURE_${name}`]", "FEATURE_"),
        (".ts", "const e = process.env;", ""),
        (".ts", "spawn(cmd, { env: { ...process.env } })", ""),
        (".py", 'os.environ.get(f"FEATURE_{name}")', "FEATURE_"),
        (".py", "os.environ[name]", ""),
        (".py", "for key in os.environ.items():", ""),
        (".rb", "ENV[name]", ""),
    ],
)
def test_a_name_put_together_at_run_time_is_noticed(kind: str, code: str, prefix: str) -> None:
    _, dynamic = references(code, kind)
    assert [place.prefix for place in dynamic] == [prefix]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (".ts", "const { A } = process.env;"),
        (".ts", 'process.env["A"]'),
        (".py", 'os.environ["A"]'),
        (".py", 'os.environ.get( "A" )'),
        (".rb", "ENV['A']"),
    ],
)
def test_a_name_in_plain_sight_is_not_taken_for_one(kind: str, code: str) -> None:
    assert references(code, kind)[1] == ()


def test_fields_of_settings_classes_get_their_prefix() -> None:
    code = """
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="app_")
    database_url: str
    debug: bool = False
    key: str = Field(...)
    region: str = Field(default="eu")
    LIMIT: ClassVar[int] = 3
"""
    found, _ = references(code, ".py")
    assert {ref.name: ref.strength for ref in found} == {
        "APP_DATABASE_URL": "required",
        "APP_DEBUG": "default",
        "APP_KEY": "required",
        "APP_REGION": "default",
    }


def test_fields_that_name_themselves_get_no_prefix() -> None:
    code = """
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="app_", case_sensitive=True)
    key: str = Field(alias="STRIPE_KEY")
    url: str = Field(validation_alias=AliasChoices("DATABASE_URL", "PG_URL"))
    old: str = Field(..., env="OLD_NAME")
    plain: str
"""
    found, _ = references(code, ".py")
    assert {ref.name: ref.strength for ref in found} == {
        "STRIPE_KEY": "required",
        "DATABASE_URL": "default",
        "PG_URL": "default",
        "OLD_NAME": "required",
        "app_plain": "required",
    }


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (".ts", 'this.configService.get("DB_URL")'),
        (".py", 'from decouple import config\nA = config("SECRET_KEY")'),
        (".php", "$_SERVER['API_URL']"),
        ("compose", "image: app:${TAG}"),
    ],
)
def test_a_file_that_does_not_say_env_is_not_passed_over(kind: str, code: str) -> None:
    assert may_read(code, kind) and references(code, kind)[0]


def test_code_that_no_parser_takes_is_read_line_by_line() -> None:
    code = "class S(BaseSettings):\n    a: str\n" + "(" * 5_000 + '\nos.environ["STILL"]'
    assert [ref.name for ref in references(code, ".py")[0]] == ["STILL"]


@given(st.sampled_from(sorted(LANGUAGES)), st.text())
def test_no_text_makes_it_fail(kind: str, text: str) -> None:
    references(text, kind)
