"""Due dates from before it was kept how they were counted (migration 0031): found out once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from tongban.foundation.arrays import array
from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.process.model.kinds import LimitUnit, TimerKind
from tongban.process.store.definition import graph

PART = 5_000


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """Open steps or timers of one node, of which it is not known how their dates were counted."""

    timer: bool
    definition: int
    node: str
    count: int


@dataclass(frozen=True, slots=True)
class _Followed:
    count: int
    first_day: date | None


_UNFOLLOWED: LiteralString = """
select false as timer, definition, node, count(*)::int as count
  from process.token
 where state = 'work' and due_at is not null and workdays is null
 group by definition, node
 union all
select true, definition, node, count(*)::int
  from process.alarm
 where workdays is null
 group by definition, node
"""
# A date was counted when its token came, unless a migration gave the step a limit anew: then it is
# right only where it is what the calendar says. Rows that somebody holds are left for another time.
_COUNTED_SO: LiteralString = """
   and (not exists (select from process.history h
                     where h.region = t.region and h.month = t.month and h.instance = t.instance
                       and h.act = 'migrate')
        or (t.due_at at time zone 'Asia/Shanghai')::date
           = foundation.due_on((b.born_at at time zone 'Asia/Shanghai')::date, k.days, t.region))
 limit %(limit)s
   for update of t skip locked
"""
_STEPS: LiteralString = (
    """
with found as (
    select t.region, t.month, t.instance, t.id, k.days,
           (b.born_at at time zone 'Asia/Shanghai')::date as since
      from unnest(%(definitions)s::bigint[], %(nodes)s::text[], %(days)s::int[])
           as k (definition, node, days)
      join process.token t on t.definition = k.definition and t.node = k.node
      join process.token b on b.region = t.region and b.month = t.month
                          and b.instance = t.instance
                          and b.id = case when t.helps > 0 then t.helps else t.id end
     where t.state = 'work' and t.due_at is not null and t.workdays is null
    """
    + _COUNTED_SO
    + """
), followed as (
    update process.token t set workdays = f.days, counted_from = f.since
      from found f
     where t.region = f.region and t.month = f.month and t.instance = f.instance and t.id = f.id
    returning t.counted_from
)
select count(*)::int as count, min(counted_from) as first_day from followed
"""
)
_TIMERS: LiteralString = (
    """
with found as (
    select t.region, t.month, t.instance, t.token, t.node, k.days,
           (b.born_at at time zone 'Asia/Shanghai')::date as since
      from unnest(%(definitions)s::bigint[], %(nodes)s::text[], %(days)s::int[])
           as k (definition, node, days)
      join process.alarm t on t.definition = k.definition and t.node = k.node
      join process.token b on b.region = t.region and b.month = t.month
                          and b.instance = t.instance and b.id = t.token
     where t.workdays is null
    """
    + _COUNTED_SO
    + """
), followed as (
    update process.alarm t set workdays = f.days, counted_from = f.since
      from found f
     where t.region = f.region and t.month = f.month and t.instance = f.instance
       and t.token = f.token and t.node = f.node
    returning t.counted_from
)
select count(*)::int as count, min(counted_from) as first_day from followed
"""
)


def unfollowed(db: Db) -> list[tuple[Unfollowed, int | None]]:
    """Return what is counted in working days without anybody knowing how; None: nor how many."""
    found = []
    for row in db.all(Unfollowed, _UNFOLLOWED):
        node = graph(db, row.definition).node(row.node)
        limit, timer = node.attributes.limit, node.event.timer
        if row.timer and timer and timer.kind is TimerKind.WORKDAYS:
            found.append((row, timer.fixed if isinstance(timer.fixed, int) else None))
        elif not row.timer and limit and limit.unit is LimitUnit.WORKDAY:
            found.append((row, limit.amount))
    return found


def follow(work: Work, known: Sequence[tuple[Unfollowed, int | None]]) -> tuple[int, date | None]:
    """Keep of a part how it was counted; return of how many, and the first day counted from."""
    count, days = 0, []
    for timer, statement in ((False, _STEPS), (True, _TIMERS)):
        those = [
            (one, workdays)
            for one, workdays in known
            if one.timer == timer and workdays is not None
        ]
        [done] = work.all(
            _Followed,
            statement,
            definitions=array([one.definition for one, _ in those], "bigint"),
            nodes=array([one.node for one, _ in those], "text"),
            days=array([workdays for _, workdays in those], "int"),
            limit=PART,
        )
        count += done.count
        days += [done.first_day] if done.first_day else []
    return count, min(days, default=None)
