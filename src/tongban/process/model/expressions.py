"""The expressions of a definition: FEEL, and a plain word on what is not. Pure."""

import re
from collections.abc import Iterable

from tongban.process.model.attributes import Formula
from tongban.process.model.problems import Problem
from tongban.rules import Expression, FeelSyntaxError, compile_expression

FEEL_LANGUAGES = re.compile(r"(?i)|(text/|application/)?x?-?feel|https?://www\.omg\.org/.*feel.*/?")
# Nearly every export declares this for the whole file, whatever its conditions are written in.
DECLARED_BY_HABIT = "http://www.w3.org/1999/XPath"
FOREIGN = (
    (re.compile(r"[$#]\{"), "“{text}”是 ${{…}} 形式的表达式（Java 统一表达式语言），不是 FEEL"),
    (re.compile(r"<%|%>"), "“{text}”是页面模板的写法，不是 FEEL"),
    (re.compile(r"^\s*/[\w:/@]+|\bgetDataObject\("), "“{text}”是 XPath，不是 FEEL"),
    (
        re.compile(r"(?m)^\s*(return|import|var|let|const|def|function)\b.*|;\s*$"),
        "“{text}”是程序语句，不是 FEEL 表达式",
    ),
    (re.compile(r"=="), "“{text}”不是 FEEL：相等写作 =，不是 =="),
    (re.compile(r"&&|\|\|"), "“{text}”不是 FEEL：并且写作 and，或者写作 or"),
    (re.compile(r"(?<![!=<>])!(?!=)"), "“{text}”不是 FEEL：否定写作 not(…)"),
    (re.compile(r"'[^']*'"), "“{text}”不是 FEEL：文字用双引号，不用单引号"),
)
LONGEST = 60
MAX_CHARACTERS = 10_000


def shown(text: str) -> str:
    """Return a text short enough for a message."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST else f"{one_line[:LONGEST]}…"


def parse(
    formula: Formula, *, node: str, names: Iterable[str] = ()
) -> tuple[Expression | None, Problem | None]:
    """Return the expression, or what is wrong with it; neither for an empty text.

    A leading ``=``, with which some modellers mark FEEL, is taken off.
    """
    text = formula.text.strip().removeprefix("=").strip()
    if not text:
        return None, None
    if not is_feel(formula.language) and not formula.text.strip().startswith("="):
        return None, _problem(
            node, formula, "表达式语言是“{declared}”，只支持 FEEL", declared=shown(formula.language)
        )
    if len(text) > MAX_CHARACTERS:
        return None, _problem(node, formula, "表达式超过 {limit} 个字符", limit=MAX_CHARACTERS)
    try:
        return compile_expression(text, names=names), None
    except FeelSyntaxError as error:
        for pattern, message in FOREIGN:
            if pattern.search(text):
                return None, _problem(node, formula, message, text=shown(text))
        return None, _problem(
            node,
            formula,
            "“{text}”不是 FEEL 表达式：{why}（第 {column} 列）",
            text=shown(text),
            why=error.reason,
            column=error.place.column,
        )
    except RecursionError:
        return None, _problem(node, formula, "表达式嵌套太深")


def is_feel(language: str) -> bool:
    """Return whether a declared language is FEEL, or none worth the name."""
    return language == DECLARED_BY_HABIT or FEEL_LANGUAGES.fullmatch(language.strip()) is not None


def _problem(node: str, formula: Formula, message: str, /, **details: object) -> Problem:
    return Problem(node, message, details, line=formula.line)
