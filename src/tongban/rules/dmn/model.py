"""What a DMN file says, as read: no expression is understood yet (DMN 1.5, chapters 6 to 10)."""

from dataclasses import dataclass, field
from enum import StrEnum


class HitPolicy(StrEnum):
    """How the rules that apply make one result."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What `COLLECT` makes of the results."""

    NONE = ""
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class Box:
    """Any boxed expression. `line` is its line in the file."""

    type_ref: str = field(default="", kw_only=True)
    line: int = field(default=0, kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal(Box):
    """A FEEL text. `language` is empty for FEEL."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A named part of a boxed expression."""

    name: str
    value: Box | None
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class ContextBox(Box):
    """Entries by name; `result` is the last entry when it has no name."""

    entries: tuple[Entry, ...]
    result: Box | None


@dataclass(frozen=True, slots=True)
class InvocationBox(Box):
    """A function called with bound parameters."""

    function: Box
    bindings: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FunctionBox(Box):
    """A function. `kind` is FEEL, Java or PMML."""

    parameters: tuple[Entry, ...]
    body: Box | None
    kind: str = "FEEL"


@dataclass(frozen=True, slots=True)
class RelationBox(Box):
    """A table of values: a list of contexts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Box | None, ...], ...]


@dataclass(frozen=True, slots=True)
class ListBox(Box):
    """A list."""

    items: tuple[Box | None, ...]


@dataclass(frozen=True, slots=True)
class ConditionalBox(Box):
    """if, then, else."""

    condition: Box | None
    yes: Box | None
    no: Box | None


@dataclass(frozen=True, slots=True)
class FilterBox(Box):
    """in, match."""

    source: Box | None
    condition: Box | None


@dataclass(frozen=True, slots=True)
class LoopBox(Box):
    """`keyword` is for, some or every."""

    keyword: str
    variable: str
    source: Box | None
    body: Box | None


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions. `values` are the allowed values, as unary tests."""

    label: str
    expression: str
    type_ref: str = ""
    values: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of results. The order of `values` is their priority."""

    label: str
    name: str
    type_ref: str = ""
    values: str = ""
    default: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a text for each input, output and annotation column."""

    conditions: tuple[str, ...]
    results: tuple[str, ...]
    annotations: tuple[str, ...] = ()
    identifier: str = ""
    description: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class TableBox(Box):
    """A decision table."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation = Aggregation.NONE
    annotations: tuple[str, ...] = ()
    orientation: str = "Rule-as-Row"
    output_label: str = ""


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type declared by the author."""

    name: str
    type_ref: str = ""
    is_collection: bool = False
    allowed_values: str = ""
    type_constraint: str = ""
    components: tuple["ItemDefinition", ...] = ()
    function: "FunctionItem | None" = None


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """A type of functions."""

    parameters: tuple[tuple[str, str], ...]
    result: str


@dataclass(frozen=True, slots=True)
class Variable:
    """The name and type under which an element is known to others."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class InputData:
    """A fact that must be given."""

    identifier: str
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Requirements:
    """References (`namespace#id` or `#id`) to what an element needs."""

    inputs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A question, and the logic that answers it."""

    identifier: str
    name: str
    variable: Variable
    logic: Box | None
    requirements: Requirements
    question: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class BusinessKnowledge:
    """A function that decisions use."""

    identifier: str
    name: str
    variable: Variable
    logic: FunctionBox | None
    requirements: Requirements


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions offered together as a function."""

    identifier: str
    name: str
    variable: Variable
    output_decisions: tuple[str, ...]
    encapsulated_decisions: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeSource:
    """The law or other authority behind an element."""

    identifier: str
    name: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """Another model whose elements are used under a name."""

    name: str
    namespace: str
    kind: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class Definitions:
    """One DMN file."""

    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    items: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[BusinessKnowledge, ...] = ()
    services: tuple[DecisionService, ...] = ()
    sources: tuple[KnowledgeSource, ...] = ()
