"""A decision table as one function: the form for many decisions (see `index`).

The source of that function is put together from fixed fragments and numbered names only; values and
texts of the table reach it as objects, never as source.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NoReturn

from tongban.rules.budget import Run
from tongban.rules.dmn.cells import Cell
from tongban.rules.dmn.index import Column, bits, make_column
from tongban.rules.dmn.table import Table
from tongban.rules.feel.scope import Env
from tongban.rules.feel.values import Value

Row = Sequence[Value]
TRUTHS = {"t": True, "f": False, "n": None}
TRUTHS_AS_NUMBERS = frozenset((Decimal(0), Decimal(1)))
REMEMBERED = 65_536


class Outcomes(dict[int, Value]):
    """The result for each set of rules that apply, computed when it is first met."""

    def __init__(self, conclude: Callable[[int], Value]) -> None:
        super().__init__()
        self._conclude = conclude

    def __missing__(self, mask: int) -> Value:
        value = self._conclude(mask)
        if len(self) < REMEMBERED:
            self[mask] = value
        return value


class Points(dict[Value, int]):
    """The rules for each value; one mask for every value that no rule names."""

    def __init__(self, points: Mapping[Value, int], others: int) -> None:
        super().__init__(points)
        self.others = others

    def __missing__(self, _value: Value) -> int:
        return self.others


def fast_columns(table: Table, allowed: Sequence[Cell | None]) -> list[Column] | None:
    """The columns of a table that can be one function, or None.

    Behind the rules stands one more bit, which is set while every value is an allowed one.
    """
    if not table.inputs or not table.rules or not table.constant:
        return None
    count = len(table.rules)
    columns = []
    for number, test in enumerate(allowed):
        cells = [rule.cells[number] for rule in table.rules]
        column = make_column([*cells, test] if test is not None else cells)
        if column.computed:
            return None
        columns.append(_with_permission(column, 1 << count, test is not None))
    return columns


def _with_permission(column: Column, bit: int, tested: bool) -> Column:
    if column.bounds:
        masks = column.masks if tested else tuple(mask | bit for mask in column.masks)
        return replace(column, masks=masks)
    points = dict(column.points)
    points[None] = points.get(None, column.others) | bit
    if tested:
        return replace(column, points=points)
    points = {value: mask | bit for value, mask in points.items()}
    return replace(column, points=points, others=column.others | bit)


def _unlike(value: Value) -> NoReturn:
    raise TypeError(value)


def _lookup(number: int, column: Column, names: dict[str, object]) -> str:
    """The fragment that maps `v<number>` to rules, and the objects that it names.

    Python takes true for the number 1, so where that could matter they are told apart.
    """
    value = f"v{number}"
    if column.kind is bool:
        points = Points(column.points, column.others)
        names |= {f"{name}{number}": points[key] for name, key in TRUTHS.items()}
        names[f"o{number}"] = column.others
        return (
            f"(t{number} if {value} is True else f{number} if {value} is False"
            f" else n{number} if {value} is None else o{number})"
        )
    found = _searched(number, column, names)
    if column.kind is Decimal and (
        column.bounds or not TRUTHS_AS_NUMBERS.isdisjoint(column.points)
    ):
        names["unlike"] = _unlike
        return f"({found} if {value} is not True and {value} is not False else unlike({value}))"
    return found


def _searched(number: int, column: Column, names: dict[str, object]) -> str:
    value = f"v{number}"
    if not column.bounds:
        names[f"p{number}"] = Points(column.points, column.others)
        return f"p{number}[{value}]"
    even, odd = column.masks[::2], column.masks[1::2]
    names[f"b{number}"] = column.bounds
    if odd == even[1:]:
        names[f"m{number}"], names[f"f{number}"] = even, bisect_right
        return f"m{number}[f{number}(b{number}, {value})]"
    if odd == even[:-1]:
        names[f"m{number}"], names[f"f{number}"] = even, bisect_left
        return f"m{number}[f{number}(b{number}, {value})]"
    names |= {f"m{number}": column.masks, "bl": bisect_left, "br": bisect_right}
    return f"m{number}[bl(b{number}, {value}) + br(b{number}, {value})]"


Decide = Callable[[Row], Value]
DecideMany = Callable[[Sequence[Sequence[Value]]], list[Value]]


def generate(
    table: Table, columns: Sequence[Column], fields: Sequence[str]
) -> tuple[Decide, DecideMany, Callable[[Mapping[str, Value]], Value]]:
    """Three functions: of a row, of columns, and of a mapping from `fields` to values.

    They raise TypeError for values that no column can be asked about.
    """
    count = len(table.rules)

    def conclude(mask: int) -> Value:
        if not mask >> count:
            return None
        return table.conclude(bits(mask & ~(1 << count)), Env(Run(), {}))

    names: dict[str, object] = {"outcome": Outcomes(conclude), "__builtins__": {"zip": zip}}
    names |= {f"k{number}": field for number, field in enumerate(fields)}
    lookups = [_lookup(number, column, names) for number, column in enumerate(columns)]
    values = ", ".join(f"v{number}" for number in range(len(columns)))
    found = f"outcome[{' & '.join(lookups)}]"
    items = "".join(f"    v{number} = given[k{number}]\n" for number in range(len(fields)))
    source = (
        f"def decide(row):\n    {values}, = row\n    return {found}\n"
        f"def many(columns):\n    return [{found} for {values}, in zip(*columns)]\n"
        f"def named(given):\n{items}    return {found}\n"
    )
    exec(compile(source, "<decision table>", "exec"), names)  # Fixed fragments only; see above.
    return names["decide"], names["many"], names["named"]  # type: ignore[return-value]
