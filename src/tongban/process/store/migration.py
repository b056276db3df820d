"""Migrations as they are kept: how far they have come, and how each instance stood before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.process.model.instance import Instance, InstanceState, Key
from tongban.process.model.migration import Standing
from tongban.process.model.problems import Problem, Term
from tongban.process.store.placed import (
    ALARM,
    GATHERING,
    SUBSCRIPTION,
    TOKEN,
    AlarmRow,
    GatheringRow,
    SubscriptionRow,
    TokenRow,
    by_instance,
    keys_as_json,
)
from tongban.process.store.rows import Book

_TERMS = ("role", "act")


@dataclass(frozen=True, slots=True)
class MigrationLine:
    """A migration and how far it has come. ``state``: trying, tried, moving, moved,
    reverting or reverted; while it is tried, ``moved`` counts what could be moved."""

    id: int
    process: str
    source: int
    target: int
    nodes: dict[str, str]
    department: str
    region: str
    reason: str
    state: str
    after_region: str
    after_month: int
    after_id: int
    total: int
    moved: int
    refused: int
    reverted: int
    asked_by: str
    asked_name: str
    asked_at: datetime
    carried_name: str
    carried_at: datetime | None
    ended_at: datetime | None

    @property
    def done(self) -> int:
        """How many instances were looked at, or brought back, so far."""
        return self.reverted if self.state == "reverting" else self.moved + self.refused

    @property
    def under_way(self) -> bool:
        """Whether the worker has not come to its end yet."""
        return self.state in ("trying", "moving", "reverting")

    @property
    def after(self) -> Key:
        """The instance up to which it has come."""
        return Key(self.after_region, self.after_month, self.after_id)


_LINE = """
select id, process, source, target, nodes, department, region, reason, state, after_region,
       after_month, after_id, total, moved, refused, reverted, asked_by, asked_name, asked_at,
       coalesce(carried_name, '') as carried_name, carried_at, ended_at
  from process.migration
"""


def hold_migration(work: Work, migration: int) -> MigrationLine | None:
    """Lock a migration and return it."""
    return work.one(MigrationLine, _LINE + " where id = %(id)s for update", id=migration)


def migration(db: Db, *, migration: int) -> MigrationLine | None:
    """Return a migration."""
    return db.one(MigrationLine, _LINE + " where id = %(id)s", id=migration)


def migrations(db: Db, *, process: str, limit: int = 50) -> list[MigrationLine]:
    """Return the migrations of a process, the latest first."""
    return db.all(
        MigrationLine,
        _LINE + " where process = %(process)s order by id desc limit %(limit)s",
        process=process,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class _Instance:
    region: str
    month: int
    id: int
    number: str
    definition: int
    department: str
    holder: str
    state: str


def instances_of(work: Work, *, definition: int, after: Key, limit: int) -> list[Instance]:
    """Return instances of a version that have not ended, in their order, after one of them."""
    rows = work.all(
        _Instance,
        """
        select region, month, id, number, definition, department, holder, state
          from process.instance
         where definition = %(definition)s and state <> 'ended'
           and (region, month, id) > (%(region)s, %(month)s, %(id)s)
         order by region, month, id
         limit %(limit)s
        """,
        definition=definition,
        region=after.region,
        month=after.month,
        id=after.id,
        limit=limit,
    )
    return [_instance(row) for row in rows]


def _instance(row: _Instance) -> Instance:
    key = Key(row.region, row.month, row.id)
    state = InstanceState(row.state)
    return Instance(key, row.number, row.definition, row.department, row.holder, state)


@dataclass(frozen=True, slots=True)
class _Opened:
    region: str
    month: int
    id: int
    number: str
    definition: int
    department: str
    holder: str
    state: str
    block: int


def open_many(book: Book, keys: Sequence[Key], *, definition: int) -> list[Instance]:
    """Take up instances that are held whole and still run in a version."""
    rows = book.work.all(
        _Opened,
        """
        select i.region, i.month, i.id, i.number, i.definition, i.department, i.holder, i.state,
               nextval('process.token_id') as block
          from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint)
          join process.instance i on i.region = k.r and i.month = k.m and i.id = k.i
         where i.definition = %(definition)s and i.state <> 'ended'
         order by i.region, i.month, i.id
        """,
        keys=keys_as_json(keys),
        definition=definition,
    )
    found = []
    for row in rows:
        key = Key(row.region, row.month, row.id)
        state = InstanceState(row.state)
        instance = Instance(key, row.number, row.definition, row.department, row.holder, state)
        book.open(instance, row.block)
        found.append(instance)
    return found


def standing_of(db: Db, keys: Sequence[Key]) -> dict[Key, Standing]:
    """Return all that instances wait for, with four statements for all of them."""
    tokens = by_instance(db, TokenRow, TOKEN, table="process.token", keys=keys)
    gatherings = by_instance(db, GatheringRow, GATHERING, table="process.gathering", keys=keys)
    alarms = by_instance(db, AlarmRow, ALARM, table="process.alarm", keys=keys)
    wanted = by_instance(db, SubscriptionRow, SUBSCRIPTION, table="process.subscription", keys=keys)
    return {
        key: Standing(
            tuple(row.read() for row in tokens.get(key, ())),
            tuple(row.read() for row in gatherings.get(key, ())),
            tuple(row.read() for row in alarms.get(key, ())),
            tuple(row.read() for row in wanted.get(key, ())),
        )
        for key in keys
    }


@dataclass(frozen=True, slots=True)
class _Key:
    region: str
    month: int
    instance: int


def migrated_keys(work: Work, *, migration: int, after: Key, limit: int) -> list[Key]:
    """Return instances that a migration has moved, in their order, after one of them."""
    rows = work.all(
        _Key,
        """
        select region, month, instance from process.migrated
         where migration = %(migration)s and before is not null
           and (region, month, instance) > (%(region)s, %(month)s, %(id)s)
         order by region, month, instance
         limit %(limit)s
        """,
        migration=migration,
        region=after.region,
        month=after.month,
        id=after.id,
        limit=limit,
    )
    return [Key(row.region, row.month, row.instance) for row in rows]


@dataclass(frozen=True, slots=True)
class _Trouble:
    region: str
    month: int
    instance: int
    number: str
    problem: str
    details: dict[str, object]


def migration_problems(
    db: Db, *, migration: int, limit: int = 200, after: Key | None = None
) -> list[tuple[Key, str, Problem]]:
    """Return instances that were not moved, or did not go back: key, number and why."""
    after = after or Key("", 0, 0)
    rows = db.all(
        _Trouble,
        """
        with page as materialized (
            select region, month, instance, problem, coalesce(details, '{}') as details
              from process.migrated
             where migration = %(migration)s and problem is not null
               and (region, month, instance) > (%(region)s, %(month)s, %(id)s)
             order by region, month, instance
             limit %(limit)s
        )
        select d.region, d.month, d.instance, d.problem, d.details,
               (select i.number from process.instance i
                 where i.region = d.region and i.month = d.month and i.id = d.instance) as number
          from page d
         order by d.region, d.month, d.instance
        """,
        migration=migration,
        region=after.region,
        month=after.month,
        id=after.id,
        limit=limit,
    )
    return [
        (Key(row.region, row.month, row.instance), row.number,
         Problem("", row.problem, _read(row.details)))
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason for which instances are not moved, and how many it holds."""

    problem: Problem
    count: int


@dataclass(frozen=True, slots=True)
class _Counted:
    problem: str
    details: dict[str, object]
    count: int


def migration_obstacles(db: Db, *, migration: int, limit: int = 50) -> list[Obstacle]:
    """Return for which reasons instances are not moved, the most frequent first."""
    rows = db.all(
        _Counted,
        """
        select problem, coalesce(details, '{}') as details, count(*)::int as count
          from process.migrated
         where migration = %(migration)s and problem is not null
         group by 1, 2 order by 3 desc, 1, 2
         limit %(limit)s
        """,
        migration=migration,
        limit=limit,
    )
    return [Obstacle(Problem("", row.problem, _read(row.details)), row.count) for row in rows]


@dataclass(frozen=True, slots=True)
class _Running:
    definition: int
    count: int


def running_of(db: Db, *, definitions: Sequence[int]) -> dict[int, int]:
    """Return how many instances have not ended, by the number of their version."""
    rows = db.all(
        _Running,
        """
        select definition, count(*)::int as count from process.instance
         where definition = any (%(definitions)s) and state <> 'ended'
         group by definition
        """,
        definitions=list(definitions),
    )
    return {row.definition: row.count for row in rows}


def _read(details: Mapping[str, object]) -> dict[str, object]:
    """Details as they were kept: what names a role or an act is a word of ours again."""
    return {
        key: Term(value) if key in _TERMS and isinstance(value, str) else value
        for key, value in details.items()
    }
