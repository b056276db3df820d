"""What the command line says about DMN files: findings in words, decisions with their reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tongban.rules.analysis.findings import Severity
from tongban.rules.analysis.models import analyse_model
from tongban.rules.analysis.words import SOURCE, translator, words
from tongban.rules.commands import load_file
from tongban.rules.explanation import Explanation, explain
from tongban.rules.plain import facts_from_json


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a file, as text, and the worst severity (None when nothing was found)."""

    text: str
    severity: Severity | None


def check_file(path: Path, language: str = SOURCE) -> Report:
    """Everything that is wrong or remarkable in a file. ModelError when it is no DMN."""
    translate = translator(language)
    model = load_file(path)
    found = analyse_model(model)
    lines = [finding.told(translate) for finding in found.findings]
    if not lines:
        count = len(model.definitions.decisions)
        return Report(words("没有发现问题：{count} 个决策。", count=count).text(translate), None)
    return Report("\n".join(lines), found.severity)


def explain_file(path: Path, decision: str, inputs: Mapping[str, object]) -> Explanation:
    """A decision of a file over facts as JSON has them, explained. ModelError if there is none."""
    model = load_file(path)
    return explain(model, decision, facts_from_json(model, inputs))
