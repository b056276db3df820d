"""Instances as those see them who keep them going. Whoever may watch a part sees that part.

Row-level security beneath lets every officer see every instance, because a join must count the
tokens of departments that cannot see each other's work; so these queries ask themselves.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

from tongban.foundation.actor import SYSTEM, Kind
from tongban.foundation.work import Work
from tongban.process.model.instance import Key, NoSuchInstance
from tongban.process.model.situation import (
    InstanceLine,
    Listening,
    Passed,
    Situation,
    TimerLine,
    Waiting,
)

WATCH = "process.watch"
WINDOW = 20_000
"""How many running instances are looked at for one page of those that nothing moves."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which instances are asked for; "" and 0 ask for all. ``region`` is a prefix."""

    process: str = ""
    version: int = 0
    state: str = ""
    region: str = ""
    number: str = ""


_LINE: LiteralString = """
select i.region, i.month, i.id, i.number, i.definition, d.process, d.name, d.version, i.department,
       i.holder, i.state, coalesce(i.outcome, '') as outcome, i.started_at, i.ended_at
  from process.instance i
  join process.definition d on d.id = i.definition
"""
_SEEN: LiteralString = """
exists (select from unnest(%(departments)s::text[], %(regions)s::text[]) as g (d, r)
         where (g.d = '' or g.d = i.department) and i.region like g.r || '%%')
"""
_TOKEN: LiteralString = """
select t.region, t.month, t.instance, t.id, t.definition, t.node, t.state,
       coalesce(t.turn, -1) as turn, coalesce(t.department, '') as department,
       coalesce(t.role, '') as role, coalesce(t.assignee_name, '') as assignee_name, t.due_at,
       t.born_at, coalesce(t.attempts, 0) as attempts, coalesce(t.error, '') as error, i.number
  from process.token t
  join process.instance i on i.region = t.region and i.month = t.month and i.id = t.instance
"""
_TIMER: LiteralString = """
select a.region, a.month, a.instance, a.token, a.definition, a.node, i.number, d.name, a.due_at,
       a.attempts, coalesce(a.error, '') as error
  from process.alarm a
  join process.instance i on i.region = a.region and i.month = a.month and i.id = a.instance
  join process.definition d on d.id = i.definition
"""

_OF_TOKEN: LiteralString = """
 where t.region = %(region)s and t.month = %(month)s and t.instance = %(id)s
"""
_OF_ALARM: LiteralString = """
 where a.region = %(region)s and a.month = %(month)s and a.instance = %(id)s
"""
_OF_SUBSCRIPTION: LiteralString = """
 where s.region = %(region)s and s.month = %(month)s and s.instance = %(id)s
"""
_OF_VARIABLE: LiteralString = """
 where v.region = %(region)s and v.month = %(month)s and v.instance = %(id)s
"""
_OF_HISTORY: LiteralString = """
 where h.region = %(region)s and h.month = %(month)s and h.instance = %(id)s
"""


def _seen(work: Work) -> dict[str, Any]:
    """The departments and regions in which the actor may watch, side by side."""
    if work.actor.kind is Kind.SYSTEM:
        return {"departments": [""], "regions": [""]}
    grants = [one for one in work.actor.grants if WATCH in one.permissions]
    return {
        "departments": [one.department for one in grants],
        "regions": [one.region for one in grants],
    }


def _after(after: Key | None) -> dict[str, Any]:
    key = after or Key("999999", 9999, 2**62)
    return {"after_region": key.region, "after_month": key.month, "after": key.id}


def instances(
    work: Work, *, asked: Asked, after: Key | None = None, limit: int = 50
) -> list[InstanceLine]:
    """Return instances, those of the last region and month first, after one of them."""
    work.actor.must(WATCH)
    return work.all(
        InstanceLine,
        _LINE
        + " where "
        + _SEEN
        + """
           and (i.region, i.month, i.id) < (%(after_region)s, %(after_month)s, %(after)s)
           and (%(process)s = '' or d.process = %(process)s)
           and (%(version)s = 0 or d.version = %(version)s)
           and (%(state)s = '' or i.state = %(state)s)
           and (%(region)s = '' or i.region like %(region)s || '%%')
           and (%(number)s = '' or i.number = %(number)s)
         order by i.region desc, i.month desc, i.id desc
         limit %(limit)s
        """,
        process=asked.process,
        version=asked.version,
        state=asked.state,
        region=asked.region,
        number=asked.number,
        limit=limit,
        **_seen(work),
        **_after(after),
    )


@dataclass(frozen=True, slots=True)
class Unmoved:
    """Running instances that nothing will move, and where to look on (None: all were seen)."""

    lines: tuple[InstanceLine, ...]
    next: Key | None


@dataclass(frozen=True, slots=True)
class _Last:
    region: str
    month: int
    id: int


def unmoved(work: Work, *, after: Key | None = None, window: int = WINDOW) -> Unmoved:
    """Return running instances without an open work item, a job, a timer or anything awaited.

    Each call looks at so many running instances, whatever it finds, so its cost is bounded.
    """
    work.actor.must(WATCH)
    values = {"window": window, **_seen(work), **_after(after)}
    part: LiteralString = (
        """
        select i.* from process.instance i
         where i.state = 'running'
           and (i.region, i.month, i.id) < (%(after_region)s, %(after_month)s, %(after)s) and """
        + _SEEN
        + " order by i.region desc, i.month desc, i.id desc limit %(window)s"
    )
    lines = work.all(
        InstanceLine,
        "with i as ("
        + part
        + ")"
        + """
        select i.region, i.month, i.id, i.number, i.definition, d.process, d.name, d.version,
               i.department, i.holder, i.state, '' as outcome, i.started_at, i.ended_at
          from i join process.definition d on d.id = i.definition
         where not exists (select from process.token t
                            where t.region = i.region and t.month = i.month and t.instance = i.id
                              and t.state in ('work', 'job', 'failed'))
           and not exists (select from process.alarm a
                            where a.region = i.region and a.month = i.month and a.instance = i.id
                              and a.attempts < 8)
           and not exists (select from process.subscription s
                            where s.region = i.region and s.month = i.month and s.instance = i.id)
         order by i.region desc, i.month desc, i.id desc
        """,
        **values,
    )
    last = work.one(
        _Last,
        "with i as (" + part + ")" + " select region, month, id from i offset %(window)s - 1",
        **values,
    )
    return Unmoved(tuple(lines), Key(last.region, last.month, last.id) if last else None)


def failed_tasks(work: Work, *, limit: int = 100) -> list[Waiting]:
    """Return service tasks that were given up, the oldest first."""
    return _tokens(work, " and t.state = 'failed' order by t.born_at, t.id limit %(limit)s", limit)


def overdue_items(work: Work, *, limit: int = 100) -> list[Waiting]:
    """Return open work items that are late, the latest of all first."""
    return _tokens(
        work,
        " and t.state = 'work' and t.due_at < %(now)s order by t.due_at, t.id limit %(limit)s",
        limit,
    )


def _tokens(work: Work, further: LiteralString, limit: int) -> list[Waiting]:
    work.actor.must(WATCH)
    return work.all(
        Waiting,
        _TOKEN
        + """
         where i.state <> 'ended' and """
        + _SEEN
        + further,
        now=work.now,
        limit=limit,
        **_seen(work),
    )


def next_timers(work: Work, *, limit: int = 100) -> list[TimerLine]:
    """Return the timers that ring next."""
    return _timers(work, " and a.attempts < 8 order by a.due_at limit %(limit)s", limit)


def stopped_timers(work: Work, *, limit: int = 100) -> list[TimerLine]:
    """Return the timers that could not ring and were given up, the oldest first."""
    return _timers(work, " and a.attempts >= 8 order by a.due_at limit %(limit)s", limit)


def _timers(work: Work, further: LiteralString, limit: int) -> list[TimerLine]:
    work.actor.must(WATCH)
    return work.all(
        TimerLine,
        _TIMER + " where i.state = 'running' and " + _SEEN + further,
        limit=limit,
        **_seen(work),
    )


def situation(work: Work, *, instance: Key) -> Situation:
    """Return where an instance stands, for whoever may watch it.

    :raises NoSuchInstance: if there is none.
    """
    found = _situation(work, instance)
    work.actor.must(WATCH, department=found.line.department, region=found.line.region)
    return found


def situation_at(work: Work, *, instance: Key) -> Situation | None:
    """Return where an instance stands, or None where there is none.

    Permits everyone: whoever asks was permitted to see what the instance is about, and nobody else
    is shown more of it than how far it has come.
    """
    with work.acting_as(SYSTEM):
        try:
            return _situation(work, instance)
        except NoSuchInstance:
            return None


def _situation(work: Work, instance: Key) -> Situation:
    of: dict[str, Any] = {"region": instance.region, "month": instance.month, "id": instance.id}
    line = work.one(
        InstanceLine,
        _LINE + " where i.region = %(region)s and i.month = %(month)s and i.id = %(id)s",
        **of,
    )
    if line is None:
        raise NoSuchInstance
    return Situation(
        line,
        tuple(
            work.all(
                Waiting,
                _TOKEN + _OF_TOKEN + " order by t.id",
                **of,
            )
        ),
        tuple(work.all(TimerLine, _TIMER + _OF_ALARM + " order by a.due_at", **of)),
        tuple(
            work.all(
                Listening,
                "select s.node, s.kind, s.name, s.key from process.subscription s"
                + _OF_SUBSCRIPTION
                + " order by s.node",
                **of,
            )
        ),
        tuple(
            work.all(
                Passed,
                """
                select h.act, h.node, h.path, coalesce(h.data ->> 'to', '') as to
                  from process.history h
                """
                + _OF_HISTORY
                + " order by h.id",
                **of,
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class _Values:
    scope: int
    data: dict[str, object]


def all_values(work: Work, *, instance: Key) -> dict[str, object]:
    """Return the variables of an instance as they are now; those of inner scopes after a dot.

    They may be personal: a page shows them ``masked``, or in the clear by the command ``look``.
    """
    situation(work, instance=instance)
    rows = work.all(
        _Values,
        "select v.scope, v.data from process.variable v"
        + _OF_VARIABLE
        + " order by v.scope, v.at, v.id",
        region=instance.region,
        month=instance.month,
        id=instance.id,
    )
    found: dict[str, object] = {}
    for row in rows:
        inner = f"{row.scope}." if row.scope else ""
        found |= {f"{inner}{name}": value for name, value in row.data.items()}
    return found
