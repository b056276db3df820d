"""A process for everybody's eyes: its chart, wide and for a phone, and the same in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongban import cases, catalogue, process
from tongban.channels.shell.render import environment
from tongban.foundation.work import Work

KEPT_MAX = 500
NO_MARKS: Mapping[str, str] = {}
_kept: dict[tuple[int, str, tuple[tuple[str, str], ...]], "Flow"] = {}

environment.globals |= {
    "flow_marks": process.MARK_NAMES,
    "flow_badges": process.BADGES,
    "finding_kinds": process.KIND_NAMES,
    "finding_severities": process.SEVERITY_NAMES,
}


@dataclass(frozen=True, slots=True)
class Flow:
    """What the template ``shell/flow.html`` shows. ``marks`` are those that occur, for the key."""

    name: str
    wide: str
    tall: str
    steps: tuple[process.Step, ...]
    marks: tuple[str, ...]


def flow(
    definition: process.Definition,
    chosen: process.Process,
    *,
    language: str,
    marks: Mapping[str, str] = NO_MARKS,
) -> Flow:
    """Draw a process of a file, with marks on some of its nodes."""
    drawn = process.with_diagram(definition, process=chosen.id)
    chosen = process.the_process(drawn, chosen.id)
    return Flow(
        chosen.name or chosen.id,
        process.chart(drawn, chosen, marks=marks, language=language).svg,
        process.chart(drawn, chosen, marks=marks, language=language, down=True).svg,
        process.outline(
            process.examine(chosen).graph,
            marks=marks,
            lanes=process.lane_names(chosen.content),
            language=language,
        ),
        tuple(mark for mark in process.MARK_NAMES if mark in marks.values()),
    )


def published_flow(
    version: process.Published, *, language: str, marks: Mapping[str, str] = NO_MARKS
) -> Flow:
    """Draw a published version. Nothing of it ever changes, so the same drawing is kept."""
    key = (version.line.id, language, tuple(sorted(marks.items())))
    found = _kept.get(key)
    if found is None:
        found = flow(version.definition, version.process, language=language, marks=marks)
        if len(_kept) >= KEPT_MAX:
            _kept.clear()
        _kept[key] = found
    return found


def item_flow(work: Work, item: catalogue.Item, *, language: str) -> Flow | None:
    """The chart by which cases of an item begin now, its risk points marked; None: it has none."""
    number = cases.course_of(work, item=item)
    if number is None:
        return None
    version = process.by_number(work, definition=number)
    risks = {node.id: "risk" for node in version.graph.nodes if node.attributes.risk_point}
    return published_flow(version, language=language, marks=risks)


def case_flow(work: Work, number: str, *, language: str) -> Flow | None:
    """The chart by which a case runs, with what is done and where it is.

    None for a case that is older than its item's process.
    """
    situation = process.situation_at(work, instance=cases.instance_of(number))
    if situation is None or situation.line.number != number:
        return None
    version = process.by_number(work, definition=situation.line.definition)
    marks = process.situation_marks(situation, version.graph)
    return published_flow(version, language=language, marks=marks)


def marks_of(findings: Sequence[process.Finding]) -> dict[str, str]:
    """The worst finding of each node that a finding is foremost about."""
    found: dict[str, str] = {}
    for finding in reversed(findings):
        if finding.nodes and finding.severity >= process.Severity.WARNING:
            found[finding.nodes[0]] = finding.severity.name.lower()
    return found
