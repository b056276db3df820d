"""Facts about rule sets that other modules may rely on. Fields are only ever added."""

from dataclasses import dataclass
from datetime import date

from tongban.foundation.events import Event, Scope


@dataclass(frozen=True, slots=True)
class _OfVersion:
    code: str
    rule_version: int
    region: str
    department: str

    @property
    def subject(self) -> str:
        return f"rules-{self.code}"

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department)


@dataclass(frozen=True, slots=True)
class RuleSetDrafted(_OfVersion, Event):
    """A new version was begun."""


@dataclass(frozen=True, slots=True)
class RuleSetSubmitted(_OfVersion, Event):
    """A draft was handed in for review."""


@dataclass(frozen=True, slots=True)
class RuleSetReviewed(_OfVersion, Event):
    """A second person approved a version, or sent it back with a comment."""

    agreed: bool
    comment: str


@dataclass(frozen=True, slots=True)
class RuleSetPublished(_OfVersion, Event):
    """A version comes into force on a day."""

    effective_from: date
    content_hash: str


@dataclass(frozen=True, slots=True)
class RuleSetWithdrawn(_OfVersion, Event):
    """A version is not applied any more from a day on. No older one takes its place."""

    withdrawn_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class RuleSetSwitched(_OfVersion, Event):
    """Automatic decisions by a rule set were switched off, or on again. ``rule_version`` is 0."""

    off: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RuleSetSettingsChanged(_OfVersion, Event):
    """Its limits, the share rechecked or the order of favour changed. ``rule_version`` is 0."""

    settings: str


@dataclass(frozen=True, slots=True)
class RuleSetBound(_OfVersion, Event):
    """A rule set decides about an item from now on, or (``item_code`` empty) no more."""

    item_code: str
    purpose: str


@dataclass(frozen=True, slots=True)
class _OfCase:
    number: str
    code: str
    rule_version: int
    region: str
    department: str
    holder: str

    @property
    def subject(self) -> str:
        return self.number

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department, holder=self.holder)


@dataclass(frozen=True, slots=True)
class InstantDecided(_OfCase, Event):
    """Rules granted an application at once, or left it to a person, and why."""

    granted: bool
    why: str
    evaluation: str


@dataclass(frozen=True, slots=True)
class InstantRechecked(_OfCase, Event):
    """A person checked an instant approval again. Who applied need not hear of it."""

    agreed: bool
    note: str

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department)


@dataclass(frozen=True, slots=True)
class DiscretionChosen(_OfCase, Event):
    """An officer chose within the standard, or outside of it with reasons."""

    chosen: str
    deviates: bool
    reasons: str


@dataclass(frozen=True, slots=True)
class DeviationConfirmed(_OfCase, Event):
    """A second person agreed to a choice outside the standard."""

    chosen: str
