"""Between the forms of the rule pages and sheets, tests, limits: both ways."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from starlette.requests import Request

from tongban import rulebook
from tongban.channels.shell.forms import form, text, whole
from tongban.foundation.errors import Invalid, Problem
from tongban.rules import HitPolicy

ROWS_SHOWN = 40
SEVERAL = {HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER}
EMPTY_LIST = "（空）"


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of a long sheet that one page shows: from ``first``, at most ``ROWS_SHOWN``."""

    first: int
    total: int

    @property
    def numbers(self) -> range:
        return range(self.first, min(self.first + ROWS_SHOWN, self.total))

    @property
    def starts(self) -> range:
        return range(0, max(self.total, 1), ROWS_SHOWN)


def window(request: Request, sheet: rulebook.Sheet) -> Window:
    asked = request.query_params.get("first", "0")
    first = whole(asked, digits=5) or 0
    return Window(
        min(first, max(len(sheet.rows) - 1, 0)) // ROWS_SHOWN * ROWS_SHOWN, len(sheet.rows)
    )


def read_sheet(request: Request, sheet: rulebook.Sheet) -> rulebook.Sheet:
    """Return a sheet with what was filled in; fields that were not sent stay as they are."""
    sent = {key: text(request, key) for key in form(request) if isinstance(form(request)[key], str)}
    policy = sent.get("policy", sheet.policy.value)
    return replace(
        sheet,
        policy=HitPolicy(policy) if policy in list(HitPolicy) else sheet.policy,
        facts=tuple(
            _called(sent, f"f-{at}", replace(one, **_sent(sent, f"f-{at}", TERM)))
            for at, one in enumerate(sheet.facts)
        ),
        inputs=tuple(
            replace(one, **_sent(sent, f"i-{at}", ("label", "expression", "type", "values")))
            for at, one in enumerate(sheet.inputs)
        ),
        outputs=tuple(
            _called(sent, f"o-{at}", replace(one, **_sent(sent, f"o-{at}", OUTPUT)))
            for at, one in enumerate(sheet.outputs)
        ),
        rows=tuple(_row(sent, at, row) for at, row in enumerate(sheet.rows)),
    )


TERM = ("name", "label", "type")
OUTPUT = ("label", "name", "type", "values", "default")
Called = TypeVar("Called", rulebook.Term, rulebook.Output)


def _called(sent: Mapping[str, str], prefix: str, one: Called) -> Called:
    """Return a fact or output with what its values are called: lines such as ``city 本市``."""
    if f"{prefix}-words" not in sent:
        return one
    pairs = [line.split(maxsplit=1) for line in sent[f"{prefix}-words"].splitlines()]
    return replace(one, words={pair[0]: pair[1] for pair in pairs if len(pair) == 2})


def write_words(words: Mapping[str, str]) -> str:
    return "\n".join(f"{value} {word}" for value, word in words.items())


def _row(sent: Mapping[str, str], at: int, row: rulebook.Row) -> rulebook.Row:
    return replace(
        row,
        conditions=tuple(
            sent.get(f"r-{at}-c-{number}", old) or "-" for number, old in enumerate(row.conditions)
        ),
        results=tuple(
            sent.get(f"r-{at}-o-{number}", old) for number, old in enumerate(row.results)
        ),
        **_sent(sent, f"r-{at}", ("law", "clause", "note")),
    )


def _sent(sent: Mapping[str, str], prefix: str, names: Sequence[str]) -> dict[str, Any]:
    return {name: sent[f"{prefix}-{name}"] for name in names if f"{prefix}-{name}" in sent}


def act_on(sheet: rulebook.Sheet, act: str) -> tuple[rulebook.Sheet, int]:
    """Return the sheet after a button of the editor, and the row to look at next (-1: none)."""
    name, _, place = act.partition(":")
    at = whole(place, digits=5) or 0
    at = min(at, max(len(sheet.rows), len(sheet.inputs), len(sheet.outputs), len(sheet.facts)))
    rows: dict[str, tuple[rulebook.Sheet, int]] = {}
    if name == "add-row":
        return sheet.with_row(min(at, len(sheet.rows))), min(at, len(sheet.rows))
    if sheet.rows and at < len(sheet.rows):
        rows = {
            "copy-row": (sheet.with_copy(at), at + 1),
            "remove-row": (sheet.without_row(at), max(at - 1, 0)),
            "up": (sheet.moved(at, -1), max(at - 1, 0)),
            "down": (sheet.moved(at, 1), min(at + 1, len(sheet.rows) - 1)),
        }
    if name in rows:
        return rows[name]
    return _columns(sheet, name, at), -1


def _columns(sheet: rulebook.Sheet, name: str, at: int) -> rulebook.Sheet:
    match name:
        case "add-fact":
            return replace(sheet, facts=(*sheet.facts, rulebook.Term("")))
        case "remove-fact":
            return replace(sheet, facts=(*sheet.facts[:at], *sheet.facts[at + 1 :]))
        case "add-input":
            return sheet.with_input(rulebook.Input("", ""))
        case "remove-input":
            return sheet.without_input(at)
        case "add-output":
            return sheet.with_output(rulebook.Output("", ""))
        case "remove-output":
            return sheet.without_output(at)
    return sheet


def first_sheet(name: str, purpose: rulebook.Purpose) -> rulebook.Sheet:
    """Return the sheet with which a rule set of a purpose begins: the columns that it must have."""
    policy = HitPolicy.FIRST
    if purpose in (rulebook.Purpose.SCENARIO, rulebook.Purpose.RISK):
        policy = HitPolicy.RULE_ORDER
    sheet = rulebook.Sheet(name, (), (), COLUMNS[purpose], (), policy)
    return sheet.with_row(0)


COLUMNS: dict[rulebook.Purpose, tuple[rulebook.Output, ...]] = {
    rulebook.Purpose.ELIGIBILITY: (
        rulebook.Output("是否符合", "eligible", "boolean"),
        rulebook.Output("理由", "reason"),
    ),
    rulebook.Purpose.SCENARIO: (
        rulebook.Output("需要的材料", "materials", "Any"),
        rulebook.Output("费用（分）", "fee", "number"),
        rulebook.Output("提示", "note"),
    ),
    rulebook.Purpose.INSTANT: (
        rulebook.Output("决定", "decision", "string", '"grant", "person"'),
        rulebook.Output("理由", "reason"),
    ),
    rulebook.Purpose.DISCRETION: (
        rulebook.Output("档次", "grade"),
        rulebook.Output("最少", "least", "number"),
        rulebook.Output("最多", "most", "number"),
        rulebook.Output("单位", "unit"),
    ),
    rulebook.Purpose.RISK: (
        rulebook.Output("风险", "risk"),
        rulebook.Output("级别", "level"),
        rulebook.Output("怎么做", "advice"),
    ),
}


def shown(value: Any) -> str:
    """Return a value of a test as it stands in a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return "、".join(shown(each) for each in value) if value else EMPTY_LIST
    return str(value)


def called(one: rulebook.Term | rulebook.Output, value: Any) -> str:
    """Return a value as people call it, where the table has a name for it."""
    if isinstance(value, list) and value:
        return "、".join(called(one, each) for each in value)
    text = shown(value)
    if one.type == "boolean" and isinstance(value, bool):
        return dict(choices(one))[text]
    return one.words.get(text, text)


def choices(one: rulebook.Term | rulebook.Output) -> list[tuple[str, str]]:
    """Return the values of a fact or output that has names for them, to choose from."""
    if one.type == "boolean":
        return [("true", "是"), ("false", "否")]
    return [(value, f"{word}（{value}）") for value, word in one.words.items()]


def read_tests(request: Request, sheet: rulebook.Sheet, count: int) -> list[rulebook.TestCase]:
    """Return the test cases filled in: ``t-0-name``, ``t-0-fact-age``, ``t-0-out-decision``."""
    several = sheet.policy in SEVERAL
    found = []
    for at in range(count):
        facts = {
            term.name: _typed(text(request, f"t-{at}-fact-{term.name}"), term.type)
            for term in sheet.facts
            if text(request, f"t-{at}-fact-{term.name}")
        }
        expected = {
            output.name: _expected(text(request, f"t-{at}-out-{output.name}"), output.type, several)
            for output in sheet.outputs
            if text(request, f"t-{at}-out-{output.name}")
        }
        person = bool(text(request, f"t-{at}-person"))
        found.append(
            rulebook.TestCase(
                text(request, f"t-{at}-name"), facts, {} if person else expected, person
            )
        )
    return found


def _expected(said: str, kind: str, several: bool) -> Any:
    if not several:
        return _typed(said, kind)
    if said == EMPTY_LIST:
        return []
    return [_typed(part, kind) for part in re.split(r"[、,，]\s*", said) if part]


def _typed(said: str, kind: str) -> Any:
    if kind == "number":
        try:
            number = Decimal(said)
        except InvalidOperation:
            return said
        return int(number) if number == number.to_integral_value() else float(number)
    if kind == "boolean":
        return {"true": True, "false": False, "是": True, "否": False}.get(said, said)
    return said


def read_tests_json(said: str) -> list[rulebook.TestCase]:
    """Return the test cases of a model of several parts, which are written as JSON.

    :raises Invalid: if they are not.
    """
    try:
        return [rulebook.TestCase(**record) for record in json.loads(said or "[]")]
    except (ValueError, TypeError) as error:
        raise Invalid(Problem("tests", "测试用例的 JSON 有错误：{why}", {"why": error})) from None


def read_limits(said: str) -> list[rulebook.Limit]:
    """Return the limits in lines such as ``amount 600 每月津贴（元）``.

    :raises Invalid: naming the line that cannot be read.
    """
    found = []
    for number, line in enumerate(filter(None, map(str.strip, said.splitlines())), 1):
        parts = line.split(maxsplit=2)
        try:
            found.append(
                rulebook.Limit(parts[0], Decimal(parts[1]), parts[2] if len(parts) > 2 else "")
            )
        except (IndexError, InvalidOperation):
            problem = Problem(
                "limits",
                "第 {number} 行应为：数据项 上限 名称，例如 amount 600 每月津贴",
                {"number": number},
            )
            raise Invalid(problem) from None
    return found


def write_limits(limits: Sequence[rulebook.Limit]) -> str:
    return "\n".join(f"{one.name} {one.most:f} {one.label}".strip() for one in limits)


def read_share(said: str) -> Decimal:
    """Return a share of per cent as a number between 0 and 1.

    :raises Invalid: if it is no number.
    """
    try:
        return Decimal(said or "0") / 100
    except InvalidOperation:
        raise Invalid(Problem("share", "抽查比例应为百分数，例如 5")) from None
