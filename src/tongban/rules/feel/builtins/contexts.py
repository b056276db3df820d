"""Context functions (DMN 1.5, 10.3.4.9)."""

from tongban.rules.budget import Run
from tongban.rules.feel.registry import builtin
from tongban.rules.feel.values import Value

Entries = dict[str, Value]


@builtin("get value", "m: context, key: string")
def get_value(run: Run, entries: Entries, key: str) -> Value:
    return entries[key] if key in entries else run.note("数据中没有“{key}”", key=key)


@builtin("get value", "m: context, context path: list")
def get_path(run: Run, entries: Entries, path: list[Value]) -> Value:
    found: Value = entries
    for key in path:
        if type(found) is not dict or type(key) is not str or key not in found:
            return run.note("数据中没有“{key}”", key=key)
        found = found[key]
    return found


@builtin("get entries", "m: context")
def get_entries(_run: Run, entries: Entries) -> list[Entries]:
    return [{"key": key, "value": value} for key, value in entries.items()]


@builtin("context", "entries: list")
def context(run: Run, pairs: list[Value]) -> Value:
    made: Entries = {}
    for pair in pairs:
        if type(pair) is not dict or type(pair.get("key")) is not str or "value" not in pair:
            return run.note("每一项都必须有 key（文字）和 value")
        if pair["key"] in made:
            return run.note("“{key}”出现了两次", key=pair["key"])
        made[pair["key"]] = pair["value"]
    return made


@builtin("context put", "context: context, key: string, value: any")
def context_put(run: Run, entries: Entries, key: str, value: Value) -> Entries:
    run.spend(len(entries))
    return {**entries, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_path(run: Run, entries: Entries, keys: list[Value], value: Value) -> Value:
    if not keys or type(keys[0]) is not str:
        return run.note("路径必须是文字的列表")
    run.spend(len(entries) + len(keys))
    head, *rest = keys
    if not rest:
        return {**entries, head: value}
    inner = entries.get(head)
    if type(inner) is not dict:
        return run.note("数据中没有“{key}”", key=head)
    changed = context_put_path(run, inner, rest, value)
    return None if changed is None else {**entries, head: changed}


@builtin("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    merged: Entries = {}
    for one in contexts:
        if type(one) is not dict:
            return run.note("只有数据项的集合可以合并")
        run.spend(len(one))
        merged.update(one)
    return merged
