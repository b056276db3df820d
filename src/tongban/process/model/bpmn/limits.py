"""What the standard lets a file say and this engine does not do: said at load, in words. Pure."""

from collections.abc import Iterator

from tongban.process.model.bpmn.events import Roots
from tongban.process.model.bpmn.vocabulary import GROUPS
from tongban.process.model.bpmn.xml import (
    Element,
    attribute,
    children,
    line_of,
    name_of,
)
from tongban.process.model.problems import Problem, Severity

GLOBAL_TASKS = tuple(name for name in GROUPS["ROOT"].split() if name.endswith("Task"))


def not_executed(element: Element, roots: Roots) -> Iterator[Problem]:
    """Return what a flow node asks for that would be done otherwise than the standard says.

    Quantities of tokens other than one (clause 10.3), the parallel event-based gateway
    (clause 10.6.6), and calls of a global task (clause 10.3.6).
    """
    for quantity in ("startQuantity", "completionQuantity"):
        value = attribute(element, quantity, "1")
        if value != "1":
            message = "不执行“{name}”的 {quantity}“{value}”，只执行 1"
            yield _at(element, message, quantity=quantity, value=value)
    kind = attribute(element, "eventGatewayType", "Exclusive")
    if kind != "Exclusive":
        message = "不执行“{name}”的 eventGatewayType“{value}”，只执行 Exclusive"
        yield _at(element, message, value=kind)
    called = attribute(element, "calledElement")
    if called and roots.find(called, *GLOBAL_TASKS) is not None:
        message = "“{name}”调用全局任务“{called}”，只能调用流程"
        yield _at(element, message, called=called)


def choreographies(root: Element, *, severe: bool) -> Iterator[Problem]:
    """Return a word on every choreography; ``severe`` where the file has nothing else to run."""
    severity = Severity.ERROR if severe else Severity.WARNING
    for one in children(root, "choreography", "globalChoreographyTask"):
        message = "不执行“{name}”（{element}）"
        yield _at(one, message, severity, element=name_of(one)[1])


def _at(
    element: Element, message: str, severity: Severity = Severity.ERROR, /, **details: object
) -> Problem:
    key = attribute(element, "id")
    named = {"name": attribute(element, "name") or key, **details}
    return Problem(key, message, named, line_of(element), severity)
