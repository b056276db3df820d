"""From a definition to BPMN 2.0 XML. Pure.

What was read is written with everything that the file had; what a program made is written from its
parts. Reading what was written gives an equal definition.
"""

from collections.abc import Iterable

from lxml import etree

from tongban.process.model.attributes import NAMESPACE, NO_ATTRIBUTES, Attributes, Formula
from tongban.process.model.bpmn.read import read
from tongban.process.model.bpmn.xml import BPMN, DC, DD, DI, XSI, Element, written
from tongban.process.model.definition import (
    Content,
    Definition,
    Event,
    Flow,
    Lane,
    MultiInstance,
    Node,
    Process,
    StandardLoop,
)
from tongban.process.model.kinds import EventKind, NodeKind, TimerKind

PREFIXES = {
    "bpmn": BPMN,
    "bpmndi": DI,
    "dc": DC,
    "di": DD,
    "xsi": XSI,
    "tongban": NAMESPACE,
}
# Kinds of root elements that events refer to: event kind, element, prefix of ids, attribute.
ROOTS = {
    EventKind.MESSAGE: ("message", "messageRef"),
    EventKind.SIGNAL: ("signal", "signalRef"),
    EventKind.ERROR: ("error", "errorRef"),
    EventKind.ESCALATION: ("escalation", "escalationRef"),
}


def write(definition: Definition) -> bytes:
    """Return the XML of a definition."""
    if definition.source:
        return definition.source
    return written(_Writer().definitions(definition))


def stored(definition: Definition) -> Definition:
    """Return the definition as reading its XML gives it, with source and hash."""
    return definition if definition.source else read(write(definition))


def own_name(name: str) -> str:
    """Return the full name of an attribute or element of our namespace."""
    return f"{{{NAMESPACE}}}{name}"


def attribute_texts(attributes: Attributes) -> dict[str, str]:
    """Return what differs from the defaults, by the names the attributes have in a file."""
    texts = {
        "role": attributes.role,
        "department": attributes.department.text,
        "assignee": attributes.assignee.text,
        "form": attributes.form,
        "act": attributes.act,
        "documents": " ".join(attributes.documents),
        "discretion": attributes.discretion,
        "riskPoint": attributes.risk_point,
        "fourEyes": " ".join(attributes.four_eyes),
        "automatic": "true" if attributes.automatic else "",
        "notice": attributes.notice,
        "service": attributes.service,
        "decision": attributes.decision,
        "result": attributes.result,
        "retries": "" if attributes.retries == NO_ATTRIBUTES.retries else str(attributes.retries),
    }
    if attributes.special:
        texts |= {"special": attributes.special.kind, "basis": attributes.special.basis}
    if attributes.limit:
        counts = [name for name in ("statutory", "promised") if getattr(attributes.limit, name)]
        texts |= {
            "limit": str(attributes.limit.amount),
            "limitUnit": attributes.limit.unit,
            "counts": " ".join(counts) or "none",
        }
    return {name: text for name, text in texts.items() if text}


class _Writer:
    def __init__(self) -> None:
        self.root: Element = etree.Element(f"{{{BPMN}}}definitions", nsmap=PREFIXES)
        self.referred: dict[tuple[EventKind, str], str] = {}

    def definitions(self, definition: Definition) -> Element:
        self.root.set("id", "definitions")
        self.root.set("targetNamespace", NAMESPACE)
        if definition.name:
            self.root.set("name", definition.name)
        if definition.participants:
            collaboration = self.add(self.root, "collaboration", id="collaboration")
            for one in definition.participants:
                self.add(
                    collaboration, "participant", id=one.id, name=one.name, processRef=one.process
                )
        for process in definition.processes:
            self.process(process)
        for index, ((kind, named), key) in enumerate(self.referred.items()):
            element = etree.Element(f"{{{BPMN}}}{ROOTS[kind][0]}")
            element.set("id", key)
            coded = kind in (EventKind.ERROR, EventKind.ESCALATION)
            element.set(f"{ROOTS[kind][0]}Code" if coded else "name", named)
            self.root.insert(index, element)
        return self.root

    def add(self, parent: Element, element: str, text: str = "", /, **attributes: str) -> Element:
        """A child of the standard's namespace; empty attributes are left out."""
        child = etree.SubElement(parent, f"{{{BPMN}}}{element}")
        for name, value in attributes.items():
            if value:
                child.set(name, value)
        if text:
            child.text = text
        return child

    def formula(self, parent: Element, element: str, formula: Formula) -> None:
        if formula:
            child = self.add(parent, element, formula.text, language=formula.language)
            child.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")

    def own(self, element: Element, texts: dict[str, str]) -> None:
        for name, text in texts.items():
            if text:
                element.set(own_name(name), text)

    def process(self, process: Process) -> None:
        executable = {None: "", True: "true", False: "false"}[process.executable]
        element = self.add(
            self.root, "process", id=process.id, name=process.name, isExecutable=executable
        )
        if process.promised:
            self.own(element, {"promised": str(process.promised)})
        if process.documentation:
            self.add(element, "documentation", process.documentation)
        self.content(element, process.content)

    def content(self, parent: Element, content: Content) -> None:
        for index, name in enumerate(content.data):
            self.add(parent, "property", id=f"{parent.get('id')}_data_{index}", name=name)
        if content.lanes:
            self.lanes(self.add(parent, "laneSet"), content.lanes)
        for node in content.nodes:
            self.node(parent, node)
        for flow in content.flows:
            self.flow(parent, flow)

    def lanes(self, parent: Element, lanes: Iterable[Lane]) -> None:
        for lane in lanes:
            element = self.add(parent, "lane", id=lane.id, name=lane.name)
            self.own(element, {"role": lane.role})
            for node in lane.nodes:
                self.add(element, "flowNodeRef", node)
            if lane.lanes:
                self.lanes(self.add(element, "childLaneSet"), lane.lanes)

    def flow(self, parent: Element, flow: Flow) -> None:
        element = self.add(
            parent,
            "sequenceFlow",
            id=flow.id,
            name=flow.name,
            sourceRef=flow.source,
            targetRef=flow.target,
        )
        self.formula(element, "conditionExpression", flow.condition)

    def node(self, parent: Element, node: Node) -> None:
        element = self.add(
            parent,
            node.kind.value,
            id=node.id,
            name=node.name,
            default=node.default,
            attachedToRef=node.attached,
            calledElement=node.called,
            scriptFormat=node.script.language,
            triggeredByEvent="true" if node.by_event else "",
            instantiate="true" if node.instantiate else "",
            isForCompensation="true" if node.compensates else "",
        )
        if not node.cancels:
            element.set(
                "isInterrupting" if node.kind is NodeKind.START else "cancelActivity", "false"
            )
        self.own(element, attribute_texts(node.attributes) | {"start": node.called_start})
        if node.documentation:
            self.add(element, "documentation", node.documentation)
        self.mappings(element, node)
        self.loop(element, node)
        self.events(element, node)
        if node.script:
            self.add(element, "script", node.script.text)
        if node.inner is not None:
            self.content(element, node.inner)

    def mappings(self, element: Element, node: Node) -> None:
        if not node.inputs and not node.outputs:
            return
        extension = self.add(element, "extensionElements")
        for name, mappings in (("input", node.inputs), ("output", node.outputs)):
            for one in mappings:
                child = etree.SubElement(extension, own_name(name))
                child.set("target", one.target)
                child.set("source", one.source.text)

    def loop(self, element: Element, node: Node) -> None:
        loop = node.loop
        if isinstance(loop, StandardLoop):
            child = self.add(
                element,
                "standardLoopCharacteristics",
                testBefore="true" if loop.test_before else "",
                loopMaximum=str(loop.maximum or ""),
            )
            self.formula(child, "loopCondition", loop.condition)
        elif isinstance(loop, MultiInstance):
            child = self.add(
                element,
                "multiInstanceLoopCharacteristics",
                isSequential="true" if loop.sequential else "",
            )
            names = {"collection": loop.collection.text, "item": loop.item}
            self.own(child, names | {"results": loop.results, "result": loop.result.text})
            self.formula(child, "loopCardinality", loop.cardinality)
            self.formula(child, "completionCondition", loop.completion)

    def events(self, element: Element, node: Node) -> None:
        task = node.kind in (NodeKind.RECEIVE, NodeKind.SEND)
        for event in node.events:
            child = element
            if not task:
                child = self.add(element, f"{event.kind}EventDefinition")
            self.event(child, event)

    def event(self, element: Element, event: Event) -> None:
        if event.kind in ROOTS and (event.name or event.code):
            kind, attribute = ROOTS[event.kind]
            named = event.code or event.name
            key = self.referred.setdefault((event.kind, named), f"{kind}_{len(self.referred)}")
            element.set(attribute, key)
        elif event.kind is EventKind.LINK and event.name:
            element.set("name", event.name)
        self.own(element, {"correlation": event.correlation.text})
        if event.timer and event.timer.kind is TimerKind.WORKDAYS:
            self.own(element, {"workdays": event.timer.when.text})
        elif event.timer:
            self.formula(element, event.timer.kind.value, event.timer.when)
