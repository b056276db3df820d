"""Range functions (DMN 1.5, 10.3.4.12): how points and ranges lie to each other; and `range`."""

import re
from collections.abc import Callable

from tongban.rules.budget import Run
from tongban.rules.feel.compare import order, same
from tongban.rules.feel.registry import OVERLOADS, builtin
from tongban.rules.feel.temporal_text import parse_temporal
from tongban.rules.feel.tokens import unescape
from tongban.rules.feel.values import NUMBERS, Range, Value, kind

END = r'((?:"(?:[^"\\]|\\.)*"|[^"])*?)'
RANGE = re.compile(rf"\s*([\[(\]])\s*{END}\s*\.\.\s*{END}\s*([\])\[])\s*", re.DOTALL)
LONGEST = 1000
QUOTED = re.compile(
    r'(@\s*|(?:date|time|date\s+and\s+time|duration)\s*\(\s*)?"((?:[^"\\]|\\.)*)"\s*(\))?',
    re.DOTALL,
)


def _before(one: Value, other: Value) -> bool:
    """Whether the high end of one lies before the low end of the other."""
    high, low = _high(one), _low(other)
    if high is None or low is None:
        return False
    found = order(high, low) or 0
    return found < 0 or (found == 0 and not (_closed_high(one) and _closed_low(other)))


def _low(value: Value) -> Value:
    return value.low if isinstance(value, Range) else value


def _high(value: Value) -> Value:
    return value.high if isinstance(value, Range) else value


def _closed_low(value: Value) -> bool:
    return value.low_included if isinstance(value, Range) else True


def _closed_high(value: Value) -> bool:
    return value.high_included if isinstance(value, Range) else True


def _lows(one: Range, other: Value) -> int:
    """-1 when one begins before the other, 0 when both begin alike."""
    first, second = one.low, _low(other)
    if first is None or second is None:
        return (first is not None) - (second is not None)
    found = order(first, second) or 0
    return found or int(_closed_low(other)) - int(one.low_included)


def _highs(one: Range, other: Value) -> int:
    """-1 when one ends before the other, 0 when both end alike."""
    first, second = one.high, _high(other)
    if first is None or second is None:
        return (second is not None) - (first is not None)
    found = order(first, second) or 0
    return found or int(one.high_included) - int(_closed_high(other))


def _includes(outer: Range, inner: Value) -> bool:
    return _lows(outer, inner) <= 0 and _highs(outer, inner) >= 0


def _apart(one: Value, other: Value) -> bool:
    return _before(one, other) or _before(other, one)


def _meets(one: Range, other: Range) -> bool:
    return one.high_included and other.low_included and same(one.high, other.low)


def _coincides(one: Value, other: Value) -> bool:
    if not isinstance(one, Range):
        return same(one, other)
    return _lows(one, other) == 0 and _highs(one, other) == 0


def _overlaps_before(one: Range, other: Range) -> bool:
    return _lows(one, other) < 0 and _highs(one, other) <= 0 and not _apart(one, other)


def _starts(one: Value, other: Range) -> bool:
    if not isinstance(one, Range):
        return other.low_included and same(one, other.low)
    return _lows(one, other) == 0 and _highs(one, other) <= 0


def _finishes(one: Value, other: Range) -> bool:
    if not isinstance(one, Range):
        return other.high_included and same(one, other.high)
    return _highs(one, other) == 0 and _lows(one, other) >= 0


Relation = Callable[[Value, Value], bool]
POINTS = "point1: point, point2: point"
POINT_RANGE = "point: point, range: range"
RANGE_POINT = "range: range, point: point"
RANGES = "range1: range, range2: range"
RELATIONS: dict[str, tuple[Relation, tuple[str, ...]]] = {
    "before": (_before, (POINTS, POINT_RANGE, RANGE_POINT, RANGES)),
    "after": (lambda a, b: _before(b, a), (POINTS, POINT_RANGE, RANGE_POINT, RANGES)),
    "meets": (_meets, (RANGES,)),
    "met by": (lambda a, b: _meets(b, a), (RANGES,)),
    "overlaps": (lambda a, b: not _apart(a, b), (RANGES,)),
    "overlaps before": (_overlaps_before, (RANGES,)),
    "overlaps after": (lambda a, b: _overlaps_before(b, a), (RANGES,)),
    "finishes": (_finishes, (POINT_RANGE, RANGES)),
    "finished by": (lambda a, b: _finishes(b, a), (RANGE_POINT, RANGES)),
    "includes": (_includes, (RANGE_POINT, RANGES)),
    "during": (lambda a, b: _includes(b, a), (POINT_RANGE, RANGES)),
    "starts": (_starts, (POINT_RANGE, RANGES)),
    "started by": (lambda a, b: _starts(b, a), (RANGE_POINT, RANGES)),
    "coincides": (_coincides, (POINTS, RANGES)),
}


def _comparable(one: Value, other: Value) -> bool:
    """Whether the ends of both are of one kind; an open end compares with anything."""
    ends = [end for value in (one, other) for end in (_low(value), _high(value))]
    known = {kind(end) for end in ends if end is not None}
    return len(known) == 1


def _declare(name: str, relation: Relation, signature: str) -> None:
    @builtin(name, signature)
    def decide(run: Run, one: Value, other: Value) -> Value:
        if not _comparable(one, other):
            return run.note("“{name}”的两个参数无法比较", name=name)
        return relation(one, other)


for _name, (_relation, _signatures) in RELATIONS.items():
    for _signature in _signatures:
        _declare(_name, _relation, _signature)


@builtin("range", "from: string")
def range_from(run: Run, text: str) -> Value:
    found = RANGE.fullmatch(text) if len(text) <= LONGEST else None
    if not found or not (found[2] or found[3]):
        return run.note("“{text}”不是有效的区间", text=text)
    ends = [None if not part else _endpoint(run, part) for part in (found[2], found[3])]
    low, high = ends
    if (found[2] and low is None) or (found[3] and high is None):
        return run.note("“{text}”不是有效的区间", text=text)
    low_included, high_included = found[1] == "[", found[4] == "]"
    if low is not None and high is not None:
        found_order = order(low, high)
        if found_order is None or found_order > 0:
            return run.note("区间的起点和终点无法比较或次序颠倒")
    elif (low is None and low_included) or (high is None and high_included):
        return run.note("“{text}”不是有效的区间", text=text)
    return Range(low, high, low_included, high_included, _operator(low, high, found))


def _operator(low: Value, high: Value, found: re.Match[str]) -> str:
    """`(..2)` is the range `< 2`, `[2..)` the range `>= 2`."""
    if low is None:
        return "<=" if found[4] == "]" else "<"
    if high is None:
        return ">=" if found[1] == "[" else ">"
    return ""


def _endpoint(run: Run, text: str) -> Value:
    quoted = QUOTED.fullmatch(text)
    if not quoted:
        try:
            number = NUMBERS.create_decimal(text)
        except ArithmeticError:
            return None
        return number if number.is_finite() else None
    opener, content = (quoted[1] or "").rstrip("( \t\n"), unescape(quoted[2])
    if bool(quoted[3]) != (opener not in ("", "@")):
        return None
    if not opener:
        return content
    if opener == "@":
        return parse_temporal(content)
    return OVERLOADS[" ".join(opener.split())][0].call(run, content)
