"""Dates, durations and repetitions as ISO 8601 writes them, and when they fall due. Pure.

Working days are not here: they are counted by the calendar of the region.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PERIOD = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?)?",
    re.ASCII,
)
CYCLE = re.compile(r"R(\d{0,6})((?:/[^/]+){1,2})", re.ASCII)
FRACTION = re.compile(r"(P.*T.*\d)[.,](\d{1,9})([HM])", re.ASCII)
MOMENT = re.compile(r"\d{4}(-\d\d-\d\d|\d{4}T\d\d)", re.ASCII)
MIDNIGHT = re.compile(r"(\d)T24(?::?00){0,2}(?:[.,]0+)?(?![:.,\d])(.*)$", re.ASCII)
ENDLESS = -1
LATEST = MAXYEAR - 1


@dataclass(frozen=True, slots=True)
class Period:
    """A duration: calendar months, and time beside them."""

    months: int = 0
    rest: timedelta = timedelta()

    def after(self, start: datetime) -> datetime:
        """Return the moment that lies this duration after another.

        The day after "one month" is the same day of the next month, or its last day where that
        is shorter. OverflowError beyond the year 9998.
        """
        count = start.year * 12 + start.month - 1 + self.months
        year, month = divmod(count, 12)
        if year > LATEST:
            raise OverflowError("beyond the last year")
        day = min(start.day, monthrange(year, month + 1)[1])
        return start.replace(year=year, month=month + 1, day=day) + self.rest

    def __bool__(self) -> bool:
        return bool(self.months or self.rest)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: how often (-1: without end), how far apart, and from or until when."""

    times: int
    period: Period
    start: datetime | None = None
    end: datetime | None = None

    def first(self, now: datetime) -> datetime | None:
        """Return when it fires for the first time; None if it never does."""
        if self.times == 0:
            return None
        return self._within(self.start or self.period.after(now))

    def following(self, fired: datetime, *, count: int) -> datetime | None:
        """Return when it fires after it was due at ``fired``, having fired ``count`` times."""
        if self.times != ENDLESS and count >= self.times:
            return None
        return self._within(self.period.after(fired))

    def _within(self, due: datetime) -> datetime | None:
        end = self.end
        if end is not None and end.tzinfo is None:
            end = end.replace(tzinfo=due.tzinfo)
        return None if end is not None and due > end else due


def parse_period(text: str) -> Period | None:
    """Return the duration ``P1Y2M3W4DT5H6M7.8S`` stands for, None when it is none.

    >>> parse_period("PT36H").rest
    datetime.timedelta(days=1, seconds=43200)
    """
    found = PERIOD.fullmatch(text)
    if not found:
        return _with_fraction(text)
    years, months, weeks, days, hours, minutes, seconds = (int(n or 0) for n in found.groups()[:7])
    micro = int((found[8] or "0")[:6].ljust(6, "0"))
    rest = timedelta(
        days=days, weeks=weeks, hours=hours, minutes=minutes, seconds=seconds, microseconds=micro
    )
    return Period(years * 12 + months, rest)


def _with_fraction(text: str) -> Period | None:
    """The standard lets the smallest part of a time have a fraction: ``PT1.5H``."""
    found = FRACTION.fullmatch(text)
    whole = parse_period(f"{found[1]}{found[3]}") if found else None
    if found is None or whole is None:
        return None
    part = timedelta(hours=1) if found[3] == "H" else timedelta(minutes=1)
    return Period(whole.months, whole.rest + part * float(f"0.{found[2]}"))


def parse_moment(text: str) -> datetime | None:
    """Return the date and time of a text, None when it is none.

    A date alone is its midnight, and 24:00 that of the next day. Without an offset it is local and
    has no ``tzinfo``. FEEL's ``2026-11-22T10:00:00@Asia/Shanghai`` is understood.
    """
    moment, mark, zone = text.partition("@")
    try:
        if MIDNIGHT.search(moment):
            begun = parse_moment(MIDNIGHT.sub(r"\1T00:00\2", text))
            return begun and begun + timedelta(days=1)
        found = datetime.fromisoformat(moment) if MOMENT.match(moment) else None
        if found is None or not mark:
            return found
        return found.replace(tzinfo=ZoneInfo(zone))
    except (OverflowError, ValueError, ZoneInfoNotFoundError):
        return None


def parse_cycle(text: str) -> Cycle | None:
    """Return the repetition ``R3/PT10M``, ``R/2026-01-01T00:00:00Z/P1D`` or ``R2/P1D/2026-...``.

    An interval may also be given by its two ends: ``R5/2026-01-01T00:00Z/2026-01-02T00:00Z``.
    None when it is none, or when its duration is nothing, which would fire without end.
    """
    found = CYCLE.fullmatch(text)
    if not found:
        return None
    times = int(found[1]) if found[1] else ENDLESS
    parts = found[2][1:].split("/")
    period, start, end = parse_period(parts[0]), None, None
    if len(parts) == 2:
        if period is None:
            start, period = parse_moment(parts[0]), parse_period(parts[1])
            if start is None:
                return None
            if period is None:
                period = _between(start, parse_moment(parts[1]))
        else:
            end = parse_moment(parts[1])
            if end is None:
                return None
    return Cycle(times, period, start, end) if period else None


def _between(start: datetime, end: datetime | None) -> Period | None:
    """The duration from one moment to a later one; both with an offset, or neither."""
    if end is None or (start.tzinfo is None) != (end.tzinfo is None) or end <= start:
        return None
    return Period(0, end - start)
