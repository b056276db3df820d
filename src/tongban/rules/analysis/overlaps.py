"""Rules that apply together, judged by the hit policy, and rules that say the same twice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tongban.rules.analysis.cover import Box, box_of, members, overlapping, signatures
from tongban.rules.analysis.findings import Finding, FindingKind, Severity
from tongban.rules.analysis.gaps import chosen, where_words
from tongban.rules.analysis.subject import Subject
from tongban.rules.analysis.words import Words, filled, words
from tongban.rules.dmn.model import HitPolicy
from tongban.rules.feel import ast

ERRORS_SHOWN = 20
NOTES_SHOWN = 5


@dataclass(slots=True)
class Overlaps:
    """What was found, and whether no two rules apply together (None: not proven)."""

    findings: list[Finding] = field(default_factory=list)
    disjoint: bool | None = None


def find_overlaps(subject: Subject, twice: set[tuple[int, int]]) -> Overlaps:
    """Pairs of rules that apply to one input; those in `twice` are reported as duplicates."""
    surely = overlapping(subject.must, subject.count)
    maybe = overlapping(subject.may, subject.count)
    tally = Tally(subject.table.table.source.policy, together=bool(twice))
    exact = all(region.sure for axis in subject.axes for region in axis.regions)
    for one, other in _pairs(maybe):
        certain = exact and bool(surely[one] >> other & 1)
        if (one, other) in twice or tally.is_harmless(subject, one, other, certain):
            continue
        if tally.is_full and certain:
            tally.hidden += 1
        elif tally.tries > MOST_TRIES:
            tally.doubtful += 1
        else:
            tally.take(_overlap(subject, one, other))
    return tally.overlaps()


@dataclass(slots=True)
class Tally:
    """What is shown, and how much is only counted: a large table may have very many pairs."""

    policy: HitPolicy
    together: bool
    found: list[Finding] = field(default_factory=list)
    hidden: int = 0
    doubtful: int = 0
    tries: int = 0

    @property
    def is_full(self) -> bool:
        """Whether enough is shown."""
        return len(self.found) >= (ERRORS_SHOWN if self.policy in STRICT else NOTES_SHOWN)

    def is_harmless(self, subject: Subject, one: int, other: int, certain: bool) -> bool:
        """Whether a pair may well apply together, and nothing needs to be said about it."""
        if self.policy is not HitPolicy.ANY or subject.same_results(one, other) is not True:
            return False
        self.together = self.together or certain
        self.doubtful += not certain
        return True

    def take(self, finding: Finding | None) -> None:
        """Take in what was found about a pair."""
        self.tries += 1
        if finding is None:
            self.doubtful += 1
            return
        self.together = True
        self.found.append(finding)

    def overlaps(self) -> Overlaps:
        """All of it as findings."""
        if self.hidden:
            told = words("另有 {count} 对规则同时适用，未一一列出", count=self.hidden)
            severity = max((one.severity for one in self.found), default=Severity.NOTE)
            self.found.append(Finding(FindingKind.OVERLAP, severity, told))
        if self.doubtful:
            told = words("有 {count} 对规则是否会同时适用，未能证明", count=self.doubtful)
            self.found.append(Finding(FindingKind.NOT_PROVEN, Severity.NOTE, told))
        if self.together or self.hidden:
            return Overlaps(self.found, False)
        return Overlaps(self.found, None if self.doubtful else True)


MOST_TRIES = 2000
STRICT = (HitPolicy.UNIQUE, HitPolicy.ANY)


def _pairs(sets: list[int]) -> Iterator[tuple[int, int]]:
    for one, others in enumerate(sets):
        for rule in members(others >> (one + 1)):
            yield one, one + 1 + rule


def _overlap(subject: Subject, one: int, other: int) -> Finding | None:
    """The finding about two rules; None when no example shows that they apply together."""
    both = 1 << one | 1 << other
    box = _box(subject, both)
    regions = None if box is None else chosen(subject, box)
    if box is None or regions is None:
        return None
    row = subject.row(regions)
    if both & subject.free or not {one, other} <= set(subject.table.hits(row)):
        return None
    severity, template = _judged(subject, one, other)
    example = subject.example(regions)
    told = filled(
        template,
        rules=f"{one + 1}、{other + 1}",
        where=where_words(subject, box),
        example=subject.example_words(example),
    )
    kind = FindingKind.OVERLAP if severity is Severity.NOTE else FindingKind.CONFLICT
    return Finding(kind, severity, told, (one + 1, other + 1), example)


def _box(subject: Subject, rules: int) -> Box | None:
    for sides in (subject.must, subject.may):
        box = box_of(sides, rules)
        if all(box):
            return box
    return None


def _judged(subject: Subject, one: int, other: int) -> tuple[Severity, Words]:
    policy = subject.table.table.source.policy
    same = subject.same_results(one, other)
    if policy is HitPolicy.UNIQUE:
        return Severity.ERROR, UNIQUE_SAME if same else UNIQUE
    if policy is HitPolicy.ANY and same is not True:
        return (Severity.ERROR, ANY) if same is False else (Severity.WARNING, ANY_UNPROVEN)
    return Severity.NOTE, NOTES.get(policy, TOGETHER)


UNIQUE = words(
    "第 {rules} 条规则同时适用于：{where}（例如{example}），而此表只允许一条适用，结果将无法得出"
)
UNIQUE_SAME = words(
    "第 {rules} 条规则同时适用于：{where}（例如{example}），虽然结果相同，但此表只允许一条适用"
)
ANY = words("第 {rules} 条规则同时适用于：{where}（例如{example}），结果却不同")
ANY_UNPROVEN = words(
    "第 {rules} 条规则同时适用于：{where}（例如{example}），结果是否总是相同未能证明"
)
TOGETHER = words("第 {rules} 条规则同时适用于：{where}（例如{example}），结果一并列出")
NOTES = {
    HitPolicy.FIRST: words("第 {rules} 条规则同时适用于：{where}（例如{example}），以在前的为准"),
    HitPolicy.PRIORITY: words(
        "第 {rules} 条规则同时适用于：{where}（例如{example}），以优先的结果为准"
    ),
}


def find_duplicates(subject: Subject) -> tuple[list[Finding], set[tuple[int, int]]]:
    """Rules with the same conditions and results; the pairs count from 0."""
    groups: dict[object, list[int]] = defaultdict(list)
    surely = signatures(subject.must, subject.count)
    maybe = surely if subject.may == subject.must else signatures(subject.may, subject.count)
    rules = subject.table.table.rules
    for number, rule in enumerate(rules):
        nodes: tuple[ast.Node, ...] = tuple(cell.node for cell in rule.cells)
        written = (
            any(cell.ranges is None for cell in rule.cells) and surely[number] != maybe[number]
        )
        # Without a region there is nothing that two rules could share.
        if all(surely[number]) or written:
            groups[nodes if written else surely[number]].append(number)
    found: list[Finding] = []
    twice: set[tuple[int, int]] = set()
    for numbers in groups.values():
        for one, other in _same(subject, numbers):
            twice.add((one, other))
            found.append(_duplicate(subject, one, other))
    return found, twice


def _same(subject: Subject, numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Each rule that repeats an earlier one, beside the first of its kind."""
    first: list[tuple[int, Box]] = []
    for number in numbers if len(numbers) > 1 else ():
        box = box_of(subject.must, 1 << number)
        alike = (one for one, other in first if box == other and subject.same_results(one, number))
        like = next(alike, None)
        if like is None:
            first.append((number, box))
        else:
            yield like, number


def _duplicate(subject: Subject, one: int, other: int) -> Finding:
    strict = subject.table.table.source.policy is HitPolicy.UNIQUE
    told = words("第 {other} 条规则与第 {one} 条完全相同", one=one + 1, other=other + 1)
    severity = Severity.ERROR if strict else Severity.WARNING
    return Finding(FindingKind.DUPLICATE, severity, told, (one + 1, other + 1))
