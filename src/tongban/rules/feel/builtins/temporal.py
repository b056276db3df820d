"""Date and time functions (DMN 1.5, 10.3.4.10 and 10.3.4.11)."""

from datetime import date
from decimal import Decimal

from tongban.rules.budget import Run
from tongban.rules.feel.registry import builtin
from tongban.rules.feel.temporal import Date, DateTime
from tongban.rules.feel.values import Value, from_python

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _day(moment: Date | DateTime) -> Date:
    return moment.date if isinstance(moment, DateTime) else moment


@builtin("now", "")
def now(run: Run) -> Value:
    return from_python(run.clock())


@builtin("today", "")
def today(run: Run) -> Date:
    moment = run.clock()
    return Date(moment.year, moment.month, moment.day)


@builtin("day of year", "date: temporal")
def day_of_year(_run: Run, moment: Date | DateTime) -> Decimal:
    day = _day(moment)
    return Decimal(day.ordinal - Date(day.year, 1, 1).ordinal + 1)


@builtin("day of week", "date: temporal")
def day_of_week(_run: Run, moment: Date | DateTime) -> str:
    return DAYS[_day(moment).weekday - 1]


@builtin("month of year", "date: temporal")
def month_of_year(_run: Run, moment: Date | DateTime) -> str:
    return MONTHS[_day(moment).month - 1]


@builtin("week of year", "date: temporal")
def week_of_year(_run: Run, moment: Date | DateTime) -> Decimal:
    day = _day(moment)
    # ISO weeks repeat with the calendar's cycle of 400 years.
    same = date(2000 + day.year % 400, day.month, day.day)
    return Decimal(same.isocalendar().week)
