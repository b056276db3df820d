"""`tongban bpmn`, as an official runs it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from process.drawn import process
from tongban.main.cli import main
from tongban.process import Definition, write


def written(folder: Path, *paths: str) -> str:
    (folder / "p.bpmn").write_bytes(write(Definition((process(*paths),))))
    return str(folder / "p.bpmn")


@pytest.mark.parametrize(
    ("paths", "ends", "told"),
    [
        (("start > a > end",), 0, "流程“测试流程”：健全"),
        (("start > xor > a > and_j > end", "xor > b > and_j"), 1, "[有错] 卡死：“and_j”会卡住"),
    ],
)
def test_a_file_is_checked(tmp_path: Path, paths: tuple[str, ...], ends: int, told: str) -> None:
    done = CliRunner().invoke(main, ["bpmn", "check", written(tmp_path, *paths)])
    assert (done.exit_code, told in done.output) == (ends, True), done.output


def test_a_file_is_checked_in_english_against_roles_and_promise(tmp_path: Path) -> None:
    path = written(tmp_path, "start > a > end")
    done = CliRunner().invoke(main, ["bpmn", "check", path, "--language", "en"])
    assert "does not say which role or unit does it" in done.output


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.bpmn").write_text("<html/>")
    done = CliRunner().invoke(main, ["bpmn", "check", str(tmp_path / "p.bpmn")])
    assert done.exit_code == 2
    assert "文件不是 BPMN 2.0" in done.output


def test_two_versions_are_simulated_side_by_side(tmp_path: Path) -> None:
    one = written(tmp_path, "start > a > b > end")
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other", "start > a > end")
    (tmp_path / "a.json").write_text('{"cases": 50, "usual": {"minutes": 60, "spread": "fixed"}}')
    options = {
        "--against": other,
        "--assumptions": str(tmp_path / "a.json"),
        "--promised": "1",
        "--svg": str(tmp_path / "out.svg"),
    }
    flat = [text for option in options.items() for text in option]
    done = CliRunner().invoke(main, ["bpmn", "simulate", one, *flat])
    assert done.exit_code == 0, done.output
    assert "50 / 50  |  50 / 50" in done.output
    assert (tmp_path / "out.svg").read_text().count("sim-curve") == 2
