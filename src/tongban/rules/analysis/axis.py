"""The values of an input, split where the answer of any test may change.

Inside a region every readable test has one answer, so one value stands for all of them. Rules are
the bits of an integer. What cannot be read as a set of values may accept anything: it is in `may`
of every region and in `must` of none, and nothing is claimed that rests on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tongban.rules.analysis.between import between, seconds_around
from tongban.rules.analysis.ends import End, depends_on_others, ends_of
from tongban.rules.budget import Run
from tongban.rules.dmn.cells import Cell
from tongban.rules.feel import ast
from tongban.rules.feel.compare import ORDER
from tongban.rules.feel.scope import Env
from tongban.rules.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from tongban.rules.feel.types import Constrained, ContextOf, FeelType, ListOf
from tongban.rules.feel.values import Range, Value
from tongban.rules.problems import BudgetExceeded

MOST_EVALUATIONS = 200_000
TYPES: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": DaysDuration,
    "years and months duration": MonthsDuration,
}
SCALARS = frozenset(TYPES)
NAMES = {kind: name for name, kind in TYPES.items()}
# Equality and order of these agree, so that spans of positions say what the engine says.
EXACT = frozenset((Decimal, str, bool, Date, DaysDuration, MonthsDuration))
SAMPLES: dict[type, Value] = {
    Decimal: Decimal(0),
    str: "其他",
    bool: True,
    Date: Date(2026, 1, 1),
    Time: Time(12, 0, 0),
    DateTime: DateTime(Date(2026, 1, 1), Time(12, 0, 0)),
    DaysDuration: DaysDuration(86_400 * 10**9),
    MonthsDuration: MonthsDuration(12),
}


@dataclass(frozen=True, slots=True)
class Region:
    """Values that no readable test tells apart; `value` is one of them.

    `interval` says which they are; it is None for null and for values that no test names.
    `position` is the place on the axis, from low to high; `sure` is False where it is not known
    whether the value is permitted.
    """

    value: Value
    interval: Range | None = None
    position: int = -1
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an input beside its tests: its type, and tests that its values pass."""

    name: str
    type: FeelType
    allowed: tuple[Cell, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Axis:
    """One input with its regions. `kind` is None for values that no test and no type tells of."""

    name: str
    columns: tuple[int, ...]
    kind: type | None
    regions: tuple[Region, ...]
    may: tuple[int, ...]
    must: tuple[int, ...]
    others: int = field(default=0)


def make_axis(
    name: str, columns: Sequence[int], rows: Sequence[Sequence[Cell]], known: Known
) -> Axis:
    """The axis of an input. `rows` has the entries of each rule, one for each of the columns."""
    cells = {id(cell): cell for row in rows for cell in row}
    ends = {key: ends_of(cell) for key, cell in cells.items()}
    limits = [(cell, ends_of(cell)) for cell in known.allowed]
    points = [end for found in ends.values() for end in found or ()]
    bounds = [*points, *(end for _, found in limits for end in found or ())]
    kinds = _kinds(known.type, bounds)
    split = _regions_of(kinds, bounds) if kinds else _given(known.type, bounds)
    regions = [one for one in (_checked(one, limits, known) for one in split or ()) if one]
    if split is None:
        regions = [Region(None)]
    elif any(end.value is None for end in points):
        regions.append(Region(None))
    spans = kinds[0] if split and len(kinds) == 1 and kinds[0] in EXACT else None
    ground = _Ground(regions, split, spans)
    may, must = [(1 << len(rows)) - 1] * len(regions), [(1 << len(rows)) - 1] * len(regions)
    for column in range(len(columns)):
        maybe, surely = _masks([row[column] for row in rows], ends, ground)
        may = [one & other for one, other in zip(may, maybe, strict=True)]
        must = [one & other for one, other in zip(must, surely, strict=True)]
    free = sum(1 << number for number, row in enumerate(rows) if any(map(_is_free, row)))
    kind = kinds[0] if len(kinds) == 1 else None
    return Axis(name, tuple(columns), kind, tuple(regions), tuple(may), tuple(must), free)


@dataclass(frozen=True, slots=True)
class _Ground:
    """The regions that are permitted, and all that there were; None where nothing could be split.

    `spans` is the kind of values whose tests can be read as spans of positions.
    """

    regions: Sequence[Region]
    split: Sequence[Region] | None
    spans: type | None


def _regions_of(kinds: Sequence[type], ends: Sequence[End]) -> list[Region] | None:
    """All regions of an input; None when its values cannot be told apart at all."""
    found: list[Region] = []
    for kind in kinds:
        regions = _regions(kind, ends)
        if regions is None:
            return None
        found += regions
    return found or None


def _is_free(cell: Cell) -> bool:
    # The engine never accepts a faulty entry, which says nothing about what was meant.
    is_faulty = isinstance(cell.node, ast.UnaryTests) and not cell.node.tests
    return is_faulty or (cell.ranges is None and depends_on_others(cell.node))


def plain(wanted: FeelType) -> FeelType:
    """A type without its constraints."""
    while isinstance(wanted, Constrained):
        wanted = wanted.of
    return wanted


def _kinds(wanted: FeelType, ends: Iterable[End]) -> list[type]:
    """The kinds of values that an input may have: as declared, else those that tests name."""
    declared = TYPES.get(plain(wanted).name)
    if declared is not None:
        return [declared]
    if plain(wanted).name != "Any":
        return []
    found = {type(end.value): None for end in ends if type(end.value) in NAMES}
    return list(found)


def _regions(kind: type, ends: Sequence[End]) -> list[Region] | None:
    own = [end for end in ends if type(end.value) is kind]
    if kind is bool:
        return [Region(value, _point(value), number) for number, value in enumerate((True, False))]
    if kind is str and not any(end.ordered for end in own):
        return _names([end.value for end in own])
    values = _sorted(kind, own)
    if values is None:
        return None
    if not values:
        return [Region(SAMPLES[kind], None, 0)]
    return list(_split(values))


def _given(wanted: FeelType, ends: Sequence[End]) -> list[Region] | None:
    """All values as one region, where tests ask no more than whether there is one."""
    if any(end.value is not None for end in ends):
        return None
    inner = plain(wanted)
    value: Value = [] if inner.is_list or isinstance(inner, ListOf) else SAMPLES[str]
    return [Region({} if isinstance(inner, ContextOf) else value, None, 0)]


def _point(value: Value) -> Range:
    return Range(value, value, True, True, "=")


def _names(values: Sequence[str]) -> list[Region]:
    """Texts that are only compared for equality: each of them, and any other."""
    known = sorted(set(values))
    regions = [Region(value, _point(value), 2 * number + 1) for number, value in enumerate(known)]
    other = "其他"
    while other in known:
        other += "1"
    return [*regions, Region(other, None, 2 * len(known))]


def _sorted(kind: type, ends: Sequence[End]) -> list[Value] | None:
    """The end points in order, each once; None when some cannot be compared with others."""
    values = [end.value for end in ends]
    if kind in (Time, DateTime):
        if len({value.shift is None for value in values}) > 1:
            return None
        values = [border for value in values for border in seconds_around(value)]
    key = ORDER[kind]
    return [value for _, value in sorted({key(value): value for value in values}.items())]


def _split(values: Sequence[Value]) -> Iterable[Region]:
    low: Value = None
    for number, value in enumerate([*values, None]):
        found = between(low, value)
        if found is not None:
            yield Region(found, Range(low, value, False, False), 2 * number)
        if value is not None:
            yield Region(value, _point(value), 2 * number + 1)
        low = value


def _checked(
    region: Region, limits: Sequence[tuple[Cell, tuple[End, ...] | None]], known: Known
) -> Region | None:
    """The region if its values are permitted; unsure where the limits cannot be read."""
    sure = True
    for cell, ends in limits:
        accepted = accepts(cell, region.value)
        if ends is None:
            sure = sure and accepted is True
        elif accepted is not True:
            return None
    if not limits and isinstance(known.type, Constrained):
        sure = known.type.passes(region.value)
    return region if sure else Region(region.value, region.interval, region.position, False)


def accepts(cell: Cell, value: Value) -> bool | None:
    """What the engine says of an entry and a value; None when it could not find out."""
    try:
        found = cell.code(Env(Run(), {"?": value}))
    except (BudgetExceeded, RecursionError):
        return None
    return found is True


def _masks(
    cells: Sequence[Cell], ends: Mapping[int, tuple[End, ...] | None], ground: _Ground
) -> tuple[list[int], list[int]]:
    """For each region the rules that may accept it and those that surely do."""
    always, unknown, budget = 0, 0, MOST_EVALUATIONS
    hits: dict[int, list[bool]] = {}
    rules: dict[int, int] = {}
    spans = _Spans(ground)
    for number, cell in enumerate(cells):
        found = ends[id(cell)]
        if cell.accepts_all:
            always |= 1 << number
        elif found is None or ground.split is None:
            unknown |= 1 << number
        elif _spannable(cell, found, ground.spans):
            spans.add(number, cell)
        else:
            if id(cell) not in hits:
                budget -= len(ground.regions)
                hits[id(cell)] = _evaluated(cell, ground.regions) if budget >= 0 else []
            rules[id(cell)] = rules.get(id(cell), 0) | 1 << number
    masks = spans.masks()
    for key, mask in rules.items():
        if len(hits[key]) < len(masks):
            unknown |= mask
            continue
        masks = [old | mask if hit else old for old, hit in zip(masks, hits[key], strict=True)]
    return [mask | always | unknown for mask in masks], [mask | always for mask in masks]


def _evaluated(cell: Cell, regions: Sequence[Region]) -> list[bool]:
    found = [accepts(cell, region.value) for region in regions]
    return [] if None in found else [hit is True for hit in found]


def _spannable(cell: Cell, ends: Sequence[End], kind: type | None) -> bool:
    return (
        kind is not None
        and cell.ranges is not None
        and all(type(end.value) is kind for end in ends)
    )


class _Spans:
    """Entries that are sets of intervals, added up over all regions at once."""

    def __init__(self, ground: _Ground) -> None:
        self.regions = ground.regions
        split = ground.split or ()
        self._place = {
            region.interval.low: region.position
            for region in split
            if region.interval is not None and region.interval.operator == "="
        }
        self._size = max((region.position for region in split), default=0) + 1
        self._opened = [0] * (self._size + 1)
        self._closed = [0] * (self._size + 1)
        self._nulls: list[tuple[int, Cell]] = []

    def add(self, number: int, cell: Cell) -> None:
        """Take an entry of a rule in."""
        bit = 1 << number
        spans = sorted(filter(None, map(self._span, cell.ranges or ())))
        if cell.negated:
            self._nulls.append((bit, cell))
            spans = _complement(_merged(spans), self._size)
        for first, last in _merged(spans):
            self._opened[first] |= bit
            self._closed[last] |= bit

    def _span(self, interval: Range) -> tuple[int, int] | None:
        """The positions that an interval covers, the last one excluded."""
        first, last = 0, self._size
        if interval.low is None and interval.high is None:
            return None
        if interval.low is not None:
            place = self._place[interval.low]
            first = place if interval.low_included else place + 1
        if interval.high is not None:
            place = self._place[interval.high]
            last = place + 1 if interval.high_included else place
        return (first, last) if first < last else None

    def masks(self) -> list[int]:
        """The rules of each region."""
        current, at = 0, []
        for position in range(self._size):
            current = (current & ~self._closed[position]) | self._opened[position]
            at.append(current)
        found = []
        for region in self.regions:
            if region.value is None:
                bits = (bit for bit, cell in self._nulls if accepts(cell, None))
                found.append(sum(bits))
            else:
                found.append(at[region.position])
        return found


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _complement(spans: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    edges: list[Any] = [0, *(edge for span in spans for edge in span), size]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(first, last) for first, last in pairs if first < last]
