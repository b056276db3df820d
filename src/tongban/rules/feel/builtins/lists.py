"""List functions (DMN 1.5, 10.3.4.4) and sorting (10.3.4.8)."""

from decimal import Decimal
from functools import cmp_to_key

from tongban.rules.budget import Run
from tongban.rules.feel.compare import order, same
from tongban.rules.feel.invoke import arity_of, invoke
from tongban.rules.feel.registry import builtin
from tongban.rules.feel.temporal import Date, DaysDuration, MonthsDuration
from tongban.rules.feel.values import NUMBERS, ZERO, Value

Items = list[Value]
# Values that are equal exactly when Python finds them equal.
PLAIN = (Decimal, str, bool, type(None), Date, DaysDuration, MonthsDuration)


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, items: Items, element: Value) -> bool:
    run.spend(len(items))
    return any(same(item, element) for item in items)


@builtin("count", "*list: list")
def count(_run: Run, items: Items) -> Decimal:
    return Decimal(len(items))


def _extreme(run: Run, items: Items, sign: int) -> Value:
    if not items:
        return None
    best = items[0]
    for item in items:
        found = order(item, best)
        if found is None:
            return run.note("列表中的值无法比较大小")
        if found * sign > 0:
            best = item
    return best


@builtin("min", "*list: list")
def minimum(run: Run, items: Items) -> Value:
    return _extreme(run, items, -1)


@builtin("max", "*list: list")
def maximum(run: Run, items: Items) -> Value:
    return _extreme(run, items, 1)


def _numbers(run: Run, items: Items) -> bool:
    run.spend(len(items))
    if all(type(item) is Decimal for item in items):
        return True
    run.note("列表中有不是数字的值")
    return False


@builtin("sum", "*list: list")
def total(run: Run, items: Items) -> Value:
    if items and type(items[0]) in (DaysDuration, MonthsDuration):
        return _total_duration(run, items)
    if not items or not _numbers(run, items):
        return None
    result = ZERO
    for item in items:
        result = NUMBERS.add(result, item)
    return result


def _total_duration(run: Run, items: Items) -> Value:
    first = type(items[0])
    if any(type(item) is not first for item in items):
        return run.note("列表中有不是数字的值")
    if first is DaysDuration:
        return DaysDuration(sum(item.nanos for item in items))
    return MonthsDuration(sum(item.months for item in items))


@builtin("mean", "*list: list")
def mean(run: Run, items: Items) -> Value:
    added = total(run, items)
    if isinstance(added, DaysDuration):
        return DaysDuration(added.nanos // len(items))
    if isinstance(added, MonthsDuration):
        return MonthsDuration(int(added.months / len(items)))
    return None if added is None else NUMBERS.divide(added, Decimal(len(items)))


@builtin("product", "*list: list")
def product(run: Run, items: Items) -> Value:
    if not items or not _numbers(run, items):
        return None
    result = Decimal(1)
    for item in items:
        result = NUMBERS.multiply(result, item)
    return result


@builtin("median", "*list: list")
def median(run: Run, items: Items) -> Value:
    if not items or not _numbers(run, items):
        return None
    ordered = sorted(items)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return NUMBERS.divide(NUMBERS.add(ordered[half - 1], ordered[half]), Decimal(2))


@builtin("stddev", "*list: list")
def standard_deviation(run: Run, items: Items) -> Value:
    if not _numbers(run, items):
        return None
    if len(items) < 2:
        return run.note("标准差至少需要两个数")
    average = mean(run, items)
    squares = ZERO
    for item in items:
        distance = NUMBERS.subtract(item, average)
        squares = NUMBERS.fma(distance, distance, squares)
    return NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(items) - 1)))


@builtin("mode", "*list: list")
def mode(run: Run, items: Items) -> Value:
    if not _numbers(run, items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)


def _quantify(run: Run, items: Items, decisive: bool) -> Value:
    if any(item is decisive for item in items):
        return decisive
    if all(item is (not decisive) for item in items):
        return not decisive
    return run.note("列表中有不是真假值的值")


@builtin("all", "*list: list")
def all_true(run: Run, items: Items) -> Value:
    return _quantify(run, items, False)


@builtin("any", "*list: list")
def any_true(run: Run, items: Items) -> Value:
    return _quantify(run, items, True)


def _index(run: Run, items: Items, position: Decimal) -> Value:
    index = int(position)
    if position != index or index == 0 or abs(index) > len(items):
        return run.note(
            "位置 {position} 不在列表之内（共 {size} 项）", position=position, size=len(items)
        )
    return index - 1 if index > 0 else len(items) + index


@builtin("sublist", "list: list, start position: number, length: number?")
def sublist(run: Run, items: Items, start: Decimal, length: Decimal | None) -> Value:
    first = _index(run, items, start)
    if first is None:
        return None
    if length is None:
        return items[first:]
    if length < 1 or first + length > len(items):
        return run.note("取子列表的长度超出范围")
    return items[first : first + int(length)]


@builtin("append", "list: list, ...item: any")
def append(run: Run, items: Items, added: Items) -> Items:
    run.spend(len(items) + len(added))
    return items + added


@builtin("concatenate", "...list: any")
def concatenate(run: Run, lists: Items) -> Value:
    if any(one is None for one in lists):
        return run.note("不能连接空的列表")
    joined = [item for one in lists for item in (one if type(one) is list else [one])]
    run.spend(len(joined))
    return joined


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: Items, position: Decimal, item: Value) -> Items | None:
    index = _index(run, items, position)
    run.spend(len(items))
    return None if index is None else [*items[:index], item, *items[index:]]


@builtin("remove", "list: list, position: number")
def remove(run: Run, items: Items, position: Decimal) -> Items | None:
    index = _index(run, items, position)
    run.spend(len(items))
    return None if index is None else items[:index] + items[index + 1 :]


@builtin("list replace", "list: list, position: number, newItem: any")
def replace_at(run: Run, items: Items, position: Decimal, item: Value) -> Items | None:
    index = _index(run, items, position)
    run.spend(len(items))
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def replace_matching(run: Run, items: Items, match: Value, item: Value) -> Value:
    replaced = []
    for old in items:
        found = invoke(run, match, [old, item])
        if type(found) is not bool:
            return run.note("用于匹配的函数必须给出真或假")
        replaced.append(item if found else old)
    return replaced


@builtin("reverse", "list: list")
def reverse(run: Run, items: Items) -> Items:
    run.spend(len(items))
    return items[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, items: Items, match: Value) -> list[Decimal]:
    run.spend(len(items))
    return [Decimal(i) for i, item in enumerate(items, 1) if same(item, match)]


def _distinct(run: Run, items: Items) -> Items:
    kept: Items = []
    seen: set[tuple[type, Value]] = set()
    others: Items = []
    for item in items:
        run.spend(1 + len(others))
        if type(item) in PLAIN:
            if (type(item), item) not in seen:
                seen.add((type(item), item))
                kept.append(item)
        elif not any(same(item, other) for other in others):
            others.append(item)
            kept.append(item)
    return kept


@builtin("union", "...list: any")
def union(run: Run, lists: Items) -> Items | None:
    joined = concatenate(run, lists)
    return None if joined is None else _distinct(run, joined)


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: Items) -> Items:
    return _distinct(run, items)


@builtin("duplicate values", "list: list")
def duplicate_values(run: Run, items: Items) -> Items:
    kept: Items = []
    for item in _distinct(run, items):
        run.spend(1 + len(items))
        if sum(same(item, other) for other in items) > 1:
            kept.append(item)
    return kept


@builtin("flatten", "list: list")
def flatten(run: Run, items: Items) -> Items:
    flat: Items = []
    pending = [iter(items)]
    while pending:
        for item in pending[-1]:
            run.spend()
            if type(item) is list:
                pending.append(iter(item))
                break
            flat.append(item)
        else:
            pending.pop()
    return flat


@builtin("sort", "list: list, precedes: function")
def sort(run: Run, items: Items, precedes: Value) -> Value:
    low, high = arity_of(precedes)
    if not low <= 2 <= high:
        return run.note("用于排序的函数必须有两个参数")

    def compare(one: Value, other: Value) -> int:
        if invoke(run, precedes, [one, other]) is True:
            return -1
        return 1 if invoke(run, precedes, [other, one]) is True else 0

    return sorted(items, key=cmp_to_key(compare))
