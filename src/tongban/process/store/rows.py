"""Instances as rows: what is locked and read, and the keeper that carries moves out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

import msgspec

from tongban.foundation.work import LOCAL, Work
from tongban.process.model.carry import Inside, Move
from tongban.process.model.graph import Graph
from tongban.process.model.instance import Held, Instance, InstanceState, Key, NoSuchItem
from tongban.process.model.tokens import ROOT, Duty, Gathering, Place, State, Token
from tongban.process.store import definition as definitions
from tongban.process.store.write import Met, Note, Rows, moved, started, token_keys, write

BLOCK = 64
"""How many token numbers one call of the sequence gives."""

Decide = Callable[[Work, str, Mapping[str, object], Instance], object]

_INSTANCE_STATES: Mapping[str, InstanceState] = {one.value: one for one in InstanceState}
_TOKEN_STATES: Mapping[str, State] = {one.value: one for one in State}


class _Row(NamedTuple):
    region: str
    month: int
    instance: int
    id: int
    definition: int
    node: str
    state: str
    sweeping: bool
    scopes: list[int] | None
    home: int | None
    turn: int | None
    department: str | None
    role: str | None
    assignee: str | None
    assignee_name: str | None
    due_at: datetime | None
    born_at: datetime
    helps: int | None
    attempts: int | None
    number: str
    started_with: int
    owner: str
    holder: str
    instance_state: str
    block: int

    def held(self) -> Held:
        key = Key(self.region, self.month, self.instance)
        state = _INSTANCE_STATES[self.instance_state]
        instance = Instance(key, self.number, self.started_with, self.owner, self.holder, state)
        place = _place(self.definition, tuple(self.scopes or ()), self.home or ROOT)
        duty = Duty(self.role or "", self.department or "", self.assignee or "", self.due_at)
        token = Token(
            self.id, self.node, place, _TOKEN_STATES[self.state],
            -1 if self.turn is None else self.turn, self.sweeping, duty, self.helps or 0,
        )  # fmt: skip
        name = self.assignee_name or ""
        return Held(instance, token, self.born_at, name, self.attempts or 0)


@lru_cache(maxsize=1_000)
def _place(definition: int, scopes: tuple[int, ...], home: int) -> Place:
    """Return a place, the same for all that stand there."""
    return Place(definition, scopes, home)


# One locking read: the tokens against everybody, their instances only against whoever wants the
# whole instance. Whoever may sweep away other tokens is that somebody, and comes by ``_WHOLE``.
# The instance first, as everybody does: whoever has it whole then finds its tokens free.
_LOCK = """
select t.region, t.month, t.instance, t.id, t.definition, t.node, t.state, t.sweeping, t.scopes,
       t.home, t.turn, t.department, t.role, t.assignee, t.assignee_name, t.due_at, t.born_at,
       t.helps, t.attempts, i.number, i.definition as started_with, i.department as owner,
       i.holder, i.state as instance_state, nextval('process.token_id') as block
  from unnest(%(r)s::text[], %(m)s::int[], %(i)s::bigint[], %(t)s::bigint[]) as k (r, m, i, t)
  join process.token t on t.region = k.r and t.month = k.m and t.instance = k.i and t.id = k.t
  join process.instance i on i.region = k.r and i.month = k.m and i.id = k.i
 where %(whole)s or not t.sweeping
 order by k.r, k.m, k.i, k.t
   for key share of i for update of t
"""
_LOCK_ONE = """
select t.region, t.month, t.instance, t.id, t.definition, t.node, t.state, t.sweeping, t.scopes,
       t.home, t.turn, t.department, t.role, t.assignee, t.assignee_name, t.due_at, t.born_at,
       t.helps, t.attempts, i.number, i.definition as started_with, i.department as owner,
       i.holder, i.state as instance_state, nextval('process.token_id') as block
  from process.token t
  join process.instance i on i.region = t.region and i.month = t.month and i.id = t.instance
 where t.region = %(region)s and t.month = %(month)s and t.instance = %(instance)s and t.id = %(id)s
   and (%(whole)s or not t.sweeping)
   for key share of i for update of t
"""
_WHOLE = """
select from process.instance i
  join unnest(%(r)s::text[], %(m)s::int[], %(i)s::bigint[]) as k (r, m, i)
    on i.region = k.r and i.month = k.m and i.id = k.i
 order by i.region, i.month, i.id
   for update of i
"""

# Plans are kept: one that was made while a table was nearly empty reads all of it, until somebody
# has analysed it. What is told by its key is found by its key, however few there were yesterday. It
# is joined in the order that is written: a token by its number, not among all of its instance.
_ALONG_INDEXES = """
select set_config(name, 'off', true), set_config('join_collapse_limit', '1', true)
  from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as name
"""


def hold_whole(work: Work, keys: Sequence[Key]) -> None:
    """Lock whole instances: wait for everybody who moves in them, and let nobody else begin."""
    work.run(_WHOLE, **token_keys([(key, 0) for key in sorted(set(keys))]))


class Book:
    """What one command, or one part of a bulk command, holds and reads: the keeper of its moves."""

    def __init__(self, work: Work, *, decide: Decide | None = None) -> None:
        self.work = work
        self.decide = decide
        self.notes: dict[Key, Note] = {}
        self._worlds: dict[Key, RowWorld] = {}
        self._new: dict[Key, Instance] = {}

    def hold(self, key: Key, token: int, *, whole: bool = False) -> Held:
        """Lock one token and read it with its instance.

        :raises NoSuchItem: if it is gone.
        """
        values: dict[str, object] = {
            "region": key.region, "month": key.month, "instance": key.id, "id": token,
        }  # fmt: skip
        row = None if whole else self.work.one(_Row, _LOCK_ONE, whole=False, **values)
        if row is None:
            hold_whole(self.work, [key])
            row = self.work.one(_Row, _LOCK_ONE, whole=True, **values)
        if row is None:
            raise NoSuchItem
        return self._opened(row)

    def hold_many(self, keys: Sequence[tuple[Key, int]]) -> list[Held]:
        """Lock many tokens; those that are gone are left out."""
        if len(keys) > 1:
            self.work.run(_ALONG_INDEXES)
        rows = self.work.all(_Row, _LOCK, whole=False, **token_keys(keys))
        if len(rows) < len(keys):
            found = {(row.region, row.month, row.instance, row.id) for row in rows}
            rest = [
                one for one in keys
                if (one[0].region, one[0].month, one[0].id, one[1]) not in found
            ]  # fmt: skip
            hold_whole(self.work, [key for key, _ in rest])
            rows += self.work.all(_Row, _LOCK, whole=True, **token_keys(rest))
        return [self._opened(row) for row in rows]

    def _opened(self, row: _Row) -> Held:
        held = row.held()
        world = RowWorld(self, held.instance, row.block)
        world.tokens[held.token.id] = held.token
        self._worlds[held.instance.key] = world
        return held

    def open(self, instance: Instance, block: int, *, new: bool = False) -> None:
        """Take up an instance that is held whole, or one that is new."""
        self._worlds[instance.key] = RowWorld(self, instance, block)
        if new:
            self._new[instance.key] = instance

    # The keeper.

    def world(self, instance: Key) -> "RowWorld":
        return self._worlds[instance]

    def apply(self, moves: Sequence[Move[Key]]) -> list[tuple[Key, Gathering]]:
        rows: Rows = {}
        for move in moves:
            world = self._worlds[move.instance]
            if new := self._new.pop(move.instance, None):
                started(rows, new)
            note = self.notes.pop(move.instance, None)
            moved(rows, move, world.instance, world.new_id(), note)
            # What was read may be out of date after something was written.
            world.kept.clear()
        met = write(self.work, rows)
        for move in moves:
            self.send(move)
        return [(Key(one.region, one.month, one.instance), _gathering(one)) for one in met]

    def send(self, move: Move[Key]) -> None:
        """Let what a move has thrown, or asked of the worker, follow. Overridden by commands."""

    def inside(self, scopes: Sequence[tuple[Key, Place]]) -> list[tuple[Key, Place, Inside]]:
        from tongban.process.store.inside import inside

        return inside(self, scopes)

    def load(self, scopes: Mapping[Key, tuple[int, ...]]) -> None:
        """Read variables of several instances at once."""
        wanted = [
            {"r": key.region, "m": key.month, "i": key.id, "s": list(those)}
            for key, those in scopes.items()
        ]
        rows = self.work.all(
            _Variables,
            """
            select v.region, v.month, v.instance, v.scope, v.data
              from jsonb_to_recordset(%(wanted)s::jsonb) as k (r text, m int, i bigint, s bigint[])
              join process.variable v on v.region = k.r and v.month = k.m and v.instance = k.i
                                     and v.scope = any (k.s)
             order by v.region, v.month, v.instance, v.scope, v.at
            """,
            wanted=msgspec.json.encode(wanted).decode(),
        )
        for key, those in scopes.items():
            self._worlds[key].kept |= {scope: {} for scope in those}
        for row in rows:
            self._worlds[Key(row.region, row.month, row.instance)].kept[row.scope].update(row.data)

    def others(self) -> dict[Key, tuple[int, ...]]:
        """Return whose variables have not been read yet: they will be asked for too."""
        return {key: (ROOT,) for key, world in self._worlds.items() if not world.kept}


@dataclass(frozen=True, slots=True)
class _Variables:
    region: str
    month: int
    instance: int
    scope: int
    data: dict[str, object]


@dataclass(slots=True)
class RowWorld:
    """What a play may ask about one instance."""

    book: Book
    instance: Instance
    block: int
    used: int = 0
    kept: dict[int, dict[str, object]] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.book.work.now

    @property
    def zone(self) -> tzinfo:
        return LOCAL

    def graph(self, definition: int) -> Graph:
        return definitions.graph(self.book.work, definition)

    def called(self, process: str) -> int:
        return definitions.in_force(self.book.work, process)

    def new_id(self) -> int:
        if self.used == BLOCK:
            self.block = int(self.book.work.value("select nextval('process.token_id')"))
            self.used = 0
        self.used += 1
        return self.block - BLOCK + self.used

    def stored(self, scopes: tuple[int, ...]) -> Mapping[int, Mapping[str, object]]:
        missing = tuple(scope for scope in scopes if scope not in self.kept)
        if missing:
            alone = ROOT not in missing or len(self.kept)
            self.book.load(({} if alone else self.book.others()) | {self.instance.key: missing})
        return self.kept

    def token(self, token: int) -> Token:
        if token not in self.tokens:
            row = self.book.work.one(
                _Row,
                _LOCK_ONE.replace("for key share of i for update of t", ""),
                region=self.instance.key.region,
                month=self.instance.key.month,
                instance=self.instance.key.id,
                id=token,
                whole=True,
            )
            if row is None:
                raise NoSuchItem
            self.tokens[token] = row.held().token
        return self.tokens[token]

    def decide(self, code: str, facts: Mapping[str, object]) -> object:
        if self.book.decide is None:
            return None
        return self.book.decide(self.book.work, code, facts, self.instance)


def _gathering(met: Met) -> Gathering:
    place = Place(met.definition, tuple(met.scopes or ()), met.home)
    return Gathering(place, met.node, tuple(met.arrived), met.needed)
