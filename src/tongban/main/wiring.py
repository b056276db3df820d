"""Everything that must be imported for its subscriptions and jobs to count."""

<<<<<<< HEAD
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from tongban.cases import subscribers as cases
=======
>>>>>>> 51eb56a (Wire imports and installation to the modules)
from tongban.documents import subscribers as documents
from tongban.foundation import calendar
from tongban.foundation.work import Work
from tongban.identity import subscribers as identity


def connect() -> None:
    """Import the subscribers of every module, so that what they subscribe to reaches them."""


def prepare(work: Work) -> None:
    """Fill what every installation needs before its first use, such as the calendar."""
<<<<<<< HEAD
    work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
    calendar.install(Db(connection))
    cases.schedule_round(work)
=======
    calendar.install(work)
>>>>>>> 51eb56a (Wire imports and installation to the modules)
    documents.schedule_forgetting(work)
    identity.schedule_tidying(work)
