"""Evaluating a decision so that each step can be told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tongban.rules.budget import DEFAULT_LIMITS, Limits, Run, system_clock
from tongban.rules.dmn.engine import Model, measured
from tongban.rules.dmn.graph import Evaluation, Node
from tongban.rules.dmn.table import Table
from tongban.rules.explanation.blame import blamed
from tongban.rules.explanation.facts import UsedFact, bare, used
from tongban.rules.explanation.model import DecisionStep, Explanation, TableStep
from tongban.rules.explanation.outcomes import Grants, grants_by_default, table_step
from tongban.rules.feel.scope import Env
from tongban.rules.feel.values import Value

MOST_STEPS = 100


def explain(
    model: Model,
    decision: str,
    facts: Mapping[str, object],
    *,
    grants: Grants = grants_by_default,
    clock: Callable[[], datetime] = system_clock,
    limits: Limits = DEFAULT_LIMITS,
) -> Explanation:
    """The value of a decision and why it is so. ModelError when the model has no such decision.

    Facts may be values, `Fact`s with source and time, or mappings of these. `grants` tells which
    results let the person have what was asked for; for any other the nearest rule is looked for.
    """
    node = model.named(decision)
    now = clock()
    steps: list[TableStep] = []

    def watch(
        element: str, table: Table, values: Sequence[Value], hits: list[int], env: Env
    ) -> None:
        if len(steps) < MOST_STEPS:
            steps.append(table_step(element, table, values, hits, scope=env, grants=grants))

    run = Run(limits, clock=lambda: now, facts=model.facts(), watch=watch)
    given = {name: bare(fact) for name, fact in facts.items()}
    evaluation = Evaluation(run, given)
    result = measured(run, lambda: evaluation.value(node))
    refused = not grants(result.value)
    return Explanation(
        node.name,
        result.value,
        refused,
        blamed(model, node.name, steps, refused=refused, grants=grants),
        tuple(_decisions(model, evaluation)),
        tuple(_facts(model, evaluation, facts, now)),
        result.missing,
        result.reasons,
    )


def _found(model: Model, evaluation: Evaluation, kind: str) -> list[tuple[str, Node, Value]]:
    """The elements of a kind that were evaluated, with those of imports under their name."""
    found = [
        ("", near.nodes[key], value)
        for key, value in evaluation.found.items()
        for near in model.here
        if key in near.nodes and near.nodes[key].kind == kind
    ]
    for name, other in model.imports:
        if name in evaluation.inner:
            inner = _found(other, evaluation.inner[name], kind)
            found += [(f"{name}.{prefix}", node, value) for prefix, node, value in inner]
    return found


def _decisions(model: Model, evaluation: Evaluation) -> list[DecisionStep]:
    found = _found(model, evaluation, "decision")
    return [DecisionStep(prefix + node.name, value) for prefix, node, value in found]


def _facts(
    model: Model, evaluation: Evaluation, facts: Mapping[str, object], now: datetime
) -> list[UsedFact]:
    told: dict[str, UsedFact] = {}
    for prefix, node, value in _found(model, evaluation, "inputData"):
        place = facts.get(prefix.rstrip("."), facts) if prefix else facts
        given = place.get(node.name) if isinstance(place, Mapping) else None
        if value is not None and given is not None:
            told |= {fact.name: fact for fact in used(node.name, given, now)}
    return list(told.values())
