"""Sheets written as DMN 1.3 XML, which dmn-js and Camunda read, and read back from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from tongban import rules
from tongban.rulebook.model.sheet import ANNOTATIONS, Input, Output, Row, Sheet, Term

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DIAGRAM = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
SHAPES = "http://www.omg.org/spec/DMN/20180521/DC/"
LINES = "http://www.omg.org/spec/DMN/20180521/DI/"
NAMESPACE = "https://tongban.example/rules/"
OWN = "https://tongban.example/ns/words"
Element = etree._Element


@dataclass(frozen=True, slots=True)
class Summary:
    """What a DMN text is about. ``sheet`` is None where it is more than one plain table."""

    decision: str
    labels: Mapping[str, str]
    sheet: Sheet | None


def write(sheet: Sheet, *, code: str) -> str:
    """Return the sheet as DMN XML, with a diagram so that other editors can show it."""
    root = etree.Element(
        f"{{{MODEL}}}definitions",
        nsmap={None: MODEL, "dmndi": DIAGRAM, "dc": SHAPES, "di": LINES, "tb": OWN},  # type: ignore[dict-item]
    )
    _set(root, id=f"definitions_{code}", name=sheet.name, namespace=NAMESPACE + code)
    for at, term in enumerate(sheet.facts):
        data = _add(root, "inputData", id=f"fact_{at}", name=term.name, label=term.label)
        _words(data, term.words)
        _add(data, "variable", name=term.name, typeRef=term.type)
    decision = _add(root, "decision", id="decision", name=sheet.name)
    _add(decision, "variable", name=sheet.name)
    for at in range(len(sheet.facts)):
        need = _add(decision, "informationRequirement", id=f"need_{at}")
        _add(need, "requiredInput", href=f"#fact_{at}")
    _table(decision, sheet)
    _diagram(root, sheet)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def read(dmn: str, *, decision: str = "") -> Summary:
    """Return what a DMN text is about.

    :raises ModelError: if it is no DMN, or has no decision of the wanted name.
    """
    model = rules.load_model(dmn.encode())
    known = model.definitions
    labels = _labels(dmn)
    wanted = decision or _main(model)
    chosen = next((one for one in known.decisions if one.name == wanted), None)
    if chosen is None:
        raise rules.ModelError(rules.Reason("模型中没有名为“{name}”的决策", (("name", wanted),)))
    more = known.imports or known.items or known.knowledge or known.services
    box = chosen.logic
    if more or len(known.decisions) != 1 or not isinstance(box, rules.TableBox):
        return Summary(wanted, labels, None)
    return Summary(wanted, labels, _sheet(model, box, labels, _words_of(dmn)))


def _main(model: rules.Model) -> str:
    """Return the decision on which no other depends; of several the last."""
    known = model.definitions.decisions
    needed = {href.rpartition("#")[2] for one in known for href in one.requirements.decisions}
    return next((one.name for one in reversed(known) if one.identifier not in needed), "")


def _sheet(
    model: rules.Model,
    box: rules.TableBox,
    labels: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
) -> Sheet:
    order = [box.annotations.index(name) if name in box.annotations else -1 for name in ANNOTATIONS]
    given = {data.variable.name: data.variable.type_ref for data in model.definitions.inputs}
    return Sheet(
        model.definitions.decisions[0].name,
        tuple(
            Term(name, labels.get(name, ""), kind or "Any", words.get(name, {}))
            for name, kind in given.items()
        ),
        tuple(Input(i.label, i.expression, i.type_ref or "Any", i.values) for i in box.inputs),
        tuple(
            Output(
                o.label,
                o.name or "result",
                o.type_ref or "Any",
                o.values,
                o.default,
                words.get("=" + o.name, {}),
            )
            for o in box.outputs
        ),
        tuple(_row(rule, order) for rule in box.rules),
        box.policy,
        box.aggregation,
    )


def _row(rule: rules.Rule, order: list[int]) -> Row:
    notes = [rule.annotations[at] if 0 <= at < len(rule.annotations) else "" for at in order]
    if not any(notes):
        notes[2] = rule.description or "；".join(filter(None, rule.annotations))
    return Row(rule.conditions, rule.results, *notes)


def _tree(dmn: str) -> Element:
    # The engine has read this text before, so it is XML without document type and of bounded size.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(dmn.encode(), parser)


def _labels(dmn: str) -> dict[str, str]:
    """Return what people call the facts: the label of the input data, else that of a column."""
    root = _tree(dmn)
    found: dict[str, str] = {}
    for clause in root.iter("{*}input"):
        expression = clause.find("{*}inputExpression/{*}text")
        if expression is not None and clause.get("label"):
            found.setdefault((expression.text or "").strip(), clause.get("label", ""))
    for data in root.iter("{*}inputData"):
        if data.get("label"):
            found[data.get("name", "")] = data.get("label", "")
    return found


def _table(decision: Element, sheet: Sheet) -> None:
    table = _add(decision, "decisionTable", id="table", hitPolicy=sheet.policy.value)
    if sheet.aggregation:
        table.set("aggregation", sheet.aggregation.value)
    _columns(table, sheet)
    for name in ANNOTATIONS:
        _add(table, "annotation", name=name)
    for at, row in enumerate(sheet.rows):
        _rule(_add(table, "rule", id=f"rule_{at}"), row, at)


def _columns(table: Element, sheet: Sheet) -> None:
    for at, column in enumerate(sheet.inputs):
        clause = _add(table, "input", id=f"input_{at}", label=column.label)
        _text(clause, "inputExpression", column.expression, typeRef=column.type)
        if column.values:
            _text(clause, "inputValues", column.values)
    for at, output in enumerate(sheet.outputs):
        clause = _add(table, "output", id=f"output_{at}", label=output.label, name=output.name)
        clause.set("typeRef", output.type)
        _words(clause, output.words)
        if output.values:
            _text(clause, "outputValues", output.values)
        if output.default:
            _text(clause, "defaultOutputEntry", output.default)


def _rule(rule: Element, row: Row, at: int) -> None:
    if row.note:
        _add(rule, "description").text = _printable(row.note)
    for number, text in enumerate(row.conditions):
        _text(rule, "inputEntry", text.strip() or "-", id=f"c_{at}_{number}")
    for number, text in enumerate(row.results):
        _text(rule, "outputEntry", text, id=f"r_{at}_{number}")
    for text in (row.law, row.clause, row.note):
        _text(rule, "annotationEntry", text)


def _words(parent: Element, words: Mapping[str, str]) -> None:
    """Write what values are called where other editors keep what they do not know."""
    if words:
        extension = _add(parent, "extensionElements")
        for value, word in words.items():
            element = etree.SubElement(extension, f"{{{OWN}}}word")
            _set(element, value=value)
            element.text = _printable(word)


def _words_of(dmn: str) -> dict[str, dict[str, str]]:
    """Return what values are called, by the name of the fact or (after "=") of the output."""
    found: dict[str, dict[str, str]] = {}
    for kind, mark in (("inputData", ""), ("output", "=")):
        for element in _tree(dmn).iter("{*}" + kind):
            words = {
                word.get("value", ""): word.text or ""
                for word in element.iterfind(f"{{*}}extensionElements/{{{OWN}}}word")
            }
            if words:
                found[mark + " ".join(element.get("name", "").split())] = words
    return found


def _diagram(root: Element, sheet: Sheet) -> None:
    diagram = etree.SubElement(
        etree.SubElement(root, f"{{{DIAGRAM}}}DMNDI"), f"{{{DIAGRAM}}}DMNDiagram"
    )
    width = 160
    middle = max(len(sheet.facts) - 1, 0) * width // 2 + 20
    _shape(diagram, "decision", middle, 20, 80)
    for at in range(len(sheet.facts)):
        _shape(diagram, f"fact_{at}", at * width + 20, 200, 45)
    for at in range(len(sheet.facts)):
        edge = etree.SubElement(diagram, f"{{{DIAGRAM}}}DMNEdge")
        _set(edge, id=f"edge_{at}", dmnElementRef=f"need_{at}")
        for x, y in ((at * width + 80, 200), (middle + 60, 100)):
            point = etree.SubElement(edge, f"{{{LINES}}}waypoint")
            _set(point, x=str(x), y=str(y))


def _shape(diagram: Element, element: str, x: int, y: int, height: int) -> None:
    shape = etree.SubElement(diagram, f"{{{DIAGRAM}}}DMNShape")
    _set(shape, id=f"shape_{element}", dmnElementRef=element)
    bounds = etree.SubElement(shape, f"{{{SHAPES}}}Bounds")
    _set(bounds, height=str(height), width="120", x=str(x), y=str(y))


def _add(parent: Element, tag: str, /, **attributes: str) -> Element:
    made = etree.SubElement(parent, f"{{{MODEL}}}{tag}")
    _set(made, **attributes)
    return made


def _text(parent: Element, tag: str, text: str, /, **attributes: str) -> None:
    _add(_add(parent, tag, **attributes), "text").text = _printable(text)


def _set(element: Element, /, **attributes: str) -> None:
    for name, value in attributes.items():
        if value:
            element.set(name, _printable(value))


def _printable(text: str) -> str:
    """Drop control characters, which XML cannot hold and nobody types on purpose."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and not _UNHELD.match(c)))


_UNHELD = re.compile("[\ud800-\udfff\ufffe\uffff]")
