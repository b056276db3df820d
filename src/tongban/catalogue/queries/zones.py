"""Zones, life events and stages, with how many services each of them holds."""

from dataclasses import dataclass
from datetime import date
from typing import LiteralString

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


# Whether an item i stands in a zone z.
_IN: LiteralString = """
    i.status <> 'cancelled'
    and (i.code = any(z.items)
         or (z.department <> '' or z.theme <> '' or cardinality(z.words) > 0)
            and (z.audience = '' or i.audience in (z.audience, 'both'))
            and (z.department = '' or i.department = z.department)
            and (z.theme = '' or i.themes @> array[z.theme])
            and (cardinality(z.words) = 0
                 or exists (select from unnest(z.words) as said (word)
                             where strpos(i.name, said.word) > 0)))
    and (cardinality(%(regions)s::text[]) = 0 or i.region = any(%(regions)s))
"""
# A way leads to what can be looked through; counting further would cost and tell nobody anything.
COUNTED_MOST = 1000


def zones(
    db: Db, *, on: date | None = None, kind: ZoneKind | None = None, regions: tuple[str, ...] = ()
) -> list[ZoneCard]:
    """Return the zones in their order, with the number of their services, up to COUNTED_MOST.

    :param on: only those shown on this day.
    :param regions: count only services of these regions; empty means all.
    """
    sql: LiteralString = (
        """
        select z.code, z.kind, z.title, z.card, z.place, z.published_from, z.published_until,
               (select count(*) from (select from catalogue.item i where """
        + _IN
        + """ limit 1000) as held) as services
          from catalogue.zone z
         where (%(kind)s::text is null or z.kind = %(kind)s)
           and (%(on)s::date is null
                or z.published_from <= %(on)s
                   and (z.published_until is null or z.published_until >= %(on)s))
         order by z.kind, z.place, z.code
         limit 100
        """
    )
    return db.all(ZoneCard, sql, kind=kind, on=on, regions=list(regions))


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
    """Return the services of a zone: those put in by hand in their order, then others by name."""
    sql: LiteralString = (
        "select "
        + ITEM_LINE
        + """
          from (select i.*, array_position(z.items, i.code) as hand
                  from catalogue.zone z, catalogue.item i
                 where z.code = %(code)s and """
        + _IN
        + """) as held
         order by hand nulls last, name, code
         limit %(limit)s
        """
    )
    return db.all(ItemLine, sql, code=code, regions=list(regions), limit=limit)
