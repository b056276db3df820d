"""Everything the rules say can be said in English too."""

import ast
from pathlib import Path

import tongban.rules
from tongban.foundation.messages import catalogue
from tongban.rules import compile_expression
from tongban.rules.problems import TERMS

SPEAKERS = {"reason", "note", "translate"}


def said() -> set[str]:
    found = set(TERMS)
    for file in Path(tongban.rules.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in SPEAKERS:
                    found.add(str(node.args[0].value))
    return found


def test_every_message_is_translated() -> None:
    assert sorted(said() - catalogue("en").keys()) == []


def test_a_reason_is_told_in_the_readers_language() -> None:
    [why] = compile_expression('"a" + 1').evaluate({}).reasons
    english = catalogue("en")
    assert why.text() == "“+”不能用于 文字 和 数字"
    assert why.text(lambda text: english.get(text, text)) == (
        "“+” does not apply to a text and a number"
    )
