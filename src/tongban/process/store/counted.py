"""Due dates that were counted in working days, counted again part by part.

Whoever steps holds tokens and then takes their timers, whoever wants an instance whole holds it
alone. So a part holds whole instances, passes over those that somebody else holds, and never waits
for anybody while it holds something: no two can wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.process.model.instance import Key
from tongban.process.model.situation import DueDateChange
from tongban.process.store.write import token_keys

PART = 2_000
"""How many instances a part looks at: a step that meets it waits for one short statement."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed in the calendar: the regions whose codes begin so, and from when to when."""

    below: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a part. ``after`` is the last instance looked at, None: there are no more.

    ``moved`` due dates are others now; ``missed`` instances were in somebody else's hands.
    """

    after: Key | None
    moved: int
    missed: int


@dataclass(frozen=True, slots=True)
class _Instance:
    region: str
    month: int
    instance: int
    held: bool = True

    @property
    def key(self) -> Key:
        return Key(self.region, self.month, self.instance)


# Few different sums stand behind many due dates, so each is worked out only once.
_DIFFERING: LiteralString = """
with k as materialized (
    select * from unnest(%(r)s::text[], %(m)s::int[], %(i)s::bigint[]) as k (r, m, i)
), concerned as materialized (
    select false as timer, t.region, t.month, t.instance, t.id as token, t.node, t.counted_from,
           t.workdays, t.due_at
      from k join process.token t on t.region = k.r and t.month = k.m and t.instance = k.i
     where t.workdays is not null
       and t.counted_from <= %(last_day)s and t.due_at >= %(first_day)s
     union all
    select true, t.region, t.month, t.instance, t.token, t.node, t.counted_from, t.workdays,
           t.due_at
      from k join process.alarm t on t.region = k.r and t.month = k.m and t.instance = k.i
     where t.workdays is not null
       and t.counted_from <= %(last_day)s and t.due_at >= %(first_day)s
), known as materialized (
    select s.*, (due.day + time '23:59:59') at time zone 'Asia/Shanghai' as after, due.version
      from (select distinct region, counted_from, workdays from concerned) as s,
           lateral foundation.due_dates(s.counted_from, s.workdays, s.region) as due
), moved as materialized (
    select c.*, k.after, k.version
      from concerned c join known k using (region, counted_from, workdays)
     where c.due_at <> k.after
)"""
_HOLD: LiteralString = (
    _DIFFERING
    + """, differing as materialized (
    select distinct region, month, instance from moved
), held as materialized (
    select i.region, i.month, i.id as instance
      from process.instance i
      join differing d on d.region = i.region and d.month = i.month and d.instance = i.id
       for update of i skip locked
)
select d.*, h.instance is not null as held
  from differing d left join held h using (region, month, instance)
"""
)
_MOVE: LiteralString = (
    _DIFFERING
    + """, tokens as (
    update process.token t set due_at = m.after
      from moved m
     where not m.timer and (t.region, t.month, t.instance, t.id)
                         = (m.region, m.month, m.instance, m.token)
), alarms as (
    update process.alarm t set due_at = m.after
      from moved m
     where m.timer and (t.region, t.month, t.instance, t.token, t.node)
                     = (m.region, m.month, m.instance, m.token, m.node)
), listed as (
    insert into process.due_date_change (region, month, instance, token, node, timer, before,
                                         after, calendar_version, changed_at)
    select region, month, instance, token, node, timer, due_at, after, version, %(now)s from moved
        on conflict do nothing
)
select count(*) from moved
"""
)


def count_again(work: Work, changed: Changed, *, after: Key | None = None) -> Counted:
    """Count again what the changed days may concern, for the instances after one of them."""
    looked_at = _part(work, changed, after or Key("", 0, 0))
    if not looked_at:
        return Counted(None, 0, 0)
    days = {"first_day": changed.first_day, "last_day": changed.last_day}
    found = work.all(_Instance, _HOLD, **days, **_keys(looked_at))
    held = [one.key for one in found if one.held]
    # Another statement, so that it sees what was done until the instances were held.
    moved: int = work.value(_MOVE, now=work.now, **days, **_keys(held)) if held else 0
    last = looked_at[-1] if len(looked_at) == PART else None
    return Counted(last, moved, len(found) - len(held))


def _part(work: Work, changed: Changed, after: Key) -> list[Key]:
    # The part is a stretch of the index, whatever a plan made of a nearly empty table says.
    work.run("set local enable_seqscan = off")
    rows = work.all(
        _Instance,
        """
        select distinct region, month, instance
          from process.token
         where region between %(lowest)s and %(highest)s
           and (region, month, instance) > (%(region)s, %(month)s, %(id)s)
         order by region, month, instance
         limit %(limit)s
        """,
        lowest=changed.below.ljust(6, "0"),
        highest=changed.below.ljust(6, "9"),
        region=after.region,
        month=after.month,
        id=after.id,
        limit=PART,
    )
    return [row.key for row in rows]


def _keys(keys: Sequence[Key]) -> dict[str, object]:
    told = token_keys([(key, 0) for key in keys])
    return {name: told[name] for name in ("r", "m", "i")}


def due_date_changes(db: Db, *, instance: Key) -> list[DueDateChange]:
    """Return which due dates of an instance have moved with the calendar, the first first."""
    return db.all(
        DueDateChange,
        """
        select node, timer, before, after, changed_at
          from process.due_date_change
         where region = %(region)s and month = %(month)s and instance = %(id)s
         order by changed_at, token, node
        """,
        region=instance.region,
        month=instance.month,
        id=instance.id,
    )
