"""Due dates follow the calendar: all parts, those that somebody held, and who counted meanwhile."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.model.instance import Key

COUNT_AGAIN = "process.count_again"
SOON = timedelta(seconds=10)
LAST_LOOK = timedelta(minutes=20)
"""No statement may take longer than a quarter of an hour, so whoever asked the calendar before it
changed has committed by then."""


def count_again(
    work: Work,
    *,
    changed: store.Changed,
    after: Key | None = None,
    missed: bool = False,
    last: bool = False,
) -> int:
    """Count one part of the due dates in working days anew, and ask for what is left to do.

    Each part is a transaction of its own. Once all parts are done, those instances are looked at
    again that somebody held, and ``LAST_LOOK`` later all of them, for steps that were taken while
    the calendar changed. Every date that moves is listed. Returns how many did.

    Permits everyone: called for an act on the calendar that was permitted.
    """
    counted = store.count_again(work, changed, after=after)
    missed = missed or counted.missed > 0
    if counted.after is not None:
        _later(work, changed, timedelta(), after=str(counted.after), missed=missed, last=last)
    elif missed:
        _later(work, changed, SOON, after="", missed=False, last=last)
    elif not last:
        _later(work, changed, LAST_LOOK, after="", missed=False, last=True)
    return counted.moved


def _later(work: Work, changed: store.Changed, wait: timedelta, **how: Any) -> None:
    schedule(
        work,
        kind=COUNT_AGAIN,
        due_at=work.now + wait,
        below=changed.below,
        first_day=changed.first_day.isoformat(),
        last_day=changed.last_day.isoformat(),
        **how,
    )


def changed_days(below: str, first_day: str, last_day: str) -> store.Changed:
    """Return what changed as ``count_again`` had written it down."""
    return store.Changed(below, date.fromisoformat(first_day), date.fromisoformat(last_day))


@dataclass(frozen=True, slots=True)
class OlderDates:
    """What was found out about older due dates. ``left`` cannot be told, and stay as they are."""

    follow: int
    left: int
    more: bool


def let_older_follow(work: Work) -> OlderDates:
    """Let due dates follow the calendar that were counted before it was kept how (one part).

    What the definition of a step or timer says in working days was counted from the day on which
    the step began. It is not known of a timer whose days an expression gave, nor of what was
    migrated since, unless its date is what the calendar says.
    """
    work.actor.must("process.operate")
    known = store.unfollowed(work)
    found, first_day = store.follow(work, known) if known else (0, None)
    if first_day is not None:
        count_again(work, changed=store.Changed("", first_day, work.today))
    left = sum(one.count for one, _ in known) - found
    return OlderDates(found, left, more=found > 0 and left > 0)
