"""What a check finds: each finding with its kind, its places in the chart and its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tongban.foundation.messages import SOURCE, translate
from tongban.process.model.problems import Problem, Severity, Term


class FindingKind(StrEnum):
    """What a finding is about."""

    SYNTAX = "syntax"
    UNREACHABLE = "unreachable"
    DEADLOCK = "deadlock"
    NO_SYNCHRONISATION = "lack of synchronisation"
    LEFT_BEHIND = "tokens left behind"
    ENDLESS = "endless loop"
    NO_DEFAULT = "missing default"
    ROLE = "role"
    LIMIT = "limit"
    SPECIAL = "special procedure"
    NOT_PROVEN = "not proven"


KIND_NAMES = {
    FindingKind.SYNTAX: "写法",
    FindingKind.UNREACHABLE: "走不到",
    FindingKind.DEADLOCK: "卡死",
    FindingKind.NO_SYNCHRONISATION: "缺少汇合",
    FindingKind.LEFT_BEHIND: "遗留",
    FindingKind.ENDLESS: "循环无出口",
    FindingKind.NO_DEFAULT: "缺少默认分支",
    FindingKind.ROLE: "岗位",
    FindingKind.LIMIT: "时限",
    FindingKind.SPECIAL: "特别程序",
    FindingKind.NOT_PROVEN: "未能证明",
}
SEVERITY_NAMES = {
    Severity.NOTE: "供参考",
    Severity.WARNING: "请留意",
    Severity.ERROR: "有错",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``nodes`` are the ids of what it is about, the first one foremost.

    ``message`` is a catalogue key; see ``Problem`` for ``details``, ``line`` and ``severity``.
    """

    kind: FindingKind
    severity: Severity
    nodes: tuple[str, ...]
    message: str
    details: Mapping[str, object] = field(default_factory=dict)
    line: int = 0

    def said(self, language: str = SOURCE) -> str:
        """Return the sentence alone."""
        return Problem("", self.message, self.details).said(language)

    def told(self, language: str = SOURCE) -> str:
        """Return the finding as one line: severity, kind, sentence, place in the file."""
        told = Problem("", self.message, self.details, self.line).told(language)
        return translate(
            "[{severity}] {kind}：{told}",
            language,
            severity=translate(SEVERITY_NAMES[self.severity], language),
            kind=translate(KIND_NAMES[self.kind], language),
            told=told,
        )


def from_problem(problem: Problem) -> Finding:
    """Return what reading or compiling found, as a finding."""
    nodes = (problem.node,) if problem.node else ()
    return Finding(
        FindingKind.SYNTAX,
        problem.severity,
        nodes,
        problem.message,
        problem.details,
        problem.line,
    )


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in a process. ``proven`` tells whether the whole state space was seen."""

    process: str
    name: str
    findings: tuple[Finding, ...]
    proven: bool

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stands against publishing."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)

    @property
    def sound(self) -> bool | None:
        """True: proven and without errors. False: with errors. None: not proven either way."""
        if self.errors:
            return False
        return True if self.proven else None

    @property
    def verdict(self) -> Term:
        """The result in a word."""
        return Term({True: "健全", False: "有错", None: "未能证明"}[self.sound])

    def of(self, *kinds: FindingKind) -> tuple[Finding, ...]:
        """Return the findings of some kinds."""
        return tuple(finding for finding in self.findings if finding.kind in kinds)

    def told(self, language: str = SOURCE) -> str:
        """Return the report as lines."""
        head = translate(
            "流程“{name}”：{verdict}，{count} 条意见",
            language,
            name=self.name or self.process,
            verdict=translate(self.verdict, language),
            count=len(self.findings),
        )
        return "\n".join([head, *(finding.told(language) for finding in self.findings)])
