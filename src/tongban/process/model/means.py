"""What a case that moves to another version needs of it, and whether that is there. Pure.

Only what the other version changes is looked at: a case that nobody could finish before does not
become worse by moving.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tongban.process.model.checking.rules import following
from tongban.process.model.graph import NONE, Graph, Node
from tongban.process.model.kinds import NodeKind
from tongban.process.model.migration import Plan, Standing
from tongban.process.model.problems import Problem, Term


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds; in every department where that is "", below a region."""

    role: str
    department: str
    region: str

    def serves(self, role: str, department: str | None, region: str) -> bool:
        """Return whether it can do a step; ``department`` None: of some department."""
        return (
            self.role == role
            and (not self.department or department in (None, self.department))
            and region.startswith(self.region.rstrip("0"))
        )


@dataclass(frozen=True, slots=True)
class Means:
    """What there is for a process to be carried through.

    ``acts`` are those by which a case gets from its beginning to its end, with their names;
    ``roles`` names the roles that exist, ``open_roles`` need nobody to hold them.
    """

    acts: Mapping[str, str]
    roles: Mapping[str, str]
    held: frozenset[Held] = frozenset()
    open_roles: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    seen: dict[object, tuple[Problem, ...]] = field(default_factory=dict)


def shortcomings(
    plan: Plan, standing: Standing, means: Means, *, department: str, region: str
) -> tuple[Problem, ...]:
    """Say what a case would need of the new version, or of the house, that is not there.

    ``department`` and ``region`` are those of the case. Every node at which it stands has been
    found in the new version.
    """
    # A join at which something has arrived may go on by itself.
    at = [(one.place, one.node) for one in standing.tokens]
    at += [(one.place, one.node) for one in standing.gatherings]
    nodes = frozenset(node for place, node in at if place.definition == plan.source)
    key = (nodes, department, region)
    if key not in means.seen:
        before = _ahead(plan.old, (plan.old.by_id[node] for node in nodes))
        after = _ahead(plan.new, (to.number for node in nodes if (to := plan.to(node))))
        found = _shortcomings(before, after, means, department, region)
        means.seen[key] = tuple({one.said(): one for one in found}.values())
    return means.seen[key]


def _shortcomings(
    before: tuple[Node, ...],
    after: tuple[Node, ...],
    means: Means,
    department: str,
    region: str,
) -> Iterator[Problem]:
    there = {node.attributes.act for node in after}
    for act in dict.fromkeys(node.attributes.act for node in before):
        if act in means.acts and act not in there:
            shown = {"act": Term(means.acts[act]), "code": act}
            yield Problem("", "办件还需要“{act}”（{code}）环节，新版本从这里往后没有", shown)
    known = {(node.attributes.role, _unit(node)) for node in before}
    for node in after:
        role = node.attributes.role
        unit = None if node.department is not None else department
        if role and (role, _unit(node)) not in known and role not in means.open_roles:
            yield from _nobody(node, means, unit, region)
    services = {node.attributes.service for node in before}
    decisions = {node.attributes.decision for node in before}
    for node in after:
        said = node.attributes
        if node.kind is NodeKind.SERVICE and said.service not in services | means.operations:
            shown = {"node": node.name or node.id, "service": said.service}
            yield Problem(
                node.id, "新版本的“{node}”要自动办理“{service}”，系统里没有这项操作", shown
            )
        if said.decision and said.decision not in decisions | means.decisions:
            shown = {"node": node.name or node.id, "decision": said.decision}
            yield Problem(
                node.id, "新版本的“{node}”按裁决规则“{decision}”决定，这套规则没有在执行", shown
            )


def _nobody(node: Node, means: Means, department: str | None, region: str) -> Iterator[Problem]:
    role = node.attributes.role
    shown = {"node": node.name or node.id, "role": Term(means.roles.get(role, role))}
    if role not in means.roles:
        yield Problem(node.id, "新版本的“{node}”由岗位“{role}”办理，没有这个岗位", shown)
    elif not any(one.serves(role, department, region) for one in means.held):
        yield Problem(node.id, "新版本的“{node}”由“{role}”办理，办理单位没有人担任这个岗位", shown)


def _unit(node: Node) -> bool:
    """Whether a step is done by the department of the case, not by one that is worked out."""
    return node.department is None


def _ahead(graph: Graph, starts: Iterable[int]) -> tuple[Node, ...]:
    """Return the nodes at which a case may still come to stand, those where it stands included."""
    pending = list(starts)
    seen = set(pending)
    while pending:
        node = graph.nodes[pending.pop()]
        after = [*following(graph, node), *graph.scopes[node.scope].event_subs]
        if node.inner != NONE:
            scope = graph.scopes[node.inner]
            after += [*scope.starts, *scope.triggers, *scope.event_subs]
        fresh = [number for number in after if number not in seen]
        seen.update(fresh)
        pending += fresh
    return tuple(graph.nodes[number] for number in sorted(seen))
