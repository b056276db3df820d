"""Elements without an id, which the standard allows where nothing refers to them (8.3.1). Pure."""

from collections.abc import Iterator

from tongban.process.model.bpmn.strict import NODES
from tongban.process.model.bpmn.xml import BPMN, Element, attribute, line_of, name_of
from tongban.process.model.problems import Problem, Severity

NAMED = (*(f"{{{BPMN}}}{local}" for local in sorted(NODES)), f"{{{BPMN}}}sequenceFlow")


def name_nameless(root: Element) -> Iterator[Problem]:
    """Give an id to every flow node and sequence flow without one, and say so.

    It is made of the kind and the position among its kind, so that reading again gives the same. A
    process stays without: whoever starts it refers to it, so that it must have one.
    """
    taken = {attribute(one, "id") for one in root.iter("*")}
    counts: dict[str, int] = {}
    for element in root.iter(*NAMED):
        local = name_of(element)[1]
        counts[local] = counts.get(local, 0) + 1
        if attribute(element, "id"):
            continue
        key = f"{local}_{counts[local]}"
        while key in taken:
            key += "_"
        taken.add(key)
        element.set("id", key)
        message = "“{element}”没有编号（id），以“{id}”称之"
        details = {"element": local, "id": key}
        yield Problem(key, message, details, line_of(element), Severity.NOTE)
