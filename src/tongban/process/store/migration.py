"""Migrations as they are kept: how far they have come, and how each instance stood before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.process.model.instance import Instance, InstanceState, Key
from tongban.process.model.migration import Standing
from tongban.process.model.problems import Problem
from tongban.process.model.tokens import (
    ROOT,
    Alarm,
    Duty,
    Gathering,
    Place,
    State,
    Subscription,
    Token,
)
from tongban.process.store.rows import Book


@dataclass(frozen=True, slots=True)
class MigrationLine:
    """A migration and how far it has come. ``state``: moving, moved, reverting or reverted."""

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
    asked_name: str
    asked_at: datetime
    ended_at: datetime | None

    @property
    def after(self) -> Key:
        """The instance up to which it has come."""
        return Key(self.after_region, self.after_month, self.after_id)


_LINE = """
select id, process, source, target, nodes, department, region, reason, state, after_region,
       after_month, after_id, total, moved, refused, reverted, asked_name, asked_at, ended_at
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


@dataclass(frozen=True, slots=True)
class _Token:
    region: str
    month: int
    instance: int
    id: int
    node: str
    definition: int
    scopes: list[int]
    home: int
    state: str
    turn: int
    sweeping: bool
    role: str
    department: str
    assignee: str
    due: datetime | None
    helps: int


@dataclass(frozen=True, slots=True)
class _Gathering:
    region: str
    month: int
    instance: int
    node: str
    definition: int
    scopes: list[int]
    home: int
    arrived: list[int]
    needed: int


@dataclass(frozen=True, slots=True)
class _Alarm:
    region: str
    month: int
    instance: int
    token: int
    node: str
    definition: int
    scopes: list[int]
    home: int
    due: datetime
    fired: int
    sweeping: bool


@dataclass(frozen=True, slots=True)
class _Subscription:
    region: str
    month: int
    instance: int
    token: int
    node: str
    definition: int
    scopes: list[int]
    home: int
    kind: str
    name: str
    key: str
    sweeping: bool


_WANTED = " from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint) join "
_ON = " t on t.region = k.r and t.month = k.m and t.instance = k.i order by t.region, t.month, "
_PLACE = "t.definition, coalesce(t.scopes, '{}') as scopes, coalesce(t.home, 0) as home, "


def standing_of(db: Db, keys: Sequence[Key]) -> dict[Key, Standing]:
    """Return all that instances wait for, with four statements for all of them."""
    encoded = keys_as_json(keys)
    tokens, gatherings = _tokens(db, encoded), _gatherings(db, encoded)
    alarms, wanted = _alarms(db, encoded), _subscriptions(db, encoded)
    return {
        key: Standing(
            tuple(tokens.get(key, ())),
            tuple(gatherings.get(key, ())),
            tuple(alarms.get(key, ())),
            tuple(wanted.get(key, ())),
        )
        for key in keys
    }


def _tokens(db: Db, keys: str) -> dict[Key, list[Token]]:
    rows = db.all(
        _Token,
        "select t.region, t.month, t.instance, t.id, t.node, " + _PLACE + "t.state,"
        " coalesce(t.turn, -1) as turn, t.sweeping, coalesce(t.role, '') as role,"
        " coalesce(t.department, '') as department, coalesce(t.assignee, '') as assignee,"
        " t.due_at as due, coalesce(t.helps, 0) as helps"
        + _WANTED + "process.token" + _ON + "t.instance, t.id",
        keys=keys,
    )  # fmt: skip
    found: dict[Key, list[Token]] = {}
    for one in rows:
        duty = Duty(one.role, one.department, one.assignee, one.due)
        token = Token(
            one.id, one.node, _place(one), State(one.state), one.turn, one.sweeping, duty, one.helps
        )
        found.setdefault(_key(one), []).append(token)
    return found


def _gatherings(db: Db, keys: str) -> dict[Key, list[Gathering]]:
    rows = db.all(
        _Gathering,
        "select t.region, t.month, t.instance, t.node, " + _PLACE + "t.arrived, t.needed"
        + _WANTED + "process.gathering" + _ON + "t.instance, t.scope, t.node",
        keys=keys,
    )  # fmt: skip
    found: dict[Key, list[Gathering]] = {}
    for one in rows:
        met = Gathering(_place(one), one.node, tuple(one.arrived), one.needed)
        found.setdefault(_key(one), []).append(met)
    return found


def _alarms(db: Db, keys: str) -> dict[Key, list[Alarm]]:
    rows = db.all(
        _Alarm,
        "select t.region, t.month, t.instance, t.token, t.node, " + _PLACE
        + "t.due_at as due, t.fired, t.sweeping"
        + _WANTED + "process.alarm" + _ON + "t.instance, t.token, t.node",
        keys=keys,
    )  # fmt: skip
    found: dict[Key, list[Alarm]] = {}
    for one in rows:
        alarm = Alarm(one.token, one.node, _place(one), one.due, one.fired, one.sweeping)
        found.setdefault(_key(one), []).append(alarm)
    return found


def _subscriptions(db: Db, keys: str) -> dict[Key, list[Subscription]]:
    rows = db.all(
        _Subscription,
        "select t.region, t.month, t.instance, t.token, t.node, " + _PLACE
        + "t.kind, t.name, t.key, t.sweeping"
        + _WANTED + "process.subscription" + _ON + "t.instance, t.token, t.node",
        keys=keys,
    )  # fmt: skip
    found: dict[Key, list[Subscription]] = {}
    for one in rows:
        wanted = Subscription(
            one.token, one.node, _place(one), one.kind, one.name, one.key, one.sweeping
        )
        found.setdefault(_key(one), []).append(wanted)
    return found


def _key(row: _Token | _Gathering | _Alarm | _Subscription) -> Key:
    return Key(row.region, row.month, row.instance)


def _place(row: _Token | _Gathering | _Alarm | _Subscription) -> Place:
    return Place(row.definition, tuple(row.scopes), row.home or ROOT)


def keys_as_json(keys: Sequence[Key]) -> str:
    """Return keys in the shape that the statements take."""
    return msgspec.json.encode(
        [{"r": key.region, "m": key.month, "i": key.id} for key in keys]
    ).decode()


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
        select d.region, d.month, d.instance, i.number, d.problem,
               coalesce(d.details, '{}') as details
          from process.migrated d
          join process.instance i on i.region = d.region and i.month = d.month
                                 and i.id = d.instance
         where d.migration = %(migration)s and d.problem is not null
           and (d.region, d.month, d.instance) > (%(region)s, %(month)s, %(id)s)
         order by d.region, d.month, d.instance
         limit %(limit)s
        """,
        migration=migration,
        region=after.region,
        month=after.month,
        id=after.id,
        limit=limit,
    )
    return [
        (Key(row.region, row.month, row.instance), row.number,
         Problem("", row.problem, row.details))
        for row in rows
    ]  # fmt: skip
