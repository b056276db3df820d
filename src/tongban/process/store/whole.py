"""An instance held as a whole, with all that stands in it."""

from dataclasses import dataclass

from tongban.process.model.instance import Instance, InstanceState, Key, NoSuchInstance
from tongban.process.model.tokens import ROOT, Duty, Gathering, Place, State, Token
from tongban.process.store.rows import Book, hold_whole


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that an instance waits for."""

    instance: Instance
    tokens: tuple[Token, ...]
    gatherings: tuple[Gathering, ...]


@dataclass(frozen=True, slots=True)
class _Instance:
    number: str
    definition: int
    department: str
    holder: str
    state: str
    block: int


@dataclass(frozen=True, slots=True)
class _Token:
    id: int
    definition: int
    node: str
    state: str
    sweeping: bool
    scopes: list[int]
    home: int
    turn: int
    department: str
    role: str
    assignee: str
    helps: int


@dataclass(frozen=True, slots=True)
class _Gathering:
    node: str
    definition: int
    scopes: list[int]
    home: int
    arrived: list[int]
    needed: int


def hold_instance(book: Book, key: Key) -> Whole:
    """Lock an instance against everybody who moves in it, and read all that stands in it.

    :raises NoSuchInstance: if there is none.
    """
    hold_whole(book.work, [key])
    values: dict[str, object] = {"region": key.region, "month": key.month, "id": key.id}
    row = book.work.one(
        _Instance,
        """
        select number, definition, department, holder, state,
               nextval('process.token_id') as block
          from process.instance
         where region = %(region)s and month = %(month)s and id = %(id)s
        """,
        **values,
    )
    if row is None:
        raise NoSuchInstance
    state = InstanceState(row.state)
    instance = Instance(key, row.number, row.definition, row.department, row.holder, state)
    book.open(instance, row.block)
    tokens = book.work.all(
        _Token,
        """
        select id, definition, node, state, sweeping, coalesce(scopes, '{}') as scopes,
               coalesce(home, 0) as home, coalesce(turn, -1) as turn,
               coalesce(department, '') as department, coalesce(role, '') as role,
               coalesce(assignee, '') as assignee, coalesce(helps, 0) as helps
          from process.token
         where region = %(region)s and month = %(month)s and instance = %(id)s
         order by id
        """,
        **values,
    )
    gatherings = book.work.all(
        _Gathering,
        """
        select node, definition, coalesce(scopes, '{}') as scopes, coalesce(home, 0) as home,
               arrived, needed
          from process.gathering
         where region = %(region)s and month = %(month)s and instance = %(id)s
        """,
        **values,
    )
    found = Whole(instance, tuple(map(_token, tokens)), tuple(map(_gathering, gatherings)))
    book.world(key).tokens |= {token.id: token for token in found.tokens}
    return found


def _token(row: _Token) -> Token:
    return Token(
        row.id,
        row.node,
        Place(row.definition, tuple(row.scopes), row.home or ROOT),
        State(row.state),
        row.turn,
        row.sweeping,
        Duty(row.role, row.department, row.assignee),
        row.helps,
    )


def _gathering(row: _Gathering) -> Gathering:
    place = Place(row.definition, tuple(row.scopes), row.home or ROOT)
    return Gathering(place, row.node, tuple(row.arrived), row.needed)
