"""How many services there are by department, place, theme and list, counted once for all pages.

To count a million rows takes seconds, which no page should wait for. Like the index, the sums are
taken by the thread that follows publications (see ``sums``). A process that follows nothing asks
PostgreSQL.
"""

from typing import TYPE_CHECKING

from tongban.catalogue.finding import live
from tongban.catalogue.model import Derived
from tongban.catalogue.queries import By, Count, Filter
from tongban.catalogue.queries import counts as counted_now
from tongban.catalogue.queries import derived_counts as derived_now
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
    other = any(getattr(only, name) for name in only.__slots__ if name not in _COUNTABLE)
    return counted_now(db, by=by, only=only) if tally is None or other else tally.counts(by, only)


def derived_counts(db: Db) -> dict[Derived, int]:
    """Return how many services stand on each list that is derived by rule."""
    tally = _tally()
    if tally is None:
        return derived_now(db)
    return {Derived(count.code): count.items for count in tally.listed()}


def _tally() -> "Tally | None":
    loaded = live.current()
    return loaded.tally if loaded else None
