"""Everything that must be imported for its subscriptions and jobs to count."""

from tongban.cases import decide_task, install_courses
from tongban.cases import subscribers as cases
from tongban.catalogue import subscribers as catalogue
from tongban.documents import subscribers as documents
from tongban.evaluation import subscribers as evaluation  # noqa: F401 - for what it subscribes to
from tongban.foundation import calendar
from tongban.foundation import subscribers as foundation
from tongban.foundation.work import Work
from tongban.identity import subscribers as identity
from tongban.process import decide_with, note_acts
from tongban.process import subscribers as process  # noqa: F401 - for its events and jobs
from tongban.rulebook import subscribers as rulebook  # noqa: F401 - for its jobs


def connect() -> None:
    """Import the subscribers of every module, so that what they subscribe to reaches them."""
    decide_with(decide_task)


def prepare(work: Work) -> None:
    """Fill what every installation needs before its first use, such as the calendar."""
    calendar.install(work)
    calendar.adopt_published(work)
    install_courses(work)
    note_acts(work)
    schedule(work)


def schedule(work: Work) -> None:
    """Ask for the rounds that each module makes; asked for already, they are asked for once.

    Every start of the worker does, so that no stop around midnight leaves a day out.
    """
    cases.schedule_round(work)
    catalogue.schedule_forgetting(work)
    catalogue.schedule_round(work)
    catalogue.schedule_linting(work)
    catalogue.schedule_comparing(work)
    documents.schedule_forgetting(work)
    foundation.schedule_forgetting(work)
    identity.schedule_tidying(work)
