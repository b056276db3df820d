"""Decision tables and expressions looked at before they decide: what is missing, what clashes.

Invariants: pure; every example was tried out with the engine itself; completeness and disjointness
are claimed only where they are proven, and a bound that was met says so; all words are templates
with parameters, Chinese first.
"""

from tongban.rules.analysis.differences import Difference, DifferenceKind, differences
from tongban.rules.analysis.findings import Analysis, Finding, FindingKind, Severity
from tongban.rules.analysis.models import ModelAnalysis, analyse_decision, analyse_model
from tongban.rules.analysis.reading import read_aloud, read_rule
from tongban.rules.analysis.subject import Head
from tongban.rules.analysis.table import analyse
from tongban.rules.analysis.words import translator

__all__ = [
    "Analysis",
    "Difference",
    "DifferenceKind",
    "Finding",
    "FindingKind",
    "Head",
    "ModelAnalysis",
    "Severity",
    "analyse",
    "analyse_decision",
    "analyse_model",
    "differences",
    "read_aloud",
    "read_rule",
    "translator",
]
