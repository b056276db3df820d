"""Arithmetic on numbers, texts, dates and durations (DMN 1.5, tables 45 to 49)."""

from collections.abc import Callable
from decimal import Decimal

from tongban.rules.budget import Run
from tongban.rules.feel.temporal import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    date_from_ordinal,
    midnight,
    plus_nanos,
    time_from_nanos,
)
from tongban.rules.feel.values import NUMBERS, Value, label

MAX_NANOS = 10**9 * 366 * DAY
MAX_MONTHS = 10**11
Operation = Callable[[Run, Value, Value], Value]


def _power(_run: Run, base: Decimal, exponent: Decimal) -> Decimal:
    return Decimal(1) if not exponent else NUMBERS.power(base, exponent)


def _join(run: Run, left: str, right: str) -> str:
    run.spend_text(len(left) + len(right))
    return left + right


def days_duration(nanos: int) -> DaysDuration:
    """A duration that is not longer than all of the calendar. OverflowError otherwise."""
    if abs(nanos) > MAX_NANOS:
        raise OverflowError
    return DaysDuration(nanos)


def months_duration(months: int) -> MonthsDuration:
    """A duration that is not longer than all of the calendar. OverflowError otherwise."""
    if abs(months) > MAX_MONTHS:
        raise OverflowError
    return MonthsDuration(months)


def _date_plus_days(_run: Run, date: Date, duration: DaysDuration) -> Date:
    return date_from_ordinal((date.ordinal * DAY + duration.nanos) // DAY)


def _moment_plus_days(_run: Run, moment: DateTime, duration: DaysDuration) -> DateTime:
    return plus_nanos(moment, duration.nanos)


def _time_plus_days(_run: Run, time: Time, duration: DaysDuration) -> Time:
    return time_from_nanos(time.local_nanos + duration.nanos, time)


def _moment_plus_months(_run: Run, moment: DateTime, duration: MonthsDuration) -> DateTime:
    return DateTime(moment.date.plus_months(duration.months), moment.time)


def _moments_apart(run: Run, left: Value, right: Value) -> Value:
    one = midnight(left) if isinstance(left, Date) else left
    other = midnight(right) if isinstance(right, Date) else right
    if (one.shift is None) != (other.shift is None):
        return run.note("有时区的日期时间不能与没有时区的相减")
    return days_duration(one.instant - other.instant)


def _times_apart(run: Run, left: Time, right: Time) -> Value:
    if (left.shift is None) != (right.shift is None):
        return run.note("有时区的时间不能与没有时区的相减")
    shift = (left.shift or 0) - (right.shift or 0)
    return DaysDuration(left.local_nanos - right.local_nanos - shift * SECOND)


def _scaled(amount: int, factor: Decimal, divide: bool) -> int:
    exact = NUMBERS.divide if divide else NUMBERS.multiply
    return int(exact(Decimal(amount), factor))


def _days_times(_run: Run, duration: DaysDuration, factor: Decimal) -> DaysDuration:
    return days_duration(_scaled(duration.nanos, factor, False))


def _days_over(_run: Run, duration: DaysDuration, divisor: Decimal) -> DaysDuration:
    return days_duration(_scaled(duration.nanos, divisor, True))


def _months_times(_run: Run, duration: MonthsDuration, factor: Decimal) -> MonthsDuration:
    return months_duration(_scaled(duration.months, factor, False))


def _months_over(_run: Run, duration: MonthsDuration, divisor: Decimal) -> MonthsDuration:
    return months_duration(_scaled(duration.months, divisor, True))


def _swapped(operation: Operation) -> Operation:
    return lambda run, left, right: operation(run, right, left)


def _minus(operation: Operation) -> Operation:
    return lambda run, left, right: operation(run, left, negated(right))


def negated(value: Value) -> Value:
    """A number or duration with the other sign; None for anything else."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, DaysDuration):
        return DaysDuration(-value.nanos)
    if isinstance(value, MonthsDuration):
        return MonthsDuration(-value.months)
    return None


def _table() -> dict[tuple[str, type, type], Operation]:
    table: dict[tuple[str, type, type], Operation] = {
        ("+", Decimal, Decimal): lambda _, a, b: NUMBERS.add(a, b),
        ("-", Decimal, Decimal): lambda _, a, b: NUMBERS.subtract(a, b),
        ("*", Decimal, Decimal): lambda _, a, b: NUMBERS.multiply(a, b),
        ("/", Decimal, Decimal): lambda _, a, b: NUMBERS.divide(a, b),
        ("**", Decimal, Decimal): _power,
        ("+", str, str): _join,
        ("+", DaysDuration, DaysDuration): lambda _, a, b: days_duration(a.nanos + b.nanos),
        ("+", MonthsDuration, MonthsDuration): lambda _, a, b: months_duration(a.months + b.months),
        ("/", DaysDuration, DaysDuration): lambda _, a, b: NUMBERS.divide(
            Decimal(a.nanos), Decimal(b.nanos)
        ),
        ("/", MonthsDuration, MonthsDuration): lambda _, a, b: NUMBERS.divide(
            Decimal(a.months), Decimal(b.months)
        ),
        ("-", Time, Time): _times_apart,
        ("/", DaysDuration, Decimal): _days_over,
        ("/", MonthsDuration, Decimal): _months_over,
    }
    shifts: dict[tuple[type, type], Operation] = {
        (Date, DaysDuration): _date_plus_days,
        (Date, MonthsDuration): lambda _, a, b: a.plus_months(b.months),
        (DateTime, DaysDuration): _moment_plus_days,
        (DateTime, MonthsDuration): _moment_plus_months,
        (Time, DaysDuration): _time_plus_days,
    }
    for (moment, duration), operation in shifts.items():
        table["+", moment, duration] = operation
        table["+", duration, moment] = _swapped(operation)
        table["-", moment, duration] = _minus(operation)
    for left in (Date, DateTime):
        for right in (Date, DateTime):
            table["-", left, right] = _moments_apart
    for duration, times in ((DaysDuration, _days_times), (MonthsDuration, _months_times)):
        table["-", duration, duration] = _minus(table["+", duration, duration])
        table["*", duration, Decimal] = times
        table["*", Decimal, duration] = _swapped(times)
    return table


OPERATIONS = _table()


def calculate(run: Run, operator: str, left: Value, right: Value) -> Value:
    """left operator right, or null with a reason."""
    operation = OPERATIONS.get((operator, type(left), type(right)))
    if operation is None:
        return run.note(
            "“{operator}”不能用于 {left} 和 {right}",
            operator=operator,
            left=label(left),
            right=label(right),
        )
    try:
        return operation(run, left, right)
    except ZeroDivisionError:
        return run.note("不能除以零")
    except (ArithmeticError, ValueError):
        return run.note("计算结果超出可表示的范围")
