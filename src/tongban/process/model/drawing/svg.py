"""A process as SVG: classes only, no style of its own, so that pages and modes colour it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import dist

from tongban.foundation.messages import SOURCE, translate
from tongban.process.model.bpmn.xml import attribute, child, name_of, parse_xml, text_of
from tongban.process.model.definition import (
    Definition,
    Lane,
    MultiInstance,
    Node,
    Process,
    StandardLoop,
)
from tongban.process.model.drawing import signs
from tongban.process.model.drawing.diagram import Box, Diagram, Line, Shape, drawn_diagram
from tongban.process.model.drawing.lanes import lane_names, outermost
from tongban.process.model.drawing.layout import laid_out
from tongban.process.model.drawing.signs import BADGES, MARK_NAMES
from tongban.process.model.drawing.text import width_of, wrapped
from tongban.process.model.kinds import (
    EVENTS,
    GATEWAYS,
    SUB_PROCESSES,
    UNIT_NAMES,
    EventKind,
    LimitUnit,
    NodeKind,
)

MARGIN = 16.0
NAME_SIZE, NOTE_SIZE = 13.0, 11.0
LINE_HEIGHT = 16.0
NO_MARKS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as SVG text, with its natural size in pixels."""

    svg: str
    width: int
    height: int


def chart(
    definition: Definition,
    process: Process,
    *,
    marks: Mapping[str, str] = NO_MARKS,
    down: bool = False,
    language: str = SOURCE,
) -> Chart:
    """Return the chart of a process.

    It is drawn as the file has it, or laid out by us where the file has no drawing or ``down`` is
    asked for. ``marks`` gives nodes and flows a class, a sign and a word: see ``MARK_NAMES``.
    Everything that people wrote is escaped.
    """
    diagram = None if down else drawn_diagram(definition)
    own = diagram is None
    found = diagram or laid_out(process, down=down)
    return _Drawing(definition, process, found, marks, language).chart(own=own)


class _Drawing:
    def __init__(
        self,
        definition: Definition,
        process: Process,
        diagram: Diagram,
        marks: Mapping[str, str],
        language: str,
    ) -> None:
        self.definition, self.process, self.diagram = definition, process, diagram
        self.marks, self.language = marks, language
        processes = (process,) if diagram.down else (process, *definition.processes)
        contents = [one.content for one in processes]
        self.nodes = {node.id: node for one in contents for node in one.all_nodes()}
        inner = [node.inner for node in self.nodes.values() if node.inner is not None]
        self.flows = {flow.id: flow for one in (*contents, *inner) for flow in one.flows}
        self.lanes = {lane.id: lane for one in (*contents, *inner) for lane in _lanes(one.lanes)}
        # Where lanes are not drawn, each step says who does it.
        self.who = lane_names(process.content) if diagram.down else {}
        self.pools = {pool.id: pool for pool in definition.participants}
        self.defaults = {node.default for node in self.nodes.values() if node.default}

    def chart(self, *, own: bool) -> Chart:
        """The whole picture."""
        bounds = self.diagram.bounds()
        width, height = bounds.width + 2 * MARGIN, bounds.height + 2 * MARGIN
        view = f"{bounds.x - MARGIN:.0f} {bounds.y - MARGIN:.0f} {width:.0f} {height:.0f}"
        name = self.process.name or self.process.id
        title = translate("流程图：{name}", self.language, name=name)
        arrow = f"arrow-{'down' if self.diagram.down else 'wide'}"
        body = "".join(self._body(arrow, own=own))
        return Chart(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="flow-chart" viewBox="{view}" '
            f'width="{width:.0f}" height="{height:.0f}" '
            f'role="img" aria-label="{escape(title)}"><title>{escape(title)}</title><defs>'
            f'<marker id="{arrow}" class="flow-arrow" viewBox="0 0 10 10" refX="9" refY="5" '
            'markerWidth="8" markerHeight="8" orient="auto-start-reverse">'
            f'<path d="M0 0l10 5-10 5z"/></marker></defs>{body}</svg>',
            round(width),
            round(height),
        )

    def _body(self, arrow: str, *, own: bool) -> Iterator[str]:
        shapes = self.diagram.shapes
        others = {} if own else _others(self.definition)
        for key, shape in shapes.items():
            if key in self.pools or key in self.lanes:
                yield self._swimlane(key, shape)
        ordered = sorted(
            (one for one in shapes if one in self.nodes),
            key=lambda one: self.nodes[one].kind is NodeKind.BOUNDARY,
        )
        for key in ordered:
            if self.nodes[key].kind in SUB_PROCESSES:
                yield self._node(self.nodes[key], shapes[key])
        for key, line in self.diagram.lines.items():
            yield self._line(key, line, arrow, others.get(key, ""))
        for key, shape in shapes.items():
            if key in others and key not in self.nodes:
                yield self._other(shape, others[key])
        for key in ordered:
            if self.nodes[key].kind not in SUB_PROCESSES:
                yield self._node(self.nodes[key], shapes[key])
        # Last, so that no box hides what the way beside it is called.
        yield from map(self._way_name, self.diagram.lines.values())

    def _swimlane(self, key: str, shape: Shape) -> str:
        named = self.pools.get(key) or self.lanes[key]
        kind = "flow-pool" if key in self.pools else "flow-lane"
        box = shape.box
        x, y = (
            (box.x + 15, box.y + box.height / 2) if shape.horizontal else (box.x + 60, box.y + 18)
        )
        turn = f' transform="rotate(-90 {x:.0f} {y:.0f})"' if shape.horizontal else ""
        name = wrapped(named.name, width=max(box.height, 40), size=NAME_SIZE, lines=1)
        return (
            f'<g class="{kind}">{_rect(box)}<text class="flow-text" x="{x:.0f}" y="{y:.0f}" '
            f'text-anchor="middle" dominant-baseline="central"{turn}>'
            f"{escape(''.join(name))}</text></g>"
        )

    def _node(self, node: Node, shape: Shape) -> str:
        mark = self.marks.get(node.id, "")
        classes = ["flow-node", *([f"is-{mark}"] if mark else [])]
        if node.kind in EVENTS:
            inside, kind = self._event(node, shape), "flow-event"
        elif node.kind in GATEWAYS:
            inside, kind = self._gateway(node, shape), "flow-gateway"
        elif node.kind in SUB_PROCESSES:
            inside, kind = self._sub_process(node, shape), "flow-sub"
        else:
            inside, kind = self._task(node, shape), "flow-task"
        told = node.name or node.id
        if mark in MARK_NAMES:
            told += f"（{translate(MARK_NAMES[mark], self.language)}）"
        return (
            f'<g class="{" ".join([kind, *classes])}" data-node="{escape(node.id)}">'
            f"<title>{escape(told)}</title>{inside}{_badge(mark, shape.box)}</g>"
        )

    def _task(self, node: Node, shape: Shape) -> str:
        box = shape.box
        note, who = self._note(node), self.who.get(node.id, "")
        sign = signs.TASKS.get(node.kind, "")
        x, y = box.middle
        lines = wrapped(
            node.name or node.id,
            width=box.width - 14,
            size=NAME_SIZE,
            lines=max(1, int((box.height - 14 - 14 * (bool(note) + bool(who))) // LINE_HEIGHT)),
        )
        parts = [_rect(box, 8)]
        if sign:
            parts.append(_sign(sign, box.x + 12, box.y + 12, 0.7))
        parts.append(_text(lines, x, y - 7 * bool(note) + 7 * bool(who)))
        if who:
            parts.append(_text(self._shown_who(who), box.x + 24, box.y + 12, "flow-note", "start"))
        if note:
            shown = wrapped(note, width=box.width - 10, size=NOTE_SIZE, lines=1)
            parts.append(_text(shown, x, box.y + box.height - 10, "flow-note"))
        parts.append(self._many(node, x, box.y + 10))
        return "".join(parts)

    @staticmethod
    def _shown_who(who: str) -> list[str]:
        """Who does a step, in a small box: the outermost lane alone where all do not fit."""
        whole = wrapped(who, width=78, size=NOTE_SIZE, lines=2)
        return (
            whole if len(whole) == 1 else wrapped(outermost(who), width=78, size=NOTE_SIZE, lines=1)
        )

    def _note(self, node: Node) -> str:
        """What the public wants to know of a step: how long it takes, and if that is counted."""
        limit = node.attributes.limit
        if limit is None:
            return translate("不计入时限", self.language) if node.attributes.special else ""
        if limit.unit is LimitUnit.WORKDAY:  # In few words: a step is a small box.
            told = translate("{amount} 工作日", self.language, amount=limit.amount)
        else:
            unit = translate(UNIT_NAMES[limit.unit], self.language)
            told = translate("{amount} {unit}", self.language, amount=limit.amount, unit=unit)
        if not limit.statutory and node.attributes.special:
            told += " · " + translate("不计入时限", self.language)
        return told

    def _many(self, node: Node, x: float, y: float) -> str:
        if isinstance(node.loop, StandardLoop):
            return _sign(signs.LOOP, x, y, 0.9)
        if isinstance(node.loop, MultiInstance):
            sequential = node.loop.sequential
            return _sign(signs.SEQUENTIAL_MANY if sequential else signs.PARALLEL_MANY, x, y, 0.9)
        return ""

    def _sub_process(self, node: Node, shape: Shape) -> str:
        box = shape.box
        x, y = box.middle
        kind = " flow-by-event" if node.by_event else ""
        frame = f'<g class="flow-frame{kind}">{_rect(box, 10)}</g>'
        if not shape.expanded:
            lines = wrapped(node.name or node.id, width=box.width - 14, size=NAME_SIZE, lines=2)
            plus = _sign(signs.COLLAPSED, x, box.y + box.height - 12, 0.9)
            return frame + _text(lines, x, y - 6) + plus
        lines = wrapped(node.name, width=box.width - 20, size=NAME_SIZE, lines=1)
        return frame + _text(lines, x, box.y + 15) + self._many(node, x, box.y + box.height - 10)

    def _event(self, node: Node, shape: Shape) -> str:
        x, y = shape.box.middle
        radius = shape.box.width / 2
        double = node.kind not in (NodeKind.START, NodeKind.END)
        thick = " flow-thick" if node.kind is NodeKind.END else ""
        dashed = " flow-dashed" if not node.cancels else ""
        parts = [
            f'<circle class="flow-ring{thick}{dashed}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
        ]
        if double:
            inner = radius - 3
            parts.append(
                f'<circle class="flow-ring{dashed}" cx="{x:.1f}" cy="{y:.1f}" r="{inner:.1f}"/>'
            )
        kind = node.event.kind
        if kind in signs.EVENTS:
            throws = node.kind in (NodeKind.THROW, NodeKind.END) or kind is EventKind.TERMINATE
            parts.append(_sign(signs.EVENTS[kind], x, y, radius / 20, filled=throws))
        parts.append(self._beside(node, shape))
        return "".join(parts)

    def _gateway(self, node: Node, shape: Shape) -> str:
        box = shape.box
        x, y = box.middle
        points = f"{x:.1f},{box.y:.1f} {box.x + box.width:.1f},{y:.1f} "
        points += f"{x:.1f},{box.y + box.height:.1f} {box.x:.1f},{y:.1f}"
        sign = _sign(signs.GATEWAYS[node.kind], x, y, box.width / 44, bold=True)
        return f'<polygon points="{points}"/>{sign}{self._beside(node, shape)}'

    def _beside(self, node: Node, shape: Shape) -> str:
        """The name of an event or gateway, beside it."""
        if not node.name:
            return ""
        box = shape.box
        label = shape.label or Box(box.x + box.width / 2 - 48, box.y + box.height + 2, 96, 28)
        if self.diagram.down:
            lines = wrapped(node.name, width=label.width, size=NOTE_SIZE + 1, lines=2)
            return _text(lines, label.x, label.y + label.height / 2, "flow-label", "start")
        width = max(label.width, 90.0)
        lines = wrapped(node.name, width=width, size=NOTE_SIZE + 1, lines=3)
        y = label.y + LINE_HEIGHT / 2 * len(lines)
        return _text(lines, label.x + label.width / 2, y, "flow-label")

    def _line(self, key: str, line: Line, arrow: str, other: str) -> str:
        flow = self.flows.get(key)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
        mark = self.marks.get(key, "")
        if flow is None:
            kind = "flow-message" if other == "messageFlow" else "flow-link"
            head = f' marker-end="url(#{arrow})"' if other == "messageFlow" else ""
            return f'<polyline class="{kind}" points="{points}"{head}/>'
        classes = f"flow-way is-{mark}" if mark else "flow-way"
        way = f'<polyline class="{classes}" points="{points}" marker-end="url(#{arrow})"/>'
        return way + self._slash(key, line)

    def _slash(self, key: str, line: Line) -> str:
        if key not in self.defaults:
            return ""
        (x0, y0), (x1, y1) = line.points[:2]
        length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1)
        x, y = x0 + (x1 - x0) / length * 10, y0 + (y1 - y0) / length * 10
        return f'<path class="flow-sign" d="M{x - 4:.1f} {y + 5:.1f}l8-10"/>'

    def _way_name(self, line: Line) -> str:
        flow = self.flows.get(line.element)
        if flow is None or not flow.name:
            return ""
        label = line.label
        lines = wrapped(flow.name, width=max(label.width if label else 90, 72), size=12, lines=2)
        if label is None:
            (x0, y0), (x1, y1) = _longest(line.points)
            return _text(lines, (x0 + x1) / 2, (y0 + y1) / 2 - 9, "flow-label")
        x, y = label.middle
        widest = max((width_of(one, 12) for one in lines), default=0)
        if self.diagram.down and widest:
            return _text(lines, label.x, y, "flow-label", "start")
        return _text(lines, x, y, "flow-label")

    def _other(self, shape: Shape, told: str) -> str:
        """Annotations, data and groups, which say something but do nothing."""
        kind, _, text = told.partition(" ")
        box = shape.box
        if kind == "textAnnotation":
            lines = wrapped(text, width=max(box.width - 12, 40), size=12, lines=8)
            y = box.y + box.height / 2
            bracket = f"M{box.x + 10:.1f} {box.y:.1f}h-10v{box.height:.1f}h10"
            drawn = f'<path class="flow-link" d="{bracket}"/>'
            return drawn + _text(lines, box.x + 8, y, "flow-label", "start")
        if kind == "group":
            return f'<g class="flow-group">{_rect(box, 8)}</g>'
        lines = wrapped(text, width=96, size=12, lines=2)
        x = box.x + box.width / 2
        y = box.y + box.height + LINE_HEIGHT / 2 * max(len(lines), 1)
        return f'<g class="flow-data">{_rect(box, 2)}</g>{_text(lines, x, y, "flow-label")}'


def _longest(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """The longest straight piece of a way; not the first, which branches often share."""
    pieces = list(pairwise(points))
    return max(pieces[1:] or pieces, key=lambda piece: dist(*piece))


OTHERS = ("textAnnotation", "group", "dataObjectReference", "dataStoreReference", "messageFlow")


def _others(definition: Definition) -> dict[str, str]:
    """What else a drawing shows: element and text by id."""
    found = {}
    for one in parse_xml(definition.source).iter("*"):
        local = name_of(one)[1]
        if local in OTHERS:
            text = text_of(child(one, "text")) or attribute(one, "name")
            found[attribute(one, "id")] = f"{local} {text}".strip() if text else local
    return found


def _lanes(lanes: tuple[Lane, ...]) -> Iterator[Lane]:
    for lane in lanes:
        yield lane
        yield from _lanes(lane.lanes)


def _rect(box: Box, corner: float = 0) -> str:
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="{corner:.0f}"/>'
    )


def _badge(mark: str, box: Box) -> str:
    """The sign of a mark, in a disc at the upper right corner."""
    if mark not in BADGES:
        return ""
    x, y = box.x + box.width - 2, box.y + 2
    disc = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9"/>'
    drawn = f'<path transform="translate({x:.1f} {y:.1f})" d="{BADGES[mark]}"/>'
    return f'<g class="flow-badge badge-{mark}">{disc}{drawn}</g>'


def _sign(
    path: str, x: float, y: float, scale: float, *, filled: bool = False, bold: bool = False
) -> str:
    kind = "flow-sign" + " flow-filled" * filled + " flow-bold" * bold
    placed = f"translate({x:.1f} {y:.1f}) scale({scale:.2f})"
    return f'<path class="{kind}" transform="{placed}" d="{path}"/>'


def _text(
    lines: list[str], x: float, y: float, kind: str = "flow-text", anchor: str = "middle"
) -> str:
    if not lines:
        return ""
    top = y - (len(lines) - 1) * LINE_HEIGHT / 2
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{top + i * LINE_HEIGHT:.1f}">{escape(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    return f'<text class="{kind}" text-anchor="{anchor}" dominant-baseline="central">{spans}</text>'
