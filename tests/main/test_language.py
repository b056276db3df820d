"""The commands speak the language of whoever types them."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tongban.main.cli import main
from tongban.main.language import spoken

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({}, "zh-CN"),
        ({"LANG": "C.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-CN"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, "en"),
    ],
)
def test_the_environment_says_which(said: dict[str, str], language: str) -> None:
    assert spoken(said) == language


@pytest.fixture
def broken(tmp_path: Path) -> str:
    file = tmp_path / "broken.xlsx"
    file.write_bytes(b"PK\x03\x04\x14\x00 and no more")
    return str(file)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [("zh_CN.UTF-8", "工作簿不完整或已损坏"), ("en_US.UTF-8", "the workbook is incomplete")],
)
@pytest.mark.parametrize("command", ["items", "mapping"])
def test_a_file_is_refused_in_the_language_of_the_person(
    monkeypatch: pytest.MonkeyPatch, broken: str, command: str, said: str, refusal: str
) -> None:
    monkeypatch.setenv("LC_ALL", said)
    refused = CliRunner().invoke(main, ["import", command, broken])
    assert refused.exit_code == 1
    assert refusal in refused.output


def test_an_option_has_the_last_word(broken: str) -> None:
    refused = CliRunner().invoke(main, ["--language", "en", "import", "items", broken])
    assert "the workbook is incomplete" in refused.output
    assert not CHINESE.search(refused.output)
