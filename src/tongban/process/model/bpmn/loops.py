"""Activities that are repeated, as a file says it: over what, how often, into what. Pure."""

from dataclasses import dataclass, replace

from tongban.process.model.attributes import Formula
from tongban.process.model.bpmn.data import noted, read_inputs, read_outputs, variable
from tongban.process.model.bpmn.events import Roots, expression
from tongban.process.model.bpmn.extension import formula, own, read_mappings
from tongban.process.model.bpmn.xml import Element, attribute, child, line_of, text_of, truth
from tongban.process.model.definition import Mapping, MultiInstance, StandardLoop
from tongban.process.model.problems import Problem


@dataclass(frozen=True, slots=True)
class Passed:
    """How an activity is repeated, and what each turn gets and gives."""

    inputs: tuple[Mapping, ...]
    outputs: tuple[Mapping, ...]
    loop: StandardLoop | MultiInstance | None = None


def read_passed(element: Element, roots: Roots) -> Passed:
    """Return the data that flow node gets and gives, and its loop.

    The collection of a multi-instance task is a data input of the task, and its results a data
    output (10.3.8), so that the associations of these two are those of the whole and not of a turn.
    """
    passed = Passed(
        (*read_inputs(element, roots), *read_mappings(element, "input")),
        (*read_outputs(element, roots), *read_mappings(element, "output")),
    )
    standard = child(element, "standardLoopCharacteristics")
    if standard is not None:
        return replace(passed, loop=_standard(standard))
    multi = child(element, "multiInstanceLoopCharacteristics")
    return passed if multi is None else _multi(multi, roots, passed)


def _standard(element: Element) -> StandardLoop:
    maximum = attribute(element, "loopMaximum")
    return StandardLoop(
        expression(child(element, "loopCondition")),
        truth(element, "testBefore", default=False),
        int(maximum) if maximum.isascii() and maximum.isdigit() else 0,
    )


def _multi(element: Element, roots: Roots, passed: Passed) -> Passed:
    behavior = attribute(element, "behavior", "All")
    if behavior != "All":
        message = "多实例的 behavior“{behavior}”不执行，只执行 All"
        roots.problems.append(
            Problem(attribute(element, "id"), message, {"behavior": behavior}, line_of(element))
        )
    source = _named(element, "loopDataInputRef", roots)
    fed = [one for one in passed.inputs if source and one.target == source.text]
    target = _named(element, "loopDataOutputRef", roots)
    kept = [one for one in passed.outputs if target and one.source.text == target.text]
    result = formula(element, "result")
    if not result and _item(element, "outputDataItem", roots):
        result = Formula(_item(element, "outputDataItem", roots), line_of(element))
    loop = MultiInstance(
        truth(element, "isSequential", default=False),
        expression(child(element, "loopCardinality")),
        formula(element, "collection") or (fed[0].source if fed else source),
        own(element, "item") or _item(element, "inputDataItem", roots),
        own(element, "results") or (kept[0].target if kept else target.text),
        result,
        expression(child(element, "completionCondition")),
    )
    return Passed(
        tuple(one for one in passed.inputs if one not in fed),
        tuple(one for one in passed.outputs if one not in kept),
        loop,
    )


def _named(element: Element, name: str, roots: Roots) -> Formula:
    """The variable that a loop refers to: by the name of the data, or by what is written."""
    found = child(element, name)
    text = text_of(found)
    if found is None or not text:
        return Formula()
    return Formula(variable(text, roots), line_of(found))


def _item(element: Element, name: str, roots: Roots) -> str:
    found = child(element, name)
    if found is None:
        return ""
    return noted(attribute(found, "name") or attribute(found, "id"), roots)
