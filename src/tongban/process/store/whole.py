"""An instance held as a whole, with all that stands in it."""

from dataclasses import dataclass
from typing import LiteralString

from tongban.process.model.instance import Instance, InstanceState, Key, NoSuchInstance
from tongban.process.model.tokens import Gathering, Token
from tongban.process.store.placed import GATHERING, TOKEN, GatheringRow, TokenRow
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


_OF: LiteralString = (
    " t where t.region = %(region)s and t.month = %(month)s and t.instance = %(id)s"
)
_TOKENS: LiteralString = " from process.token" + _OF + " order by t.id"
_GATHERINGS: LiteralString = " from process.gathering" + _OF


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
    tokens = book.work.all(TokenRow, "select " + TOKEN + _TOKENS, **values)
    gatherings = book.work.all(GatheringRow, "select " + GATHERING + _GATHERINGS, **values)
    found = Whole(
        instance, tuple(row.read() for row in tokens), tuple(row.read() for row in gatherings)
    )
    book.world(key).tokens |= {token.id: token for token in found.tokens}
    return found
