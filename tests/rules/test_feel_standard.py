"""FEEL area by area, as DMN 1.5 has it: the files in `standard` say what expressions mean.

A line is an expression and its value as `string` writes it. Where the value is null the text may
also be one that is refused as no expression.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tongban.rules import FeelSyntaxError, compile_expression, write

PLACE = Path(__file__).parent / "standard"


def areas() -> Iterator[tuple[str, list[str]]]:
    for file in sorted(PLACE.glob("*.txt")):
        for area in file.read_text(encoding="utf-8").removeprefix("# ").split("\n# "):
            title, *lines = area.splitlines()
            yield f"{file.stem}: {title}", lines


AREAS = dict(areas())


def value_of(text: str) -> str:
    try:
        value = compile_expression(text).evaluate({}).value
    except FeelSyntaxError:
        return "null"
    return "null" if value is None else write(value)


@pytest.mark.parametrize("area", AREAS)
def test_expressions_mean(area: str) -> None:
    expected = [line.split(" => ") for line in AREAS[area]]
    wrong = [(text, value, value_of(text)) for text, value in expected if value_of(text) != value]
    assert wrong == []
