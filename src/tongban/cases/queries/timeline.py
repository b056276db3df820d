"""Where a case has been, where it is, where it will go; and who did what on the way."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import LiteralString

from tongban import process
from tongban.cases import events
from tongban.cases.model import Case, Clock, Desk, key_of
from tongban.cases.queries.case import case as one_case
from tongban.cases.queries.case import must_see
from tongban.cases.queries.course import instance_of
from tongban.cases.queries.passed import HANDS, of_case, passed
from tongban.cases.words import Sentence, TraceLine, Word, moved_by_calendar, sentence_of
from tongban.documents.events import FileOpened, NoticeIssued
from tongban.foundation import trace as recorded
from tongban.foundation.actor import SYSTEM, Kind
from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.process.events import ProcessLookedAt


class When(StrEnum):
    PAST = "past"
    CURRENT = "current"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a case's way, told like a parcel's.

    ``at`` is when it happened, or since when the case has been there. A current stop has the clock
    that runs and the working days left (negative when late, None while held or without limit).
    """

    when: When
    sentence: Sentence
    who: str = ""
    at: datetime | None = None
    clock: Clock | None = None
    days_left: int | None = None


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock with the working days used and left. None left when held; a past clock has none."""

    clock: Clock
    used: int
    left: int | None


@dataclass(frozen=True, slots=True)
class _Moved:
    kind: str
    before: date
    after: date
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class _Reckoned:
    kind: str
    turn: int
    used: int
    left: int | None


# How a case goes on from each desk when nothing is in the way.
_AHEAD = {
    Desk.INTAKE: ("受理", "审查与决定", "送达"),
    Desk.APPLICANT: ("受理", "审查与决定", "送达"),
    Desk.HANDLING: ("审核", "批准", "作出决定", "送达"),
    Desk.REVIEWING: ("批准", "作出决定", "送达"),
    Desk.APPROVING: ("作出决定", "送达"),
    Desk.ELSEWHERE: ("作出决定", "送达"),
    Desk.DELIVERY: ("送达",),
    Desk.NONE: (),
}
_NOW = {
    Desk.INTAKE: "等待受理",
    Desk.APPLICANT: "等待申请人补正",
    Desk.HANDLING: "承办中",
    Desk.REVIEWING: "审核中",
    Desk.APPROVING: "等待批准",
    Desk.ELSEWHERE: "流程办理中",
    Desk.DELIVERY: "等待送达",
}
# Papers and looks are in the trace; they are no stops of the way, and change nothing of the case.
_NO_STOP = (NoticeIssued, FileOpened, events.CaseLookedAt, ProcessLookedAt)
_STAYS = (*_NO_STOP, events.CaseExtended)

_RECKONED: LiteralString = """
with paused as (
    select coalesce(sum(foundation.working_days_between(
               begun_on, coalesce(ended_on, %(today)s::date), region)), 0)::int as days
      from cases.pause
     where region = %(region)s and month = %(month)s and number = %(number)s
)
select k.kind, k.turn,
       greatest(0, foundation.working_days_between(
           k.started_on,
           coalesce((k.ended_at at time zone 'Asia/Shanghai')::date, %(today)s::date), k.region)
           - case when k.kind in ('statutory', 'promised') then paused.days else 0 end) as used,
       case when k.state = 'running' then foundation.days_left(k.due_on, %(today)s, k.region) end
           as left
  from cases.clock k, paused
 where k.region = %(region)s and k.month = %(month)s and k.number = %(number)s
 order by k.started_on, k.kind, k.turn
"""


def clocks(work: Work, *, number: str) -> list[ClockLine]:
    """Return every clock of a case, with the working days used and left."""
    found = one_case(work, number=number)
    rows = work.all(_Reckoned, _RECKONED, today=work.today, **key_of(number))
    reckoned = {(row.kind, row.turn): row for row in rows}
    return [
        ClockLine(clock, row.used, row.left)
        for clock in found.clocks
        for row in [reckoned[clock.kind, clock.turn]]
    ]


def trace(work: Work, *, number: str) -> list[TraceLine]:
    """Return who did what to a case, the oldest first, in words.

    Officers and the applicant see the same acts; officers' opinions are told to officers only.
    """
    found = one_case(work, number=number)
    to_officer = work.actor.kind in (Kind.OFFICER, Kind.SYSTEM)
    acts = of_case(recorded.trace(work, subject=found.number))
    lines = [
        TraceLine(
            entry.happened_at,
            entry.actor_name,
            entry.topic,
            sentence_of(entry.event, to_officer=to_officer),
        )
        for entry in acts
        if entry.event is not None
    ]
    lines += passed(work, found, acts, reasons=to_officer)
    lines += [
        TraceLine(
            row.changed_at,
            "系统",
            "cases.DueDatesMoved",
            moved_by_calendar(kind=row.kind, before=row.before, after=row.after),
        )
        for row in _moved(work, found)
    ]
    return sorted(lines, key=lambda line: line.at)


def timeline(work: Work, *, case: Case) -> list[Stop]:
    """Return the way of a case: past stops, the present one with its clock, those expected."""
    must_see(work.actor, case)
    past = of_case(recorded.trace(work, subject=case.number))
    steps = passed(work, case, past, reasons=False, without={*HANDS, "calendar"})
    stops = [
        Stop(
            When.PAST,
            sentence_of(entry.event, to_officer=False),
            entry.actor_name,
            entry.happened_at,
        )
        for entry in past
        if entry.event is not None and not isinstance(entry.event, _NO_STOP)
    ]
    stops += [Stop(When.PAST, step.sentence, step.who, step.at) for step in steps]
    stops.sort(key=lambda stop: stop.at or case.submitted_at)
    if case.desk is not Desk.NONE:
        since = [e.happened_at for e in past if not isinstance(e.event, _STAYS)]
        since += [step.at for step in steps]
        stops.append(_current(work, case, max(since, default=case.submitted_at)))
    ahead = ("作出决定", "送达") if case.instant and case.step else _AHEAD[case.desk]
    return stops + [Stop(When.EXPECTED, Sentence(title)) for title in ahead]


def last_change(db: Db, *, case: Case) -> str:
    """Return in words what happened to a case last, and who did it."""
    acts = [
        entry
        for entry in of_case(recorded.trace(db, subject=case.number, limit=20))
        if not isinstance(entry.event, _NO_STOP)
    ]
    if not acts or acts[-1].event is None:
        return case.stage.word
    return f"{acts[-1].actor_name}：{sentence_of(acts[-1].event, to_officer=False).say()}"


def _current(work: Work, case: Case, since: datetime) -> Stop:
    clock = case.clock
    sentence = Sentence(_NOW[case.desk])
    if steps := _steps(work, case):
        sentence = Sentence("正在办理：{steps}", {"steps": "、".join(steps)})
    if case.paused:
        sentence = Sentence("{kind}进行中", {"kind": Word(case.paused.kind.word)})
    left = None
    if clock is not None and clock.due_on is not None:
        left = work.value(
            "select foundation.days_left(%(due)s, %(today)s, %(region)s)",
            due=clock.due_on,
            today=work.today,
            region=case.region,
        )
    return Stop(
        When.CURRENT,
        sentence,
        case.applicant if case.desk is Desk.APPLICANT else case.department_name,
        since,
        clock,
        left,
    )


def _steps(work: Work, case: Case) -> list[str]:
    """Return the steps at which the process has a case that lies on none of the desks."""
    if case.desk is not Desk.ELSEWHERE:
        return []
    with work.acting_as(SYSTEM):  # What is drawn is public, whoever follows the case.
        return [one.name for one in process.standing(work, instance=instance_of(case.number))]


def _moved(db: Db, case: Case) -> list[_Moved]:
    return db.all(
        _Moved,
        """
        select kind, before, after, changed_at
          from cases.due_date_change
         where region = %(region)s and month = %(month)s and number = %(number)s
         order by changed_at
        """,
        **key_of(case.number),
    )
