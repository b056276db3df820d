"""A process in words, as an ordered list for screen readers and phones. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tongban.foundation.messages import SOURCE, translate
from tongban.process.model.checking.rules import following, reached
from tongban.process.model.drawing.layers import Layers
from tongban.process.model.graph import NONE, Graph, Node
from tongban.process.model.kinds import (
    EVENTS,
    GATEWAYS,
    SPECIAL_NAMES,
    UNIT_NAMES,
    EventKind,
    NodeKind,
)
from tongban.process.model.structure import EVENT_NAMES


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its number in the list, its name, and sentences about it.

    ``mark`` is as in the chart; ``steps`` are those of a sub-process; ``who`` is its lane.
    """

    number: int
    node: str
    name: str
    notes: tuple[str, ...] = ()
    mark: str = ""
    steps: tuple["Step", ...] = ()
    who: str = ""


def outline(
    graph: Graph,
    *,
    marks: Mapping[str, str] | None = None,
    lanes: Mapping[str, str] | None = None,
    language: str = SOURCE,
) -> tuple[Step, ...]:
    """Return the steps of a process in the order in which they are reached.

    ``lanes`` names who does each node, as ``lane_names`` has it. Gateways are no steps: what they
    decide is told of the step before, with the numbers of the steps that may follow.
    """
    return _Outline(graph, marks or {}, lanes or {}, language).scope(0)


class _Outline:
    def __init__(
        self, graph: Graph, marks: Mapping[str, str], lanes: Mapping[str, str], language: str
    ) -> None:
        self.graph, self.marks, self.lanes, self.language = graph, marks, lanes, language

    def say(self, message: str, /, **details: object) -> str:
        return translate(message, self.language, **details)

    def scope(self, scope: int) -> tuple[Step, ...]:
        """The steps of a scope."""
        here = self.graph.scopes[scope]
        known = reached(self.graph, scope)
        order = [n for n in self._order(scope) if n in known or n in here.event_subs]
        told = [self.graph.nodes[n] for n in order if self._is_step(self.graph.nodes[n])]
        numbers = {node.number: i for i, node in enumerate(told, 1)}
        return tuple(
            Step(
                numbers[node.number],
                node.id,
                self._name(node),
                tuple(self._notes(node, numbers)),
                self.marks.get(node.id, ""),
                self.scope(node.inner) if node.inner != NONE else (),
                self.lanes.get(node.id, ""),
            )
            for node in told
        )

    def _is_step(self, node: Node) -> bool:
        """Whether there is something to tell: not of gateways, nor of plain throwing events."""
        silent = node.kind in GATEWAYS or (
            node.kind is NodeKind.THROW and node.event.kind in (EventKind.NONE, EventKind.LINK)
        )
        plain = node.event.kind is EventKind.NONE and not node.name
        if plain and (node.kind is NodeKind.START or (node.kind is NodeKind.END and node.scope)):
            return False
        return not silent and not (
            node.kind is NodeKind.CATCH and node.event.kind is EventKind.LINK
        )

    def _order(self, scope: int) -> list[int]:
        """By rank, so that what is done at the same time stands together."""
        nodes = self.graph.scopes[scope].nodes
        place = {number: i for i, number in enumerate(nodes)}
        edges = [
            (place[number], place[one])
            for number in nodes
            for one in following(self.graph, self.graph.nodes[number])
            if one in place
        ]
        here = self.graph.scopes[scope]
        layers = Layers([1.0] * len(nodes), edges)
        layers.arrange([place[n] for n in (*here.starts, *here.triggers)])
        subs = set(here.event_subs)
        return sorted(nodes, key=lambda n: (n in subs, layers.rank[place[n]], place[n]))

    def _name(self, node: Node) -> str:
        if node.name:
            return node.name
        if node.kind is NodeKind.START:
            return self.say("开始")
        if node.kind is NodeKind.END:
            return self.say("结束")
        return self.say(EVENT_NAMES[node.event.kind]) if node.kind in EVENTS else node.id

    def _notes(self, node: Node, numbers: Mapping[int, int]) -> Iterator[str]:
        limit, special = node.attributes.limit, node.attributes.special
        if node.kind is NodeKind.BOUNDARY:
            host = self._name(self.graph.nodes[node.attached])
            message = (
                "“{host}”办理期间可能发生，发生后中止"
                if node.interrupting
                else ("“{host}”办理期间可能发生，发生后仍继续")
            )
            yield self.say(message, host=host)
        if limit is not None:
            unit = self.say(UNIT_NAMES[limit.unit])
            yield self.say("时限 {amount} {unit}", amount=limit.amount, unit=unit)
        if special is not None:
            yield self.say(
                "特别程序：{kind}，所需时间不计入办理时限",
                kind=self.say(SPECIAL_NAMES[special.kind]),
            )
        if node.attributes.risk_point:
            yield self.say("廉政风险点：{point}", point=node.attributes.risk_point)
        yield from self._after(node, numbers)

    def _after(self, node: Node, numbers: Mapping[int, int]) -> Iterator[str]:
        ways = list(self._ways(node, numbers))
        if not ways:
            return
        together = all(not condition for condition, _ in ways)
        targets = list(dict.fromkeys(target for _, target in ways))
        steps = "、".join(str(numbers[target]) for target in targets)
        if together:
            parallel = len(targets) > 1
            message = "之后同时进行第 {steps} 步" if parallel else "之后到第 {steps} 步"
            if [numbers[node.number] + 1] != [numbers[target] for target in targets]:
                yield self.say(message, steps=steps)
            return
        for condition in dict.fromkeys(condition for condition, _ in ways):
            mine = [target for told, target in ways if told == condition]
            yield self.say(
                "{condition}：到第 {step} 步（{name}）",
                condition=condition or self.say("其他情况"),
                step="、".join(str(numbers[target]) for target in mine),
                name="、".join(self._name(self.graph.nodes[target]) for target in mine),
            )

    def _ways(self, node: Node, numbers: Mapping[int, int]) -> Iterator[tuple[str, int]]:
        """The steps that follow, past gateways, each with what leads there ("": always)."""
        pending = [("", number) for number in self._plain(node)]
        seen: set[tuple[str, int]] = set()
        while pending:
            condition, number = pending.pop(0)
            if (condition, number) in seen:
                continue
            seen.add((condition, number))
            if number in numbers:
                yield condition, number
                continue
            gateway = self.graph.nodes[number]
            choosing = gateway.kind is not NodeKind.PARALLEL and len(gateway.outgoing) > 1
            for flow_number in gateway.outgoing:
                flow = self.graph.flows[flow_number]
                told = flow.name if flow.name or not choosing else self.say("其他情况")
                both = "，".join(filter(None, (condition, told if choosing else "")))
                pending.append((both, flow.target))
            if gateway.link != NONE:
                pending.append((condition, gateway.link))

    def _plain(self, node: Node) -> Iterator[int]:
        yield from (self.graph.flows[flow].target for flow in node.outgoing)
        if node.link != NONE:
            yield node.link
