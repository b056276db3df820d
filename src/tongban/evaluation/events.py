"""Facts about ratings that other modules may rely on. Fields are only ever added."""

from dataclasses import dataclass
from datetime import date

from tongban.foundation.events import Event, Scope


@dataclass(frozen=True, slots=True)
class CaseRated(Event):
    """A person rated a handling.

    It has a subject of its own and concerns the rater alone: in the trace of the case the
    department would read who rated it.
    """

    number: str
    holder: str
    item_code: str
    department: str
    stars: int
    contact_due_on: date | None = None

    @property
    def subject(self) -> str:
        return f"rating-{self.number}"

    @property
    def scope(self) -> Scope:
        return Scope(holder=self.holder)


@dataclass(frozen=True, slots=True)
class _OfRemedy:
    number: str
    region: str
    holder: str
    in_time: bool

    @property
    def subject(self) -> str:
        return f"rating-{self.number}"

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, holder=self.holder)


@dataclass(frozen=True, slots=True)
class RaterContacted(_OfRemedy, Event):
    """Somebody spoke with a person who had rated badly."""

    outcome: str


@dataclass(frozen=True, slots=True)
class RemedySettled(_OfRemedy, Event):
    """What a bad rating had been about was put right, or turned out to be nothing."""

    measure: str
