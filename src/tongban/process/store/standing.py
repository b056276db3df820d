"""Where an instance stands, and what waits for somebody: work items with what their step says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from tongban.foundation.actor import Kind
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor
from tongban.foundation.work import Work
from tongban.process.model.attributes import Attributes
from tongban.process.model.graph import Node
from tongban.process.model.instance import ItemKey, Key, NoSuchItem
from tongban.process.store.definition import graph
from tongban.process.store.write import token_keys

COUNTED_UP_TO = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that an instance waits at: a work item, an event, or a service task.

    ``waits`` is "work", "event", "job" or "failed". ``department`` and ``role`` are whose work it
    is, ``number`` what the instance is about, ``since`` when it began to wait.
    """

    item: ItemKey
    number: str
    holder: str
    node: str
    name: str
    waits: str
    department: str
    role: str
    assignee: str
    assignee_name: str
    since: datetime
    due_at: datetime | None
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class _Row:
    region: str
    month: int
    instance: int
    id: int
    definition: int
    node: str
    state: str
    department: str
    role: str
    assignee: str
    assignee_name: str
    born_at: datetime
    due_at: datetime | None
    number: str
    holder: str


_COLUMNS: LiteralString = """
select t.region, t.month, t.instance, t.id, t.definition, t.node, t.state,
       coalesce(t.department, i.department) as department, coalesce(t.role, '') as role,
       coalesce(t.assignee, '') as assignee, coalesce(t.assignee_name, '') as assignee_name,
       t.born_at, t.due_at, i.number, i.holder
  from process.token t
  join process.instance i on i.region = t.region and i.month = t.month and i.id = t.instance
"""


def standing(db: Db, *, instance: Key) -> list[Standing]:
    """Return what an instance waits at, the oldest first; empty once it has ended."""
    rows = db.all(
        _Row,
        _COLUMNS
        + """
         where t.region = %(region)s and t.month = %(month)s and t.instance = %(id)s
           and t.state in ('work', 'event', 'job', 'failed') and coalesce(t.helps, 0) <= 0
         order by t.id
        """,
        region=instance.region,
        month=instance.month,
        id=instance.id,
    )
    return [_standing(db, row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Runs:
    region: str
    month: int
    id: int
    definition: int


def versions_run(db: Db, *, instances: Sequence[Key]) -> dict[Key, int]:
    """Return the version of its process on which each instance runs."""
    keys = token_keys([(key, 0) for key in instances])
    rows = db.all(
        _Runs,
        """
        select region, month, id, definition
          from process.instance
          join unnest(%(r)s::text[], %(m)s::int[], %(i)s::bigint[]) as k (region, month, id)
         using (region, month, id)
        """,
        **{name: keys[name] for name in ("r", "m", "i")},
    )
    return {Key(row.region, row.month, row.id): row.definition for row in rows}


def item_for(db: Db, *, instance: Key, act: str) -> ItemKey | None:
    """Return the work item whose step is completed by this act (``tongban:act``), if one waits."""
    found = standing(db, instance=instance)
    acting = (one.item for one in found if one.waits == "work" and one.attributes.act == act)
    return next(acting, None)


def open_item(work: Work, *, item: ItemKey) -> Standing:
    """Return a work item to somebody who may do it.

    :raises NoSuchItem: if it is not open any more.
    :raises Forbidden: if it is not for the actor's role and unit.
    """
    rows = work.all(
        _Row,
        _COLUMNS
        + """
         where t.region = %(region)s and t.month = %(month)s and t.instance = %(instance)s
           and t.id = %(token)s and t.state = 'work'
        """,
        region=item.instance.region,
        month=item.instance.month,
        instance=item.instance.id,
        token=item.token,
    )
    if not rows:
        raise NoSuchItem
    found = _standing(work, rows[0])
    permission = f"role.{found.role}" if found.role else "process.work"
    work.actor.must(permission, department=found.department, region=item.instance.region)
    return found


def steps(db: Db, *, definition: int) -> dict[str, Attributes]:
    """Return what a published version says about each of its steps, by the id of the node."""
    return {node.id: node.attributes for node in graph(db, definition).nodes}


@dataclass(frozen=True, slots=True)
class _Values:
    data: dict[str, object]


def variables(db: Db, *, instance: Key) -> dict[str, object]:
    """Return the variables of an instance as a whole, without those of scopes inside it."""
    rows = db.all(
        _Values,
        """
        select data from process.variable
         where region = %(region)s and month = %(month)s and instance = %(id)s and scope = 0
         order by at
        """,
        region=instance.region,
        month=instance.month,
        id=instance.id,
    )
    found: dict[str, object] = {}
    for row in rows:
        found |= row.data
    return {name: value for name, value in found.items() if not name.startswith("#")}


# What a unit's role has to do is a stretch of the index; only what is shown is read with its
# instance. The region of a role that is held throughout it is asked of what the index gives.
_MINE: LiteralString = (
    """
with mine as materialized (
    select found.*
      from unnest(%(departments)s::text[], %(roles)s::text[], %(wide)s::boolean[])
           as held (unit, role, wide),
           lateral (
               select t.region, t.month, t.instance, t.id, t.due_at
                 from process.token t
                where t.state = 'work' and t.act is null
                  and t.department = held.unit and t.role = held.role
                  and (not held.wide or t.region like any (%(regions)s))
                  and (t.assignee is null or t.assignee = %(actor)s)
                  and (coalesce(t.due_at, 'infinity'), t.id) > (%(due)s::timestamptz, %(id)s)
                order by coalesce(t.due_at, 'infinity'), t.id
                limit %(limit)s) as found
     order by coalesce(found.due_at, 'infinity'), found.id
     limit %(limit)s
)
"""
    + _COLUMNS
    + """
  join mine on mine.region = t.region and mine.month = t.month and mine.instance = t.instance
           and mine.id = t.id
 order by coalesce(mine.due_at, 'infinity'), mine.id
"""
)


def worklist(work: Work, *, after: str = "", size: int = 20) -> Page[Standing]:
    """Return the work items that wait for the actor, the most urgent first.

    Those of the actor's roles in the actor's units, and those in the actor's hands; not those that
    an act of the module above completes (``tongban:act``), which stand in that module's lists.
    """
    work.actor.must("process.work")
    due, number = _since(after)
    rows = _mine(work, due=due, id=number, limit=size + 1)
    return cut(
        [_standing(work, row) for row in rows],
        size=size,
        key=lambda one: (one.due_at.isoformat() if one.due_at else "infinity", one.item.token),
    )


def _since(after: str) -> tuple[str, int]:
    if not after:
        return "-infinity", 0
    match read_cursor(after):
        case (str(due), int(number)):
            return due, number
    raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))


def waiting_count(work: Work) -> int:
    """Return how many work items ``worklist`` has; ``COUNTED_UP_TO`` means that many or more."""
    if not work.actor.may("process.work"):
        return 0
    return len(_mine(work, due="-infinity", id=0, limit=COUNTED_UP_TO))


def _mine(work: Work, **values: object) -> list[_Row]:
    with work.in_index_order():
        return work.all(_Row, _MINE, **values, **_held(work))


@dataclass(frozen=True, slots=True)
class _Unit:
    department: str


def _held(work: Work) -> dict[str, object]:
    """Return which roles the actor holds in which units.

    Whoever holds a role throughout a region holds it in every unit for which something waits.
    """
    given = {
        (grant.department, permission.removeprefix("role."))
        for grant in work.actor.grants
        if work.actor.kind is Kind.OFFICER
        for permission in grant.permissions
        if permission.startswith("role.")
    }
    throughout = {role for unit, role in given if not unit}
    held = {(unit, role, False) for unit, role in given if unit and role not in throughout}
    if throughout:
        held |= {(unit, role, True) for unit in _units(work) for role in throughout}
    ordered = sorted(held)
    return {
        "departments": [unit for unit, _, _ in ordered],
        "roles": [role for _, role, _ in ordered],
        "wide": [wide for _, _, wide in ordered],
        "regions": [f"{region}%" for region in work.actor.regions],
        "actor": work.actor.id,
    }


def _units(work: Work) -> list[str]:
    """Return the units for which something waits, found one after the other along the index."""
    rows = work.all(
        _Unit,
        """
        with recursive unit as (
            select min(department) as department from process.token
             where state = 'work' and act is null
            union all
            select (select min(department) from process.token
                     where state = 'work' and act is null and department > unit.department)
              from unit where unit.department is not null
        )
        select department from unit where department is not null
        """,
    )
    return [row.department for row in rows]


def _standing(db: Db, row: _Row) -> Standing:
    node: Node = graph(db, row.definition).node(row.node)
    key = ItemKey(Key(row.region, row.month, row.instance), row.id)
    return Standing(
        key, row.number, row.holder, row.node, node.name or node.id, row.state, row.department,
        row.role, row.assignee, row.assignee_name, row.born_at, row.due_at, node.attributes,
    )  # fmt: skip
