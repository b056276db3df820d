"""What is left in a scope, asked under a lock of the scope, in a statement of its own.

The lock must be got before the tokens are read: two branches that end at the same moment would
otherwise each see the token of the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from tongban.process.model.carry import Inside
from tongban.process.model.instance import Key
from tongban.process.model.tokens import ROOT, Gathering, Place
from tongban.process.model.traits import traits

if TYPE_CHECKING:
    from tongban.process.store.rows import Book


@dataclass(frozen=True, slots=True)
class _Scope:
    region: str
    month: int
    instance: int
    scope: int


@dataclass(frozen=True, slots=True)
class _Standing:
    region: str
    month: int
    instance: int
    scope: int
    node: str
    definition: int
    home: int
    arrived: list[int] | None
    needed: int


def inside(book: "Book", scopes: Sequence[tuple[Key, Place]]) -> list[tuple[Key, Place, Inside]]:
    """Lock scopes and return what stands in each; a scope that has ended is left out."""
    held = _held(book, scopes)
    asked = [(key, place) for key, place in scopes if (key, place.scope) in held]
    standing = _standing(book, asked)
    found = []
    for key, place in asked:
        here = standing.get((key, place.scope), [])
        gatherings = [
            Gathering(place, one.node, tuple(one.arrived), one.needed)
            for one in here
            if one.arrived is not None
        ]
        tokens = [one.node for one in here if one.arrived is None]
        found.append((key, place, Inside(tokens, gatherings)))
    return found


def _held(book: "Book", scopes: Sequence[tuple[Key, Place]]) -> set[tuple[Key, int]]:
    rows: list[_Scope] = []
    wanted = _encoded(book, [one for one in scopes if one[1].scope == ROOT])
    if wanted:
        rows += book.work.all(
            _Scope,
            """
            select i.region, i.month, i.id as instance, 0 as scope
              from jsonb_to_recordset(%(wanted)s::jsonb) as k (r text, m int, i bigint)
              join process.instance i on i.region = k.r and i.month = k.m and i.id = k.i
             where i.state <> 'ended'
             order by k.r, k.m, k.i
               for no key update of i
            """,
            wanted=wanted,
        )
    wanted = _encoded(book, [one for one in scopes if one[1].scope != ROOT])
    if wanted:
        rows += book.work.all(
            _Scope,
            """
            select t.region, t.month, t.instance, t.id as scope
              from jsonb_to_recordset(%(wanted)s::jsonb) as k (r text, m int, i bigint, s bigint)
              join process.token t
                on t.region = k.r and t.month = k.m and t.instance = k.i and t.id = k.s
             order by k.r, k.m, k.i, k.s
               for no key update of t
            """,
            wanted=wanted,
        )
    return {(Key(row.region, row.month, row.instance), row.scope) for row in rows}


def _standing(
    book: "Book", scopes: Sequence[tuple[Key, Place]]
) -> dict[tuple[Key, int], list[_Standing]]:
    """Without an inclusive join one token says enough: something is left."""
    if not scopes:
        return {}
    rows = book.work.all(
        _Standing,
        """
        select k.r as region, k.m as month, k.i as instance, k.s as scope, found.*
          from jsonb_to_recordset(%(wanted)s::jsonb)
               as k (r text, m int, i bigint, s bigint, n int),
               lateral (
                   select * from (
                       select t.node, t.definition, coalesce(t.home, 0) as home,
                              null::int[] as arrived, 0 as needed
                         from process.token t
                        where t.region = k.r and t.month = k.m and t.instance = k.i
                          and coalesce(t.scopes[array_upper(t.scopes, 1)], 0) = k.s
                        limit k.n) as tokens
                   union all
                   select * from (
                       select g.node, g.definition, coalesce(g.home, 0), g.arrived, g.needed
                         from process.gathering g
                        where g.region = k.r and g.month = k.m and g.instance = k.i
                          and g.scope = k.s
                        limit k.n) as gatherings) as found
        """,
        wanted=_encoded(book, scopes),
    )
    found: dict[tuple[Key, int], list[_Standing]] = {}
    for row in rows:
        key = Key(row.region, row.month, row.instance)
        found.setdefault((key, row.scope), []).append(row)
    return found


def _encoded(book: "Book", scopes: Sequence[tuple[Key, Place]]) -> str:
    rows = []
    for key, place in scopes:
        joins = traits(book.world(key).graph(place.definition)).inclusive
        row = {"r": key.region, "m": key.month, "i": key.id, "s": place.scope}
        rows.append(row | {"n": 1_000_000 if joins else 1})
    return msgspec.json.encode(rows).decode() if rows else ""
