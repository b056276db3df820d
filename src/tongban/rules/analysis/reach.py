"""Rules that never decide anything: their conditions cannot be met, or others come first."""

from collections.abc import Iterator

from tongban.rules.analysis.axis import Axis
from tongban.rules.analysis.cover import Exhausted, Fuel, Walk, box_of, members, overlapping
from tongban.rules.analysis.findings import Finding, FindingKind, Severity
from tongban.rules.analysis.gaps import STEPS
from tongban.rules.analysis.subject import Subject
from tongban.rules.analysis.words import listed, words
from tongban.rules.dmn.model import HitPolicy
from tongban.rules.feel.compare import same

NAMED = 6


def find_unreachable(subject: Subject) -> Iterator[Finding]:
    """Rules that can never apply, and rules that are always overruled."""
    possible = subject.all
    for axis in subject.axes:
        accepted = 0
        for mask in axis.may:
            accepted |= mask
        for number in members(possible & ~accepted):
            yield _impossible(subject, axis, number)
        possible &= accepted
    yield from _masked(subject, possible)


def _impossible(subject: Subject, axis: Axis, number: int) -> Finding:
    cells = subject.table.table.rules[number].cells
    told = words(
        "第 {rule} 条规则永远不会适用：没有一个“{name}”能满足“{test}”",
        rule=number + 1,
        name=subject.title(axis).name,
        test="；".join(cells[column].text for column in axis.columns),
    )
    return Finding(FindingKind.UNREACHABLE, Severity.WARNING, told, (number + 1,))


def _masked(subject: Subject, possible: int) -> Iterator[Finding]:
    policy = subject.table.table.source.policy
    if policy not in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        return
    beside = overlapping(subject.must, subject.count)
    fuel = Fuel(STEPS)
    unproven = 0
    for number in members(possible):
        above = _above(subject, number) & possible
        # A rule whose conditions cannot be read may apply together with any other.
        reached = (beside[number] or subject.all) & above
        if not reached:
            continue
        try:
            box = box_of(subject.may, 1 << number)
            if next(Walk(subject.must, fuel, box).uncovered(reached), None) is None:
                yield _overruled(number, reached)
        except Exhausted:
            unproven += 1
            fuel.left = STEPS // 20
            if unproven > NAMED:
                break
    if unproven:
        told = words("规则太多，是否有规则永远轮不到，未能全部证明")
        yield Finding(FindingKind.NOT_PROVEN, Severity.NOTE, told)


def _above(subject: Subject, number: int) -> int:
    """The rules that come before one wherever both apply."""
    if subject.table.table.source.policy is HitPolicy.FIRST:
        return (1 << number) - 1
    own = _rank(subject, number)
    if own is None:
        return 0
    found = 0
    for other in range(subject.count):
        rank = _rank(subject, other)
        if rank is not None and rank < own:
            found |= 1 << other
    return found


def _rank(subject: Subject, number: int) -> tuple[int, ...] | None:
    """The priority of a rule's results, the smallest first; None when it depends on the facts."""
    table = subject.table.table
    values = table.rules[number].constants
    if values is None or any(not output.order for output in table.outputs):
        return None
    return tuple(
        next((place for place, one in enumerate(output.order) if same(one, value)), 1 << 30)
        for output, value in zip(table.outputs, values, strict=True)
    )


def _overruled(number: int, above: int) -> Finding:
    rules = [one + 1 for one in members(above)]
    named = listed(str(rule) for rule in rules[:NAMED])
    if len(rules) > NAMED:
        told = words(
            "第 {rule} 条规则永远轮不到：它的情形已全部被第 {rules} 条等 {count} 条规则覆盖",
            rule=number + 1,
            rules=named,
            count=len(rules),
        )
    else:
        told = words(
            "第 {rule} 条规则永远轮不到：它的情形已全部被第 {rules} 条规则覆盖",
            rule=number + 1,
            rules=named,
        )
    covered = (number + 1, *rules)
    return Finding(FindingKind.UNREACHABLE, Severity.WARNING, told, covered)
