"""Combinations of inputs to which no rule applies, each with an example that was tried out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tongban.rules.analysis.cover import Box, Exhausted, Fuel, Sides, Walk
from tongban.rules.analysis.findings import Finding, FindingKind, Severity
from tongban.rules.analysis.regions import best, is_fractional, regions_words
from tongban.rules.analysis.subject import Subject
from tongban.rules.analysis.words import Phrase, Words, both, filled, words
from tongban.rules.dmn.model import Aggregation
from tongban.rules.dmn.table import SEVERAL

STEPS = 2_000_000
GAPS_SHOWN = 5
GAPS_SOUGHT = 40


@dataclass(slots=True)
class Gaps:
    """The boxes without a rule, and whether there are none (None: not proven)."""

    findings: list[Finding] = field(default_factory=list)
    complete: bool | None = None


def find_gaps(subject: Subject) -> Gaps:
    """Combinations of inputs to which no rule applies."""
    if not subject.axes:
        return Gaps(complete=subject.count > 0)
    boxes, ended = _walked(subject.must, subject.all)
    if not boxes:
        return Gaps(complete=True if ended else None)
    certain = boxes
    if subject.may != subject.must:
        certain = _walked(subject.may, subject.all)[0] or boxes
    found = [(box, row) for box in certain if (row := _tried(subject, box)) is not None]
    if not found:
        return Gaps()
    found.sort(key=lambda pair: _only_fractions(subject, pair[0]))
    gaps = Gaps([_gap(subject, box, row) for box, row in found[:GAPS_SHOWN]], False)
    if len(found) > GAPS_SHOWN or not ended:
        more = words("还有更多情形没有规则适用，未一一列出")
        gaps.findings.append(Finding(FindingKind.GAP, Severity.NOTE, more))
    return gaps


def _walked(sides: Sides, rules: int) -> tuple[list[Box], bool]:
    """Some of the boxes that no rule accepts, and whether all of them were seen."""
    boxes: list[Box] = []
    try:
        for box in Walk(sides, Fuel(STEPS)).uncovered(rules):
            boxes.append(box)
            if len(boxes) > GAPS_SOUGHT:
                return boxes, False
    except Exhausted:
        return boxes, False
    return boxes, True


def chosen(subject: Subject, box: Box) -> list[int] | None:
    """One region for each axis; None when none of an axis is surely permitted."""
    found = [best(axis, regions) for axis, regions in zip(subject.axes, box, strict=True)]
    return [one for one in found if one is not None] if None not in found else None


def _tried(subject: Subject, box: Box) -> list[int] | None:
    """The regions of an example that the engine agrees is accepted by no rule."""
    regions = chosen(subject, box)
    if regions is None:
        return None
    maybe = subject.all
    for axis, region in zip(subject.axes, regions, strict=True):
        maybe &= axis.may[region]
    if maybe & subject.free or subject.table.hits(subject.row(regions)):
        return None
    return regions


def _only_fractions(subject: Subject, box: Box) -> bool:
    return any(is_fractional(axis, part) for axis, part in zip(subject.axes, box, strict=True))


def where_words(subject: Subject, box: Box) -> Phrase:
    """A box as it is read aloud; inputs that may have any value are left out."""
    told = [
        regions_words(axis, part, subject.title(axis))
        for axis, part in zip(subject.axes, box, strict=True)
        if len(part) < len(axis.regions)
    ]
    return both(told) if told else words("任何情形")


def _gap(subject: Subject, box: Box, regions: Sequence[int]) -> Finding:
    example = subject.example(regions)
    told = filled(
        _message(subject, box),
        where=where_words(subject, box),
        example=subject.example_words(example),
    )
    return Finding(FindingKind.GAP, _severity(subject), told, example=example)


def _has_default(subject: Subject) -> bool:
    return any(output.default for output in subject.table.table.source.outputs)


def _message(subject: Subject, box: Box) -> Words:
    if _has_default(subject):
        return DEFAULTED
    return FRACTIONS if _only_fractions(subject, box) else MISSING


def _severity(subject: Subject) -> Severity:
    source = subject.table.table.source
    counts = source.aggregation in (Aggregation.NONE, Aggregation.COUNT)
    if _has_default(subject) or (source.policy in SEVERAL and counts):
        return Severity.NOTE
    return Severity.WARNING


MISSING = words("没有规则适用于：{where}（例如{example}）")
FRACTIONS = words("没有规则适用于：{where}（例如{example}；只有不是整数时才会出现）")
DEFAULTED = words("没有规则适用于：{where}（例如{example}），由默认结果处理")
