"""The check before publishing. Pure."""

from collections.abc import Collection, Iterator

from tongban.process.model.checking.explore import MAX_STATES, Explored, explore
from tongban.process.model.checking.findings import (
    Finding,
    FindingKind,
    Report,
    from_problem,
)
from tongban.process.model.checking.net import Net, net_of, reduce
from tongban.process.model.checking.rules import (
    called,
    limits,
    missing_defaults,
    reached,
    roles,
    specials,
    unreachable,
)
from tongban.process.model.compile import examine, the_process
from tongban.process.model.definition import Definition
from tongban.process.model.graph import NONE, Graph
from tongban.process.model.kinds import NodeKind
from tongban.process.model.problems import Severity


def check(
    definition: Definition,
    *,
    process: str = "",
    known_roles: Collection[str] | None = None,
    promised: int = 0,
    max_states: int = MAX_STATES,
) -> Report:
    """Return everything that stands against publishing a process, or is remarkable in it.

    ``known_roles`` are the codes of roles that somebody has (None: do not ask); ``promised`` the
    working days promised to the applicant (0: what the file says). Faulty if there is no such
    process. The report says "sound" only where every state within ``max_states`` was seen.
    """
    chosen = the_process(definition, process)
    compiled = examine(chosen)
    graph = compiled.graph
    findings = [from_problem(one) for one in (*definition.problems, *compiled.problems)]
    findings += unreachable(graph)
    proven = True
    for scope in graph.scopes:
        found, seen_all = _soundness(graph, scope.number, max_states)
        findings += found
        proven &= seen_all
    findings += missing_defaults(graph)
    findings += roles(graph, known_roles)
    findings += limits(graph, promised)
    findings += specials(graph)
    findings.sort(key=lambda finding: -finding.severity)
    return Report(chosen.id, chosen.name, tuple(findings), proven)


def _soundness(graph: Graph, scope: int, max_states: int) -> tuple[list[Finding], bool]:
    here = graph.scopes[scope]
    if not here.starts and not here.triggers:
        return [], True
    net = reduce(net_of(graph, scope, reached(graph, scope)))
    explored = explore(net, limit=max_states)
    findings = list(_findings(graph, net, explored))
    complex_ones = any(graph.nodes[n].kind is NodeKind.COMPLEX for n in here.nodes)
    proven = explored.complete and not complex_ones
    if not proven:
        name = called(graph.nodes[here.node]) if here.node != NONE else graph.name or graph.process
        findings.append(
            Finding(
                FindingKind.NOT_PROVEN,
                Severity.WARNING,
                (graph.nodes[here.node].id,) if here.node != NONE else (),
                "“{name}”的走法太多，看了 {states} 种状态仍未看完，未能证明健全",
                {"name": name, "states": explored.states},
            )
        )
    return findings, proven


def _findings(graph: Graph, net: Net, explored: Explored) -> Iterator[Finding]:
    for join, (held, missing, fired) in explored.stuck.items():
        node = graph.nodes[net.stands_for[join]]
        where = _names(graph, net, held, ends=True)
        lacking = _names(graph, net, missing, ends=True)
        if fired:
            kind, message = (
                FindingKind.LEFT_BEHIND,
                "“{name}”汇合之后，还有从“{held}”来的一路留在那里，办件不会结束",
            )
        else:
            kind, message = (
                FindingKind.DEADLOCK,
                "“{name}”会卡住：从“{held}”来的一路到了，从“{missing}”来的却不会到",
            )
        nodes = (node.id, *_ids(graph, net, held | missing))
        details = {"name": called(node), "held": where, "missing": lacking}
        yield Finding(kind, Severity.ERROR, nodes, message, details)
    for edge in sorted(explored.doubled):
        source = net.edges[edge].source
        node = graph.nodes[net.stands_for[source]]
        after = _names(graph, net, {edge}, ends=False)
        yield Finding(
            FindingKind.NO_SYNCHRONISATION,
            Severity.ERROR,
            (node.id, *_ids(graph, net, {edge})),
            "“{name}”没有等并行的各路汇合，其后的“{after}”会重复办理",
            {"name": called(node), "after": after},
        )
    if explored.endless:
        ids = _ids(graph, net, explored.endless)
        yield Finding(
            FindingKind.ENDLESS,
            Severity.ERROR,
            ids,
            "“{names}”之间循环往复，没有出口，办件不会结束",
            {"names": _names(graph, net, explored.endless, ends=True)},
        )


def _ids(graph: Graph, net: Net, edges: Collection[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(graph.nodes[n].id for n in _nodes(net, edges, ends=True)))


def _nodes(net: Net, edges: Collection[int], *, ends: bool) -> Iterator[int]:
    """The graph's nodes on edges of the net: those passed, else that at their beginning or end."""
    for number in sorted(edges):
        edge = net.edges[number]
        if edge.through:
            yield from edge.through
        else:
            stands = net.stands_for.get(edge.source if ends else edge.target, NONE)
            if stands != NONE:
                yield stands


def _names(graph: Graph, net: Net, edges: Collection[int], *, ends: bool) -> str:
    names = dict.fromkeys(called(graph.nodes[n]) for n in _nodes(net, edges, ends=ends))
    return "、".join(list(names)[:6])
