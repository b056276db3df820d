"""Dates, times and durations as FEEL has them (DMN 1.5, 10.3.2.3).

The types of the standard library stop at the year 9999 and at microseconds, FEEL does not. A time
or a date and time is local (neither offset nor zone), has an offset in seconds, or a zone by name.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
MAX_YEAR = 999_999_999
MAX_OFFSET = 18 * 3600
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """The proleptic Gregorian calendar's leap years, year 0 included."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return 29 if month == 2 and is_leap(year) else MONTH_DAYS[month - 1]


class Date(NamedTuple):
    """A day of the proleptic Gregorian calendar; ordered as the tuple of its parts."""

    year: int
    month: int
    day: int

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        year = self.year - (self.month <= 2)
        era, within = divmod(year, 400)
        day = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return era * 146_097 + within * 365 + within // 4 - within // 100 + day - 719_468

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.ordinal + 3) % 7 + 1

    def plus_months(self, months: int) -> "Date":
        """The same day of another month, or that month's last day. ValueError beyond the years."""
        total = self.year * 12 + self.month - 1 + months
        year, month = total // 12, total % 12 + 1
        if abs(year) > MAX_YEAR:
            raise ValueError(year)
        return Date(year, month, min(self.day, days_in_month(year, month)))


def date_of(year: int, month: int, day: int) -> Date | None:
    """The date, or None where the calendar has no such day."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12:
        return None
    return Date(year, month, day) if 1 <= day <= days_in_month(year, month) else None


def date_from_ordinal(ordinal: int) -> Date:
    """The inverse of `Date.ordinal`. ValueError beyond the years."""
    era, day = divmod(ordinal + 719_468, 146_097)
    within = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * within + within // 4 - within // 100
    shifted = (5 * day + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = era * 400 + within + (month <= 2)
    if abs(year) > MAX_YEAR:
        raise ValueError(year)
    return Date(year, month, day - (153 * shifted + 2) // 5 + 1)


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """A days and time duration, in whole nanoseconds."""

    nanos: int


@dataclass(frozen=True, slots=True)
class MonthsDuration:
    """A years and months duration, in months."""

    months: int


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day. `offset` is in seconds east of Greenwich; `zone` names one of tz."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset: int | None = None
    zone: str | None = None

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since the local midnight."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * SECOND + self.nano

    @property
    def shift(self) -> int | None:
        """Seconds east of Greenwich; for a zone its standard time; None for a local time."""
        return self.offset if self.zone is None else standard_offset(self.zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date with a time of day."""

    date: Date
    time: Time

    @property
    def shift(self) -> int | None:
        """Seconds east of Greenwich at that moment, None for a local date and time."""
        if self.time.zone is None:
            return self.time.offset
        return zone_offset(self.time.zone, self.date, self.time)

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00 on the local clock."""
        return self.date.ordinal * DAY + self.time.local_nanos

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00Z; a local one is read as if it were in UTC."""
        return self.local_nanos - (self.shift or 0) * SECOND


Temporal = Date | Time | DateTime


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of the tz database, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _within_library(date: Date, time: Time, zone: tzinfo | None) -> datetime:
    """The moment in a year that the library knows; zones repeat with the calendar's 400 years."""
    year = date.year
    if not 2 <= year <= 9998:
        year = (9200 if year > 0 else 1200) + year % 400
    return datetime(year, date.month, date.day, time.hour, time.minute, time.second, tzinfo=zone)


def zone_offset(zone: str, date: Date, time: Time) -> int:
    """Offset of a zone at a local date and time, in seconds."""
    moment = _within_library(date, time, zone_named(zone))
    return int((moment.utcoffset() or timedelta()).total_seconds())


def _offset_at(zone: str, instant: int) -> int:
    """Offset of a zone at nanoseconds since 1970-01-01T00:00Z, in seconds."""
    utc = datetime_from_local(instant, Time(0, 0, 0))
    moment = _within_library(utc.date, utc.time, UTC).astimezone(zone_named(zone))
    return int((moment.utcoffset() or timedelta()).total_seconds())


@lru_cache(maxsize=512)
def standard_offset(zone: str) -> int:
    """Offset of a zone without summer time."""
    moment = datetime(2000, 1, 1, tzinfo=zone_named(zone))
    shift = (moment.utcoffset() or timedelta()) - (moment.dst() or timedelta())
    return int(shift.total_seconds())


def time_from_nanos(nanos: int, like: Time) -> Time:
    """The time of day at `nanos` after midnight, with the offset or zone of `like`."""
    seconds, nano = divmod(nanos % DAY, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return replace(like, hour=hour, minute=minute, second=second, nano=nano)


def datetime_from_local(nanos: int, like: Time) -> DateTime:
    """The inverse of `DateTime.local_nanos`. ValueError beyond the years."""
    days, rest = divmod(nanos, DAY)
    return DateTime(date_from_ordinal(days), time_from_nanos(rest, like))


def midnight(date: Date) -> DateTime:
    """A date as a date and time: midnight UTC (DMN 1.5, 10.3.2.3.5)."""
    return DateTime(date, Time(0, 0, 0, 0, 0))


def plus_nanos(moment: DateTime, nanos: int) -> DateTime:
    """Later by a duration; a zone's summer time is followed. ValueError beyond the years."""
    zone = moment.time.zone
    if zone is None:
        return datetime_from_local(moment.local_nanos + nanos, moment.time)
    instant = moment.instant + nanos
    return datetime_from_local(instant + _offset_at(zone, instant) * SECOND, moment.time)


def months_between(start: Date, end: Date) -> int:
    """Whole months from one date to another, towards zero."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        return months - 1
    if months < 0 and end.day > start.day:
        return months + 1
    return months
