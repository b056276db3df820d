"""`tongban dmn`, as an official runs it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from rules.models import decision, dmn, fact, needs, table
from tongban.main.cli import main

SOUND = ("<= 120 => 0", "> 120 => 50")


def written(folder: Path, *rules: str) -> str:
    logic = table("面积", "收费", *rules)
    body = fact("面积", "number") + decision("餐饮收费", logic, requires=needs(facts="面积"))
    (folder / "fees.dmn").write_bytes(dmn(body))
    return str(folder / "fees.dmn")


@pytest.mark.parametrize(
    ("rules", "ends", "told"),
    [
        (SOUND, 0, "没有发现问题：1 个决策。"),
        (("< 120 => 0", "> 120 => 50"), 1, "[请留意] 没有规则适用于：面积为 120（例如面积为 120）"),
        (("<= 120 => 0", ">= 120 => 50"), 2, "[有错] 第 1、2 条规则同时适用于：面积为 120"),
        (("<= 费 => 0",), 2, "[有错] 没有名为“费”的数据"),
    ],
)
def test_a_file_is_checked(tmp_path: Path, rules: tuple[str, ...], ends: int, told: str) -> None:
    done = CliRunner().invoke(main, ["dmn", "check", written(tmp_path, *rules)])
    assert (done.exit_code, told in done.output) == (ends, True), done.output


def test_a_file_is_checked_in_english(tmp_path: Path) -> None:
    path = written(tmp_path, "> 120 => 50")
    done = CliRunner().invoke(main, ["dmn", "check", path, "--language", "en"])
    assert "[warning] No rule applies when 面积 is at most 120" in done.output


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.dmn").write_text("<a/>")
    done = CliRunner().invoke(main, ["dmn", "check", str(tmp_path / "a.dmn")])
    assert done.exit_code == 2
    assert "不是 DMN 模型" in done.stderr


def test_a_decision_is_tried_out(tmp_path: Path) -> None:
    path = written(tmp_path, *SOUND)
    asked = ["dmn", "eval", path, "--decision", "餐饮收费", "--input"]
    assert CliRunner().invoke(main, [*asked, '{"面积": 150}']).stdout == "50\n"
    (tmp_path / "facts.json").write_text('{"面积": 100}', encoding="utf-8")
    done = CliRunner().invoke(main, [*asked, f"@{tmp_path / 'facts.json'}", "--explain"])
    assert done.stdout.splitlines()[:2] == ["0", "结论：餐饮收费为 0。"]
    assert done.exit_code == 0


def test_what_is_missing_is_told_and_the_end_is_not_success(tmp_path: Path) -> None:
    path = written(tmp_path, *SOUND)
    done = CliRunner().invoke(main, ["dmn", "eval", path, "--decision", "餐饮收费"])
    assert (done.exit_code, done.stdout) == (1, "null\n")
    assert "缺少的信息：面积。" in done.stderr


@pytest.mark.parametrize("given", ["{", "[1]", "@/nowhere"])
def test_faulty_facts_are_refused(tmp_path: Path, given: str) -> None:
    path = written(tmp_path, *SOUND)
    asked = ["dmn", "eval", path, "--decision", "餐饮收费", "--input", given]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 2
    assert "--input" in done.stderr


def test_the_conformance_kit_is_run(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["dmn", "tck", str(tmp_path)])
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1].split() == ["total", "0/0", "0/0"]
