"""Due dates of clocks, counted again part by part after the calendar has changed.

Whoever acts holds a case, and the nightly round holds many. So a part holds its cases, passes over
those that somebody else holds, and never waits for anybody while it holds something: no two can
wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from tongban.cases.store.case import hold_free, keys_of
from tongban.foundation.work import Work

PART = 2_000
"""How many cases are held at a time: an act that meets them waits for one short statement."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed in the calendar: the regions whose codes begin so, and from when to when."""

    below: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Counted:
    """How many due dates are others now, and the numbers of the cases in somebody else's hands."""

    moved: int
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Number:
    number: str


_RUNNING: LiteralString = """
    k.state = 'running' and k.due_on >= %(first_day)s and k.started_on <= %(last_day)s"""
_HELD: LiteralString = """
    select region, month, number,
           sum(foundation.working_days_between(begun_on, ended_on, region))::int as days"""
_ALL: LiteralString = (
    "with looked_at as materialized ("
    "select k.* from cases.clock k where k.region between %(lowest)s and %(highest)s and"
    + _RUNNING
    + "), held as materialized ("
    + _HELD
    + " from cases.pause where ended_on is not null and region between %(lowest)s and %(highest)s"
    " group by region, month, number"
)
_THESE: LiteralString = (
    "with these as materialized ("
    "select * from unnest(%(r)s::text[], %(m)s::int[], %(n)s::text[]) as t (region, month, number)"
    "), looked_at as materialized ("
    "select k.* from cases.clock k join these using (region, month, number) where"
    + _RUNNING
    + "), held as materialized ("
    + _HELD
    + " from cases.pause join these using (region, month, number)"
    " where ended_on is not null group by region, month, number"
)
# Few different sums stand behind many clocks, so each is worked out only once.
_DIFFERING: LiteralString = """
), concerned as materialized (
    select k.region, k.month, k.number, k.kind, k.turn, k.due_on as before, k.counted_from,
           k.calendar_version, k.provisional as unsure,
           k.workdays + k.extended
           + case when k.kind in ('statutory', 'promised') then coalesce(h.days, 0) else 0 end
               as workdays
      from looked_at k left join held h using (region, month, number)
), known as materialized (
    select s.*, due.day, due.version, due.provisional
      from (select distinct region, counted_from, workdays from concerned) as s,
           lateral foundation.due_dates(s.counted_from, s.workdays, s.region) as due
), differing as materialized (
    select c.region, c.month, c.number, c.kind, c.turn, c.before, k.day as after, k.version,
           k.provisional
      from concerned c join known k using (region, counted_from, workdays)
     where (c.before, c.calendar_version, c.unsure) <> (k.day, k.version, k.provisional)
)"""
_FIND: LiteralString = _ALL + _DIFFERING + "select distinct number from differing order by number"
_MOVE: LiteralString = (
    _THESE
    + _DIFFERING
    + """, rewritten as (
    update cases.clock k
       set due_on = d.after, calendar_version = d.version, provisional = d.provisional
      from differing d
     where (k.region, k.month, k.number, k.kind, k.turn)
           = (d.region, d.month, d.number, d.kind, d.turn)
), listed as (
    insert into cases.due_date_change (region, month, number, kind, turn, before, after,
                                       calendar_version, changed_at)
    select region, month, number, kind, turn, before, after, version, %(now)s
      from differing where before <> after
        on conflict do nothing
)
select count(*) from differing where before <> after
"""
)

# The case stands where its most urgent running clock puts it.
_STAND: LiteralString = """
update cases.case_file f set due_on = u.due_on
  from unnest(%(r)s::text[], %(m)s::int[], %(n)s::text[]) as t (region, month, number),
       lateral (select min(k.due_on) as due_on from cases.clock k
                 where (k.region, k.month, k.number) = (t.region, t.month, t.number)
                   and k.state = 'running') as u
 where (f.region, f.month, f.number) = (t.region, t.month, t.number)
   and f.due_on <> u.due_on
"""


def to_count_again(work: Work, changed: Changed) -> list[str]:
    """Return the numbers of the cases whose clocks are not what the calendar says now.

    Nothing is held: it only reads.
    """
    # A million clocks take half a minute, far beyond what a page may take.
    work.run("set local statement_timeout = '15min'")
    region = {"lowest": changed.below.ljust(6, "0"), "highest": changed.below.ljust(6, "9")}
    return [row.number for row in work.all(_Number, _FIND, **_told(changed), **region)]


def count_again(work: Work, changed: Changed, *, numbers: Sequence[str]) -> Counted:
    """Count the clocks of these cases again, those aside that somebody else holds."""
    held, missed = hold_free(work, numbers)
    # Another statement, so that it sees what was done until the cases were held.
    moved: int = work.value(_MOVE, now=work.now, **_told(changed), **keys_of(held)) if held else 0
    if moved:
        work.run(_STAND, **keys_of(held))
    return Counted(moved, tuple(missed))


def _told(changed: Changed) -> dict[str, object]:
    return {"first_day": changed.first_day, "last_day": changed.last_day}
