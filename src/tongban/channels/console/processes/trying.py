"""The form of a simulation: what it supposes, read from fields and shown again."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from tongban import identity, process
from tongban.channels.shell.forms import text, whole
from tongban.foundation.errors import Problem

CASES_MAX = 20_000
PEOPLE = (process.NodeKind.USER, process.NodeKind.MANUAL)
ROLES = {role.value: name for role, name in identity.ROLE_NAMES.items()}
NO_PAST = process.Experience(0, 20, {}, {}, {})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can be supposed: its field, its label, its value."""

    field: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says, ready to be shown again, and to run where nothing is wrong with it."""

    assumptions: process.Assumptions
    promised: int
    cases: str
    arrivals: str
    seed: str
    promise: str
    officers: tuple[Line, ...]
    minutes: tuple[Line, ...]
    shares: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()


class _Numbers:
    """Whole numbers of the form, each with what is usual and how much it may be."""

    def __init__(self, request: Request, *, anew: bool) -> None:
        """``anew``: what the fields say is left aside for what is usual."""
        self.request, self.problems, self.anew = request, list[Problem](), anew
        self.said = dict[str, str]()

    def read(self, field: str, usual: int, most: int, least: int = 0) -> int:
        """The number of a field; one that is left empty is the usual one."""
        said = "" if self.anew else text(self.request, field)
        found = whole(said) if said else usual
        self.said[field] = said or str(usual)
        if found is None or not 0 <= found <= most:
            self.problems.append(Problem(field, "请填写 0 到 {most} 的整数", {"most": most}))
            return usual
        chosen = max(found, least)
        self.said[field] = str(chosen)
        return chosen


def asked(request: Request, graph: process.Graph, past: process.Experience | None = None) -> Asked:
    """Return what the form supposes.

    What it does not say is what the past tells, if asked for, or else taken from the definition.
    """
    form = _Numbers(request, anew=past is not None)
    people = [node for node in graph.nodes if node.kind in PEOPLE]
    roles = dict.fromkeys(node.attributes.role or "—" for node in people)
    told = past or NO_PAST
    officers = {
        role: form.read(f"officers.{role}", told.officers.get(role, 2), 10_000, 1) for role in roles
    }
    minutes = {
        node.id: form.read(f"minutes.{node.id}", round(told.minutes.get(node.id, 30)), 100_000)
        for node in people
    }
    branches = _branches(graph)
    shares = {
        flow.id: form.read(
            f"share.{flow.id}",
            round(100 * told.shares.get(flow.id, 1 / len(node.outgoing))),
            100,
        )
        for flow, node in branches
    }
    supposed = process.Assumptions(
        cases=form.read("cases", 2_000, CASES_MAX, 1),
        arrivals_per_day=float(form.read("arrivals", round(told.arrivals_per_day), 100_000, 1)),
        seed=form.read("seed", 1, 999_999),
        officers=officers,
        durations={one: process.Duration(float(length)) for one, length in minutes.items()},
        shares={one: share / 100 for one, share in shares.items()},
    )
    promised = form.read("promised", graph.promised, 9_999)
    names = {node.id: node.name or node.id for node in graph.nodes}
    return Asked(
        supposed,
        promised,
        form.said["cases"],
        form.said["arrivals"],
        form.said["seed"],
        form.said["promised"],
        _lines(form, "officers", {role: ROLES.get(role, role) for role in officers}),
        _lines(form, "minutes", {one: names[one] for one in minutes}),
        _lines(form, "share", {flow.id: _branch(graph, flow, node) for flow, node in branches}),
        tuple(form.problems),
    )


def _lines(form: _Numbers, group: str, labels: Mapping[str, str]) -> tuple[Line, ...]:
    """The fields of a group with what was said in each, by what stands after the dot."""
    return tuple(
        Line(f"{group}.{key}", label, form.said[f"{group}.{key}"]) for key, label in labels.items()
    )


def _branches(graph: process.Graph) -> list[tuple[process.Flow, process.Node]]:
    """The flows out of every choice, each with its gateway."""
    return [
        (graph.flows[flow], node)
        for node in graph.nodes
        if node.kind is process.NodeKind.EXCLUSIVE and len(node.outgoing) > 1
        for flow in node.outgoing
    ]


def _branch(graph: process.Graph, flow: process.Flow, node: process.Node) -> str:
    target = graph.nodes[flow.target]
    return f"{node.name or node.id} → {flow.name or target.name or target.id}"
