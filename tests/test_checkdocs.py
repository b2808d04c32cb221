"""The pages under docs/checks/ say what the checklists say, and their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from markdown_it import MarkdownIt

from launchready_tui.catalogue import load
from launchready_tui.checkdocs import ROADMAP_PAGE, main, pages, stale, write
from launchready_tui.roadmap import ROADMAP

CATALOGUE = load()
PAGES = pages(CATALOGUE)
DOCS = Path(__file__).parent.parent / "docs" / "checks"


def test_the_committed_pages_are_those_of_the_checklists() -> None:
    assert stale(CATALOGUE, DOCS) == [], (
        "run: python -m launchready_tui.checkdocs --write docs/checks"
    )


def test_there_is_a_page_for_each_stage_and_each_item_has_its_heading() -> None:
    text = "\n".join(PAGES.values())
    assert len(PAGES) == len(CATALOGUE.stages) + 5
    for item in CATALOGUE.items:
        assert f"\n## {item.id}\n" in text
        for fault in item.faults:
            assert f"\n### `{fault.code}`\n" in text


def test_the_roadmap_page_has_every_id() -> None:
    rows = re.findall(r"^\| ([A-Z]\d*(?:\.\w+)?) \|", PAGES[ROADMAP_PAGE], re.MULTILINE)
    assert rows == list(ROADMAP)


def test_the_same_catalogue_gives_the_same_bytes() -> None:
    assert pages(load()) == PAGES


def anchors(text: str) -> set[str]:
    """As code hosts make them: lower case, punctuation gone, blanks to hyphens."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES)
def test_every_link_between_pages_resolves(path: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[path]):
        page, _, anchor = target.partition("#")
        parts: list[str] = []
        for part in (PurePosixPath("checks") / path).parent.joinpath(page).parts if page else ():
            parts = parts[:-1] if part == ".." and parts else [*parts, part]
        found = PAGES.get(path if not page else _key(parts))
        assert found is not None, target
        assert not anchor or anchor in anchors(found), target


def _key(parts: list[str]) -> str:
    return "/".join(parts[1:]) if parts[0] == "checks" else "../" + "/".join(parts)


@pytest.mark.parametrize("path", PAGES)
def test_no_word_of_a_checklist_becomes_markup(path: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(PAGES[path])
    html = [token.content for token in tokens if token.type == "html_block"]
    html += [c.content for t in tokens for c in t.children or () if c.type == "html_inline"]
    assert all(block.startswith("<!-- Made from") for block in html)


def test_writing_brings_stale_pages_up_to_date_and_removes_what_has_no_source(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "checks"
    assert set(write(CATALOGUE, folder)) == set(PAGES)
    assert write(CATALOGUE, folder) == []
    (folder / "README.md").write_text("edited by hand")
    (folder / "8-gone.md").write_text("left behind")
    assert stale(CATALOGUE, folder) == ["8-gone.md", "README.md"]
    assert main(["--check", str(folder)]) == 1
    assert main(["--write", str(folder)]) == 0
    assert main(["--check", str(folder)]) == 0
    assert not (folder / "8-gone.md").exists()


def test_the_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "--write|--check docs/checks" in capsys.readouterr().err


def test_the_command_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "launchready_tui.checkdocs", "--check", str(tmp_path)]
    done = subprocess.run(
        command, cwd=DOCS.parent.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "stale: README.md" in done.stdout
