"""Properties of dates, times, durations and ranges (DMN 1.5, table 65), and paths into values."""

from collections.abc import Callable
from decimal import Decimal

from tongban.rules.budget import Run
from tongban.rules.feel.temporal import (
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)
from tongban.rules.feel.values import Range, Value, label

Property = Callable[[Value], Value]


def _quotient(total: int, unit: int, modulus: int | None = None) -> Decimal:
    amount = abs(total) // unit
    if modulus is not None:
        amount %= modulus
    return Decimal(amount if total >= 0 else -amount)


def _offset(value: Time | DateTime) -> DaysDuration | None:
    return None if value.shift is None else DaysDuration(value.shift * SECOND)


def _seconds(value: DaysDuration) -> Decimal:
    rest = abs(value.nanos) % (60 * SECOND)
    seconds = Decimal(rest) / SECOND
    return -seconds if value.nanos < 0 else seconds


DATE: dict[str, Property] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.weekday),
}
TIME: dict[str, Property] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second),
    "time offset": _offset,
    "timezone": lambda value: value.zone,
}


def _of_date(read: Property) -> Property:
    return lambda moment: read(moment.date)


def _of_time(read: Property) -> Property:
    return lambda moment: read(moment.time)


PROPERTIES: dict[type, dict[str, Property]] = {
    Date: DATE,
    Time: TIME,
    DateTime: {
        **{name: _of_date(read) for name, read in DATE.items()},
        **{name: _of_time(read) for name, read in TIME.items()},
        "time offset": _offset,
    },
    DaysDuration: {
        "days": lambda value: _quotient(value.nanos, 86_400 * SECOND),
        "hours": lambda value: _quotient(value.nanos, 3600 * SECOND, 24),
        "minutes": lambda value: _quotient(value.nanos, 60 * SECOND, 60),
        "seconds": _seconds,
    },
    MonthsDuration: {
        "years": lambda value: _quotient(value.months, 12),
        "months": lambda value: _quotient(value.months, 1, 12),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_included,
        "end included": lambda value: value.high_included,
    },
}


def follow(run: Run, source: Value, name: str) -> Value:
    """source.name; on a list, of each element."""
    if type(source) is dict:
        if name in source:
            return source[name]
        return run.note("数据中没有“{key}”", key=name)
    if type(source) is list:
        run.spend(len(source))
        return [follow(run, item, name) for item in source]
    read = PROPERTIES.get(type(source), {}).get(name)
    if read is None:
        return run.note("{kind} 没有属性“{name}”", kind=label(source), name=name)
    return read(source)
