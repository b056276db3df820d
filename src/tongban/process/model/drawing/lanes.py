"""Lanes: who does what, as horizontal bands of a drawing and as names for the text. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tongban.process.model.definition import Content, Lane
from tongban.process.model.drawing.diagram import Box, Shape
from tongban.process.model.drawing.text import width_of

# As wide as the modelling tools draw the strip with the name of a lane.
STRIP = 30.0
PADDING = 16.0
LEAST, MOST = 60.0, 200.0
NAME_SIZE = 13.0
BETWEEN = " · "
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bands:
    """The innermost lanes of a scope from above to below, and in which of them each node stands.

    ``lane`` is the id of the lane of each band, "" for what stands in no lane.
    """

    lanes: tuple[Lane, ...]
    lane: tuple[str, ...]
    of: Mapping[str, int]
    least: tuple[float, ...]

    def shapes(self, spans: Sequence[Span], inside: Box) -> Iterator[Shape]:
        """Return the lanes as boxes around what is drawn, outer ones first."""
        depth = max((_depth(one) for one in self.lanes), default=0)
        right = inside.x + inside.width + PADDING
        left = inside.x - PADDING - depth * STRIP
        first, last = spans[0], spans[-1]
        grown = [*spans]
        grown[0] = (min(first[0], inside.y - PADDING / 2), first[1])
        bottom = max(last[1], inside.y + inside.height + PADDING / 2)
        grown[-1] = (grown[-1][0], bottom)
        own = dict(zip(self.lane, grown, strict=True))
        for lane in self.lanes:
            yield from _boxes(lane, own, left, right)


def bands(content: Content) -> Bands | None:
    """Return the bands of a scope; None where it has no lanes.

    A boundary event stands with its activity, whichever lane the file names for it.
    """
    if not content.lanes:
        return None
    known = {node.id for node in content.nodes if not node.attached}
    lane: list[str] = []
    least: list[float] = []
    of: dict[str, int] = {}
    for number, one in enumerate(_innermost(content.lanes)):
        lane.append(one.id)
        wanted = width_of(one.name, NAME_SIZE) + 2 * PADDING
        least.append(min(max(wanted, LEAST), MOST))
        of |= {node: number for node in one.nodes if node in known and node not in of}
    if known - of.keys():
        of |= dict.fromkeys(known - of.keys(), len(lane))
        lane.append("")
        least.append(0.0)
    return Bands(content.lanes, tuple(lane), of, tuple(least))


def lane_names(content: Content) -> dict[str, str]:
    """Return the name of the lane of each node, that of an outer lane first.

    What stands in a sub-process without lanes is done by those who do the sub-process.
    """
    found = dict(_named(content.lanes, ""))
    for node in content.nodes:
        if node.attached:
            found[node.id] = found.get(node.attached, "")
        if node.inner is not None:
            names = lane_names(node.inner)
            outer = found.get(node.id, "")
            found |= {one.id: names.get(one.id) or outer for one in node.inner.all_nodes()}
    return {node: name for node, name in found.items() if name}


def outermost(name: str) -> str:
    """Return the name of the outermost lane of a name as ``lane_names`` has it.

    >>> outermost("建设部门 · 承办人")
    '建设部门'
    """
    return name.split(BETWEEN)[0]


def _named(lanes: Iterable[Lane], outer: str) -> Iterator[tuple[str, str]]:
    for lane in lanes:
        name = BETWEEN.join(filter(None, (outer, lane.name)))
        yield from ((node, name) for node in lane.nodes)
        yield from _named(lane.lanes, name)


def _innermost(lanes: Iterable[Lane]) -> Iterator[Lane]:
    """Lanes without lanes in them; an outer lane also, for nodes that only it names."""
    for lane in lanes:
        inner = list(_innermost(lane.lanes))
        yield from inner
        named = {node for one in inner for node in one.nodes}
        own = tuple(node for node in lane.nodes if node not in named)
        if own or not inner:
            yield replace(lane, nodes=own)


def _depth(lane: Lane) -> int:
    return 1 + max((_depth(one) for one in lane.lanes), default=0)


def _boxes(lane: Lane, spans: Mapping[str, Span], left: float, right: float) -> Iterator[Shape]:
    inner = [shape for one in lane.lanes for shape in _boxes(one, spans, left + STRIP, right)]
    ends = [(one.box.y, one.box.y + one.box.height) for one in inner]
    ends += [spans[lane.id]] if lane.id in spans else []
    top, bottom = min(one[0] for one in ends), max(one[1] for one in ends)
    yield Shape(lane.id, Box(left, top, right - left, bottom - top))
    yield from inner
