"""Fuzzing: `python tests/rules/fuzz_feel.py [-max_total_time=60]` with the extra `fuzz` installed.

Any text must either be refused with a place or be evaluated to a result; what is read must be
printed so that it is read again.
"""

import sys

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["tongban.rules"]):
    from tongban.rules import (
        FeelSyntaxError,
        Limits,
        ModelError,
        compile_expression,
        load_model,
        parse,
        parse_unary_tests,
        unparse,
    )
    from tongban.rules.feel.cursor import Vocabulary
    from tongban.rules.feel.names import Names

NAMES = ("a", "申请人 年龄")
VOCABULARY = Vocabulary(Names(NAMES))
SMALL = Limits(steps=20_000, depth=20, text=20_000, pattern_seconds=0.05)


def expression(text: str) -> None:
    try:
        found = compile_expression(text, names=NAMES)
    except FeelSyntaxError:
        return
    found.evaluate({"a": [1, {"b": "x"}], "申请人 年龄": 20}, limits=SMALL)
    parse(unparse(found.tree), VOCABULARY)


def unary_tests(text: str) -> None:
    try:
        parse_unary_tests(text)
    except FeelSyntaxError:
        return


def model(data: bytes) -> None:
    try:
        load_model(data)
    except ModelError:
        return


def one_input(data: bytes) -> None:
    """What the fuzzer calls."""
    provider = atheris.FuzzedDataProvider(data)
    choice = provider.ConsumeIntInRange(0, 4)
    if choice == 0:
        model(provider.ConsumeBytes(4000))
    elif choice == 1:
        unary_tests(provider.ConsumeUnicodeNoSurrogates(400))
    else:
        expression(provider.ConsumeUnicodeNoSurrogates(400))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
