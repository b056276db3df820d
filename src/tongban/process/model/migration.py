"""From one version of a process to another: which node becomes which, and what stands in the way.
Pure.

A token keeps its number, its scopes and its variables; it only comes to stand at another node. So a
node must become one of the same kind, in the scope that its own scope has become.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tongban.process.model.graph import NONE, Event, Graph, Loop, Multi, Node
from tongban.process.model.kinds import NodeKind
from tongban.process.model.problems import Problem
from tongban.process.model.tokens import Alarm, Gathering, Subscription, Token

_BY_HAND = frozenset({NodeKind.USER, NodeKind.MANUAL})
_JOINS = frozenset({NodeKind.PARALLEL, NodeKind.INCLUSIVE})


class Because(StrEnum):
    """Why a node is proposed to become another."""

    SAME_ID = "same id"
    SAME_NAME = "same name"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pair:
    """A node of the old version and the one it becomes; ``to`` is empty where none was found.

    ``choices`` are the nodes of the new version, by id and name, that it may become.
    ``moved``: it lies in another sub-process now, so that no token can come with it.
    """

    node: str
    name: str
    kind: NodeKind
    to: str
    because: Because
    moved: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """All that an instance waits for."""

    tokens: tuple[Token, ...] = ()
    gatherings: tuple[Gathering, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()


@dataclass(slots=True)
class Plan:
    """Two versions by their numbers and graphs, and which node of the old becomes which of the new.

    What is worked out about the new graph is kept, because thousands of instances ask for it.
    """

    source: int
    target: int
    old: Graph
    new: Graph
    nodes: Mapping[str, str]
    reached: dict[int, frozenset[int]] = field(default_factory=dict)
    known: dict[object, tuple[Problem, ...]] = field(default_factory=dict)

    def to(self, node: str) -> Node | None:
        """Return what a node of the old version becomes."""
        number = self.new.by_id.get(self.nodes.get(node, ""), NONE)
        return None if number == NONE else self.new.nodes[number]

    def reach(self, start: int) -> frozenset[int]:
        """Return the nodes of the new version to which a token at one of them can come."""
        if start not in self.reached:
            seen, pending = {start}, [start]
            while pending:
                node = self.new.nodes[pending.pop()]
                after = [self.new.flows[flow].target for flow in node.outgoing]
                after += [*node.boundary, *([node.link] if node.link != NONE else ())]
                fresh = [number for number in after if number not in seen]
                seen.update(fresh)
                pending += fresh
            self.reached[start] = frozenset(seen)
        return self.reached[start]


def propose(old: Graph, new: Graph) -> tuple[Pair, ...]:
    """Return for each node of the old version what it most likely becomes.

    First the same id and kind; then, among what is left, a name and kind that both have but once.
    """
    same = {one.id: one.id for one in old.nodes if _becomes(one, _found(new, one.id))}
    taken = set(same.values())
    named = _once(one for one in old.nodes if one.id not in same)
    there = _once(one for one in new.nodes if one.id not in taken)
    renamed = {
        one.id: there[key].id
        for key, one in named.items()
        if key in there and _becomes(one, there[key])
    }
    mapping = same | renamed
    return tuple(
        Pair(
            one.id, one.name, one.kind, mapping.get(one.id, ""),
            Because.SAME_ID if one.id in same
            else Because.SAME_NAME if one.id in renamed
            else Because.UNKNOWN,
            moved=one.id in mapping and not _same_scope(old, new, mapping, one),
            choices=tuple((to.id, to.name or to.id) for to in new.nodes if _becomes(one, to)),
        )
        for one in old.nodes
    )  # fmt: skip


def mapping_problems(old: Graph, new: Graph, mapping: Mapping[str, str]) -> tuple[Problem, ...]:
    """Say what is wrong with a mapping by itself: nodes that are not there, kinds or acts that
    differ. The page of an act completes the step of that act, so another would never be done."""
    found = []
    for node, to in mapping.items():
        before, after = _found(old, node), _found(new, to)
        if before is None:
            found.append(Problem(node, "原版本中没有编号为“{node}”的节点", {"node": node}))
        elif to and after is None:
            found.append(Problem(node, "新版本中没有编号为“{node}”的节点", {"node": to}))
        elif to and not _alike(before, after):
            found.append(_other_kind(before, to))
        elif after is not None and not _becomes(before, after):
            found.append(_other_act(before, after))
    return tuple(found)


def obstacles(plan: Plan, standing: Standing) -> tuple[Problem, ...]:
    """Say everything that keeps an instance from being moved; nothing where it can be moved."""
    tokens = tuple(one for one in standing.tokens if one.place.definition == plan.source)
    gatherings = tuple(one for one in standing.gatherings if one.place.definition == plan.source)
    key = (
        tuple((one.node, one.place.scope, one.turn, one.helps > 0) for one in tokens),
        tuple((one.node, one.place.scope, one.arrived) for one in gatherings),
    )
    # Numbers of scopes are of one instance only; without them what was found holds for all alike.
    alone = not any(scope for _, scope, *_ in (*key[0], *key[1]))
    if alone and key in plan.known:
        return plan.known[key]
    found = [problem for one in tokens for problem in _token_problems(plan, one)]
    found += [problem for one in gatherings for problem in _gathering_problems(plan, one)]
    if not found:
        found = [*_joined(plan, tokens), *_waiting_for_ever(plan, tokens, gatherings)]
    told = tuple({(one.message, *one.details.items()): one for one in found}.values())
    if alone:
        plan.known[key] = told
    return told


def marks(plan: Plan, gathering: Gathering) -> tuple[int, ...] | None:
    """Return what has arrived at a join by the flows of the new version; None if one is gone."""
    before, after = plan.old.node(gathering.node), plan.to(gathering.node)
    if after is None:
        return None
    if before.kind not in _JOINS:
        return gathering.arrived
    by_id = {plan.new.flows[flow].id: n for n, flow in enumerate(after.incoming)}
    by_source = {
        plan.new.nodes[plan.new.flows[flow].source].id: n for n, flow in enumerate(after.incoming)
    }
    found = []
    for mark in gathering.arrived:
        flow = plan.old.flows[before.incoming[mark]]
        source = plan.nodes.get(plan.old.nodes[flow.source].id, "")
        same = by_id.get(flow.id)
        if same is not None and source:
            here = plan.new.nodes[plan.new.flows[after.incoming[same]].source].id
            same = same if here == source else None
        position = by_source.get(source) if same is None else same
        if position is None:
            return None
        found.append(position)
    return tuple(found)


def same_event(before: Event, after: Event) -> bool:
    """Return whether what waits for one event may go on waiting as the other."""
    return (before.kind, before.name) == (after.kind, after.name)


def _token_problems(plan: Plan, token: Token) -> Iterator[Problem]:
    before, after = plan.old.node(token.node), plan.to(token.node)
    shown = {"node": before.name or before.id}
    if after is None:
        yield Problem(token.node, "“{node}”正在办理，但没有对应到新版本的节点", shown)
        return
    if not _alike(before, after):
        yield _other_kind(before, after.id)
    if not _same_scope(plan.old, plan.new, plan.nodes, before):
        yield Problem(
            token.node, "“{node}”在新版本中移入或移出了子流程，正在办理的不能随之移动", shown
        )
    if not _same_loop(before.loop, after.loop):
        yield Problem(
            token.node,
            "“{node}”在新版本中改变了重复办理的方式，正在办理的不能随之移动",
            shown,
        )
    if before.kind is NodeKind.CALL and before.called != after.called:
        yield Problem(token.node, "“{node}”在新版本中调用另一个流程，正在办理的不能随之移动", shown)


def _gathering_problems(plan: Plan, gathering: Gathering) -> Iterator[Problem]:
    before, after = plan.old.node(gathering.node), plan.to(gathering.node)
    shown = {"node": before.name or before.id}
    if before.loop is not None:
        return
    if after is None:
        yield Problem(gathering.node, "“{node}”处已有到达的分支，但没有对应到新版本的节点", shown)
    elif not _alike(before, after) or len(after.incoming) < 2:
        yield Problem(gathering.node, "“{node}”处已有到达的分支，新版本在那里不再汇合", shown)
    elif not _same_scope(plan.old, plan.new, plan.nodes, before):
        yield Problem(
            gathering.node, "“{node}”在新版本中移入或移出了子流程，正在办理的不能随之移动", shown
        )
    elif marks(plan, gathering) is None:
        yield Problem(gathering.node, "已到达“{node}”的一个分支在新版本中不再通向那里", shown)


def _joined(plan: Plan, tokens: Iterable[Token]) -> Iterator[Problem]:
    """Two steps that become one would have it done twice."""
    seen: dict[tuple[int, str], str] = {}
    for one in tokens:
        after = plan.to(one.node)
        if after is None or one.turn >= 0 or one.helps > 0:
            continue
        other = seen.setdefault((one.place.scope, after.id), one.node)
        if other != one.node:
            names = {"node": _shown(plan.old, one.node), "other": _shown(plan.old, other)}
            yield Problem(one.node, "“{node}”和“{other}”都正在办理，不能对应到同一个节点", names)


def _waiting_for_ever(
    plan: Plan, tokens: Iterable[Token], gatherings: Iterable[Gathering]
) -> Iterator[Problem]:
    """A parallel join waits for every branch, also for one that nobody is on any more."""
    reached: dict[int, set[int]] = {}
    for token in tokens:
        after = plan.to(token.node)
        if after is not None and token.turn < 0:
            reached.setdefault(token.place.scope, set()).update(plan.reach(after.number))
    arrived: dict[tuple[int, str], set[int]] = {}
    for gathering in gatherings:
        join, come = plan.to(gathering.node), marks(plan, gathering)
        if join is not None and come is not None and join.kind is NodeKind.PARALLEL:
            arrived[(gathering.place.scope, join.id)] = set(come)
            reached.setdefault(gathering.place.scope, set()).add(join.number)
    for scope, numbers in reached.items():
        for number in sorted(numbers):
            join = plan.new.nodes[number]
            if join.kind is not NodeKind.PARALLEL or len(join.incoming) < 2:
                continue
            here = arrived.get((scope, join.id), set())
            for position, flow in enumerate(join.incoming):
                source = plan.new.nodes[plan.new.flows[flow].source]
                if position not in here and source.number not in numbers:
                    names = {"node": join.name or join.id, "source": source.name or source.id}
                    yield Problem(
                        join.id, "新版本的“{node}”还要等待“{source}”的分支，而那里没有正在办理的",
                        names,
                    )  # fmt: skip


def _other_kind(before: Node, to: str) -> Problem:
    shown = {"node": before.name or before.id, "to": to}
    return Problem(before.id, "“{node}”与新版本的“{to}”不是同一种节点", shown)


def _other_act(before: Node, after: Node) -> Problem:
    shown = {"node": before.name or before.id, "to": after.name or after.id}
    acts = {"act": before.attributes.act, "other": after.attributes.act}
    if not acts["other"]:
        message = "“{node}”是办件的“{act}”行为，新版本的“{to}”不是任何办件行为"
    elif not acts["act"]:
        message = "“{node}”不是办件行为，新版本的“{to}”是“{other}”行为"
    else:
        message = "“{node}”是办件的“{act}”行为，新版本的“{to}”是“{other}”行为"
    return Problem(before.id, message, shown | acts)


def _shown(graph: Graph, node: str) -> str:
    return graph.node(node).name or node


def _found(graph: Graph, node: str) -> Node | None:
    number = graph.by_id.get(node, NONE)
    return None if number == NONE else graph.nodes[number]


def _alike(before: Node, after: Node | None) -> bool:
    if after is None:
        return False
    by_hand = before.kind in _BY_HAND and after.kind in _BY_HAND
    return (by_hand or before.kind is after.kind) and before.event.kind is after.event.kind


def _becomes(before: Node, after: Node | None) -> bool:
    """Whether a node may become another: of the same kind, and done by the same act of a case."""
    return (
        after is not None
        and _alike(before, after)
        and before.attributes.act == after.attributes.act
    )


def _once(nodes: Iterable[Node]) -> dict[tuple[str, NodeKind, object], Node]:
    """Return nodes by name and kind, those that are not the only one left out."""
    found: dict[tuple[str, NodeKind, object], list[Node]] = {}
    for node in nodes:
        if node.name:
            found.setdefault((node.name, node.kind, node.event.kind), []).append(node)
    return {key: those[0] for key, those in found.items() if len(those) == 1}


def _same_scope(old: Graph, new: Graph, mapping: Mapping[str, str], node: Node) -> bool:
    owner = old.scopes[node.scope].node
    after = _found(new, mapping.get(node.id, ""))
    if after is None:
        return False
    mine = new.scopes[after.scope].node
    if owner == NONE or mine == NONE:
        return owner == mine
    return mapping.get(old.nodes[owner].id) == new.nodes[mine].id


def _same_loop(before: Loop | Multi | None, after: Loop | Multi | None) -> bool:
    if isinstance(before, Multi) and isinstance(after, Multi):
        return (before.sequential, before.results) == (after.sequential, after.results)
    return type(before) is type(after)
