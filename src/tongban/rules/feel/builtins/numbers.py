"""Numeric functions (DMN 1.5, 10.3.4.5)."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from tongban.rules.budget import Run
from tongban.rules.feel.registry import builtin
from tongban.rules.feel.temporal import DaysDuration, MonthsDuration
from tongban.rules.feel.values import NUMBERS, ZERO, Value

LEAST_SCALE, MOST_SCALE = -6111, 6176
WIDE = Context(prec=13_000, Emin=-6200, Emax=13_000)
MODES = {
    "decimal": ROUND_HALF_EVEN,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}


def to_scale(run: Run, value: Decimal, scale: Decimal, mode: str) -> Value:
    """The number rounded to so many decimals; a fraction of the scale is dropped."""
    if not LEAST_SCALE <= scale <= MOST_SCALE:
        return run.note("小数位数必须在 {low} 到 {high} 之间", low=LEAST_SCALE, high=MOST_SCALE)
    step = Decimal((0, (1,), -int(scale)))
    return NUMBERS.plus(value.quantize(step, rounding=mode, context=WIDE))


def _rounding(name: str, mode: str) -> None:
    @builtin(name, "n: number, scale: number")
    def rounded(run: Run, value: Decimal, scale: Decimal) -> Value:
        return to_scale(run, value, scale, mode)


for _name, _mode in MODES.items():
    _rounding(_name, _mode)


@builtin("floor", "n: number")
@builtin("floor", "n: number, scale: number")
def floor(run: Run, value: Decimal, scale: Decimal = ZERO) -> Value:
    return to_scale(run, value, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number")
@builtin("ceiling", "n: number, scale: number")
def ceiling(run: Run, value: Decimal, scale: Decimal = ZERO) -> Value:
    return to_scale(run, value, scale, ROUND_CEILING)


@builtin("abs", "n: number|days and time duration|years and months duration")
def absolute(_run: Run, value: Value) -> Value:
    if isinstance(value, DaysDuration):
        return DaysDuration(abs(value.nanos))
    if isinstance(value, MonthsDuration):
        return MonthsDuration(abs(value.months))
    return value.copy_abs()


@builtin("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    if not divisor:
        return run.note("不能除以零")
    rest = WIDE.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = WIDE.add(rest, divisor)
    return NUMBERS.plus(rest)


@builtin("sqrt", "number: number")
def square_root(run: Run, value: Decimal) -> Decimal | None:
    return NUMBERS.sqrt(value) if value >= 0 else run.note("负数没有平方根")


@builtin("log", "number: number")
def logarithm(run: Run, value: Decimal) -> Decimal | None:
    return NUMBERS.ln(value) if value > 0 else run.note("只有正数有对数")


@builtin("exp", "number: number")
def exponential(run: Run, value: Decimal) -> Value:
    try:
        return NUMBERS.exp(value)
    except ArithmeticError:
        return run.note("数字超出可表示的范围")


@builtin("odd", "number: number")
def odd(_run: Run, value: Decimal) -> bool:
    return bool(value == value.to_integral_value() and WIDE.remainder(value, Decimal(2)) != 0)


@builtin("even", "number: number")
def even(_run: Run, value: Decimal) -> bool:
    return bool(value == value.to_integral_value() and WIDE.remainder(value, Decimal(2)) == 0)
