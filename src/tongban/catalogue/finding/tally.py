"""How many services there are by department, place and theme, counted once for all pages.

To count a million rows takes a second, which no page should wait for. Like the index, the counts
are taken by the thread that follows publications, and each answer is reckoned once from some ten
thousand sums. A process that follows nothing asks PostgreSQL.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tongban.catalogue.finding import live
from tongban.catalogue.model.search import above
from tongban.catalogue.queries import By, Count, Filter
from tongban.catalogue.queries import counts as counted_now
from tongban.foundation.db import Db

# Counting may take this share of the time of the thread that follows, not more.
SHARE = 0.05
KNOWN_MAX = 2000
_ALL = Filter()
_COUNTABLE = frozenset({"audience", "department", "kind", "region", "theme", "at"})


@dataclass(frozen=True, slots=True)
class _Sum:
    department: str
    kind: str
    audience: str
    region: str
    themes: list[str]
    department_name: str
    kind_name: str
    region_name: str
    items: int

    def named(self, by: By) -> list[tuple[str, str]]:
        """Return the codes under which it counts, with their names."""
        match by:
            case By.THEME:
                return [(theme, theme) for theme in self.themes]
            case By.AUDIENCE:
                return [(self.audience, self.audience)]
            case By.DEPARTMENT:
                return [(self.department, self.department_name)]
            case By.KIND:
                return [(self.kind, self.kind_name)]
        return [(self.region, self.region_name)]

    def belongs(self, only: Filter, around: Sequence[str]) -> bool:
        return (
            (not only.audience or self.audience in (only.audience, "both"))
            and (not only.department or self.department == only.department)
            and (not only.kind or self.kind == only.kind)
            and (not only.region or self.region == only.region)
            and (not only.theme or only.theme in self.themes)
            and (not only.at or self.region in around)
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums at one moment. ``behind`` tells that something has been published since."""

    sums: tuple[_Sum, ...]
    taken_at: float
    seconds: float
    known: dict[tuple[By, Filter], list[Count]]
    behind: bool = False

    @classmethod
    def take(cls, db: Db) -> "Tally":
        began = time.monotonic()
        sums = db.all(
            _Sum,
            """
            select department, kind, audience, region, themes,
                   max(department_name) as department_name, max(kind_name) as kind_name,
                   max(region_name) as region_name, count(*) as items
              from catalogue.item
             where status <> 'cancelled'
             group by department, kind, audience, region, themes
            """,
        )
        return cls(tuple(sums), began, time.monotonic() - began, {})

    def followed(self, db: Db, *, changed: bool) -> "Tally":
        """Return the sums of now, unless counting again so soon would cost too much."""
        if not (changed or self.behind):
            return self
        if time.monotonic() - self.taken_at < self.seconds / SHARE:
            return self if self.behind else replace(self, behind=True)
        return Tally.take(db)

    def counts(self, by: By, only: Filter) -> list[Count]:
        """Return how many items there are by one of their properties, the most first."""
        if (by, only) in self.known:
            return self.known[by, only]
        around = above(only.at)
        items: dict[str, int] = {}
        names: dict[str, str] = {}
        for one in self.sums:
            if one.belongs(only, around):
                for code, name in one.named(by):
                    items[code] = items.get(code, 0) + one.items
                    names[code] = max(names.get(code, ""), name)
        found = [Count(code, names[code], number) for code, number in items.items()]
        found.sort(key=lambda count: (-count.items, count.code))
        if len(self.known) < KNOWN_MAX:
            self.known[by, only] = found
        return found


def counts(db: Db, *, by: By, only: Filter = _ALL) -> list[Count]:
    """Return how many items there are by one of their properties, the most first.

    What was published within the last seconds may not be counted yet.
    """
    loaded = live.current()
    tally = loaded.tally if loaded else None
    other = any(getattr(only, name) for name in only.__slots__ if name not in _COUNTABLE)
    return counted_now(db, by=by, only=only) if tally is None or other else tally.counts(by, only)
