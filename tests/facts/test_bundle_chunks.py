"""Which further scripts a script names, and where from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.bundle import Scanner
from launchready_tui.facts.bundle_chunks import whole

ENTRY = "https://app.acme.test/assets/index-1.js"
NEXT = "https://app.acme.test/_next/static/chunks/webpack-1.js"
REACT = "https://app.acme.test/static/js/main.1.js"


def named(code: str, script: str = ENTRY) -> list[str]:
    scanner = Scanner()
    scanner.feed(code.encode())
    return sorted(whole(name, script) for name in scanner.end().imports)


@pytest.mark.parametrize(
    ("code", "script", "found"),
    [
        ('import("./Orders-2.js")', ENTRY, ["/assets/Orders-2.js"]),
        ("import('/assets/a.js'),import(`../b.js`)", ENTRY, ["/assets/a.js", "/b.js"]),
        ('import{a as b}from"./vendor-3.js";', ENTRY, ["/assets/vendor-3.js"]),
        (
            'const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/Orders-2.js",'
            '"assets/Orders-2.css","assets/Chart-4.js"])))=>i.map(i=>d[i]);',
            ENTRY,
            ["/assets/Chart-4.js", "/assets/Orders-2.js"],
        ),
        (
            'm.f=["assets/Orders-2.js"]',
            "https://app.acme.test/desk/assets/index-1.js",
            ["/desk/assets/Orders-2.js"],
        ),
        (
            'self.__BUILD_MANIFEST={"/orders":["static/chunks/pages/orders-5.js"]}',
            "https://app.acme.test/_next/static/x1/_buildManifest.js",
            ["/_next/static/chunks/pages/orders-5.js"],
        ),
        (
            't.u=e=>"static/chunks/"+e+"."+{12:"aa11",345:"bb22"}[e]+".js"',
            NEXT,
            ["/_next/static/chunks/12.aa11.js", "/_next/static/chunks/345.bb22.js"],
        ),
        (
            'r.u=e=>"static/js/"+({7:"chart"}[e]||e)+"."+{7:"c7",8:"c8"}[e]+".chunk.js"',
            REACT,
            ["/static/js/8.c8.chunk.js", "/static/js/chart.c7.chunk.js"],
        ),
        ('import("react"),import("lodash/fp")', ENTRY, []),
        ("import(`./pages/${t}.js`)", ENTRY, []),
    ],
)
def test_a_script_says_what_it_loads(code: str, script: str, found: list[str]) -> None:
    site = "https://app.acme.test"
    assert [name.removeprefix(site) for name in named(code, script) if name] == found


@given(st.text(max_size=80), st.text(max_size=60))
def test_any_name_is_an_address_or_nothing(name: str, script: str) -> None:
    assert isinstance(whole(name, f"https://a.test/{script}"), str)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("a();\n//# sourceMappingURL=index-1.js.map", "index-1.js.map"),
        ("//@ sourceMappingURL=old.map", "old.map"),
        ("//# sourceMappingURL=a.map\n//# sourceMappingURL=b.map", "b.map"),
        ('x="sourceMappingURL="+t', ""),
    ],
)
def test_the_last_comment_names_the_source_map(code: str, found: str) -> None:
    scanner = Scanner()
    scanner.feed(code.encode())
    assert scanner.end().map == found
