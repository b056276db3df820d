"""From a definition to a graph: numbering, expressions parsed, and the rules of structure. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from tongban.process.model import definition as d
from tongban.process.model import graph as g
from tongban.process.model.attributes import Formula
from tongban.process.model.encoding import encoded
from tongban.process.model.expressions import parse, shown
from tongban.process.model.kinds import SUB_PROCESSES, EventKind, NodeKind, TimerKind
from tongban.process.model.problems import Faulty, Problem, Severity
from tongban.process.model.structure import structure_problems
from tongban.process.model.times import parse_cycle, parse_moment, parse_period
from tongban.rules import Expression

LIKE_ISO_8601 = re.compile(r"[-+]?P(?=.*\d)[\dT][\dTYMWDHS.,:-]*|R\d*/.*|\d{4}-?\d\d-?\d\d(T.*)?")
MAX_NODES = 5_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Compilation:
    """A graph with what is wrong with it. With an error among the problems it must not run."""

    graph: g.Graph
    problems: tuple[Problem, ...]

    @property
    def runs(self) -> bool:
        """Whether it may be executed."""
        return all(problem.severity < Severity.ERROR for problem in self.problems)


def compiled(definition: d.Definition, *, process: str = "") -> g.Graph:
    """Return the graph of a process of a definition, ready to be executed.

    ``process`` is its id; "" where the file has but one that can run. Faulty with everything that
    stands against it.
    """
    chosen = the_process(definition, process)
    found = examine(chosen)
    against = [
        problem
        for problem in (*definition.problems, *found.problems)
        if problem.severity is Severity.ERROR
    ]
    if against:
        raise Faulty(against)
    return found.graph


def the_process(definition: d.Definition, process: str = "") -> d.Process:
    """Return a process by its id, or the only one that can run. Faulty if that is not clear."""
    if process:
        for one in definition.processes:
            if one.id == process:
                return one
        raise Faulty([Problem(process, "文件中没有编号为“{id}”的流程", {"id": process})])
    filled = [one for one in definition.processes if one.content.nodes]
    chosen = [one for one in filled if one.executable] or filled or list(definition.processes)
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        against = [one for one in definition.problems if one.severity is Severity.ERROR]
        raise Faulty([*against, Problem("", "文件中没有流程（process）")])
    names = "、".join(one.id for one in chosen)
    raise Faulty([Problem("", "文件中有几个流程（{names}），请指明用哪一个", {"names": names})])


def examine(process: d.Process) -> Compilation:
    """Return the graph of a process as far as it can be made, with everything that is wrong."""
    compiler = _Compiler(process)
    compiler.number(process.content, g.NONE, g.NONE, 0)
    graph = compiler.finished()
    problems = [*compiler.problems, *structure_problems(process)]
    problems.sort(key=lambda problem: problem.line)
    return Compilation(graph, tuple(problems))


@dataclass(slots=True)
class _Place:
    """A node of the definition with where it lies."""

    node: d.Node
    scope: int


@dataclass(slots=True)
class _Compiler:
    process: d.Process
    places: list[_Place] = field(default_factory=list)
    flows: list[tuple[d.Flow, int, int]] = field(default_factory=list)
    scopes: list[tuple[int, int, list[int]]] = field(default_factory=list)
    by_id: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    names: tuple[str, ...] = ()
    inner: dict[int, int] = field(default_factory=dict)

    def number(self, content: d.Content, owner: int, parent: int, depth: int) -> int:
        """Give numbers to what stands in a scope and below it; return the number of the scope."""
        if depth == 0:
            self.names = tuple(dict.fromkeys(_names(content)))
        scope = len(self.scopes)
        mine: list[int] = []
        self.scopes.append((owner, parent, mine))
        if depth > MAX_DEPTH:
            self._say("", "子流程嵌套超过 {limit} 层", {"limit": MAX_DEPTH})
            return scope
        below: list[tuple[d.Content, int]] = []
        for node in content.nodes:
            if len(self.places) >= MAX_NODES:
                self._say(node.id, "流程的节点超过 {limit} 个", {"limit": MAX_NODES}, node.line)
                break
            number = len(self.places)
            self.places.append(_Place(node, scope))
            mine.append(number)
            if node.id in self.by_id:
                self._say(node.id, "编号“{id}”用了不止一次", {"id": node.id}, node.line)
            self.by_id.setdefault(node.id, number)
            if node.inner is not None:
                below.append((node.inner, number))
        here = {self.places[number].node.id: number for number in mine}
        for flow in content.flows:
            if flow.source in here and flow.target in here:
                self.flows.append((flow, here[flow.source], here[flow.target]))
        for inner, number in below:
            self.inner[number] = self.number(inner, number, scope, depth + 1)
        return scope

    def finished(self) -> g.Graph:
        """Return the graph of everything numbered."""
        incoming: list[list[int]] = [[] for _ in self.places]
        outgoing: list[list[int]] = [[] for _ in self.places]
        flows = []
        for number, (flow, source, target) in enumerate(self.flows):
            outgoing[source].append(number)
            incoming[target].append(number)
            condition = self._expression(flow.id, flow.condition)
            flows.append(g.Flow(number, flow.id, flow.name, source, target, condition))
        roles = dict(_lane_roles(self.process.content))
        nodes = [
            self._node(number, place, (tuple(incoming[number]), tuple(outgoing[number])), roles)
            for number, place in enumerate(self.places)
        ]
        nodes = _with_upstream(nodes, flows)
        digest = sha256(encoded(self.process)).digest()
        return g.Graph(
            self.process.id,
            self.process.name,
            tuple(nodes),
            tuple(flows),
            tuple(self._scope(number, nodes) for number in range(len(self.scopes))),
            self.by_id,
            self.process.promised,
            digest,
        )

    def _node(
        self,
        number: int,
        place: _Place,
        ends: tuple[tuple[int, ...], tuple[int, ...]],
        roles: Mapping[str, str],
    ) -> g.Node:
        node = place.node
        attributes = node.attributes
        if not attributes.role and node.id in roles:
            attributes = replace(attributes, role=roles[node.id])
        default = [n for n in ends[1] if self.flows[n][0].id == node.default]
        return g.Node(
            number,
            node.id,
            node.name,
            node.kind,
            place.scope,
            incoming=ends[0],
            outgoing=ends[1],
            default=default[0] if default else g.NONE,
            inner=self.inner.get(number, g.NONE),
            event=self._event(node.id, node.event),
            boundary=self._boundary(place),
            attached=self.by_id.get(node.attached, g.NONE),
            interrupting=node.cancels,
            link=self._link(place),
            loop=self._loop(node),
            called=node.called,
            called_start=node.called_start,
            instantiate=node.instantiate,
            script=self._expression(node.id, node.script),
            inputs=self._assignments(node.id, node.inputs),
            outputs=self._assignments(node.id, node.outputs),
            department=self._expression(node.id, attributes.department),
            assignee=self._expression(node.id, attributes.assignee),
            attributes=attributes,
        )

    def _boundary(self, place: _Place) -> tuple[int, ...]:
        mine = self.scopes[place.scope][2]
        return tuple(n for n in mine if self.places[n].node.attached == place.node.id)

    def _link(self, place: _Place) -> int:
        """The catching half of a throwing link."""
        event = place.node.event
        if place.node.kind is not NodeKind.THROW or event.kind is not EventKind.LINK:
            return g.NONE
        for number in self.scopes[place.scope][2]:
            other = self.places[number].node
            if other.kind is NodeKind.CATCH and other.event == event:
                return number
        return g.NONE

    def _event(self, node: str, event: d.Event) -> g.Event:
        timer = self._timer(node, event.timer) if event.timer else None
        correlation = self._expression(node, event.correlation)
        return g.Event(event.kind, event.name, event.code, timer, correlation)

    def _timer(self, node: str, timer: d.Timer) -> g.Timer:
        text = timer.when.text.strip()
        readers = {
            TimerKind.DATE: parse_moment,
            TimerKind.DURATION: parse_period,
            TimerKind.CYCLE: parse_cycle,
            TimerKind.WORKDAYS: _workdays,
        }
        fixed = readers[timer.kind](text)
        if fixed is None and timer.kind is TimerKind.CYCLE:
            # A cycle may be given by an expression, but a mere duration is a frequent slip.
            fixed = None if parse_period(text) is None else parse_cycle(f"R/{text}")
        if fixed is not None:
            return g.Timer(timer.kind, fixed)
        if LIKE_ISO_8601.fullmatch(text):
            # It would pass for arithmetic or for a name of FEEL and fail only when it is due.
            message = "定时“{text}”不是可用的 ISO 8601 写法"
            self._say(node, message, {"text": shown(text)}, timer.when.line)
            return g.Timer(timer.kind, None)
        return g.Timer(timer.kind, None, self._expression(node, timer.when))

    def _loop(self, node: d.Node) -> g.Loop | g.Multi | None:
        loop = node.loop
        if isinstance(loop, d.StandardLoop):
            return g.Loop(self._expression(node.id, loop.condition), loop.test_before, loop.maximum)
        if loop is None:
            return None
        return g.Multi(
            loop.sequential,
            self._expression(node.id, loop.cardinality),
            self._expression(node.id, loop.collection),
            loop.item,
            loop.results,
            self._expression(node.id, loop.result),
            self._expression(node.id, loop.completion),
        )

    def _assignments(self, node: str, mappings: Sequence[d.Mapping]) -> tuple[g.Assignment, ...]:
        found = ((one.target, self._expression(node, one.source)) for one in mappings)
        return tuple(g.Assignment(target, source) for target, source in found if source)

    def _expression(self, node: str, formula: Formula) -> Expression | None:
        expression, problem = parse(formula, node=node, names=self.names)
        if problem is not None:
            self.problems.append(problem)
        return expression

    def _scope(self, number: int, nodes: Sequence[g.Node]) -> g.Scope:
        owner, parent, mine = self.scopes[number]
        by_event = owner != g.NONE and self.places[owner].node.by_event
        starts = [n for n in mine if nodes[n].kind is NodeKind.START]
        begins = [n for n in mine if nodes[n].instantiate and not nodes[n].incoming]
        plain = [n for n in starts if nodes[n].event.kind is EventKind.NONE and not by_event]
        triggers = [*(n for n in starts if n not in plain), *begins]
        if not starts and not begins:
            plain = [n for n in mine if self._begins_alone(nodes[n])]
        subs = tuple(n for n in mine if self.places[n].node.by_event)
        return g.Scope(number, owner, parent, tuple(mine), tuple(plain), tuple(triggers), subs)

    def _begins_alone(self, node: g.Node) -> bool:
        linked = node.kind is NodeKind.CATCH and node.event.kind is EventKind.LINK
        attached = node.kind is NodeKind.BOUNDARY
        source = self.places[node.number].node
        return not (node.incoming or linked or attached or source.by_event or source.compensates)

    def _say(self, node: str, message: str, details: Mapping[str, object], line: int = 0) -> None:
        self.problems.append(Problem(node, message, details, line))


def _workdays(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _names(content: d.Content) -> Iterator[str]:
    """Every name that a variable of the process has, for the parser of FEEL."""
    yield from content.data
    for node in content.nodes:
        yield from (mapping.target for mapping in (*node.inputs, *node.outputs))
        yield node.attributes.result
        if isinstance(node.loop, d.MultiInstance):
            yield from (node.loop.item, node.loop.results)
        if node.inner is not None:
            yield from _names(node.inner)


def _lane_roles(content: d.Content) -> Iterator[tuple[str, str]]:
    """Nodes with the role of the innermost lane that has one, sub-processes included."""

    def of(lanes: Iterable[d.Lane], role: str) -> Iterator[tuple[str, str]]:
        for lane in lanes:
            mine = lane.role or role
            yield from ((node, mine) for node in lane.nodes if mine)
            yield from of(lane.lanes, mine)

    roles = dict(of(content.lanes, ""))
    yield from roles.items()
    for node in content.nodes:
        if node.kind in SUB_PROCESSES and node.inner is not None:
            if node.id in roles:
                yield from ((below.id, roles[node.id]) for below in node.inner.all_nodes())
            yield from _lane_roles(node.inner)


def _with_upstream(nodes: Sequence[g.Node], flows: Sequence[g.Flow]) -> list[g.Node]:
    before: list[list[int]] = [[flows[f].source for f in node.incoming] for node in nodes]
    for node in nodes:
        if node.attached != g.NONE:
            before[node.number].append(node.attached)
        if node.link != g.NONE:
            before[node.link].append(node.number)

    def reaching(start: int, join: int) -> frozenset[int]:
        seen, pending = set[int](), [start]
        while pending:
            number = pending.pop()
            if number != join and number not in seen:
                seen.add(number)
                pending.extend(before[number])
        return frozenset(seen)

    return [
        replace(node, upstream=tuple(reaching(flows[f].source, node.number) for f in node.incoming))
        if node.kind is NodeKind.INCLUSIVE and len(node.incoming) > 1
        else node
        for node in nodes
    ]
