"""What stands at a node of an instance, as rows: tokens, gatherings, timers, listeners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString, TypeVar

import msgspec

from tongban.foundation.db import Db
from tongban.process.model.instance import Key
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


@dataclass(frozen=True, slots=True)
class _Placed:
    region: str
    month: int
    instance: int
    node: str
    definition: int
    scopes: list[int]
    home: int

    @property
    def of(self) -> Key:
        return Key(self.region, self.month, self.instance)

    @property
    def place(self) -> Place:
        return Place(self.definition, tuple(self.scopes), self.home or ROOT)


@dataclass(frozen=True, slots=True)
class TokenRow(_Placed):
    """A row of process.token."""

    id: int
    state: str
    turn: int
    sweeping: bool
    role: str
    department: str
    assignee: str
    due: datetime | None
    helps: int

    def read(self) -> Token:
        duty = Duty(self.role, self.department, self.assignee, self.due)
        return Token(
            self.id, self.node, self.place, State(self.state), self.turn, self.sweeping, duty,
            self.helps,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class GatheringRow(_Placed):
    """A row of process.gathering."""

    arrived: list[int]
    needed: int

    def read(self) -> Gathering:
        return Gathering(self.place, self.node, tuple(self.arrived), self.needed)


@dataclass(frozen=True, slots=True)
class AlarmRow(_Placed):
    """A row of process.alarm."""

    token: int
    due: datetime
    fired: int
    sweeping: bool
    workdays: int
    since: date | None

    def read(self) -> Alarm:
        return Alarm(
            self.token, self.node, self.place, self.due, self.fired, self.sweeping, self.workdays,
            self.since,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SubscriptionRow(_Placed):
    """A row of process.subscription."""

    token: int
    kind: str
    name: str
    key: str
    sweeping: bool

    def read(self) -> Subscription:
        return Subscription(
            self.token, self.node, self.place, self.kind, self.name, self.key, self.sweeping
        )


_PLACE: LiteralString = (
    "t.region, t.month, t.instance, t.node, t.definition, coalesce(t.scopes, '{}') as scopes, "
    "coalesce(t.home, 0) as home, "
)
TOKEN: LiteralString = (
    _PLACE
    + "t.id, t.state, coalesce(t.turn, -1) as turn, t.sweeping, coalesce(t.role, '') as role,"
    " coalesce(t.department, '') as department, coalesce(t.assignee, '') as assignee,"
    " t.due_at as due, coalesce(t.helps, 0) as helps"
)
GATHERING: LiteralString = _PLACE + "t.arrived, t.needed"
ALARM: LiteralString = (
    _PLACE + "t.token, t.due_at as due, t.fired, t.sweeping, coalesce(t.workdays, 0) as workdays,"
    " t.counted_from as since"
)
SUBSCRIPTION: LiteralString = _PLACE + "t.token, t.kind, t.name, t.key, t.sweeping"
"""The columns of each kind of row, of a table that the statement calls t."""

Row = TypeVar("Row", bound=_Placed)


def by_instance(
    db: Db, row: type[Row], columns: LiteralString, *, table: LiteralString, keys: Sequence[Key]
) -> dict[Key, list[Row]]:
    """Return the rows of instances, in the order of tokens, with one statement for all of them."""
    order: LiteralString = {"process.token": "t.id", "process.gathering": "t.scope, t.node"}.get(
        table, "t.token, t.node"
    )
    rows = db.all(
        row,
        "select " + columns
        + " from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint) join " + table
        + " t on t.region = k.r and t.month = k.m and t.instance = k.i"
        " order by t.region, t.month, t.instance, " + order,
        keys=keys_as_json(keys),
    )  # fmt: skip
    found: dict[Key, list[Row]] = {}
    for one in rows:
        found.setdefault(one.of, []).append(one)
    return found


def keys_as_json(keys: Sequence[Key]) -> str:
    """Return keys in the shape that the statements take."""
    return msgspec.json.encode(
        [{"r": key.region, "m": key.month, "i": key.id} for key in keys]
    ).decode()
