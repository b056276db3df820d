"""The sums beside the index: how many services of each kind stand where, as columns of numbers.

A province of a million items has some hundred thousand different rows of department, kind,
audience, region, themes and lists. As columns they take a few megabytes, and each count is a
few operations over them.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tongban.catalogue.model.search import above
from tongban.catalogue.queries import By, Count, Filter
from tongban.foundation.db import Db

# Counting may take this share of the time of the thread that follows, not more.
SHARE = 0.05
KNOWN_MAX = 2000
_BETWEEN = "\x1f"

Numbers = np.ndarray[Any, np.dtype[np.int32]]
Chosen = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class _Row:
    department: str
    kind: str
    audience: str
    region: str
    theme: str
    listed: str
    department_name: str
    kind_name: str
    region_name: str
    items: int


@dataclass(frozen=True, slots=True)
class _Column:
    """One property of every row, as the number of its value; a value may be several codes."""

    rows: Numbers
    values: Sequence[str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, told: Sequence[str], names: Iterable[str]) -> "_Column":
        numbers: dict[str, int] = {}
        rows = np.fromiter((numbers.setdefault(one, len(numbers)) for one in told), np.int32)
        named: dict[str, str] = {}
        for code, name in zip(told, names, strict=True):
            if named.get(code, "") < name:
                named[code] = name
        return cls(rows, tuple(numbers), named)

    def holding(self, codes: Sequence[str]) -> Chosen:
        """Tell for each row whether it has one of these codes."""
        fit = [not set(codes).isdisjoint(one.split(_BETWEEN)) for one in self.values]
        chosen: Chosen = np.asarray(fit, bool)[self.rows]
        return chosen


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums at one moment. ``behind`` tells that something has been published since."""

    columns: Mapping[str, _Column]
    items: Numbers
    taken_at: float
    seconds: float
    known: dict[tuple[str, Filter], list[Count]]
    behind: bool = False

    @classmethod
    def take(cls, db: Db) -> "Tally":
        began = time.monotonic()
        # The groups of a whole province fit into so much; sorting them instead takes twice as long.
        db.run("set local work_mem = '128MB'")
        rows = db.all(
            _Row,
            """
            select department, kind, audience, region,
                   array_to_string(themes, %(between)s) as theme,
                   array_to_string(lists, %(between)s) as listed,
                   max(department_name) as department_name, max(kind_name) as kind_name,
                   max(region_name) as region_name, count(*) as items
              from catalogue.item
             where status <> 'cancelled'
             group by department, kind, audience, region, themes, lists
            """,
            between=_BETWEEN,
        )
        columns = {
            name: _Column.of(
                [getattr(row, name) for row in rows],
                [getattr(row, named) for row in rows] if named else [""] * len(rows),
            )
            for name, named in _COLUMNS.items()
        }
        items = np.fromiter((row.items for row in rows), np.int32)
        return cls(columns, items, began, time.monotonic() - began, {})

    def followed(self, db: Db, *, changed: bool) -> "Tally":
        """Return the sums of now, unless counting again so soon would cost too much."""
        if not (changed or self.behind):
            return self
        if time.monotonic() - self.taken_at < self.seconds / SHARE:
            return self if self.behind else replace(self, behind=True)
        return Tally.take(db)

    def counts(self, by: By, only: Filter) -> list[Count]:
        """Return how many items there are by one of their properties, the most first."""
        return self._counted(by.value, only)

    def listed(self) -> list[Count]:
        """Return how many items stand on each list that is derived by rule."""
        return self._counted("listed", Filter())

    def _counted(self, by: str, only: Filter) -> list[Count]:
        if (by, only) in self.known:
            return self.known[by, only]
        chosen = self._chosen(only)
        column = self.columns[by]
        summed = np.bincount(column.rows[chosen], self.items[chosen], len(column.values))
        found: dict[str, int] = {}
        for value, number in zip(column.values, summed.astype(int).tolist(), strict=True):
            # Whatever has no theme, or stands on no list, is not counted; no place is a place.
            for code in value.split(_BETWEEN) if number and (value or by not in _SEVERAL) else ():
                found[code] = found.get(code, 0) + number
        counted = [Count(code, column.names.get(code, code), n) for code, n in found.items()]
        counted.sort(key=lambda count: (-count.items, count.code))
        if len(self.known) < KNOWN_MAX:
            self.known[by, only] = counted
        return counted

    def _chosen(self, only: Filter) -> Chosen:
        chosen = np.ones(len(self.items), bool)
        for name in _COLUMNS:
            if asked := getattr(only, name):
                codes = (asked, "both") if name == "audience" else (asked,)
                chosen &= self.columns[name].holding(codes)
        if only.at:
            chosen &= self.columns["region"].holding(above(only.at))
        return chosen


# Each property by which is counted, with the column that has its name.
_COLUMNS = {
    "department": "department_name",
    "kind": "kind_name",
    "region": "region_name",
    "audience": "audience",
    "theme": "",
    "listed": "",
}
_SEVERAL = ("theme", "listed")
