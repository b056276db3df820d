"""What is counted while a simulation runs, and what it comes to: cases that never end included."""

from collections.abc import Mapping

from tongban.process.model.graph import Graph
from tongban.process.model.kinds import NodeKind
from tongban.process.model.simulation.assumptions import Assumptions
from tongban.process.model.simulation.living import Case, Officers
from tongban.process.model.simulation.outcome import Outcome, RoleLoad, StepLoad

PEOPLE = frozenset({NodeKind.USER, NodeKind.MANUAL})
# The acts of a case between which the time of its promise runs.
ACCEPT, DECIDE = "accept", "decide"


class Tally:
    """The cases of a run with their times, and how often and how long each step was done."""

    def __init__(self, graph: Graph, given: Assumptions, promised: int) -> None:
        self.graph, self.given, self.promised = graph, given, promised
        acts = {node.attributes.act for node in graph.nodes}
        self.accepts, self.decides = ACCEPT in acts, DECIDE in acts
        self.cases: list[Case] = []
        self.times: list[float] = []
        self.kept = self.counted = 0
        self.counts = [0] * len(graph.nodes)
        self.waits = [0.0] * len(graph.nodes)
        self.works = [0.0] * len(graph.nodes)

    def began(self, at: float) -> Case:
        case = Case(at)
        self.cases.append(case)
        return case

    def finish(self, case: Case, now: float) -> None:
        case.finished = True
        self.times.append((now - case.began) / self.given.minutes_per_day)
        if self.decides and case.decided is None:
            # What was not accepted or lapsed has no promise to be kept.
            return
        self._judge(case, now)

    def _judge(self, case: Case, now: float) -> None:
        self.counted += 1
        self.kept += case.counted(now) / self.given.minutes_per_day <= self.promised

    def _never_finished(self, case: Case) -> None:
        """A case that stands still for ever has broken its promise, if it had one by then."""
        if case.decided is not None:
            self._judge(case, case.decided)
        elif case.accepted is not None or not self.accepts:
            self.counted += 1

    def outcome(self, roles: Mapping[str, Officers], *, now: float, events: int) -> Outcome:
        """Sum up, once nothing more can happen."""
        for case in self.cases:
            if not case.finished:
                self._never_finished(case)
        span = max(now, 1.0)
        return Outcome(
            started=len(self.cases),
            finished=len(self.times),
            stuck=len(self.cases) - len(self.times),
            times=tuple(sorted(self.times)),
            kept=self.kept / self.counted if self.promised and self.counted else None,
            promised=self.promised,
            roles=tuple(_load(name, role, span) for name, role in sorted(roles.items())),
            steps=self._steps(),
            events=events,
            span=span / self.given.minutes_per_day,
        )

    def _steps(self) -> tuple[StepLoad, ...]:
        return tuple(
            StepLoad(
                node.id,
                node.name or node.id,
                node.attributes.role,
                self.counts[node.number],
                self.waits[node.number],
                self.works[node.number],
            )
            for node in self.graph.nodes
            if self.works[node.number] or node.kind in PEOPLE
        )


def _load(name: str, role: Officers, span: float) -> RoleLoad:
    return RoleLoad(
        name,
        role.officers,
        role.tasks,
        role.work,
        role.waiting,
        role.longest,
        role.work / (role.officers * span),
    )
