"""Whatever an author writes ends soon, with a reason, and reaches nothing of Python."""

import pytest

from tongban.rules import FeelSyntaxError, Limits, compile_expression

DOUBLING = "{a: [1, 1]" + "".join(
    f", {chr(98 + i)}: [{chr(97 + i)}, {chr(97 + i)}]" for i in range(24)
)
HOSTILE = {
    "brackets": "(" * 5000 + "1" + ")" * 5000,
    "minus signs": "-" * 5000 + "1",
    "a long chain": "1" + "+1" * 5000,
    "tests in tests": "1 in (" * 30 + "1..2" + ")" * 30,
    "a huge range": "count(for i in 1..1000000000 return i)",
    "loops in loops": "for a in 1..10000, b in 1..10000 return a * b",
    "a text that doubles": '{a: "'
    + "x" * 1000
    + '"'
    + "".join(f", {chr(98 + i)}: {chr(97 + i)} + {chr(97 + i)}" for i in range(24))
    + "}",
    "a list that doubles": DOUBLING + "}",
    "writing what doubles": f"string({DOUBLING}}}.y)",
    "comparing what doubles": f"{DOUBLING}}}.y = {DOUBLING}}}.y",
    "flattening what doubles": f"flatten({DOUBLING}}}.y)",
    "a catastrophic pattern": f'matches("{"a" * 40}b", "(a|aa)*$")',
    "a pattern that unfolds": 'matches("aaa", "((a{1000}){1000}){1000}")',
    "a huge power": "1.0000001 ** 1e30",
    "a huge exponential": "exp(1e300)",
    "a huge remainder": "modulo(1e6144, 3e-6000)",
    "endless recursion": "(function(f) f(f))(function(f) f(f))",
    "a huge duration": f'duration("P{"9" * 5000}Y")',
    "all distinct": "count(distinct values(for i in 1..20000 return [i]))",
    "a range of dots": f'range("[{"." * 200_000}")',
    "copies of partial": "count(for i in 1..100000 return count(partial))",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_ends_within_its_budget(text: str) -> None:
    """Whoever did not stop these would still be counting when the runner's limit is reached."""
    try:
        result = compile_expression(text).evaluate({})
    except FeelSyntaxError:
        result = None
    assert result is None or result.value is not None or result.reasons


@pytest.mark.parametrize(
    "text",
    ['"a".__class__', "(1).append", '{}.keys("x")', '__import__("os")', "print(1)", "zip([1])"],
)
def test_python_cannot_be_reached(text: str) -> None:
    assert compile_expression(text).evaluate({}).value is None


@pytest.mark.parametrize("text", ["().x", "1; 2", "`x`", "lambda: 1", "a := 1"])
def test_python_is_not_the_language(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_the_budget_is_the_callers() -> None:
    expression = compile_expression("count(for i in 1..100 return i)")
    assert expression.evaluate({}, limits=Limits(steps=50)).value is None
    assert expression.evaluate({}, limits=Limits(steps=5000)).value == 100


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 +", "第 1 行第 4 列：表达式不完整，结尾处缺少一个值"),
        ("(1 + 2", "第 1 行第 7 列：表达式不完整，结尾处缺少“)”"),
        ("1 +\n  * 2", "第 2 行第 3 列：此处应为一个值，实际是“*”"),
        ("1 2", "第 1 行第 3 列：表达式在“2”之前已经完整，这之后的内容无法理解"),
        ('"abc', "第 1 行第 1 列：字符串缺少结尾的引号"),
        ("if a then b", "第 1 行第 12 列：表达式不完整，结尾处缺少“else”"),
    ],
)
def test_an_official_is_told_where_and_what(text: str, message: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert str(caught.value) == message
