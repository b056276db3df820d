"""Whether a file keeps to the standard: elements, attributes, ids and references. Pure."""

import re
from collections.abc import Iterator, Mapping

from tongban.process.model.bpmn.extension import own_problems
from tongban.process.model.bpmn.vocabulary import ELEMENTS, GROUPS, ElementKind
from tongban.process.model.bpmn.xml import (
    BPMN,
    DC,
    DD,
    DI,
    Element,
    attribute,
    children,
    line_of,
    name_of,
    reference,
    text_of,
)
from tongban.process.model.problems import Problem, Severity

NCNAME = re.compile(r"[^\W\d][\w.\-·]*")
# Elements and attributes that name another element, and what the other must be.
NODES = frozenset(
    [
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "complexGateway",
        "eventBasedGateway",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "callActivity",
        "choreographyTask",
        "callChoreography",
        "subChoreography",
        "implicitThrowEvent",
    ]
)
EVENTS = tuple(name for name in sorted(NODES) if name.endswith("Event"))
EVENT_DEFINITIONS = frozenset(GROUPS["EVENT"].split())
LOOPS = tuple(GROUPS["LOOP"].split())
REFERENCES: Mapping[tuple[str, str], frozenset[str]] = {
    ("sequenceFlow", "sourceRef"): NODES,
    ("sequenceFlow", "targetRef"): NODES,
    ("boundaryEvent", "attachedToRef"): NODES,
    ("messageEventDefinition", "messageRef"): frozenset({"message"}),
    ("receiveTask", "messageRef"): frozenset({"message"}),
    ("sendTask", "messageRef"): frozenset({"message"}),
    ("signalEventDefinition", "signalRef"): frozenset({"signal"}),
    ("errorEventDefinition", "errorRef"): frozenset({"error"}),
    ("escalationEventDefinition", "escalationRef"): frozenset({"escalation"}),
    ("participant", "processRef"): frozenset({"process"}),
    ("dataObjectReference", "dataObjectRef"): frozenset({"dataObject"}),
    ("compensateEventDefinition", "activityRef"): NODES,
    ("lane", "flowNodeRef"): NODES,
    **dict.fromkeys(((event, "eventDefinitionRef") for event in EVENTS), EVENT_DEFINITIONS),
}
# What these refer to may be of many kinds; it must exist.
ENDS = {
    ("association", "sourceRef"),
    ("association", "targetRef"),
    ("messageFlow", "sourceRef"),
    ("messageFlow", "targetRef"),
}
NEEDED = {
    "sequenceFlow": ("sourceRef", "targetRef"),
    "boundaryEvent": ("attachedToRef",),
    "messageFlow": ("sourceRef", "targetRef"),
    "association": ("sourceRef", "targetRef"),
}
# Attributes that XML Schema has as boolean; a word that is none would be read as its default.
TRUTHS = frozenset(
    [
        "cancelActivity",
        "cancelRemainingInstances",
        "instantiate",
        "isClosed",
        "isCollection",
        "isExecutable",
        "isForCompensation",
        "isImmediate",
        "isInterrupting",
        "isRequired",
        "isSequential",
        "isUnlimited",
        "mustUnderstand",
        "parallelMultiple",
        "testBefore",
        "triggeredByEvent",
        "waitForCompletion",
    ]
)
# Attributes that XML Schema has as one word of several.
WORDS: Mapping[str, tuple[str, ...]] = {
    "associationDirection": ("None", "One", "Both"),
    "behavior": ("None", "One", "All", "Complex"),
    "eventGatewayType": ("Exclusive", "Parallel"),
    "gatewayDirection": ("Unspecified", "Converging", "Diverging", "Mixed"),
    "itemKind": ("Information", "Physical"),
    "loopType": ("None", "Standard", "MultiInstanceSequential", "MultiInstanceParallel"),
    "ordering": ("Parallel", "Sequential"),
    "processType": ("None", "Public", "Private"),
}
Found = Iterator[Problem]


def strict_problems(root: Element) -> list[Problem]:
    """Return everything in a file that breaks the standard, with its line."""
    found: list[Problem] = []
    ids: dict[str, Element] = {}
    # Identifiers of foreign extensions are their own affair: fields of two forms may share one.
    for element in root.iter(*(f"{{{one}}}*" for one in (BPMN, DI, DC, DD))):
        key = attribute(element, "id")
        if key and not _within_extension(element):
            if key in ids:
                found.append(_at(element, "编号“{id}”用了不止一次", id=key))
            ids.setdefault(key, element)
    _walk(root, found)
    for element in root.iter(f"{{{BPMN}}}*"):
        found += _references(element, ids)
    for element in root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge", f"{{{DI}}}BPMNPlane"):
        drawn = reference(attribute(element, "bpmnElement"))
        if drawn and drawn not in ids:
            message = "图形“{id}”所画的元素“{drawn}”不存在"
            named = {"id": attribute(element, "id"), "drawn": drawn}
            found.append(Problem(drawn, message, named, line_of(element), Severity.WARNING))
    return found


def _within_extension(element: Element) -> bool:
    return next(element.iterancestors(f"{{{BPMN}}}extensionElements"), None) is not None


def _at(
    element: Element, message: str, severity: Severity = Severity.ERROR, /, **details: object
) -> Problem:
    return Problem(attribute(element, "id"), message, details, line_of(element), severity)


def _walk(element: Element, found: list[Problem]) -> None:
    """Check an element of the standard and what is below it."""
    local = name_of(element)[1]
    kind = ELEMENTS[local]
    found += _attributes(element, local, kind)
    if local == "extensionElements":
        return
    if len(list(children(element, *LOOPS))) > 1:
        found.append(_at(element, "“{id}”只能有一种循环或多实例", id=attribute(element, "id")))
    for child in element:
        namespace, name = name_of(child)
        if not name:
            continue
        if namespace == BPMN:
            if name not in ELEMENTS:
                found.append(_at(child, "BPMN 没有名为“{name}”的元素", name=name))
            elif name not in kind.children:
                found.append(
                    _at(child, "元素“{name}”不能放在“{parent}”里", name=name, parent=local)
                )
            else:
                _walk(child, found)
        elif namespace != DI and local not in ("documentation", "text", "script"):
            message = "扩展元素“{name}”应放在 extensionElements 里，已保留但不起作用"
            found.append(_at(child, message, Severity.WARNING, name=name))


def _attributes(element: Element, local: str, kind: ElementKind) -> Found:
    for name in element.attrib:
        text = str(name)
        if text.startswith("{"):
            continue
        if text not in kind.attributes:
            message = "“{element}”没有名为“{name}”的属性，已保留但不起作用"
            yield _at(element, message, Severity.WARNING, element=local, name=text)
    yield from own_problems(element, local)
    key = attribute(element, "id")
    if local == "process" and not key:
        yield _at(element, "“{element}”没有编号（id）", element=local)
    elif re.search(r"\s", key):
        yield _at(element, "编号“{id}”里有空白", id=key)
    elif key and not NCNAME.fullmatch(key):
        message = "编号“{id}”不合规范：应以字母开头，只含字母、数字和 . - _"
        yield _at(element, message, Severity.WARNING, id=key)
    yield from _values(element, local, kind)
    for name in NEEDED.get(local, ()):
        if not attribute(element, name):
            message = "“{element}”缺少“{name}”"
            yield _at(element, message, element=local, name=name)


def _values(element: Element, local: str, kind: ElementKind) -> Found:
    given = kind.attributes & {*map(str, element.attrib)}
    for name in sorted(TRUTHS & given):
        value = attribute(element, name)
        if value not in ("true", "false", "1", "0"):
            message = "“{element}”的“{name}”应为 true 或 false，现为“{value}”"
            yield _at(element, message, element=local, name=name, value=value)
    for name in sorted(WORDS.keys() & given):
        value = attribute(element, name)
        if value not in WORDS[name]:
            message = "“{element}”的“{name}”应为 {wanted} 之一，现为“{value}”"
            wanted = "、".join(WORDS[name])
            yield _at(element, message, element=local, name=name, wanted=wanted, value=value)


def _references(element: Element, ids: Mapping[str, Element]) -> Found:
    local = name_of(element)[1]
    for owner, name in ENDS:
        text = attribute(element, name)
        if owner == local and text and text not in ids and reference(text) not in ids:
            yield _at(element, "“{name}”指向不存在的“{id}”", name=name, id=text)
    for (owner, name), wanted in REFERENCES.items():
        if owner != local:
            continue
        texts = [attribute(element, name)]
        texts += [text_of(child) for child in element if name_of(child) == (BPMN, name)]
        for text in filter(None, texts):
            target = ids.get(text, ids.get(reference(text)))
            if target is None:
                yield _at(element, "“{name}”指向不存在的“{id}”", name=name, id=text)
            elif name_of(target)[1] not in wanted:
                message = "“{name}”指向的“{id}”是 {kind}，不是所要的元素"
                # Lanes do not bear on the flow; drawing tools list all that is drawn in them.
                severity = Severity.WARNING if local == "lane" else Severity.ERROR
                yield _at(element, message, severity, name=name, id=text, kind=name_of(target)[1])
