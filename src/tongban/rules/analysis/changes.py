"""What changed in one cell, said as shortly as an official would: a limit raised, a kind added."""

from collections.abc import Sequence

from tongban.rules.analysis.phrases import COMPILER, Title, value_words
from tongban.rules.analysis.reading import cell_tree, cell_words
from tongban.rules.analysis.words import Phrase, clauses, either, words
from tongban.rules.dmn.cells import make_cell
from tongban.rules.dmn.model import TableBox
from tongban.rules.feel.compare import ORDER, same
from tongban.rules.feel.compile import UNKNOWN
from tongban.rules.feel.parser import parse
from tongban.rules.feel.values import Range, Value
from tongban.rules.problems import FeelSyntaxError


def cell_change(box: TableBox, old: str, new: str, name: Title) -> Phrase | None:
    """What changed in a condition; None when it still asks the same."""
    before, after = cell_tree(box, old), cell_tree(box, new)
    if old.split() == new.split() or (before == after and before is not None):
        return None
    first, second = _ranges(box, old), _ranges(box, new)
    if first is not None and second is not None:
        told = _limit_change(first, second, name) or _value_change(first, second, name)
        if told is not None:
            return told
    return _reworded(box, (old, new), name)


def _reworded(box: TableBox, texts: tuple[str, str], name: Title) -> Phrase:
    before, after = (cell_words(box, text, name.unit) for text in texts)
    if before is None and after is not None:
        return words("增加条件：{test}", test=words("{name}{test}", name=name.name, test=after))
    if before is not None and after is None:
        return words("不再要求{test}", test=words("{name}{test}", name=name.name, test=before))
    return words("{name}由“{old}”改为“{new}”", name=name.name, old=before or "-", new=after or "-")


def _ranges(box: TableBox, text: str) -> Sequence[Range] | None:
    """What a condition accepts, if it is a plain list of values or intervals."""
    node = cell_tree(box, text)
    if node is None:
        return None
    cell = make_cell(COMPILER, node, text)
    return cell.ranges if cell.ranges and not cell.negated else None


def _limit_change(old: Sequence[Range], new: Sequence[Range], name: Title) -> Phrase | None:
    """Two intervals with the same sides: `面积上限由 100 改为 120`."""
    if len(old) != 1 or len(new) != 1:
        return None
    one, other = old[0], new[0]
    if "=" in (one.operator, other.operator) or not _alike(one, other):
        return None
    told = []
    if not same(one.low, other.low):
        low = {"old": value_words(one.low), "new": value_words(other.low)}
        told.append(words("{name}下限由 {old} 改为 {new}", name=name.name, **low))
    if not same(one.high, other.high):
        high = {"old": value_words(one.high), "new": value_words(other.high)}
        told.append(words("{name}上限由 {old} 改为 {new}", name=name.name, **high))
    return clauses(told) if told else None


def _alike(one: Range, other: Range) -> bool:
    """Whether two intervals have the same sides, so that only their limits can differ."""
    sides = [
        (
            interval.low is None,
            interval.high is None,
            interval.low is not None and interval.low_included,
            interval.high is not None and interval.high_included,
        )
        for interval in (one, other)
    ]
    kinds = {type(end) for end in (one.low, one.high, other.low, other.high) if end is not None}
    return sides[0] == sides[1] and len(kinds) == 1 and kinds <= ORDER.keys()


def _value_change(old: Sequence[Range], new: Sequence[Range], name: Title) -> Phrase | None:
    """Two lists of values: `业态增加食堂`."""
    if any(interval.operator != "=" for interval in (*old, *new)):
        return None
    before, after = [one.low for one in old], [one.low for one in new]
    added = [value for value in after if not _among(value, before)]
    removed = [value for value in before if not _among(value, after)]
    if len(added) == len(removed) == 1 and len(before) == 1:
        return _replaced(removed[0], added[0], name)
    told = []
    if added:
        told.append(words("{name}增加{values}", name=name.name, values=_several(added, name)))
    if removed:
        told.append(words("{name}不再包括{values}", name=name.name, values=_several(removed, name)))
    return clauses(told) if told else None


def _replaced(old: Value, new: Value, name: Title) -> Phrase:
    return words(
        "{name}由 {old} 改为 {new}",
        name=name.name,
        old=value_words(old),
        new=value_words(new),
    )


def _several(values: Sequence[Value], name: Title) -> Phrase:
    return either(value_words(value, name.unit) for value in values)


def _among(value: Value, values: Sequence[Value]) -> bool:
    return any(same(value, other) for other in values)


def result_change(old: str, new: str, name: Title) -> Phrase | None:
    """What changed in a result; None when it is still the same."""
    if old.split() == new.split():
        return None
    before, after = _constant(old), _constant(new)
    if UNKNOWN not in (before, after):
        return None if same(before, after) else _replaced(before, after, name)
    return words("{name}由“{old}”改为“{new}”", name=name.name, old=old or "-", new=new or "-")


def _constant(text: str) -> Value:
    try:
        return COMPILER.constant(parse(text)) if text else None
    except FeelSyntaxError:
        return UNKNOWN
