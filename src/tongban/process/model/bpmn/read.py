"""From BPMN 2.0 XML to a definition. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tongban.process.model.attributes import Formula
from tongban.process.model.bpmn.data import data_names, names_by_reference
from tongban.process.model.bpmn.events import Roots, expression, read_events, task_message
from tongban.process.model.bpmn.extension import own, read_attributes
from tongban.process.model.bpmn.limits import choreographies, not_executed
from tongban.process.model.bpmn.loops import read_passed
from tongban.process.model.bpmn.nameless import name_nameless
from tongban.process.model.bpmn.strict import strict_problems
from tongban.process.model.bpmn.xml import (
    BPMN,
    Element,
    attribute,
    child,
    children,
    content_hash,
    line_of,
    name_of,
    parse_xml,
    text_of,
    truth,
    written,
)
from tongban.process.model.definition import (
    Content,
    Definition,
    Flow,
    Lane,
    Node,
    Participant,
    Process,
)
from tongban.process.model.kinds import SUB_PROCESSES, NodeKind
from tongban.process.model.problems import Problem, Severity, Unreadable

KINDS = {kind.value: kind for kind in NodeKind}
CHOREOGRAPHY = ("choreographyTask", "callChoreography", "subChoreography", "implicitThrowEvent")


def read(data: bytes) -> Definition:
    """Return the definition that a BPMN 2.0 file holds, with everything that is wrong in it.

    Unreadable for what is no XML, no BPMN, or too large. Faults inside the file do not keep it
    from being read and shown: they are its ``problems``, and ``compiled`` refuses what has errors.
    """
    root = parse_xml(data)
    if name_of(root) != (BPMN, "definitions"):
        message = "文件不是 BPMN 2.0：根元素是“{name}”，应为命名空间 {namespace} 的 definitions"
        details = {"name": name_of(root)[1], "namespace": BPMN}
        raise Unreadable([Problem("", message, details, line_of(root))])
    digest, source = content_hash(root), written(root)
    problems = [*name_nameless(root), *strict_problems(root)]
    by_id = {attribute(one, "id"): one for one in reversed(list(root.iter(f"{{{BPMN}}}*")))}
    roots = Roots(by_id, names_by_reference(root), problems)
    processes = tuple(_process(one, roots) for one in children(root, "process"))
    problems += _wrong_ends(root, roots)
    problems += choreographies(root, severe=not processes)
    problems.sort(key=lambda problem: problem.line)
    return Definition(
        processes,
        tuple(
            Participant(
                attribute(one, "id"),
                attribute(one, "name"),
                roots.key(attribute(one, "processRef")),
            )
            for collaboration in children(root, "collaboration")
            for one in children(collaboration, "participant")
        ),
        problems=tuple(problems),
        hash=digest,
        name=attribute(root, "name"),
        source=source,
    )


def _process(element: Element, roots: Roots) -> Process:
    executable = attribute(element, "isExecutable")
    promised = own(element, "promised")
    within = replace(roots, problems=[], names={})
    content = _content(element, within)
    return Process(
        attribute(element, "id"),
        attribute(element, "name"),
        replace(content, data=tuple(dict.fromkeys((*content.data, *within.names)))),
        truth(element, "isExecutable", default=False) if executable else None,
        _documentation(element),
        int(promised) if promised.isascii() and promised.isdigit() else 0,
        tuple(within.problems),
        line_of(element),
    )


def _content(element: Element, roots: Roots) -> Content:
    nodes: list[Node] = []
    flows: list[Flow] = []
    for one in element:
        namespace, local = name_of(one)
        if namespace != BPMN:
            continue
        if local in KINDS:
            nodes.append(_node(one, KINDS[local], roots))
            roots.problems.extend(not_executed(one, roots))
        elif local == "sequenceFlow":
            flows.append(_flow(one, roots))
        elif local in CHOREOGRAPHY:
            name = attribute(one, "name") or attribute(one, "id")
            message = "不执行“{name}”（{element}）"
            details = {"name": name, "element": local}
            roots.problems.append(Problem(attribute(one, "id"), message, details, line_of(one)))
    lanes = tuple(
        _lane(lane, roots)
        for group in children(element, "laneSet")
        for lane in children(group, "lane")
    )
    return Content(tuple(nodes), tuple(flows), lanes, data_names(element))


def _flow(element: Element, roots: Roots) -> Flow:
    return Flow(
        attribute(element, "id"),
        roots.key(attribute(element, "sourceRef")),
        roots.key(attribute(element, "targetRef")),
        attribute(element, "name"),
        expression(child(element, "conditionExpression")),
        line_of(element),
    )


def _lane(element: Element, roots: Roots) -> Lane:
    return Lane(
        attribute(element, "id"),
        attribute(element, "name"),
        tuple(roots.key(text_of(one)) for one in children(element, "flowNodeRef")),
        own(element, "role"),
        tuple(
            _lane(lane, roots)
            for group in children(element, "childLaneSet")
            for lane in children(group, "lane")
        ),
        line_of(element),
    )


def _node(element: Element, kind: NodeKind, roots: Roots) -> Node:
    events = read_events(element, roots)
    if kind in (NodeKind.RECEIVE, NodeKind.SEND):
        events = task_message(element, roots)
    passed = read_passed(element, roots)
    return Node(
        attribute(element, "id"),
        kind,
        " ".join(attribute(element, "name").split()),
        roots.key(attribute(element, "default")),
        events,
        roots.key(attribute(element, "attachedToRef")),
        _interrupts(element, kind),
        passed.loop,
        _content(element, roots) if kind in SUB_PROCESSES else None,
        truth(element, "triggeredByEvent", default=False),
        roots.key(attribute(element, "calledElement")),
        own(element, "start"),
        _script(element, kind),
        truth(element, "instantiate", default=False),
        passed.inputs,
        passed.outputs,
        read_attributes(element),
        _documentation(element),
        truth(element, "isForCompensation", default=False),
        line_of(element),
    )


def _interrupts(element: Element, kind: NodeKind) -> bool:
    name = "isInterrupting" if kind is NodeKind.START else "cancelActivity"
    return truth(element, name, default=True)


def _script(element: Element, kind: NodeKind) -> Formula:
    if kind is not NodeKind.SCRIPT:
        return Formula()
    found = child(element, "script")
    text = text_of(found)
    line = line_of(element if found is None else found)
    return Formula(text, line, attribute(element, "scriptFormat"))


def _documentation(element: Element) -> str:
    return "\n".join(filter(None, map(text_of, children(element, "documentation"))))


def _wrong_ends(root: Element, roots: Roots) -> Iterator[Problem]:
    """Where ``incoming`` and ``outgoing`` say otherwise than the sequence flows, which rule."""
    ends: Mapping[str, tuple[str, str]] = {
        attribute(one, "id"): (
            roots.key(attribute(one, "sourceRef")),
            roots.key(attribute(one, "targetRef")),
        )
        for one in root.iter(f"{{{BPMN}}}sequenceFlow")
    }
    for index, local in enumerate(("outgoing", "incoming")):
        for one in root.iter(f"{{{BPMN}}}{local}"):
            owner = one.getparent()
            mine = "" if owner is None else attribute(owner, "id")
            if ends.get(roots.key(text_of(one)), ("", ""))[index] != mine:
                message = "“{id}”的 {element} 与顺序流不一致，以顺序流为准"
                details = {"id": mine, "element": local}
                yield Problem(mine, message, details, line_of(one), Severity.NOTE)
