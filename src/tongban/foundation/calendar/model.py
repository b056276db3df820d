"""What a working day is and how limits are counted in it. Pure: no database, no clock.

Every function here has a twin of the same name among the SQL functions of schema ``foundation``;
tests hold the two together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tongban.foundation.errors import Invalid, Problem

NATION = "000000"
# A limit longer than this is a mistake in the data, not a limit: it is about forty years.
DAYS_MAX = 10_000
YEAR_MAX = 9000
NAME_MAX = 100
ONE_DAY = timedelta(days=1)


class Kind(StrEnum):
    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # A statutory holiday, or a day off moved beside one.
    MAKE_UP = "make_up"  # A weekend day worked in exchange (调休上班).
    STOP_WORK = "stop_work"  # Work stopped locally: a typhoon, snow, an epidemic.


KIND_NAMES: dict[Kind, str] = {
    Kind.WORKING: "工作日",
    Kind.WEEKEND: "周末",
    Kind.HOLIDAY: "节假日",
    Kind.MAKE_UP: "调休上班",
    Kind.STOP_WORK: "停工",
}
WORKED = frozenset({Kind.WORKING, Kind.MAKE_UP})


class Status(StrEnum):
    OFFICIAL = "official"
    PROVISIONAL = "provisional"  # By the weekly rule and the law, until the notice is published.


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar."""

    day: date
    kind: Kind
    name: str = ""
    status: Status = Status.OFFICIAL

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
        object.__setattr__(self, "status", Status(self.status))

    @property
    def working(self) -> bool:
        return self.kind in WORKED


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a limit runs out, by which version of the calendar, and whether that may still move."""

    day: date
    version: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one region from ``first`` on without a gap, ready for counting.

    ``numbers[i]`` is the number of working days up to and including the i-th day, ``unsettled[i]``
    the same of provisional days; ``working`` lists the working days. Before and after its days the
    weekly rule carries the calendar on, so that every question has an answer.
    """

    region: str
    version: int
    first: date
    numbers: tuple[int, ...]
    unsettled: tuple[int, ...]
    working: tuple[date, ...]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.numbers) - 1)

    def number(self, day: date) -> int:
        """Return how many working days there are up to and including a day."""
        if day < self.first:
            return _weekday_number(day) - _weekday_number(self.first - ONE_DAY)
        if day > self.last:
            return len(self.working) + _weekday_number(day) - _weekday_number(self.last)
        return self.numbers[(day - self.first).days]

    def day(self, number: int) -> date:
        """Return the working day that has a number."""
        if number < 1:
            return _weekday_of_number(number + _weekday_number(self.first - ONE_DAY))
        if number > len(self.working):
            return _weekday_of_number(number - len(self.working) + _weekday_number(self.last))
        return self.working[number - 1]

    def provisional_between(self, start: date, until: date) -> bool:
        """Tell whether a day after the start, up to and including the other, may still change."""
        if until <= start:
            return False
        if until > self.last or start + ONE_DAY < self.first:
            return True
        before = self.unsettled[(start - self.first).days] if start >= self.first else 0
        return self.unsettled[(until - self.first).days] > before


def calendar(days: Sequence[Day], *, region: str = NATION, version: int = 0) -> Calendar:
    """Make a calendar of days that follow one another without a gap.

    :raises ValueError: if a day is missing, doubled or out of order, or there is none at all.
    """
    numbers: list[int] = []
    unsettled: list[int] = []
    working: list[date] = []
    provisional = 0
    for index, day in enumerate(days):
        if day.day != days[0].day + timedelta(days=index):
            raise ValueError(f"{day.day} does not follow the day before it")
        if day.working:
            working.append(day.day)
        provisional += day.status is Status.PROVISIONAL
        numbers.append(len(working))
        unsettled.append(provisional)
    if not days:
        raise ValueError("a calendar has at least one day")
    return Calendar(region, version, days[0].day, tuple(numbers), tuple(unsettled), tuple(working))


def due_on(calendar: Calendar, *, start: date, days: int) -> DueDate:
    """Return the day on which a limit of so many working days runs out.

    The day of the start is not counted (民法典 art. 201; 行政许可法 art. 82: in working days). A
    start on which nobody works changes nothing: the next working day is the first. With ``days=0``
    it is the start itself, or the next working day where nobody works on it (民法典 art. 203).

    :raises Invalid: if ``days`` is negative or beyond DAYS_MAX.
    """
    check_limit(start=start, days=days)
    if days == 0:
        day = calendar.day(calendar.number(start - ONE_DAY) + 1)
    else:
        day = calendar.day(calendar.number(start) + days)
    return DueDate(day, calendar.version, calendar.provisional_between(start, day))


def working_days_between(calendar: Calendar, *, start: date, end: date) -> int:
    """Return how many working days lie after the start, up to and including the end."""
    return calendar.number(end) - calendar.number(start)


def days_left(calendar: Calendar, *, due: date, today: date) -> int:
    """Return the working days left until a limit runs out, negative when it has run out.

    On the due date itself nothing is left. The weekend after a due Friday is late already: -1.
    """
    left = working_days_between(calendar, start=today, end=due)
    return left if today <= due else min(-1, left)


def weekly_rule(day: date, *, status: Status = Status.PROVISIONAL) -> Day:
    """Return what a day is where nothing else is known of it."""
    return Day(day, Kind.WORKING if day.weekday() < 5 else Kind.WEEKEND, "", status)


def every_day(first: date, last: date) -> Iterator[date]:
    """Return the days from one to another, both included."""
    return (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))


def check_limit(*, start: date, days: int) -> None:
    if not 0 <= days <= DAYS_MAX:
        raise Invalid(
            Problem(
                "days",
                "期限应为 0 到 {most} 个工作日，不能是 {days}",
                {"most": DAYS_MAX, "days": days},
            )
        )
    if not 1 < start.year <= YEAR_MAX:
        raise Invalid(Problem("start", "起算日“{day}”不在可计算的年份内", {"day": str(start)}))


def region_and_above(region: str) -> tuple[str, ...]:
    """Return a division code and those above it, the nearest first.

    >>> region_and_above("450102")
    ('450102', '450100', '450000', '000000')
    """
    codes = (region[:6], region[:4] + "00", region[:2] + "0000", NATION)
    return tuple(dict.fromkeys(codes))


def prefix(region: str) -> str:
    """Return the digits that a region's code shares with all below it.

    >>> prefix("450100"), prefix("000000")
    ('4501', '')
    """
    while region.endswith("00"):
        region = region[:-2]
    return region


def _weekday_number(day: date) -> int:
    weeks, rest = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(rest + 1, 5)


def _weekday_of_number(number: int) -> date:
    weeks, rest = divmod(number - 1, 5)
    return date.fromordinal(1 + weeks * 7 + rest)
