"""Boxed expressions of a DMN file to `model`."""

from collections.abc import Callable

from tongban.rules.dmn.model import (
    Aggregation,
    Box,
    ConditionalBox,
    ContextBox,
    Entry,
    FilterBox,
    FunctionBox,
    HitPolicy,
    InputClause,
    InvocationBox,
    ListBox,
    Literal,
    LoopBox,
    OutputClause,
    RelationBox,
    Rule,
    TableBox,
)
from tongban.rules.dmn.xml import Element, attribute, child, children, line, tag, text, text_of
from tongban.rules.problems import ModelError, reason

MAX_NESTING = 60


def type_ref(element: Element | None) -> str:
    """The type that an element refers to: an attribute since 1.2, sometimes a child in 1.1."""
    if element is None:
        return ""
    return attribute(element, "typeRef") or text(child(element, "typeRef"))


def read_box(element: Element | None, depth: int = 0) -> Box | None:
    """The boxed expression that is the element or, for a wrapper, its first child of that kind."""
    if element is None:
        return None
    if depth > MAX_NESTING:
        raise ModelError(reason("框式表达式嵌套超过 {limit} 层", limit=MAX_NESTING))
    read = READERS.get(tag(element))
    if read is not None:
        return read(element, depth + 1)
    for inner in element:
        if tag(inner) in READERS:
            return read_box(inner, depth)
    return None


def _literal(element: Element, _depth: int) -> Box:
    language = attribute(element, "expressionLanguage")
    # "feel" for short, .../DMN/20180521/FEEL/ since 1.2, .../spec/FEEL/20140401 in 1.1.
    known = not language or "feel" in language.lower().split("/")
    return Literal(
        text_of(element), "" if known else language, type_ref=type_ref(element), line=line(element)
    )


def _context(element: Element, depth: int) -> Box:
    entries: list[Entry] = []
    result = None
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        value = _value_of(entry, depth)
        if variable is None:
            result = value
        else:
            entries.append(Entry(attribute(variable, "name"), value, type_ref(variable)))
    return ContextBox(tuple(entries), result, type_ref=type_ref(element), line=line(element))


def _value_of(element: Element, depth: int) -> Box | None:
    return next((read_box(part, depth) for part in element if tag(part) in READERS), None)


def _invocation(element: Element, depth: int) -> Box:
    bindings = tuple(
        Entry(attribute(child(binding, "parameter"), "name"), _value_of(binding, depth))
        for binding in children(element, "binding")
    )
    function = _value_of(element, depth) or Literal("null")
    return InvocationBox(function, bindings, type_ref=type_ref(element), line=line(element))


def read_function(element: Element, depth: int = 0) -> FunctionBox:
    """A function definition, or the encapsulated logic of business knowledge."""
    parameters = tuple(
        Entry(attribute(parameter, "name"), None, type_ref(parameter))
        for parameter in children(element, "formalParameter")
    )
    return FunctionBox(
        parameters,
        _value_of(element, depth),
        attribute(element, "kind", "FEEL"),
        type_ref=type_ref(element),
        line=line(element),
    )


def _relation(element: Element, depth: int) -> Box:
    columns = tuple(attribute(column, "name") for column in children(element, "column"))
    rows = tuple(
        tuple(read_box(cell, depth) for cell in row if tag(cell) in READERS)
        for row in children(element, "row")
    )
    return RelationBox(columns, rows, type_ref=type_ref(element), line=line(element))


def _list(element: Element, depth: int) -> Box:
    items = tuple(read_box(item, depth) for item in element if tag(item) in READERS)
    return ListBox(items, type_ref=type_ref(element), line=line(element))


def _conditional(element: Element, depth: int) -> Box:
    parts = [read_box(child(element, name), depth) for name in ("if", "then", "else")]
    return ConditionalBox(*parts, type_ref=type_ref(element), line=line(element))


def _filter(element: Element, depth: int) -> Box:
    source = read_box(child(element, "in"), depth)
    condition = read_box(child(element, "match"), depth)
    return FilterBox(source, condition, type_ref=type_ref(element), line=line(element))


def _loop(element: Element, depth: int) -> Box:
    return LoopBox(
        tag(element),
        attribute(element, "iteratorVariable"),
        read_box(child(element, "in"), depth),
        read_box(child(element, "return", "satisfies"), depth),
        type_ref=type_ref(element),
        line=line(element),
    )


def _table(element: Element, _depth: int) -> Box:
    columns = sum(1 for _ in children(element, "input"))
    policy = attribute(element, "hitPolicy", "UNIQUE")
    aggregation = attribute(element, "aggregation")
    try:
        found_policy, found_aggregation = HitPolicy(policy), Aggregation(aggregation)
    except ValueError:
        raise ModelError(reason("不认识的命中策略“{policy}”", policy=policy)) from None
    return TableBox(
        tuple(_input(clause) for clause in children(element, "input")),
        tuple(_output(clause) for clause in children(element, "output")),
        tuple(_rule(rule, columns) for rule in children(element, "rule")),
        found_policy,
        found_aggregation,
        tuple(attribute(note, "name") for note in children(element, "annotation")),
        attribute(element, "preferredOrientation", "Rule-as-Row"),
        attribute(element, "outputLabel"),
        type_ref=type_ref(element),
        line=line(element),
    )


def _input(clause: Element) -> InputClause:
    expression = child(clause, "inputExpression")
    values = child(clause, "inputValues")
    return InputClause(
        attribute(clause, "label"),
        text_of(expression),
        type_ref(expression),
        text_of(values),
        line(clause),
    )


def _output(clause: Element) -> OutputClause:
    return OutputClause(
        attribute(clause, "label"),
        attribute(clause, "name"),
        type_ref(clause),
        text_of(child(clause, "outputValues")),
        text_of(child(clause, "defaultOutputEntry")),
        line(clause),
    )


def _rule(rule: Element, columns: int) -> Rule:
    # A rule without any entry always applies (8.3.3).
    return Rule(
        tuple(text_of(cell) for cell in children(rule, "inputEntry")) or ("",) * columns,
        tuple(text_of(cell) for cell in children(rule, "outputEntry")),
        tuple(text_of(cell) for cell in children(rule, "annotationEntry")),
        attribute(rule, "id"),
        text(child(rule, "description")),
        line(rule),
    )


READERS: dict[str, Callable[[Element, int], Box]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "functionDefinition": read_function,
    "relation": _relation,
    "list": _list,
    "conditional": _conditional,
    "filter": _filter,
    "for": _loop,
    "some": _loop,
    "every": _loop,
    "decisionTable": _table,
}
