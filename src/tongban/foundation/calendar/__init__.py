"""The working-day calendar (工作日历), in which every time limit of the law is counted.

- Every question has an answer: years without a published notice are provisional by the law, days
  beyond all years go by the weekly rule.
- A region without days of its own inherits those of the nearest region above it.
- A count by the pure functions of ``model`` and by PostgreSQL is the same.
- Days change only by a named act, under a new version, and ``events.CalendarChanged`` tells so;
  whoever keeps due dates subscribes and counts them anew.
"""

from tongban.foundation.calendar import events, model
from tongban.foundation.calendar.commands import (
    Change,
    NotOwnDay,
    add_stop_work,
    adopt_published,
    correct_day,
    import_year,
    install,
    withdraw_day,
)
from tongban.foundation.calendar.model import (
    KIND_NAMES,
    NATION,
    Calendar,
    Day,
    DueDate,
    Kind,
    Status,
)
from tongban.foundation.calendar.queries import (
    DayLine,
    days_left,
    due_on,
    load,
    working_days_between,
    year,
)
from tongban.foundation.calendar.sheet import read_csv

__all__ = [
    "KIND_NAMES",
    "NATION",
    "Calendar",
    "Change",
    "Day",
    "DayLine",
    "DueDate",
    "Kind",
    "NotOwnDay",
    "Status",
    "add_stop_work",
    "adopt_published",
    "correct_day",
    "days_left",
    "due_on",
    "events",
    "import_year",
    "install",
    "load",
    "model",
    "read_csv",
    "withdraw_day",
    "working_days_between",
    "year",
]
