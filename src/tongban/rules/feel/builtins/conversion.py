"""Conversion functions (DMN 1.5, 10.3.4.1), and `not`, `is`."""

import re
from decimal import Decimal

from tongban.rules.budget import Run
from tongban.rules.feel.compare import identical
from tongban.rules.feel.registry import builtin
from tongban.rules.feel.temporal import (
    MAX_OFFSET,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    date_of,
    months_between,
)
from tongban.rules.feel.temporal_text import (
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from tongban.rules.feel.text import write
from tongban.rules.feel.values import NUMBERS, Value
from tongban.rules.feel.weight import weigh

NUMERAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@builtin("date", "from: string")
def date_from_text(run: Run, text: str) -> Date | None:
    return parse_date(text) or run.note("“{text}”不是有效的日期", text=text)


@builtin("date", "from: date|date and time")
def date_from_moment(_run: Run, moment: Date | DateTime) -> Date:
    return moment.date if isinstance(moment, DateTime) else moment


@builtin("date", "year: number, month: number, day: number")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    found = None
    if abs(year) < 10**9 and abs(month) < 100 and abs(day) < 100:
        found = date_of(int(year), int(month), int(day))
    return found or run.note("没有 {year} 年 {month} 月 {day} 日", year=year, month=month, day=day)


@builtin("time", "from: string")
def time_from_text(run: Run, text: str) -> Time | None:
    return parse_time(text) or run.note("“{text}”不是有效的时间", text=text)


@builtin("time", "from: clock")
def time_from_moment(_run: Run, moment: Date | DateTime | Time) -> Time:
    if isinstance(moment, DateTime):
        return moment.time
    return moment if isinstance(moment, Time) else Time(0, 0, 0, 0, 0)


@builtin("time", "hour: number, minute: number, second: number, offset: days and time duration?")
def time_from_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None
) -> Value:
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return run.note("时、分、秒超出范围")
    shift = None if offset is None else int(offset.nanos / SECOND)
    if shift is not None and abs(shift) > MAX_OFFSET:
        return run.note("时区偏移超出 18 小时")
    nano = int((second % 1) * SECOND)
    return Time(int(hour), int(minute), int(second), nano, shift)


@builtin("date and time", "from: string")
def moment_from_text(run: Run, text: str) -> DateTime | None:
    return parse_datetime(text) or run.note("“{text}”不是有效的日期时间", text=text)


@builtin("date and time", "date: date|date and time, time: time")
def moment_from_parts(_run: Run, day: Date | DateTime, time: Time) -> DateTime:
    return DateTime(day.date if isinstance(day, DateTime) else day, time)


@builtin("date and time", "from: date|date and time")
def moment_from_moment(_run: Run, moment: Date | DateTime) -> DateTime:
    return moment if isinstance(moment, DateTime) else DateTime(moment, Time(0, 0, 0, 0, 0))


@builtin("duration", "from: string")
def duration_from_text(run: Run, text: str) -> DaysDuration | MonthsDuration | None:
    return parse_duration(text) or run.note("“{text}”不是有效的时长", text=text)


@builtin("duration", "from: duration")
def duration_itself(
    _run: Run, duration: DaysDuration | MonthsDuration
) -> DaysDuration | MonthsDuration:
    return duration


@builtin("years and months duration", "from: temporal, to: temporal")
def months_from_dates(_run: Run, start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    return MonthsDuration(months_between(first, last))


@builtin("number", "from: string")
def number_from_text(run: Run, text: str) -> Value:
    return _numeral(run, text, text.strip())


@builtin("number", "from: number")
def number_itself(_run: Run, value: Decimal) -> Decimal:
    return value


@builtin("number", "from: string, grouping separator: string?, decimal separator: string?")
def number_from_grouped(run: Run, text: str, grouping: str | None, decimal: str | None) -> Value:
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", "."):
        return run.note("数字的分隔符只能是空格、逗号或句点")
    if grouping is not None and grouping == decimal:
        return run.note("数字的分组符与小数点不能相同")
    plain = text if grouping is None else text.replace(grouping, "")
    if decimal is not None and decimal != ".":
        if "." in plain:
            return run.note("“{text}”不是有效的数字", text=text)
        plain = plain.replace(decimal, ".")
    return _numeral(run, text, plain)


def _numeral(run: Run, shown: str, plain: str) -> Value:
    if not NUMERAL.fullmatch(plain):
        return run.note("“{text}”不是有效的数字", text=shown)
    try:
        return NUMBERS.create_decimal(plain)
    except ArithmeticError:
        return run.note("数字超出可表示的范围")


@builtin("string", "from: any")
def string_from(run: Run, value: Value) -> str | None:
    if value is None:
        return None
    weigh(run, value)
    text = write(value)
    run.spend_text(len(text))
    return text


@builtin("not", "negand: any")
def negate(run: Run, value: Value) -> bool | None:
    return not value if type(value) is bool else run.note("“非”只能用于真假值")


@builtin("is", "value1: any, value2: any")
def is_identical(_run: Run, one: Value, other: Value) -> bool:
    return identical(one, other)
