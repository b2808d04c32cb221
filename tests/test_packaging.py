"""The wheel and the sdist hold everything the tool needs, and the wheel works by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOT_SOURCE = shutil.ignore_patterns(".git", ".venv*", "dist", "out", ".*_cache", "__pycache__")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("build")
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=NOT_SOURCE)
    hatch = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run([*hatch, "-t", "sdist"], cwd=source, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    unpacked = next((folder / "unpacked").iterdir())
    subprocess.run([*hatch, "-t", "wheel"], cwd=unpacked, check=True, capture_output=True)
    return folder


@pytest.mark.slow
def test_the_wheel_holds_checklists_styles_and_type_markers(built: Path) -> None:
    names = set(zipfile.ZipFile(next(built.glob("*.whl"))).namelist())
    wanted = {f"launchready_tui/checklists/{p.name}" for p in (ROOT / "checklists").glob("*.toml")}
    wanted |= {str(p.relative_to(ROOT / "screens")) for p in (ROOT / "screens").rglob("*.tcss")} | {
        "launchready_tui/py.typed",
        "launchready_screens/py.typed",
    }
    assert wanted <= names
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"launchready_tui", "launchready_screens"}


@pytest.mark.slow
def test_the_wheel_works_without_the_checkout(built: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(next(built.glob("*.whl"))).extractall(tmp_path / "site")
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1));"
        "from launchready_tui.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "site"), "explain", "B3"],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=""),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "B3" in done.stdout
