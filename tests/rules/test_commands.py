"""What the command line shows of a file."""

import subprocess
import sys
from pathlib import Path

import pytest

from rules.models import decision, dmn, fact, literal, needs
from tongban.rules import ModelError, check_text, evaluate_file, to_json

ELIGIBLE = fact("年龄", "number") + fact("出生", "date")
ELIGIBLE += decision(
    "可办", literal("年龄 >= 60 and 出生.year < 1970"), requires=needs(facts="年龄,出生")
)


def written(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_a_sound_file_is_said_to_be_sound(tmp_path: Path) -> None:
    assert check_text(written(tmp_path, "a.dmn", dmn(ELIGIBLE))) == "没有发现问题：1 个决策。"


def test_a_faulty_text_is_shown_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, "a.dmn", dmn("\n" + decision("可办", literal("1 +"))))
    assert check_text(path) == (
        "可办（文件第 2 行）：表达式不完整，结尾处缺少一个值，在“1 +”的第 1 行第 4 列"
    )


def test_facts_of_json_are_read_by_their_types(tmp_path: Path) -> None:
    path = written(tmp_path, "a.dmn", dmn(ELIGIBLE))
    result = evaluate_file(path, "可办", {"年龄": 66, "出生": "1960-05-01"})
    assert to_json(result.value) == "true"
    assert evaluate_file(path, "可办", {"年龄": 66, "出生": "五月"}).missing == ("出生",)
    with pytest.raises(ModelError, match="没有名为“别的”的决策"):
        evaluate_file(path, "别的", {})


def test_imports_are_found_beside_the_file_and_may_not_go_in_a_circle(tmp_path: Path) -> None:
    other = '<import name="b" namespace="urn:b" importType="DMN"/>'
    path = written(tmp_path, "a.dmn", dmn(other + ELIGIBLE, namespace="urn:a"))
    assert "urn:b" in check_text(path)
    written(tmp_path, "b.dmn", dmn(ELIGIBLE, namespace="urn:b"))
    assert check_text(path).startswith("没有发现问题")
    back = '<import name="a" namespace="urn:a" importType="DMN"/>'
    written(tmp_path, "b.dmn", dmn(back, namespace="urn:b"))
    with pytest.raises(ModelError, match="循环"):
        check_text(path)


def test_the_kit_runs_from_the_command_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tongban.rules.tck", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    assert done.stdout.splitlines()[-1].split() == ["total", "0/0", "0/0"]
