"""Fuzzing: `python tests/rules/fuzz_feel.py [-max_total_time=60]` with the extra `fuzz` installed.

Any text must either be refused with a place or be evaluated to a result; what is read must be
printed so that it is read again. Random characters seldom mean anything, so most inputs are put
together from the words of the expressions in `standard`.
"""

import sys
from pathlib import Path

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
    from tongban.rules.feel.tokens import tokenize

NAMES = ("a", "申请人 年龄")
VOCABULARY = Vocabulary(Names(NAMES))
PLACE = Path(__file__).parent / "standard"
LINES = [
    line.partition(" => ")[0]
    for file in sorted(PLACE.glob("*.txt"))
    for line in file.read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


def words_of(text: str) -> list[str]:
    """The tokens of a text; of what has none, the text itself."""
    try:
        return [token.text for token in tokenize(text)[:-1]]
    except FeelSyntaxError:
        return [text]


WORDS = sorted({word for line in LINES for word in words_of(line)} | set(NAMES))
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


def composed(provider: "atheris.FuzzedDataProvider") -> str:
    """Some words one after the other."""
    count = provider.ConsumeIntInRange(1, 40)
    return " ".join(provider.PickValueInList(WORDS) for _ in range(count))


def changed(provider: "atheris.FuzzedDataProvider") -> str:
    """A line of the standard with some words put in the place of others."""
    words = words_of(provider.PickValueInList(LINES))
    for _ in range(provider.ConsumeIntInRange(1, 4)):
        place = provider.ConsumeIntInRange(0, len(words) - 1)
        words[place] = provider.PickValueInList(WORDS)
    return " ".join(words)


def one_input(data: bytes) -> None:
    """What the fuzzer calls."""
    provider = atheris.FuzzedDataProvider(data)
    choice = provider.ConsumeIntInRange(0, 7)
    if choice == 0:
        model(provider.ConsumeBytes(4000))
    elif choice == 1:
        unary_tests(provider.ConsumeUnicodeNoSurrogates(400))
    elif choice == 2:
        expression(provider.ConsumeUnicodeNoSurrogates(400))
    elif choice == 3:
        unary_tests(changed(provider))
    elif choice == 4:
        expression(composed(provider))
    else:
        expression(changed(provider))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
