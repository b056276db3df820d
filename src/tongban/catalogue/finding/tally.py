"""How many services there are by department, place, theme and list, counted once for all pages.

To count a million rows takes seconds, which no page should wait for. Like the index, the sums are
taken by the thread that follows publications (see ``sums``). A process that follows nothing asks
PostgreSQL.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from tongban.catalogue.finding import live
from tongban.catalogue.model import Derived, Item, List
from tongban.catalogue.model.bulk import OTHER
from tongban.catalogue.model.zone import ZoneKind
from tongban.catalogue.queries import (
    Bare,
    By,
    Count,
    Filter,
    Office,
    ZoneCard,
    bare_in,
    matching_in,
)
from tongban.catalogue.queries import bare_of_theme as bare_now
from tongban.catalogue.queries import counts as counted_now
from tongban.catalogue.queries import derived_counts as derived_now
from tongban.catalogue.queries import entry_counts as entries_now
from tongban.catalogue.queries import fee_count as fees_now
from tongban.catalogue.queries import matching as matching_now
from tongban.catalogue.queries import zones as zones_now
from tongban.foundation.db import Db

# Arrays are loaded with the first index, not with the program.
if TYPE_CHECKING:
    from tongban.catalogue.finding.sums import Tally

_ALL = Filter()
_COUNTABLE = frozenset({"audience", "department", "kind", "region", "theme", "listed", "at"})


def counts(db: Db, *, by: By, only: Filter = _ALL) -> list[Count]:
    """Return how many items there are by one of their properties, the most first.

    What was published within the last seconds may not be counted yet.
    """
    tally = _tally()
    if tally is None or not _countable(only):
        return counted_now(db, by=by, only=only)
    return tally.counts(by, only)


def derived_counts(db: Db) -> dict[Derived, int]:
    """Return how many services stand on each list that is derived by rule."""
    tally = _tally()
    if tally is None:
        return derived_now(db)
    return {Derived(count.code): count.items for count in tally.listed()}


def matching(
    db: Db,
    *,
    only: Filter,
    departments: Sequence[str] = (),
    regions: Sequence[str] = (),
    limit: int,
) -> list[Item]:
    """Return the present versions of the items that are meant, of these departments and regions.

    The counts tell which units hold any, so that none is looked through in vain.

    :param regions: prefixes of division codes, within which every department is meant.
    """
    tally = _tally()
    rare = not only.department and (only.kind or only.theme or only.audience or only.listed)
    if tally is None or not rare or not _wide(regions) or not _countable(only):
        return matching_now(db, only=only, departments=departments, regions=regions, limit=limit)
    units = tally.units(only, departments=departments, regions=regions)
    return _enough(units, limit, lambda part, most: matching_in(
        db, only=only, units=part, limit=most
    ))  # fmt: skip


def bare_of_theme(
    db: Db, *, departments: Sequence[str] = (), regions: Sequence[str] = (), limit: int = 50
) -> list[Bare]:
    """Return services of these departments and regions that stand under no theme.

    Those that somebody is changing already are left out.
    """
    tally = _tally()
    if tally is None or not _wide(regions):
        return bare_now(db, departments=departments, regions=regions, limit=limit)
    units = tally.units(_ALL, departments=departments, regions=regions, themes=OTHER)
    return _enough(units, limit, lambda part, most: bare_in(db, units=part, limit=most))


def entry_counts(db: Db) -> dict[List, int]:
    """Return how many entries each list has, cancelled ones aside; as of a minute ago at most."""
    tally = _tally()
    return {one: tally.lists[one] for one in List} if tally else entries_now(db)


def fee_count(db: Db) -> int:
    """Return how many fees there are, those of cancelled services aside; a minute old at most."""
    tally = _tally()
    return tally.lists["fees"] if tally else fees_now(db)


def zones(
    db: Db, *, on: date | None = None, kind: ZoneKind | None = None, regions: tuple[str, ...] = ()
) -> list[ZoneCard]:
    """Return the zones in their order, with the number of their services, up to a thousand.

    :param on: only those shown on this day.
    :param regions: count only services of these regions; empty means all.
    """
    tally = _tally()
    return zones_now(db, on=on, kind=kind, regions=regions, known=tally.zoned if tally else None)


Row = TypeVar("Row")


def _wide(regions: Sequence[str]) -> bool:
    """Tell whether there is more than counties, each of which is soon looked through."""
    return any(len(region) < len("100101") for region in regions)


Ask = Callable[[Sequence[Office], int], list[Row]]


def _enough(
    units: Sequence[tuple[Office, int]],
    limit: int,
    ask: Callable[[Sequence[Office], int], list[Row]],
) -> list[Row]:
    """Ask one part of the units after the other, until there is enough; each holds enough."""
    found: list[Row] = []
    part: list[Office] = []
    held = 0
    for unit, items in units:
        part.append(unit)
        held += items
        if held >= limit:
            found += ask(part, limit - len(found))
            if len(found) >= limit:
                return found
            part, held = [], 0
    return found + (ask(part, limit - len(found)) if part else [])


def _countable(only: Filter) -> bool:
    return not any(getattr(only, name) for name in only.__slots__ if name not in _COUNTABLE)


def _tally() -> "Tally | None":
    loaded = live.current()
    return loaded.tally if loaded else None
