"""Lists of instances, work and timers for those who keep them going: what they may watch of all.

Row-level security beneath lets every officer see every instance, because a join must count the
tokens of departments that cannot see each other's work; so these queries ask themselves. Whoever
watches a whole region reads along the order of the list, whoever watches a unit begins at its
instances: each is a stretch of an index, so the two are asked for apart.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar

from tongban.foundation.actor import Kind
from tongban.foundation.work import Work
from tongban.process.model.instance import Key
from tongban.process.model.situation import InstanceLine, TimerLine, Waiting

WATCH = "process.watch"
LISTED = 100
"""How many tasks or timers a list shows."""
Line = TypeVar("Line")

LINE: LiteralString = """
select i.region, i.month, i.id, i.number, i.definition, d.process, d.name, d.version, i.department,
       i.holder, i.state, coalesce(i.outcome, '') as outcome, i.started_at, i.ended_at
  from process.instance i
  join process.definition d on d.id = i.definition
"""
TOKEN: LiteralString = """
select t.region, t.month, t.instance, t.id, t.definition, t.node, t.state,
       coalesce(t.turn, -1) as turn, coalesce(t.department, '') as department,
       coalesce(t.role, '') as role, coalesce(t.assignee_name, '') as assignee_name, t.due_at,
       t.born_at, coalesce(t.attempts, 0) as attempts, coalesce(t.error, '') as error
  from process.token t
"""
TIMER: LiteralString = """
select a.region, a.month, a.instance, a.token, a.definition, a.node, i.number, d.name, a.due_at,
       a.attempts, coalesce(a.error, '') as error
  from process.alarm a
  join process.instance i on i.region = a.region and i.month = a.month and i.id = a.instance
  join process.definition d on d.id = i.definition
"""
# What has ended has no tokens any more, so a token need not ask its instance whether it has.
_OF_INSTANCE: LiteralString = """
  join process.instance i on i.region = t.region and i.month = t.month and i.id = t.instance
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which instances are asked for; "" and 0 ask for all. ``region`` is a prefix."""

    process: str = ""
    version: int = 0
    state: str = ""
    region: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """What is watched together: whole regions, or units in theirs."""

    units: bool
    values: Mapping[str, object]


def _parts(work: Work) -> list[_Part]:
    """Return which departments and regions the actor may watch.

    :raises Forbidden: to whoever may watch nothing.
    """
    work.actor.must(WATCH)
    given = {("", "")}
    if work.actor.kind is not Kind.SYSTEM:
        given = {
            (one.department, one.region) for one in work.actor.grants if WATCH in one.permissions
        }
    apart = sorted(one for one in given if not any(_covers(other, one) for other in given))
    parts = []
    for units in (False, True):
        mine = [one for one in apart if bool(one[0]) is units]
        values = {
            "departments": [department for department, _ in mine],
            "lowest": [region.ljust(6, "0") for _, region in mine],
            "highest": [region.ljust(6, "9") for _, region in mine],
        }
        parts += [_Part(units, values)] if mine else []
    return parts


def _covers(other: tuple[str, str], one: tuple[str, str]) -> bool:
    return other != one and other[0] in ("", one[0]) and one[1].startswith(other[1])


@dataclass(frozen=True, slots=True)
class _List:
    """A list: what of, whose column is the region, what else holds, and its order.

    ``order`` names columns of the result; ``of_unit`` is what reaches the instance ``i`` where
    ``select`` has not.
    """

    select: LiteralString
    region: LiteralString
    further: LiteralString
    order: LiteralString
    of_unit: LiteralString = ""

    def text(self, *, units: bool) -> LiteralString:
        """Return the statement. Its length stands in the text, so that a plan knows it is short."""
        return (
            "select l.* from unnest(%(departments)s::text[], %(lowest)s::text[],"
            " %(highest)s::text[]) as g (department, lowest, highest), lateral ("
            + self.select
            + (self.of_unit if units else "")
            + " where "
            + ("i.region" if units else self.region)
            + " between g.lowest and g.highest "
            + (" and i.department = g.department " if units else "")
            + self.further
            + " order by "
            + self.order
            + " limit 101) as l order by "
            + self.order
            + " limit 101"
        )


_LATE = _List(
    TOKEN, "t.region", " and t.state = 'work' and t.due_at < %(now)s", "due_at, id", _OF_INSTANCE
)
_FAILED = _List(TOKEN, "t.region", " and t.state = 'failed'", "born_at, id", _OF_INSTANCE)
_NEXT = _List(TIMER, "a.region", " and i.state = 'running' and a.attempts < 8", "due_at, token")
_STOPPED = _List(TIMER, "a.region", " and i.state = 'running' and a.attempts >= 8", "due_at, token")


def _listed(
    work: Work, kind: type[Line], of: _List, key: Callable[[Line], Any], **values: object
) -> list[Line]:
    found: dict[Any, Line] = {}
    for part in _parts(work):
        # Of a unit few are sorted, once its instances were found.
        with nullcontext() if part.units else work.in_index_order():
            lines = work.all(kind, of.text(units=part.units), **values, **part.values)
        # What lies in a unit and in a region is watched once.
        found |= {key(line): line for line in lines}
    return [found[one] for one in sorted(found)][:LISTED]


def failed_tasks(work: Work) -> list[Waiting]:
    """Return service tasks that were given up, the oldest first."""
    return _listed(work, Waiting, _FAILED, lambda one: (one.born_at, one.id))


def overdue_items(work: Work) -> list[Waiting]:
    """Return open work items that are late, the latest of all first."""
    return _listed(work, Waiting, _LATE, lambda one: (one.due_at, one.id), now=work.now)


def next_timers(work: Work) -> list[TimerLine]:
    """Return the timers that ring next."""
    return _listed(work, TimerLine, _NEXT, lambda one: (one.due_at, one.token))


def stopped_timers(work: Work) -> list[TimerLine]:
    """Return the timers that could not ring and were given up, the oldest first."""
    return _listed(work, TimerLine, _STOPPED, lambda one: (one.due_at, one.token))


def instances(
    work: Work, *, asked: Asked, after: Key | None = None, limit: int = 50
) -> list[InstanceLine]:
    """Return at most 100 instances, those of the last region and month first, after one of them."""
    wanted: tuple[tuple[object, LiteralString], ...] = (
        (asked.process, " and d.process = %(process)s"),
        (asked.version, " and d.version = %(version)s"),
        (asked.state, " and i.state = %(state)s"),
        (asked.region, " and i.region between %(region_from)s and %(region_to)s"),
        (asked.number, " and i.number = %(number)s"),
    )
    further: LiteralString = " and (i.region, i.month, i.id) < (%(region)s, %(month)s, %(id)s)"
    for value, condition in wanted:
        if value:
            further += condition
    key = after or Key("999999", 9999, 2**62)
    of = _List(LINE, "i.region", further, "region desc, month desc, id desc")
    found = _listed(
        work, InstanceLine, of, lambda one: tuple(-part for part in _number(one.key)),
        process=asked.process, version=asked.version, state=asked.state, number=asked.number,
        region_from=asked.region.ljust(6, "0"), region_to=asked.region.ljust(6, "9"),
        region=key.region, month=key.month, id=key.id,
    )  # fmt: skip
    return found[:limit]


def _number(key: Key) -> tuple[int, int, int]:
    return int(key.region), key.month, key.id
