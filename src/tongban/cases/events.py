"""Facts about cases that other modules may rely on. Fields are only ever added, with a default.

No event holds personal data: people stand in it by their ids, opinions stay with the case.
"""

from dataclasses import dataclass
from datetime import date

from tongban.cases.model import Correction, RuledBy
from tongban.foundation.events import Event, Scope


@dataclass(frozen=True, slots=True)
class _OfCase:
    """What every event about a case says. The region stands in the number."""

    number: str
    department: str
    holder: str

    @property
    def subject(self) -> str:
        return self.number

    @property
    def scope(self) -> Scope:
        return Scope(region=self.number[:6], department=self.department, holder=self.holder)


@dataclass(frozen=True, slots=True)
class CaseSubmitted(_OfCase, Event):
    item_code: str
    item_version: int
    item_name: str
    channel: str


@dataclass(frozen=True, slots=True)
class CaseAccepted(_OfCase, Event):
    """``rules`` are those that accepted it at once, if any did."""

    item_code: str
    accepted_on: date
    due_on: date | None
    rules: RuledBy | None = None


@dataclass(frozen=True, slots=True)
class CaseDeemedAccepted(_OfCase, Event):
    """No notice was given in time, so the case counts as accepted from the day materials came."""

    item_code: str
    accepted_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CorrectionRequested(_OfCase, Event):
    """``wanted`` says of each material and field what has to be put right."""

    wanted: tuple[Correction, ...]
    due_on: date


@dataclass(frozen=True, slots=True)
class CaseCorrected(_OfCase, Event):
    keys: tuple[str, ...]
    turn: int


@dataclass(frozen=True, slots=True)
class CaseDeclined(_OfCase, Event):
    reason: str
    where_to_go: str


@dataclass(frozen=True, slots=True)
class CaseWithdrawn(_OfCase, Event):
    reason: str


@dataclass(frozen=True, slots=True)
class CaseDeemedWithdrawn(_OfCase, Event):
    due_on: date


@dataclass(frozen=True, slots=True)
class CaseReviewed(_OfCase, Event):
    """An officer gave an opinion at ``step``; the case went on to ``following``."""

    step: str
    following: str
    agree: bool


@dataclass(frozen=True, slots=True)
class CaseSentBack(_OfCase, Event):
    step: str
    to: str


@dataclass(frozen=True, slots=True)
class CaseExtended(_OfCase, Event):
    workdays: int
    reason: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CasePaused(_OfCase, Event):
    """A special procedure began, whose time is not counted."""

    kind: str
    days_needed: int
    reason: str


@dataclass(frozen=True, slots=True)
class CaseResumed(_OfCase, Event):
    kind: str
    workdays: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CaseDecided(_OfCase, Event):
    """``rules`` are those that granted it at once, if any did."""

    item_code: str
    granted: bool
    reason: str
    in_time: bool
    rules: RuledBy | None = None


@dataclass(frozen=True, slots=True)
class _ForOfficers(_OfCase):
    """About a case, but not for the eyes of its holder."""

    @property
    def scope(self) -> Scope:
        return Scope(region=self.number[:6], department=self.department)


@dataclass(frozen=True, slots=True)
class CaseToBeRechecked(_ForOfficers, Event):
    """The lot fell on a case that rules had granted: a person looks at it once more."""

    evaluation: str


@dataclass(frozen=True, slots=True)
class RiskNoticed(_ForOfficers, Event):
    """Rules found something in a case that officers should look at."""

    risk: str
    level: str


@dataclass(frozen=True, slots=True)
class CaseDelivered(_OfCase, Event):
    way: str


@dataclass(frozen=True, slots=True)
class CaseStepDone(_OfCase, Event):
    """A step that the process names, and that is none of the acts of a case, was done."""

    step: str
    agree: bool


@dataclass(frozen=True, slots=True)
class CaseClosed(_OfCase, Event):
    """The case was filed away. Nothing happens to it any more."""


@dataclass(frozen=True, slots=True)
class CaseLookedAt(_OfCase, Event):
    """Somebody saw the personal data of a case unmasked, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class DueDatesMoved(Event):
    """The calendar changed and with it so many due dates. Each is listed in due_date_change."""

    region: str
    calendar_version: int
    moved: int

    @property
    def subject(self) -> str:
        return f"calendar-{self.region}"

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region)


@dataclass(frozen=True, slots=True)
class CourseSet(Event):
    """The cases of an item begin on this process from now on; "" on the plain one of its kind."""

    item_code: str
    process: str
    definition: str
    region: str
    department: str

    @property
    def subject(self) -> str:
        return self.item_code

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department)
