"""A debug page is recognised by its own words, and a page that only speaks of errors is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.debug import debug_marks

NODE = "<pre>Error: x<br> &nbsp; &nbsp;at Layer.handle [as x] (/app/node_modules/a/b.js:95:5)</pre>"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>because you have <code>DEBUG = True</code> in your", "Django debug page"),
        ("<title>NotFound // Werkzeug Debugger</title>", "Werkzeug debugger"),
        ("<h1>Routing Error</h1><code>Rails.root: /srv/app</code>", "Rails debug page"),
        ("<script>window.ignite({report: 1})</script>", "Laravel debug page"),
        ('<div class="sf-toolbar"></div><a href="/_profiler/x">', "Symfony profiler"),
        (NODE, "Node.js stack trace"),
        ("Error: x\n    at file:///srv/app/server.mjs:10:5", "Node.js stack trace"),
        ('<script src="/_next/static/development/_buildManifest.js">', "Next.js development"),
        ('<script type="module" src="/@vite/client"></script>', "Vite development server"),
        ("<h1>Server Error in '/' Application.</h1> Stack Trace: Version Information:", "ASP.NET"),
        ("at com.acme.Desk.open(Desk.java:12)", "Java stack trace"),
        ("/srv/app/models/a.rb:3:in `find'", "Ruby stack trace"),
        ('Traceback (most recent call last):\n  File "/srv/a.py"', "Python stack trace"),
        ("<b>Fatal error</b>: Uncaught Stack trace: #0 /srv/index.php", "PHP error"),
        ("goroutine 1 [running]:", "Go stack trace"),
    ],
)
def test_a_debug_page_is_named(body: str, found: str) -> None:
    assert [name for name in debug_marks(body) if name.startswith(found)], debug_marks(body)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>404</h1><p>Nothing at this address.</p>",
        "<p>Something went wrong at 10:15:22. Tell us 8f3c.</p>",
        "<p>Vite is great: see /@vite/client in the docs</p>",
        "<h1>Whitelabel Error Page</h1><p>status=404</p>",
        "<script src=/assets/index-1a2b.js></script><p>Meet us at 5:30:10</p>",
        "<h1>Server Error in '/' Application.</h1><p>cannot be viewed remotely</p>",
        "",
    ],
)
def test_a_page_in_its_own_words_is_none(body: str) -> None:
    assert debug_marks(body) == ()


@given(st.text(alphabet=st.sampled_from("at (/.jsrb:13<>\"@vite\n'$")))
def test_no_text_makes_it_fail(text: str) -> None:
    debug_marks(f"{text}.java:{text}.rb:/@vite/client{text}")


@pytest.mark.parametrize(
    "piece",
    ["at ", "at (", "at /", "at a/.js:", "a/b", "/a.rb:1:in", "at a.b(C.java:1", '<script "/@vite',
     "<script ", "at a (/", "at a.js:1:", ".js:"],
)  # fmt: skip
def test_no_body_takes_long_to_read(piece: str) -> None:
    started = time.process_time()
    debug_marks(piece * (400_000 // len(piece)) + ".java:.rb:/@vite/client")
    assert time.process_time() - started < 2
