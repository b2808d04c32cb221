"""The scripts of a real site: found, streamed, bounded, and told without any value."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from cases.world import DOMAIN
from facts.bundles import ANON, LIBRARIES, LIVE, REF, SERVICE, minified
from facts.script_site import APP, pages, running_site
from facts.test_source_map import OWN, VENDOR, source_map
from launchready_tui.facts import scripts as under_test
from launchready_tui.facts.scripts import (
    PlatformIds,
    ShippedScripts,
    platform_ids,
    public_keys,
    shipped_addresses,
    shipped_scripts,
)
from launchready_tui.given import Target

TARGET = Target(domain=DOMAIN)
SITE = f"https://{APP}"
PAGE = """<title>Desk</title><link rel=modulepreload href=/assets/vendor-2.js>
<script type=module src=/assets/index-1.js></script><script src=/env.js></script>
<script src="https://cdn.example/x.js"></script><script src=/assets/gone-9.js></script>"""
FILES = {
    "/assets/index-1.js": minified(
        90_000, SERVICE, f"https://{REF}.supabase.co", "http://localhost:3001/api"
    )
    + b'fetch("/api/orders");e.from("orders").select();import("./Orders-3.js");'
    + b'import("./Missing-4.js");import("https://cdn.example/y.js")\n'
    + b"//# sourceMappingURL=index-1.js.map",
    "/assets/index-1.js.map": source_map(OWN, ["const own = 1"] * 3),
    "/assets/vendor-2.js": f"{LIBRARIES}\n//# sourceMappingURL=vendor-2.js.map",
    "/assets/vendor-2.js.map": source_map(VENDOR, ["x"] * 6),
    "/assets/Orders-3.js": f'const k="{ANON}"\n//# sourceMappingURL=Orders-3.js.map',
    "/env.js": f'window.__ENV={{"STRIPE_SECRET_KEY":"{LIVE}"}}',
}


async def test_own_scripts_are_read_with_what_they_load_and_a_few_maps(tmp_path: Path) -> None:
    with running_site(tmp_path, FILES) as site:
        async with site.opened() as net:
            shipped = await shipped_scripts(net, pages(PAGE), TARGET)
            keys = dict(public_keys(net))
            methods = {entry.method for entry in net.log.entries}
        asked = site.asked()
    read = {script.url.removeprefix(SITE): script for script in shipped.scripts}
    assert {path: script.read for path, script in read.items()} == {
        "/assets/vendor-2.js": "all",
        "/assets/index-1.js": "all",
        "/env.js": "all",
        "/assets/gone-9.js": "page",
        "/assets/Missing-4.js": "page",
        "/assets/Orders-3.js": "all",
    }
    kinds = {path: [hit.kind for hit in script.hits] for path, script in read.items()}
    assert kinds["/assets/index-1.js"] == ["service-key", "id", "local"]
    assert kinds["/assets/vendor-2.js"] == []
    assert kinds["/assets/Orders-3.js"] == ["id"]
    assert kinds["/env.js"] == ["named-secret", "secret"]
    assert read["/env.js"].settings
    assert (read["/assets/index-1.js"].source_map, read["/assets/vendor-2.js"].source_map) == (
        "own",
        "vendor",
    )
    assert (shipped.foreign, shipped.left_out) == (("cdn.example",), 0)
    assert shipped.tables == ("orders",)
    assert shipped.api == (f"{SITE}/api/orders",)
    assert keys == {REF: ANON}
    assert methods == {"GET"}
    assert len(asked) == 8
    assert len(set(asked)) == 8


async def test_no_fact_holds_a_value_and_two_looks_are_equal(tmp_path: Path) -> None:
    with running_site(tmp_path, FILES) as site:
        looks = []
        for _ in range(2):
            async with site.opened() as net:
                looks.append(await shipped_scripts(net, pages(PAGE), TARGET))
    assert looks[0] == looks[1]
    ids = await platform_ids(looks[0])
    assert [(i.platform, i.name) for i in ids.ids] == [("supabase", REF)]
    assert (await shipped_addresses(looks[0])).api == (f"{SITE}/api/orders",)
    for fact in (*looks, ids):
        saved = msgspec.json.encode(fact).decode()
        assert msgspec.json.decode(saved, type=ShippedScripts | PlatformIds) == fact
        for value in (SERVICE, ANON, LIVE):
            assert value not in saved
            assert value[-20:] not in saved


async def test_inline_scripts_are_told_with_the_page(tmp_path: Path) -> None:
    body = f"""<a href="http://localhost:3000/docs">x</a><p>{SERVICE}</p>
        <script>window.__ENV={{"DATABASE_PASSWORD":"{LIVE[8:]}"}}</script>
        <script id=__NEXT_DATA__ type="application/json">{{"key":"{ANON}"}}</script>"""
    with running_site(tmp_path, {}) as site:
        async with site.opened() as net:
            shipped = await shipped_scripts(net, pages(body), TARGET)
        assert site.asked() == []
    (page,) = shipped.inline
    assert page.host == APP
    assert [(hit.kind, hit.name, hit.at) for hit in page.hits] == [
        ("named-secret", "DATABASE_PASSWORD", 0),
        ("id", REF, 0),
    ]


async def test_scripts_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    rules = """
      location = /a.js { return 403; }
      location = /b.js { return 404; }
      location = /c.js { add_header Content-Encoding gzip; return 200 "x"; }
      location = /d.js { return 302 https://elsewhere.example/d.js; }"""
    body = "".join(f"<script src=/{name}.js></script>" for name in "abcd")
    with running_site(tmp_path, {}, rules) as site:
        async with site.opened() as net:
            shipped = await shipped_scripts(net, pages(body), TARGET)
    told = {script.url[-4:-3]: (script.read, script.cause) for script in shipped.scripts}
    assert told["a"] == ("unknown", "answered 403")
    assert told["b"][0] == "gone"
    assert told["c"] == ("unknown", "it came compressed, which was not asked for")
    assert told["d"][0] == "unknown"
    assert "scope" in told["d"][1]


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ("", "no-map"),
        ("location = /a.js.map { return 403; }", "no-map"),
        ("location = /a.js.map { return 503; }", "unknown"),
        ('location = /a.js.map { return 200 \'{"version":3,"sources":["a.ts"]}\'; }', "nothing"),
    ],
    ids=["a page answers", "refused", "broken", "without code"],
)
async def test_an_answer_that_is_no_map_with_code_gives_nothing_away(
    tmp_path: Path, rule: str, held: str
) -> None:
    files = {"/a.js": "a()\n//# sourceMappingURL=a.js.map"}
    with running_site(tmp_path, files, rule) as site:
        async with site.opened() as net:
            shipped = await shipped_scripts(net, pages("<script src=/a.js></script>"), TARGET)
    assert shipped.scripts[0].source_map == held


async def test_an_asset_host_outside_of_the_scope_is_told(tmp_path: Path) -> None:
    body = "<script src=https://d1.cloudfront.net/main.js></script>"
    with running_site(tmp_path, {}) as site:
        async with site.opened() as net:
            shipped = await shipped_scripts(net, pages(body), TARGET)
        assert site.asked() == []
    assert shipped.elsewhere == (f"{APP}: d1.cloudfront.net",)


async def test_at_most_so_many_scripts_are_asked_for(tmp_path: Path) -> None:
    body = "".join(f"<script src=/s{n}.js></script>" for n in range(40))
    chunks = ";".join(f'import("./c{n}.js")' for n in range(40))
    files = {f"/s{n}.js": "1" for n in range(1, 40)} | {"/s0.js": chunks}
    with running_site(tmp_path, files) as site:
        async with site.opened() as net:
            shipped = await shipped_scripts(net, pages(body), TARGET)
        asked = site.asked()
    assert len(asked) == under_test.MOST_SCRIPTS
    assert (shipped.left_out, shipped.lazy_left_out) == (0, 80 - under_test.MOST_SCRIPTS)


async def test_beside_other_hosts_only_a_few_scripts_are_read(tmp_path: Path) -> None:
    body = "".join(f"<script src=/s{n}.js></script>" for n in range(10))
    files = {f"/s{n}.js": 'import("./later.js")' for n in range(10)}
    target = replace(TARGET, elsewhere=("one.test", "two.test", "three.test"))
    with running_site(tmp_path, files) as site:
        async with site.opened() as net:
            shipped = await shipped_scripts(net, pages(body), target)
        asked = site.asked()
    assert len(asked) == under_test.MOST_BESIDE // 4
    assert (shipped.left_out, shipped.lazy_left_out) == (7, 1)


async def test_a_bundle_of_thirty_megabytes_is_read_to_its_end_and_never_held(
    tmp_path: Path,
) -> None:
    files = {"/big.js": minified(30_000_000, "x") + f'"{SERVICE}"'.encode()}
    with running_site(tmp_path, files) as site:
        async with site.opened() as net:
            tracemalloc.start()
            try:
                shipped = await shipped_scripts(net, pages("<script src=/big.js></script>"), TARGET)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
    (script,) = shipped.scripts
    assert (script.read, script.size) == ("all", len(files["/big.js"]))
    assert [hit.kind for hit in script.hits] == ["service-key"]
    assert peak < 12_000_000


async def test_the_bytes_of_a_run_are_counted_over_all_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "MOST_BYTES", 300_000)
    files = {f"/s{n}.js": minified(200_000) for n in range(4)}
    body = "".join(f"<script src={name}></script>" for name in files)
    with running_site(tmp_path, files) as site:
        async with site.opened() as net:
            shipped = await shipped_scripts(net, pages(body), TARGET)
    assert any(script.read == "part" for script in shipped.scripts)
    assert sum(script.size for script in shipped.scripts) < 300_000 + 4 * 131_072
