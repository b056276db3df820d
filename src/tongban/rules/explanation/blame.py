"""Which tables of a graph stood in the way of a refused matter.

A table that says no need not be a bad sign (`有失信记录`), so the nearest rule is kept only where
the refusal can be traced to: the table asked about, then what its nearest rule would have needed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tongban.rules.dmn.engine import Model
from tongban.rules.dmn.model import Box, InvocationBox, Literal, TableBox
from tongban.rules.explanation.model import TableStep
from tongban.rules.explanation.outcomes import Grants
from tongban.rules.feel import ast
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse
from tongban.rules.problems import FeelSyntaxError


def blamed(
    model: Model, decision: str, steps: Sequence[TableStep], *, refused: bool, grants: Grants
) -> tuple[TableStep, ...]:
    """The steps, with the nearest rule only where a table stood in the way."""
    known = model.definitions
    variables = {one.name: one.variable.name for one in known.decisions}
    variables |= {one.name: one.variable.name for one in known.knowledge}
    logic = {one.variable.name: one.logic for one in known.decisions}
    wanted = set(_needed(model, decision, logic.get(decision))) if refused else set()
    found: list[TableStep] = []
    # What a table needs was decided before it, so the last step comes first here.
    for step in reversed(steps):
        name = variables.get(step.element, step.element)
        in_the_way = step.nearest is not None and (name in wanted or not step.fired)
        if in_the_way and step.nearest is not None:
            for test in step.nearest.failing:
                if not grants(test.value):
                    wanted |= set(_needed(model, test.expression, logic.get(test.expression)))
        found.append(step if in_the_way else replace(step, nearest=None))
    return tuple(reversed(found))


def _needed(model: Model, name: str, logic: Box | None) -> Iterator[str]:
    """A decision and, where it merely joins others, those that must all hold."""
    yield name
    if isinstance(logic, InvocationBox):
        yield from _needed(model, name, logic.function)
    if isinstance(logic, TableBox) or not isinstance(logic, Literal):
        return
    names = [one.variable.name for one in model.definitions.decisions]
    names += [one.variable.name for one in model.definitions.knowledge]
    try:
        tree = parse(logic.text, Vocabulary(Names(names), model.properties))
    except FeelSyntaxError:
        return
    yield from _joined(tree)


def _joined(tree: ast.Node) -> Iterator[str]:
    if isinstance(tree, ast.Name):
        yield tree.name
    elif isinstance(tree, (ast.Call, ast.NamedCall)):
        yield from _joined(tree.function)
    elif isinstance(tree, ast.Conjunction):
        for item in tree.items:
            yield from _joined(item)
