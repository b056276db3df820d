"""Boxed expressions to closures (DMN 1.5, chapters 7 and 10.2)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tongban.rules.dmn.compile_table import compile_table_box
from tongban.rules.dmn.model import (
    Box,
    ConditionalBox,
    ContextBox,
    Entry,
    FilterBox,
    FunctionBox,
    InvocationBox,
    ListBox,
    Literal,
    LoopBox,
    RelationBox,
    TableBox,
)
from tongban.rules.dmn.scope import Scope
from tongban.rules.feel.compile_forms import elements, item_scope
from tongban.rules.feel.invoke import invoke_named
from tongban.rules.feel.scope import Code, Env
from tongban.rules.feel.types import ANY, MISFIT, FeelType
from tongban.rules.feel.values import Function, Parameter, Value
from tongban.rules.feel.weight import fit
from tongban.rules.problems import RuleError, reason


def compile_box(box: Box | None, scope: Scope) -> Code:
    """The closure of a boxed expression; of none it is null."""
    if box is None:
        return lambda _env: None
    return BOXES[type(box)](box, scope)


def _literal(box: Literal, scope: Scope) -> Code:
    if box.language:
        why = reason("不支持表达式语言“{language}”，只支持 FEEL", language=box.language)
        return scope.complain(RuleError(why), box.line)
    return scope.expression(box.text, box.line)


def fitting(code: Code, name: str, type_ref: str, scope: Scope) -> Code:
    """A closure whose value is made to fit a declared type, or becomes null with a reason."""
    wanted = _type(type_ref, scope)
    if wanted is None or wanted.name == "Any":
        return code

    def run_fitting(env: Env) -> Value:
        value = fit(env.run, code(env), wanted)
        if value is MISFIT:
            return env.run.note("“{name}”的值不符合类型 {type}", name=name, type=type_ref)
        return value

    return run_fitting


def _type(type_ref: str, scope: Scope) -> FeelType | None:
    found = scope.book.resolve(type_ref)
    if found is None:
        scope.complain(RuleError(reason("没有名为“{name}”的类型", name=type_ref)))
    return found


def _context(box: ContextBox, scope: Scope) -> Code:
    entries: list[tuple[str, Code]] = []
    for entry in box.entries:
        code = compile_box(entry.value, scope)
        entries.append((entry.name, fitting(code, entry.name, entry.type_ref, scope)))
        scope = scope.with_names(entry.name)
        scope.properties.add(entry.name)
    result = None if box.result is None else compile_box(box.result, scope)
    twice = len({name for name, _ in entries}) < len(entries)

    def run_context(env: Env) -> Value:
        if twice:
            return env.run.note("数据项的名称重复")
        made: dict[str, Value] = {}
        inner = env.inner(made)
        for name, code in entries:
            made[name] = code(inner)
        return made if result is None else result(inner)

    return run_context


def _invocation(box: InvocationBox, scope: Scope) -> Code:
    function = compile_box(box.function, scope)
    bindings = [(entry.name, compile_box(entry.value, scope)) for entry in box.bindings]

    def run_invocation(env: Env) -> Value:
        found = function(env)
        return invoke_named(env.run, found, {name: code(env) for name, code in bindings})

    return run_invocation


def with_parameters(box: FunctionBox) -> FunctionBox:
    """The function; one that is a table without parameters has its input expressions (10.2.1.7)."""
    if box.parameters or not isinstance(box.body, TableBox):
        return box
    clauses = {clause.expression: clause for clause in box.body.inputs}
    assumed = tuple(Entry(name, None, clause.type_ref) for name, clause in clauses.items())
    return replace(box, parameters=assumed)


def function_parts(box: FunctionBox, scope: Scope) -> tuple[tuple[Parameter, ...], Code]:
    """Parameters and body of a function."""
    parameters = tuple(
        Parameter(entry.name, _type(entry.type_ref, scope) or ANY) for entry in box.parameters
    )
    if box.kind.upper() != "FEEL":
        why = reason("不支持 {kind} 函数，请改用 FEEL 书写", kind=box.kind)
        return parameters, scope.complain(RuleError(why), box.line)
    names = (parameter.name for parameter in parameters)
    return parameters, compile_box(box.body, scope.with_names(*names))


def _function(box: FunctionBox, scope: Scope) -> Code:
    parameters, body = function_parts(box, scope)
    return lambda env: make_function("", parameters, body, env)


def make_function(
    name: str, parameters: tuple[Parameter, ...], body: Code, env: Env, result: Any = None
) -> Function:
    """A function value whose body is evaluated inside `env`."""
    names = [parameter.name for parameter in parameters]
    return Function(
        name,
        parameters,
        lambda run, values: body(Env(run, dict(zip(names, values, strict=True)), env)),
        result,
    )


def _relation(box: RelationBox, scope: Scope) -> Code:
    for column in box.columns:
        scope.properties.add(column)
    rows = [[compile_box(cell, scope) for cell in row] for row in box.rows]
    columns = box.columns
    return lambda env: [
        dict(zip(columns, (cell(env) for cell in row), strict=False)) for row in rows
    ]


def _list(box: ListBox, scope: Scope) -> Code:
    items = [compile_box(item, scope) for item in box.items]
    return lambda env: [item(env) for item in items]


def _conditional(box: ConditionalBox, scope: Scope) -> Code:
    condition = compile_box(box.condition, scope)
    yes, no = compile_box(box.yes, scope), compile_box(box.no, scope)

    def run_conditional(env: Env) -> Value:
        found = condition(env)
        if found is not None and type(found) is not bool:
            return env.run.note("条件的结果应为真假值")
        return yes(env) if found is True else no(env)

    return run_conditional


def _filter(box: FilterBox, scope: Scope) -> Code:
    source = compile_box(box.source, scope)
    condition = compile_box(box.condition, scope.with_names("item"))

    def run_filter(env: Env) -> Value:
        items = elements(env.run, source(env))
        if items is None:
            return None
        kept = []
        for item in items:
            env.run.spend()
            found = condition(item_scope(env, item))
            if found is not None and type(found) is not bool:
                return env.run.note("筛选条件的结果应为真假值")
            if found:
                kept.append(item)
        return kept

    return run_filter


def _loop(box: LoopBox, scope: Scope) -> Code:
    source = compile_box(box.source, scope)
    body = compile_box(box.body, scope.with_names(box.variable, "partial"))
    gather = _returned if box.keyword == "for" else _quantified(box.keyword == "every")

    def run_loop(env: Env) -> Value:
        items = elements(env.run, source(env))
        return None if items is None else gather(env, box.variable, items, body)

    return run_loop


def _returned(env: Env, name: str, items: Any, body: Code) -> Value:
    results: list[Value] = []
    for item in items:
        env.run.spend(1 + len(results) // 16)
        results.append(body(env.inner({name: item, "partial": list(results)})))
    return results


def _quantified(every: bool) -> Callable[[Env, str, Any, Code], Value]:
    def decide(env: Env, name: str, items: Any, body: Code) -> Value:
        outcome: bool | None = every
        for item in items:
            env.run.spend()
            found = body(env.inner({name: item}))
            if found is not every and type(found) is bool:
                return not every
            if found is not None and type(found) is not bool:
                return env.run.note("条件的结果应为真假值")
            if found is None:
                outcome = None
        return outcome

    return decide


def _table(box: TableBox, scope: Scope) -> Code:
    return compile_table_box(box, scope)


BOXES: Mapping[type[Box], Callable[[Any, Scope], Code]] = {
    Literal: _literal,
    ContextBox: _context,
    InvocationBox: _invocation,
    FunctionBox: _function,
    RelationBox: _relation,
    ListBox: _list,
    ConditionalBox: _conditional,
    FilterBox: _filter,
    LoopBox: _loop,
    TableBox: _table,
}
