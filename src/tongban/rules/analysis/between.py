"""A value between two others, the plainest there is: what makes the examples of an analysis."""

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from tongban.rules.feel.compare import ORDER
from tongban.rules.feel.temporal import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    date_from_ordinal,
    plus_nanos,
    time_from_nanos,
)
from tongban.rules.feel.values import NUMBERS, Value

STEPS = (DAY, 3600 * SECOND, 60 * SECOND, SECOND, 1)


def between(low: Value, high: Value) -> Value:
    """A value above `low` and below `high`; None where there is none. One end may be None."""
    try:
        found = FINDERS[type(high if low is None else low)](low, high)
    except (ValueError, ArithmeticError):
        return None
    return found


def _inside(value: Value, low: Value, high: Value) -> bool:
    key = ORDER[type(value)]
    above = low is None or key(low) < key(value)
    return above and (high is None or key(value) < key(high))


def _number(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    if low is None:
        assert high is not None
        whole = high.to_integral_value(ROUND_FLOOR)
        return NUMBERS.subtract(whole, 1)
    whole = NUMBERS.add(low.to_integral_value(ROUND_FLOOR), 1)
    if _inside(whole, low, high):
        return whole
    assert high is not None
    # The middle has the fewest digits when it is rounded as far as it stays inside.
    middle = NUMBERS.divide(NUMBERS.add(low, high), 2)
    for digits in range(1, 34):
        rounded = round(middle, digits)
        if _inside(rounded, low, high):
            return rounded
    return middle if _inside(middle, low, high) else None


def _text(low: str | None, high: str | None) -> str | None:
    if low is None:
        return "" if high else None
    tries = (low + "0", low + " ", low + "\0")
    return next((text for text in tries if _inside(text, low, high)), None)


def _date(low: Date | None, high: Date | None) -> Date | None:
    if low is None:
        assert high is not None
        return date_from_ordinal(high.ordinal - 1)
    found = date_from_ordinal(low.ordinal + 1)
    return found if _inside(found, low, high) else None


def _months(low: MonthsDuration | None, high: MonthsDuration | None) -> MonthsDuration | None:
    if low is None:
        assert high is not None
        return MonthsDuration(high.months - 1)
    found = MonthsDuration(low.months + 1)
    return found if _inside(found, low, high) else None


def _stepping(move: Callable[[Any, int], Value]) -> Callable[[Any, Any], Value]:
    """Away from an end by a day, else by an hour, a minute, a second, the least there is."""

    def find(low: Any, high: Any) -> Value:
        for step in STEPS:
            found = move(high, -step) if low is None else move(low, step)
            if found is not None and _inside(found, low, high):
                return found
        return None

    return find


def _moved_time(value: Time, step: int) -> Time | None:
    nanos = value.local_nanos + step
    return time_from_nanos(nanos, value) if 0 <= nanos < DAY else None


FINDERS: dict[type, Callable[[Any, Any], Value]] = {
    Decimal: _number,
    str: _text,
    Date: _date,
    MonthsDuration: _months,
    DaysDuration: _stepping(lambda value, step: DaysDuration(value.nanos + step)),
    Time: _stepping(_moved_time),
    DateTime: _stepping(plus_nanos),
}


def seconds_around(value: Value) -> list[Value]:
    """The borders of the second of a time: equality does not look at fractions, order does."""
    if isinstance(value, Time):
        start = replace(value, nano=0)
        after = _moved_time(start, SECOND)
        return [start, value] if after is None else [start, value, after]
    if isinstance(value, DateTime):
        start_of = replace(value, time=replace(value.time, nano=0))
        return [start_of, value, plus_nanos(start_of, SECOND)]
    return [value]
