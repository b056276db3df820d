"""A laid-out drawing written into a file that has none, so that designers can open it. Pure."""

from lxml import etree

from tongban.process.model.bpmn.nameless import name_nameless
from tongban.process.model.bpmn.read import read
from tongban.process.model.bpmn.write import write
from tongban.process.model.bpmn.xml import BPMN, DC, DD, DI, Element, parse_xml, written
from tongban.process.model.compile import the_process
from tongban.process.model.definition import Definition
from tongban.process.model.drawing.diagram import Box, drawn_diagram
from tongban.process.model.drawing.layout import laid_out

LEFT = 160.0
TOP = 80.0


def with_diagram(definition: Definition, *, process: str = "") -> Definition:
    """Return a definition that has a drawing: its own, or of one process laid out by us.

    Faulty if it is not clear which process is meant.
    """
    if drawn_diagram(definition) is not None:
        return definition
    chosen = the_process(definition, process)
    found = laid_out(chosen)
    root = parse_xml(write(definition))
    # What is drawn is referred to, so that it must have an id.
    list(name_nameless(root))
    for old in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(old)
    diagram = etree.SubElement(
        root, f"{{{DI}}}BPMNDiagram", nsmap={"bpmndi": DI, "dc": DC, "di": DD}
    )
    diagram.set("id", _free(root, "BPMNDiagram_1"))
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane")
    plane.set("id", _free(root, "BPMNPlane_1"))
    plane.set("bpmnElement", chosen.id)
    for key, shape in found.shapes.items():
        element = etree.SubElement(plane, f"{{{DI}}}BPMNShape")
        element.set("id", _free(root, f"{key}_di"))
        element.set("bpmnElement", key)
        if root.find(f".//{{{BPMN}}}subProcess[@id='{key}']") is not None:
            element.set("isExpanded", "true")
        _bounds(element, shape.box)
        if shape.label is not None:
            _bounds(etree.SubElement(element, f"{{{DI}}}BPMNLabel"), shape.label)
    for key, line in found.lines.items():
        element = etree.SubElement(plane, f"{{{DI}}}BPMNEdge")
        element.set("id", _free(root, f"{key}_di"))
        element.set("bpmnElement", key)
        for x, y in line.points:
            point = etree.SubElement(element, f"{{{DD}}}waypoint")
            point.set("x", f"{x + LEFT:.0f}")
            point.set("y", f"{y + TOP:.0f}")
    return read(written(root))


def _bounds(parent: Element, box: Box) -> None:
    element = etree.SubElement(parent, f"{{{DC}}}Bounds")
    for name, value in zip(
        ("x", "y", "width", "height"),
        (box.x + LEFT, box.y + TOP, box.width, box.height),
        strict=True,
    ):
        element.set(name, f"{value:.0f}")


def _free(root: Element, wanted: str) -> str:
    """An id that the file does not use yet."""
    taken = {str(one.get("id")) for one in root.iter("*")}
    found, count = wanted, 1
    while found in taken:
        count += 1
        found = f"{wanted}_{count}"
    return found
