"""The linter of the catalogue (事项质量检查): what is wrong with an item, in words. Pure.

The rules follow the checks that cities run on their guides and the complaints that people make of
them: contradictions, gaps, and words that tell an applicant nothing. A rule never changes what it
means; one that would gets a new id.
"""

from collections.abc import Iterable

from tongban.catalogue.model.item import Item
from tongban.catalogue.model.lint import (  # noqa: F401 - they register.
    contacts,
    contents,
    limits,
    scenarios,
)
from tongban.catalogue.model.lint.finding import RULES, Finding, NoSuchRule, Rule, Section, Severity

_ORDER = {severity: i for i, severity in enumerate(Severity)}


def lint(item: Item) -> tuple[Finding, ...]:
    """Return what the rules find in an item, errors first, then warnings, then hints."""
    found = [finding for rule in RULES.values() for finding in rule.findings(item)]
    return tuple(sorted(found, key=lambda one: _ORDER[one.severity]))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Return those for which an item must not be published."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


__all__ = ["RULES", "Finding", "NoSuchRule", "Rule", "Section", "Severity", "errors", "lint"]
