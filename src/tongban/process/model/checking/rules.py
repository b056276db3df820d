"""What can be seen in a graph without running it: reach, defaults, roles, limits, basis. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tongban.process.model.checking.findings import Finding, FindingKind
from tongban.process.model.graph import NONE, Graph, Node
from tongban.process.model.kinds import (
    SPECIAL_NAMES,
    LimitUnit,
    NodeKind,
    TimerKind,
)
from tongban.process.model.problems import Severity, Term
from tongban.process.model.times import Period

WORKDAY_HOURS = 8
IN_WORKDAYS = {
    LimitUnit.WORKDAY: 1.0,
    LimitUnit.DAY: 1.0,
    LimitUnit.HOUR: 1 / WORKDAY_HOURS,
    LimitUnit.MINUTE: 1 / WORKDAY_HOURS / 60,
}


def called(node: Node) -> str:
    """Return what a node is called in a sentence: its name, or else its id."""
    return node.name or node.id


def following(graph: Graph, node: Node) -> Iterator[int]:
    """Return the nodes that come after one, by flow, boundary event or link."""
    yield from (graph.flows[f].target for f in node.outgoing)
    yield from node.boundary
    if node.link != NONE:
        yield node.link


def reached(graph: Graph, scope: int) -> frozenset[int]:
    """Return the nodes of a scope that something leads to."""
    here = graph.scopes[scope]
    pending = [*here.starts, *here.triggers, *here.event_subs]
    seen = set(pending)
    while pending:
        for number in following(graph, graph.nodes[pending.pop()]):
            if number not in seen:
                seen.add(number)
                pending.append(number)
    return frozenset(seen)


def unreachable(graph: Graph) -> Iterator[Finding]:
    """Nodes that no way leads to."""
    for scope in graph.scopes:
        found = reached(graph, scope.number)
        for number in scope.nodes:
            node = graph.nodes[number]
            if number not in found and not (
                node.kind is NodeKind.BOUNDARY and node.attached not in found
            ):
                yield Finding(
                    FindingKind.UNREACHABLE,
                    Severity.ERROR,
                    (node.id,),
                    "“{name}”走不到：没有任何一条路通向它",
                    {"name": called(node)},
                )


def missing_defaults(graph: Graph) -> Iterator[Finding]:
    """Choices at which no branch may hold."""
    for node in graph.nodes:
        if node.kind not in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE) or node.default != NONE:
            continue
        flows = [graph.flows[f] for f in node.outgoing]
        if len(flows) > 1 and all(flow.condition is not None for flow in flows):
            yield Finding(
                FindingKind.NO_DEFAULT,
                Severity.WARNING,
                (node.id,),
                "“{name}”没有默认分支：各条件都不成立时，办件会停在这里",
                {"name": called(node)},
            )


def roles(graph: Graph, known: Collection[str] | None) -> Iterator[Finding]:
    """Tasks of people that nobody can do. ``known`` are the roles somebody has; None: not asked."""
    for node in graph.nodes:
        if node.kind not in (NodeKind.USER, NodeKind.MANUAL):
            continue
        role = node.attributes.role
        if role and known is not None and role not in known:
            yield Finding(
                FindingKind.ROLE,
                Severity.ERROR,
                (node.id,),
                "“{name}”要由岗位“{role}”办理，但没有人在这个岗位上",
                {"name": called(node), "role": role},
            )
        elif not role and node.department is None and node.assignee is None:
            yield Finding(
                FindingKind.ROLE,
                Severity.WARNING,
                (node.id,),
                "“{name}”没有写明由哪个岗位或单位办理",
                {"name": called(node)},
            )


def specials(graph: Graph) -> Iterator[Finding]:
    """Special procedures, whose time is not counted, without a basis in law."""
    for node in graph.nodes:
        special = node.attributes.special
        if special is not None and not special.basis:
            yield Finding(
                FindingKind.SPECIAL,
                Severity.ERROR,
                (node.id,),
                "“{name}”是特别程序（{kind}），不计入办理时限，但没有写明法律依据",
                {"name": called(node), "kind": Term(SPECIAL_NAMES[special.kind])},
            )


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest way through a scope: working days, and the nodes that take them."""

    days: float = 0.0
    nodes: tuple[int, ...] = ()


def own_days(node: Node, inner: Mapping[int, Longest]) -> float:
    """Return how many working days of the promise a node may take."""
    limit = node.attributes.limit
    if limit is not None:
        return limit.amount * IN_WORKDAYS[limit.unit] if limit.promised else 0.0
    timer = node.event.timer
    if node.kind is NodeKind.CATCH and timer is not None and not node.attributes.special:
        if timer.kind is TimerKind.WORKDAYS and isinstance(timer.fixed, int):
            return float(timer.fixed)
        if isinstance(timer.fixed, Period):
            return timer.fixed.months * 22 + timer.fixed.rest.total_seconds() / 86400
    return inner[node.inner].days if node.inner in inner else 0.0


def longest(graph: Graph, scope: int) -> Longest:
    """Return the longest way through a scope; loops are gone through once.

    Parallel branches count by the longest of them; what boundary events lead to counts too.
    """
    inner = {
        graph.nodes[number].inner: longest(graph, graph.nodes[number].inner)
        for number in graph.scopes[scope].nodes
        if graph.nodes[number].inner != NONE
    }
    here = graph.scopes[scope]
    best: dict[int, Longest] = {}
    for number in _postorder(graph, (*here.starts, *here.triggers)):
        node = graph.nodes[number]
        after = max(
            (best[one] for one in following(graph, node) if one in best),
            key=lambda way: way.days,
            default=Longest(),
        )
        days = own_days(node, inner)
        mine = (number,) if days else ()
        best[number] = Longest(days + after.days, (*mine, *after.nodes))
    starts = (best[one] for one in (*here.starts, *here.triggers) if one in best)
    return max(starts, key=lambda way: way.days, default=Longest())


def _postorder(graph: Graph, starts: tuple[int, ...]) -> Iterator[int]:
    """Each node after what follows it, as far as loops allow."""
    seen: set[int] = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, following(graph, graph.nodes[start]))]
        while stack:
            number, ways = stack[-1]
            for one in ways:
                if one not in seen:
                    seen.add(one)
                    stack.append((one, following(graph, graph.nodes[one])))
                    break
            else:
                stack.pop()
                yield number


def limits(graph: Graph, promised: int) -> Iterator[Finding]:
    """Step limits that add up to more than the promise (working days; 0: none was made)."""
    promised = promised or graph.promised
    way = longest(graph, 0)
    if promised and way.days > promised:
        nodes = [graph.nodes[number] for number in way.nodes]
        yield Finding(
            FindingKind.LIMIT,
            Severity.ERROR,
            tuple(node.id for node in nodes),
            "各环节的时限加起来最长 {days} 个工作日，超过承诺的 {promised} 个：{way}",
            {
                "days": f"{way.days:g}" if way.days == int(way.days) else f"{way.days:.1f}",
                "promised": promised,
                "way": " → ".join(called(node) for node in nodes),
            },
        )
