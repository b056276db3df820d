"""FEEL and DMN: the rules that decide, as pure functions. No database, no web.

The language is that of OMG DMN 1.5 (files of 1.1 to 1.5 are read). Invariants: evaluating never
raises for what an author wrote or a fact lacks, it gives null with reasons; it always ends within
its `Limits`; it reads no clock but the one injected; values are never changed in place; nothing of
Python can be reached from an expression.
"""

from tongban.rules.analysis import (
    Analysis,
    Difference,
    Finding,
    Severity,
    analyse,
    analyse_decision,
    analyse_model,
    differences,
    read_aloud,
    read_rule,
)
from tongban.rules.budget import DEFAULT_LIMITS, Limits
from tongban.rules.commands import check_text, evaluate_file, load_file
from tongban.rules.dmn.engine import Model, Result, load_model
from tongban.rules.dmn.model import (
    Aggregation,
    HitPolicy,
    InputClause,
    OutputClause,
    Rule,
    TableBox,
)
from tongban.rules.dmn.scope import Problem
from tongban.rules.explanation import Explanation, Fact, explain, explanation_text
from tongban.rules.expression import (
    DecisionTable,
    Expression,
    compile_expression,
    compile_table,
    decision_table,
)
from tongban.rules.feel.parser import parse, parse_unary_tests
from tongban.rules.feel.text import literal, write
from tongban.rules.feel.unparse import unparse
from tongban.rules.feel.values import from_python
from tongban.rules.plain import facts_from_json, to_json
from tongban.rules.problems import (
    BudgetExceeded,
    FeelSyntaxError,
    ModelError,
    Reason,
    RuleError,
)

__all__ = [
    "DEFAULT_LIMITS",
    "Aggregation",
    "Analysis",
    "BudgetExceeded",
    "DecisionTable",
    "Difference",
    "Explanation",
    "Expression",
    "Fact",
    "FeelSyntaxError",
    "Finding",
    "HitPolicy",
    "InputClause",
    "Limits",
    "Model",
    "ModelError",
    "OutputClause",
    "Problem",
    "Reason",
    "Result",
    "Rule",
    "RuleError",
    "Severity",
    "TableBox",
    "analyse",
    "analyse_decision",
    "analyse_model",
    "check_text",
    "compile_expression",
    "compile_table",
    "decision_table",
    "differences",
    "evaluate_file",
    "explain",
    "explanation_text",
    "facts_from_json",
    "from_python",
    "literal",
    "load_file",
    "load_model",
    "parse",
    "parse_unary_tests",
    "read_aloud",
    "read_rule",
    "to_json",
    "unparse",
    "write",
]
