"""Numbers are decimals of 34 digits, rounded half even, as IEEE 754 has them."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tongban.rules import compile_expression

IEEE = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=12).filter(
    lambda number: abs(number) < Decimal(10) ** 20
)
OPERATIONS = {
    "a + b": IEEE.add,
    "a - b": IEEE.subtract,
    "a * b": IEEE.multiply,
    "a / b": IEEE.divide,
}


@settings(deadline=None)
@given(NUMBERS, NUMBERS, st.sampled_from(sorted(OPERATIONS)))
def test_operations_agree_with_the_decimal_standard(a: Decimal, b: Decimal, text: str) -> None:
    assume(text != "a / b" or b != 0)
    result = compile_expression(text, names=("a", "b")).evaluate({"a": a, "b": b})
    assert result.value == OPERATIONS[text](IEEE.plus(a), IEEE.plus(b))


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_modulo_has_the_sign_of_the_divisor(a: Decimal, b: Decimal) -> None:
    assume(b != 0)
    expression = compile_expression("modulo(a, b)", names=("a", "b"))
    rest = expression.evaluate({"a": a, "b": b}).value
    assert rest == 0 or (rest < 0) == (b < 0)
    assert abs(rest) < abs(b)


@settings(deadline=None)
@given(NUMBERS, st.integers(0, 10))
def test_rounding_goes_to_the_nearest(a: Decimal, scale: int) -> None:
    value = compile_expression("round half up(a, s)", names=("a", "s")).evaluate(
        {"a": a, "s": scale}
    )
    assert abs(value.value - a) <= Decimal(5).scaleb(-scale - 1)


def test_what_is_no_number_is_a_missing_one() -> None:
    values = {"a": Decimal("NaN"), "b": float("inf")}
    assert compile_expression("[a, b]", names="ab").evaluate(values).value == [None, None]


def test_what_is_too_large_is_null_with_a_reason() -> None:
    result = compile_expression("9e6144 * 10").evaluate({})
    assert result.value is None
    assert result.reasons[0].text() == "计算结果超出可表示的范围"
