"""The rules of a table found by the values of its columns instead of one by one.

Every column maps a value to the set of rules whose entry accepts it, as the bits of an integer;
the rules that apply are the bits common to all columns. Values are found by equality in a
dictionary or by bisection between sorted bounds, so a table of a thousand rules costs hardly more
than one of ten.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongban.rules.dmn.cells import Cell
from tongban.rules.dmn.table import Table
from tongban.rules.feel.scope import Env
from tongban.rules.feel.temporal import Date
from tongban.rules.feel.values import Range, Value

ORDERED = (Decimal, Date, str)
UNHASHABLE = (list, dict, Range)


@dataclass(frozen=True, slots=True)
class Column:
    """One input column. `kind` is the type of the values that it knows.

    With `bounds`, the sum of bisect_left and bisect_right is even between two bounds and odd on
    one; `masks` has the rules of each position. Without, `points` maps values to rules and `others`
    is for every other value. `computed` are the rules whose entry must be evaluated.
    """

    kind: type | None
    points: dict[Value, int]
    others: int
    bounds: tuple[Value, ...]
    masks: tuple[int, ...]
    computed: int

    def knows(self, value: Value) -> bool:
        """Whether the column can be asked about a value."""
        if self.kind is None:
            return type(value) not in UNHASHABLE
        return type(value) is self.kind or (value is None and not self.bounds)

    def mask(self, value: Value) -> int:
        """The rules whose entry accepts the value, and those that must be computed."""
        if self.bounds:
            return self.masks[bisect_left(self.bounds, value) + bisect_right(self.bounds, value)]
        return self.points.get(value, self.others)


def make_column(cells: Sequence[Cell]) -> Column:
    """The column of some entries."""
    kinds = {
        type(end)
        for cell in cells
        for interval in cell.ranges or ()
        for end in (interval.low, interval.high)
        if end is not None
    }
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    usable = [_usable(cell, kind) for cell in cells]
    computed = sum(1 << number for number, fit in enumerate(usable) if not fit)
    fixed = [cell if fit else None for cell, fit in zip(cells, usable, strict=True)]
    if all(_is_points(cell) for cell in fixed if cell is not None):
        return _point_column(kind, fixed, computed)
    return _bound_column(kind, fixed, computed)


def _usable(cell: Cell, kind: type | None) -> bool:
    if cell.ranges is None:
        return False
    if all(interval.low is None and interval.operator == "=" for interval in cell.ranges):
        return True
    if kind in (bool, *ORDERED):
        return kind is not bool or _is_points(cell)
    return False


def _is_points(cell: Cell) -> bool:
    return all(interval.operator == "=" for interval in cell.ranges or ())


def _accepts_others(cell: Cell) -> bool:
    return cell.accepts_all or cell.negated


def _mask(cells: Sequence[Cell | None], computed: int, test: Callable[[Cell], bool]) -> int:
    found = (1 << number for number, cell in enumerate(cells) if cell is not None and test(cell))
    return sum(found, computed)


def _point_column(kind: type | None, cells: Sequence[Cell | None], computed: int) -> Column:
    values = {
        interval.low: None for cell in cells if cell is not None for interval in cell.ranges or ()
    }
    others = _mask(cells, computed, _accepts_others)
    masks = dict.fromkeys(values, others)
    for number, cell in enumerate(cells):
        if cell is None or cell.accepts_all:
            continue
        for interval in cell.ranges or ():
            if cell.negated:
                masks[interval.low] &= ~(1 << number)
            else:
                masks[interval.low] |= 1 << number
    return Column(kind, masks, others, (), (), computed)


def _bound_column(kind: type | None, cells: Sequence[Cell | None], computed: int) -> Column:
    ends = {
        end
        for cell in cells
        if cell is not None
        for interval in cell.ranges or ()
        for end in (interval.low, interval.high)
        if end is not None
    }
    bounds = tuple(sorted(ends))
    place = {bound: number for number, bound in enumerate(bounds)}
    count = 2 * len(bounds) + 1
    opened, closed = [0] * (count + 1), [0] * (count + 1)
    for number, cell in enumerate(cells):
        for first, last in [] if cell is None else _spans(cell, place, count):
            opened[first] |= 1 << number
            closed[last] |= 1 << number
    masks, current = [], computed
    for position in range(count):
        current = (current & ~closed[position]) | opened[position]
        masks.append(current)
    return Column(kind, {}, 0, bounds, tuple(masks), computed)


def _spans(cell: Cell, place: dict[Value, int], count: int) -> list[tuple[int, int]]:
    """The positions that an entry accepts, as spans from the first to behind the last."""
    if cell.accepts_all:
        return [(0, count)]
    merged: list[tuple[int, int]] = []
    for first, last in sorted(_span(interval, place, count) for interval in cell.ranges or ()):
        if first >= last:
            continue
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return _complement(merged, count) if cell.negated else merged


def _complement(spans: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for span in spans for edge in span), count]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(first, last) for first, last in pairs if first < last]


def _span(interval: Range, place: dict[Value, int], count: int) -> tuple[int, int]:
    if interval.low is None and interval.high is None:
        return 0, 0
    first, last = 0, count
    if interval.low is not None:
        first = 2 * place[interval.low] + (1 if interval.low_included else 2)
    if interval.high is not None:
        last = 2 * place[interval.high] + (2 if interval.high_included else 1)
    return first, last


def bits(mask: int) -> list[int]:
    """The numbers of the bits that are set, from the lowest."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


class Index:
    """All columns of a table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = tuple(
            make_column([rule.cells[number] for rule in table.rules])
            for number in range(len(table.inputs))
        )
        self.computed = any(column.computed for column in self.columns)
        self.all = (1 << len(table.rules)) - 1

    def matching(self, values: Sequence[Value], env: Env) -> list[int]:
        """The numbers, from 0, of all rules that apply."""
        if not all(column.knows(value) for column, value in zip(self.columns, values, strict=True)):
            return self.table.matching(values, env)
        mask = self.all
        for column, value in zip(self.columns, values, strict=True):
            mask &= column.mask(value)
        found = bits(mask)
        env.run.spend(1 + len(found))
        return (
            [number for number in found if self._holds(number, values, env)]
            if self.computed
            else found
        )

    def _holds(self, number: int, values: Sequence[Value], env: Env) -> bool:
        rule = self.table.rules[number]
        return all(
            not column.computed >> number & 1 or cell.code(env.inner({"?": value})) is True
            for column, cell, value in zip(self.columns, rule.cells, values, strict=True)
        )
