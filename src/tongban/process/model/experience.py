"""What the past of a process supposes for a simulation of it: arrivals, durations, shares. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from tongban.process.model.graph import Graph
from tongban.process.model.kinds import NodeKind

OPENS = time(9)
DAY_MINUTES = 480.0


@dataclass(frozen=True, slots=True)
class Step:
    """An act of the past. ``days`` are the working days from the day it began to the day it ended.

    ``since`` is when somebody took it up, or else when it began to wait. Both are local times.
    """

    node: str
    path: str
    actor: str
    since: datetime | None
    at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Experience:
    """Means of the past. ``minutes`` of steps, ``shares`` of flows, ``officers`` of roles."""

    cases: int
    arrivals_per_day: float
    minutes: Mapping[str, float]
    shares: Mapping[str, float]
    officers: Mapping[str, int]


def experienced(
    graph: Graph, steps: Iterable[Step], *, cases: int, working_days: int
) -> Experience:
    """Return what so many cases of so many working days tell, as they were done by one version."""
    minutes: dict[str, list[float]] = {}
    hands: dict[str, set[str]] = {}
    taken: Counter[str] = Counter()
    ways = {
        (graph.nodes[flow.source].id, graph.nodes[flow.target].id): flow.id
        for flow in graph.flows
        if graph.nodes[flow.source].kind is NodeKind.EXCLUSIVE
    }
    for step in steps:
        nodes = step.path.split()
        taken.update(ways[way] for way in pairwise(nodes) if way in ways)
        if step.node not in graph.by_id or step.since is None:
            continue
        minutes.setdefault(step.node, []).append(_working_minutes(step.since, step.at, step.days))
        role = graph.node(step.node).attributes.role or "—"
        hands.setdefault(role, set()).add(step.actor)
    return Experience(
        cases,
        cases / max(working_days, 1),
        {node: sum(found) / len(found) for node, found in minutes.items()},
        _shares(graph, taken),
        {role: len(people) for role, people in hands.items()},
    )


def _working_minutes(since: datetime, at: datetime, days: int) -> float:
    """Office hours between two moments: whole working days, and what the clock says beside."""
    begun, ended = (_into_the_day(one) for one in (since, at))
    return max(days * DAY_MINUTES + ended - begun, 0.0)


def _into_the_day(moment: datetime) -> float:
    opened = datetime.combine(moment.date(), OPENS)
    return min(max((moment - opened) / timedelta(minutes=1), 0.0), DAY_MINUTES)


def _shares(graph: Graph, taken: Counter[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for node in graph.nodes:
        flows = [graph.flows[number].id for number in node.outgoing]
        total = sum(taken[flow] for flow in flows)
        if node.kind is NodeKind.EXCLUSIVE and len(flows) > 1 and total:
            found |= {flow: taken[flow] / total for flow in flows}
    return found
