"""A version looked at: what is wrong with it, what its tests say, how it reads, what it changes."""

from dataclasses import dataclass, replace

from tongban import rules
from tongban.foundation.errors import Problem
from tongban.foundation.messages import SOURCE
from tongban.foundation.work import LOCAL, Work
from tongban.rulebook.model import words
from tongban.rulebook.model.checking import TestRun, run_tests
from tongban.rulebook.model.rule_set import Version
from tongban.rulebook.model.running import Compiled
from tongban.rulebook.model.sheet import Sheet, faults


@dataclass(frozen=True, slots=True)
class Judged:
    """What there is to say about a version while it is written.

    ``sheet`` is None for a model of several parts. ``checked`` and ``runs`` are only there once
    every cell can be read.
    """

    sheet: Sheet | None
    faults: tuple[Problem, ...]
    checked: words.Checked | None
    runs: tuple[TestRun, ...]

    @property
    def failed(self) -> int:
        """How many test cases do not pass."""
        return sum(not run.passed for run in self.runs)


@dataclass(frozen=True, slots=True)
class Reading:
    """A version as people read it: how its rules apply, and each as a sentence."""

    version: Version
    sheet: Sheet | None
    policy: str
    sentences: tuple[words.Sentence, ...]


def judge(work: Work, *, version: Version, language: str = SOURCE) -> Judged:
    """Return what is wrong with a version, what the analysis finds, and what its tests say."""
    compiled = Compiled(version.dmn, version.decision)
    sheet = compiled.summary.sheet
    wrong = tuple(faults(sheet)) if sheet else _problems(compiled)
    if wrong:
        return Judged(sheet, wrong, None, ())
    runs = run_tests(compiled, version, now=work.now.astimezone(LOCAL))
    checked = words.analysed(sheet, language=language) if sheet else None
    return Judged(sheet, (), checked, tuple(runs))


def _problems(compiled: Compiled) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "dmn", "“{element}”有错误：{why}", {"element": one.element, "why": one.reason.text()}
        )
        for one in compiled.problems
    )


def read_version(version: Version, *, language: str = SOURCE) -> Reading:
    """Return a version in sentences; none where it cannot be read or is no single table."""
    try:
        sheet = Compiled(version.dmn, version.decision).summary.sheet
    except rules.RuleError:
        sheet = None
    if sheet is None or faults(sheet):
        return Reading(version, sheet, "", ())
    return Reading(
        version,
        sheet,
        words.policy(sheet, language=language),
        tuple(words.sentences(sheet, language=language)),
    )


def spoken_sheet(version: Version) -> Sheet | None:
    """Return a version's table with values called as people call them; None without one."""
    sheet = read_version(version).sheet
    return sheet if sheet is None or faults(sheet) else words.spoken(sheet)


def compare_versions(old: Version, new: Version, *, language: str = SOURCE) -> list[str] | None:
    """Return what changed, a sentence for each change; None where one is no single table."""
    sheets = [Compiled(one.dmn, one.decision).summary.sheet for one in (old, new)]
    if sheets[0] is None or sheets[1] is None or faults(sheets[0]) or faults(sheets[1]):
        return None
    return words.compared(sheets[0], sheets[1], language=language)


def as_of(version: Version, *, revision: int) -> Version:
    """Return a version as somebody had read it when it was at a revision."""
    return replace(version, revision=revision)
