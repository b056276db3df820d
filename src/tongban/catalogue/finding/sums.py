"""The sums beside the index: how many services of each kind stand where, as columns of numbers.

A province of a million items has some hundred thousand different rows of department, kind,
audience, region, themes and lists. As columns they take a few megabytes, and each count is a
few operations over them.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, LiteralString

import numpy as np

from tongban.catalogue.model.search import above
from tongban.catalogue.queries import By, Count, Filter, Office, entry_counts, fee_count
from tongban.foundation.db import Db

# Counting may take this share of the time of the thread that follows, not more.
SHARE = 0.05
KNOWN_MAX = 2000
# The lists beside the services change seldom, and nothing tells when they do.
LISTED_SECONDS = 60.0
FEES = "fees"
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

    def merged(self, kept: Chosen, told: Sequence[str], names: Iterable[str]) -> "_Column":
        """Return the column of the rows that are kept, and of new ones after them."""
        numbers = {value: number for number, value in enumerate(self.values)}
        new = np.fromiter((numbers.setdefault(one, len(numbers)) for one in told), np.int32)
        known = {code: name for code, name in zip(told, names, strict=True) if name}
        return _Column(
            np.concatenate([self.rows[kept], new]), tuple(numbers), {**self.names, **known}
        )

    def holding(self, codes: Sequence[str]) -> Chosen:
        """Tell for each row whether it has one of these codes."""
        fit = [not set(codes).isdisjoint(one.split(_BETWEEN)) for one in self.values]
        chosen: Chosen = np.asarray(fit, bool)[self.rows]
        return chosen

    def holding_only(self, codes: Sequence[str]) -> Chosen:
        """Tell for each row whether it has none but these codes, or none."""
        fit = [set(one.split(_BETWEEN)) <= {"", *codes} for one in self.values]
        chosen: Chosen = np.asarray(fit, bool)[self.rows]
        return chosen


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums at one moment. ``behind`` are the regions where something was published since.

    ``seconds`` is how long counting everything took; ``lists`` how many entries each list has, and
    how many fees there are, by ``fees``; ``known`` and ``zoned`` what was asked before.
    """

    columns: Mapping[str, _Column]
    items: Numbers
    taken_at: float
    seconds: float
    lists: Mapping[str, int]
    listed_at: float
    known: dict[tuple[str, Filter], list[Count]]
    zoned: dict[tuple[object, ...], int]
    behind: frozenset[str] = frozenset()

    @classmethod
    def take(cls, db: Db) -> "Tally":
        """Count everything: seconds for a million items."""
        began = time.monotonic()
        told = _told(_rows(db, None))
        columns = {
            name: _Column.of(values, names) for name, (values, names) in told.columns.items()
        }
        took = time.monotonic() - began
        return cls(columns, told.items, began, took, _lists(db), began, {}, {})

    def followed(self, db: Db, *, regions: Iterable[str]) -> "Tally":
        """Return the sums of now, unless counting again so soon would cost too much.

        Only the regions are counted where something was published; an empty one means everywhere.
        """
        now = self
        if time.monotonic() - self.listed_at > LISTED_SECONDS:
            now = replace(now, lists=_lists(db), listed_at=time.monotonic())
        behind = self.behind | set(regions)
        if not behind:
            return now
        place = self.columns["region"]
        part = 1.0 if "" in behind else min(1.0, (len(behind) + 1) / (len(place.values) + 1))
        if time.monotonic() - self.taken_at < self.seconds * part / SHARE:
            return now if behind == self.behind else replace(now, behind=behind)
        return Tally.take(db) if part == 1.0 else now._counted_again(db, behind)

    def _counted_again(self, db: Db, regions: frozenset[str]) -> "Tally":
        began = time.monotonic()
        told = _told(_rows(db, sorted(regions)))
        kept = ~self.columns["region"].holding(sorted(regions))
        columns = {
            name: self.columns[name].merged(kept, values, names)
            for name, (values, names) in told.columns.items()
        }
        return replace(
            self,
            columns=columns,
            items=np.concatenate([self.items[kept], told.items]),
            taken_at=began,
            known={},
            zoned={},
            behind=frozenset(),
        )

    def counts(self, by: By, only: Filter) -> list[Count]:
        """Return how many items there are by one of their properties, the most first."""
        return self._counted(by.value, only)

    def listed(self) -> list[Count]:
        """Return how many items stand on each list that is derived by rule."""
        return self._counted("listed", Filter())

    def units(
        self,
        only: Filter,
        *,
        departments: Sequence[str],
        regions: Sequence[str],
        themes: Sequence[str] = (),
    ) -> list[tuple[Office, int]]:
        """Return the departments in their regions that hold such items, by region, and how many.

        :param regions: prefixes of division codes, within which every department is meant.
        :param themes: only items that stand under none, or under none but these.
        """
        column, place = self.columns["department"], self.columns["region"]
        near = [code for code in place.values if code.startswith(tuple(regions))]
        chosen = self._chosen(only) & (column.holding(departments) | place.holding(near))
        if themes:
            chosen &= self.columns["theme"].holding_only(themes)
        several = place.rows[chosen].astype(np.int64) * len(column.values) + column.rows[chosen]
        each, which = np.unique(several, return_inverse=True)
        summed = np.bincount(which, self.items[chosen], len(each)).astype(int).tolist()
        numbers = [divmod(one, len(column.values)) for one in each.tolist()]
        found = [
            (place.values[at], column.values[own], items)
            for (at, own), items in zip(numbers, summed, strict=True)
        ]
        return [(Office(own, at), items) for at, own, items in sorted(found)]

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


@dataclass(frozen=True, slots=True)
class _Told:
    """Of each property the values of all rows, with their names; how many items each row has."""

    columns: Mapping[str, tuple[Sequence[str], Sequence[str]]]
    items: Numbers


def _told(rows: Sequence[_Row]) -> _Told:
    columns = {
        name: (
            [getattr(row, name) for row in rows],
            [getattr(row, named) for row in rows] if named else [""] * len(rows),
        )
        for name, named in _COLUMNS.items()
    }
    return _Told(columns, np.fromiter((row.items for row in rows), np.int32))


def _rows(db: Db, regions: Sequence[str] | None) -> list[_Row]:
    if regions is None:
        # The groups of a whole province fit into so much; sorting them takes twice as long.
        db.run("set local work_mem = '128MB'")
    sql: LiteralString = (
        """
        select department, kind, audience, region,
               array_to_string(themes, %(between)s) as theme,
               array_to_string(lists, %(between)s) as listed,
               max(department_name) as department_name, max(kind_name) as kind_name,
               max(region_name) as region_name, count(*) as items
          from catalogue.item
         where status <> 'cancelled'
        """
        + ("" if regions is None else " and region = any(%(regions)s)")
        + " group by department, kind, audience, region, themes, lists"
    )
    return db.all(_Row, sql, between=_BETWEEN, regions=regions)


def _lists(db: Db) -> dict[str, int]:
    counted: dict[str, int] = {str(of): number for of, number in entry_counts(db).items()}
    return counted | {FEES: fee_count(db)}


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
