"""A model ready to decide: elements as nodes, requirements as edges (DMN 1.5, chapter 6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tongban.rules.budget import Run
from tongban.rules.dmn.compile_boxed import (
    compile_box,
    fitting,
    function_parts,
    with_parameters,
)
from tongban.rules.dmn.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    InputData,
    Requirements,
)
from tongban.rules.dmn.scope import Scope
from tongban.rules.dmn.types import completed
from tongban.rules.feel.scope import Env
from tongban.rules.feel.types import ANY, MISFIT, FeelType, FunctionOf, coerce
from tongban.rules.feel.values import Function, Parameter, Value, from_python

if TYPE_CHECKING:
    from tongban.rules.dmn.engine import Model


@dataclass(slots=True, eq=False)
class Node:
    """An element of a model and how its value is found."""

    key: str
    name: str
    kind: str
    type: FeelType
    compute: "Callable[[Evaluation], Value]"
    label: str = ""
    """The name of the element, where that of its variable differs."""


@dataclass(slots=True)
class Evaluation:
    """The values found so far in one evaluation; each node is computed once."""

    run: Run
    given: Mapping[str, Value]
    fixed: Mapping[str, Value] = field(default_factory=dict)
    found: dict[str, Value] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    inner: "dict[str, Evaluation]" = field(default_factory=dict)

    def value(self, node: Node) -> Value:
        """The value of a node."""
        if node.key in self.fixed:
            return self.fixed[node.key]
        if node.key in self.found:
            return self.found[node.key]
        if node.key in self.pending:
            return self.run.note("“{name}”间接依赖自己，无法计算", name=node.name)
        self.pending.add(node.key)
        self.run.enter()
        try:
            self.found[node.key] = node.compute(self)
        finally:
            self.run.leave()
            self.pending.discard(node.key)
        return self.found[node.key]

    def through(self, qualifier: str) -> "Evaluation":
        """The evaluation of an import; facts given under its name come first."""
        if not qualifier:
            return self
        if qualifier not in self.inner:
            given = dict(self.given)
            own = given.get(qualifier)
            given |= own if isinstance(own, Mapping) else {}
            start = f"{qualifier}."
            given |= {
                name.removeprefix(start): value
                for name, value in self.given.items()
                if name.startswith(start)
            }
            self.inner[qualifier] = Evaluation(self.run, given, self.fixed)
        return self.inner[qualifier]


Edges = tuple[tuple[str, Node], ...]


def edges_of(model: "Model", references: tuple[str, ...]) -> Edges:
    """The nodes that are referred to, each with the import under which it is known here."""
    found = []
    for reference in references:
        edge = model.reference(reference)
        if edge is not None:
            found.append(edge)
    return tuple(found)


def values_of(evaluation: Evaluation, edges: Edges) -> dict[str, Value]:
    """The values of the nodes by name; those of an import inside a context of its name."""
    values: dict[str, Value] = {}
    for qualifier, node in edges:
        holder = values if not qualifier else values.setdefault(qualifier, {})
        holder[node.name] = evaluation.through(qualifier).value(node)
    return values


def references_of(requirements: Requirements) -> tuple[str, ...]:
    """All references but those to authorities."""
    return requirements.inputs + requirements.decisions + requirements.knowledge


def scope_of(model: "Model", element: str, references: tuple[str, ...]) -> Scope:
    """What an element may refer to: the names of what it requires."""
    names = []
    for qualifier, name in model.reference_names(references):
        names.append(qualifier or name)
        if qualifier:
            model.properties.add(name)
    return Scope(element, tuple(names), model.types, model.properties, model.problems)


def input_node(model: "Model", data: InputData, key: str) -> Node:
    """A fact: what was given, made to fit its type."""
    name = data.variable.name
    wanted = model.types.resolve(data.variable.type_ref) or ANY

    def compute(evaluation: Evaluation) -> Value:
        run = evaluation.run
        if name not in evaluation.given or evaluation.given[name] is None:
            run.missing[name] = None
            return None
        value = coerce(completed(from_python(evaluation.given[name]), wanted), wanted)
        if value is MISFIT:
            run.missing[name] = None
            return run.note("输入“{name}”不符合类型 {type}", name=name, type=wanted.name)
        return value

    return Node(key, name, "inputData", wanted, compute)


def decision_node(model: "Model", decision: Decision, key: str) -> Node:
    """A decision: its logic evaluated over what it requires."""
    name = decision.variable.name
    references = references_of(decision.requirements)
    scope = scope_of(model, decision.name, references)
    code = compile_box(decision.logic, scope)
    code = fitting(code, name, decision.variable.type_ref, scope)

    def compute(evaluation: Evaluation) -> Value:
        edges = edges_of(model, references)
        if decision.logic is None:
            return evaluation.run.note("决策“{name}”没有逻辑", name=name)
        return code(Env(evaluation.run, values_of(evaluation, edges)))

    wanted = model.types.resolve(decision.variable.type_ref) or ANY
    return Node(key, name, "decision", wanted, compute, decision.name)


def _result_type(model: "Model", type_ref: str) -> FeelType | None:
    if not type_ref:
        return None
    found = model.types.resolve(type_ref) or ANY
    return found.result if isinstance(found, FunctionOf) else found


def knowledge_node(model: "Model", knowledge: BusinessKnowledge, key: str) -> Node:
    """A function that decisions use; its value is the function."""
    name = knowledge.variable.name
    references = references_of(knowledge.requirements)
    scope = scope_of(model, knowledge.name, references).with_names(name)
    result = _result_type(model, knowledge.variable.type_ref)
    if knowledge.logic is None:
        return Node(key, name, "businessKnowledgeModel", ANY, lambda _evaluation: None)
    parameters, body = function_parts(with_parameters(knowledge.logic), scope)
    names = [parameter.name for parameter in parameters]

    def compute(evaluation: Evaluation) -> Value:
        def invoke(run: Run, arguments: Sequence[Value]) -> Value:
            outer = values_of(evaluation, edges_of(model, references))
            outer.setdefault(name, function)
            values = dict(zip(names, arguments, strict=True))
            return body(Env(run, values, Env(run, outer)))

        function = Function(name, parameters, invoke, result)
        return function

    return Node(key, name, "businessKnowledgeModel", ANY, compute, knowledge.name)


def service_node(model: "Model", service: DecisionService, key: str) -> Node:
    """Decisions offered together; its value is a function of its input data and input decisions."""
    name = service.variable.name
    result = _result_type(model, service.variable.type_ref)

    def compute(evaluation: Evaluation) -> Value:
        inputs = edges_of(model, service.input_data + service.input_decisions)
        outputs = edges_of(model, service.output_decisions)
        parameters = tuple(Parameter(node.name, node.type) for _, node in inputs)

        def invoke(run: Run, arguments: Sequence[Value]) -> Value:
            nodes = [node.key for _, node in inputs]
            fixed = dict(zip(nodes, arguments, strict=True))
            inner = Evaluation(run, evaluation.given, {**evaluation.fixed, **fixed})
            values = {node.name: inner.through(q).value(node) for q, node in outputs}
            return next(iter(values.values())) if len(outputs) == 1 else values

        return Function(name, parameters, invoke, result)

    return Node(key, name, "decisionService", ANY, compute, service.name)
