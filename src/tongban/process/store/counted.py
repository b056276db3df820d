"""Due dates that were counted in working days, counted again."""

from datetime import date
from typing import LiteralString

from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.process.model.instance import Key
from tongban.process.model.situation import DueDateChange

# Few different sums stand behind many due dates, so each is worked out only once.
_MOVE: LiteralString = """
with concerned as materialized (
    select false as timer, region, month, instance, id as token, node, counted_from, workdays,
           due_at
      from process.token
     where workdays is not null and region like %(regions)s
       and counted_from <= %(last_day)s and due_at >= %(first_day)s
     union all
    select true, region, month, instance, token, node, counted_from, workdays, due_at
      from process.alarm
     where workdays is not null and region like %(regions)s
       and counted_from <= %(last_day)s and due_at >= %(first_day)s
), known as materialized (
    select s.*, (due.day + time '23:59:59') at time zone 'Asia/Shanghai' as after, due.version
      from (select distinct region, counted_from, workdays from concerned) as s,
           lateral foundation.due_dates(s.counted_from, s.workdays, s.region) as due
), moved as materialized (
    select c.*, k.after, k.version
      from concerned c join known k using (region, counted_from, workdays)
     where c.due_at <> k.after
), tokens as (
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
    returning token
)
select count(*) from listed
"""


def count_again(work: Work, *, below: str, first_day: date, last_day: date) -> int:
    """Count again what the changed days of a region may concern; return how many dates moved."""
    work.run("set local statement_timeout = '15min'")
    moved: int = work.value(
        _MOVE, regions=below + "%", first_day=first_day, last_day=last_day, now=work.now
    )
    return moved


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
