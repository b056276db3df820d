"""Runs a directory laid out as the DMN Technology Compatibility Kit and counts what passes.

A case passes when every one of its result nodes has the expected value. Cases that expect an error
(`errorResult="true"`) are counted apart: they pass when the value is null.
"""

import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tongban.rules.dmn.engine import Model, Result, load_model
from tongban.rules.dmn.xml import Element, attribute, child, children, parse_xml, tag, text_of
from tongban.rules.feel.compare import same
from tongban.rules.feel.temporal_text import (
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from tongban.rules.feel.text import literal
from tongban.rules.feel.values import NUMBERS, Value
from tongban.rules.problems import RuleError

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
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
    folders = sorted({path.parent for path in directory.rglob("*.xml") if "-test-" in path.name})
    return [_folder(folder, directory) for folder in folders]


def total(tallies: list[Tally], name: str) -> Tally:
    """The sum of some tallies."""
    return Tally(
        name,
        sum(tally.values_passed for tally in tallies),
        sum(tally.values_failed for tally in tallies),
        sum(tally.errors_passed for tally in tallies),
        sum(tally.errors_failed for tally in tallies),
    )


def _folder(folder: Path, top: Path) -> Tally:
    models = _models(folder)
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    failures: list[Failure] = []
    for path in sorted(folder.glob("*-test-*.xml")):
        root = parse_xml(path.read_bytes())
        model = models.get(text_of(root, "modelName"))
        for case in children(root, "testCase"):
            is_error = any(
                attribute(node, "errorResult") == "true" for node in children(case, "resultNode")
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


def _models(folder: Path) -> dict[str, Model]:
    """The models of a folder by file name; those that are imported are loaded first."""
    waiting = {path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn"))}
    loaded: dict[str, Model] = {}
    while waiting:
        before = len(waiting)
        for name, data in list(waiting.items()):
            wanted = _imported(data)
            known = {model.definitions.namespace for model in loaded.values()}
            others = {_namespace(other) for key, other in waiting.items() if key != name}
            if wanted & others - known:
                continue
            loaded[name] = load_model(data, imports=list(loaded.values()))
            del waiting[name]
        if len(waiting) == before:
            break
    return loaded


def _imported(data: bytes) -> set[str]:
    return {attribute(one, "namespace") for one in children(parse_xml(data), "import")}


def _namespace(data: bytes) -> str:
    return attribute(parse_xml(data), "namespace")


def _run_case(model: Model | None, case: Element) -> list[Failure]:
    name = attribute(case, "id")
    if model is None:
        return [Failure(name, "", "no model")]
    inputs = {attribute(node, "name"): read_value(node) for node in children(case, "inputNode")}
    failures = []
    for node in children(case, "resultNode"):
        expected = read_value(child(node, "expected"))
        result = _ask(model, case, node, inputs)
        value = _named(result.value, case, node)
        if not agrees(value, expected):
            reasons = "; ".join(reason.text() for reason in result.reasons)
            actual = f"{literal(value)} ({reasons})"
            failures.append(Failure(f"{name} {attribute(node, 'name')}", literal(expected), actual))
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
    several = len(list(children(case, "resultNode"))) > 1
    name = attribute(node, "name")
    picks = several and attribute(case, "invocableName") and isinstance(value, dict)
    return value[name] if picks and name in value else value


def read_value(element: Element | None) -> Value:
    """A value of a test file: a simple value, a list of items, or components by name."""
    if element is None:
        return None
    if attribute(element, XSI + "nil") == "true":
        return None
    parts = {tag(part) for part in element}
    if "list" in parts:
        return [read_value(item) for part in children(element, "list") for item in part]
    if "component" in parts:
        return {
            attribute(part, "name"): read_value(part) for part in children(element, "component")
        }
    if "value" in parts:
        return _simple(child(element, "value"))
    return None


def _simple(element: Element | None) -> Value:
    if element is None or attribute(element, XSI + "nil") == "true":
        return None
    text = "".join(map(str, element.itertext()))
    kind = attribute(element, XSI + "type").rpartition(":")[2]
    if kind == "string" or not kind:
        return text
    text = text.strip()
    if kind == "boolean":
        return text in ("true", "1")
    readers = {
        "date": parse_date,
        "time": parse_time,
        "dateTime": parse_datetime,
        "duration": parse_duration,
    }
    return readers[kind](text) if kind in readers else NUMBERS.create_decimal(text)


def agrees(actual: Value, expected: Value) -> bool:
    """Whether a value is the expected one; numbers may differ by the rounding of the test file."""
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
