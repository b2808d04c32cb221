"""Names on the wrong side of a build: told where the side is sure, and left alone elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.facts.env import EnvNames, look, of_platform

VITE = '{"devDependencies": {"vite": "^5.0.0"}}'
REACT = '{"dependencies": {"react-scripts": "5.0.1"}}'
NEXT = '{"dependencies": {"next": "15.0.0"}}'
PAGE = '<div id=app></div><script type="module" src="/src/main.ts"></script>'
READS = "const k = process.env.STRIPE_KEY;\n"
META = "const k = import.meta.env.STRIPE_KEY;\n"


def gathered(root: Path, files: dict[str, str]) -> EnvNames:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return look(root, frozenset())


CLIENT = {
    "use client": {"package.json": NEXT, "app/pay.tsx": f'"use client";\n{READS}'},
    "use client below a comment": {"app/pay.tsx": f"// ours\n/* all */\n'use client'\n{READS}"},
    "an app of pages": {"package.json": VITE, "index.html": PAGE, "src/a.ts": META},
    "one of several apps": {
        "apps/web/package.json": VITE,
        "apps/web/index.html": PAGE,
        "apps/web/src/lib/a.ts": META,
    },
    "create-react-app": {"package.json": REACT, "src/a.jsx": READS},
}
EITHER = {
    "constants that both sides read": {"package.json": NEXT, "lib/shared.ts": READS},
    "the directive is a text": {"lib/a.ts": f'const x = 1;\n"use client";\n{READS}'},
    "Vite beside a server framework": {
        "package.json": '{"vite": "5", "dependencies": {"vite": "5", "@sveltejs/kit": "2"}}',
        "index.html": PAGE,
        "src/a.ts": META,
    },
    "Vite for a library, without a page": {"package.json": VITE, "src/a.ts": META},
    "a server inside the app": {
        "package.json": VITE,
        "index.html": PAGE,
        "src/server/a.ts": READS,
    },
    "a build that hands it over": {
        "package.json": NEXT,
        "next.config.js": "module.exports = { env: { STRIPE_KEY: process.env.STRIPE_KEY } };\n",
        "app/pay.tsx": f'"use client";\n{READS}',
    },
    "a build that hands over whatever it is told": {
        "package.json": VITE,
        "index.html": PAGE,
        "vite.config.ts": "export default { envPrefix: ['APP_'] };\n",
        "src/a.ts": META,
    },
    "a list for both sides": {
        "package.json": VITE,
        "index.html": PAGE,
        "src/env.ts": "createEnv({ server: {\n  STRIPE_KEY: z.string(),\n} });\n",
    },
    "code that asks where it runs": {
        "app/pay.tsx": f'"use client";\nif (typeof window === "undefined") {{ {READS} }}\n',
    },
    "a test of a component": {"app/pay.test.tsx": f'"use client";\n{READS}'},
    "a public name": {"app/a.tsx": '"use client";\nprocess.env.NEXT_PUBLIC_STRIPE_KEY;\n'},
    "a name of the platform": {"app/a.tsx": '"use client";\nprocess.env.NODE_ENV;\n'},
}


@pytest.mark.parametrize("files", CLIENT.values(), ids=CLIENT)
def test_a_name_of_the_server_in_browser_code_is_told(
    files: dict[str, str], tmp_path: Path
) -> None:
    (used,) = gathered(tmp_path, files).used
    (place,) = used.in_browser
    assert place.rpartition(":")[0] in files


@pytest.mark.parametrize("files", EITHER.values(), ids=EITHER)
def test_where_the_side_is_not_sure_nothing_is_said(files: dict[str, str], tmp_path: Path) -> None:
    assert not any(used.in_browser for used in gathered(tmp_path, files).used)


def test_what_a_platform_sets_by_itself_is_not_the_clients() -> None:
    told = "PATH HOME USER SHELL LANG TZ PWD NODE_ENV CI PORT HOST TERM HOSTNAME DEBUG NETLIFY DYNO"
    made = "VERCEL_URL RENDER_X FLY_APP_NAME RAILWAY_X GITHUB_TOKEN CF_PAGES_URL npm_x PYTHONPATH"
    assert all(of_platform(name) for name in f"{told} {made}".split())
    assert not any(of_platform(name) for name in ("DATABASE_URL", "VERCELX", "PORTAL", "MY_PATH"))


def test_names_of_pipelines_hosts_and_scripts_are_seen(tmp_path: Path) -> None:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    files = {
        ".github/workflows/ci.yml": "env:\n  A_A: ${{ secrets.B_B }}\n  C_C: ${{ vars.D_D }}\n",
        "deploy.sh": 'curl "$E_E" "${F_F}"\n',
        "Procfile": "web: run --at $G_G\n",
        "Dockerfile": "ARG H_H\nENV I_I=1\n",
        "wrangler.toml": '[vars]\nJ_J = "1"\n',
        "vercel.json": '{"env": {"K_K": "@k"}}',
        "compose.yml": "services:\n  a:\n    environment:\n      - L_L\n      - M_M=${N_N:-1}\n",
        "render.yaml": "envVars:\n  - key: O_O\n",
    }
    names = {f"{letter}_{letter}" for letter in "ABCDEFGHIJKLMNO"}
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    found = look(tmp_path, frozenset(names))
    seen = {used.name for used in found.used} | set(found.mentioned)
    assert seen | {entry.name for entry in found.declared} == names
    assert {entry.name for entry in found.declared} == {f"{x}_{x}" for x in "HIJKLMO"}


PUBLIC = "const u = process.env.NEXT_PUBLIC_URL;\n"
SERVER = {
    "a route": {"app/api/pay/route.ts": PUBLIC},
    "a page's API": {"pages/api/pay.ts": PUBLIC, "server/a.ts": PUBLIC},
    "another language": {"jobs.py": 'import os\nos.environ["NEXT_PUBLIC_URL"]\n'},
    "an action": {"app/act.ts": f'"use server";\n{PUBLIC}'},
}
BOTH = {
    "a page and a route": {"app/api/pay/route.ts": PUBLIC, "app/page.tsx": PUBLIC},
    "a page alone": {"app/page.tsx": PUBLIC},
    "a page's markup": {"server/a.ts": PUBLIC, "index.html": "<a href=%NEXT_PUBLIC_URL%>x</a>"},
    "a component that takes it apart": {
        "server/a.ts": PUBLIC,
        "app/a.tsx": '"use client";\nread("NEXT_PUBLIC_URL");\n',
    },
}


@pytest.mark.parametrize("files", SERVER.values(), ids=SERVER)
def test_a_public_name_that_only_the_server_reads_is_told(
    files: dict[str, str], tmp_path: Path
) -> None:
    (used,) = gathered(tmp_path, files).used
    assert used.server_alone


@pytest.mark.parametrize("files", BOTH.values(), ids=BOTH)
def test_a_public_name_that_may_be_read_elsewhere_is_left_alone(
    files: dict[str, str], tmp_path: Path
) -> None:
    assert not any(used.server_alone for used in gathered(tmp_path, files).used)
