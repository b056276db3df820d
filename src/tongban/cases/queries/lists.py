"""Lists of cases and drafts. Every page is read along an index, at the same cost at any length."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString

from tongban.cases.model import KEPT_DAYS, Desk, Stage, Step
from tongban.foundation.actor import Actor, Kind
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor
from tongban.foundation.work import Work

# What waits for the office. On APPLICANT's desk it waits for somebody else.
DESKS = (Desk.INTAKE, Desk.HANDLING, Desk.REVIEWING, Desk.APPROVING, Desk.DELIVERY)
COUNTED_UP_TO = 1000


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in its holder's own list."""

    number: str
    item_code: str
    item_name: str
    department_name: str
    holder: str
    stage: Stage
    submitted_at: datetime
    due_on: date | None
    decision: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "stage", Stage(self.stage))


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """A case on a desk. ``days_left`` are working days, negative when late.

    ``due_on`` is None while a special procedure holds the clock, and where there is no limit.
    """

    number: str
    item_name: str
    instant: bool
    applicant: str
    department_name: str
    stage: Stage
    step: Step | None
    desk: Desk
    submitted_at: datetime
    due_on: date | None
    days_left: int | None
    handler_name: str
    revision: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "stage", Stage(self.stage))
        object.__setattr__(self, "step", Step(self.step) if self.step else None)
        object.__setattr__(self, "desk", Desk(self.desk))


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in its holder's list. It is deleted on ``forgotten_on`` unless saved again."""

    holder: str
    item_code: str
    item_name: str
    saved_at: datetime

    @property
    def forgotten_on(self) -> date:
        return self.saved_at.date() + timedelta(days=KEPT_DAYS)


@dataclass(frozen=True, slots=True)
class DueDateChange:
    id: int
    number: str
    kind: str
    before: date
    after: date
    calendar_version: int
    changed_at: datetime


def own(work: Work, *, after: str = "", size: int = 20) -> Page[CaseLine]:
    """Return the cases of the actor and of those they may act for, the newest first."""
    work.actor.must("cases.own")
    moment, number = _moment_and_number(after)
    rows = work.all(
        CaseLine,
        """
        select number, item_code, item_name, department_name, holder, stage, submitted_at, due_on,
               decision
          from cases.case_file
         where holder = any (%(holders)s)
           and (%(moment)s::timestamptz is null
                or (submitted_at, number) < (%(moment)s::timestamptz, %(number)s))
         order by submitted_at desc, number desc
         limit %(limit)s
        """,
        holders=list(work.actor.holders),
        moment=moment,
        number=number,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda line: (line.submitted_at.isoformat(), line.number))


def drafts(work: Work) -> list[DraftLine]:
    """Return the drafts of the actor and of those they may act for, the latest first."""
    work.actor.must("cases.apply")
    return work.all(
        DraftLine,
        """
        select holder, item_code, item_name, saved_at
          from cases.draft
         where holder = any (%(holders)s)
         order by saved_at desc
        """,
        holders=list(work.actor.holders),
    )


# The regions that have cases, found one after the other along the index, below the prefixes in
# which the actor sees every department.
_AREA: LiteralString = """
with recursive area as (
    select prefix, (select min(c.region) from cases.case_file c
                     where c.region >= prefix and c.region <= prefix || '~') as region
      from unnest(%(regions)s::text[]) as prefix
    union all
    select prefix, (select min(c.region) from cases.case_file c
                     where c.region > area.region and c.region <= area.prefix || '~')
      from area
     where area.region is not null
), place as (
    select distinct region, on_desk
      from area, unnest(%(desks)s::text[]) as on_desk
     where region is not null
)
"""
_WORKLIST: LiteralString = (
    _AREA
    + """
, line as (
    select of_department.*
      from unnest(%(departments)s::text[]) as wanted, unnest(%(desks)s::text[]) as on_desk,
           lateral (select number, region, order_on
                      from cases.case_file c
                     where c.department = wanted and c.desk = on_desk and c.desk <> 'none'
                       and (c.order_on, c.number) > (%(day)s::date, %(number)s)
                     order by c.order_on, c.number
                     limit %(limit)s) as of_department
    union
    select of_region.*
      from place,
           lateral (select number, region, order_on
                      from cases.case_file c
                     where c.region = place.region and c.desk = place.on_desk and c.desk <> 'none'
                       and (c.order_on, c.number) > (%(day)s::date, %(number)s)
                     order by c.order_on, c.number
                     limit %(limit)s) as of_region
), page as (
    select region, substr(number, 8, 4)::int as month, number
      from line
     order by order_on, number
     limit %(limit)s
)
select number, item_name, instant, applicant, department_name, stage, step, desk, submitted_at,
       due_on, foundation.days_left(due_on, %(today)s, region) as days_left, handler_name, revision
  from page join cases.case_file c using (region, month, number)
 order by c.order_on, number
"""
)
_COUNTS: LiteralString = (
    _AREA
    + """
, counted as (
    select on_desk, of_department.found
      from unnest(%(departments)s::text[]) as wanted, unnest(%(desks)s::text[]) as on_desk,
           lateral (select count(*) as found
                      from (select from cases.case_file c
                             where c.department = wanted and c.desk = on_desk and c.desk <> 'none'
                             limit %(limit)s) as counted) as of_department
    union all
    select on_desk, of_region.found
      from place,
           lateral (select count(*) as found
                      from (select from cases.case_file c
                             where c.region = place.region and c.desk = place.on_desk
                               and c.desk <> 'none' and c.department <> all (%(departments)s)
                             limit %(limit)s) as counted) as of_region
)
select on_desk as desk, least(sum(found), %(limit)s)::int as count
  from counted group by on_desk
"""
)


@dataclass(frozen=True, slots=True)
class _Count:
    desk: str
    count: int


def worklist(
    work: Work, *, desk: Desk | None = None, after: str = "", size: int = 20
) -> Page[WorklistLine]:
    """Return the cases on a desk, or on all desks of the office, the most urgent first."""
    work.actor.must("cases.read")
    day, number = _day_and_number(after)
    rows = work.all(
        WorklistLine,
        _WORKLIST,
        desks=[desk] if desk else list(DESKS),
        day=day,
        number=number,
        limit=size + 1,
        today=work.today,
        **_sight(work.actor),
    )
    return cut(
        rows, size=size, key=lambda line: ((line.due_on or date.max).isoformat(), line.number)
    )


def worklist_counts(work: Work) -> dict[Desk, int]:
    """Return how many cases lie on each desk; ``COUNTED_UP_TO`` means that many or more."""
    work.actor.must("cases.read")
    rows = work.all(
        _Count, _COUNTS, desks=list(Desk)[:-1], limit=COUNTED_UP_TO, **_sight(work.actor)
    )
    found = {Desk(row.desk): row.count for row in rows}
    return {desk: found.get(desk, 0) for desk in list(Desk)[:-1]}


def due_date_changes(work: Work, *, after: int = 0, size: int = 100) -> list[DueDateChange]:
    """Return the due dates that changes of the calendar have moved, from the first one on."""
    work.actor.must("operations.read")
    return work.all(
        DueDateChange,
        """
        select id, number, kind, before, after, calendar_version, changed_at
          from cases.due_date_change
         where id > %(after)s
         order by id
         limit %(size)s
        """,
        after=after,
        size=size,
    )


def _sight(actor: Actor) -> dict[str, object]:
    """Return the departments, and the region prefixes, in which an actor may read cases."""
    if actor.kind is Kind.SYSTEM:
        return {"departments": [], "regions": [""]}
    grants = [grant for grant in actor.grants if "cases.read" in grant.permissions]
    return {
        "departments": sorted({grant.department for grant in grants if grant.department}),
        "regions": sorted({grant.region for grant in grants if not grant.department}),
    }


def _moment_and_number(after: str) -> tuple[datetime | None, str]:
    if not after:
        return None, ""
    moment, number = _pair(after)
    try:
        return datetime.fromisoformat(moment), number
    except ValueError:
        raise _not_ours() from None


def _day_and_number(after: str) -> tuple[date, str]:
    if not after:
        return date.min, ""
    day, number = _pair(after)
    try:
        return date.fromisoformat(day), number
    except ValueError:
        raise _not_ours() from None


def _pair(after: str) -> tuple[str, str]:
    match read_cursor(after):
        case (str(first), str(second)):
            return first, second
    raise _not_ours()


def _not_ours() -> Invalid:
    return Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
