"""Lists of cases and drafts. Every page is read along an index, at the same cost at any length."""

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
REGION_LENGTH = 6


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


# The regions that have cases, found one after the other along the index.
_REGIONS: LiteralString = """
with recursive area as (
    select prefix, (select min(c.region) from cases.case_file c
                     where c.region >= prefix and c.region <= prefix || '~') as region
      from unnest(%(prefixes)s::text[]) as prefix
    union all
    select prefix, (select min(c.region) from cases.case_file c
                     where c.region > area.region and c.region <= area.prefix || '~')
      from area
     where area.region is not null
)
select region from area where region is not null
"""
_COLUMNS: LiteralString = """
    number, item_name, instant, applicant, department_name, stage, step, desk, submitted_at,
    due_on, handler_name, handler, revision, order_on, region
"""
# Each place and desk is read along its index, no further than the page goes. Cases that are next to
# each other in the order of their due dates share them, so what is left is counted once for each.
_LINES: LiteralString = """
with page as materialized (
    select line.*
      from unnest(%(places)s::text[]) as place, unnest(%(desks)s::text[]) as on_desk,
           lateral (select """
_ORDER: LiteralString = """
                       and c.desk = on_desk and c.desk <> 'none'
                       and (c.order_on, c.number) > (%(day)s::date, %(number)s)
                     order by c.order_on, c.number
                     limit %(limit)s) as line
     order by line.order_on, line.number
     limit %(limit)s
), remaining as materialized (
    select due_on, region, foundation.days_left(due_on, %(today)s, region) as days_left
      from (select distinct due_on, region from page where due_on is not null) as different
)
select number, item_name, instant, applicant, department_name, stage, step, desk, submitted_at,
       due_on, days_left, handler_name, revision, handler <> '' and handler = %(actor)s as own
  from page left join remaining using (due_on, region)
 order by order_on, number
"""
_OF_DEPARTMENTS: LiteralString = (
    _LINES + _COLUMNS + "from cases.case_file c where c.department = place" + _ORDER
)
_OF_REGIONS: LiteralString = (
    _LINES + _COLUMNS + "from cases.case_file c where c.region = place" + _ORDER
)
# Ordered like the index, so that counting stops at the limit instead of reading all first.
_COUNT_DEPARTMENTS: LiteralString = """
select on_desk as desk, sum(counted.found)::int as count
  from unnest(%(places)s::text[]) as place, unnest(%(desks)s::text[]) as on_desk,
       lateral (select count(*) as found
                  from (select from cases.case_file c
                         where c.department = place and c.desk = on_desk and c.desk <> 'none'
                         order by c.order_on, c.number
                         limit %(limit)s) as some_of_them) as counted
 group by on_desk
"""
# One region after the other, and no further once enough are found.
_COUNT_REGIONS: LiteralString = """
select on_desk as desk, counted.found::int as count
  from unnest(%(desks)s::text[]) as on_desk,
       lateral (select count(*) as found
                  from (select
                          from unnest(%(places)s::text[]) as place,
                               lateral (select from cases.case_file c
                                         where c.region = place and c.desk = on_desk
                                           and c.desk <> 'none'
                                           and c.department <> all (%(departments)s)
                                         order by c.order_on, c.number
                                         limit %(limit)s) as of_one
                         limit %(limit)s) as some_of_them) as counted
"""


@dataclass(frozen=True, slots=True)
class _Region:
    region: str


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


def worklist_counts(work: Work) -> dict[Desk, int]:
    """Return how many cases lie on each desk; ``COUNTED_UP_TO`` means that many or more."""
    work.actor.must("cases.read")
    departments, regions = _sight(work)
    asked = {"desks": [desk for desk in Desk if desk is not Desk.NONE], "limit": COUNTED_UP_TO}
    rows: list[_Count] = []
    if departments:
        rows += work.all(_Count, _COUNT_DEPARTMENTS, places=departments, **asked)
    if regions:
        rows += work.all(_Count, _COUNT_REGIONS, places=regions, departments=departments, **asked)
    return {
        desk: min(COUNTED_UP_TO, sum(row.count for row in rows if row.desk == desk))
        for desk in Desk
        if desk is not Desk.NONE
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
    """Return the departments, and the regions, all of whose cases the actor may read."""
    if work.actor.kind is Kind.SYSTEM:
        prefixes, departments = {""}, set[str]()
    else:
        grants = [grant for grant in work.actor.grants if "cases.read" in grant.permissions]
        departments = {grant.department for grant in grants if grant.department}
        prefixes = {grant.region for grant in grants if not grant.department}
    regions = {prefix for prefix in prefixes if len(prefix) == REGION_LENGTH}
    if below := prefixes - regions:
        rows = work.all(_Region, _REGIONS, prefixes=sorted(below))
        regions |= {row.region for row in rows}
    return sorted(departments), sorted(regions)


def _urgency(line: WorklistLine) -> tuple[str, str]:
    return (line.due_on or date.max).isoformat(), line.number


def moment_and_number(after: str) -> tuple[datetime | None, str]:
    """Return the moment and the number that a cursor names, or (None, "") for the first page."""
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
