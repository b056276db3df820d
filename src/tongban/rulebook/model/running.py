"""A version compiled and ready: which rules apply, what follows, and which missing facts matter.

Missing data never gives a silent null. A fact that no rule still possible asks for does not
matter; where a missing one could change the result, the result is for a person to find.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from tongban import rules
from tongban.rulebook.model import dmn
from tongban.rulebook.model.outcome import Fact, Fired, Missing, Outcome, Said
from tongban.rulebook.model.rule_set import Version
from tongban.rulebook.model.sheet import ANNOTATIONS

_HITS = "__hits"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# Under these policies every rule that applies has its part in the result.
_SEVERAL = frozenset(
    {rules.HitPolicy.COLLECT, rules.HitPolicy.RULE_ORDER, rules.HitPolicy.OUTPUT_ORDER}
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What an evaluation found, before it is put into words."""

    value: Any
    fired: tuple[Fired, ...]
    reasons: tuple[rules.Reason, ...] = ()
    missing: tuple[str, ...] = ()
    open: tuple[int, ...] = ()


class Compiled:
    """One version of a rule set, ready to be asked. ``problems`` is not empty where it cannot."""

    def __init__(self, text: str, decision: str = "") -> None:
        self.model = rules.load_model(text.encode())
        self.summary = dmn.read(text, decision=decision)
        self.problems = tuple(self.model.problems)
        self.names = tuple(data.variable.name for data in self.model.definitions.inputs)
        self._types = {
            data.variable.name: data.variable.type_ref for data in self.model.definitions.inputs
        }
        chosen = [
            one for one in self.model.definitions.decisions if one.name == self.summary.decision
        ]
        box = chosen[0].logic
        self._decision = chosen[0]
        self._table = box if self.summary.sheet and isinstance(box, rules.TableBox) else None
        self._columns: tuple[rules.Expression, ...] = ()
        if self._table is not None and not self.problems:
            self._columns = tuple(
                rules.compile_expression(clause.expression or "null", names=self.names)
                for clause in self._table.inputs
            )
        self._results: dict[int, tuple[rules.Expression, ...]] = {}
        self._twins: dict[tuple[int, ...], rules.Model] = {}

    def outcome(self, version: Version, facts: Mapping[str, Fact], *, now: datetime) -> Outcome:
        """Return what the rules say. ``now`` has the zone in which today is meant."""
        used = {name: facts[name] for name in self.names if known(facts.get(name))}
        given = self._given(used)
        found = self._table_found(given, now) if self._table else self._model_found(given, now)
        doubtful = bool(found.missing or found.reasons or found.value is None)
        return Outcome(
            version.rule_set_code,
            version.version,
            version.content_hash,
            value=found.value,
            fired=found.fired,
            reasons=tuple(map(self._said, found.reasons)),
            missing=tuple(
                Missing(name, self.summary.labels.get(name, name)) for name in found.missing
            ),
            to_a_person=doubtful,
            facts=used,
            open=tuple(number + 1 for number in found.open),
        )

    def explanation(
        self, facts: Mapping[str, Fact], *, now: datetime, grants: Callable[[Any], bool]
    ) -> rules.Explanation:
        """Return why facts come out as they do, and the nearest rule that would have granted."""
        used = {name: facts[name] for name in self.names if known(facts.get(name))}
        given = self._given(used)
        sourced = {
            name: rules.Fact(given[name], fact.source, fact.as_of) for name, fact in used.items()
        }
        return rules.explain(
            self.model, self.summary.decision, sourced, grants=grants, clock=lambda: now
        )

    def keys(self, numbers: Sequence[int] | None = None) -> frozenset[str]:
        """Return the keys of materials and fields that some rules (from 1; all) may ask for."""
        found: set[str] = set()
        if self._table is None or self.problems:
            return frozenset()
        chosen = range(1, len(self._table.rules) + 1) if numbers is None else numbers
        for number in chosen:
            fired, _ = self._fired([number - 1], dict.fromkeys(self.names), _EPOCH)
            for output in ("materials", "fields", "forms"):
                value = fired[0].results.get(output)
                found.update([value] if isinstance(value, str) else value or ())
        return frozenset(found)

    def _said(self, why: rules.Reason) -> Said:
        """A reason of the engine, with facts called as people call them."""
        labels = self.summary.labels
        return Said(why.message, tuple((key, labels.get(text, text)) for key, text in why.params))

    def _given(self, used: Mapping[str, Fact]) -> dict[str, object]:
        plain = {name: _typed(fact.value, self._types[name]) for name, fact in used.items()}
        return rules.facts_from_json(self.model, plain)

    def _model_found(self, given: Mapping[str, object], now: datetime) -> _Found:
        """Evaluate a model of several parts: any fact that was asked for and missing matters."""
        result = self.model.evaluate(self.summary.decision, given, clock=lambda: now)
        return _Found(_plain(result.value), (), result.reasons, result.missing)

    def _table_found(self, given: Mapping[str, object], now: datetime) -> _Found:
        assert self._table is not None
        every = {name: given.get(name) for name in self.names}
        unknown: dict[int, rules.Result] = {}
        for at, column in enumerate(self._columns):
            result = column.evaluate(every, clock=lambda: now)
            if result.value is None or result.missing:
                unknown[at] = result
        twin = self._twin(tuple(unknown))
        hits = [int(n) for n in twin.evaluate(_HITS, given, clock=lambda: now).value or []]
        open_rules = [n for n in hits if self._depends(n, unknown)]
        if self._table.policy is rules.HitPolicy.FIRST:
            # What comes after a rule that certainly applies does not count any more.
            certain = next((at for at, n in enumerate(hits) if n not in open_rules), len(hits))
            hits = hits[: certain + 1]
            open_rules = [n for n in open_rules if n in hits]
        fired, missing = self._fired([n for n in hits if n not in open_rules], every, now)
        # What an input is missing or wrong is told once, by the twin, which reads them all.
        result = twin.evaluate(self.summary.decision, given, clock=lambda: now)
        value = _plain(result.value)
        if open_rules:
            return self._undecided(fired, open_rules, unknown, result.reasons)
        if self._table.policy is rules.HitPolicy.PRIORITY:
            fired = tuple(one for one in fired if _shaped(one) == value)[:1]
        return _Found(value, fired, result.reasons, missing)

    def _undecided(
        self,
        fired: tuple[Fired, ...],
        open_rules: Sequence[int],
        unknown: Mapping[int, rules.Result],
        complaints: Sequence[rules.Reason],
    ) -> _Found:
        """Say what is missing; of lists give the part that is certain."""
        assert self._table is not None
        mattering = [at for at in unknown if any(self._depends(n, (at,)) for n in open_rules)]
        missing = dict.fromkeys(name for at in mattering for name in unknown[at].missing)
        reasons = [why for why in complaints if why.message.startswith("输入")]
        # An expression complains of a null that it was given only because the fact is missing.
        reasons = reasons or [
            why for at in mattering if not unknown[at].missing for why in unknown[at].reasons
        ]
        several = self._table.policy in _SEVERAL
        if not missing and not reasons:
            labels = "、".join(self._table.inputs[at].label for at in mattering)
            reasons = [rules.Reason("“{name}”算不出来", (("name", labels),))]
        value = [_shaped(one) for one in fired] if several else None
        return _Found(
            value,
            fired if several else (),
            tuple(reasons),
            tuple(missing),
            tuple(open_rules),
        )

    def _depends(self, rule: int, columns: Mapping[int, object] | Sequence[int]) -> bool:
        assert self._table is not None
        conditions = self._table.rules[rule].conditions
        return any(conditions[at].strip() not in ("", "-") for at in columns)

    def _fired(
        self, numbers: Sequence[int], every: Mapping[str, object], now: datetime
    ) -> tuple[tuple[Fired, ...], tuple[str, ...]]:
        """Return the rules with their results, and the facts that those results lack."""
        assert self._table is not None
        outputs = [output.name or "result" for output in self._table.outputs]
        missing: dict[str, None] = {}
        found = []
        for number in numbers:
            results = {}
            for name, expression in zip(outputs, self._results_of(number), strict=True):
                result = expression.evaluate(every, clock=lambda: now)
                missing |= dict.fromkeys(result.missing)
                results[name] = _plain(result.value)
            found.append(Fired(number + 1, results, *self._notes(number)))
        return tuple(found), tuple(missing)

    def _results_of(self, number: int) -> tuple[rules.Expression, ...]:
        assert self._table is not None
        if number not in self._results:
            self._results[number] = tuple(
                rules.compile_expression(text or "null", names=self.names)
                for text in self._table.rules[number].results
            )
        return self._results[number]

    def _notes(self, number: int) -> list[str]:
        assert self._table is not None
        names, notes = self._table.annotations, self._table.rules[number].annotations
        places = [names.index(name) if name in names else -1 for name in ANNOTATIONS]
        return [notes[at] if 0 <= at < len(notes) else "" for at in places]

    def _twin(self, dropped: tuple[int, ...]) -> rules.Model:
        """Return the table without some columns, and beside it the rules that apply, as a model."""
        found = self._twins.get(dropped)
        if found is None:
            assert self._table is not None
            kept = [at for at in range(len(self._table.inputs)) if at not in dropped]
            reduced = replace(
                self._table,
                inputs=tuple(self._table.inputs[at] for at in kept),
                rules=tuple(
                    replace(rule, conditions=tuple(rule.conditions[at] for at in kept))
                    for rule in self._table.rules
                ),
            )
            numbered = tuple(
                replace(rule, results=(str(number),)) for number, rule in enumerate(reduced.rules)
            )
            number = rules.OutputClause("", "number")
            parts = {
                self.summary.decision: reduced,
                _HITS: replace(
                    reduced,
                    outputs=(number,),
                    rules=numbered,
                    policy=rules.HitPolicy.RULE_ORDER,
                    aggregation=rules.Aggregation.NONE,
                ),
            }
            found = self._twins[dropped] = self._model_of(parts)
        return found

    def _model_of(self, parts: Mapping[str, rules.TableBox]) -> rules.Model:
        decisions = tuple(
            replace(
                self._decision,
                identifier=name,
                name=name,
                variable=replace(self._decision.variable, name=name),
                logic=box,
            )
            for name, box in parts.items()
        )
        return rules.Model(replace(self.model.definitions, decisions=decisions), {})


def _shaped(fired: Fired) -> Any:
    return next(iter(fired.results.values())) if len(fired.results) == 1 else fired.results


def known(fact: Fact | None) -> bool:
    """Tell whether a fact says anything; an empty field of a form does not."""
    return fact is not None and fact.value is not None and fact.value != ""


def as_facts(given: Mapping[str, Any]) -> dict[str, Fact]:
    """Return facts as they will be stored; a bare value was told by the applicant just now.

    Values pass through JSON at once, so that what is evaluated now and what is read back from a
    record years later are the same.
    """
    facts = {n: value if isinstance(value, Fact) else Fact(value) for n, value in given.items()}
    return {name: replace(fact, value=_stored(fact.value)) for name, fact in facts.items()}


ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def _stored(value: Any) -> Any:
    return _DECODER.decode(ENCODER.encode(value))


def canonical(value: Any) -> str:
    """Return the JSON text of a plain value, by which two results are compared."""
    return rules.to_json(rules.from_python(value))


def _typed(value: Any, kind: str) -> Any:
    """Return a value of a form as its type has it: forms know numbers and truth only as texts."""
    if isinstance(value, str) and kind == "number":
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return value
        return number if number.is_finite() else value
    if isinstance(value, str) and kind == "boolean":
        return {"true": True, "false": False}.get(value, value)
    return value


def _number(text: str) -> Decimal:
    """Return a number without zeros behind it: 300.00 is 300, to tests, records and readers."""
    number = Decimal(text)
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def _plain(value: Any) -> Any:
    """Return a value of FEEL as JSON has it, numbers as Decimal."""
    return json.loads(rules.to_json(value), parse_float=_number, parse_int=_number)
