"""An explanation as data: what was decided, by which rules, from which facts, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tongban.rules.analysis.words import Phrase, Translate
from tongban.rules.explanation.facts import UsedFact
from tongban.rules.feel.values import Value
from tongban.rules.plain import to_json
from tongban.rules.problems import Reason


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """One condition of a rule against the value it was asked about.

    `passes` is None when the value is not known; `distance` is how far a failing value is from what
    is accepted (0 to about 1 for each), and `words` says what was asked and what the value is.
    `expression` is what the value was computed from.
    """

    __test__ = False

    column: str
    expression: str
    value: Value
    test: str
    passes: bool | None
    words: Phrase
    distance: float = 0.0

    def as_json(self, translate: Translate = str) -> dict[str, object]:
        """The outcome as JSON has it."""
        return {
            "column": self.column,
            "value": to_json(self.value),
            "test": self.test,
            "passes": self.passes,
            "message": self.words.text(translate),
        }


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A rule, counted from 1, with each condition that it sets; `notes` are its annotations."""

    number: int
    sentence: Phrase
    tests: tuple[TestOutcome, ...]
    results: Mapping[str, Value]
    notes: tuple[str, ...] = ()

    @property
    def failing(self) -> tuple[TestOutcome, ...]:
        """The conditions that are not met or not known to be met."""
        return tuple(test for test in self.tests if test.passes is not True)

    def as_json(self, translate: Translate = str) -> dict[str, object]:
        """The rule as JSON has it."""
        return {
            "number": self.number,
            "sentence": self.sentence.text(translate),
            "tests": [test.as_json(translate) for test in self.tests],
            "results": {name: to_json(value) for name, value in self.results.items()},
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class TableStep:
    """A table that decided: the rules that fired and, if it refused, the nearest that would not."""

    element: str
    inputs: Mapping[str, Value]
    fired: tuple[RuleOutcome, ...]
    nearest: RuleOutcome | None = None

    def as_json(self, translate: Translate = str) -> dict[str, object]:
        """The step as JSON has it."""
        return {
            "element": self.element,
            "inputs": {name: to_json(value) for name, value in self.inputs.items()},
            "fired": [rule.as_json(translate) for rule in self.fired],
            "nearest": self.nearest.as_json(translate) if self.nearest else None,
        }


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """A decision of the graph and what came of it."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision came out as it did. Steps are in the order in which they were taken.

    `missing` names facts that were needed and not given, `reasons` say why something is unknown;
    with either, or without a value, the decision is for a person.
    """

    decision: str
    value: Value
    refused: bool
    tables: tuple[TableStep, ...]
    decisions: tuple[DecisionStep, ...]
    facts: tuple[UsedFact, ...]
    missing: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def needs_person(self) -> bool:
        """Whether a person must decide, because something was missing or failed."""
        return self.value is None or bool(self.missing or self.reasons)

    def as_json(self, translate: Translate = str) -> dict[str, object]:
        """The explanation as JSON has it; values are JSON texts, so that no digit is lost."""
        return {
            "decision": self.decision,
            "value": to_json(self.value),
            "refused": self.refused,
            "needs_person": self.needs_person,
            "tables": [table.as_json(translate) for table in self.tables],
            "decisions": [
                {"name": one.name, "value": to_json(one.value)} for one in self.decisions
            ],
            "facts": [fact.as_json() for fact in self.facts],
            "missing": list(self.missing),
            "reasons": [why.text(translate) for why in self.reasons],
        }
