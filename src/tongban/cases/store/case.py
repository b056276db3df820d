"""How a case and its clocks are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

import msgspec

from tongban.cases.model import Case, Limit, Private, key_of
from tongban.cases.model.clock import reckoned_from
from tongban.foundation.db import Db
from tongban.foundation.work import Work


def hold(db: Db, number: str) -> None:
    """Lock a case until the transaction ends, so that acts come one by one.

    A statement of its own, because what belongs to the case must be read after the lock was got.
    """
    db.run(
        """
        select from cases.case_file
         where region = %(region)s and month = %(month)s and number = %(number)s
           for update
        """,
        **key_of(number),
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    number: str
    held: bool


def hold_free(db: Db, numbers: Sequence[str]) -> tuple[list[str], list[str]]:
    """Lock those of these cases that nobody else holds; return their numbers, and the others'."""
    rows = db.all(
        _Taken,
        """
        with t as materialized (
            select * from unnest(%(r)s::text[], %(m)s::int[], %(n)s::text[])
                       as t (region, month, number)
        ), held as materialized (
            select region, month, number
              from cases.case_file join t using (region, month, number)
               for update of case_file skip locked
        )
        select number, h.region is not null as held
          from cases.case_file join t using (region, month, number)
          left join held h using (region, month, number)
         order by number
        """,
        **keys_of(numbers),
    )
    return [r.number for r in rows if r.held], [r.number for r in rows if not r.held]


def keys_of(numbers: Sequence[str]) -> dict[str, object]:
    """Return the keys of cases out of the store as the arrays r, m and n of statements."""
    # Their check characters need not be asked again.
    parts = [number.split("-") for number in numbers]
    return {"r": [p[0] for p in parts], "m": [int(p[1]) for p in parts], "n": list(numbers)}


def keep_versions(db: Db, versions: Mapping[str, int]) -> None:
    """Note the version of its process on which each case runs, by its number."""
    db.run(
        """
        update cases.case_file c set definition = v.definition
          from unnest(%(r)s::text[], %(m)s::int[], %(n)s::text[], %(v)s::bigint[])
               as v (region, month, number, definition)
         where (c.region, c.month, c.number) = (v.region, v.month, v.number)
        """,
        v=list(versions.values()),
        **keys_of(list(versions)),
    )


def keep_private(db: Db, number: str, private: Private) -> None:
    db.run(
        """
        update cases.private set sealed = %(sealed)s
         where region = %(region)s and month = %(month)s and number = %(number)s
        """,
        sealed=private.seal(),
        **key_of(number),
    )


def starting(limits: Sequence[Limit], *, on: date) -> str:
    """Return clocks that start on a day, in the shape that the statements here take."""
    clocks = []
    for limit in limits:
        counted_from, workdays = reckoned_from(on, limit.amount, limit.unit)
        clocks.append(
            {
                "kind": limit.kind,
                "started_on": on,
                "amount": limit.amount,
                "unit": limit.unit,
                "counted_from": counted_from,
                "workdays": workdays,
                "basis": limit.basis,
            }
        )
    return msgspec.json.encode(clocks).decode()


# Whatever clocks ran have met their purpose, in time or late, or were stopped because it is gone.
_MOVE: LiteralString = """
with closed as (
    update cases.clock
       set state = case when %(stopped)s then 'stopped'
                        when due_on < %(today)s then 'late'
                        else 'met' end,
           ended_at = %(now)s
     where region = %(region)s and month = %(month)s and number = %(number)s
       and state in ('running', 'paused')
), unpaused as (
    update cases.pause set ended_on = %(today)s
     where region = %(region)s and month = %(month)s and number = %(number)s and ended_on is null
), wanted as materialized (
    select w.*, due.day as due_on, due.version, due.provisional
      from jsonb_to_recordset(%(starts)s::jsonb)
               as w (kind text, started_on date, amount int, unit text, counted_from date,
                     workdays int, basis text),
           lateral foundation.due_dates(w.counted_from, w.workdays, %(region)s) as due
), started as (
    insert into cases.clock (region, month, number, kind, turn, started_on, amount, unit,
                             counted_from, workdays, due_on, calendar_version, provisional, basis,
                             state)
    select %(region)s, %(month)s, %(number)s, w.kind,
           1 + (select count(*) from cases.clock k
                 where k.region = %(region)s and k.month = %(month)s and k.number = %(number)s
                   and k.kind = w.kind),
           w.started_on, w.amount, w.unit, w.counted_from, w.workdays, w.due_on, w.version,
           w.provisional, w.basis, 'running'
      from wanted w
)
update cases.case_file
   set stage = %(stage)s, step = %(step)s, revision = %(revision)s,
       materials_complete_at = %(materials_complete_at)s, accepted_at = %(accepted_at)s,
       decided_at = %(decided_at)s, delivered_at = %(delivered_at)s, closed_at = %(closed_at)s,
       handler = %(handler)s, handler_name = %(handler_name)s, decision = %(decision)s,
       reason = %(reason)s, deemed = %(deemed)s, way = %(way)s, receiver = %(receiver)s,
       to_correct = %(to_correct)s,
       due_on = (select min(due_on) from wanted)
 where region = %(region)s and month = %(month)s and number = %(number)s
"""


def move(
    work: Work,
    case: Case,
    *,
    starts: Sequence[Limit] = (),
    started_on: date | None = None,
    stopped: bool = False,
) -> None:
    """Keep a case that has come to another stage: its clocks end, those of ``starts`` begin."""
    work.run(
        _MOVE,
        starts=starting(starts, on=started_on or work.today),
        stopped=stopped,
        today=work.today,
        now=work.now,
        **_columns(case),
    )


def touch(work: Work, case: Case) -> None:
    """Keep a case that stays in its stage; its clocks run on."""
    work.run(
        """
        update cases.case_file
           set step = %(step)s, revision = %(revision)s, handler = %(handler)s,
               handler_name = %(handler_name)s
         where region = %(region)s and month = %(month)s and number = %(number)s
        """,
        **_columns(case),
    )


# A clock that a special procedure holds has no due date until the procedure is over.
_RECKON: LiteralString = """
with paused as (
    select coalesce(sum(foundation.working_days_between(begun_on, ended_on, region)), 0)::int
               as days,
           count(*) filter (where ended_on is null) > 0 as now
      from cases.pause
     where region = %(region)s and month = %(month)s and number = %(number)s
), due as materialized (
    select k.kind, k.turn, reckoned.day, reckoned.version, reckoned.provisional
      from cases.clock k, paused,
           lateral foundation.due_dates(
               k.counted_from, k.workdays + k.extended + paused.days, k.region) as reckoned
     where k.region = %(region)s and k.month = %(month)s and k.number = %(number)s
       and k.state in ('running', 'paused') and not paused.now
), reckoned as (
    update cases.clock k
       set due_on = due.day,
           state = 'running',
           calendar_version = due.version,
           provisional = due.provisional
      from due
     where k.region = %(region)s and k.month = %(month)s and k.number = %(number)s
       and k.kind = due.kind and k.turn = due.turn
), held as (
    update cases.clock k
       set due_on = null, state = 'paused'
      from paused
     where k.region = %(region)s and k.month = %(month)s and k.number = %(number)s
       and k.state = 'running' and paused.now
)
update cases.case_file
   set revision = %(revision)s, due_on = (select min(day) from due)
 where region = %(region)s and month = %(month)s and number = %(number)s
"""


def reckon(work: Work, case: Case) -> None:
    """Work out anew when the open clocks of a case run out, after a pause or an extension."""
    work.run(_RECKON, **_columns(case))


def _columns(case: Case) -> dict[str, object]:
    return {
        **key_of(case.number),
        "stage": case.stage,
        "step": case.step,
        "revision": case.revision,
        "materials_complete_at": case.materials_complete_at,
        "accepted_at": case.accepted_at,
        "decided_at": case.decided_at,
        "delivered_at": case.delivered_at,
        "closed_at": case.closed_at,
        "handler": case.handler,
        "handler_name": case.handler_name,
        "decision": case.decision,
        "reason": case.reason,
        "deemed": case.deemed,
        "way": case.way,
        "receiver": case.receiver,
        "to_correct": msgspec.json.encode(case.to_correct).decode(),
    }
