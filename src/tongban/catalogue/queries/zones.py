"""Zones, life events and stages, with how many services each of them holds."""

from collections.abc import MutableMapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from tongban.catalogue.model.search import grams, normalise
from tongban.catalogue.model.zone import NoSuchZone, Zone, ZoneKind
from tongban.catalogue.queries.browse import ITEM_LINE, ItemLine
from tongban.foundation.db import Db


@dataclass(frozen=True, slots=True)
class ZoneCard:
    """A zone as its card shows it."""

    code: str
    kind: ZoneKind
    title: str
    card: str
    place: int
    published_from: date | None
    published_until: date | None
    services: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", ZoneKind(self.kind))


# A way leads to what can be looked through; counting further would cost and tell nobody anything.
COUNTED_MOST = 1000
Counted = MutableMapping[tuple[object, ...], int]


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    kind: ZoneKind
    title: str
    card: str
    place: int
    published_from: date | None
    published_until: date | None
    items: list[str]
    audience: str
    department: str
    theme: str
    words: list[str]


def zones(
    db: Db,
    *,
    on: date | None = None,
    kind: ZoneKind | None = None,
    regions: tuple[str, ...] = (),
    known: Counted | None = None,
) -> list[ZoneCard]:
    """Return the zones in their order, with the number of their services, up to COUNTED_MOST.

    :param on: only those shown on this day.
    :param regions: count only services of these regions; empty means all.
    :param known: what was counted before, which is believed; what is counted now is added.
    """
    rows = db.all(
        _Row,
        """
        select code, kind, title, card, place, published_from, published_until, items, audience,
               department, theme, words
          from catalogue.zone z
         where (%(kind)s::text is null or z.kind = %(kind)s)
           and (%(on)s::date is null
                or z.published_from <= %(on)s
                   and (z.published_until is null or z.published_until >= %(on)s))
         order by z.kind, z.place, z.code
         limit 100
        """,
        kind=kind,
        on=on,
    )
    counted: Counted = {} if known is None else known
    cards = []
    for row in rows:
        asked = (*row.items, "", row.audience, row.department, row.theme, *row.words, "", *regions)
        if asked not in counted:
            counted[asked] = _number(db, row, regions)
        cards.append(
            ZoneCard(
                row.code, row.kind, row.title, row.card, row.place, row.published_from,
                row.published_until, counted[asked],
            )
        )  # fmt: skip
    return cards


def _number(db: Db, zone: _Row | Zone, regions: tuple[str, ...]) -> int:
    """Return how many services stand in a zone, counted no further than COUNTED_MOST."""
    sql: LiteralString = (
        "select count(*) from (" + _codes(zone, regions, "") + " limit %(limit)s) h"
    )
    found: int = db.value(sql, **_told(zone, regions), limit=COUNTED_MOST)
    return found


_CALLED_SO: LiteralString = """
    and catalogue.document_of(name, parent_name) = any (array(
        select n.document from catalogue.naming n
         where n.document is not null and n.grams @> said.pairs))
"""


def _codes(zone: _Row | Zone, regions: tuple[str, ...], order: LiteralString) -> LiteralString:
    """Return what finds the codes of a zone: put in by hand, or fit for its rule.

    Each region is asked by itself, because each has an index in the order of names.
    """
    hand: LiteralString = (
        "(select code from catalogue.item where code = any(%(items)s) and status <> 'cancelled'"
        + (" and region = any(%(regions)s)" if regions else "")
        + ")"
    )
    if not (zone.department or zone.theme or zone.words):
        return hand
    fit: LiteralString = (
        "select code, name from catalogue.item where status <> 'cancelled'"
        + (" and region = asked.region" if regions else "")
        + (" and audience in (%(audience)s, 'both')" if zone.audience else "")
        + (" and department = %(department)s" if zone.department else "")
        + (" and themes @> array[%(theme)s]" if zone.theme else "")
        + (" and strpos(name, said.word) > 0" if zone.words else "")
        # In the whole table services called so are found by the pairs of characters of their names.
        + (_CALLED_SO if zone.words and not regions else "")
        + order
        + " limit %(most)s"
    )
    asked: LiteralString = "select held.code from (values (1)) as once (n)" + (
        " cross join unnest(%(regions)s::text[]) as asked (region)" if regions else ""
    )
    words: LiteralString = (
        " cross join (select word, string_to_array(pairs, chr(9)) as pairs"
        " from unnest(%(words)s::text[], %(pairs)s::text[]) as each (word, pairs)) as said"
        if zone.words
        else ""
    )
    return hand + " union (" + asked + words + " cross join lateral (" + fit + ") as held)"


def _told(zone: _Row | Zone, regions: tuple[str, ...]) -> dict[str, object]:
    return {
        "items": list(zone.items),
        "audience": zone.audience,
        "department": zone.department,
        "theme": zone.theme,
        "words": list(zone.words),
        "pairs": ["\t".join(grams(normalise(word))) for word in zone.words],
        "regions": list(regions),
        "most": COUNTED_MOST,
    }


def zone(db: Db, *, code: str) -> Zone:
    """Return a zone, whether shown or not.

    :raises NoSuchZone: if there is none.
    """
    found = db.one(
        Zone,
        """
        select code, kind, title, card, place, items, audience, department, theme, words, region,
               published_from, published_until
          from catalogue.zone
         where code = %(code)s
        """,
        code=code,
    )
    if found is None:
        raise NoSuchZone
    return found


def zone_items(
    db: Db, *, code: str, regions: tuple[str, ...] = (), limit: int = 200
) -> list[ItemLine]:
    """Return the services of a zone: those put in by hand in their order, then others by name.

    :raises NoSuchZone: if there is none.
    """
    found = zone(db, code=code)
    # What is found everywhere is soon found by name; to read it all, to sort it, takes far longer.
    # What is rare is read as it comes, as when it was counted.
    often = not regions and _number(db, found, regions) >= COUNTED_MOST
    by_name: LiteralString = " order by name, code" if often or regions else ""
    sql: LiteralString = (
        "select "
        + ITEM_LINE
        + " from catalogue.item where code in ("
        + _codes(found, regions, by_name)
        + ") order by array_position(%(items)s::text[], code) nulls last, name, code"
        " limit %(limit)s"
    )
    with db.in_index_order() if often else nullcontext():
        return db.all(ItemLine, sql, **_told(found, regions), limit=limit)
