"""One instance as those see it who keep it going, and the instances that nothing moves."""

from collections.abc import Mapping
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
from tongban.process.queries.watched import LINE, TIMER, TOKEN, WATCH

WINDOW = 20_000
"""How many running instances are looked at for one page of those that nothing moves."""


_SEEN: LiteralString = """
exists (select from unnest(%(departments)s::text[], %(regions)s::text[]) as g (d, r)
         where (g.d = '' or g.d = i.department) and i.region like g.r || '%%')
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
    seen = _seen(work)
    values = {"window": window, **seen, **_after(after)}
    part: LiteralString = (
        """
        select i.* from process.instance i
         where i.state = 'running'
           and (i.region, i.month, i.id) < (%(after_region)s, %(after_month)s, %(after)s) and """
        + _SEEN
        + ("" if "" in seen["departments"] else " and i.department = any (%(departments)s)")
        + " order by i.region desc, i.month desc, i.id desc limit %(window)s"
    )
    with work.in_index_order():
        return _unmoved(work, part, values)


def _unmoved(work: Work, part: LiteralString, values: Mapping[str, object]) -> Unmoved:
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
        LINE + " where i.region = %(region)s and i.month = %(month)s and i.id = %(id)s",
        **of,
    )
    if line is None:
        raise NoSuchInstance
    return Situation(
        line,
        tuple(
            work.all(
                Waiting,
                TOKEN + _OF_TOKEN + " order by t.id",
                **of,
            )
        ),
        tuple(work.all(TimerLine, TIMER + _OF_ALARM + " order by a.due_at", **of)),
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
