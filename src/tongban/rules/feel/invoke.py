"""Calling function values, by position or by name."""

from collections.abc import Mapping, Sequence

from tongban.rules.budget import Run
from tongban.rules.feel.types import MISFIT
from tongban.rules.feel.values import Builtin, Function, Value
from tongban.rules.feel.weight import fit


def arity_of(function: Value) -> tuple[int, int]:
    """Fewest and most positional arguments of a function."""
    if isinstance(function, Builtin):
        return function.arity
    return len(function.parameters), len(function.parameters)


def invoke(run: Run, function: Value, arguments: Sequence[Value]) -> Value:
    """The result of a call, or null with a reason."""
    if isinstance(function, Builtin):
        return function.positional(run, arguments)
    if not isinstance(function, Function):
        return run.note("只有函数可以调用")
    if len(arguments) != len(function.parameters):
        return run.note(
            "函数“{name}”需要 {wanted} 个参数，实际给了 {given} 个",
            name=function.name or "function",
            wanted=len(function.parameters),
            given=len(arguments),
        )
    fitted = []
    for parameter, argument in zip(function.parameters, arguments, strict=True):
        value = fit(run, argument, parameter.type)
        if value is MISFIT:
            return run.note(
                "参数“{name}”应为 {type} 类型", name=parameter.name, type=parameter.type.name
            )
        fitted.append(value)
    return _result(run, function, fitted)


def _result(run: Run, function: Function, arguments: list[Value]) -> Value:
    run.enter()
    try:
        value = function.invoke(run, arguments)
    finally:
        run.leave()
    if function.result is None:
        return value
    fitted = fit(run, value, function.result)
    if fitted is MISFIT:
        return run.note(
            "函数“{name}”的结果应为 {type} 类型", name=function.name, type=function.result.name
        )
    return fitted


def invoke_named(run: Run, function: Value, arguments: Mapping[str, Value]) -> Value:
    """The result of a call with named arguments; what is not named is null."""
    if isinstance(function, Builtin):
        return function.named(run, arguments)
    if not isinstance(function, Function):
        return run.note("只有函数可以调用")
    names = [parameter.name for parameter in function.parameters]
    for name in arguments:
        if name not in names:
            return run.note("函数“{name}”没有参数“{argument}”", name=function.name, argument=name)
    return invoke(run, function, [arguments.get(name) for name in names])
