"""Regions of an axis as they are read aloud."""

from collections.abc import Sequence
from decimal import Decimal

from tongban.rules.analysis.axis import Axis, Region
from tongban.rules.analysis.phrases import IS, IS_NOT, Title, range_words, value_words
from tongban.rules.analysis.words import Phrase, either, filled, words
from tongban.rules.feel.values import Range, Value


def regions_words(axis: Axis, chosen: Sequence[int], name: Title) -> Phrase:
    """Which values of an input are meant: `面积超过 120 平方米`."""
    regions = [axis.regions[number] for number in sorted(chosen)]
    given = [region for region in regions if region.value is not None]
    told: list[Phrase] = []
    if any(region.interval is None for region in given):
        told.append(_others(axis, regions, name.unit))
    else:
        points = [one.interval.low for one in given if one.interval and _is_point(one.interval)]
        if axis.kind in (str, bool) and len(points) == len(given) and points:
            told.append(filled(IS, value=_values(points, name.unit)))
        else:
            told += [range_words(one, name.unit) for one in _merged(axis, sorted(chosen))]
    if len(given) < len(regions):
        told.append(words("没有填写"))
    test = told[0] if len(told) == 1 else either(told)
    return words("{name}{test}", name=name.name, test=test)


def _is_point(interval: Range) -> bool:
    return interval.operator == "="


def _values(values: Sequence[Value], unit: str) -> "str | Phrase":
    told = [value_words(value, unit) for value in values]
    return told[0] if len(told) == 1 else either(told)


def _others(axis: Axis, regions: Sequence[Region], unit: str) -> Phrase:
    """All values but those that tests name and that are not meant."""
    meant = {region.position for region in regions}
    left = [
        region.value
        for region in axis.regions
        if region.position not in meant and region.interval is not None
    ]
    if not left:
        has_null = any(region.value is None for region in axis.regions)
        return words("已填写") if has_null else words("为任何值")
    return filled(IS_NOT, value=_values(left, unit))


def _merged(axis: Axis, chosen: Sequence[int]) -> list[Range]:
    """Neighbouring regions as one interval."""
    found: list[Range] = []
    before = -2
    for number in chosen:
        interval = axis.regions[number].interval
        if interval is None:
            continue
        if number == before + 1 and found:
            found[-1] = _joined(found[-1], interval)
        else:
            found.append(interval)
        before = number
    return found


def _joined(first: Range, second: Range) -> Range:
    if first.low is None and second.high is None:
        return second
    return Range(first.low, second.high, first.low_included, second.high_included)


def is_fractional(axis: Axis, chosen: Sequence[int]) -> bool:
    """Whether no whole number is among the regions of an axis of numbers."""
    values = [axis.regions[number].value for number in chosen]
    return all(type(value) is Decimal and value != value.to_integral_value() for value in values)


def best(axis: Axis, chosen: Sequence[int]) -> int | None:
    """The region whose value makes the plainest example; None if none is surely permitted."""
    sure = [number for number in chosen if axis.regions[number].sure]
    return min(sure, key=lambda number: _oddness(axis.regions[number]), default=None)


def _oddness(region: Region) -> int:
    value = region.value
    if value is None:
        return 3
    if type(value) is Decimal:
        fractional = value != value.to_integral_value()
        return 2 if fractional else 1 if value < 0 else 0
    return 1 if value == "" else 0
