"""Why a decision came out as it did, for the person, for the official and for the record.

Invariants: pure; the value is the engine's own, found in the same evaluation that is explained;
what was not known is named, and then the decision is for a person.
"""

from tongban.rules.explanation.explain import explain
from tongban.rules.explanation.facts import Fact, UsedFact
from tongban.rules.explanation.model import (
    DecisionStep,
    Explanation,
    RuleOutcome,
    TableStep,
    TestOutcome,
)
from tongban.rules.explanation.outcomes import Grants, grants_by_default
from tongban.rules.explanation.text import explanation_text

__all__ = [
    "DecisionStep",
    "Explanation",
    "Fact",
    "Grants",
    "RuleOutcome",
    "TableStep",
    "TestOutcome",
    "UsedFact",
    "explain",
    "explanation_text",
    "grants_by_default",
]
