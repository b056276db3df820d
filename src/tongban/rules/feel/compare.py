"""Equality and order of values (DMN 1.5, tables 42 to 44), in three-valued logic."""

from collections.abc import Callable
from decimal import Decimal

from tongban.rules.feel.temporal import (
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)
from tongban.rules.feel.values import Range, Value, kind
from tongban.rules.problems import BudgetExceeded, reason

MOST_PARTS = 1_000_000


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None when their kinds cannot be compared.

    BudgetExceeded for lists and contexts that hold too much to be compared.
    """
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    compare = EQUALITY.get(type(left))
    if compare is not None:
        return compare(left, right)
    return _deeply(left, right, [MOST_PARTS]) if type(left) in (list, dict) else left is right


def alike(left: Value, right: Value) -> bool | None:
    """left = right, as the operator has it: a list of one also stands for its element (10.3.2.9.4).

    The functions of lists compare their elements as they are, with `equal` and `same`.
    """
    if type(left) is list and type(right) is not list and len(left) == 1 and right is not None:
        return equal(left[0], right)
    if type(right) is list and type(left) is not list and len(right) == 1 and left is not None:
        return equal(left, right[0])
    return equal(left, right)


def _deeply(left: Value, right: Value, fuel: list[int]) -> bool:
    """Whether two lists or contexts are equal, part by part."""
    if left is right:
        return True
    if type(left) is not type(right) or type(left) not in (list, dict):
        return same(left, right)
    if len(left) != len(right):
        return False
    fuel[0] -= len(left)
    if fuel[0] < 0:
        raise BudgetExceeded(reason("比较的数据太大，已停止"))
    if type(left) is list:
        return all(_deeply(one, other, fuel) for one, other in zip(left, right, strict=True))
    return left.keys() == right.keys() and all(
        _deeply(value, right[key], fuel) for key, value in left.items()
    )


def same(left: Value, right: Value) -> bool:
    """Equal, where values that cannot be compared count as different."""
    return equal(left, right) is True


def _plain(left: Value, right: Value) -> bool:
    return bool(left == right)


def _all(results: Value) -> bool | None:
    outcome: bool | None = True
    for result in results:
        if result is False:
            return False
        if result is None:
            outcome = None
    return outcome


def _times(left: Time, right: Time) -> bool | None:
    # The standard compares hours, minutes and seconds; fractions of a second do not count.
    one, other = left.shift, right.shift
    if (one is None) != (other is None):
        return None
    first = left.local_nanos // SECOND - (one or 0)
    return (first - right.local_nanos // SECOND + (other or 0)) % 86_400 == 0


def _moments(left: DateTime, right: DateTime) -> bool | None:
    if (left.shift is None) != (right.shift is None):
        return None
    return left.instant // SECOND == right.instant // SECOND


def _ranges(left: Range, right: Range) -> bool | None:
    if left.operator != right.operator:
        return False
    if (left.low_included, left.high_included) != (right.low_included, right.high_included):
        return False
    return same(left.low, right.low) and same(left.high, right.high)


EQUALITY: dict[type, Callable[[Value, Value], bool | None]] = {
    Decimal: _plain,
    str: _plain,
    bool: _plain,
    Date: _plain,
    DaysDuration: _plain,
    MonthsDuration: _plain,
    Time: _times,
    DateTime: _moments,
    Range: _ranges,
}


def order(left: Value, right: Value) -> Value:
    """-1, 0 or 1; None when the values have no order between them."""
    if type(left) is not type(right):
        return None
    key = ORDER.get(type(left))
    if key is None:
        return None
    if type(left) in (Time, DateTime) and _local(left, right):
        key = _local_key
    one, other = key(left), key(right)
    return (one > other) - (one < other)


def _local(left: Time | DateTime, right: Time | DateTime) -> bool:
    """Whether just one of the two has an offset; then the other is read with that offset, too."""
    return (left.shift is None) != (right.shift is None)


def _local_key(value: Time | DateTime) -> int:
    return value.local_nanos


def _time_key(value: Time) -> int:
    return value.local_nanos - (value.shift or 0) * SECOND


ORDER: dict[type, Callable[[Value], Value]] = {
    Decimal: lambda value: value,
    str: lambda value: value,
    Date: lambda value: value,
    Time: _time_key,
    DateTime: lambda value: value.instant,
    DaysDuration: lambda value: value.nanos,
    MonthsDuration: lambda value: value.months,
}


def less(left: Value, right: Value) -> bool | None:
    """left < right."""
    found = order(left, right)
    return None if found is None else found < 0


def at_most(left: Value, right: Value) -> bool | None:
    """left <= right: less or equal, where a local time is less than one with an offset or not."""
    found = order(left, right)
    if found == 0 and type(left) in (Time, DateTime):
        return equal(left, right)
    return None if found is None else found <= 0


def within(value: Value, interval: Range) -> bool | None:
    """Whether a range includes a value; None when they cannot be compared."""
    if interval.operator in ("=", "!="):
        result = equal(value, interval.low)
        return result if interval.operator == "=" or result is None else not result
    if value is None or (interval.low is None and interval.high is None):
        return None
    low: bool | None = True
    high: bool | None = True
    if interval.low is not None:
        low = (at_most if interval.low_included else less)(interval.low, value)
    if interval.high is not None:
        high = (at_most if interval.high_included else less)(value, interval.high)
    return _all((low, high))


def identical(left: Value, right: Value) -> bool:
    """The function `is`: same kind, same value, and for times the same offset or zone."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, (Time, DateTime)):
        return bool(left == right)
    return same(left, right)
