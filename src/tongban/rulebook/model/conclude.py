"""What an outcome means for the purpose of its rule set: the names of outputs are fixed here.

eligibility  ``eligible`` (true or false), ``reason``
scenario     ``materials``, ``fields``, ``forms`` (lists of keys), ``fee`` (cents), ``note``; rules
             add up
instant      ``decision`` ("grant" or anything else), ``reason``
discretion   ``grade``, ``least``, ``most``, ``unit``
risk         ``risk``, ``level``, ``advice``
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tongban.rulebook.model.outcome import (
    Answer,
    Discretion,
    Eligibility,
    Fired,
    Instant,
    Outcome,
    Risk,
    Said,
    Scenario,
    Why,
)
from tongban.rulebook.model.rule_set import Limit, Purpose

OUTPUTS: dict[Purpose, frozenset[str]] = {
    Purpose.ELIGIBILITY: frozenset({"eligible"}),
    Purpose.SCENARIO: frozenset({"materials"}),
    Purpose.INSTANT: frozenset({"decision"}),
    Purpose.DISCRETION: frozenset({"least", "most"}),
    Purpose.RISK: frozenset({"risk"}),
}
GRANT = "grant"


def grants(value: Any) -> bool:
    """Tell whether a result lets a person have what was asked for, where rules can say so.

    The result of a single rule comes without the names of its outputs, so any of them may say it.
    """
    said = value.values() if isinstance(value, dict) else [value]
    return any(one is True or one == GRANT for one in said)


def eligibility(outcome: Outcome) -> Eligibility:
    said = outcome.get("eligible")
    answer = Answer.UNSURE
    if not outcome.to_a_person and isinstance(said, bool):
        answer = Answer.YES if said else Answer.NO
    reasons = tuple(_texts(row.get("reason") for row in outcome.rows()))
    return Eligibility(answer, reasons, outcome.missing, outcome)


def scenario(outcome: Outcome, governed: frozenset[str], still_open: frozenset[str]) -> Scenario:
    """``governed`` are all keys that any rule asks for, ``still_open`` those of open rules."""
    rows = outcome.rows()
    materials = frozenset(key for row in rows for key in _keys(row.get("materials")))
    # A form is a group of fields, so a rule asks for one as it asks for a field.
    fields = frozenset(
        key for row in rows for name in ("fields", "forms") for key in _keys(row.get(name))
    )
    fees = [row["fee"] for row in rows if isinstance(row.get("fee"), int | Decimal)]
    # Where the rules failed, nothing can be said not to be needed.
    failed = outcome.value is None
    not_needed = frozenset() if failed else governed - materials - fields - still_open
    return Scenario(
        materials,
        fields,
        not_needed,
        int(sum(fees)) if fees and not outcome.to_a_person else None,
        tuple(_texts(row.get("note") for row in rows)),
        outcome.missing,
        outcome,
    )


def instant(outcome: Outcome, limits: Sequence[Limit]) -> Instant:
    if outcome.missing:
        labels = "、".join(missing.label for missing in outcome.missing)
        said = Said("还缺少判定所需的信息：{names}，由工作人员核实", (("names", labels),))
        return Instant(False, Why.MISSING, (said,), outcome)
    if outcome.to_a_person:
        return Instant(False, Why.FAILED, outcome.reasons, outcome)
    # The words of an author are no template: braces in them stand for themselves.
    reasons = tuple(
        Said("{text}", (("text", text),))
        for text in _texts(row.get("reason") for row in outcome.rows())
    )
    if outcome.get("decision") != GRANT:
        return Instant(False, Why.RULE, reasons, outcome)
    for limit in limits:
        if not _within(limit, outcome):
            details = (("name", limit.label or limit.name), ("most", f"{limit.most:f}"))
            said = Said("{name}超过秒批的上限 {most}，由工作人员审批", details)
            return Instant(False, Why.LIMIT, (said,), outcome)
    return Instant(True, Why.GRANTED, reasons, outcome)


def _within(limit: Limit, outcome: Outcome) -> bool:
    """Tell whether a limit is kept; what cannot be compared with it is not within it."""
    fact = outcome.facts.get(limit.name)
    value = outcome.get(limit.name, fact.value if fact else None)
    if isinstance(value, str):
        plain = value.isascii() and value.replace(".", "", 1).isdigit()
        value = Decimal(value) if plain else None
    return isinstance(value, int | float | Decimal) and value <= limit.most


def discretion(outcome: Outcome) -> Discretion:
    certain = not outcome.to_a_person and len(outcome.fired) == 1
    fired = outcome.fired[0] if certain else None
    row = fired.results if fired else {}
    return Discretion(
        fired.number if fired else None,
        str(row.get("grade") or ""),
        _number(row.get("least")),
        _number(row.get("most")),
        str(row.get("unit") or ""),
        basis(fired) if fired else "",
        fired.note if fired else "",
        outcome,
    )


def risks(outcome: Outcome) -> list[Risk]:
    return [
        Risk(
            str(fired.results.get("risk") or ""),
            str(fired.results.get("level") or ""),
            str(fired.results.get("advice") or ""),
            fired.number,
        )
        for fired in outcome.fired
    ]


def basis(fired: Fired) -> str:
    """Return the basis of a rule in law, as it is quoted."""
    return f"《{fired.law}》{fired.clause}" if fired.law else fired.clause


def _number(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _keys(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(key) for key in value] if isinstance(value, list) else []


def _texts(values: Any) -> list[str]:
    return list(dict.fromkeys(str(value) for value in values if value))
