"""Facts about the calendar that other modules may rely on. Fields are only ever added."""

from dataclasses import dataclass
from datetime import date

from tongban.foundation.events import Event, Scope


@dataclass(frozen=True, slots=True)
class CalendarChanged(Event):
    """Days became something else, so limits that run over them end on other days.

    It concerns the region and all below it that have not decided otherwise themselves. Every limit
    that starts before or on ``last_day`` and ends on or after ``first_day`` may have moved.
    """

    region: str
    first_day: date
    last_day: date
    calendar_version: int
    days: int = 0
    reason: str = ""

    @property
    def subject(self) -> str:
        return f"calendar-{self.region}"

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region)
