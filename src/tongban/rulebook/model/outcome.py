"""What rules were told and what they said: data for records, for pages and for other modules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from tongban.rulebook.model.rule_set import Purpose


@dataclass(frozen=True, slots=True)
class Fact:
    """A value as JSON has it, where it comes from, and of when it is (None: told just now).

    Sources are named as in forms: "applicant", "holder.id_number", "register.residents".
    """

    value: Any
    source: str = "applicant"
    as_of: datetime | None = None


Facts = Mapping[str, Any]  # Values or `Fact`s by name; a bare value was told by the applicant.


@dataclass(frozen=True, slots=True)
class About:
    """The case (or none) that a decision is about, and whom it concerns."""

    number: str = ""
    item_code: str = ""
    region: str = ""
    department: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message (a catalogue key) with its places: why something is not known."""

    message: str
    details: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.message.format(**dict(self.details))


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is needed and not known."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that applied. ``number`` counts from 1, as officials count rows."""

    number: int
    results: Mapping[str, Any]
    law: str = ""
    clause: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a version of a rule set said about facts.

    ``value`` is as JSON has it, with Decimal numbers. ``to_a_person`` is true whenever something
    needed was missing or failed, or nothing was in force: nobody may then take ``value`` for an
    answer. ``open`` are the rules, counted from 1, that could still apply if what is missing were
    known. ``evaluation`` is the number of the record, None where it was only asked, not decided.
    """

    rule_set_code: str
    version: int
    content_hash: bytes
    value: Any = None
    fired: tuple[Fired, ...] = ()
    reasons: tuple[Said, ...] = ()
    missing: tuple[Missing, ...] = ()
    to_a_person: bool = True
    facts: Mapping[str, Fact] = field(default_factory=dict)
    evaluation: UUID | None = None
    open: tuple[int, ...] = ()

    def get(self, output: str, default: Any = None) -> Any:
        """Return one output of the result, whether it stands alone or beside others."""
        if isinstance(self.value, Mapping):
            return self.value.get(output, default)
        if self.fired and output in self.fired[0].results and not isinstance(self.value, list):
            return self.value
        return default

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """Return the results of each rule that applied."""
        return [fired.results for fired in self.fired]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A recorded outcome, with all that is needed to repeat it."""

    id: UUID
    rule_set_code: str
    version: int
    about: About
    outcome: Outcome
    actor: str
    evaluated_at: datetime


@dataclass(frozen=True, slots=True)
class Repetition:
    """A past evaluation done again. ``same`` is what an auditor wants to read."""

    evaluation: Evaluation
    again: Outcome
    same: bool


class Answer(StrEnum):
    """Can I? ``UNSURE`` is never a no: a person has to look."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether somebody may apply, as far as can be told. Never a decision.

    ``reasons`` are sentences for the person, ``asked`` the facts that would settle it.
    """

    answer: Answer
    reasons: tuple[str, ...]
    asked: tuple[Missing, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Scenario:
    """What an application needs in this person's case.

    ``materials`` and ``fields`` are needed, ``not_needed`` are keys that the rules govern and that
    this case does not need; keys in neither stand as the item has them. ``fee`` is in cents, None
    where the rules say nothing of it. ``asked`` are the questions still to be answered.
    """

    materials: frozenset[str]
    fields: frozenset[str]
    not_needed: frozenset[str]
    fee: int | None
    notes: tuple[str, ...]
    asked: tuple[Missing, ...]
    outcome: Outcome


class Why(StrEnum):
    """Why an instant approval was given or went to a person."""

    GRANTED = "granted"
    RULE = "rule"
    MISSING = "missing"
    FAILED = "failed"
    LIMIT = "limit"
    SWITCHED_OFF = "switched_off"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Instant:
    """Granted at once, or to a person. There is no third: only a person can refuse.

    ``reasons`` are sentences that explain it. ``recheck`` tells officers that the lot chose this
    one to be checked again by a person after it was granted; do not show it to the applicant.
    """

    granted: bool
    why: Why
    reasons: tuple[Said, ...]
    outcome: Outcome | None
    recheck: bool = False


@dataclass(frozen=True, slots=True)
class Discretion:
    """The row of a discretion standard that applies, and the range it leaves.

    ``least`` and ``most`` bound the choice in ``unit``; None where the row sets no bound.
    ``row`` is None and ``outcome.to_a_person`` true when no row is certain.
    """

    row: int | None
    grade: str
    least: Decimal | None
    most: Decimal | None
    unit: str
    basis: str
    note: str
    outcome: Outcome

    def permits(self, chosen: Decimal) -> bool:
        """Tell whether a choice stays within the row; without a certain row nothing does."""
        if self.row is None:
            return False
        return (self.least is None or chosen >= self.least) and (
            self.most is None or chosen <= self.most
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a case. A deviation counts only once a second person confirmed it."""

    evaluation: UUID
    rule_set_code: str
    number: str
    region: str
    department: str
    chosen: Decimal
    least: Decimal | None
    most: Decimal | None
    deviates: bool
    reasons: str
    chosen_by: str
    chosen_name: str
    chosen_at: datetime
    confirmed_by: str
    confirmed_name: str
    confirmed_at: datetime | None

    @property
    def settled(self) -> bool:
        """Whether a decision may be based on it."""
        return not self.deviates or self.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that officers should look at, as the rules say. ``level`` is their own word."""

    risk: str
    level: str
    advice: str
    rule: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule set as a service item uses it."""

    item_code: str
    purpose: Purpose
    rule_set_code: str
    name: str
