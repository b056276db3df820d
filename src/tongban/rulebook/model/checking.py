"""Whether a version is ready to decide: its cells, its head, its findings, its test cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongban import rules
from tongban.foundation.errors import Problem
from tongban.rulebook.model import conclude
from tongban.rulebook.model.outcome import Outcome
from tongban.rulebook.model.rule_set import Purpose, TestCase, Version
from tongban.rulebook.model.running import Compiled, as_facts, canonical
from tongban.rulebook.model.sheet import faults
from tongban.rulebook.model.words import analysed


@dataclass(frozen=True, slots=True)
class TestRun:
    """A test case and what came out. ``differing`` are the outputs that are not as expected."""

    __test__ = False

    case: TestCase
    outcome: Outcome
    differing: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether what came out is what was expected."""
        return not self.differing and self.case.to_a_person == self.outcome.to_a_person


def run_tests(compiled: Compiled, version: Version, *, now: datetime) -> list[TestRun]:
    """Return the outcome of each test case of a version."""
    found = []
    for case in version.tests:
        outcome = compiled.outcome(version, as_facts(case.facts), now=now)
        differing = () if case.to_a_person else _differing(outcome, case.expected)
        found.append(TestRun(case, outcome, differing))
    return found


def _differing(outcome: Outcome, expected: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        name
        for name, value in expected.items()
        if canonical(got(outcome, name)) != canonical(value)
    )


def got(outcome: Outcome, output: str) -> Any:
    """Return an output as tests compare it: of several rules the list of what each gives."""
    if isinstance(outcome.value, list):
        values = [row.get(output) for row in outcome.rows()]
        flat = [
            each for value in values for each in (value if isinstance(value, list) else [value])
        ]
        return [value for value in flat if value is not None]
    return outcome.get(output)


def obstacles(version: Version, purpose: Purpose, *, now: datetime) -> list[Problem]:
    """Return everything that keeps a version from being handed in or published."""
    try:
        compiled = Compiled(version.dmn, version.decision)
    except rules.RuleError as error:
        return [Problem("dmn", "规则文件无法读取：{why}", {"why": error.reason.text()})]
    found = list(faults(compiled.summary.sheet)) if compiled.summary.sheet else []
    if compiled.problems and not found:
        found = [
            Problem(
                "dmn",
                "“{element}”有错误：{why}",
                {"element": one.element, "why": one.reason.text()},
            )
            for one in compiled.problems
        ]
    if found:
        return found
    return [
        *_outputs(compiled, purpose),
        *_findings(compiled),
        *_failing(compiled, version, now),
    ]


def _findings(compiled: Compiled) -> list[Problem]:
    """Return what the analysis calls an error: warnings and notes are for the reviewer."""
    sheet = compiled.summary.sheet
    if sheet is None:
        return []
    return [
        Problem("analysis", "检查发现错误：{why}", {"why": found.text})
        for found in analysed(sheet).findings
        if found.level == "error"
    ]


def _outputs(compiled: Compiled, purpose: Purpose) -> list[Problem]:
    """Return which outputs are lacking by which the platform knows what a result means."""
    sheet = compiled.summary.sheet
    if sheet is None:
        return []
    missing = conclude.OUTPUTS[purpose] - {output.name for output in sheet.outputs}
    return [
        Problem("outputs", "缺少名为“{name}”的结果列", {"name": name}) for name in sorted(missing)
    ]


def _failing(compiled: Compiled, version: Version, now: datetime) -> list[Problem]:
    if not version.tests:
        return [Problem("tests", "至少要有一个测试用例")]
    return [
        Problem("tests", "测试用例“{name}”没有通过", {"name": run.case.name})
        for run in run_tests(compiled, version, now=now)
        if not run.passed
    ]
