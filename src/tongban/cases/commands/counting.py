"""Due dates follow the calendar: all parts, those that somebody held, and who counted meanwhile."""

from collections.abc import Sequence
from datetime import date, timedelta

from tongban.cases import store
from tongban.cases.events import DueDatesMoved
from tongban.cases.store import counted
from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.calendar.model import prefix
from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work

COUNT_AGAIN = "cases.count_again"
SOON = timedelta(seconds=10)
LAST_LOOK = timedelta(minutes=20)
"""No statement may take longer than a quarter of an hour, so whoever asked the calendar before it
changed has committed by then."""


def move_due_dates(work: Work, *, change: CalendarChanged, last: bool = False) -> int:
    """Reckon anew every running clock that the changed days may concern.

    The first part at once; each further one is a job, and a transaction of its own. ``LAST_LOOK``
    later all are looked at again (``last``), for acts that were under way while the calendar
    changed. Every due date that moves is listed in cases.due_date_change. Returns how many did now.

    Permits everyone: called for an act on the calendar that was permitted.
    """
    changed = store.Changed(prefix(change.region), change.first_day, change.last_day)
    numbers = store.to_count_again(work, changed)
    for at in range(counted.PART, len(numbers), counted.PART):
        _later(work, change, timedelta(), numbers=numbers[at : at + counted.PART])
    if not last:
        _later(work, change, LAST_LOOK, numbers=())
    return count_part(work, change=change, numbers=numbers[: counted.PART])


def count_part(work: Work, *, change: CalendarChanged, numbers: Sequence[str]) -> int:
    """Reckon the clocks of these cases anew; ask for those in somebody's hands again soon.

    Permits everyone: called for an act on the calendar that was permitted.
    """
    changed = store.Changed(prefix(change.region), change.first_day, change.last_day)
    done = store.count_again(work, changed, numbers=numbers)
    if done.moved:
        work.record(DueDatesMoved(change.region, change.calendar_version, done.moved))
    if done.missed:
        _later(work, change, SOON, numbers=done.missed)
    return done.moved


def change_of(region: str, first_day: str, last_day: str, version: int) -> CalendarChanged:
    """Return what changed in the calendar as ``move_due_dates`` had written it down."""
    days = date.fromisoformat(first_day), date.fromisoformat(last_day)
    return CalendarChanged(region, *days, calendar_version=version)


def _later(work: Work, change: CalendarChanged, wait: timedelta, *, numbers: Sequence[str]) -> None:
    schedule(
        work,
        kind=COUNT_AGAIN,
        due_at=work.now + wait,
        region=change.region,
        first_day=change.first_day.isoformat(),
        last_day=change.last_day.isoformat(),
        version=change.calendar_version,
        numbers=list(numbers),
    )
