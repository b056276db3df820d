"""Lists of cases and drafts. Every page is read along an index, at the same cost at any length."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString

from tongban.cases.model import KEPT_DAYS, Desk, Stage, Step
from tongban.foundation.actor import SYSTEM, Kind
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor
from tongban.foundation.work import Work

# What waits for the office. On APPLICANT's desk it waits for somebody else.
DESKS = (Desk.INTAKE, Desk.HANDLING, Desk.REVIEWING, Desk.APPROVING, Desk.DELIVERY)
COUNTED_UP_TO = 100


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
    own: bool  # Handled by whoever asks, who therefore may not review or approve it.

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
    number: str
    kind: str
    before: date
    after: date
    calendar_version: int
    changed_at: datetime


def own(work: Work, *, after: str = "", size: int = 20) -> Page[CaseLine]:
    """Return the cases of the actor and of those they may act for, the newest first."""
    work.actor.must("cases.own")
    moment, number = moment_and_number(after)
    rows = work.all(
        CaseLine,
        """
        select line.*
          from unnest(%(holders)s::text[]) as one_of_them,
               lateral (select number, item_code, item_name, department_name, holder, stage,
                               submitted_at, due_on, decision
                          from cases.case_file
                         where holder = one_of_them
                           and (submitted_at, number) < (%(moment)s::timestamptz, %(number)s)
                         order by submitted_at desc, number desc
                         limit %(limit)s) as line
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


# Each place and desk is read along its index, no further than the page goes, and of what is read
# only the page itself is fetched whole. Cases that are next to each other in the order of their due
# dates share them, so what is left is counted once for each.
_LINES: LiteralString = """, page as materialized (
    select c.number, c.item_name, c.instant, c.applicant, c.department_name, c.stage, c.step,
           c.desk, c.submitted_at, c.due_on, c.handler_name, c.handler, c.revision, c.order_on,
           c.region
      from (select key.*
              from place, unnest(%(desks)s::text[]) as on_desk,
                   lateral (select c.region, c.month, c.number, c.order_on
                              from cases.case_file c
                             where """
_ORDER: LiteralString = """
                               and c.desk = on_desk and c.desk <> 'none'
                               and (c.order_on, c.number) > (%(day)s::date, %(number)s)
                             order by c.order_on, c.number
                             limit %(limit)s) as key
             order by key.order_on, key.number
             limit %(limit)s) as nearest
      join cases.case_file c using (region, month, number)
), remaining as materialized (
    select due_on, region, foundation.days_left(due_on, %(today)s, region) as days_left
      from (select distinct due_on, region from page where due_on is not null) as different
)
select number, item_name, instant, applicant, department_name, stage, step, desk, submitted_at,
       due_on, days_left, handler_name, revision, handler <> '' and handler = %(actor)s as own
  from page left join remaining using (due_on, region)
 order by order_on, number
"""
# The regions that have cases on the desks, found one after the other along the index.
_REGIONS: LiteralString = """
with recursive area as (
    select desk, prefix, (select min(c.region) from cases.case_file c
                           where c.desk = asked.desk and c.desk <> 'none'
                             and c.region >= prefix and c.region <= prefix || '~') as region
      from unnest(%(places)s::text[]) as prefix, unnest(%(desks)s::text[]) as asked (desk)
    union all
    select desk, prefix, (select min(c.region) from cases.case_file c
                           where c.desk = area.desk and c.desk <> 'none'
                             and c.region > area.region and c.region <= area.prefix || '~')
      from area
     where area.region is not null
), place as (
    select distinct region as name from area where region is not null
)"""
_DEPARTMENTS: LiteralString = "with place as (select unnest(%(places)s::text[]) as name)"
_OF_DEPARTMENTS: LiteralString = _DEPARTMENTS + _LINES + "c.department = place.name" + _ORDER
_OF_REGIONS: LiteralString = _REGIONS + _LINES + "c.region = place.name" + _ORDER
# Counting stops at the limit, so it costs the same at any length.
_COUNT_DEPARTMENTS: LiteralString = """
select on_desk as desk, sum(counted.found)::int as count
  from unnest(%(places)s::text[]) as place, unnest(%(desks)s::text[]) as on_desk,
       lateral (select count(*) as found
                  from (select from cases.case_file c
                         where c.department = place and c.desk = on_desk and c.desk <> 'none'
                         limit %(limit)s) as some_of_them) as counted
 group by on_desk
"""
_COUNT_REGIONS: LiteralString = """
select on_desk as desk, sum(counted.found)::int as count
  from unnest(%(places)s::text[]) as place, unnest(%(desks)s::text[]) as on_desk,
       lateral (select count(*) as found
                  from (select from cases.case_file c
                         where c.desk = on_desk and c.desk <> 'none'
                           and c.region >= place and c.region <= place || '~'
                           and c.department <> all (%(departments)s)
                         limit %(limit)s) as some_of_them) as counted
 group by on_desk
"""


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
    asked = {
        "desks": [desk] if desk else list(DESKS),
        "day": day,
        "number": number,
        "limit": size + 1,
        "today": work.today,
        "actor": work.actor.id,
    }
    departments, regions = _sight(work)
    rows: dict[str, WorklistLine] = {}
    if departments:
        of_departments = work.all(WorklistLine, _OF_DEPARTMENTS, places=departments, **asked)
        rows |= {line.number: line for line in of_departments}
    if regions:
        of_regions = work.all(WorklistLine, _OF_REGIONS, places=regions, **asked)
        rows |= {line.number: line for line in of_regions}
    in_order = sorted(rows.values(), key=_urgency)[: size + 1]
    return cut(in_order, size=size, key=_urgency)


def worklist_counts(
    work: Work, *, desks: Collection[Desk] = (*DESKS, Desk.APPLICANT)
) -> dict[Desk, int]:
    """Return how many cases lie on each desk; ``COUNTED_UP_TO`` means that many or more."""
    work.actor.must("cases.read")
    departments, regions = _sight(work)
    asked = {"desks": list(desks), "limit": COUNTED_UP_TO}
    rows: list[_Count] = []
    if departments:
        rows += work.all(_Count, _COUNT_DEPARTMENTS, places=departments, **asked)
    if regions:
        rows += work.all(_Count, _COUNT_REGIONS, places=regions, departments=departments, **asked)
    return {
        desk: min(COUNTED_UP_TO, sum(row.count for row in rows if row.desk == desk))
        for desk in desks
    }


def due_date_changes(
    work: Work, *, since: datetime, after: str = "", size: int = 50
) -> Page[DueDateChange]:
    """Return the due dates that changes of the calendar have moved since, the oldest first."""
    work.actor.must("operations.read")
    match read_cursor(after) if after else ("-infinity", "", ""):
        case (str(moment), str(number), str(kind)):
            pass
        case _:
            raise _not_ours()
    with work.acting_as(SYSTEM):  # An operator sees that dates moved, and nothing else of a case.
        rows = work.all(
            DueDateChange,
            """
            select number, kind, before, after, calendar_version, changed_at
              from cases.due_date_change
             where changed_at >= %(since)s
               and (changed_at, number, kind) > (%(moment)s::timestamptz, %(number)s, %(kind)s)
             order by changed_at, number, kind
             limit %(limit)s
            """,
            since=since,
            moment=moment,
            number=number,
            kind=kind,
            limit=size + 1,
        )
    return cut(rows, size=size, key=lambda row: (row.changed_at.isoformat(), row.number, row.kind))


def _sight(work: Work) -> tuple[list[str], list[str]]:
    """Return the departments, and the beginnings of regions, whose cases the actor may read.

    No such beginning stands within another, so that nothing is counted twice.
    """
    if work.actor.kind is Kind.SYSTEM:
        return [], [""]
    grants = [grant for grant in work.actor.grants if "cases.read" in grant.permissions]
    departments = {grant.department for grant in grants if grant.department}
    regions = {grant.region for grant in grants if not grant.department}
    widest = (r for r in regions if not any(r != w and r.startswith(w) for w in regions))
    return sorted(departments), sorted(widest)


def _urgency(line: WorklistLine) -> tuple[str, str]:
    return (line.due_on or date.max).isoformat(), line.number


def moment_and_number(after: str) -> tuple[str, str]:
    """Return the moment and the number that a cursor names; the first page is before infinity."""
    if not after:
        return "infinity", ""
    moment, number = _pair(after)
    try:
        return datetime.fromisoformat(moment).isoformat(), number
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
