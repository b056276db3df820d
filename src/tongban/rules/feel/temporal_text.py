"""Reading and writing dates, times and durations (XML Schema lexical forms, and `@zone`)."""

import re

from tongban.rules.feel.temporal import (
    DAY,
    MAX_OFFSET,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Temporal,
    Time,
    date_of,
    zone_named,
)

DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([^\s@]+))?",
    re.ASCII,
)
MONTHS = re.compile(r"(-)?P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
DAYS = re.compile(
    r"(-)?P(?:(\d{1,15})D)?(?:T(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d*))?S)?)?",
    re.ASCII,
)


def parse_date(text: str) -> Date | None:
    """`2026-11-22`; None when it is not a date."""
    found = DATE.fullmatch(text)
    if not found or found[1] == "-0000":
        return None
    return date_of(int(found[1]), int(found[2]), int(found[3]))


def parse_time(text: str) -> Time | None:
    """`10:30:00`, with fraction, `Z`, `+08:00` or `@Asia/Shanghai`; None if it is no time."""
    found = TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    nano = int((found[4] or "0")[:9].ljust(9, "0"))
    end_of_day = hour == 24 and minute == second == nano == 0
    if minute > 59 or second > 59 or (hour > 23 and not end_of_day):
        return None
    offset, zone = _offset(found), found[10]
    if (offset is not None and abs(offset) > MAX_OFFSET) or (zone and not zone_named(zone)):
        return None
    return Time(hour % 24, minute, second, nano, offset, zone)


def _offset(found: re.Match[str]) -> int | None:
    if found[5]:
        return 0
    if not found[6]:
        return None
    minutes, seconds = int(found[8]), int(found[9] or 0)
    if minutes > 59 or seconds > 59:
        return MAX_OFFSET + 1
    total = int(found[7]) * 3600 + minutes * 60 + seconds
    return -total if found[6] == "-" else total


def parse_datetime(text: str) -> DateTime | None:
    """A date, `T` and a time; a date alone is its midnight; None when it is neither."""
    day, mark, clock = text.partition("T")
    date = parse_date(day)
    if date is None:
        return None
    if not mark:
        return DateTime(date, Time(0, 0, 0))
    time = parse_time(clock)
    if time is None:
        return None
    if clock.startswith("24"):
        date = _next_day(date)
    return DateTime(date, time)


def _next_day(date: Date) -> Date:
    return (
        date_of(date.year, date.month, date.day + 1)
        or date_of(date.year, date.month + 1, 1)
        or Date(date.year + 1, 1, 1)
    )


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """`P1DT2H` or `P1Y2M`; None when it is neither."""
    found = MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return MonthsDuration(-months if found[1] else months)
    found = DAYS.fullmatch(text)
    if not found or text[-1] in "PT":
        return None
    seconds = (int(found[2] or 0) * 24 + int(found[3] or 0)) * 3600
    seconds += int(found[4] or 0) * 60 + int(found[5] or 0)
    nanos = seconds * SECOND + int((found[6] or "0")[:9].ljust(9, "0"))
    return DaysDuration(-nanos if found[1] else nanos)


def parse_temporal(text: str) -> Temporal | DaysDuration | MonthsDuration | None:
    """What `@"..."` stands for; None when the text is nothing of the kind."""
    if "P" in text[:2]:
        return parse_duration(text)
    if DATE.fullmatch(text):
        return parse_date(text)
    # The name of a zone may have a T, too.
    return parse_datetime(text) if "T" in text.partition("@")[0] else parse_time(text)


def write_date(date: Date) -> str:
    """`2026-11-22`."""
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04d}-{date.month:02d}-{date.day:02d}"


def write_offset(offset: int) -> str:
    """`Z`, `+08:00` or, where a place had seconds, `+08:05:43`."""
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def write_time(time: Time) -> str:
    """`10:30:00.5+08:00`."""
    text = f"{time.hour:02d}:{time.minute:02d}:{time.second:02d}"
    if time.nano:
        text += f".{time.nano:09d}".rstrip("0")
    if time.zone is not None:
        return f"{text}@{time.zone}"
    return text if time.offset is None else text + write_offset(time.offset)


def write_datetime(moment: DateTime) -> str:
    """`2026-11-22T10:30:00Z`."""
    return f"{write_date(moment.date)}T{write_time(moment.time)}"


def write_days(duration: DaysDuration) -> str:
    """`P1DT2H3M4.5S`, `PT0S` for nothing."""
    days, rest = divmod(abs(duration.nanos), DAY)
    seconds, nano = divmod(rest, SECOND)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    fraction = f".{nano:09d}".rstrip("0") if nano else ""
    clock += f"{seconds}{fraction}S" if seconds or nano else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if duration.nanos < 0 else ''}P{text or 'T0S'}"


def write_months(duration: MonthsDuration) -> str:
    """`P1Y2M`, `P0M` for nothing."""
    years, months = divmod(abs(duration.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if duration.months < 0 else ''}P{text or '0M'}"
