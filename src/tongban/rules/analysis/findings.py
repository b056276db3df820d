"""What an analysis finds: each finding with its severity, its place, an example and its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from tongban.rules.analysis.words import Phrase, Translate, words
from tongban.rules.feel.text import write
from tongban.rules.feel.values import Value
from tongban.rules.problems import Place


class Severity(IntEnum):
    """A note is for information; a warning deserves a look; with an error the rules are wrong."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


class FindingKind(StrEnum):
    """What a finding is about."""

    SYNTAX = "syntax"
    GAP = "gap"
    OVERLAP = "overlap"
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    TYPE = "type"
    NOT_ALLOWED = "not allowed"
    UNKNOWN_NAME = "unknown name"
    UNUSED_INPUT = "unused input"
    PRIORITY = "priority"
    NOT_PROVEN = "not proven"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `rules` count from 1; `example` has an input value for each column.

    `line` is the line in the file (0 where unknown) and `place` the place inside `text`.
    """

    kind: FindingKind
    severity: Severity
    words: Phrase
    rules: tuple[int, ...] = ()
    example: Mapping[str, Value] = field(default_factory=dict)
    element: str = ""
    line: int = 0
    place: Place | None = None
    text: str = ""

    def told(self, translate: Translate = str) -> str:
        """The finding as one line with its place."""
        where = self.element
        if self.line:
            where += words("（文件第 {line} 行）", line=self.line).text(translate)
        told = self.words.text(translate)
        if self.place is not None:
            place = words(
                "，在“{text}”的第 {line} 行第 {column} 列",
                text=self.text,
                line=self.place.line,
                column=self.place.column,
            )
            told += place.text(translate)
        label = SEVERITIES[self.severity].text(translate)
        line = words("[{severity}] {told}", severity=label, told=told).text(translate)
        return words("{where}：{told}", where=where, told=line).text(translate) if where else line

    def as_json(self, translate: Translate = str) -> dict[str, object]:
        """The finding as JSON has it; values of the example become texts."""
        return {
            "kind": str(self.kind),
            "severity": self.severity.name.lower(),
            "message": self.words.text(translate),
            "rules": list(self.rules),
            "example": {name: write(value) for name, value in self.example.items()},
            "element": self.element,
            "line": self.line,
        }


SEVERITIES = {
    Severity.NOTE: words("供参考"),
    Severity.WARNING: words("请留意"),
    Severity.ERROR: words("有错"),
}


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a table. The two claims are made only where they are proven.

    `complete`: some rule applies to every permitted input, nulls aside. `disjoint`: no two rules
    ever apply together. `None` means that it is not proven either way.
    """

    findings: tuple[Finding, ...]
    complete: bool | None = None
    disjoint: bool | None = None

    @property
    def severity(self) -> Severity:
        """The worst severity found; a note when there is none."""
        return max((finding.severity for finding in self.findings), default=Severity.NOTE)

    def of(self, *kinds: FindingKind) -> tuple[Finding, ...]:
        """The findings of some kinds."""
        return tuple(finding for finding in self.findings if finding.kind in kinds)
