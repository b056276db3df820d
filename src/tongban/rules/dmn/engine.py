"""Loading a model and asking it: the pure face of DMN."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from tongban.rules.budget import DEFAULT_LIMITS, Limits, Run, system_clock
from tongban.rules.dmn.graph import (
    Evaluation,
    Node,
    decision_node,
    input_node,
    knowledge_node,
    service_node,
)
from tongban.rules.dmn.model import Definitions
from tongban.rules.dmn.read import read_definitions
from tongban.rules.dmn.scope import Problem
from tongban.rules.dmn.types import TypeBook, property_names
from tongban.rules.dmn.walk import component_names
from tongban.rules.feel.invoke import invoke_named
from tongban.rules.feel.names import Names
from tongban.rules.feel.types import FeelType
from tongban.rules.feel.values import Value, from_python
from tongban.rules.feel.weight import weigh
from tongban.rules.problems import (
    BudgetExceeded,
    ModelError,
    Reason,
    RuleError,
    reason,
)


@dataclass(frozen=True, slots=True)
class Result:
    """A value, and why it or a part of it is unknown.

    `missing` names the facts that were needed and not given; `spent` counts the steps taken.
    """

    value: Value
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    spent: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing was missing and nothing failed, so that the value may decide alone."""
        return self.value is not None and not self.reasons and not self.missing


def measured(run: Run, work: Callable[[], Value]) -> Result:
    """The result of some work; one that exceeds its budget is null with the reason."""
    try:
        value = work()
        weigh(run, value)
    except BudgetExceeded as error:
        run.reasons.append(error.reason)
        value = None
    except RecursionError:
        run.reasons.append(reason("计算嵌套太深，已停止"))
        value = None
    return Result(value, tuple(run.reasons), tuple(run.missing), run.steps)


class Model:
    """A DMN model with its imports. `problems` lists what in it cannot work."""

    def __init__(self, definitions: Definitions, imports: Mapping[str, "Model"]) -> None:
        self.definitions = definitions
        self.problems: list[Problem] = []
        self.imports: list[tuple[str, Model]] = []
        for one in definitions.imports:
            if one.namespace in imports:
                self.imports.append((one.name, imports[one.namespace]))
            elif "DMN" in one.kind.upper() or "/MODEL" in one.kind.upper():
                why = reason("找不到引入的模型“{namespace}”", namespace=one.namespace)
                self.problems.append(Problem(one.name, why))
        self.parts = self._part_names()
        self.properties = Names(self.parts)
        self.types = TypeBook(definitions.items, self._imported_types(), self._complain)
        self._named = self._element_names()
        self.nodes: dict[str, Node] = {}
        self._load()

    def _part_names(self) -> tuple[str, ...]:
        names = dict.fromkeys(property_names(self.definitions.items))
        names |= dict.fromkeys(component_names(self.definitions))
        for qualifier, model in self.imports:
            names |= dict.fromkeys((*model.parts, qualifier))
        return tuple(names)

    def _imported_types(self) -> dict[str, FeelType]:
        types: dict[str, FeelType] = {}
        for qualifier, model in self.imports:
            for name, found in model.types.items():
                types.setdefault(f"{qualifier}.{name}" if qualifier else name, found)
        return types

    def _complain(self, element: str, error: RuleError) -> None:
        self.problems.append(Problem(element, error.reason))

    def _element_names(self) -> dict[str, str]:
        known = self.definitions
        groups = (known.inputs, known.decisions, known.knowledge, known.services)
        return {self._key(one.identifier): one.variable.name for group in groups for one in group}

    def _key(self, identifier: str) -> str:
        return f"{self.definitions.namespace}#{identifier}"

    def _load(self) -> None:
        known = self.definitions
        made: list[Node] = []
        made += [input_node(self, one, self._key(one.identifier)) for one in known.inputs]
        made += [decision_node(self, one, self._key(one.identifier)) for one in known.decisions]
        made += [knowledge_node(self, one, self._key(one.identifier)) for one in known.knowledge]
        made += [service_node(self, one, self._key(one.identifier)) for one in known.services]
        self.nodes = {node.key: node for node in made}

    @property
    def here(self) -> "tuple[Model, ...]":
        """This model and those that it imports without a name, into its own scope (6.3.3)."""
        inner = (found for name, model in self.imports if not name for found in model.here)
        return (self, *inner)

    def _owner(self, reference: str) -> "tuple[str, Model, str]":
        namespace, _, identifier = reference.rpartition("#")
        own = namespace in ("", self.definitions.namespace)
        for qualifier, model in () if own else self.imports:
            if namespace == model.definitions.namespace:
                return qualifier, model, model._key(identifier)
        for model in self.here:
            key = model._key(identifier)
            if key in model._named and namespace in ("", model.definitions.namespace):
                return "", model, key
        return "", self, self._key(identifier)

    def reference(self, reference: str) -> tuple[str, Node] | None:
        """The import and the node that a `namespace#id` means."""
        qualifier, model, key = self._owner(reference)
        node = model.nodes.get(key)
        return None if node is None else (qualifier, node)

    def reference_names(self, references: tuple[str, ...]) -> list[tuple[str, str]]:
        """The import and name of what is referred to; a reference to nothing is a problem."""
        found = []
        for reference in references:
            qualifier, model, key = self._owner(reference)
            if key in model._named:
                found.append((qualifier, model._named[key]))
            else:
                why = reason("引用了不存在的元素“{reference}”", reference=reference)
                self.problems.append(Problem("", why))
        return found

    def facts(self) -> frozenset[str]:
        """The names of all facts that the model or an import can be given."""
        own = {data.variable.name for data in self.definitions.inputs}
        return frozenset(own).union(*(model.facts() for _, model in self.imports))

    def named(self, name: str, kinds: tuple[str, ...] = ("decision",)) -> Node:
        """The element with a name, of its variable or its own, or with an identifier.

        ModelError when there is none of these kinds.
        """
        for model in self.here:
            known = [node for node in model.nodes.values() if node.kind in kinds]
            for one in known:
                if name == one.name:
                    return one
            for one in known:
                if name in (one.label, one.key.rpartition("#")[2]):
                    return one
        raise ModelError(reason("模型中没有名为“{name}”的决策", name=name), name)

    def _asked(self, name: str, kinds: tuple[str, ...]) -> tuple[str, Node]:
        """The import and the node for a name that may be qualified: `import.name`."""
        for qualifier, model in self.imports:
            if qualifier and name.startswith(f"{qualifier}."):
                with suppress(ModelError):
                    return qualifier, model.named(name.removeprefix(f"{qualifier}."), kinds)
        return "", self.named(name, kinds)

    def evaluate(
        self,
        decision: str,
        inputs: Mapping[str, object],
        *,
        clock: Callable[[], datetime] = system_clock,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Result:
        """The value of a decision. ModelError when the model has no such decision."""
        qualifier, node = self._asked(decision, ("decision",))
        run = Run(limits, clock, facts=self.facts())
        return measured(run, lambda: Evaluation(run, inputs).through(qualifier).value(node))

    def invoke(
        self,
        name: str,
        inputs: Mapping[str, object],
        *,
        clock: Callable[[], datetime] = system_clock,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Result:
        """The result of a decision service or of business knowledge called with named arguments."""
        qualifier, node = self._asked(name, ("decisionService", "businessKnowledgeModel"))
        run = Run(limits, clock, facts=self.facts())

        def work() -> Value:
            function = Evaluation(run, inputs).through(qualifier).value(node)
            names = {parameter.name for parameter in getattr(function, "parameters", ())}
            given = {key: from_python(inputs[key]) for key in inputs if key in names}
            return invoke_named(run, function, given)

        return measured(run, work)


def load_model(xml: bytes, *, imports: Sequence[Model] = ()) -> Model:
    """A model from its file. `imports` are the models that it may import, found by namespace.

    ModelError when the file is no DMN; what is wrong inside is listed in `problems`.
    """
    known = {model.definitions.namespace: model for model in imports}
    return Model(read_definitions(xml), known)
