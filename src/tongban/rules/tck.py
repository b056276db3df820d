"""Runs a directory laid out as the DMN Technology Compatibility Kit and counts what passes.

A case passes when every one of its result nodes has the expected value. Cases that expect an error
(`errorResult="true"`) are counted apart: they pass when the value is null.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tongban.rules.commands import load_file
from tongban.rules.dmn.engine import Model, Result
from tongban.rules.dmn.xml import Element, attribute, child, children, parse_xml, tag, text
from tongban.rules.feel.compare import same
from tongban.rules.feel.temporal_text import (
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from tongban.rules.feel.text import literal, write
from tongban.rules.feel.types import ANY, FeelType
from tongban.rules.feel.values import NUMBERS, Value, from_python
from tongban.rules.problems import ModelError, RuleError

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TEXTS = ("string", "anyURI", "token", "normalizedString")
READERS: dict[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_datetime,
    "dateTimeStamp": parse_datetime,
    "date and time": parse_datetime,
    **dict.fromkeys(
        (
            *("duration", "dayTimeDuration", "yearMonthDuration"),
            *("days and time duration", "years and months duration"),
        ),
        parse_duration,
    ),
}
TOLERANCE = Decimal("1e-8")


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did not pass: what was expected and what came."""

    case: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases of a folder: those that expect a value and those that expect an error."""

    folder: str
    values_passed: int
    values_failed: int
    errors_passed: int
    errors_failed: int
    failures: tuple[Failure, ...] = ()


def run_tck(directory: Path) -> list[Tally]:
    """One tally for each folder with tests below the directory, in the order of their paths."""
    folders: dict[Path, list[Element]] = {}
    for path in sorted(directory.rglob("*.xml")):
        with suppress(ModelError):
            root = parse_xml(path.read_bytes())
            if tag(root) == "testCases":
                folders.setdefault(path.parent, []).append(root)
    return [_folder(folder, folders[folder], directory) for folder in sorted(folders)]


def total(tallies: list[Tally], name: str) -> Tally:
    """The sum of some tallies."""
    return Tally(
        name,
        sum(tally.values_passed for tally in tallies),
        sum(tally.values_failed for tally in tallies),
        sum(tally.errors_passed for tally in tallies),
        sum(tally.errors_failed for tally in tallies),
    )


def _folder(folder: Path, tests: list[Element], top: Path) -> Tally:
    models = _models(folder)
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    failures: list[Failure] = []
    for root in tests:
        model = _tested(models, text(child(root, "modelName")))
        for case in children(root, "testCase"):
            is_error = any(
                attribute(node, "errorResult") in ("true", "1")
                for node in children(case, "resultNode")
            )
            found = _run_case(model, case)
            counts[is_error, not found] += 1
            failures.extend(found)
    return Tally(
        str(folder.relative_to(top)),
        counts[False, True],
        counts[False, False],
        counts[True, True],
        counts[True, False],
        tuple(failures),
    )


def _tested(models: dict[str, Model], name: str) -> Model | None:
    """The model that a test names by its file, with or without folders; else the only one."""
    short = name.replace("\\", "/").rpartition("/")[2]
    if short in models:
        return models[short]
    return next(iter(models.values())) if len(models) == 1 else None


def _models(folder: Path) -> dict[str, Model]:
    """The models of a folder by file name, with those of the folder that they import.

    What cannot be read as a model is left out; the tests that need it fail.
    """
    models: dict[str, Model] = {}
    for path in sorted(folder.glob("*.dmn")):
        with suppress(ModelError):
            models[path.name] = load_file(path)
    return models


def _run_case(model: Model | None, case: Element) -> list[Failure]:
    name = attribute(case, "id")
    if model is None:
        return [Failure(name, "", "no model")]
    types = {
        data.variable.name: model.types.resolve(data.variable.type_ref) or ANY
        for data in model.definitions.inputs
    }
    given = {attribute(node, "name"): read_value(node) for node in children(case, "inputNode")}
    inputs = {name: typed(value, types.get(name, ANY)) for name, value in given.items()}
    failures = []
    for node in children(case, "resultNode"):
        expected = read_value(child(node, "expected"))
        try:
            result = _ask(model, case, node, inputs)
        except Exception as error:
            # A fault of the engine fails its case, also one that expects null, but no other.
            failures.append(Failure(f"{name} {attribute(node, 'name')}", "", repr(error)))
            continue
        value = _named(result.value, case, node)
        if not (agrees(value, expected) or agrees(result.value, expected)):
            reasons = "; ".join(reason.text() for reason in result.reasons)
            actual = f"{literal(value)} ({reasons})"
            wanted = literal(from_python(expected))
            failures.append(Failure(f"{name} {attribute(node, 'name')}", wanted, actual))
    return failures


def _ask(model: Model, case: Element, node: Element, inputs: dict[str, Value]) -> Result:
    invocable = attribute(case, "invocableName")
    try:
        if invocable and attribute(case, "type", "decision") != "decision":
            return model.invoke(invocable, inputs)
        return model.evaluate(attribute(node, "name"), inputs)
    except RuleError as error:
        return Result(None, (error.reason,))


def _named(value: Value, case: Element, node: Element) -> Value:
    """The part of a service's result that a node is about, when the service has several."""
    name = attribute(node, "name")
    picks = attribute(case, "invocableName") and isinstance(value, dict)
    return value[name] if picks and name in value else value


def read_value(element: Element | None) -> Value:
    """A value of a test file: a simple value, a list of items, or components by name."""
    if element is None:
        return None
    if _is_nil(element):
        return None
    components = list(children(element, "component"))
    if components:
        return {part.get("name", ""): read_value(part) for part in components}
    items = child(element, "list")
    if items is not None:
        return None if _is_nil(items) else [read_value(item) for item in children(items, "item")]
    return _simple(child(element, "value"))


def _is_nil(element: Element) -> bool:
    return attribute(element, XSI + "nil") in ("true", "1")


class Untyped(str):
    """A value without a type: whatever value has this text."""

    __slots__ = ()


def _simple(element: Element | None) -> Value:
    if element is None or _is_nil(element):
        return None
    content = "".join(map(str, element.itertext()))
    kind = attribute(element, XSI + "type").rpartition(":")[2]
    if not kind:
        return Untyped(content)
    if kind in TEXTS:
        return content
    content = content.strip()
    if kind == "boolean":
        return content in ("true", "1")
    return READERS[kind](content) if kind in READERS else _number(content)


def _number(content: str) -> Decimal | None:
    try:
        return NUMBERS.create_decimal(content)
    except ArithmeticError:
        return None


def typed(value: Value, wanted: FeelType) -> Value:
    """An input of a test file: a text without a type is read as its own data item has it."""
    if not isinstance(value, Untyped):
        return value
    read = READERS.get(wanted.name, _number if wanted.name == "number" else None)
    return str(value) if read is None else read(value.strip())


def agrees(actual: Value, expected: Value) -> bool:
    """Whether a value is the expected one; numbers may differ by the rounding of the test file."""
    if isinstance(expected, Untyped):
        number = _number(expected.strip()) if isinstance(actual, Decimal) else None
        return actual is not None and (agrees(actual, number) or write(actual) == expected)
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        distance = abs(actual - expected)
        return distance <= TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(agrees, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(
            agrees(actual[key], expected[key]) for key in actual
        )
    return same(actual, expected)


def report(tallies: list[Tally], details: bool = False) -> str:
    """The tallies as a table of text."""
    lines = [f"{'folder':<62}{'values':>12}{'errors':>12}"]
    levels = {tally.folder.partition("/")[0]: None for tally in tallies}
    groups = [total([t for t in tallies if t.folder.startswith(level)], level) for level in levels]
    for tally in [*tallies, *groups, total(tallies, "total")]:
        values = f"{tally.values_passed}/{tally.values_passed + tally.values_failed}"
        errors = f"{tally.errors_passed}/{tally.errors_passed + tally.errors_failed}"
        lines.append(f"{tally.folder:<62}{values:>12}{errors:>12}")
        for failure in tally.failures if details else ():
            lines.append(f"    {failure.case}: {failure.expected} != {failure.actual}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(report(run_tck(Path(sys.argv[1])), "--details" in sys.argv) + "\n")
