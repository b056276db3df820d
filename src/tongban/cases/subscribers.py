"""What cases does by itself: papers after acts, the nightly round, due dates of a new calendar."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from tongban import process
from tongban.cases.commands import cancelled, counting, course, courses, deem, notices, risk
from tongban.cases.events import CaseAccepted, CaseDeemedAccepted, CaseSubmitted
from tongban.cases.model import At
from tongban.cases.queries.course import is_of_case
from tongban.catalogue.events import WithdrawalPlanned
from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.events import subscribe
from tongban.foundation.jobs import job, schedule
from tongban.foundation.work import LOCAL, Work
from tongban.process.events import (
    InstancesMigrated,
    ProcessActedOn,
    ProcessMoved,
    ProcessPublished,
)

_ROUND = "cases.nightly_round"
# Limits are days: what was due yesterday is overdue from the first minute of today.
_AT = time(0, 1, tzinfo=LOCAL)


def issue_paper(work: Work, event: Any) -> None:
    """Issue the paper that proves an act, in a transaction of its own just after it."""
    notices.issue(work, event, number=event.number)


for _event in notices.PROVED:
    subscribe(_event)(issue_paper)


@subscribe(CaseSubmitted)
def look_for_risks(work: Work, event: CaseSubmitted) -> None:
    risk.notice_risks(work, number=event.number, item_code=event.item_code, at=At.SUBMITTED)


def look_for_risks_again(work: Work, event: Any) -> None:
    risk.notice_risks(work, number=event.number, item_code=event.item_code, at=At.ACCEPTED)


subscribe(CaseAccepted)(look_for_risks_again)
subscribe(CaseDeemedAccepted)(look_for_risks_again)


@subscribe(CalendarChanged)
def move_due_dates(work: Work, event: CalendarChanged) -> None:
    """Reckon running clocks anew and list the due dates that moved."""
    counting.move_due_dates(work, change=event)


@job(counting.COUNT_AGAIN)
def count_again(work: Work, payload: dict[str, Any]) -> None:
    """Reckon the clocks of a further part of the cases, or look at all once more."""
    numbers = payload.pop("numbers")
    change = counting.change_of(**payload)
    if numbers:
        counting.count_part(work, change=change, numbers=numbers)
    else:
        counting.move_due_dates(work, change=change, last=True)


def follow_process(work: Work, event: Any) -> None:
    """Bring a case to where its process has come without an act of the case."""
    if is_of_case(event.number, event.instance):
        course.catch_up(work, number=event.number)


subscribe(ProcessMoved)(follow_process)
subscribe(ProcessActedOn)(follow_process)


@subscribe(InstancesMigrated)
def follow_migration(work: Work, event: InstancesMigrated) -> None:
    """Note for cases the version on which their processes run now, and where they have come."""
    numbers = [
        number
        for number, instance in zip(event.numbers, event.instances, strict=True)
        if is_of_case(number, instance)
    ]
    course.follow_migration(work, numbers=numbers)


@job(course.FOLLOW)
def follow_migration_later(work: Work, payload: dict[str, Any]) -> None:
    """Look again at cases that somebody held when their processes had moved."""
    course.follow_migration(work, numbers=payload["numbers"])


@subscribe(ProcessPublished)
def renew_courses(work: Work, event: ProcessPublished) -> None:
    courses.renew_courses(work, process_id=event.process)


process.need_acts(courses.NEEDED)


@process.operation("case.lapse")
def lapse(work: Work, instance: process.Instance, facts: Mapping[str, object]) -> None:  # noqa: ARG001
    """The time for a correction is over: the application counts as withdrawn."""
    deem.lapse(work, number=instance.number)


@subscribe(WithdrawalPlanned)
def tell_open_cases(work: Work, event: WithdrawalPlanned) -> None:
    cancelled.tell_open_cases(work, event)


@job(_ROUND)
def nightly_round(work: Work, payload: dict[str, Any]) -> None:  # noqa: ARG001
    """Do what the law says happens by itself, and forget old drafts."""
    if deem.sweep(work):
        schedule_round(work)
    else:
        tonight = datetime.combine(work.today, _AT) + timedelta(days=1)
        schedule(work, kind=_ROUND, due_at=tonight, key=_ROUND)


def schedule_round(work: Work) -> None:
    """Ask for a round at once; each asks for the next one itself, just after midnight.

    Asked for at every start, so that no stop around midnight leaves a day out.
    """
    schedule(work, kind=_ROUND, due_at=work.now, key=_ROUND)
