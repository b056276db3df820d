"""Past evaluations judged by other rules: how many would change, which, and in whose favour."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from tongban.rulebook.model.outcome import Evaluation, Outcome
from tongban.rulebook.model.rule_set import Favour
from tongban.rulebook.model.running import canonical

CHANGES_KEPT = 1000
# Before the name of a result in ``Replay.counts``: how often it came out then, and would now.
THEN, NOW = "then ", "now "
RESULTS_MAX, OTHERS = 20, "…"  # Beyond so many different results the others are counted together.


class Effect(StrEnum):
    """What other rules would have meant for the person."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"  # Different, but which is better has not been declared.
    TO_A_PERSON = "to_a_person"  # Decided then; the new rules leave it to a person.
    DECIDED = "decided"  # Left to a person then; the new rules decide it.


EFFECT_NAMES = {
    Effect.SAME: "不变",
    Effect.BETTER: "对当事人更有利",
    Effect.WORSE: "对当事人更不利",
    Effect.OTHER: "结果不同",
    Effect.TO_A_PERSON: "改为由人判定",
    Effect.DECIDED: "改为可以自动判定",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A past evaluation that would have come out otherwise. Results are as text."""

    evaluation: UUID
    number: str
    before: str
    after: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class Result:
    """A result in few words, as in ``Change``, and how often it came out."""

    name: str
    then: int
    now: int


@dataclass(frozen=True, slots=True)
class Replay:
    """How a version would have judged past evaluations. ``changes`` holds the first thousand."""

    id: UUID
    rule_set_code: str
    version: int
    since: date
    until: date
    total: int
    done: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    asked_name: str = ""
    asked_at: datetime | None = None
    finished_at: datetime | None = None
    reached: tuple[datetime, UUID] | None = None

    def count(self, effect: Effect) -> int:
        return self.counts.get(effect.value, 0)

    @property
    def results(self) -> list["Result"]:
        """How often each result came out then, and would now; the most frequent first."""
        names = {key.partition(" ")[2] for key in self.counts if key.startswith((THEN, NOW))}
        found = [
            Result(name, self.counts.get(THEN + name, 0), self.counts.get(NOW + name, 0))
            for name in names
        ]
        return sorted(found, key=lambda one: (-one.then - one.now, one.name))

    @property
    def changed(self) -> int:
        """How many of those done so far would change."""
        return self.done - self.count(Effect.SAME)


def compare(before: Evaluation, after: Outcome, favour: Favour) -> Change:
    """Return how a past evaluation would change."""
    return Change(
        before.id,
        before.about.number,
        summed_up(before.outcome, favour),
        summed_up(after, favour),
        _effect(before.outcome, after, favour),
    )


def count(counts: Counter[str], change: Change) -> None:
    """Count a change under its effect, and under what came out then and would come out now."""
    counts[change.effect.value] += 1
    for when, name in ((THEN, change.before), (NOW, change.after)):
        known = when + name in counts
        full = sum(key.startswith(when) for key in counts) >= RESULTS_MAX
        counts[when + (name if known or not full else OTHERS)] += 1


def _effect(before: Outcome, after: Outcome, favour: Favour) -> Effect:
    if before.to_a_person != after.to_a_person:
        return Effect.TO_A_PERSON if after.to_a_person else Effect.DECIDED
    if canonical(_meant(before, favour)) == canonical(_meant(after, favour)):
        return Effect.SAME
    old, new = _rank(before, favour), _rank(after, favour)
    if old is None or new is None or old == new:
        return Effect.OTHER
    return Effect.BETTER if (new > old) is not favour.less else Effect.WORSE


def summed_up(outcome: Outcome, favour: Favour) -> str:
    """Return a result in few words: the output that matters, or everything."""
    if outcome.to_a_person:
        return "—"
    value = outcome.get(favour.output) if favour.output else outcome.value
    return value if isinstance(value, str) else canonical(value)


def _meant(outcome: Outcome, favour: Favour) -> Any:
    """Return what counts as the result: words of explanation may change without changing it."""
    if favour.output and isinstance(outcome.value, Mapping):
        return {name: v for name, v in outcome.value.items() if name not in ("reason", "note")}
    return outcome.value


def _rank(outcome: Outcome, favour: Favour) -> Decimal | None:
    value = outcome.get(favour.output) if favour.output else None
    if favour.order:
        return Decimal(favour.order.index(value)) if value in favour.order else None
    return Decimal(value) if isinstance(value, bool | int | Decimal) else None
