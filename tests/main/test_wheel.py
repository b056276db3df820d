"""Installed from a wheel, far from the source tree, the platform finds all it needs."""

import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from main.installation import installation

ROOT = Path(__file__).parents[2]
NEEDED = ("src", "migrations", "seed", "setup.py", "pyproject.toml", "README.md", "MANIFEST.in")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, built from a copy so that nothing is left in the tree."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    for name in NEEDED:
        if (ROOT / name).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, source / name, ignore=unwanted)
        else:
            source.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, source)
    options = ["--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-q"]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "-w", place, source],
        check=True,
        env=os.environ | {"PYTHONPATH": ""},
    )
    [wheel] = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "site")
    return place / "site"


def test_everything_that_is_no_code_is_in_the_wheel(site: Path) -> None:
    def others(folder: Path) -> set[str]:
        return {
            str(file.relative_to(folder))
            for file in folder.rglob("*")
            if file.is_file() and file.suffix not in (".py", ".pyc")
        }

    assert others(site / "tongban" / "migrations") == others(ROOT / "migrations")
    assert others(site / "tongban" / "seed") == others(ROOT / "seed")
    assert others(ROOT / "src" / "tongban") <= others(site / "tongban")


def test_the_platform_comes_up_from_the_wheel(site: Path) -> None:
    with installation(PYTHONPATH=str(site)) as lent:
        where = lent.run("--version").stdout
        assert "tongban" in where
        lent.start()
        with urllib.request.urlopen(f"{lent.address}/services") as answer:
            assert "办事" in answer.read().decode()
        serving = lent.those(r"tongban serve$")[0]
        assert str(site) in Path(f"/proc/{serving}/environ").read_text()
        assert lent.stop() == 0
