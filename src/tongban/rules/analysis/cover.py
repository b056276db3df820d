"""Which combinations of regions no rule of a set accepts: a walk over one axis after another.

Rules that cannot be told apart any more on the way are walked once, and a set that some rule
without further conditions belongs to needs no walk at all. The work is bounded; a walk that was cut
short says so, and then nothing is claimed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Box = tuple[tuple[int, ...], ...]
"""For each axis the numbers of the regions meant; what is not walked over is all of them."""

Sides = Sequence[Sequence[int]]
"""For each axis the rules of each region."""


class Exhausted(Exception):
    """The walk took more steps than it was given."""


@dataclass(slots=True)
class Fuel:
    """Steps that several walks share."""

    left: int

    def burn(self, amount: int) -> None:
        """Pay for some steps. Exhausted when there are not enough left."""
        self.left -= amount
        if self.left < 0:
            raise Exhausted


@dataclass(slots=True)
class Walk:
    """A walk over the axes; `within` limits it to a box, an empty entry means the whole axis."""

    sides: Sides
    fuel: Fuel
    within: Sequence[Sequence[int]] = ()
    _groups: list[dict[int, list[int]]] = field(default_factory=list)
    _always: list[int] = field(default_factory=list)
    _clean: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for axis, masks in enumerate(self.sides):
            regions = self.within[axis] if self.within else range(len(masks))
            groups: dict[int, list[int]] = {}
            for region in regions:
                groups.setdefault(masks[region], []).append(region)
            self._groups.append(groups)
        rest = -1
        for groups in reversed(self._groups):
            for mask in groups:
                rest &= mask
            self._always.insert(0, rest)

    def uncovered(self, rules: int) -> Iterator[Box]:
        """The boxes that none of the rules accepts. Exhausted when the fuel ends."""
        if all(self._groups):
            yield from self._from(0, rules, ())

    def _from(self, axis: int, rules: int, before: Box) -> Iterator[Box]:
        if not rules:
            yield before + tuple(
                tuple(region for found in groups.values() for region in found)
                for groups in self._groups[axis:]
            )
            return
        if axis == len(self._groups) or rules & self._always[axis] or (axis, rules) in self._clean:
            return
        groups = self._groups[axis]
        self.fuel.burn(len(groups))
        merged: dict[int, list[int]] = {}
        for mask, regions in groups.items():
            merged.setdefault(rules & mask, []).extend(regions)
        clean = True
        for left, regions in merged.items():
            for box in self._from(axis + 1, left, (*before, tuple(regions))):
                clean = False
                yield box
        if clean:
            self._clean.add((axis, rules))


def overlapping(sides: Sides, count: int) -> list[int]:
    """For each rule all rules that share a box with it, itself included where it can apply."""
    found = [(1 << count) - 1] * count
    for masks in sides:
        shared = _neighbours(masks, count)
        found = [one & other for one, other in zip(found, shared, strict=True)]
    return found


def _neighbours(masks: Sequence[int], count: int) -> list[int]:
    """For each rule all rules that share a region of one axis with it.

    Of two rules that meet, one is there when the other begins, so only beginnings are looked at.
    """
    shared = [0] * count
    before = 0
    for mask in masks:
        for rule in members(mask & ~before):
            shared[rule] |= mask
        before = mask
    whole = list(shared)
    for rule, others in enumerate(shared):
        bit = 1 << rule
        for other in members(others):
            whole[other] |= bit
    return whole


def signatures(sides: Sides, count: int) -> list[tuple[int, ...]]:
    """For each rule and axis a number that stands for the regions accepted, 0 for none.

    Different regions nearly always have different numbers, the same regions always the same.
    """
    found = []
    for masks in sides:
        totals = [0] * count
        before = 0
        for region, mask in enumerate([*masks, 0]):
            edge = hash((region, "region"))
            for rule in members(mask ^ before):
                totals[rule] ^= edge
            before = mask
        found.append(totals)
    return list(zip(*found, strict=True)) if found else [()] * count


def members(mask: int) -> Iterator[int]:
    """The rules of a set, from the first."""
    digits = format(mask, "b")[::-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def box_of(sides: Sides, rules: int) -> Box:
    """The regions that all of the rules accept."""
    return tuple(
        tuple(region for region, mask in enumerate(masks) if mask & rules == rules)
        for masks in sides
    )
