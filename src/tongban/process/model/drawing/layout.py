"""Automatic layout of a definition that has no drawing, from left to right or downwards. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from tongban.process.model.definition import Content, Node, Process
from tongban.process.model.drawing.diagram import Box, Diagram, Line, Shape, moved, shifted
from tongban.process.model.drawing.lanes import PADDING, Bands, bands, lane_names
from tongban.process.model.drawing.layers import LOOP, Layers
from tongban.process.model.kinds import EVENTS, GATEWAYS, SUB_PROCESSES, NodeKind

TASK = (120.0, 64.0)
NARROW, LANED = (104.0, 64.0), (104.0, 80.0)
EVENT = (36.0, 36.0)
GATEWAY = (44.0, 44.0)
PAD, NARROW_PAD = 24.0, 12.0
HEAD = 28.0
BETWEEN_RANKS = 56.0
LABEL = 96.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Part:
    """A laid-out scope, from (0, 0) on."""

    shapes: Mapping[str, Shape]
    lines: Mapping[str, Line]
    width: float
    height: float


def laid_out(process: Process, *, down: bool = False) -> Diagram:
    """Return a drawing of a process; ``down``: from top to bottom, which suits a phone.

    Lanes become horizontal bands, and a phone has no room for them: the chart then writes who does
    a step into its box, so ``down`` leaves more room in it.
    """
    laned = bool(lane_names(process.content))
    part = _scope(process.content, down, laned)
    return Diagram(part.shapes, part.lines, down)


def _scope(content: Content, down: bool, laned: bool) -> _Part:
    inner = {
        node.id: _scope(node.inner, down, laned) for node in content.nodes if node.inner is not None
    }
    return _Scope(content, inner, down, laned).part()


class _Scope:
    def __init__(
        self, content: Content, inner: Mapping[str, _Part], down: bool, laned: bool
    ) -> None:
        self.content, self.inner, self.down = content, inner, down
        self.task, self.pad = (LANED if laned else NARROW, NARROW_PAD) if down else (TASK, PAD)
        self.bands: Bands | None = None if down else bands(content)
        self.nodes = [n for n in content.nodes if n.kind is not NodeKind.BOUNDARY]
        self.boundary = [n for n in content.nodes if n.kind is NodeKind.BOUNDARY]
        self.number = {node.id: i for i, node in enumerate(self.nodes)}
        self.sizes = [self._size(node) for node in self.nodes]
        self.shapes: dict[str, Shape] = {}
        self.lines: dict[str, Line] = {}
        self.loops: dict[tuple[int, int], int] = {}

    def _size(self, node: Node) -> tuple[float, float]:
        if node.kind in EVENTS:
            return EVENT
        if node.kind in GATEWAYS:
            return GATEWAY
        if node.kind in SUB_PROCESSES and node.id in self.inner:
            part = self.inner[node.id]
            width = max(part.width, self.task[0]) + 2 * self.pad
            return width, max(part.height, 20) + HEAD + self.pad
        return self.task

    def _host(self, node_id: str) -> int | None:
        """The vertex for a node; a boundary event counts as its activity."""
        if node_id in self.number:
            return self.number[node_id]
        attached = next((n.attached for n in self.boundary if n.id == node_id), "")
        return self.number.get(attached)

    def part(self) -> _Part:
        """Lay the scope out."""
        ends: list[tuple[int, int]] = []
        known: list[str] = []
        for flow in self.content.flows:
            source, target = self._host(flow.source), self._host(flow.target)
            if source is not None and target is not None:
                ends.append((source, target))
                known.append(flow.id)
        along, across = (1, 0) if self.down else (0, 1)
        layers = Layers([self._room(i, across) for i in range(len(self.nodes))], list(ends))
        layers.gap = 16 if self.down else 30
        if self.bands is not None:
            layers.band = [self.bands.of[node.id] for node in self.nodes]
            layers.least, layers.padding = self.bands.least, PADDING
        first = [i for i, n in enumerate(self.nodes) if n.kind is NodeKind.START]
        layers.arrange(first)
        starts = self._rank_starts(layers, along)
        for i, node in enumerate(self.nodes):
            self._shape(node, i, layers, starts)
        self._attach()
        self._route(known, layers, starts)
        if self.bands is not None:
            inside = Diagram(self.shapes, self.lines).bounds()
            lanes = {one.element: one for one in self.bands.shapes(layers.spans, inside)}
            self.shapes = lanes | self.shapes
        return self._closed()

    def _room(self, vertex: int, across: int) -> float:
        """How much a node takes across: events and gateways have their names beside them."""
        size, node = self.sizes[vertex][across], self.nodes[vertex]
        if node.kind in EVENTS or node.kind in GATEWAYS:
            return size + (LABEL if self.down else 28.0) * bool(node.name)
        attached = any(event.attached == node.id for event in self.boundary)
        return size + 40.0 * attached

    def _rank_starts(self, layers: Layers, along: int) -> list[tuple[float, float]]:
        """Where each rank begins, and how long it is."""
        lengths = [0.0] * len(layers.columns)
        for i in range(len(self.nodes)):
            lengths[layers.rank[i]] = max(lengths[layers.rank[i]], self.sizes[i][along])
        at, found = 0.0, []
        for length in lengths:
            found.append((at, length))
            at += length + BETWEEN_RANKS
        return found

    def _shape(self, node: Node, i: int, layers: Layers, starts: list[tuple[float, float]]) -> None:
        width, height = self.sizes[i]
        start, length = starts[layers.rank[i]]
        mid_along, mid_across = start + length / 2, layers.across[i]
        x, y = (mid_across, mid_along) if self.down else (mid_along, mid_across)
        box = Box(x - width / 2, y - height / 2, width, height)
        self.shapes[node.id] = Shape(node.id, box, self._label(node, box))
        part = self.inner.get(node.id)
        if part is not None:
            dx, dy = box.x + self.pad, box.y + HEAD
            for one in part.shapes.values():
                label = shifted(one.label, dx, dy) if one.label else None
                self.shapes[one.element] = Shape(one.element, shifted(one.box, dx, dy), label)
            for line in part.lines.values():
                label = shifted(line.label, dx, dy) if line.label else None
                points = moved(line.points, dx, dy)
                self.lines[line.element] = Line(line.element, points, label)

    def _label(self, node: Node, box: Box) -> Box | None:
        if not node.name or not (node.kind in EVENTS or node.kind in GATEWAYS):
            return None
        if self.down:
            return Box(box.x + box.width + 6, box.y, LABEL, box.height)
        return Box(box.x + box.width / 2 - LABEL / 2, box.y + box.height + 2, LABEL, 28)

    def _attach(self) -> None:
        """Boundary events stand on the edge of their activity, beside each other."""
        taken: dict[str, int] = {}
        for event in self.boundary:
            host = self.shapes.get(event.attached)
            if host is None:
                continue
            count = taken[event.attached] = taken.get(event.attached, 0) + 1
            width, height = EVENT
            x = host.box.x + host.box.width - count * (width + 6)
            y = host.box.y + host.box.height - height / 2
            box = Box(x, y, width, height)
            label = Box(x - 20, y + height, LABEL, 28) if event.name else None
            self.shapes[event.id] = Shape(event.id, box, label)

    def _route(self, known: list[str], layers: Layers, starts: list[tuple[float, float]]) -> None:
        flows = {flow.id: flow for flow in self.content.flows}
        for number, flow_id in enumerate(known):
            flow = flows[flow_id]
            source, target = self.shapes.get(flow.source), self.shapes.get(flow.target)
            if source is None or target is None:
                continue
            backwards = number in layers.turned
            bends = [self._bend(layers, vertex, starts) for vertex in layers.bends.get(number, ())]
            beside = flow.source not in self.number
            if backwards and flow.source != flow.target and not beside:
                one, other = layers.edges[number]
                between = (layers.band[one], layers.band[other])
                points = self._around(source.box, target.box, between, layers.spans)
            else:
                points = self._points((source.box, target.box), bends, backwards, beside)
            self.lines[flow_id] = Line(flow_id, points, _flow_label(flow.name, points))

    def _bend(
        self, layers: Layers, vertex: int, starts: list[tuple[float, float]]
    ) -> tuple[Point, Point]:
        """Where a long edge crosses a rank: it goes straight through."""
        start, length = starts[layers.rank[vertex]]
        across = layers.across[vertex]
        ends = (start, start + length)
        return (
            ((across, ends[0]), (across, ends[1]))
            if self.down
            else ((ends[0], across), (ends[1], across))
        )

    def _around(
        self, source: Box, target: Box, between: tuple[int, int], spans: list[tuple[float, float]]
    ) -> tuple[Point, ...]:
        """The way back of a loop: past everything that lies between."""
        loops = self.loops[between] = self.loops.get(between, 0) + 1
        if self.down:
            low, high = sorted((source.y, target.y))
            sides = [
                one.box.x + one.box.width
                for one in self.shapes.values()
                if low - 10 <= one.box.y <= high + 10
            ]
            x = max(sides) + 8 + 8 * loops
            begin = (source.x + source.width, source.middle[1])
            end = (target.x + target.width, target.middle[1])
            return (begin, (x, begin[1]), (x, end[1]), end)
        here, there = between
        if here != there:
            return _across(source, target, spans[here], here < there, loops)
        low, high = sorted((source.x, target.x))
        sides = [
            one.box.y + one.box.height
            for one in self.shapes.values()
            if low - 10 <= one.box.x <= high + 10 and spans[here][0] <= one.box.y <= spans[here][1]
        ]
        y = max(sides) + LOOP + 8 * loops
        begin = (source.middle[0], source.y + source.height)
        end = (target.middle[0], target.y + target.height)
        return (begin, (begin[0], y), (end[0], y), end)

    def _points(
        self,
        boxes: tuple[Box, Box],
        bends: list[tuple[Point, Point]],
        backwards: bool,
        beside: bool,
    ) -> tuple[Point, ...]:
        source, target = boxes
        begin = _port(source, after=not backwards, down=self.down)
        end = _port(target, after=backwards, down=self.down)
        if beside:
            begin = (source.x + source.width / 2, source.y + source.height)
        stops = [begin]
        for one, other in bends:
            stops += [other, one] if backwards else [one, other]
        stops.append(end)
        points = [stops[0]]
        for before, after in pairwise(stops):
            points += _corner(before, after, down=self.down, beside=beside and before == begin)
            points.append(after)
        return tuple(_straightened(points))

    def _closed(self) -> _Part:
        diagram = Diagram(self.shapes, self.lines)
        bounds = diagram.bounds()
        dx, dy = -bounds.x, -bounds.y
        shapes = {
            one.element: Shape(
                one.element,
                shifted(one.box, dx, dy),
                shifted(one.label, dx, dy) if one.label else None,
            )
            for one in self.shapes.values()
        }
        lines = {
            one.element: Line(
                one.element,
                moved(one.points, dx, dy),
                shifted(one.label, dx, dy) if one.label else None,
            )
            for one in self.lines.values()
        }
        return _Part(shapes, lines, bounds.width, bounds.height)


def _port(box: Box, *, after: bool, down: bool) -> Point:
    x, y = box.middle
    if down:
        return (x, box.y + box.height if after else box.y)
    return (box.x + box.width if after else box.x, y)


def _across(
    source: Box, target: Box, span: tuple[float, float], below: bool, loops: int
) -> tuple[Point, ...]:
    """The way back into another lane: along the edge of the own one, where nothing stands."""
    side = 6.0 + 4.0 * (loops % 3)
    if below:
        y = span[1] - side
        begin, end = source.y + source.height, target.y
    else:
        y = span[0] + side
        begin, end = source.y, target.y + target.height
    (x0, _), (x1, _) = source.middle, target.middle
    return ((x0, begin), (x0, y), (x1, y), (x1, end))


def _corner(before: Point, after: Point, *, down: bool, beside: bool) -> list[Point]:
    """The corners of a right-angled way between two points."""
    (x0, y0), (x1, y1) = before, after
    if abs(x0 - x1) < 0.5 or abs(y0 - y1) < 0.5:
        return []
    if beside:
        # Out of a boundary event one goes down first, then to the target.
        turn = max(y0 + 14, y1) if not down else y0 + 14
        return [(x0, turn), (x1 if down else x1 - 20, turn), *([] if down else [(x1 - 20, y1)])]
    if down:
        middle = y1 - BETWEEN_RANKS / 2 if y1 > y0 else y1 + BETWEEN_RANKS / 2
        return [(x0, middle), (x1, middle)]
    middle = x1 - BETWEEN_RANKS / 2 if x1 > x0 else x1 + BETWEEN_RANKS / 2
    return [(middle, y0), (middle, y1)]


def _straightened(points: list[Point]) -> list[Point]:
    """Without points that lie on the way between their neighbours."""
    found = points[:1]
    for point, following in zip(points[1:], [*points[2:], None], strict=True):
        last = found[-1]
        if point == last:
            continue
        if following is not None:
            same_x = abs(last[0] - point[0]) < 0.5 and abs(point[0] - following[0]) < 0.5
            same_y = abs(last[1] - point[1]) < 0.5 and abs(point[1] - following[1]) < 0.5
            if same_x or same_y:
                continue
        found.append(point)
    return found


def _flow_label(name: str, points: tuple[Point, ...]) -> Box | None:
    """Beside the last straight piece of the way, where branches have parted."""
    if not name or len(points) < 2:
        return None
    (x0, y0), (x1, y1) = points[-2], points[-1]
    if abs(x1 - x0) >= abs(y1 - y0):
        return Box(min(x0, x1), y1 - 18, max(abs(x1 - x0), 40), 16)
    return Box(x1 + 4, (y0 + y1) / 2 - 8, LABEL, 16)
