"""What evaluation does by itself."""

from tongban.evaluation import store
from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.calendar.model import prefix
from tongban.foundation.events import subscribe
from tongban.foundation.work import Work


@subscribe(CalendarChanged)
def move_due_dates(work: Work, event: CalendarChanged) -> None:
    """Count the limits of remedies anew when the working days of their region change."""
    store.move_due_dates(work, below=prefix(event.region))
