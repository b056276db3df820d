"""Where everything stands in a chart: from the file's diagram interchange, or laid out by us."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tongban.process.model.bpmn.xml import (
    DC,
    DD,
    DI,
    Element,
    attribute,
    name_of,
    parse_xml,
    reference,
    truth,
)
from tongban.process.model.definition import Definition


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; lengths are those of the file, about pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Shape:
    """A node, lane, pool or artifact. ``label`` is where its name stands, None inside it."""

    element: str
    box: Box
    label: Box | None = None
    expanded: bool = True
    horizontal: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A flow or association as a polyline."""

    element: str
    points: tuple[tuple[float, float], ...]
    label: Box | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing: shapes and lines by the ids of what they draw, in the order of the file."""

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)
    down: bool = False

    def bounds(self) -> Box:
        """Return the rectangle around everything."""
        boxes = [shape.box for shape in self.shapes.values()]
        labels = [shape.label for shape in self.shapes.values()]
        labels += [line.label for line in self.lines.values()]
        boxes += [label for label in labels if label is not None]
        points = [point for line in self.lines.values() for point in line.points]
        xs = [x for b in boxes for x in (b.x, b.x + b.width)] + [p[0] for p in points]
        ys = [y for b in boxes for y in (b.y, b.y + b.height)] + [p[1] for p in points]
        if not xs:
            return Box(0, 0, 0, 0)
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def drawn_diagram(definition: Definition) -> Diagram | None:
    """Return the first diagram of the file, None where it has none that shows a node."""
    if not definition.source:
        return None
    root = parse_xml(definition.source)
    planes = list(root.iter(f"{{{DI}}}BPMNPlane"))
    for plane in planes:
        diagram = _diagram(plane)
        nodes = {node.id for one in definition.processes for node in one.content.all_nodes()}
        if nodes & diagram.shapes.keys():
            return diagram
    return None


def _diagram(plane: Element) -> Diagram:
    shapes = (_shape(one) for one in plane if name_of(one) == (DI, "BPMNShape"))
    lines = (_line(one) for one in plane if name_of(one) == (DI, "BPMNEdge"))
    return Diagram(
        {shape.element: shape for shape in shapes if shape is not None},
        {line.element: line for line in lines if line is not None},
    )


def _shape(element: Element) -> Shape | None:
    box = _bounds(element)
    drawn = reference(attribute(element, "bpmnElement"))
    if box is None or not drawn:
        return None
    return Shape(
        drawn,
        box,
        _label(element),
        truth(element, "isExpanded", default=True),
        truth(element, "isHorizontal", default=True),
    )


def _line(element: Element) -> Line | None:
    points = [
        (_number(one, "x"), _number(one, "y"))
        for one in element
        if name_of(one) == (DD, "waypoint")
    ]
    known = tuple((x, y) for x, y in points if x is not None and y is not None)
    drawn = reference(attribute(element, "bpmnElement"))
    return Line(drawn, known, _label(element)) if len(known) > 1 and drawn else None


def _label(element: Element) -> Box | None:
    for one in element:
        if name_of(one) == (DI, "BPMNLabel"):
            return _bounds(one)
    return None


def _bounds(element: Element) -> Box | None:
    for one in element:
        if name_of(one) == (DC, "Bounds"):
            sides = [_number(one, name) for name in ("x", "y", "width", "height")]
            known = [side for side in sides if side is not None]
            return Box(*known) if len(known) == 4 else None
    return None


def _number(element: Element, name: str) -> float | None:
    try:
        found = float(attribute(element, name))
    except ValueError:
        return None
    # A drawing that is kilometres wide is a slip or a trap.
    return found if abs(found) < 100_000 else None


def shifted(box: Box, x: float, y: float) -> Box:
    """Return a box moved by some distance."""
    return Box(box.x + x, box.y + y, box.width, box.height)


def moved(
    points: Iterable[tuple[float, float]], x: float, y: float
) -> tuple[tuple[float, float], ...]:
    """Return points moved by some distance."""
    return tuple((px + x, py + y) for px, py in points)
