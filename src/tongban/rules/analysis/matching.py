"""Which rules and columns of two versions of a table are the same ones."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import eq

from tongban.rules.analysis.reading import cell_tree, result_tree
from tongban.rules.dmn.model import Rule, TableBox
from tongban.rules.feel import ast

Cells = tuple[ast.Node | None, ...]
MOST_COMPARED = 200_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Numbers, from 0: what is in both versions (old, new), what is in one only."""

    same: tuple[tuple[int, int], ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]


def _pairs(found: dict[int, int], old: int, new: int) -> Pairs:
    taken = set(found.values())
    return Pairs(
        tuple(sorted(found.items(), key=lambda pair: pair[1])),
        tuple(number for number in range(old) if number not in found),
        tuple(number for number in range(new) if number not in taken),
    )


def pair_columns(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Columns by name; of two that stand alone in one place one was renamed."""
    found: dict[int, int] = {}
    for number, name in enumerate(old):
        if name in new and old.count(name) == new.count(name) == 1:
            found[number] = new.index(name)
    if len(old) == len(new):
        taken = set(found.values())
        for number in range(len(old)):
            if number not in found and number not in taken:
                found[number] = number
    return _pairs(found, len(old), len(new))


def pair_rules(old: TableBox, new: TableBox, inputs: Pairs, outputs: Pairs) -> Pairs:
    """Rules by identity, else by content, else the most alike that share a third of their cells."""
    before, after = _cells(old, inputs, outputs, 0), _cells(new, inputs, outputs, 1)
    found = _by_identity(old.rules, new.rules)
    _by_content(before, after, found)
    _by_likeness(before, after, found)
    return _pairs(found, len(before), len(after))


def _cells(box: TableBox, inputs: Pairs, outputs: Pairs, side: int) -> list[Cells]:
    """For each rule what the cells say that both versions have, however it is spelt."""
    return [
        (
            *(cell_tree(box, rule.conditions[pair[side]]) for pair in inputs.same),
            *(result_tree(box, rule.results[pair[side]]) for pair in outputs.same),
        )
        for rule in box.rules
    ]


def _by_identity(old: Sequence[Rule], new: Sequence[Rule]) -> dict[int, int]:
    mine, theirs = (
        {rule.identifier: number for number, rule in enumerate(rules) if rule.identifier}
        for rules in (old, new)
    )
    return {number: theirs[name] for name, number in mine.items() if name in theirs}


def _by_content(old: Sequence[Hashable], new: Sequence[Hashable], found: dict[int, int]) -> None:
    """Equal rules; where there are several, those that keep the order."""
    taken = set(found.values())
    one = [number for number in range(len(old)) if number not in found]
    other = [number for number in range(len(new)) if number not in taken]
    matcher = SequenceMatcher(
        None, [old[number] for number in one], [new[number] for number in other], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        for place in range(block.size):
            found[one[block.a + place]] = other[block.b + place]
    waiting: dict[Hashable, list[int]] = {}
    taken = set(found.values())
    for number in reversed(range(len(new))):
        if number not in taken:
            waiting.setdefault(new[number], []).append(number)
    for number in one:
        if number not in found and waiting.get(old[number]):
            found[number] = waiting[old[number]].pop()


def _by_likeness(old: Sequence[Cells], new: Sequence[Cells], found: dict[int, int]) -> None:
    taken = set(found.values())
    one = [number for number in range(len(old)) if number not in found]
    other = [number for number in range(len(new)) if number not in taken]
    if len(one) * len(other) > MOST_COMPARED:
        # Two versions with so little in common are told as removed and added rules.
        return
    scored = []
    for first in one:
        for second in other:
            score = sum(map(eq, old[first], new[second]))
            if score and 3 * score >= len(old[first]):
                scored.append((-score, abs(first - second), first, second))
    for _, _, first, second in sorted(scored):
        if first not in found and second not in taken:
            found[first] = second
            taken.add(second)


def moved(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The fewest pairs that must have moved for the rest to have kept their order."""
    ordered = sorted(pairs, key=lambda pair: pair[1])
    best: list[int] = []
    before: list[int] = []
    for place, (one, _) in enumerate(ordered):
        earlier = [other for other in range(place) if ordered[other][0] < one]
        last = max(earlier, key=lambda other: best[other], default=-1)
        best.append(1 + (best[last] if last >= 0 else 0))
        before.append(last)
    kept: set[tuple[int, int]] = set()
    place = max(range(len(ordered)), key=lambda number: best[number], default=-1)
    while place >= 0:
        kept.add(ordered[place])
        place = before[place]
    return set(pairs) - kept
