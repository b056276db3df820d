"""Closures of the forms that bind names: loops, quantifiers, filters, functions, tests."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import count
from typing import Any

from tongban.rules.budget import Run
from tongban.rules.feel import ast
from tongban.rules.feel.builtins import BUILTINS
from tongban.rules.feel.compare import alike, at_most, same, within
from tongban.rules.feel.compile import UNKNOWN, Compiler, form
from tongban.rules.feel.invoke import invoke, invoke_named
from tongban.rules.feel.scope import Code, Env
from tongban.rules.feel.temporal import Date, date_from_ordinal
from tongban.rules.feel.values import Builtin, Function, Parameter, Range, Value, label
from tongban.rules.feel.walk import mentions
from tongban.rules.feel.weight import weigh

Turn = Callable[[Env], bool]


def steps(run: Run, start: Value, end: Value) -> Value:
    """The values of `start..end`, upwards or downwards; None with a reason if there are none."""
    if type(start) is Decimal and type(end) is Decimal and start == int(start) and end == int(end):
        step = 1 if start <= end else -1
        return _numbers(int(start), end, step)
    if type(start) is Date and type(end) is Date:
        step = 1 if start <= end else -1
        days = range(start.ordinal, end.ordinal + step, step)
        return map(date_from_ordinal, days)
    return run.note("“..”的两端必须是整数或日期")


def _numbers(start: int, end: Decimal, step: int) -> Iterator[Decimal]:
    for number in count(start, step):
        if (number - end) * step > 0:
            return
        yield Decimal(number)


def elements(run: Run, source: Value) -> Value:
    """What a loop runs over; a single value counts as a list of one."""
    if type(source) is list:
        return list(source)
    if source is None:
        return run.note("循环的范围为空")
    if type(source) is Range:
        return _range_elements(run, source)
    return [source]


def _range_elements(run: Run, source: Range) -> Iterable[Value] | None:
    found = steps(run, source.low, source.high)
    if found is None:
        return None
    low, high = source.low, source.high
    return (
        value
        for value in found
        if (source.low_included or value != low) and (source.high_included or value != high)
    )


def _loops(compiler: Compiler, iterations: tuple[ast.Iteration, ...]) -> list[tuple[str, Any]]:
    made = []
    for iteration in iterations:
        start = compiler.compile(iteration.source)
        end = None if iteration.end is None else compiler.compile(iteration.end)
        made.append((iteration.name, _source(start, end)))
    return made


def _source(start: Code, end: Code | None) -> Callable[[Env], Iterable[Value] | None]:
    if end is None:
        return lambda env: elements(env.run, start(env))
    return lambda env: steps(env.run, start(env), end(env))


def _drive(loops: list[tuple[str, Any]], env: Env, turn: Turn) -> bool | None:
    """Take every turn until one returns False; None when a range is no range."""
    if not loops:
        env.run.spend()
        return turn(env)
    name, source = loops[0]
    values = source(env)
    if values is None:
        return None
    for value in values:
        env.run.spend()
        going = _drive(loops[1:], env.inner({name: value}), turn)
        if going is not True:
            return going
    return True


@form(ast.For)
def compile_for(compiler: Compiler, node: ast.For) -> Code:
    loops, body = _loops(compiler, node.iterations), compiler.compile(node.body)
    uses_partial = mentions(node.body, "partial")

    def run_for(env: Env) -> Value:
        results: list[Value] = []

        def turn(inner: Env) -> bool:
            if uses_partial:
                env.run.spend(len(results) // 16)
                inner = inner.inner({"partial": list(results)})
            results.append(body(inner))
            return True

        return results if _drive(loops, env, turn) is True else None

    return run_for


@form(ast.Quantified)
def compile_quantified(compiler: Compiler, node: ast.Quantified) -> Code:
    loops, condition = _loops(compiler, node.iterations), compiler.compile(node.condition)
    decisive = not node.every

    def run_quantified(env: Env) -> Value:
        outcome: bool | None = node.every

        def turn(inner: Env) -> bool:
            nonlocal outcome
            found = condition(inner)
            if found is decisive:
                outcome = decisive
                return False
            if found is not None and type(found) is not bool:
                outcome = env.run.note("条件的结果应为真假值")
                return False
            if found is None:
                outcome = None
            return True

        return None if _drive(loops, env, turn) is None else outcome

    return run_quantified


@form(ast.Filter)
def compile_filter(compiler: Compiler, node: ast.Filter) -> Code:
    source, condition = compiler.compile(node.source), compiler.compile(node.condition)
    position = compiler.constant(node.condition)
    numeric = isinstance(node.condition, (ast.Name, ast.Arithmetic, ast.Negation, ast.Call))

    def run_filter(env: Env) -> Value:
        value = source(env)
        if value is None:
            return env.run.note("不能从空值中筛选")
        items = value if type(value) is list else [value]
        if type(position) is Decimal:
            return _at(env.run, items, position)
        if not items:
            found = condition(env) if numeric else None
            return None if type(found) is Decimal else []
        return _select(env, items, condition)

    return run_filter


def item_scope(env: Env, item: Value) -> Env:
    """Where a filter's condition is evaluated: the entries of the item, `item`, then the rest."""
    inner = env.inner({"item": item})
    return inner.inner(item) if type(item) is dict else inner


def _select(env: Env, items: list[Value], condition: Code) -> Value:
    kept = []
    for number, item in enumerate(items):
        env.run.spend()
        found = condition(item_scope(env, item))
        if found is True:
            kept.append(item)
        elif number == 0 and type(found) is Decimal:
            return _at(env.run, items, found)
        elif found is not False and found is not None:
            return env.run.note("筛选条件的结果应为真假值，而不是 {kind}", kind=label(found))
    return kept


def _at(run: Run, items: list[Value], position: Decimal) -> Value:
    index = int(position)
    if index == position and 0 < abs(index) <= len(items):
        return items[index - 1 if index > 0 else index]
    return run.note(
        "位置 {position} 不在列表之内（共 {size} 项）", position=position, size=len(items)
    )


@form(ast.FunctionDefinition)
def compile_function(compiler: Compiler, node: ast.FunctionDefinition) -> Code:
    body = _foreign if node.external else compiler.compile(node.body)
    types = [compiler.type(parameter.type) for parameter in node.parameters]
    names = [parameter.name for parameter in node.parameters]
    parameters = tuple(
        Parameter(name, declared)
        for name, declared in zip(names, types, strict=True)
        if declared is not None
    )

    def run_definition(env: Env) -> Value:
        if len(parameters) != len(names):
            return env.run.note("函数的参数类型没有定义")
        return Function(
            "",
            parameters,
            lambda run, values: body(Env(run, dict(zip(names, values, strict=True)), env)),
        )

    return run_definition


def _foreign(env: Env) -> Value:
    """The body of a function that is written in another language: it cannot be obtained here."""
    return env.run.note("不支持外部函数，请改用 FEEL 书写")


def _called(compiler: Compiler, node: ast.Node) -> Code:
    """What is called: data named like a built-in function does not hide it from a call."""
    function = compiler.compile(node)
    standard = BUILTINS.get(node.name) if isinstance(node, ast.Name) else None
    if standard is None:
        return function

    def find(env: Env) -> Value:
        found = function(env)
        return found if isinstance(found, (Function, Builtin)) else standard

    return find


@form(ast.Call)
def compile_call(compiler: Compiler, node: ast.Call) -> Code:
    function = _called(compiler, node.function)
    arguments = [compiler.compile(argument) for argument in node.arguments]
    return lambda env: invoke(env.run, function(env), [argument(env) for argument in arguments])


@form(ast.NamedCall)
def compile_named_call(compiler: Compiler, node: ast.NamedCall) -> Code:
    function = _called(compiler, node.function)
    arguments = [(name, compiler.compile(argument)) for name, argument in node.arguments]
    names = [name for name, _ in arguments]

    def run_call(env: Env) -> Value:
        if len(set(names)) != len(names):
            return env.run.note("同一个参数给了两次")
        given = {name: argument(env) for name, argument in arguments}
        return invoke_named(env.run, function(env), given)

    return run_call


@form(ast.InstanceOf)
def compile_instance(compiler: Compiler, node: ast.InstanceOf) -> Code:
    value, wanted = compiler.compile(node.value), compiler.type(node.type)

    def run_instance(env: Env) -> Value:
        if wanted is None:
            return env.run.note("没有名为“{name}”的类型", name=node.type.name)
        found = value(env)
        weigh(env.run, found)
        return wanted.name == "Null" if found is None else wanted.admits(found)

    return run_instance


@form(ast.Between)
def compile_between(compiler: Compiler, node: ast.Between) -> Code:
    value = compiler.compile(node.value)
    low, high = compiler.compile(node.low), compiler.compile(node.high)

    def run_between(env: Env) -> Value:
        found, first, last = value(env), low(env), high(env)
        above, below = at_most(first, found), at_most(found, last)
        if above is None or below is None:
            return env.run.note("{kind} 与区间的两端无法比较", kind=label(found))
        return above and below

    return run_between


@form(ast.In)
def compile_in(compiler: Compiler, node: ast.In) -> Code:
    value, tests = compiler.compile(node.value), compile_tests(compiler, node.tests)

    def run_in(env: Env) -> Value:
        return tests(env.inner({"?": value(env)}))

    return run_in


@form(ast.AnyTest)
def compile_any(_compiler: Compiler, _node: ast.AnyTest) -> Code:
    return lambda _env: True


@form(ast.UnaryTests)
def compile_unary_tests(compiler: Compiler, node: ast.UnaryTests) -> Code:
    tests = compile_tests(compiler, node.tests)
    if not node.negated:
        return tests

    def run_negated(env: Env) -> Value:
        found = tests(env)
        return None if found is None else not found

    return run_negated


def compile_tests(compiler: Compiler, tests: tuple[ast.Node, ...]) -> Code:
    """Whether the value `?` passes one of the tests."""
    made = [
        (compiler.compile(test), mentions(test, "?"), compiler.constant(test) is UNKNOWN)
        for test in tests
    ]

    def run_tests(env: Env) -> Value:
        value = env.lookup("?")
        outcome: bool | None = False
        for test, condition, computed in made:
            found = passes(value, test(env), condition=condition, computed=computed)
            if found is True:
                return True
            if found is None:
                outcome = None
        return outcome

    return run_tests


def passes(value: Value, tested: Value, *, condition: bool, computed: bool) -> bool | None:
    """Whether a value passes a test (DMN 1.5, 10.3.2.7): a condition on `?`, a range, a value.

    A computed test without `?` that is true also passes, whatever the value is.
    """
    if condition and (tested is None or type(tested) is bool):
        return tested
    if type(tested) is Range:
        return same(value, tested) if type(value) is Range else within(value, tested)
    if type(tested) is list:
        return same(value, tested) or any(_element(value, item) for item in tested)
    if tested is True and computed and type(value) is not bool:
        return True
    return alike(value, tested) or False


def _element(value: Value, item: Value) -> bool:
    if type(item) is Range and type(value) is not Range:
        return within(value, item) is True
    return same(value, item)
