"""Questions about working days, answered by PostgreSQL. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import date

from tongban.foundation.calendar import model
from tongban.foundation.calendar.model import Calendar, Day, DueDate, Kind, Status, check_limit
from tongban.foundation.db import Db


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day as it stands for one region, and the code of the region that decided it so."""

    day: date
    kind: Kind
    name: str
    status: Status
    decided_by: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
        object.__setattr__(self, "status", Status(self.status))


def due_on(db: Db, *, start: date, days: int, region: str) -> DueDate:
    """Return the day on which a limit of so many working days runs out; see ``model.due_on``.

    ``days=0`` asks for the start itself or, where nobody works on it, the next working day; that is
    also how a limit in calendar days ends (民法典 art. 203).

    :raises Invalid: if ``days`` is negative or beyond DAYS_MAX.
    """
    check_limit(start=start, days=days)
    found = db.one(
        DueDate,
        "select * from foundation.due_dates(%(start)s, %(days)s, %(region)s)",
        start=start,
        days=days,
        region=region,
    )
    assert found is not None, "the calendar of the country is always there"
    return found


def working_days_between(db: Db, *, start: date, end: date, region: str) -> int:
    """Return how many working days lie after the start, up to and including the end."""
    return int(
        db.value(
            "select foundation.working_days_between(%(start)s, %(until)s, %(region)s)",
            start=start,
            until=end,
            region=region,
        )
    )


def days_left(db: Db, *, due: date, today: date, region: str) -> int:
    """Return the working days left until a limit runs out, negative when it has run out."""
    return int(
        db.value(
            "select foundation.days_left(%(due)s, %(today)s, %(region)s)",
            due=due,
            today=today,
            region=region,
        )
    )


def year(db: Db, *, region: str, year: int) -> list[DayLine]:
    """Return every day of a year as it stands for a region, in order.

    A year that no calendar reaches is answered by the weekly rule.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    kept = {
        line.day: line
        for line in db.all(
            DayLine,
            """
            select distinct on (day) day, kind, name, status, region as decided_by
              from foundation.calendar_day
             where region = any(%(codes)s) and day between %(first)s and %(last)s
             order by day, region desc
            """,
            codes=list(model.region_and_above(region)),
            first=first,
            last=last,
        )
    }
    return [kept.get(day) or _by_the_week(day) for day in model.every_day(first, last)]


def load(db: Db, *, region: str) -> Calendar:
    """Return a region's whole calendar, for counting many limits without asking the database."""
    days = db.all(
        Day,
        """
        select distinct on (day) day, kind, name, status
          from foundation.calendar_day
         where region = any(%(codes)s)
         order by day, region desc
        """,
        codes=list(model.region_and_above(region)),
    )
    version = db.value("select foundation.calendar_version(%(region)s)", region=region)
    return model.calendar(days, region=region, version=version)


def _by_the_week(day: date) -> DayLine:
    guess = model.weekly_rule(day)
    return DayLine(day, guess.kind, guess.name, guess.status, model.NATION)
